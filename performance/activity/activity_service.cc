#include "performance/activity/activity_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "performance/program_store.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kShownFindings = 20;
constexpr std::string_view kSource = "activity run";

Status RequireContract(pg::Transaction& tx, ContractId contract) {
  const std::vector<ContractId> ids = {contract};
  if (FindContracts(tx, ids).empty()) {
    return NotFound("contract {} is not known; create it first", contract);
  }
  return OkStatus();
}

// Every bad row, with its place in the call.
Status CheckEvents(std::span<const ActivityEvent> events, Date today) {
  std::vector<std::string> findings;
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const ActivityEvent& event = events[i];
    Status status = CheckEvent(event);
    if (status.ok() && !ids.insert(event.event_id).second) {
      status = InvalidArgument("activity event {}: event_id occurs twice in one call; send one",
                               event.event_id);
    }
    if (status.ok() && (event.service_date > today || event.received_on > today)) {
      status = InvalidArgument(
          "activity event {}: service_date and received_on must not be after today, {}",
          event.event_id, FormatDate(today));
    }
    if (!status.ok()) findings.push_back(fmt::format("row {}: {}", i + 1, StatusMessage(status)));
  }
  if (findings.empty()) return OkStatus();
  std::string text = fmt::format("{} of {} events are refused, and none is recorded",
                                 findings.size(), events.size());
  for (std::size_t i = 0; i < std::min(findings.size(), kShownFindings); ++i) {
    text += "\n" + findings[i];
  }
  return InvalidArgument("{}", text);
}

std::vector<ActivityEvent> Changed(std::span<const ActivityEvent> events,
                                   const std::vector<StoredEvent>& known) {
  std::map<std::int64_t, const ActivityEvent*> by_id;
  for (const StoredEvent& stored : known) by_id[stored.event.event_id] = &stored.event;
  std::vector<ActivityEvent> changed;
  for (const ActivityEvent& event : events) {
    const auto found = by_id.find(event.event_id);
    if (found == by_id.end() || *found->second != event) changed.push_back(event);
  }
  return changed;
}

// --- Facts of a run -----------------------------------------------------------------------------

void AddTo(ActivityTotals& sum, const ActivityTotals& more) {
  sum.submitted += more.submitted;
  sum.counted += more.counted;
  sum.points = sum.points + more.points;
  sum.amount = sum.amount + more.amount;
  sum.over_limit = sum.over_limit + more.over_limit;
}

Facts ParticipantFactsOf(const ActivityTotals& totals) {
  Facts facts;
  facts.Set(kActivityAmount, totals.amount);
  facts.Set(kActivityPoints, totals.points);
  facts.Set(kActivityCounted, totals.counted);
  return facts;
}

Facts ContractFactsOf(const ActivityRun& run) {
  Facts facts = ParticipantFactsOf(run.total);
  facts.Set(kActivitySubmitted, run.total.submitted);
  facts.Set(kActivityOverLimit, run.total.over_limit);
  facts.SetText(kActivityLines, ToHex(run.digest));
  return facts;
}

// Sums by participant: of a provider under its practice its own, of whoever is above a practice
// those of all practices below. Everybody below the contract's party has one, and be it zero.
std::map<ParticipantKey, ActivityTotals> SumsByParticipant(
    const ActivityRun& run, const hierarchy::HierarchySnapshot& under,
    std::vector<ActivityPerformer>& unplaced) {
  std::map<ParticipantKey, ActivityTotals> sums;
  std::map<PartyId, ActivityTotals> by_practice;
  for (const auto& [performer, totals] : run.performers) {
    sums[{performer.provider, performer.practice}] = totals;
    AddTo(by_practice[performer.practice], totals);
  }
  std::set<ActivityPerformer> placed;
  for (const hierarchy::SnapshotEdge& edge : under.Edges()) {
    if (!placed.insert({edge.child, edge.parent}).second) continue;  // in another role
    ActivityTotals& sum = sums[{edge.child, edge.parent}];
    std::vector<PartyId> practices = under.Descendants(edge.child);
    practices.push_back(edge.child);
    for (const PartyId practice : practices) {
      if (const auto found = by_practice.find(practice); found != by_practice.end()) {
        AddTo(sum, found->second);
      }
    }
  }
  for (const auto& [performer, totals] : run.performers) {
    if (!placed.contains(performer)) unplaced.push_back(performer);
  }
  return sums;
}

// Only what differs from what is known, so that an unchanged run records nothing.
void AddChanged(FactSet set, const Facts& known, std::vector<FactSet>& out) {
  Facts changed;
  for (const auto& [name, value] : set.facts.Values()) {
    const auto found = known.Values().find(name);
    if (found == known.Values().end() || found->second != value) changed.Set(name, value);
  }
  if (changed.Values().empty()) return;
  set.facts = std::move(changed);
  out.push_back(std::move(set));
}

