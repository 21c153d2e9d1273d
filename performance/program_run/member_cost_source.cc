#include "performance/program_run/member_cost_source.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "performance/attribution_facts.h"
#include "performance/members/member_stream.h"
#include "performance/program_run/excluded_coverage.h"
#include "performance/program_run/published_lists.h"
#include "performance/program_run/run_facts.h"
#include "performance/savings/completion.h"
#include "performance/savings/member_cost.h"

namespace sluice::performance {
namespace {

const BenchmarkMinusActual* BasisOf(const Terms& terms) {
  const auto* basis = FindBasis<BenchmarkMinusActual>(terms);
  return basis != nullptr && basis->detail ? basis : nullptr;
}

// The enrollment types of the contract: those of a historical benchmark, else one for all.
std::vector<std::string> TypesOf(const BenchmarkMinusActual& basis) {
  const auto* benchmark = std::get_if<HistoricalBenchmark>(&basis.target);
  return benchmark != nullptr ? benchmark->types : std::vector<std::string>{"all"};
}

std::vector<Month> MonthsIn(const DateRange& range, const DateRange& period) {
  std::vector<Month> months;
  const Date end = std::min(range.to.value_or(*period.to), *period.to);
  for (Month month = Month::Of(std::max(range.from, period.from)); month.FirstDay() < end;
       month = month + 1) {
    months.push_back(month);
  }
  return months;
}

// The coverage of a member around a day, without its gaps of whole days.
DateRange CoverageAround(const MemberRecord& record, Date day) {
  DateRange around{day, day};
  bool grew = true;
  while (grew) {
    grew = false;
    for (const CoverageSpan& span : record.coverage) {
      const Date end = span.covered.to.value_or(Date::max());
      if (span.covered.from > *around.to || end < around.from) continue;
      if (span.covered.from >= around.from && end <= *around.to) continue;
      around.from = std::min(around.from, span.covered.from);
      around.to = std::max(*around.to, end);
      grew = true;
    }
  }
  return around;
}

// The product that covers the member on the first covered day of the month.
const CoverageSpan* CoverageIn(const MemberRecord& record, Month month) {
  for (Date day = month.FirstDay(); day < month.End(); day += Days(1)) {
    for (const CoverageSpan& span : record.coverage) {
      if (span.covered.Contains(day)) return &span;
    }
  }
  return nullptr;
}

// The cost of a contract's members while they are streamed.
class CostCollector {
 public:
  CostCollector(const DetailScope& scope, const DetailContract& contract)
      : scope_(scope),
        contract_(contract),
        basis_(*BasisOf(contract.terms)),
        types_(TypesOf(basis_)),
        by_percentile_(basis_.detail->truncation.rule == TruncationRule::kPercentile) {}

  // FailedPrecondition says what lacks.
  Status Open(pg::Transaction& tx) {
    const ContractId id = contract_.contract.id;
    const DateRange& period = scope_.dates.period;
    if (period.from != Month::Of(period.from).FirstDay() ||
        *period.to != Month::Of(*period.to).FirstDay()) {
      return FailedPrecondition("a period of whole months (member cost is by month; {} is not)",
                                period.ToString());
    }
    const std::vector<StoredList> lists = PublishedLists(tx, id, scope_.known_at);
    const StoredList* list = ListOf(lists, period);
    if (list == nullptr) {
      return FailedPrecondition("the attribution list of {} (publish it)", period.ToString());
    }
    entries_ = ActiveEntries({*list});
    const std::vector<ContractId> ids = {id};
    ASSIGN_OR_RETURN(auto facts, LoadFacts(tx, ids, period, scope_.clock.Now()));
    facts_ = std::move(facts[id].own);
    ASSIGN_OR_RETURN(const std::optional<bool> drugs, facts_.Flag(kCostWithDrugs));
    with_drugs_ = drugs.value_or(false);
    return OkStatus();
  }

  // A failure that stays: what lacks.
  Status Add(const MemberRecord& record) {
    const auto entries = entries_.find(record.member.id);
    if (entries != entries_.end()) {
      std::set<Month> months;
      for (const ListEntry& entry : entries->second) {
        for (const Month month : MonthsIn(entry.attributed, scope_.dates.period)) {
          months.insert(month);
        }
      }
      RETURN_IF_ERROR(AddTo(record, months, true, members_));
    }
    if (!by_percentile_) return OkStatus();
    std::set<Month> covered;
    for (const CoverageSpan& span : record.coverage) {
      for (const Month month : MonthsIn(span.covered, scope_.dates.period)) covered.insert(month);
    }
    return AddTo(record, covered, false, population_);
  }

