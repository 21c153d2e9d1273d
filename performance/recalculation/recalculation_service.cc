#include "performance/recalculation/recalculation_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/check.h"
#include "hierarchy/hierarchy_store.h"
#include "performance/attribution/dispute_store.h"
#include "performance/program_store.h"
#include "performance/recalculation/change_noticing.h"

namespace sluice::performance {
namespace {

// How long a transaction may take between its instant and its commit, and still be noticed.
constexpr std::int64_t kLookAgainMicros = 3'600'000'000;
constexpr std::string_view kHierarchySource = "hierarchy";

StatusOr<ChangeRules> LoadRules(pg::Transaction& tx, PayerId payer) {
  const std::optional<StoredChangeRules> stored = NewestChangeRules(tx, payer);
  if (!stored) return DefaultChangeRules();
  ASSIGN_OR_RETURN(ChangeRules rules,
                   ParseChangeRules(stored->content,
                                    fmt::format("change rules, version {}", stored->version)));
  rules.version = stored->version;
  return rules;
}

void Add(const ScanSummary& more, ScanSummary& sum) {
  sum.events += more.events;
  sum.queued += more.queued;
  sum.frozen += more.frozen;
  sum.no_rule += more.no_rule;
  sum.next_run += more.next_run;
  sum.seen += more.seen;
}

// The hierarchy, then what contracts say, then what is said of members.
std::vector<std::string_view> SourcesInOrder() {
  std::vector<std::string_view> sources = {kHierarchySource};
  sources.insert(sources.end(), ContractSources().begin(), ContractSources().end());
  sources.insert(sources.end(), MemberSources().begin(), MemberSources().end());
  return sources;
}

struct SourceScan {
  PayerId payer;
  std::string_view source;
  Instant now;
};

// What was recorded in the source since its last scan.
std::vector<ChangeEvent> FindEdits(pg::Transaction& tx, const SourceScan& scan,
                                   const ScanWindow& window, Watermark& watermark) {
  if (scan.source == kHierarchySource) {
    const std::int64_t until = hierarchy::ReadHead(tx, scan.payer).version;
    return FindHierarchyEdits(tx, scan.payer, std::exchange(watermark.seen_version, until), until);
  }
  const bool of_contracts =
      std::ranges::find(ContractSources(), scan.source) != ContractSources().end();
  return of_contracts ? FindContractEdits(tx, scan.source, window)
                      : FindMemberEdits(tx, scan.source, window);
}

StatusOr<ScanSummary> ScanSource(pg::Transaction& tx, const SourceScan& scan, IdGenerator& ids) {
  ScanSummary summary;
  Watermark watermark = LockWatermark(tx, scan.payer, scan.source);
  ASSIGN_OR_RETURN(const ChangeRules rules, LoadRules(tx, scan.payer));
  ChangeNoticing noticing(tx, scan.payer, rules, scan.now, ids, summary);
  const std::optional<Instant> first = FirstCalculation(tx, noticing.Contracts());
  if (!first) return summary;
  const Instant again = Instant::FromMicros(watermark.seen_until.Micros() - kLookAgainMicros);
  const ScanWindow window{.payer = scan.payer,
                          .after = std::max(again, *first),
                          .until = scan.now,
                          .first_calculation = *first};
  noticing.Notice(FindEdits(tx, scan, window, watermark));
  watermark.seen_until = std::max(watermark.seen_until, scan.now);
  MoveWatermark(tx, scan.payer, scan.source, watermark);
  return summary;
}

// What could not be booked of the contract.
std::string TextOf(ContractId contract, const ContractTexts& unbooked) {
  std::string text;
  for (const auto& [owner, why] : unbooked) {
    if (owner == contract) text += (text.empty() ? "not booked: " : "; ") + why;
  }
  return text;
}

// Which calculations are run together: those of one program with the same dates.
struct BatchKey {
  ProgramId program;
  Date from{};
  Date to{};
  Date pay_date{};
  friend auto operator<=>(const BatchKey&, const BatchKey&) = default;
};

}  // namespace

StatusOr<std::int32_t> RecalculationService::SetRules(const std::string& toml,
                                                      const std::string& actor) {
  RETURN_IF_ERROR(ParseChangeRules(toml, "change rules").status());
  if (actor.empty()) return InvalidArgument("rules of changes need an actor: who sets them");
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int32_t> {
    const auto newest = NewestChangeRules(tx, payer_);
    if (newest && newest->content == toml) return newest->version;
    const std::int32_t version = newest ? newest->version + 1 : 1;
    InsertChangeRules(tx, payer_, {.version = version, .content = toml}, actor, now);
    return version;
  });
}

