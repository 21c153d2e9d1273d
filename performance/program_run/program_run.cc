#include "performance/program_run/program_run.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "hierarchy/hierarchy_service.h"
#include "performance/feeds/gate_service.h"
#include "performance/program_run/activity_source.h"
#include "performance/program_run/capitation_source.h"
#include "performance/program_run/deficit_source.h"
#include "performance/program_run/delivered_data.h"
#include "performance/program_run/episode_source.h"
#include "performance/program_run/forfeit_sharing.h"
#include "performance/program_run/measure_source.h"
#include "performance/program_run/member_cost_source.h"
#include "performance/program_run/paid_in_episodes.h"
#include "performance/program_run/program_order.h"
#include "performance/program_run/run_facts.h"
#include "performance/program_store.h"
#include "performance/settlement.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kContractsPerRead = 128;

// The contracts of a program in a period, those without terms in force apart.
struct LoadedContracts {
  std::vector<DetailContract> with_terms;
  std::vector<ContractId> without_terms;
};

StatusOr<LoadedContracts> LoadContracts(pg::Transaction& tx, const ProgramRunRequest& request,
                                        Instant now) {
  if (!FindProgram(tx, request.program)) {
    return NotFound("program {} is not known", request.program);
  }
  const std::vector<Contract> contracts =
      ContractsInPeriod(tx, request.program, request.dates.period, std::nullopt);
  LoadedContracts loaded;
  for (std::size_t at = 0; at < contracts.size(); at += kContractsPerRead) {
    const std::size_t end = std::min(at + kContractsPerRead, contracts.size());
    std::vector<ContractId> ids;
    for (std::size_t i = at; i < end; ++i) ids.push_back(contracts[i].id);
    std::map<ContractId, TermsRow> rows;
    for (TermsRow& row : TermsOn(tx, ids, request.dates.period.from, now)) {
      if (row.state == TermsState::kInForce) rows.emplace(row.contract, std::move(row));
    }
    for (std::size_t i = at; i < end; ++i) {
      const auto row = rows.find(contracts[i].id);
      if (row == rows.end()) {
        loaded.without_terms.push_back(contracts[i].id);
        continue;
      }
      ASSIGN_OR_RETURN(Terms terms, DecodeTerms(row->second.content));
      loaded.with_terms.push_back({.contract = contracts[i],
                                   .effective = row->second.effective,
                                   .terms = std::move(terms)});
    }
  }
  return loaded;
}

Status CheckRequest(const ProgramRunRequest& request, Instant now) {
  const DateRange& period = request.dates.period;
  if (!period.to || period.IsEmpty()) {
    return InvalidArgument("a run needs a closed period; {} is not", period.ToString());
  }
  if (request.known_at && *request.known_at > now) {
    return InvalidArgument("known_at {} is in the future", request.known_at->ToString());
  }
  return OkStatus();
}

void Add(const CalculationSummary& more, CalculationSummary& sum) {
  sum.contracts += more.contracts;
  sum.unchanged += more.unchanged;
  sum.new_versions += more.new_versions;
  sum.blocked += more.blocked;
  sum.shares += more.shares;
  sum.earned += more.earned;
  sum.losses += more.losses;
  sum.recouped += more.recouped;
  sum.withheld += more.withheld;
  sum.forfeited += more.forfeited;
  sum.payable += more.payable;
  sum.delta += more.delta;
  for (const auto& [reason, count] : more.zeros) sum.zeros[reason] += count;
  sum.missing.insert(sum.missing.end(), more.missing.begin(), more.missing.end());
}

// One run, step by step.
class Job {
 public:
  Job(const pg::Database& database, PayerId payer, Clock& clock, IdGenerator& ids,
      const ProgramRunRequest& request)
      : database_(database),
        payer_(payer),
        clock_(clock),
        ids_(ids),
        request_(request),
        known_at_(request.known_at.value_or(clock.Now())),
        hierarchies_(database, clock),
        programs_(database, clock, ids) {}