  StatusOr<Facts> Finish() {
    const SavingsDetail& detail = *basis_.detail;
    const DateRange& period = scope_.dates.period;
    const auto thresholds = FindThresholds(detail.truncation, types_, population_, period);
    if (!thresholds.ok()) return FailedPrecondition("{}", StatusMessage(thresholds.status()));
    ASSIGN_OR_RETURN(MemberCostResult result,
                     SummarizeMembers(detail, types_, *thresholds, period, members_));
    Facts completed;
    if (detail.completion) {
      ASSIGN_OR_RETURN(completed, Completed(*detail.completion));
      ASSIGN_OR_RETURN(const std::optional<Exact> open, completed.Amount(kIncurredNotPaid));
      result.expenditure = result.expenditure + *open;
    }
    Facts facts = result.ToFacts("py");
    for (const auto& [name, value] : completed.Values()) facts.Set(name, value);
    facts.SetCount(kAttributedMembersFact, AttributedMembers(entries_, period));
    return facts;
  }

  ContractId Id() const { return contract_.contract.id; }

 private:
  StatusOr<std::string> TypeIn(const MemberRecord& record, Month month) const {
    if (types_.size() == 1) return types_.front();
    const CoverageSpan* coverage = CoverageIn(record, month);
    const std::string product = coverage == nullptr ? std::string() : coverage->product;
    if (std::ranges::find(types_, product) != types_.end()) return product;
    return FailedPrecondition(
        "the enrollment type of member {} in {} (its product '{}' is none of the contract's)",
        record.member.number, month.ToString(), product);
  }

  // The entries of one member, one for each type it had in the months.
  Status AddTo(const MemberRecord& record, const std::set<Month>& months, bool own,
               std::vector<MemberCost>& out) {
    std::map<std::string, std::set<Month>> by_type;
    std::set<Month> excluded;
    for (const Month month : months) {
      const bool left_out =
          !ExcludedIn(record.coverage, month, basis_.detail->excluded_products).empty();
      const StatusOr<std::string> type = TypeIn(record, month);
      // Somebody of no type is no part of a reference population, and need not have one in a month
      // that does not count.
      if (!type.ok() && (!own || left_out)) continue;
      RETURN_IF_ERROR(type.status());
      by_type[*type].insert(month);
      if (left_out) excluded.insert(month);
    }
    for (const auto& [type, of_type] : by_type) {
      MemberCost cost{.member_id = record.member.id, .type = type};
      const Month first = *of_type.begin();
      const Month last = *of_type.rbegin();
      const DateRange around = CoverageAround(record, first.FirstDay());
      cost.enrolled = {first.FirstDay(), last.End()};
      // Months before the period count for the waiting of a new member.
      if (first.FirstDay() == scope_.dates.period.from) cost.enrolled.from = around.from;
      for (Month month = first; month <= last; month = month + 1) {
        if (!of_type.contains(month)) cost.without.push_back(month);
      }
      std::set<Month> counted;
      for (const Month month : of_type) {
        if (excluded.contains(month)) {
          cost.excluded.push_back(month);
        } else {
          counted.insert(month);
        }
      }
      RETURN_IF_ERROR(AddCosts(record, counted, own, cost));
      out.push_back(std::move(cost));
    }
    return OkStatus();
  }

  Status AddCosts(const MemberRecord& record, const std::set<Month>& months, bool own,
                  MemberCost& cost) {
    std::map<Month, Money> sums;
    const auto add = [&](const auto& line, Date service) -> Status {
      const Month month = Month::Of(service);
      if (line.status != ClaimStatus::kFinal || !months.contains(month)) return OkStatus();
      if (!line.paid) {
        return FailedPrecondition("the paid amount of claim {} line {}", line.claim_number,
                                  line.line_number);
      }
      sums[month] += *line.paid;
      if (own && basis_.detail->completion) AddToTriangle(line, month);
      return OkStatus();
    };
    for (const MedicalClaimLine& line : record.claims) {
      RETURN_IF_ERROR(add(line, line.service_from));
    }
    if (with_drugs_) {
      for (const PharmacyClaimLine& line : record.drugs) {
        RETURN_IF_ERROR(add(line, line.dispensed_on));
      }
    }
    for (const auto& [month, sum] : sums) cost.costs.push_back({.month = month, .cost = sum});
    return OkStatus();
  }

  template <typename Line>
  void AddToTriangle(const Line& line, Month incurred) {
    if (!line.paid_on) {
      if (undated_.empty()) {
        undated_ = fmt::format("claim {} line {}", line.claim_number, line.line_number);
      }
      return;
    }
    // What was paid before the month of service was prepaid: lag 0.
    const Month paid = std::max(Month::Of(*line.paid_on), incurred);
    const int lag = (paid.Year() - incurred.Year()) * 12 + static_cast<int>(paid.Number()) -
                    static_cast<int>(incurred.Number());
    triangle_[{incurred, lag}] += *line.paid;
  }