StatusOr<ChangeRules> RecalculationService::Rules() {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) { return LoadRules(tx, payer_); });
}

pg::TransactOptions RecalculationService::ScanOptions() {
  return {.statement_timeout = std::chrono::minutes(10), .idle_timeout = std::chrono::minutes(2)};
}

StatusOr<ScanSummary> RecalculationService::Scan() {
  const Instant now = clock_.Now();
  ScanSummary sum;
  // One transaction for each source: what was noticed stays noticed when a later one fails.
  for (const std::string_view source : SourcesInOrder()) {
    ASSIGN_OR_RETURN(const ScanSummary of_source,
                     database_.Transact(ScanOptions(), [&](pg::Transaction& tx) {
                       return ScanSource(tx, {payer_, source, now}, ids_);
                     }));
    Add(of_source, sum);
  }
  return sum;
}

StatusOr<ScanSummary> RecalculationService::ScanIn(pg::Transaction& tx) {
  const Instant now = clock_.Now();
  ScanSummary sum;
  for (const std::string_view source : SourcesInOrder()) {
    ASSIGN_OR_RETURN(const ScanSummary of_source, ScanSource(tx, {payer_, source, now}, ids_));
    Add(of_source, sum);
  }
  return sum;
}

StatusOr<ChangeEventId> RecalculationService::Record(const NewChange& change) {
  if (change.source.empty() || change.source_key.empty() || change.cause.empty()) {
    return InvalidArgument("a change needs a source, a key that is unique in it, and a cause");
  }
  if (!change.contract && !change.member && !change.party) {
    return InvalidArgument("change {}: name the contract, the member or the party it is about",
                           change.source_key);
  }
  if (change.affected.IsEmpty()) {
    return InvalidArgument("change {}: the affected days {} are none", change.source_key,
                           change.affected.ToString());
  }
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ChangeEventId> {
    ASSIGN_OR_RETURN(const ChangeRules rules, LoadRules(tx, payer_));
    ScanSummary summary;
    ChangeNoticing noticing(tx, payer_, rules, now, ids_, summary);
    const std::vector<ChangeEventId> stored =
        noticing.Notice({ChangeEvent{.kind = change.kind,
                                     .source = change.source,
                                     .source_key = change.source_key,
                                     .contract = change.contract,
                                     .member = change.member,
                                     .party = change.party,
                                     .affected = change.affected,
                                     .cause = change.cause,
                                     .recorded_at = now}},
                        true);
    if (stored.size() == 1) return stored.front();
    return AlreadyExists("change {} of {} is known already, or its claims touch no contract",
                         change.source_key, change.source);
  });
}

StatusOr<WorkSummary> RecalculationService::Work(Recalculator& recalculator,
                                                 const WorkOptions& options) {
  WorkSummary summary;
  while (true) {
    ASSIGN_OR_RETURN(const bool worked, WorkOnce(recalculator, options, summary));
    if (!worked) return summary;
  }
}

StatusOr<WorkSummary> RecalculationService::Correct(Recalculator& recalculator,
                                                    const WorkOptions& options,
                                                    ScanSummary* scanned) {
  WorkSummary sum;
  while (true) {
    ASSIGN_OR_RETURN(const ScanSummary scan, Scan());
    if (scanned != nullptr) Add(scan, *scanned);
    ASSIGN_OR_RETURN(const WorkSummary work, Work(recalculator, options));
    sum.calculations += work.calculations;
    sum.new_versions += work.new_versions;
    sum.unchanged += work.unchanged;
    sum.delta += work.delta;
    sum.failures.insert(sum.failures.end(), work.failures.begin(), work.failures.end());
    // Each round stores versions, and one award follows from another along a chain: it ends.
    if (work.new_versions == 0 || !work.failures.empty()) return sum;
  }
}