// One run over the contracts of a program, in one transaction.
class ActivitiesOfProgram {
 public:
  ActivitiesOfProgram(pg::Transaction& tx, const ActivityRunRequest& request,
                      const hierarchy::HierarchySnapshot& hierarchy, Instant now, IdGenerator& ids)
      : tx_(tx), request_(request), hierarchy_(hierarchy), now_(now), ids_(ids) {
    known_at_ = request.known_at.value_or(now);
  }

  StatusOr<ActivityRunSummary> Run() {
    for (const Contract& contract :
         ContractsInPeriod(tx_, request_.program, request_.period, request_.contracts)) {
      RETURN_IF_ERROR(RunContract(contract));
    }
    return std::move(summary_);
  }

 private:
  Status RunContract(const Contract& contract) {
    const std::vector<ContractId> ids = {contract.id};
    for (const TermsRow& row : TermsOn(tx_, ids, request_.period.from, known_at_)) {
      if (row.state != TermsState::kInForce) continue;
      ASSIGN_OR_RETURN(const Terms terms, DecodeTerms(row.content));
      const auto* basis = std::get_if<Basis>(&terms.components.front().rule);
      const auto* activity = basis == nullptr ? nullptr : std::get_if<ActivitySum>(&basis->kind);
      if (activity != nullptr) RETURN_IF_ERROR(RunActivity(contract, *activity, row.version));
    }
    return OkStatus();
  }

  AffiliationCheck CheckFor(const Contract& contract) const {
    if (request_.affiliations == nullptr) return nullptr;
    return [this, party = contract.party](const ActivityEvent& event) -> std::string {
      const Date day = event.service_date;
      if (!request_.affiliations->IsWithin(event.provider, event.practice, day)) {
        return fmt::format("{} was not affiliated with {} on {}", event.provider, event.practice,
                           FormatDate(day));
      }
      if (!request_.affiliations->IsWithin(event.practice, party, day)) {
        return fmt::format("{} was not below {} on {}", event.practice, party, FormatDate(day));
      }
      return {};
    };
  }

  ExclusionCheck ExclusionFor(const ActivitySum& activity) const {
    if (request_.excluded_by == nullptr) return nullptr;
    return [&](const ActivityEvent& event) {
      return request_.excluded_by(event.member_id, event.service_date, activity.excluded_products);
    };
  }

  Status RunActivity(const Contract& contract, const ActivitySum& activity,
                     std::int32_t terms_version) {
    const DateRange window{.from = ActivityWindowStart(request_.period), .to = request_.period.to};
    const std::vector<StoredEvent> stored = EventsServed(tx_, contract.id, window, known_at_);
    std::vector<ActivityEvent> events;
    events.reserve(stored.size());
    for (const StoredEvent& event : stored) events.push_back(event.event);
    ASSIGN_OR_RETURN(const ActivityRun run,
                     RunActivities(activity, request_.period, events, CheckFor(contract),
                                   ExclusionFor(activity)));
    ++summary_.contracts;
    AddTo(summary_.total, run.total);
    const auto newest = NewestRun(tx_, contract.id, request_.period);
    if (!newest || newest->lines_sha256 != run.digest) {
      InsertRun(tx_,
                {.contract = contract.id,
                 .run_id = ids_.NextValue(),
                 .period = request_.period,
                 .known_at = known_at_,
                 .calculated_at = now_,
                 .terms_version = terms_version,
                 .lines_sha256 = run.digest,
                 .total = run.total},
                run.lines, stored);
      ++summary_.runs;
    }
    return RecordFacts(contract, run);
  }

  Status RecordFacts(const Contract& contract, const ActivityRun& run) {
    const std::vector<ContractId> ids = {contract.id};
    ASSIGN_OR_RETURN(auto loaded, LoadFacts(tx_, ids, request_.period, now_));
    const ContractFacts& known = loaded[contract.id];
    std::vector<ActivityPerformer> unplaced;
    std::map<ParticipantKey, ActivityTotals> sums =
        SumsByParticipant(run, hierarchy_.Under(contract.party), unplaced);
    // Whoever had a sum before and has no event any more has zero now.
    for (const auto& [key, facts] : known.participants) {
      if (facts.Has(kActivityAmount)) sums.try_emplace(key);
    }
    for (const ActivityPerformer& performer : unplaced) {
      summary_.unplaced.emplace_back(contract.id, performer);
    }
    std::vector<FactSet> sets;
    AddChanged({.contract = contract.id, .period = request_.period, .facts = ContractFactsOf(run)},
               known.own, sets);
    for (const auto& [key, totals] : sums) {
      const auto before = known.participants.find(key);
      AddChanged({.contract = contract.id,
                  .period = request_.period,
                  .party = key.party,
                  .under = key.under,
                  .facts = ParticipantFactsOf(totals)},
                 before == known.participants.end() ? Facts() : before->second, sets);
    }
    if (!sets.empty()) {
      summary_.facts += InsertFacts(tx_, sets, now_, ids_.NextValue(), std::string(kSource));
    }
    return OkStatus();
  }

