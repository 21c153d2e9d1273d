#include "performance/program_run/episode_source.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "performance/episodes/episode_service.h"
#include "performance/members/member_store.h"
#include "performance/members/member_stream.h"
#include "performance/program_run/episode_budgets.h"
#include "performance/program_run/paid_in_episodes.h"
#include "performance/program_run/published_lists.h"
#include "performance/program_run/risk_scores.h"
#include "performance/program_run/run_facts.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

// How far before the first anchor an earlier episode may reach into the period.
constexpr Days kLookBack{366};

// The services that episodes anchored in the period, or the ones before them, may hold.
DateRange ClaimsWindow(const EpisodeSum& terms, const DateRange& period) {
  int before = 0;
  int after = 0;
  for (const EpisodeDefinition& definition : terms.definitions) {
    before = std::max(before, definition.days_before);
    after = std::max(after, definition.days_after);
  }
  const int post = terms.post_episode_days.value_or(0);
  return {period.from - Days(before + after) - kLookBack,
          *period.to + Days(after + post) + kLookBack};
}

std::set<std::string> EntityOf(const hierarchy::HierarchySnapshot& hierarchy, PartyId party) {
  std::set<std::string> entity;
  std::vector<PartyId> parties = hierarchy.Descendants(party);
  parties.push_back(party);
  for (const PartyId id : parties) {
    const hierarchy::SnapshotParty* found = hierarchy.Find(id);
    if (found == nullptr) continue;
    for (const hierarchy::Identifier& identifier : found->identifiers) {
      if (identifier.type == hierarchy::IdentifierType::kNpi ||
          identifier.type == hierarchy::IdentifierType::kTin) {
        entity.insert(identifier.value);
      }
    }
  }
  return entity;
}

// Everything but the bounds and prices: to find out whose episodes there are.
EpisodeSum WithoutBounds(EpisodeSum terms) {
  for (EpisodeDefinition& definition : terms.definitions) definition.winsorizing = {};
  return terms;
}

bool ReadsPercentiles(const EpisodeSum& terms) {
  return std::ranges::any_of(terms.definitions, [](const EpisodeDefinition& definition) {
    return definition.winsorizing.low_percentile || definition.winsorizing.high_percentile;
  });
}

// A savings contract of another program, and the members it has in the period.
struct OtherSettlement {
  ContractId contract;
  std::string program;                       // its name
  std::map<std::string, ContractId> bundles;  // that its target is reduced by
  std::set<std::int64_t> members;
};

bool SettlesCost(const Terms& terms) {
  return FindBasis<TargetMinusActual>(terms) != nullptr ||
         FindBasis<BenchmarkMinusActual>(terms) != nullptr;
}

// Terms are those in force as known now, as those of the run are; lists as known to the run.
StatusOr<std::vector<OtherSettlement>> OtherSettlements(pg::Transaction& tx,
                                                        const DetailScope& scope) {
  std::vector<OtherSettlement> others;
  const DateRange& period = scope.dates.period;
  for (const Program& program : ListPrograms(tx)) {
    if (program.id == scope.program) continue;
    std::vector<ContractId> ids;
    for (const Contract& contract : ContractsInPeriod(tx, program.id, period, std::nullopt)) {
      ids.push_back(contract.id);
    }
    for (const TermsRow& row : TermsOn(tx, ids, period.from, scope.clock.Now())) {
      if (row.state != TermsState::kInForce) continue;
      ASSIGN_OR_RETURN(const Terms terms, DecodeTerms(row.content));
      if (!SettlesCost(terms)) continue;
      OtherSettlement other{.contract = row.contract,
                            .program = program.name,
                            .bundles = BundlesTakenOff(terms),
                            .members = {}};
      for (const auto& [member, entries] :
           ActiveEntries(PublishedLists(tx, row.contract, scope.known_at))) {
        const bool within = std::ranges::any_of(entries, [&](const ListEntry& entry) {
          return entry.attributed.Overlaps(period);
        });
        if (within) other.members.insert(member);
      }
      others.push_back(std::move(other));
    }
  }
  return others;
}

// What one contract's run is made of while members are streamed.
class EpisodeCollector {
 public:
  EpisodeCollector(const DetailScope& scope, const DetailContract& contract,
                   std::span<const OtherSettlement> others)
      : scope_(scope),
        contract_(contract),
        terms_(*FindBasis<EpisodeSum>(contract.terms)),
        unbounded_(WithoutBounds(terms_)),
        window_(ClaimsWindow(terms_, scope.dates.period)) {
    // Somebody on two lists is of the settlement that reads what is paid here.
    const std::string fact = PaidInEpisodes(contract.contract.id);
    for (const bool reads : {true, false}) {
      for (const OtherSettlement& other : others) {
        if (other.bundles.contains(fact) != reads) continue;
        if (reads) told_.push_back(other.contract);
        for (const std::int64_t member : other.members) overlaps_.emplace(member, &other);
      }
    }
  }

