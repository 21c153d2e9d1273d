#include "payments/cycle_report_store.h"

#include "payments/disbursement_store.h"
#include "payments/ledger/account.h"

namespace sluice::payments {
namespace {

// Transfers between PAYEE_PAYABLE (8) and IN_TRANSIT (12): out is DISBURSE, back is a void. The
// transfers are read once and summed by account before an account is looked up by its key: a book
// that the server has no statistics of yet is read in linear time all the same.
constexpr pg::Query kLoadDisbursed{"payments_load_disbursed_by_ledger", R"sql(
  WITH files AS MATERIALIZED (
    SELECT account_id
    FROM payments.account
    WHERE book_id = $1 AND class = 12 AND owner_key = ANY ($2::text[])
  ), moved AS MATERIALIZED (
    SELECT debit_account_id AS account_id, amount_cents AS cents
    FROM payments.transfer
    WHERE book_id = $1 AND credit_account_id = ANY (ARRAY(SELECT account_id FROM files))
    UNION ALL
    SELECT credit_account_id, -amount_cents
    FROM payments.transfer
    WHERE book_id = $1 AND debit_account_id = ANY (ARRAY(SELECT account_id FROM files))
  ), sums AS MATERIALIZED (
    SELECT account_id, sum(cents)::bigint AS cents
    FROM moved
    GROUP BY account_id
  )
  SELECT p.owner_key, s.cents
  FROM sums AS s
  CROSS JOIN LATERAL (
    SELECT a.owner_key
    FROM payments.account AS a
    WHERE a.book_id = $1 AND a.account_id = s.account_id AND a.class = 8
    OFFSET 0
  ) AS p
)sql"};

}  // namespace

std::map<PayeeId, Money> LoadDisbursedByLedger(pg::Transaction& tx, BookId book, RunId run) {
  std::vector<std::string> files;
  for (const PaymentFile& file : LoadFiles(tx, book, run)) {
    if (IsBankFile(file.kind)) files.push_back(InTransitAccount(file.id).owner_key);
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
