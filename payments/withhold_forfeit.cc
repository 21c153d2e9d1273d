#include "payments/withhold_forfeit.h"

#include <map>
#include <string>
#include <vector>

#include "payments/ledger/events.h"
#include "payments/withhold_forfeit_store.h"
#include "payments/withhold_statement.h"

namespace sluice::payments {
namespace {

using performance::ForfeitTo;

// Out of the reserve and to where it goes, or, of a negative difference, back again.
Lines LinesOf(const ProgramPayments& program, PayeeId payee, int year, ForfeitTo to,
              Money difference) {
  if (difference < Money()) {
    Lines back = GiveBackForfeit(payee, year, -difference);
    if (to == ForfeitTo::kPayer) return back;
    return Join(
        {std::move(back), ForfeitFromPool(year, program.pool.id, program.program, -difference)});
  }
  Lines taken = ForfeitWithhold(payee, year, difference);
  if (to == ForfeitTo::kPayer) return taken;
  return Join(
      {std::move(taken), ForfeitToPool(year, program.pool.id, program.program, difference)});
}

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
    const std::vector<std::string> parts{forfeit.award.ToString(), std::to_string(forfeit.version)};
    journals.push_back(MakeJournal(
        {.id = DerivedUuid("forfeit withhold", parts),
         .source_id = forfeit.award.Value(),
         .actor = actor,
         .effective_date = effective_date,
         .corrects = std::nullopt},
        LinesOf(program, forfeit.payee, forfeit.performance_year, forfeit.to, difference)));
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
  return database.Transact([&](pg::Transaction& tx) -> Status {
    return PostForfeitsIn(tx, ledger, program, forfeits, effective_date, actor).status();
  });
}

StatusOr<PostedForfeits> PostForfeitsIn(pg::Transaction& tx, const Ledger& ledger,
                                        const ProgramPayments& program,
                                        std::span<const Forfeit> forfeits, Date effective_date,
                                        UserId actor) {
  PostedForfeits posted;
  if (forfeits.empty()) return posted;
  std::vector<AwardId> awards;
  awards.reserve(forfeits.size());
  for (const Forfeit& forfeit : forfeits) awards.push_back(forfeit.award);
  const std::map<AwardId, Money> before = LoadForfeited(tx, program.book, awards);
  ASSIGN_OR_RETURN(const std::vector<Journal> journals,
                   JournalsOf(forfeits, before, program, effective_date, actor));
  RETURN_IF_ERROR(PostAllIn(tx, ledger, program.book, journals));
  for (const Forfeit& forfeit : forfeits) {
    const auto earlier = before.find(forfeit.award);
    posted.amount += forfeit.amount - (earlier == before.end() ? Money() : earlier->second);
  }
  posted.reserves = static_cast<std::int64_t>(journals.size());
  return posted;
}

StatusOr<ReservesOnDay> SettleReservesIn(pg::Transaction& tx, const Ledger& ledger,
                                         const ProgramPayments& program,
                                         const ReserveTerms& terms_of, const ReserveFacts& facts_of,
                                         Date on, UserId actor) {
  // Interest is not decided here: the balance is the same whatever the terms say about it.
  ASSIGN_OR_RETURN(const std::vector<performance::WithholdStatement> reserves,
                   StateReserves(tx, program.book, performance::Withhold{}, program.program, on));
  ReservesOnDay result;
  std::vector<Journal> journals;
  for (const performance::WithholdStatement& reserve : reserves) {
    const performance::Withhold* terms = terms_of(reserve.key);
    if (terms == nullptr) continue;
    ASSIGN_OR_RETURN(const performance::WithholdDecision decision,
                     performance::DecideWithhold(*terms, reserve.key, reserve.balance,
                                                 facts_of(reserve.key), on));
    for (const performance::WithholdPost& post : decision.posts) {
      const ReserveDecision done{.key = reserve.key, .post = post, .to = decision.to};
      if (post.move == performance::WithholdMove::kReleased) {
        result.release.push_back(done);
        continue;
      }
      result.posted.push_back(done);
      // A reserve may fill and be settled again later: the day is part of the id.
      const std::vector<std::string> parts{reserve.key.payee.ToString(),
                                           std::to_string(reserve.key.performance_year),
                                           FormatDate(on)};
      journals.push_back(
          MakeJournal({.id = DerivedUuid("settle reserve", parts),
                       .source_id = reserve.key.payee.Value(),
                       .actor = actor,
                       .effective_date = on,
                       .corrects = std::nullopt},
                      LinesOf(program, reserve.key.payee, reserve.key.performance_year, decision.to,
                              post.amount)));
    }
  }
  RETURN_IF_ERROR(PostAllIn(tx, ledger, program.book, journals));
  return result;
}

StatusOr<ReservesOnDay> SettleReserves(const Ledger& ledger, const pg::Database& database,
                                       const ProgramPayments& program,
                                       const performance::Withhold& terms,
                                       const ReserveFacts& facts_of, Date on, UserId actor) {
  return database.Transact([&](pg::Transaction& tx) {
    return SettleReservesIn(
        tx, ledger, program, [&](const performance::WithholdAccountKey&) { return &terms; },
        facts_of, on, actor);
  });
}

}  // namespace sluice::payments
