#include "api/demo/base_payments.h"

#include <vector>

#include "payments/ledger/events.h"
#include "performance/calculate.h"

namespace sluice::demo {
namespace {

using payments::Journal;
using payments::JournalHeader;
using payments::Lines;

class Quarter {
 public:
  Quarter(const BasePaymentPosting& posting, Date paid_on, IdGenerator& ids)
      : posting_(posting),
        paid_on_(paid_on),
        run_(ids.Next<payments::RunTag>()),
        file_(ids.Next<payments::PaymentFileTag>()) {}

  std::vector<Journal> Journals(const std::vector<BasePayment>& payments) {
    Money total;
    for (const BasePayment& payment : payments) total += payment.amount;
    const payments::AccountKey bank = payments::BankSuspenseAccount(posting_.pool.bank_account);
    const payments::PoolId pool = posting_.pool.id;

    Add(payments::Join({payments::BankCredit(posting_.pool.bank_account, total),
                        payments::FundPool(bank, pool, total)}));
    for (const BasePayment& payment : payments) {
      Add(payments::AccrueAward(posting_.program, posting_.contracts.at(payment.party),
                                payment.amount));
    }
    Add(payments::ApproveHold(pool, run_, total, std::nullopt));
    const payments::HoldRef hold{.journal_id = journals_.back().id, .line = 1};
    Add(payments::ReleaseHold(pool, run_, total, hold));
    Money net;
    for (const BasePayment& payment : payments) net += Pay(payment);
    Add(payments::Join({payments::BankDebit(posting_.pool.bank_account, net),
                        payments::Settle(file_, bank, net)}));
    return std::move(journals_);
  }

 private:
  Money Pay(const BasePayment& payment) {
    const PayeeId payee = posting_.payees.at(payment.party);
    const performance::WithholdPosting held =
        performance::HoldBack(posting_.withhold, payment.amount);
    Lines lines = payments::Join(
        {payments::Recognize(posting_.contracts.at(payment.party), payee,
                             {.pool = posting_.pool.id, .run = run_}, payment.amount),
         payments::Disburse(payee, file_, held.paid)});
    if (!held.posted.IsZero()) {
      const Lines withhold = payments::Withhold(payee, posting_.performance_year, held.posted);
      lines.insert(lines.begin() + 2, withhold.begin(), withhold.end());
    }
    Add(std::move(lines));
    return held.paid;
  }

  void Add(Lines lines) {
    const std::vector<std::string> parts{run_.ToString(), std::to_string(journals_.size())};
    journals_.push_back(
        payments::MakeJournal(JournalHeader{.id = DerivedUuid("base payment", parts),
                                            .source_id = run_.Value(),
                                            .actor = posting_.actor,
                                            .effective_date = paid_on_,
                                            .corrects = std::nullopt},
                              std::move(lines)));
  }

  const BasePaymentPosting& posting_;
  Date paid_on_;
  payments::RunId run_;
  payments::PaymentFileId file_;
  std::vector<Journal> journals_;
};

}  // namespace

Status PostBasePayments(const payments::Ledger& ledger, const pg::Database& database,
                        const BasePaymentPosting& posting,
                        std::span<const BasePayment> base_payments, IdGenerator& ids) {
  std::map<Date, std::vector<BasePayment>> by_day;
  for (const BasePayment& payment : base_payments) by_day[payment.paid_on].push_back(payment);
  for (const auto& [paid_on, payments] : by_day) {
    const std::vector<Journal> journals = Quarter(posting, paid_on, ids).Journals(payments);
    ASSIGN_OR_RETURN(const std::vector<payments::PostResult> results,
                     ledger.Post(database, posting.book, journals));
    RETURN_IF_ERROR(payments::RequireAccepted(results));
  }
  return OkStatus();
}

Money WithheldOf(PartyId party, const performance::Withhold& withhold,
                 std::span<const BasePayment> base_payments) {
  Money total;
  for (const BasePayment& payment : base_payments) {
    if (payment.party == party) total += performance::HoldBack(withhold, payment.amount).posted;
  }
  return total;
}

}  // namespace sluice::demo