StatusOr<bool> RecalculationService::WorkOnce(Recalculator& recalculator,
                                              const WorkOptions& options, WorkSummary& summary) {
  const Instant now = clock_.Now();
  const Lease lease{
      .worker = ids_.NextValue(),
      .now = now,
      .until = Instant::FromMicros(now.Micros() + options.lease_seconds * 1'000'000)};
  std::map<BatchKey, std::vector<QueuedRecalculation>> batches;
  RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
    batches.clear();
    const std::vector<ContractId> all = ContractsOfPayer(tx, payer_);
    const std::vector<QueuedRecalculation> items = Claim(tx, all, lease, options.limit);
    std::vector<ContractId> contracts;
    for (const QueuedRecalculation& item : items) contracts.push_back(item.contract);
    std::map<std::tuple<ContractId, Date, Date>, KnownCalculation> known;
    for (KnownCalculation& calculation : CalculationsOf(tx, contracts)) {
      known.emplace(std::tuple(calculation.contract, calculation.period.from,
                               *calculation.period.to),
                    std::move(calculation));
    }
    for (const QueuedRecalculation& item : items) {
      const KnownCalculation& calculation =
          known.at({item.contract, item.period.from, *item.period.to});
      batches[{item.program, item.period.from, *item.period.to, calculation.pay_date}].push_back(
          item);
    }
    return OkStatus();
  }));
  for (const auto& [key, items] : batches) {
    RecalculationTarget target{
        .program = key.program,
        .dates = {.period = DateRange::Between(key.from, key.to), .pay_date = key.pay_date}};
    for (const QueuedRecalculation& item : items) target.contracts.push_back(item.contract);
    std::ranges::sort(target.contracts);
    const auto twice = std::ranges::unique(target.contracts);
    target.contracts.erase(twice.begin(), twice.end());
    const StatusOr<ContractTexts> unbooked = recalculator.Run(target);
    for (QueuedRecalculation item : items) {
      if (unbooked.ok()) item.detail = TextOf(item.contract, *unbooked);
      RETURN_IF_ERROR(Finish(recalculator, std::move(item), unbooked.status(), lease.worker,
                             options, summary));
    }
  }
  // What failed waits for the next call, not for the next moment.
  return !batches.empty() && summary.failures.empty();
}

Status RecalculationService::Finish(Recalculator& recalculator, QueuedRecalculation item,
                                    const Status& outcome, std::int64_t worker,
                                    const WorkOptions& options, WorkSummary& summary) {
  Status status = outcome;
  QueuedRecalculation result = item;
  if (status.ok()) status = ExplainVersions(recalculator, item, summary, result);
  const Instant now = clock_.Now();
  result.finished_at = now;
  result.state = status.ok() ? RecalculationState::kDone : RecalculationState::kFailed;
  if (!status.ok()) {
    result.detail = StatusMessage(status);
    summary.failures.emplace_back(item, result.detail);
  }
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (!status.ok() && item.attempts < options.most_attempts) {
      ReleaseRecalculation(tx, result, worker, now);
      return OkStatus();
    }
    if (!FinishRecalculation(tx, result, worker)) {
      return Aborted("the lease on contract {} ran out while it was calculated: another worker has "
                     "it; give more lease_seconds",
                     item.contract);
    }
    return OkStatus();
  });
}

Status RecalculationService::ExplainVersions(Recalculator& recalculator,
                                             const QueuedRecalculation& item,
                                             WorkSummary& summary, QueuedRecalculation& result) {
  std::vector<StoredAward> history;
  std::vector<std::int32_t> missing;
  RETURN_IF_ERROR(database_.Transact({.read_only = true}, [&](pg::Transaction& tx) -> Status {
    history = AwardHistory(tx, item.contract, item.period);
    missing = UnexplainedVersions(tx, item.contract, item.period);
    return OkStatus();
  }));
  ++summary.calculations;
  const StoredAward* before = nullptr;
  for (const StoredAward& award : history) {
    if (award.calculated_at >= item.started_at) {
      ++result.new_versions;
      result.delta += award.delta;
    }
    // A blocked version moves nothing: what follows it is compared with the one before, and only
    // where there is none, with nothing.
    const bool computed = award.status == AwardStatus::kComputed;
    const StoredAward* last = before;
    if (computed || before == nullptr) before = &award;
    if (!computed || last == nullptr) continue;
    if (std::ranges::find(missing, award.version) == missing.end()) continue;
    ASSIGN_OR_RETURN(const std::vector<DeltaCause> causes, Explain(recalculator, *last, award));
    const Instant now = clock_.Now();
    RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
      InsertCauses(tx, {award.contract, award.award, award.version}, causes, now);
      for (const DisputeId dispute : DisputesMoved(tx, award.contract, award.period,
                                                   last->known_at, award.known_at)) {
        LinkAward(tx, award.contract, dispute, {award.award, award.version}, now);
      }
      return OkStatus();
    }));
  }
  summary.new_versions += result.new_versions;
  summary.delta += result.delta;
  if (result.new_versions == 0) ++summary.unchanged;
  if (!history.empty() && history.back().status == AwardStatus::kBlocked) {
    result.detail = "blocked: " + history.back().missing;
  }
  return OkStatus();
}

