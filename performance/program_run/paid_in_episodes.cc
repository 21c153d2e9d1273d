#include "performance/program_run/paid_in_episodes.h"

#include <algorithm>
#include <optional>

#include "performance/award_store.h"
#include "performance/episodes/episode_store.h"
#include "performance/program_run/published_lists.h"
#include "performance/program_run/run_facts.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

// To the settlement it is an edit like any other, whoever finds it.
constexpr std::string_view kSource = "bundles of another program";

using DaysOfMembers = std::map<std::int64_t, std::vector<DateRange>>;

struct Paid {
  Exact amount;
  std::string missing;
};

DaysOfMembers DaysOf(const std::vector<StoredList>& lists, const DateRange& period) {
  DaysOfMembers days;
  for (const auto& [member, entries] : ActiveEntries(lists)) {
    for (const ListEntry& entry : entries) {
      const Date from = std::max(entry.attributed.from, period.from);
      const Date to = std::min(entry.attributed.to.value_or(*period.to), *period.to);
      if (from < to) days[member].push_back(DateRange::Between(from, to));
    }
  }
  return days;
}

// The first day of `days` that is in none of the runs' periods.
std::optional<Date> FirstDayWithoutRun(const DateRange& days,
                                       const std::vector<StoredEpisodeRun>& runs) {
  Date day = days.from;
  while (day < *days.to) {
    const auto run = std::ranges::find_if(
        runs, [&](const StoredEpisodeRun& one) { return one.period.Contains(day); });
    if (run == runs.end()) return day;
    day = *run->period.to;
  }
  return std::nullopt;
}

// Reads what one bundle paid for the members of one settlement.
class Reader {
 public:
  Reader(pg::Transaction& tx, const DetailScope& scope, ContractId bundle)
      : tx_(tx), bundle_(bundle), now_(scope.clock.Now()) {}

  StatusOr<Paid> PaidOn(const DateRange& period, const DaysOfMembers& days) {
    const std::vector<ContractId> ids = {bundle_};
    const std::vector<Contract> contracts = FindContracts(tx_, ids);
    if (contracts.empty()) return Missing("there is no such contract");
    DateRange needed = contracts.front().effective;
    needed.from = std::max(needed.from, period.from);
    needed.to = std::min(needed.to.value_or(*period.to), *period.to);
    if (needed.from >= *needed.to) return Paid{};
    const std::vector<StoredEpisodeRun> runs = EpisodeRunsOf(tx_, bundle_, *period.to);
    if (const auto day = FirstDayWithoutRun(needed, runs)) {
      return Missing(fmt::format("its episodes of {} have not run; run its program first",
                                 FormatDate(*day)));
    }
    Paid paid;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      ASSIGN_OR_RETURN(const auto of_run, PaidInRun(runs, i, days));
      if (!of_run) return Missing("what quality and limits left of its episodes is not known yet");
      paid.amount = paid.amount + *of_run;
    }
    return paid;
  }

 private:
  Paid Missing(const std::string& why) const {
    return {.amount = {}, .missing = fmt::format("{} ({})", PaidInEpisodes(bundle_), why)};
  }

  StatusOr<std::optional<EpisodeSum>> TermsOf(const DateRange& period) {
    const std::vector<ContractId> ids = {bundle_};
    for (const TermsRow& row : TermsOn(tx_, ids, period.from, now_)) {
      ASSIGN_OR_RETURN(const Terms terms, DecodeTerms(row.content));
      if (const EpisodeSum* sum = FindBasis<EpisodeSum>(terms)) return std::optional(*sum);
    }
    return std::optional<EpisodeSum>();
  }

  // None when the part that was paid is needed and not known. Newer runs come first.
  StatusOr<std::optional<Exact>> PaidInRun(const std::vector<StoredEpisodeRun>& runs,
                                           std::size_t at, const DaysOfMembers& days) {
    const StoredEpisodeRun& run = runs[at];
    ASSIGN_OR_RETURN(const std::optional<EpisodeSum> terms, TermsOf(run.period));
    const EpisodeSum rule = terms.value_or(EpisodeSum{});
    Exact sum;
    for (const EpisodeLine& line : LinesOfEpisodeRun(tx_, bundle_, run.run_id)) {
      const auto of_member = days.find(line.member_id);
      if (of_member == days.end()) continue;
      const Date day = PeriodDayOf(rule, line);
      const bool replaced = std::any_of(
          runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(at),
          [&](const StoredEpisodeRun& newer) { return newer.period.Contains(day); });
      if (!replaced) sum = sum + ResultOn(line, of_member->second);
    }
    if (sum.IsZero()) return std::optional(sum);
    const std::vector<ContractId> ids = {bundle_};
    ASSIGN_OR_RETURN(auto facts, LoadFacts(tx_, ids, run.period, now_));
    ASSIGN_OR_RETURN(const std::optional<Ratio> part, facts[bundle_].own.RatioOf(kEpisodePaidPart));
    if (!part) return std::optional<Exact>();
    return std::optional(sum * *part);
  }

  pg::Transaction& tx_;
  ContractId bundle_;
  Instant now_;
};