  StatusOr<ProgramRunSummary> Run(std::span<const std::unique_ptr<DetailSource>> sources) {
    RETURN_IF_ERROR(Load());
    ASSIGN_OR_RETURN(const hierarchy::AffiliationsOverTime affiliations,
                     hierarchies_.OverTime(payer_, known_at_));
    const DateRange& period = request_.dates.period;
    ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot at_end,
                     SnapshotOn(*period.to - Days(1), affiliations.Version()));
    const DetailScope scope{.database = database_,
                            .payer = payer_,
                            .program = request_.program,
                            .dates = request_.dates,
                            .known_at = known_at_,
                            .actor = request_.actor,
                            .clock = clock_,
                            .ids = ids_,
                            .hierarchy = at_end,
                            .affiliations = affiliations,
                            .progress = nullptr};
    ASSIGN_OR_RETURN(summary_.data_facts, RecordDeliveredData(scope, mine_));
    for (const auto& source : sources) RETURN_IF_ERROR(Refresh(*source, scope));

    std::vector<const DetailContract*> first;
    std::vector<const DetailContract*> shared;
    for (const DetailContract& contract : mine_) {
      (PaysRedistribution(contract.terms) ? shared : first).push_back(&contract);
    }
    RETURN_IF_ERROR(Calculate(first, affiliations));
    RETURN_IF_ERROR(CalculateWithoutTerms(at_end));
    RETURN_IF_ERROR(Share(scope));
    RETURN_IF_ERROR(Calculate(shared, affiliations));
    ASSIGN_OR_RETURN(const ContractTexts refused, BookDeficits(scope, mine_));
    summary_.unbooked.insert(summary_.unbooked.end(), refused.begin(), refused.end());
    GateService gates(database_, payer_, clock_, ids_);
    RETURN_IF_ERROR(
        gates.RecordInputs(request_.program, request_.dates.period, known_at_, request_.contracts)
            .status());
    RETURN_IF_ERROR(CheckGates(gates));
    return std::move(summary_);
  }

 private:
  // All contracts of the program, and those of the run.
  Status Load() {
    const Instant now = clock_.Now();
    ASSIGN_OR_RETURN(LoadedContracts loaded,
                     database_.Transact([&](pg::Transaction& tx) -> StatusOr<LoadedContracts> {
                       return LoadContracts(tx, request_, now);
                     }));
    all_ = std::move(loaded.with_terms);
    if (!request_.contracts) {
      mine_ = all_;
      without_terms_ = std::move(loaded.without_terms);
      return OkStatus();
    }
    std::set<ContractId> wanted(request_.contracts->begin(), request_.contracts->end());
    for (const DetailContract& contract : all_) {
      if (wanted.erase(contract.contract.id) > 0) mine_.push_back(contract);
    }
    for (const ContractId contract : loaded.without_terms) {
      if (wanted.erase(contract) > 0) without_terms_.push_back(contract);
    }
    if (wanted.empty()) return OkStatus();
    return NotFound("contract {} is not one of program {} in {}", *wanted.begin(),
                    request_.program, request_.dates.period.ToString());
  }

  // Of one version, so that the days of one calculation fit together.
  StatusOr<hierarchy::HierarchySnapshot> SnapshotOn(Date day, std::int64_t version) {
    return hierarchies_.PinnedSnapshot(payer_, {.as_of = day, .version = version});
  }

  Status Refresh(DetailSource& source, const DetailScope& base) {
    std::vector<DetailContract> served;
    for (const DetailContract& contract : mine_) {
      if (source.Serves(contract.terms)) served.push_back(contract);
    }
    const std::string fact = std::string(kInputMissingPrefix) + std::string(source.Name());
    std::vector<FactChange> changes;
    DetailOutcome outcome;
    if (!served.empty()) {
      DetailScope scope = base;
      if (request_.progress) {
        scope.progress = [&](std::int64_t done, std::int64_t all) {
          request_.progress(source.Name(), done, all);
        };
      }
      ASSIGN_OR_RETURN(outcome, source.Refresh(scope, served));
    }
    std::map<ContractId, std::string> missing(outcome.missing.begin(), outcome.missing.end());
    for (const DetailContract& contract : mine_) {
      FactChange change{
          .set = {.contract = contract.contract.id, .period = request_.dates.period}, .gone = {}};
      const auto lacks = missing.find(contract.contract.id);
      if (lacks == missing.end()) {
        change.gone.push_back(fact);
      } else {
        change.set.facts.SetText(fact, lacks->second);
      }
      changes.push_back(std::move(change));
    }
    RETURN_IF_ERROR(
        RecordChanges(database_, changes, clock_, ids_, std::string(source.Name())).status());
    if (served.empty()) return OkStatus();
    DetailSummary summary{.source = std::string(source.Name()),
                          .contracts = static_cast<std::int64_t>(served.size()),
                          .rows = outcome.rows,
                          .missing = std::move(outcome.missing),
                          .left = std::move(outcome.left)};
    summary.missing.insert(summary.missing.end(), outcome.blocked.begin(), outcome.blocked.end());
    summary_.details.push_back(std::move(summary));
    return OkStatus();
  }

  // The day whose hierarchy the contract's split asks about.
  StatusOr<Date> HierarchyDay(const DetailContract& contract) {
    const Date last = *request_.dates.period.to - Days(1);
    const Split* split = FindSplit(contract.terms);
    if (split == nullptr) return last;
    switch (split->standing) {
      case StandingDay::kPayDate:
        return request_.dates.pay_date;
      case StandingDay::kSettlementDate: {
        ASSIGN_OR_RETURN(const ContractFacts facts,
                         FactsOf(database_, contract.contract.id, request_.dates.period,
                                 clock_.Now()));
        ASSIGN_OR_RETURN(const std::optional<Date> settled, facts.own.DateOf("settlement_date"));
        return settled.value_or(request_.dates.pay_date);
      }
      case StandingDay::kPeriodEnd:
      case StandingDay::kServiceDate:
        break;
    }
    return last;
  }

  // Contracts that share one hierarchy are calculated together.
  struct DayGroup {
    std::vector<ContractId> contracts;
    std::set<Date> other_days;
  };

  Status Calculate(const std::vector<const DetailContract*>& contracts,
                   const hierarchy::AffiliationsOverTime& affiliations) {
    std::map<Date, DayGroup> groups;
    const DateRange& period = request_.dates.period;
    for (const DetailContract* contract : contracts) {
      ASSIGN_OR_RETURN(const Date day, HierarchyDay(*contract));
      DayGroup& group = groups[day];
      group.contracts.push_back(contract->contract.id);
      const Split* split = FindSplit(contract->terms);
      if (split == nullptr || split->membership != Membership::kDuringPeriod) continue;
      group.other_days.insert(period.from);
      for (const Date change : affiliations.ChangeDays(contract->contract.party, period)) {
        group.other_days.insert(change);
      }
    }
    for (auto& [day, group] : groups) {
      group.other_days.erase(day);
      ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot on_day,
                       SnapshotOn(day, affiliations.Version()));
      std::vector<hierarchy::HierarchySnapshot> others;
      for (const Date other : group.other_days) {
        ASSIGN_OR_RETURN(hierarchy::HierarchySnapshot snapshot,
                         SnapshotOn(other, affiliations.Version()));
        others.push_back(std::move(snapshot));
      }
      RETURN_IF_ERROR(CalculateGroup(group.contracts, on_day, others));
    }
    return OkStatus();
  }

  // They block for want of terms; the award says so.
  Status CalculateWithoutTerms(const hierarchy::HierarchySnapshot& at_end) {
    if (without_terms_.empty()) return OkStatus();
    return CalculateGroup(without_terms_, at_end, {});
  }

  Status CalculateGroup(const std::vector<ContractId>& contracts,
                        const hierarchy::HierarchySnapshot& on_day,
                        std::span<const hierarchy::HierarchySnapshot> others) {
    CalculateRequest request{.program = request_.program,
                             .dates = request_.dates,
                             .known_at = std::nullopt,
                             .contracts = contracts,
                             .other_days = others,
                             .progress = nullptr};
    if (request_.progress) {
      request.progress = [&](std::int64_t done, std::int64_t all) {
        request_.progress("award", done, all);
      };
    }
    ASSIGN_OR_RETURN(const CalculationSummary summary, programs_.Calculate(request, on_day));
    Add(summary, summary_.awards);
    return OkStatus();
  }

  Status Share(const DetailScope& scope) {
    ASSIGN_OR_RETURN(SharingOutcome outcome, ShareForfeits(scope, all_));
    summary_.shared_facts = outcome.facts;
    summary_.pending = std::move(outcome.pending);
    summary_.unbooked = std::move(outcome.unpaid);
    return OkStatus();
  }

  Status CheckGates(GateService& gates) {
    ASSIGN_OR_RETURN(const bool needed,
                     gates.NeedsCheck(request_.program, request_.dates.period));
    ASSIGN_OR_RETURN(summary_.gates, gates.Checks(request_.program, request_.dates.period));
    // The whole program came out the same with the data of today: a gate that failed may pass now.
    // An override is of one check and is not lost.
    const bool overridden = std::ranges::any_of(
        summary_.gates, [](const GateCheck& check) { return check.overridden_by.has_value(); });
    const bool again = !request_.contracts && !overridden &&
                       std::ranges::any_of(summary_.gates, &GateCheck::Blocks);
    if (!needed && !again) return OkStatus();
    const auto known_at = request_.contracts ? std::nullopt : std::optional(known_at_);
    ASSIGN_OR_RETURN(summary_.gates,
                     gates.Check(request_.program, request_.dates.period, known_at));
    return OkStatus();
  }

  const pg::Database& database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
  const ProgramRunRequest& request_;
  Instant known_at_;
  hierarchy::HierarchyService hierarchies_;
  ProgramService programs_;
  std::vector<DetailContract> all_;
  std::vector<DetailContract> mine_;
  std::vector<ContractId> without_terms_;
  ProgramRunSummary summary_;
};

}  // namespace

