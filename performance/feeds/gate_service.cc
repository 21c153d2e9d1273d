#include "performance/feeds/gate_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "performance/feeds/feed_store.h"
#include "performance/program_store.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kLeastReason = 10;

std::vector<std::string> FeedsOf(const std::vector<DataGate>& gates) {
  std::set<std::string> feeds;
  for (const DataGate& gate : gates) feeds.insert(gate.feed);
  return {feeds.begin(), feeds.end()};
}

std::map<std::string, std::vector<Delivery>> ByFeed(std::vector<Delivery> deliveries) {
  std::map<std::string, std::vector<Delivery>> by_feed;
  for (Delivery& delivery : deliveries) by_feed[delivery.feed].push_back(std::move(delivery));
  return by_feed;
}

Status CheckPeriod(const DateRange& period) {
  if (period.to && !period.IsEmpty()) return OkStatus();
  return InvalidArgument("gates are checked for a closed period; {} is not", period.ToString());
}

}  // namespace

Status GateService::Set(const DataGate& gate) {
  RETURN_IF_ERROR(ValidateGate(gate));
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (!FindProgram(tx, gate.program)) return NotFound("program {} is not known", gate.program);
    if (!FindFeed(tx, payer_, gate.feed)) {
      return NotFound("there is no feed '{}'; declare it first", gate.feed);
    }
    for (const DataGate& known : GatesOf(tx, payer_, gate.program)) {
      if (known == gate) return OkStatus();
    }
    InsertGate(tx, payer_, gate, false, now);
    return OkStatus();
  });
}

Status GateService::Remove(ProgramId program, const std::string& gate) {
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    for (const DataGate& known : GatesOf(tx, payer_, program)) {
      if (known.name != gate) continue;
      InsertGate(tx, payer_, known, true, now);
      return OkStatus();
    }
    return NotFound("program {} has no gate '{}'", program, gate);
  });
}

StatusOr<std::vector<DataGate>> GateService::Gates(ProgramId program) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<DataGate>> {
    return GatesOf(tx, payer_, program);
  });
}

StatusOr<std::vector<GateCheck>> GateService::Check(ProgramId program, const DateRange& period,
                                                    std::optional<Instant> calculated_with) {
  RETURN_IF_ERROR(CheckPeriod(period));
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<GateCheck>> {
    const std::vector<DataGate> gates = GatesOf(tx, payer_, program);
    const std::vector<std::string> feeds = FeedsOf(gates);
    const std::vector<StoredAward> awards = AwardsOfProgram(tx, program, period);
    // What the latest of the calculations knew; without one, what is known now.
    Instant known_at = awards.empty() ? now : Instant();
    for (const StoredAward& award : awards) known_at = std::max(known_at, award.known_at);
    if (calculated_with) known_at = std::max(known_at, *calculated_with);
    const auto deliveries =
        ByFeed(DeliveriesFor(tx, payer_, feeds, period, known_at));
    std::vector<ContractId> contracts;
    for (const StoredAward& award : awards) contracts.push_back(award.contract);
    const auto recorded = VersionsWithInputs(tx, contracts);
    std::vector<CalculationInput> inputs;
    for (const StoredAward& award : awards) {
      if (recorded.contains({award.award, award.version})) continue;
      for (const auto& [feed, given] : deliveries) {
        for (const Delivery& delivery : given) {
          if (delivery.received_at > award.known_at) continue;
          inputs.push_back({.award = {award.contract, award.award, award.version},
                            .feed = feed,
                            .delivery = delivery.id,
                            .delivery_version = delivery.version,
                            .sha256 = *delivery.sha256});
        }
      }
    }
    InsertInputs(tx, inputs, now);
    std::vector<GateCheck> checks;
    for (const DataGate& gate : gates) {
      const auto given = deliveries.find(gate.feed);
      const GateResult result =
          JudgeGate(gate, given == deliveries.end() ? std::vector<Delivery>() : given->second,
                    period, now.UtcDate());
      checks.push_back({.program = program,
                        .check_id = ids_.NextValue(),
                        .period = period,
                        .gate = gate.name,
                        .feed = gate.feed,
                        .passed = result.passed,
                        .detail = result.detail,
                        .checked_at = now});
    }
    InsertChecks(tx, payer_, checks);
    return checks;
  });
}

