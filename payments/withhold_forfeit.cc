#include "payments/withhold_forfeit.h"

#include <string>
#include <vector>

#include "payments/ledger/events.h"

namespace sluice::payments {

Status PostForfeits(const Ledger& ledger, const pg::Database& database,
                    const ProgramPayments& program, std::span<const Forfeit> forfeits,
                    Date effective_date, UserId actor) {
  std::vector<Journal> journals;
  journals.reserve(forfeits.size());
  for (const Forfeit& forfeit : forfeits) {
    const std::vector<std::string> parts{forfeit.award.ToString(), std::to_string(forfeit.version)};
    journals.push_back(
        MakeJournal({.id = DerivedUuid("forfeit withhold", parts),
                     .source_id = forfeit.award.Value(),
                     .actor = actor,
                     .effective_date = effective_date,
                     .corrects = std::nullopt},
                    Join({ForfeitWithhold(forfeit.payee, forfeit.performance_year, forfeit.amount),
                          ForfeitToPool(forfeit.performance_year, program.pool.id, program.program,
                                        forfeit.amount)})));
  }
  if (journals.empty()) return OkStatus();
  ASSIGN_OR_RETURN(const std::vector<PostResult> results,
                   ledger.Post(database, program.book, journals));
  return RequireAccepted(results);
}

}  // namespace sluice::payments
