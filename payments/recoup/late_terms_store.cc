#include "payments/recoup/late_terms_store.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kHasTerms{"payments_has_late_interest_terms", R"sql(
  SELECT EXISTS (
    SELECT 1
    FROM payments.late_interest_terms
    WHERE book_id = $1)
)sql"};

}  // namespace

bool HasLateInterestTerms(pg::Transaction& tx, BookId book) {
  return tx.Query(kHasTerms, book)[0].Get<bool>(0);
}

}  // namespace sluice::payments
