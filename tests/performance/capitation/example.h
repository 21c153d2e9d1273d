// The contract of PROGRAM_MATH 13.6 and a panel of invented members, for tests of capitation.
#pragma once

#include <string>
#include <vector>

#include "core/check.h"
#include "performance/capitation/member_months.h"
#include "performance/terms.h"

namespace sluice::performance::testing {

inline Date Day(int year, unsigned month, unsigned day) { return MakeDate(year, month, day); }
inline DayNumber DayOf(int year, unsigned month, unsigned day) {
  return ToDayNumber(MakeDate(year, month, day));
}
inline MonthNumber MonthOf(int year, unsigned month) { return ToMonthNumber(Month(year, month)); }
inline std::int64_t At(int year, unsigned month, unsigned day) {
  return Instant::AtMidnight(MakeDate(year, month, day)).Micros();
}

inline UnitPrice Cents(std::int64_t cents) { return UnitPrice::FromMillionths(cents * 10'000); }

inline RateVersion Rates(Month from, std::vector<std::int64_t> cents) {
  CHECK(cents.size() == 6);
  return RateVersion{
      .from = from,
      .cells = {{.label = "0-1", .age_from = 0, .age_to = 1, .price = Cents(cents[0])},
                {.label = "2-17", .age_from = 2, .age_to = 17, .price = Cents(cents[1])},
                {.label = "F18-44",
                 .age_from = 18,
                 .age_to = 44,
                 .sex = CellSex::kFemale,
                 .price = Cents(cents[2])},
                {.label = "M18-44",
                 .age_from = 18,
                 .age_to = 44,
                 .sex = CellSex::kMale,
                 .price = Cents(cents[3])},
                {.label = "45-64", .age_from = 45, .age_to = 64, .price = Cents(cents[4])},
                {.label = "65+", .age_from = 65, .price = Cents(cents[5])}}};
}

// The basis of 13.6.
inline MemberMonthSum ExampleBasis() {
  MemberMonthSum basis;
  basis.base = RateTable{.versions = {Rates(Month(2026, 1), {4137, 1452, 2318, 1796, 3107, 5844}),
                                      Rates(Month(2026, 7), {4261, 1496, 2388, 1850, 3200, 6019})}};
  basis.month = {.method = MonthMethod::kFifteenThirty, .newborn_from_birth_month = true};
  basis.risk = {.kind = RiskKind::kPanel};
  basis.retro = {RetroRule{.days = 90}};
  basis.first_month = Month(2026, 4);
  return basis;
}

// Its terms: the lines are rounded, so the rounding changes nothing.
inline Terms ExampleTerms(MemberMonthSum basis = ExampleBasis()) {
  return Terms{.title = "Primary-care capitation 2026",
               .components = {{.rule = Basis{.kind = std::move(basis),
                                             .zero_reason = ReasonCode::kNoMemberMonths},
                               .clause = "7"},
                              {.rule = RoundingRule{}, .clause = "7.3"},
                              {.rule = Withhold{.rate = Rate::FromPercent(2)}, .clause = "7.4"},
                              {.rule = Recoupment{.balance_fact = "receivable"}, .clause = "7.5"}}};
}

inline std::vector<PanelFactor> ExampleFactors() {
  return {{.from = Month(2026, 1),
           .panel_mean_millionths = 1'043'000,
           .plan_mean_millionths = 1'000'000},
          {.from = Month(2026, 7),
           .panel_mean_millionths = 1'051'000,
           .plan_mean_millionths = 1'000'000}};
}

// A plan for one month of a contract from 2026-01-01 on. It knew what was recorded by `known`.
inline RatePlan PlanOf(const MemberMonthSum& basis, Month month, Date business_date,
                       std::optional<Date> previous = std::nullopt,
                       std::vector<PanelFactor> factors = ExampleFactors()) {
  const Status valid = ValidateMemberMonthSum(basis);
  CHECK(valid.ok());
  RunScope scope{.month = month,
                 .business_date = business_date,
                 .contract = DateRange::From(MakeDate(2024, 1, 1)),
                 .factors = std::move(factors)};
  if (previous) scope.previous_known_at = Instant::AtMidnight(*previous);
  return RatePlan(RateIndex::Make(basis, std::make_shared<CodeBook>()).value(), std::move(scope));
}

// A span of member 1 with payee 1, a woman born 1983-07-15, unless it says otherwise.
inline PanelSpan SpanFrom(DayNumber from, DayNumber to = kNoEnd) {
  return PanelSpan{.member = 1,
                   .span_id = 1,
                   .payee = PartyId(1),
                   .from = from,
                   .to = to,
                   .birth = DayOf(1983, 7, 15),
                   .learned_on = from,
                   .sex = CellSex::kFemale};
}

}  // namespace sluice::performance::testing
