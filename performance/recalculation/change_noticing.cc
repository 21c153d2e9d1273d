#include "performance/recalculation/change_noticing.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sluice::performance {
namespace {

// By the award of its own period, whatever month was run since.
bool IsReadByTheAward(EditKind kind) {
  switch (kind) {
    case EditKind::kFact:
    case EditKind::kOverride:
    case EditKind::kPartyDetail:
    case EditKind::kContractLife:
    case EditKind::kDeficit:
    case EditKind::kDelivery:
    case EditKind::kMeasureResult:
      return true;
    default:
      return false;
  }
}

// By the award of its period, and by the run that posts the changed lines of its month.
bool IsReadByBoth(EditKind kind) {
  return kind == EditKind::kTerms || kind == EditKind::kAffiliation ||
         kind == EditKind::kIdentifier;
}

// By the episodes of a contract whose member it may not have been yet.
bool IsReadByEpisodes(EditKind kind) {
  switch (kind) {
    case EditKind::kMemberDetail:
    case EditKind::kCoverage:
    case EditKind::kAttributionList:
    case EditKind::kRiskScore:
    case EditKind::kClaim:
      return true;
    default:
      return false;
  }
}

}  // namespace

ChangeNoticing::ChangeNoticing(pg::Transaction& tx, PayerId payer, const ChangeRules& rules,
                               Instant now, IdGenerator& ids, ScanSummary& summary)
    : tx_(tx), payer_(payer), rules_(rules), now_(now), ids_(ids), summary_(summary) {
  contracts_ = ContractsOfPayer(tx_, payer_);
  const std::vector<ContractId> by_episodes = EpisodeContracts(tx_, contracts_);
  by_episodes_.insert(by_episodes.begin(), by_episodes.end());
  for (KnownCalculation& calculation : CalculationsOf(tx_, contracts_)) {
    calculation.by_episodes = by_episodes_.contains(calculation.contract);
    calculations_[calculation.contract].push_back(std::move(calculation));
  }
  last_months_ = LastRunMonths(tx_, contracts_);
}

std::vector<ChangeEventId> ChangeNoticing::Notice(std::vector<ChangeEvent> events, bool always) {
  LoadMembers(events);
  events = ClaimsByContract(std::move(events));
  std::vector<ChangeEvent> kept;
  for (ChangeEvent& event : events) {
    if (!always && Touched(event).empty()) continue;
    event.id = ids_.Next<ChangeEventTag>();
    event.noticed_at = now_;
    kept.push_back(std::move(event));
  }
  const std::vector<ChangeEventId> stored = InsertEvents(tx_, payer_, kept);
  const std::set<ChangeEventId> added(stored.begin(), stored.end());
  for (const ChangeEvent& event : kept) {
    if (!added.contains(event.id)) continue;
    ++summary_.events;
    for (const KnownCalculation* calculation : Touched(event)) Decide(event, *calculation);
  }
  InsertDecisions(tx_, decisions_);
  decisions_.clear();
  return stored;
}

void ChangeNoticing::LoadMembers(std::span<const ChangeEvent> events) {
  std::set<std::int64_t> members;
  for (const ChangeEvent& event : events) {
    if (event.member && (!event.contract || event.kind == EditKind::kDispute)) {
      members.insert(*event.member);
    }
  }
  const std::vector<std::int64_t> ids(members.begin(), members.end());
  for (MemberContract& row : ContractsOfMembers(tx_, contracts_, ids)) {
    members_[row.member].push_back(std::move(row));
  }
}

std::vector<ChangeEvent> ChangeNoticing::ClaimsByContract(std::vector<ChangeEvent> events) {
  std::vector<ChangeEvent> result;
  struct Group {
    ChangeEvent event;
    std::int64_t members = 0;
  };
  std::map<std::tuple<std::string, Instant, ContractId>, Group> groups;
  for (ChangeEvent& event : events) {
    if (event.kind != EditKind::kClaim || event.contract) {
      result.push_back(std::move(event));
      continue;
    }
    for (const ContractId contract : ContractsOf(event)) {
      auto [found, added] =
          groups.try_emplace({event.source, event.recorded_at, contract}, Group{.event = event});
      Group& group = found->second;
      ++group.members;
      DateRange& days = group.event.affected;
      days.from = std::min(days.from, event.affected.from);
      days.to = std::max(*days.to, *event.affected.to);
    }
  }
  for (auto& [key, group] : groups) {
    ChangeEvent& event = group.event;
    event.contract = std::get<ContractId>(key);
    event.source_key =
        fmt::format("{}/{}", event.recorded_at.ToString(), event.contract->ToString());
    if (group.members > 1) event.member.reset();
    event.cause = fmt::format("claims of {} {} for services until {}", group.members,
                              group.members == 1 ? "member" : "members",
                              FormatDate(*event.affected.to - Days(1)));
    result.push_back(std::move(event));
  }
  return result;
}

