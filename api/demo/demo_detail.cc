#include "api/demo/demo_detail.h"

#include <fmt/format.h>

#include <map>

#include "performance/activity/activity_service.h"
#include "performance/capitation/capitation_service.h"
#include "performance/program_run/detail_source.h"
#include "performance/program_run/run_facts.h"
#include "performance/settlement.h"

namespace sluice::demo {
namespace {

using performance::MemberMonthLine;
using performance::ReasonCode;

std::string Months(std::int64_t count) {
  return fmt::format("{:+} member-month{}", count, count == 1 || count == -1 ? "" : "s");
}

// Lines of the month itself in one sum, those of earlier months by cause, and what the contracts
// deduct from both to come to what they are `awarded`.
StatusOr<std::vector<DetailLine>> MonthsOf(const DemoContext& context, const DemoProgram& program,
                                           const Month month, const Money awarded) {
  performance::CapitationService service(context.database, context.clock, context.ids);
  struct Sum {
    std::int64_t lines = 0;
    std::int64_t months = 0;
    Money amount;
  };
  Sum current;
  std::map<ReasonCode, Sum> changes;
  for (const performance::Contract& contract : program.contracts) {
    ASSIGN_OR_RETURN(const std::vector<MemberMonthLine> lines, service.Lines(contract.id, month));
    for (const MemberMonthLine& line : lines) {
      const bool earlier = performance::ToMonth(line.month) != month;
      if (earlier && !line.reason) continue;
      Sum& sum = earlier ? changes[*line.reason] : current;
      sum.lines += 1;
      sum.months += line.CountChange();
      sum.amount += Money::FromCents(line.delta_cents);
    }
  }
  std::vector<DetailLine> lines = {{"of this month", current.amount.ToString(),
                                    fmt::format("{} member-months", current.months)}};
  Money deducted = awarded - current.amount;
  for (const auto& [reason, sum] : changes) {
    deducted -= sum.amount;
    lines.push_back({fmt::format("  earlier: {}", performance::ReasonName(reason)),
                     sum.amount.ToString(),
                     reason == ReasonCode::kPayeeMoved
                         ? fmt::format("{} moved to another payee", sum.lines / 2)
                         : Months(sum.months)});
  }
  if (deducted != Money()) lines.push_back({"fees deducted", deducted.ToString(), ""});
  return lines;
}

StatusOr<std::vector<DetailLine>> EventsOf(const DemoContext& context, const DemoProgram& program,
                                           const DateRange& period) {
  performance::ActivityService service(context.database, context.clock, context.ids);
  std::int64_t submitted = 0;
  std::int64_t paid = 0;
  std::map<ReasonCode, std::int64_t> refused;
  for (const performance::Contract& contract : program.contracts) {
    ASSIGN_OR_RETURN(const auto run, service.Newest(contract.id, period));
    if (!run) continue;
    ASSIGN_OR_RETURN(const std::vector<performance::ActivityLine> lines,
                     service.Lines(contract.id, run->run_id));
    for (const performance::ActivityLine& line : lines) {
      submitted += 1;
      if (line.reason) {
        refused[*line.reason] += 1;
      } else {
        paid += 1;
      }
    }
  }
  std::vector<DetailLine> lines = {
      {"events", fmt::format("{}", submitted), fmt::format("{} earned", paid)}};
  for (const auto& [reason, count] : refused) {
    lines.push_back(
        {fmt::format("  {}", performance::ReasonName(reason)), fmt::format("{}", count), ""});
  }
  return lines;
}

StatusOr<std::vector<DetailLine>> EpisodesOf(const DemoContext& context, const DemoProgram& program,
                                             const DateRange& period) {
  std::int64_t counted = 0;
  Exact target;
  Exact actual;
  for (const performance::Contract& contract : program.contracts) {
    ASSIGN_OR_RETURN(
        const performance::ContractFacts facts,
        performance::FactsOf(context.database, contract.id, period, context.clock.Now()));
    ASSIGN_OR_RETURN(const auto count, facts.own.Count(performance::kEpisodeCounted));
    ASSIGN_OR_RETURN(const auto own_target, facts.own.Amount(performance::kEpisodeTarget));
    ASSIGN_OR_RETURN(const auto own_actual, facts.own.Amount(performance::kEpisodeActual));
    counted += count.value_or(0);
    target = target + own_target.value_or(Exact());
    actual = actual + own_actual.value_or(Exact());
  }
  return std::vector<DetailLine>{
      {"target", Round(target, Rounding::kHalfAwayFromZero).ToString(),
       fmt::format("{} episodes", counted)},
      {"actual", Round(actual, Rounding::kHalfAwayFromZero).ToString(), ""}};
}

}  // namespace

StatusOr<std::vector<DetailLine>> DetailOf(const DemoContext& context, const DemoProgram& program,
                                           const DemoCycle& cycle, const Money awarded) {
  if (program.terms.empty()) return std::vector<DetailLine>();
  const performance::Terms& terms = program.terms.front().terms;
  if (performance::FindMemberMonthSum(terms) != nullptr) {
    return MonthsOf(context, program, Month::Of(cycle.period.from), awarded);
  }
  if (performance::FindBasis<performance::ActivitySum>(terms) != nullptr) {
    return EventsOf(context, program, cycle.period);
  }
  if (performance::FindBasis<performance::EpisodeSum>(terms) != nullptr) {
    return EpisodesOf(context, program, cycle.period);
  }
  return std::vector<DetailLine>();
}

}  // namespace sluice::demo
