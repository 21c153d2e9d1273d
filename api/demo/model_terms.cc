#include "api/demo/model_terms.h"

namespace sluice::demo {
namespace {

using performance::Basis;
using performance::MemberMonthSum;
using performance::RateCell;
using performance::ReasonCode;

UnitPrice Cents(std::int64_t cents) { return UnitPrice::FromMillionths(cents * 10'000); }

RateCell Cell(std::string label, int from, std::optional<int> to, performance::CellSex sex,
              std::int64_t cents) {
  RateCell cell;
  cell.label = std::move(label);
  cell.age_from = from;
  cell.age_to = to;
  cell.sex = sex;
  cell.price = Cents(cents);
  return cell;
}

RateCell TierCell(std::string tier, std::int64_t cents) {
  RateCell cell;
  cell.label = tier + " tier";
  cell.tier = std::move(tier);
  cell.price = Cents(cents);
  return cell;
}

performance::ActivityPrice Price(performance::ActivityKind kind, std::string code,
                                 std::string measure, std::int64_t cents,
                                 performance::EvidenceRule evidence) {
  return {.kind = kind,
          .code = std::move(code),
          .measure = std::move(measure),
          .price = Cents(cents),
          .effective = DateRange::From(MakeDate(2026, 1, 1)),
          .evidence = evidence};
}

}  // namespace

performance::Terms CapitationTerms() {
  using performance::CellSex;
  MemberMonthSum basis;
  basis.base = performance::RateTable{
      .versions = {{.from = Month(2026, 1),
                    .cells = {Cell("0-17", 0, 17, CellSex::kAny, 19'80),
                              Cell("F18-44", 18, 44, CellSex::kFemale, 27'40),
                              Cell("M18-44", 18, 44, CellSex::kMale, 21'15),
                              Cell("45-64", 45, 64, CellSex::kAny, 36'90),
                              Cell("65+", 65, std::nullopt, CellSex::kAny, 62'25)}}},
      .age_to = std::nullopt};
  basis.month = {.method = performance::MonthMethod::kFifteenThirty,
                 .newborn_from_birth_month = true};
  basis.retro = {performance::RetroRule{.product = "", .reason = std::nullopt, .days = 90}};
  basis.first_month = Month(2026, 9);
  performance::Terms terms;
  terms.title = "Primary care capitation 2026";
  terms.components = {
      {Basis{.kind = std::move(basis), .zero_reason = ReasonCode::kNoMemberMonths},
       "Exhibit B, 2.1"},
      {performance::RoundingRule{}, "Exhibit B, 2.4"},
      {performance::Adjustment{
           .name = "administration",
           .kind = performance::AdjustmentKind::kAdministrationFee,
           .amount = performance::PricePerUnit{.price = Cents(35)}},
       "Exhibit B, 5.1"},
      {performance::Withhold{.rate = Rate::FromPercent(2),
                             .released_by = "the quality settlement of the year"},
       "Exhibit B, 5.2"}};
  return terms;
}

performance::Terms CareCoordinationTerms() {
  MemberMonthSum basis;
  basis.base = performance::RateTable{
      .versions = {{.from = Month(2026, 1),
                    .cells = {TierCell("standard", 4'50), TierCell("complex", 18'00)}}},
      .age_to = std::nullopt};
  basis.month = {.method = performance::MonthMethod::kFirstOfMonth};
  basis.retro = {performance::RetroRule{.product = "", .reason = std::nullopt, .days = 90}};
  basis.first_month = Month(2026, 9);
  performance::Terms terms;
  terms.title = "Care coordination fee 2026";
  terms.components = {
      {Basis{.kind = std::move(basis), .zero_reason = ReasonCode::kNoMemberMonths},
       "Exhibit C, 1"},
      {performance::RoundingRule{}, "Exhibit C, 2"}};
  return terms;
}

performance::Terms ActivityTerms() {
  using performance::ActivityKind;
  using performance::EvidenceRule;
  performance::ActivitySum activity;
  activity.prices = {
      Price(ActivityKind::kClaimCode, "G0439", "AWV", 60'00, EvidenceRule::kNone),
      Price(ActivityKind::kGapClosed, "BCS-E", "BCS-E", 40'00, EvidenceRule::kAccepted),
      Price(ActivityKind::kCptII, "3044F", "GSD", 25'00, EvidenceRule::kNone)};
  activity.caps = {{.scope = performance::CapScope::kProvider,
                    .period = performance::CapPeriod::kQuarter,
                    .measure = "",
                    .amount = Money::FromCents(300'00),
                    .events = std::nullopt}};
  performance::Terms terms;
  terms.title = "Wellness and gap closure incentive 2026";
  terms.components = {
      {Basis{.kind = std::move(activity), .zero_reason = ReasonCode::kNotReported},
       "Section 2"},
      {performance::RoundingRule{}, "Section 3"}};
  return terms;
}

performance::Terms BundleTerms() {
  performance::EpisodeDefinition joint;
  joint.type = "LEJR";
  joint.name = "Hip or knee replacement";
  joint.anchors = {
      {.code = {.field = performance::ClaimCodeField::kDrg, .code = "470"}, .cell = "470"}};
  joint.days_after = 90;
  joint.discount = Rate::FromPercent(3);
  performance::EpisodeSum episodes;
  episodes.definitions = {joint};
  episodes.target.baseline = {{.year = 2024, .weight = Rate::FromPercent(100)}};
  episodes.limits = {
      {.from_year = 2025, .gain = Rate::FromPercent(10), .loss = Rate::FromPercent(10)}};
  performance::Terms terms;
  terms.title = "Hip and knee replacement bundle 2025";
  terms.components = {
      {Basis{.kind = std::move(episodes), .zero_reason = ReasonCode::kNoEpisodes}, "Article 4"},
      {performance::RoundingRule{}, "Article 4.6"}};
  return terms;
}

}  // namespace sluice::demo