  Status Open(pg::Transaction& tx) {
    const ContractId id = contract_.contract.id;
    inputs_.period = scope_.dates.period;
    inputs_.entity = EntityOf(scope_.hierarchy, contract_.contract.party);
    if (inputs_.entity.empty()) {
      return FailedPrecondition("an NPI or TIN of {} or of anybody below it",
                                contract_.contract.party);
    }
    const std::vector<ContractId> ids = {id};
    ASSIGN_OR_RETURN(auto facts, LoadFacts(tx, ids, inputs_.period, scope_.clock.Now()));
    facts_ = std::move(facts[id].own);
    return ReadFacts();
  }

  // Keeps a member who has an episode of the period, and takes its part in the reference.
  Status Add(const MemberRecord& record) {
    EpisodeInputs one{.period = inputs_.period, .entity = inputs_.entity};
    one.members.push_back(MemberOf(record));
    ASSIGN_OR_RETURN(const std::vector<EpisodeLine> lines, CollectEpisodes(unbounded_, one));
    if (!lines.empty()) inputs_.members.push_back(one.members.front());
    if (!ReadsPercentiles(terms_)) return OkStatus();
    one.entity.clear();
    ASSIGN_OR_RETURN(const std::vector<EpisodeLine> all, CollectEpisodes(unbounded_, one));
    for (const EpisodeLine& line : all) {
      if (line.counted) {
        inputs_.reference[line.cell].push_back(Round(line.actual, Rounding::kHalfAwayFromZero));
      }
    }
    return OkStatus();
  }

  StatusOr<DetailOutcome> Finish(EpisodeService& service) {
    RETURN_IF_ERROR(AddRisk());
    ASSIGN_OR_RETURN(const EpisodeRun run, service.Run(contract_.contract.id, terms_, inputs_));
    DetailOutcome outcome{.rows = static_cast<std::int64_t>(run.lines.size())};
    for (const ContractId settlement : told_) {
      ASSIGN_OR_RETURN(const std::int64_t rows,
                       TellSettlement(scope_, settlement, contract_.contract.id, window_));
      outcome.rows += rows;
    }
    return outcome;
  }

  ContractId Id() const { return contract_.contract.id; }
  const DateRange& Window() const { return window_; }

 private:
  EpisodeMember MemberOf(const MemberRecord& record) const {
    EpisodeMember member{.member_id = record.member.id, .death = DeathOf(record)};
    for (const CoverageSpan& span : record.coverage) member.covered.push_back(span.covered);
    const auto overlap = overlaps_.find(record.member.id);
    if (overlap != overlaps_.end()) member.overlap_program = overlap->second->program;
    for (const MedicalClaimLine& line : record.claims) {
      if (window_.Contains(line.service_from)) member.claims.push_back(line);
    }
    return member;
  }

  // A ratio for each type that has a fact; the engine names the one that lacks.
  StatusOr<std::map<std::string, Ratio>> RatiosOf(const std::string& name) const {
    std::map<std::string, Ratio> ratios;
    for (const EpisodeDefinition& definition : terms_.definitions) {
      ASSIGN_OR_RETURN(const auto ratio, facts_.RatioOf(name + "." + definition.type));
      if (ratio) ratios.emplace(definition.type, *ratio);
    }
    return ratios;
  }

  Status ReadFacts() {
    std::set<std::string> cells;
    for (const EpisodeDefinition& definition : terms_.definitions) {
      for (const EpisodeAnchor& anchor : definition.anchors) cells.insert(anchor.cell);
      ASSIGN_OR_RETURN(const auto bound,
                       facts_.Amount("episode_post_bound." + definition.type));
      if (bound) {
        inputs_.post_bound.emplace(definition.type, Round(*bound, Rounding::kHalfAwayFromZero));
      }
    }
    for (const std::string& cell : cells) {
      for (const BaselineYear& year : terms_.target.baseline) {
        for (const bool own : {true, false}) {
          RETURN_IF_ERROR(ReadBaseline(cell, year.year, own));
        }
      }
    }
    ASSIGN_OR_RETURN(inputs_.trend, RatiosOf("episode_trend"));
    ASSIGN_OR_RETURN(inputs_.normalization, RatiosOf("episode_normalization"));
    ASSIGN_OR_RETURN(inputs_.quality_score, facts_.RatioOf(kEpisodeQuality));
    return OkStatus();
  }