StatusOr<std::int64_t> GateService::RecordInputs(
    ProgramId program, const DateRange& period, Instant read_at,
    const std::optional<std::vector<ContractId>>& wanted) {
  RETURN_IF_ERROR(CheckPeriod(period));
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    // Facts and measures are read as they were known to the calculation, all else by `read_at`.
    std::vector<std::string> of_facts;
    std::vector<std::string> others;
    for (const FeedSpec& feed : ListFeeds(tx, payer_)) {
      const bool facts = feed.kind == FeedKind::kFact || feed.kind == FeedKind::kMeasure;
      (facts ? of_facts : others).push_back(feed.name);
    }
    std::vector<ContractId> contracts;
    for (const Contract& contract : ContractsInPeriod(tx, program, period, wanted)) {
      contracts.push_back(contract.id);
    }
    const auto recorded = VersionsWithInputs(tx, contracts);
    // The versions of one calculation were calculated with the same deliveries.
    std::map<Instant, std::vector<AwardKey>> calculations;
    for (const StoredAward& award : AwardsOfProgram(tx, program, period)) {
      if (!std::ranges::binary_search(contracts, award.contract)) continue;
      if (recorded.contains({award.award, award.version})) continue;
      calculations[award.known_at].push_back({award.contract, award.award, award.version});
    }
    std::vector<CalculationInput> inputs;
    for (const auto& [known_at, awards] : calculations) {
      std::vector<Delivery> given = DeliveriesFor(tx, payer_, of_facts, period, known_at);
      for (Delivery& delivery :
           DeliveriesFor(tx, payer_, others, period, std::min(read_at, known_at))) {
        given.push_back(std::move(delivery));
      }
      for (const AwardKey& award : awards) {
        for (const Delivery& delivery : given) {
          inputs.push_back({.award = award,
                            .feed = delivery.feed,
                            .delivery = delivery.id,
                            .delivery_version = delivery.version,
                            .sha256 = *delivery.sha256});
        }
      }
    }
    InsertInputs(tx, inputs, now);
    return static_cast<std::int64_t>(inputs.size());
  });
}

StatusOr<bool> GateService::NeedsCheck(ProgramId program, const DateRange& period) {
  RETURN_IF_ERROR(CheckPeriod(period));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<bool> {
    const std::vector<DataGate> gates = GatesOf(tx, payer_, program);
    const std::vector<GateCheck> checks = NewestChecks(tx, payer_, program, period);
    Instant calculated;
    for (const StoredAward& award : AwardsOfProgram(tx, program, period)) {
      calculated = std::max(calculated, award.calculated_at);
    }
    return std::ranges::any_of(gates, [&](const DataGate& gate) {
      const auto check = std::ranges::find(checks, gate.name, &GateCheck::gate);
      return check == checks.end() || check->checked_at < calculated;
    });
  });
}

StatusOr<std::int64_t> GateService::RecordServiceLevels(
    ProgramId program, const DateRange& period,
    const std::optional<std::vector<ContractId>>& wanted) {
  RETURN_IF_ERROR(CheckPeriod(period));
  const Instant now = clock_.Now();
  const std::int64_t batch = ids_.NextValue();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    const std::vector<DataGate> gates = GatesOf(tx, payer_, program);
    const std::vector<std::string> feeds = FeedsOf(gates);
    const auto deliveries = ByFeed(DeliveriesFor(tx, payer_, feeds, period, now));
    std::map<std::string, bool> breached;
    for (const DataGate& gate : gates) {
      const auto given = deliveries.find(gate.feed);
      const GateResult result =
          JudgeGate(gate, given == deliveries.end() ? std::vector<Delivery>() : given->second,
                    period, now.UtcDate());
      breached[gate.feed] = breached[gate.feed] || !result.passed;
    }
    std::vector<ContractId> contracts;
    for (const Contract& contract : ContractsInPeriod(tx, program, period, wanted)) {
      contracts.push_back(contract.id);
    }
    ASSIGN_OR_RETURN(auto known, LoadFacts(tx, contracts, period, now));
    std::vector<FactSet> sets;
    for (const ContractId contract : contracts) {
      FactSet set{.contract = contract, .period = period};
      for (const auto& [feed, breach] : breached) {
        const std::string name = BreachFact(feed);
        ASSIGN_OR_RETURN(const std::optional<bool> before, known[contract].own.Flag(name));
        if (before != breach) set.facts.SetFlag(name, breach);
      }
      if (!set.facts.Values().empty()) sets.push_back(std::move(set));
    }
    if (sets.empty()) return 0;
    return InsertFacts(tx, sets, now, batch, "data gates");
  });
}