bool ProgramRunSummary::GatesPass() const {
  return std::ranges::none_of(gates, &GateCheck::Blocks);
}

ProgramRun::ProgramRun(const pg::Database& database, PayerId payer, Clock& clock, IdGenerator& ids)
    : database_(database.ForPayer(payer)), payer_(payer), clock_(clock), ids_(ids) {
  AddSource(std::make_unique<DeficitSource>());
  AddSource(std::make_unique<CapitationSource>());
  AddSource(std::make_unique<ActivitySource>());
  AddSource(std::make_unique<EpisodeSource>());
  AddSource(std::make_unique<PaidInEpisodesSource>());
  AddSource(std::make_unique<MemberCostSource>());
  AddSource(std::make_unique<MeasureSource>());
}

ProgramRun::~ProgramRun() = default;

void ProgramRun::AddSource(std::unique_ptr<DetailSource> source) {
  sources_.push_back(std::move(source));
}

StatusOr<ProgramRunSummary> ProgramRun::Run(const ProgramRunRequest& request) {
  RETURN_IF_ERROR(CheckRequest(request, clock_.Now()));
  return Job(database_, payer_, clock_, ids_, request).Run(sources_);
}

StatusOr<std::vector<OrderedRun>> ProgramRun::RunAll(std::vector<ProgramRunRequest> requests) {
  for (const ProgramRunRequest& request : requests) {
    RETURN_IF_ERROR(CheckRequest(request, clock_.Now()));
  }
  ASSIGN_OR_RETURN(requests, InOrder(database_, std::move(requests), clock_.Now()));
  std::vector<OrderedRun> runs;
  for (ProgramRunRequest& request : requests) {
    ASSIGN_OR_RETURN(ProgramRunSummary summary, Run(request));
    runs.push_back({.program = request.program,
                    .period = request.dates.period,
                    .summary = std::move(summary)});
  }
  return runs;
}

}  // namespace sluice::performance
