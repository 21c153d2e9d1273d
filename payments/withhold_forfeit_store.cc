#include "payments/withhold_forfeit_store.h"

namespace sluice::payments {
namespace {

// Event 25 is FORFEIT_WITHHOLD, outcome 0 an accepted journal, whose source is the award; class 9
// is the payee's reserve: a debit of it is a forfeit, a credit what was given back.
constexpr pg::Query kLoadForfeited{"payments_load_forfeited", R"sql(
  SELECT j.source_id,
         sum(CASE WHEN d.class = 9 THEN t.amount_cents ELSE -t.amount_cents END)::bigint
  FROM payments.journal AS j
  JOIN payments.transfer AS t
    ON t.book_id = j.book_id
    AND t.batch_seq = j.batch_seq
    AND t.journal_ordinal = j.ordinal
    AND t.event = 25
  JOIN payments.account AS d
    ON d.book_id = t.book_id
    AND d.account_id = t.debit_account_id
  WHERE j.book_id = $1
    AND j.event = 25
    AND j.outcome = 0
    AND j.source_id = ANY ($2::bigint[])
  GROUP BY j.source_id
)sql"};

}  // namespace

std::map<AwardId, Money> LoadForfeited(pg::Transaction& tx, BookId book,
                                       std::span<const AwardId> awards) {
  const pg::Result rows =
      tx.Query(kLoadForfeited, book, std::vector<AwardId>(awards.begin(), awards.end()));
  std::map<AwardId, Money> forfeited;
  for (int i = 0; i < rows.Size(); ++i) {
    forfeited[rows[i].Get<AwardId>(0)] = rows[i].Get<Money>(1);
  }
  return forfeited;
}

}  // namespace sluice::payments