  // What is incurred and not paid, and the factors it rests on.
  StatusOr<Facts> Completed(const Completion& rule) const {
    if (!undated_.empty()) return FailedPrecondition("the day of payment of {}", undated_);
    const Month valuation = Month::Of(scope_.known_at.UtcDate()) + -1;
    std::vector<PaidCell> cells;
    Money later;  // paid after the valuation: counted as it is
    for (const auto& [key, paid] : triangle_) {
      if (key.first + key.second > valuation) {
        later += paid;
      } else {
        cells.push_back({.incurred = key.first, .lag = key.second, .paid = paid});
      }
    }
    Facts facts;
    ASSIGN_OR_RETURN(const auto frozen, facts_.Text(kFrozenFactors));
    CompletionFactors factors;
    if (frozen) {
      ASSIGN_OR_RETURN(factors, CompletionFactors::Parse(*frozen));
    } else {
      ASSIGN_OR_RETURN(factors, FindCompletionFactors(rule, cells, valuation));
      facts.SetText(kFrozenFactors, factors.ToText());
    }
    std::map<Month, Money> expected;
    for (const Month month : MonthsIn(scope_.dates.period, scope_.dates.period)) {
      ASSIGN_OR_RETURN(const auto amount,
                       facts_.Amount("completion_expected." + month.ToString()));
      if (amount) expected[month] = Round(*amount, Rounding::kHalfAwayFromZero);
    }
    ASSIGN_OR_RETURN(const CompletedCost cost,
                     CompleteCost(rule, factors, cells, valuation, scope_.dates.period, expected,
                                  Money()));
    // What came after the valuation is a part of what was still open then.
    Exact open = cost.ultimate - Exact(cost.paid) - Exact(later);
    if (open.Sign() < 0) open = Exact();
    facts.Set(kIncurredNotPaid, open);
    facts.SetText("completion_factors_sha256", ToHex(cost.factors_digest));
    return facts;
  }

  const DetailScope& scope_;
  const DetailContract& contract_;
  const BenchmarkMinusActual& basis_;
  std::vector<std::string> types_;
  bool by_percentile_;
  bool with_drugs_ = false;
  Facts facts_;
  std::map<std::int64_t, std::vector<ListEntry>> entries_;
  std::vector<MemberCost> members_;
  std::vector<MemberCost> population_;
  std::map<std::pair<Month, int>, Money> triangle_;
  std::string undated_;
};

}  // namespace

bool MemberCostSource::Serves(const Terms& terms) const { return BasisOf(terms) != nullptr; }

StatusOr<DetailOutcome> MemberCostSource::Refresh(const DetailScope& scope,
                                                  std::span<const DetailContract> contracts) {
  DetailOutcome outcome;
  std::vector<std::unique_ptr<CostCollector>> collectors;
  // What lacks ends a contract's part, and the others go on.
  const auto keep = [&](const CostCollector& collector, const Status& status) -> StatusOr<bool> {
    if (status.ok()) return true;
    if (status.code() != absl::StatusCode::kFailedPrecondition) return status;
    outcome.missing.emplace_back(collector.Id(), StatusMessage(status));
    return false;
  };
  for (const DetailContract& contract : contracts) {
    auto collector = std::make_unique<CostCollector>(scope, contract);
    const Status opened = scope.database.Transact(
        {.read_only = true}, [&](pg::Transaction& tx) { return collector->Open(tx); });
    ASSIGN_OR_RETURN(const bool usable, keep(*collector, opened));
    if (usable) collectors.push_back(std::move(collector));
  }
  if (collectors.empty()) return outcome;
  // One pass over the payer's members serves every contract.
  RETURN_IF_ERROR(ForEachMember(
      scope.database,
      {.payer = scope.payer,
       .known_at = scope.known_at,
       .claims = scope.dates.period,
       .drugs = scope.dates.period},
      [&](MemberRecord& record) -> Status {
        for (auto collector = collectors.begin(); collector != collectors.end();) {
          ASSIGN_OR_RETURN(const bool usable, keep(**collector, (*collector)->Add(record)));
          collector = usable ? std::next(collector) : collectors.erase(collector);
        }
        return OkStatus();
      }));
  std::int64_t done = 0;
  for (const auto& collector : collectors) {
    const StatusOr<Facts> facts = collector->Finish();
    ASSIGN_OR_RETURN(const bool usable, keep(*collector, facts.status()));
    if (usable) {
      const FactChange change{.set = {.contract = collector->Id(),
                                      .period = scope.dates.period,
                                      .facts = *facts}};
      ASSIGN_OR_RETURN(const std::int64_t rows,
                       RecordChanges(scope.database, {&change, 1}, scope.clock, scope.ids,
                                     "member cost"));
      outcome.rows += rows;
    }
    if (scope.progress) scope.progress(++done, static_cast<std::int64_t>(contracts.size()));
  }
  return outcome;
}

}  // namespace sluice::performance