  Status ReadBaseline(const std::string& cell, int year, bool own) {
    const std::string name =
        fmt::format("episode_baseline.{}.{}.{}", own ? "own" : "regional", cell, year);
    ASSIGN_OR_RETURN(const auto mean, facts_.Amount(name));
    ASSIGN_OR_RETURN(const auto count, facts_.Count(name + ".count"));
    const bool counted = own && terms_.low_volume && terms_.low_volume->of_baseline;
    if (counted && !count) return FailedPrecondition("{}.count", name);
    if (!mean && !count) return OkStatus();
    if (!mean) return FailedPrecondition("{}", name);
    inputs_.baseline.push_back(
        {.cell = cell, .year = year, .own = own, .episodes = count.value_or(0), .mean = *mean});
    return OkStatus();
  }

  Status AddRisk() {
    if (!terms_.target.risk_adjusted) return OkStatus();
    std::vector<std::int64_t> members;
    for (const EpisodeMember& member : inputs_.members) members.push_back(member.member_id);
    ASSIGN_OR_RETURN(const std::vector<RiskScore> all,
                     scope_.database.Transact(
                         {.read_only = true},
                         [&](pg::Transaction& tx) -> StatusOr<std::vector<RiskScore>> {
                           return ReadRiskScores(tx, {scope_.payer, members, scope_.known_at});
                         }));
    ASSIGN_OR_RETURN(const std::vector<RiskScore> scores, ScoresOfModel(all, facts_));
    for (EpisodeMember& member : inputs_.members) {
      for (const RiskScore& score : scores) {
        if (score.member_id != member.member_id) continue;
        const bool first_day = score.period.Contains(inputs_.period.from);
        if (first_day || (!member.risk && score.period.Overlaps(inputs_.period))) {
          member.risk = Ratio(score.score);
        }
      }
    }
    return OkStatus();
  }

  const DetailScope& scope_;
  const DetailContract& contract_;
  const EpisodeSum& terms_;
  EpisodeSum unbounded_;
  DateRange window_;
  EpisodeInputs inputs_;
  Facts facts_;
  std::map<std::int64_t, const OtherSettlement*> overlaps_;
  std::vector<ContractId> told_;
};

bool Lacks(const Status& status) {
  return status.code() == absl::StatusCode::kFailedPrecondition ||
         status.code() == absl::StatusCode::kNotFound;
}

}  // namespace

StatusOr<DetailOutcome> EpisodeSource::Refresh(const DetailScope& scope,
                                               std::span<const DetailContract> contracts) {
  DetailOutcome outcome;
  const auto keep = [&](const EpisodeCollector& collector, const Status& status) -> StatusOr<bool> {
    if (status.ok()) return true;
    if (!Lacks(status)) return status;
    outcome.missing.emplace_back(collector.Id(), StatusMessage(status));
    return false;
  };
  ASSIGN_OR_RETURN(const std::vector<OtherSettlement> others,
                   scope.database.Transact({.read_only = true}, [&](pg::Transaction& tx) {
                     return OtherSettlements(tx, scope);
                   }));
  std::vector<std::unique_ptr<EpisodeCollector>> collectors;
  DateRange window = scope.dates.period;
  for (const DetailContract& contract : contracts) {
    if (FindBasis<EpisodeSum>(contract.terms)->payment == EpisodePayment::kBudget) {
      ASSIGN_OR_RETURN(BudgetOutcome budget, RecordBudgets(scope, contract));
      outcome.rows += budget.rows;
      const bool lacks = !budget.missing.empty();
      if (lacks) outcome.missing.emplace_back(contract.contract.id, std::move(budget.missing));
      if (lacks || !budget.final) continue;
    }
    auto collector = std::make_unique<EpisodeCollector>(scope, contract, others);
    const Status opened = scope.database.Transact(
        {.read_only = true}, [&](pg::Transaction& tx) { return collector->Open(tx); });
    ASSIGN_OR_RETURN(const bool usable, keep(*collector, opened));
    if (!usable) continue;
    window.from = std::min(window.from, collector->Window().from);
    window.to = std::max(*window.to, *collector->Window().to);
    collectors.push_back(std::move(collector));
  }
  if (collectors.empty()) return outcome;
  RETURN_IF_ERROR(ForEachMember(
      scope.database, {.payer = scope.payer, .known_at = scope.known_at, .claims = window},
      [&](MemberRecord& record) -> Status {
        for (auto collector = collectors.begin(); collector != collectors.end();) {
          ASSIGN_OR_RETURN(const bool usable, keep(**collector, (*collector)->Add(record)));
          collector = usable ? std::next(collector) : collectors.erase(collector);
        }
        return OkStatus();
      }));
  EpisodeService service(scope.database, scope.payer, scope.clock, scope.ids);
  std::int64_t done = 0;
  for (const auto& collector : collectors) {
    const StatusOr<DetailOutcome> finished = collector->Finish(service);
    ASSIGN_OR_RETURN(const bool usable, keep(*collector, finished.status()));
    if (usable) outcome.rows += finished->rows;
    if (scope.progress) scope.progress(++done, static_cast<std::int64_t>(contracts.size()));
  }
  return outcome;
}

}  // namespace sluice::performance