StatusOr<std::int64_t> Store(const DetailScope& scope, ContractId settlement,
                             const DateRange& period, Facts facts) {
  const FactChange change{
      .set = {.contract = settlement, .period = period, .facts = std::move(facts)}, .gone = {}};
  return RecordChanges(scope.database, {&change, 1}, scope.clock, scope.ids, std::string(kSource));
}

// Puts together what lacks for one settlement; else records.
StatusOr<std::int64_t> TakeOff(const DetailScope& scope, const DetailContract& contract,
                               std::string& missing) {
  const DateRange& period = scope.dates.period;
  const ContractId id = contract.contract.id;
  Facts facts;
  RETURN_IF_ERROR(scope.database.Transact({.read_only = true}, [&](pg::Transaction& tx) -> Status {
    const std::vector<StoredList> lists = PublishedLists(tx, id, scope.known_at);
    if (lists.empty()) {
      missing = fmt::format("the attribution list of {} (publish it)", period.ToString());
      return OkStatus();
    }
    const DaysOfMembers days = DaysOf(lists, period);
    for (const auto& [fact, bundle] : BundlesTakenOff(contract.terms)) {
      ASSIGN_OR_RETURN(const Paid paid, Reader(tx, scope, bundle).PaidOn(period, days));
      if (!paid.missing.empty()) {
        missing = paid.missing;
        return OkStatus();
      }
      facts.Set(fact, paid.amount);
    }
    return OkStatus();
  }));
  if (!missing.empty()) return 0;
  return Store(scope, id, period, std::move(facts));
}

}  // namespace

std::map<std::string, ContractId> BundlesTakenOff(const Terms& terms) {
  std::map<std::string, ContractId> bundles;
  const auto* basis = FindBasis<BenchmarkMinusActual>(terms);
  if (basis == nullptr) return bundles;
  for (const BenchmarkAdjustment& adjustment : basis->adjustments) {
    const auto* paid = std::get_if<PaidElsewhere>(&adjustment.kind);
    if (paid == nullptr) continue;
    for (const std::string& fact : paid->facts) {
      if (const auto bundle = BundleOf(fact)) bundles.emplace(fact, *bundle);
    }
  }
  return bundles;
}

StatusOr<DetailOutcome> PaidInEpisodesSource::Refresh(const DetailScope& scope,
                                                      std::span<const DetailContract> contracts) {
  DetailOutcome outcome;
  std::int64_t done = 0;
  for (const DetailContract& contract : contracts) {
    std::string missing;
    ASSIGN_OR_RETURN(const std::int64_t rows, TakeOff(scope, contract, missing));
    outcome.rows += rows;
    if (!missing.empty()) outcome.missing.emplace_back(contract.contract.id, std::move(missing));
    if (scope.progress) scope.progress(++done, static_cast<std::int64_t>(contracts.size()));
  }
  return outcome;
}

StatusOr<std::int64_t> TellSettlement(const DetailScope& scope, ContractId settlement,
                                      ContractId bundle, const DateRange& days) {
  std::vector<std::pair<DateRange, Exact>> told;
  RETURN_IF_ERROR(scope.database.Transact({.read_only = true}, [&](pg::Transaction& tx) -> Status {
    const std::vector<StoredList> lists = PublishedLists(tx, settlement, scope.known_at);
    for (const DateRange& period : AwardPeriods(tx, settlement)) {
      if (lists.empty() || !period.Overlaps(days)) continue;
      ASSIGN_OR_RETURN(const Paid paid,
                       Reader(tx, scope, bundle).PaidOn(period, DaysOf(lists, period)));
      if (paid.missing.empty()) told.emplace_back(period, paid.amount);
    }
    return OkStatus();
  }));
  std::int64_t rows = 0;
  for (const auto& [period, amount] : told) {
    Facts facts;
    facts.Set(PaidInEpisodes(bundle), amount);
    ASSIGN_OR_RETURN(const std::int64_t changed,
                     Store(scope, settlement, period, std::move(facts)));
    rows += changed;
  }
  return rows;
}

}  // namespace sluice::performance