Status GateService::Override(ProgramId program, std::int64_t check_id, UserId user,
                             const std::string& reason) {
  if (reason.size() < kLeastReason) {
    return InvalidArgument("say in at least {} characters why the gate may be passed",
                           kLeastReason);
  }
  if (user.Value() <= 0) return InvalidArgument("only a person overrides a gate");
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto check = FindCheck(tx, payer_, program, check_id);
    if (!check) return NotFound("program {} has no check {}", program, check_id);
    if (check->passed) {
      return FailedPrecondition("gate {} passed: there is nothing to override", check->gate);
    }
    if (check->overridden_by) {
      return FailedPrecondition("gate {} was overridden by {} on {}", check->gate,
                                *check->overridden_by,
                                FormatDate(check->overridden_at->UtcDate()));
    }
    InsertOverride(tx, payer_, *check, user, reason, now);
    return OkStatus();
  });
}

StatusOr<std::vector<GateCheck>> GateService::Checks(ProgramId program, const DateRange& period) {
  RETURN_IF_ERROR(CheckPeriod(period));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<GateCheck>> {
    return NewestChecks(tx, payer_, program, period);
  });
}

StatusOr<std::vector<CalculationInput>> GateService::Inputs(const AwardKey& award) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<CalculationInput>> {
    return InputsOf(tx, award);
  });
}

Status MayRelease(pg::Transaction& tx, PayerId payer, ProgramId program,
                  std::span<const std::pair<AwardId, std::int32_t>> awards) {
  const std::vector<DataGate> gates = GatesOf(tx, payer, program);
  if (gates.empty()) return OkStatus();
  std::vector<AwardId> ids;
  for (const auto& [award, version] : awards) ids.push_back(award);
  std::map<std::pair<AwardId, std::int32_t>, CalculatedVersion> known;
  for (const CalculatedVersion& version : CalculatedVersions(tx, program, ids)) {
    known.insert_or_assign({version.award, version.version}, version);
  }
  // By the first and the last day of the period, when the last of its versions was calculated.
  std::map<std::pair<Date, Date>, Instant> periods;
  for (const auto& award : awards) {
    const auto found = known.find(award);
    if (found == known.end()) {
      return FailedPrecondition("award {} version {} was not calculated in program {}, so its data "
                                "gates cannot be checked",
                                award.first, award.second, program);
    }
    const CalculatedVersion& version = found->second;
    Instant& last = periods[{version.period.from, *version.period.to}];
    last = std::max(last, version.calculated_at);
  }
  for (const auto& [days, calculated_at] : periods) {
    const DateRange period = DateRange::Between(days.first, days.second);
    const std::vector<GateCheck> checks = NewestChecks(tx, payer, program, period);
    for (const DataGate& gate : gates) {
      const auto check = std::ranges::find(checks, gate.name, &GateCheck::gate);
      if (check == checks.end() || check->checked_at < calculated_at) {
        return FailedPrecondition("data gate {} was not checked since {} was calculated: check the "
                                  "gates of the program",
                                  gate.name, period.ToString());
      }
      if (check->Blocks()) {
        return FailedPrecondition("data gate {} of {} failed: {}; or override check {} with a "
                                  "reason",
                                  gate.name, period.ToString(), check->detail, check->check_id);
      }
    }
  }
  return OkStatus();
}

}  // namespace sluice::performance