  pg::Transaction& tx_;
  const ActivityRunRequest& request_;
  const hierarchy::HierarchySnapshot& hierarchy_;
  Instant now_;
  Instant known_at_;
  IdGenerator& ids_;
  ActivityRunSummary summary_;
};

}  // namespace

StatusOr<ActivityIntake> ActivityService::Record(ContractId contract,
                                                 std::span<const ActivityEvent> events,
                                                 const std::string& source,
                                                 const IntakeSeen& seen) {
  const Instant now = clock_.Now();
  RETURN_IF_ERROR(CheckEvents(events, now.UtcDate()));
  if (source.empty()) return InvalidArgument("activity events need a source: a file or system");
  std::vector<std::int64_t> ids;
  for (const ActivityEvent& event : events) ids.push_back(event.event_id);
  const std::int64_t batch = ids_.NextValue();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ActivityIntake> {
    RETURN_IF_ERROR(RequireContract(tx, contract));
    const std::vector<ActivityEvent> changed = Changed(events, FindEvents(tx, contract, ids, now));
    InsertEvents(tx, contract, changed, now, batch, source);
    const ActivityIntake intake{
        .recorded = static_cast<std::int64_t>(changed.size()),
        .unchanged = static_cast<std::int64_t>(events.size() - changed.size())};
    if (seen) seen(intake);
    return intake;
  });
}

StatusOr<ActivityIntake> ActivityService::Void(ContractId contract,
                                               std::span<const std::int64_t> event_ids,
                                               const std::string& source, const IntakeSeen& seen) {
  const Instant now = clock_.Now();
  const std::int64_t batch = ids_.NextValue();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ActivityIntake> {
    RETURN_IF_ERROR(RequireContract(tx, contract));
    std::map<std::int64_t, ActivityEvent> known;
    for (StoredEvent& stored : FindEvents(tx, contract, event_ids, now)) {
      known.emplace(stored.event.event_id, std::move(stored.event));
    }
    ActivityIntake intake;
    std::vector<ActivityEvent> voided;
    for (const std::int64_t id : std::set<std::int64_t>(event_ids.begin(), event_ids.end())) {
      const auto found = known.find(id);
      if (found == known.end()) {
        return NotFound("contract {} has no activity event {}", contract, id);
      }
      if (found->second.voided) {
        ++intake.unchanged;
        continue;
      }
      voided.push_back(found->second);
      voided.back().voided = true;
    }
    InsertEvents(tx, contract, voided, now, batch, source);
    intake.recorded = static_cast<std::int64_t>(voided.size());
    if (seen) seen(intake);
    return intake;
  });
}

StatusOr<ActivityRunSummary> ActivityService::Run(const ActivityRunRequest& request,
                                                  const hierarchy::HierarchySnapshot& hierarchy) {
  if (!request.period.to || request.period.IsEmpty()) {
    return InvalidArgument("an activity run needs a closed period; {} is not",
                           request.period.ToString());
  }
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ActivityRunSummary> {
    if (!FindProgram(tx, request.program)) {
      return NotFound("program {} is not known", request.program);
    }
    return ActivitiesOfProgram(tx, request, hierarchy, now, ids_).Run();
  });
}

StatusOr<std::optional<StoredActivityRun>> ActivityService::Newest(ContractId contract,
                                                                   const DateRange& period) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::optional<StoredActivityRun>> {
    return NewestRun(tx, contract, period);
  });
}

StatusOr<StoredActivityRun> ActivityService::RunOfLines(ContractId contract,
                                                        const Digest& lines_sha256) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<StoredActivityRun> {
    if (auto run = FindRunByLines(tx, contract, lines_sha256)) return *std::move(run);
    return NotFound("contract {} has no activity run with lines {}", contract, ToHex(lines_sha256));
  });
}

StatusOr<std::vector<ActivityLine>> ActivityService::Lines(ContractId contract,
                                                           std::int64_t run_id) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<ActivityLine>> {
    return LinesOfRun(tx, contract, run_id);
  });
}

}  // namespace sluice::performance
