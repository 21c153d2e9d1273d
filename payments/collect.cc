#include "payments/collect.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/check.h"

namespace sluice::payments {
namespace {

std::optional<PayeeId> PayeeOfShare(const AwardShare& share,
                                    const std::map<PartyId, PayeeId>& payees) {
  if (const auto own = payees.find(share.party); own != payees.end()) return own->second;
  for (const PartyId ancestor : share.ancestors) {
    if (const auto found = payees.find(ancestor); found != payees.end()) return found->second;
  }
  return std::nullopt;
}

class Collector {
 public:
  Collector(const Cycle& cycle, const AwardToPay& award, std::map<ReserveKey, Money>& reserves,
            IdGenerator& ids)
      : cycle_(cycle), award_(award), reserves_(reserves), ids_(ids) {}

  // Adds what one share is owed, gross of what is withheld from it.
  void Add(ObligationRow row) {
    if (award_.releases_withhold && row.payee && row.amount > Money{}) {
      Money& reserve = reserves_[{*row.payee, award_.performance_year}];
      const Money taken = std::min(reserve, row.amount);
      if (taken > Money{}) {
        reserve -= taken;
        ObligationRow released = row;
        released.component = ObligationComponent::kWithholdRelease;
        released.amount = taken;
        released.withhold = Money{};
        row.amount -= taken;
        Keep(std::move(released));
      }
    }
    if (row.amount.IsZero()) return;
    row.withhold = std::min(row.withhold, std::max(row.amount, Money{}));
    if (row.amount > Money{}) collection_.accrued += row.amount;
    Keep(std::move(row));
  }

  ObligationRow RowOf(const AwardShare& share, std::optional<PayeeId> payee) const {
    return ObligationRow{.cycle = cycle_.id,
                         .award = award_.award,
                         .award_version = award_.version,
                         .position = share.position,
                         .contract = award_.contract,
                         .performance_year = award_.performance_year,
                         .party = share.party,
                         .payee = payee,
                         .split_steps = EncodeSteps(share.steps)};
  }

  Collection Take() { return std::move(collection_); }
  Collection& Result() { return collection_; }

 private:
  void Keep(ObligationRow row) {
    row.id = ids_.Next<ObligationTag>();
    row.state = row.payee ? ObligationState::kCalculated : ObligationState::kHeld;
    collection_.obligations.push_back(std::move(row));
  }

  const Cycle& cycle_;
  const AwardToPay& award_;
  std::map<ReserveKey, Money>& reserves_;
  IdGenerator& ids_;
  Collection collection_;
};

bool IsSettled(const ObligationRow& row) {
  return row.recognized || row.state == ObligationState::kRecouped;
}

}  // namespace

Collection CollectAward(const Cycle& cycle, const AwardToPay& award,
                        std::span<const ObligationRow> earlier,
                        const std::map<PartyId, PayeeId>& payees,
                        std::map<ReserveKey, Money>& reserves, IdGenerator& ids) {
  Collector collector(cycle, award, reserves, ids);
  // What was recognized before, gross, and what of it was withheld; by party.
  std::map<PartyId, Money> before;
  std::map<PartyId, Money> withheld_before;
  for (const ObligationRow& row : earlier) {
    if (row.state == ObligationState::kVoided) continue;
    if (IsSettled(row)) {
      before[row.party] += row.amount;
      withheld_before[row.party] += row.withhold;
      continue;
    }
    collector.Result().voided.push_back(row.id);
    if (row.amount > Money{} && row.component != ObligationComponent::kWithholdRelease) {
      collector.Result().restated += row.amount;
    }
  }

  const std::vector<Money> withheld = WithholdOfShares(award);
  for (std::size_t i = 0; i < award.shares.size(); ++i) {
    const AwardShare& share = award.shares[i];
    ObligationRow row = collector.RowOf(share, PayeeOfShare(share, payees));
    row.amount = share.amount + withheld[i];
    row.withhold = withheld[i];
    if (const auto known = before.find(share.party); known != before.end()) {
      // A party with several shares nets all it had against them, one after the other.
      row.component = ObligationComponent::kRestatement;
      const Money used =
          std::clamp(known->second, std::min(row.amount, Money{}), std::max(row.amount, Money{}));
      known->second -= used;
      row.amount -= used;
      Money& kept = withheld_before[share.party];
      const Money kept_used = std::min(kept, row.withhold);
      kept -= kept_used;
      row.withhold -= kept_used;
    }
    if (!row.amount.IsZero()) collector.Add(std::move(row));
  }

  // What a party had and no longer has; its position lies behind those of the shares.
  std::int32_t position = 1'000'000;
  for (const auto& [party, rest] : before) {
    if (rest.IsZero()) continue;
    AwardShare gone{.position = position++, .party = party};
    gone.steps = {{"Restated", "", "an earlier version of this award is replaced"}};
    ObligationRow row = collector.RowOf(gone, PayeeOfShare(gone, payees));
    for (const ObligationRow& old : earlier) {
      if (old.party == party && old.payee) row.payee = old.payee;
    }
    row.component = ObligationComponent::kRestatement;
    row.amount = -rest;
    collector.Add(std::move(row));
  }
  return collector.Take();
}

}  // namespace sluice::payments
