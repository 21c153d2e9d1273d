#include "payments/reconciliation/reconcile_run.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "payments/checks/check_store.h"
#include "payments/checks/paid_check.h"
#include "payments/reconciliation/three_way_store.h"
#include "payments/release_plan.h"
#include "payments/release_service.h"

namespace sluice::payments {
namespace {

void AddDisbursed(pg::Transaction& tx, const Run& run, std::vector<PaymentEvidence>& payments) {
  std::vector<PostedBy> journals;
  for (const PaymentEvidence& payment : payments) {
    if (payment.amount.IsZero()) continue;
    journals.push_back({payment.id.Value(), PayeeJournalId(run, payment.payee)});
  }
  const auto posted = LoadPosted(tx, run.book, journals, Event::kDisburse);
  for (PaymentEvidence& payment : payments) {
    const auto found = posted.find(payment.id.Value());
    if (found != posted.end()) payment.disbursed = found->second;
  }
}

void AddSettledByHand(pg::Transaction& tx, const Run& run, std::vector<BankFileEvidence>& files) {
  std::vector<PostedBy> journals;
  for (const BankFileEvidence& file : files) {
    journals.push_back({file.id.Value(), BankDebitOfFileId(run.book, file.id)});
  }
  const auto posted = LoadPosted(tx, run.book, journals, Event::kBankDebit);
  for (BankFileEvidence& file : files) {
    const auto found = posted.find(file.id.Value());
    if (found != posted.end()) file.by_hand = found->second;
  }
}

// Open lines that name a check of the run, whatever keeps them from settling it.
std::vector<OpenCheckLine> OpenChecksOf(pg::Transaction& tx, const Run& run,
                                        BankAccountId account) {
  const std::vector<PaidCheckRow> rows = LoadOpenPaidChecks(tx, run.book, account);
  std::vector<PaidCheckLine> lines;
  std::set<std::int64_t> numbers;
  for (const PaidCheckRow& row : rows) {
    lines.push_back({row.customer_reference, row.amount});
    if (const auto number = CheckNumberOf(row.customer_reference)) numbers.insert(*number);
  }
  const std::vector<std::int64_t> wanted(numbers.begin(), numbers.end());
  const std::vector<CheckAtBank> checks = FindChecks(tx, run.book, account, wanted);
  const std::vector<PaidCheckRuling> rulings = RulePaidChecks(lines, RegisteredChecksOf(checks));
  std::vector<OpenCheckLine> open;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rulings[i].check || checks[*rulings[i].check].check.run != run.id) continue;
    const bool fits = rulings[i].verdict == PaidCheckVerdict::kPaid;
    const std::int64_t number = checks[*rulings[i].check].check.number;
    open.push_back(
        {.as_of = rows[i].as_of,
         .number = number,
         .amount = rows[i].amount,
         .name = std::string(PaidCheckVerdictName(rulings[i].verdict)),
         .what = fits ? fmt::format("check {} is not settled yet: apply once more", number)
                      : rulings[i].reason});
  }
  return open;
}

}  // namespace

ThreeWayMatch ReconcileRun(pg::Transaction& tx, const Run& run, BankAccountId account) {
  RunEvidence evidence{.payments = LoadPaymentEvidence(tx, run.book, run.id),
                       .files = LoadBankFileEvidence(tx, run.book, run.id)};
  auto copies = LoadRemittanceCopies(tx, run.book, run.id);
  for (PaymentEvidence& payment : evidence.payments) {
    payment.copies = std::move(copies[payment.id]);
  }
  AddDisbursed(tx, run, evidence.payments);
  AddSettledByHand(tx, run, evidence.files);
  evidence.open_checks = OpenChecksOf(tx, run, account);
  return MatchThreeWays(evidence);
}

}  // namespace sluice::payments
