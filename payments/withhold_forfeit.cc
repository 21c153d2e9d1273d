#include "payments/withhold_forfeit.h"

#include <map>
#include <string>
#include <vector>

#include "payments/ledger/events.h"
#include "payments/withhold_forfeit_store.h"

namespace sluice::payments {
namespace {

StatusOr<std::vector<Journal>> JournalsOf(std::span<const Forfeit> forfeits,
                                          const std::map<AwardId, Money>& before,
                                          const ProgramPayments& program, Date effective_date,
                                          UserId actor) {
  std::vector<Journal> journals;
  journals.reserve(forfeits.size());
  for (const Forfeit& forfeit : forfeits) {
    if (forfeit.amount < Money()) {
      return InvalidArgument(
          "award {} forfeits {}: the amount is what was not earned, never less "
          "than zero",
          forfeit.award, forfeit.amount);
    }
    const auto posted = before.find(forfeit.award);
    const Money difference = forfeit.amount - (posted == before.end() ? Money() : posted->second);
    if (difference.IsZero()) continue;
    if (difference < Money()) {
      return FailedPrecondition(
          "award {} version {} forfeits {}, but {} was forfeited before: what is to be given back "
          "needs a correction of its own",
          forfeit.award, forfeit.version, forfeit.amount, posted->second);
    }
    const std::vector<std::string> parts{forfeit.award.ToString(), std::to_string(forfeit.version)};
    journals.push_back(
        MakeJournal({.id = DerivedUuid("forfeit withhold", parts),
                     .source_id = forfeit.award.Value(),
                     .actor = actor,
                     .effective_date = effective_date,
                     .corrects = std::nullopt},
                    Join({ForfeitWithhold(forfeit.payee, forfeit.performance_year, difference),
                          ForfeitToPool(forfeit.performance_year, program.pool.id, program.program,
                                        difference)})));
  }
  return journals;
}

// In as many batches as the transfers need, all of one transaction.
Status PostAllIn(pg::Transaction& tx, const Ledger& ledger, BookId book,
                 std::span<const Journal> journals) {
  while (!journals.empty()) {
    std::size_t count = 0;
    std::size_t transfers = 0;
    while (count < journals.size() && transfers + journals[count].transfers.size() <=
                                          static_cast<std::size_t>(kMaxBatchTransfers)) {
      transfers += journals[count++].transfers.size();
    }
    ASSIGN_OR_RETURN(const std::vector<PostResult> results,
                     ledger.PostIn(tx, book, journals.first(count)));
    RETURN_IF_ERROR(RequireAccepted(results));
    journals = journals.subspan(count);
  }
  return OkStatus();
}

}  // namespace

Status PostForfeits(const Ledger& ledger, const pg::Database& database,
                    const ProgramPayments& program, std::span<const Forfeit> forfeits,
                    Date effective_date, UserId actor) {
  if (forfeits.empty()) return OkStatus();
  std::vector<AwardId> awards;
  awards.reserve(forfeits.size());
  for (const Forfeit& forfeit : forfeits) awards.push_back(forfeit.award);
  return database.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(const std::vector<Journal> journals,
                     JournalsOf(forfeits, LoadForfeited(tx, program.book, awards), program,
                                effective_date, actor));
    return PostAllIn(tx, ledger, program.book, journals);
  });
}

}  // namespace sluice::payments