std::set<ContractId> ChangeNoticing::ContractsOf(const ChangeEvent& event) {
  std::set<ContractId> contracts;
  if (event.contract) contracts.insert(*event.contract);
  if (IsReadByEpisodes(event.kind) &&
      (event.member || event.kind == EditKind::kAttributionList)) {
    contracts.insert(by_episodes_.begin(), by_episodes_.end());
  }
  // Of an accepted dispute also those that the member leaves or joins.
  const bool everywhere = !event.contract || event.kind == EditKind::kDispute;
  if (event.member && everywhere) {
    if (const auto found = members_.find(*event.member); found != members_.end()) {
      for (const MemberContract& row : found->second) {
        if (row.days.Overlaps(event.affected)) contracts.insert(row.contract);
      }
    }
  }
  const bool by_party = !event.contract && !event.member;
  if (event.party && (by_party || event.kind == EditKind::kDispute)) {
    const PartyDays key{*event.party, {event.affected.from, event.affected.to}};
    auto found = above_.find(key);
    if (found == above_.end()) {
      const std::set<PartyId> parties = PartiesAbove(tx_, payer_, {*event.party}, event.affected);
      const std::vector<PartyId> ids(parties.begin(), parties.end());
      found = above_.emplace(key, ContractsOfParties(tx_, payer_, ids)).first;
    }
    contracts.insert(found->second.begin(), found->second.end());
  }
  return contracts;
}

std::vector<const KnownCalculation*> ChangeNoticing::Touched(const ChangeEvent& event) {
  std::vector<const KnownCalculation*> touched;
  for (const ContractId contract : ContractsOf(event)) {
    const auto found = calculations_.find(contract);
    if (found == calculations_.end()) continue;
    for (const KnownCalculation& calculation : found->second) {
      if (Touches(event, calculation)) touched.push_back(&calculation);
    }
  }
  return touched;
}

const KnownCalculation& ChangeNoticing::TargetOf(const KnownCalculation& calculation) const {
  const auto month = last_months_.find(calculation.contract);
  if (month == last_months_.end()) return calculation;
  // A month without an award of its own was not calculated after its run; then the run of the
  // period itself is all there is.
  for (const KnownCalculation& other : calculations_.at(calculation.contract)) {
    const bool is_last = other.period.from == month->second.FirstDay() &&
                         other.period.to == month->second.End();
    if (is_last && calculation.period.from <= other.period.from) return other;
  }
  return calculation;
}

RecalculationId ChangeNoticing::Queue(const KnownCalculation& calculation) {
  return Enqueue(tx_, {.id = ids_.Next<RecalculationTag>(),
                       .contract = calculation.contract,
                       .program = calculation.program,
                       .period = calculation.period,
                       .queued_at = now_});
}

void ChangeNoticing::Decide(const ChangeEvent& event, const KnownCalculation& calculation) {
  const KnownCalculation& target = IsReadByTheAward(event.kind) ? calculation
                                                                : TargetOf(calculation);
  ChangeDecision decision{.event = event.id,
                          .contract = calculation.contract,
                          .program = calculation.program,
                          .period = calculation.period,
                          .target = target.period,
                          .judgment = Judge(rules_, event, calculation, target.SeenUntil()),
                          .rules_version = rules_.version,
                          .recorded_at = event.recorded_at,
                          .decided_at = now_};
  switch (decision.judgment.verdict) {
    case ChangeVerdict::kQueued:
      ++summary_.queued;
      decision.recalculation = Queue(target);
      if (IsReadByBoth(event.kind) && &target != &calculation) Queue(calculation);
      break;
    case ChangeVerdict::kFrozen:
      ++summary_.frozen;
      break;
    case ChangeVerdict::kNoRule:
      ++summary_.no_rule;
      break;
    case ChangeVerdict::kNextRun:
      ++summary_.next_run;
      break;
    case ChangeVerdict::kSeen:
      ++summary_.seen;
      break;
  }
  decisions_.push_back(std::move(decision));
}

}  // namespace sluice::performance
