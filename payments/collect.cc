#include "payments/collect.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/check.h"

namespace sluice::payments {
namespace {

ShareOwner OwnerOf(const AwardShare& share) {
  return {share.party, share.ancestors.empty() ? PartyId() : share.ancestors.front(), share.role};
}

// Without any preference.
std::optional<PayeeId> UsualPayeeOf(const AwardShare& share, const PayeeDirectory& payees) {
  if (const auto own = payees.Find(OwnerOf(share))) return own;
  for (std::size_t i = 0; i < share.ancestors.size(); ++i) {
    const PartyId above = i + 1 < share.ancestors.size() ? share.ancestors[i + 1] : PartyId();
    if (const auto found = payees.Find({share.ancestors[i], above, ""})) return found;
  }
  return std::nullopt;
}

// What was recognized before, gross, what of it was withheld, and who had it last.
struct Settled {
  Money gross;
  Money withheld;
  std::optional<PayeeId> payee;
};
using SettledByOwner = std::map<ShareOwner, Settled>;

// What was settled for the owner. When its place in the split is new, another place of the party
// that is no longer there stands for it.
SettledByOwner::iterator SettledFor(const ShareOwner& owner, const std::set<ShareOwner>& current,
                                    SettledByOwner& before) {
  if (const auto same = before.find(owner); same != before.end()) return same;
  return std::ranges::find_if(before, [&](const auto& entry) {
    return entry.first.party == owner.party && !current.contains(entry.first);
  });
}

// What is given back is given back by the payee that had it, wherever the share goes now.
void TakeFromWhoHadIt(const Settled& settled, ObligationRow& row) {
  if (!settled.payee) return;
  row.payee = settled.payee;
  row.routed_from.reset();
}

class Collector {
 public:
  Collector(const Cycle& cycle, const AwardToPay& award, std::map<ReserveKey, Money>& reserves,
            IdGenerator& ids)
      : cycle_(cycle), award_(award), reserves_(reserves), ids_(ids) {}

  // Adds what one share is owed, gross of what is withheld from it or given back (negative).
  void Add(ObligationRow row) {
    if (award_.releases_withhold && row.amount > Money{}) row.amount -= Release(row, row.amount);
    if (row.withhold < Money{}) GiveBack(row);
    if (row.amount.IsZero()) return;
    if (row.withhold > Money{})
      row.withhold = std::min(row.withhold, std::max(row.amount, Money{}));
    if (row.amount > Money{}) collection_.accrued += row.amount;
    Keep(std::move(row));
  }

  // An obligation that was never posted: it stands no longer, and takes nothing out of a reserve.
  void Void(const ObligationRow& row) {
    collection_.voided.push_back(row.id);
    if (row.payee) reserves_[{*row.payee, row.performance_year}] += PromisedOfReserve(row);
    if (row.amount > Money{} && row.component != ObligationComponent::kWithholdRelease) {
      collection_.restated += row.amount;
    }
  }

  ObligationRow RowOf(const AwardShare& share, const PayeeDirectory& payees) const {
    const ShareOwner owner = OwnerOf(share);
    const std::optional<PayeeId> usual = UsualPayeeOf(share, payees);
    std::optional<PayeeId> payee = usual;
    if (usual) payee = payees.AfterPreferences(owner, *usual);
    return ObligationRow{.cycle = cycle_.id,
                         .award = award_.award,
                         .award_version = award_.version,
                         .position = share.position,
                         .contract = award_.contract,
                         .performance_year = award_.performance_year,
                         .owner = owner,
                         .payee = payee,
                         .split_steps = EncodeSteps(share.steps),
                         .routed_from = payee == usual ? std::nullopt : usual};
  }

  Collection Take() { return std::move(collection_); }

 private:
  // At most `most` of what the payee's reserve has free.
  Money TakeFromReserve(const ObligationRow& row, Money most) {
    if (!row.payee) return Money{};
    Money& reserve = reserves_[{*row.payee, award_.performance_year}];
    const Money taken = std::min(std::max(reserve, Money{}), most);
    reserve -= taken;
    return taken;
  }

