#include "payments/cycle_report_store.h"

#include "payments/disbursement_store.h"
#include "payments/ledger/account.h"

namespace sluice::payments {
namespace {

// Transfers between PAYEE_PAYABLE (8) and IN_TRANSIT (12): out is DISBURSE, back is a void.
constexpr pg::Query kLoadDisbursed{"payments_load_disbursed_by_ledger", R"sql(
  SELECT p.owner_key,
    sum(CASE WHEN t.credit_account_id = f.account_id THEN t.amount_cents
             ELSE -t.amount_cents END)::bigint
  FROM payments.account AS f
  JOIN payments.transfer AS t
    ON t.book_id = f.book_id
      AND (t.credit_account_id = f.account_id OR t.debit_account_id = f.account_id)
  JOIN payments.account AS p
    ON p.book_id = t.book_id AND p.class = 8
      AND p.account_id IN (t.debit_account_id, t.credit_account_id)
  WHERE f.book_id = $1 AND f.class = 12 AND f.owner_key = ANY ($2::text[])
  GROUP BY p.owner_key
)sql"};

}  // namespace

std::map<PayeeId, Money> LoadDisbursedByLedger(pg::Transaction& tx, BookId book, RunId run) {
  std::vector<std::string> files;
  for (const PaymentFile& file : LoadFiles(tx, book, run)) {
    if (file.kind == FileKind::kAch) files.push_back(InTransitAccount(file.id).owner_key);
  }
  std::map<std::string, PayeeId> payee_of;
  for (const Disbursement& row : LoadDisbursements(tx, book, run)) {
    payee_of.emplace(PayeePayableAccount(row.payee).owner_key, row.payee);
  }
  const pg::Result result = tx.Query(kLoadDisbursed, book, files);
  std::map<PayeeId, Money> disbursed;
  for (int i = 0; i < result.Size(); ++i) {
    const auto payee = payee_of.find(result[i].Get<std::string>(0));
    // A payee that is in no disbursement of the run has key 0: the tie to the files then fails.
    disbursed[payee == payee_of.end() ? PayeeId{} : payee->second] += result[i].Get<Money>(1);
  }
  return disbursed;
}

}  // namespace sluice::payments
