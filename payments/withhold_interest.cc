#include "payments/withhold_interest.h"

#include <algorithm>
#include <utility>

#include "payments/withhold_statement.h"

namespace sluice::payments {

using performance::WithholdAccountKey;
using performance::WithholdMove;
using performance::WithholdPost;

StatusOr<Money> InterestOnRelease(const performance::Withhold& terms, const WithholdAccountKey& key,
                                  std::vector<WithholdPost> posts, Money released, Date on) {
  if (!terms.interest || posts.empty()) return Money{};
  on = std::max(on, std::ranges::max(posts, {}, &WithholdPost::date).date);
  ASSIGN_OR_RETURN(const auto before, performance::StateWithholdAccount(terms, key, posts, on));
  posts.push_back({.date = on,
                   .move = WithholdMove::kReleased,
                   .amount = released,
                   .reference = "this release"});
  ASSIGN_OR_RETURN(const auto after, performance::StateWithholdAccount(terms, key, posts, on));
  return after.interest - before.interest;
}

Status InterestOnReleases::AddTo(const AwardToPay& award, Collection& collection) {
  if (!award.released_under || !award.released_under->interest) return OkStatus();
  const performance::Withhold& terms = *award.released_under;
  std::vector<ObligationRow> interest;
  for (const ObligationRow& row : collection.obligations) {
    if (row.component != ObligationComponent::kWithholdRelease) continue;
    const ReserveKey reserve{row.payee.value(), row.performance_year};
    const WithholdAccountKey key{reserve.payee, program_, reserve.performance_year};
    const auto [at, fresh] = posts_.try_emplace(reserve);
    if (fresh) at->second = LoadReservePosts(tx_, book_, key);
    ASSIGN_OR_RETURN(const Money owed, InterestOnRelease(terms, key, at->second, row.amount, on_));
    at->second.push_back({.date = on_, .move = WithholdMove::kReleased, .amount = row.amount});
    if (owed <= Money{}) continue;
    ObligationRow line = row;
    line.id = ids_.Next<ObligationTag>();
    line.component = ObligationComponent::kWithholdInterest;
    line.amount = owed;
    line.split_steps = EncodeSteps(
        {{.label = fmt::format("Interest on {} that was withheld", row.amount),
          .value = owed.ToString(),
          .note = fmt::format("{} a year, simple, from each withhold to {}",
                              terms.interest->annual.ToString(), FormatDateLong(on_))}});
    collection.accrued += owed;
    interest.push_back(std::move(line));
  }
  std::ranges::move(interest, std::back_inserter(collection.obligations));
  return OkStatus();
}

}  // namespace sluice::payments