  // Pays up to `most` out of the reserve, as an obligation of its own.
  Money Release(const ObligationRow& row, Money most) {
    ObligationRow released = row;
    released.component = ObligationComponent::kWithholdRelease;
    released.amount = TakeFromReserve(row, most);
    released.withhold = Money{};
    const Money taken = released.amount;
    if (!taken.IsZero()) Keep(std::move(released));
    return taken;
  }

  void GiveBack(ObligationRow& row) {
    const Money back = -row.withhold;
    const Money of_owed = std::min(back, std::max(-row.amount, Money{}));
    row.withhold = -TakeFromReserve(row, of_owed);
    Release(row, back - of_owed);
  }

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

// Takes as much of `known` off both as lies between zero and `amount`.
void Net(Money& known, Money& amount) {
  const Money used = std::clamp(known, std::min(amount, Money{}), std::max(amount, Money{}));
  known -= used;
  amount -= used;
}

}  // namespace

Collection CollectAward(const Cycle& cycle, const AwardToPay& award,
                        std::span<const ObligationRow> earlier, const PayeeDirectory& payees,
                        std::map<ReserveKey, Money>& reserves, IdGenerator& ids) {
  Collector collector(cycle, award, reserves, ids);
  SettledByOwner before;
  for (const ObligationRow& row : earlier) {
    if (row.state == ObligationState::kVoided) continue;
    if (!IsSettled(row)) {
      collector.Void(row);
      continue;
    }
    // Interest that was paid stays paid.
    if (row.component == ObligationComponent::kWithholdInterest ||
        row.component == ObligationComponent::kLateInterest) {
      continue;
    }
    Settled& settled = before[row.owner];
    if (row.payee) settled.payee = row.payee;
    // A withhold given back is no part of the gross, unless giving it back is the award.
    if (row.component == ObligationComponent::kWithholdRelease && !award.releases_withhold) {
      settled.withheld -= row.amount;
    } else {
      settled.gross += row.amount;
      settled.withheld += row.withhold;
    }
  }

  std::set<ShareOwner> current;
  for (const AwardShare& share : award.shares) current.insert(OwnerOf(share));
  const std::vector<Money> withheld = WithholdOfShares(award);
  for (std::size_t i = 0; i < award.shares.size(); ++i) {
    const AwardShare& share = award.shares[i];
    ObligationRow row = collector.RowOf(share, payees);
    row.amount = share.amount + withheld[i];
    row.withhold = withheld[i];
    if (const auto known = SettledFor(row.owner, current, before); known != before.end()) {
      // An owner with several shares nets all it had against them, one after the other.
      row.component = ObligationComponent::kRestatement;
      const Money whole = row.amount;
      Net(known->second.gross, row.amount);
      Net(known->second.withheld, row.withhold);
      if (row.amount < Money{} || row.withhold < Money{}) TakeFromWhoHadIt(known->second, row);
      if (row.amount != whole) {
        std::vector<ExplanationStep> steps = share.steps;
        steps.push_back({"Settled before", (row.amount - whole).ToString(),
                         "by an earlier version of this award"});
        steps.push_back({"The difference, now", row.amount.ToString(), ""});
        row.split_steps = EncodeSteps(steps);
      }
    }
    collector.Add(std::move(row));
  }

  // What an owner had and no longer has; its position lies behind those of the shares.
  std::int32_t position = 1'000'000;
  for (const auto& [owner, rest] : before) {
    if (rest.gross.IsZero() && rest.withheld.IsZero()) continue;
    AwardShare gone{.position = position++, .party = owner.party, .role = owner.role};
    if (owner.under != PartyId()) gone.ancestors.push_back(owner.under);
    gone.steps = {
        {"Restated", (-rest.gross).ToString(), "an earlier version of this award is replaced"}};
    ObligationRow row = collector.RowOf(gone, payees);
    TakeFromWhoHadIt(rest, row);
    row.component = ObligationComponent::kRestatement;
    row.amount = -rest.gross;
    row.withhold = -rest.withheld;
    collector.Add(std::move(row));
  }
  return collector.Take();
}

}  // namespace sluice::payments