StatusOr<std::vector<DeltaCause>> RecalculationService::Explain(Recalculator& recalculator,
                                                                const StoredAward& before,
                                                                const StoredAward& after) {
  std::vector<ChangeEvent> events;
  std::map<Instant, bool> instants;  // whether nothing but an engine recorded something at it
  RETURN_IF_ERROR(database_.Transact({.read_only = true}, [&](pg::Transaction& tx) -> Status {
    const std::vector<ChangeEventId> ids =
        EventsOfTarget(tx, after.contract, after.period, before.known_at, after.known_at);
    events = EventsById(tx, payer_, ids);
    for (const Instant at : EngineInstants(tx, after.contract, after.period, before.known_at,
                                           after.known_at)) {
      instants[at] = true;
    }
    return OkStatus();
  }));
  for (const ChangeEvent& event : events) instants[event.recorded_at] = false;
  const CalculationDates dates{.period = after.period, .pay_date = after.pay_date};
  const auto payable_at = [&](Instant at) -> StatusOr<std::optional<Money>> {
    ASSIGN_OR_RETURN(const Award award,
                     recalculator.AsKnown(after.contract, dates, after.hierarchy_as_of, at));
    if (award.status == AwardStatus::kBlocked) return std::optional<Money>();
    return std::optional<Money>(award.payable);
  };
  ASSIGN_OR_RETURN(const std::optional<Money> anew, payable_at(before.known_at));
  std::vector<PayableAt> states;
  for (const auto& [at, of_engine] : instants) {
    PayableAt state{.at = at, .of_engine = of_engine};
    ASSIGN_OR_RETURN(state.payable, payable_at(at));
    states.push_back(state);
  }
  return ExplainDelta({.before = before.payable,
                       .anew = anew.value_or(before.payable),
                       .after = after.payable,
                       .events = events,
                       .states = states});
}

StatusOr<std::vector<ChangeEvent>> RecalculationService::Events(Instant after, Instant until) {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<ChangeEvent>> {
                              return EventsBetween(tx, payer_, after, until);
                            });
}

StatusOr<std::optional<ChangeEvent>> RecalculationService::Find(ChangeEventId event) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::optional<ChangeEvent>> {
        std::vector<ChangeEvent> found = EventsById(tx, payer_, {&event, 1});
        if (found.empty()) return std::optional<ChangeEvent>();
        return std::optional<ChangeEvent>(std::move(found.front()));
      });
}

StatusOr<std::vector<ChangeDecision>> RecalculationService::Decisions(ChangeEventId event) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<ChangeDecision>> {
        return DecisionsOfEvents(tx, ContractsOfPayer(tx, payer_), {&event, 1});
      });
}

StatusOr<std::vector<QueuedRecalculation>> RecalculationService::Queue(
    std::optional<RecalculationState> state) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<QueuedRecalculation>> {
        return RecalculationsOf(tx, ContractsOfPayer(tx, payer_), state);
      });
}

StatusOr<std::vector<VersionView>> RecalculationService::Versions(ContractId contract,
                                                                  const DateRange& period) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<VersionView>> {
        std::vector<VersionView> views = ViewVersions(AwardHistory(tx, contract, period));
        for (VersionView& view : views) {
          view.causes = CausesOf(tx, {contract, view.award.award, view.award.version});
        }
        return views;
      });
}

StatusOr<std::vector<DeltaCause>> RecalculationService::Causes(const AwardKey& award) {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<DeltaCause>> {
                              return CausesOf(tx, award);
                            });
}

StatusOr<std::vector<AwardKey>> RecalculationService::AwardsOf(ChangeEventId event) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<AwardKey>> {
        return AwardsOfEvents(tx, ContractsOfPayer(tx, payer_), {&event, 1})[event];
      });
}

}  // namespace sluice::performance
