// Every payment model in plain English: nothing is stated by field names alone, and no value is
// left out of the text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "performance/contracts/contract_text.h"
#include "performance/terms_tree.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

UnitPrice Dollars(std::int64_t dollars) { return UnitPrice::FromMillionths(dollars * 1'000'000); }

Terms Of(const char* title, Rule basis, std::vector<Rule> more = {}) {
  Terms terms{.title = title};
  terms.components.push_back({.rule = std::move(basis), .clause = "section 2"});
  for (Rule& rule : more) terms.components.push_back({.rule = std::move(rule), .clause = {}});
  return terms;
}

Terms Capitation() {
  MemberMonthSum sum;
  sum.base = RateTable{
      .versions = {
          {.from = Month(2026, 1),
           .cells = {
               {.label = "0-17", .age_to = 17, .price = Dollars(14)},
               {.label = "F18+", .age_from = 18, .sex = CellSex::kFemale, .price = Dollars(23)},
               {.label = "M18+", .age_from = 18, .sex = CellSex::kMale, .price = Dollars(18)}}}}};
  sum.month = {.method = MonthMethod::kFifteenThirty, .newborn_from_birth_month = true};
  sum.new_members.weights = {Rate(), Rate::FromPercent(50)};
  sum.risk = {.kind = RiskKind::kPanel,
              .most_below = Rate::FromPercent(10),
              .most_above = Rate::FromPercent(15)};
  sum.minimum = Dollars(9);
  sum.excluded_products = {"hospice", "PACE"};
  sum.retro = {{.product = "HMO", .reason = ChangeReason::kDeath, .days = 365}, {.days = 90}};
  sum.first_month = Month(2026, 4);
  return Of("Capitation", Basis{.kind = std::move(sum), .zero_reason = ReasonCode::kNoMemberMonths},
            {RoundingRule{},
             Adjustment{.name = "fee",
                        .kind = AdjustmentKind::kAdministrationFee,
                        .amount = ShareOfValue{.rate = Rate::FromPercent(3)},
                        .maximum = Rate::FromPercent(50)},
             Adjustment{.name = "carve_out",
                        .kind = AdjustmentKind::kCarveOut,
                        .amount = StatedAmount{"carved_out"}},
             Adjustment{.name = "reinsurance",
                        .kind = AdjustmentKind::kReinsurancePremium,
                        .amount = PricePerUnit{.price = Dollars(2)}}});
}

Terms Activities() {
  ActivitySum sum;
  sum.prices = {{.kind = ActivityKind::kClaimCode,
                 .code = "G0439",
                 .measure = "AWV",
                 .price = Dollars(60),
                 .effective = DateRange::Year(2026)},
                {.kind = ActivityKind::kGapClosed,
                 .code = "BCS",
                 .measure = "BCS",
                 .price = Dollars(25),
                 .effective = DateRange::From(MakeDate(2026, 1, 1)),
                 .evidence = EvidenceRule::kReference}};
  sum.cutoffs = {{.channel = "claim", .by = CutoffOnDay{}},
                 {.channel = "", .by = CutoffAfterService{.days = 60}}};
  sum.caps = {{.scope = CapScope::kProvider,
               .period = CapPeriod::kQuarter,
               .measure = "AWV",
               .amount = Money::FromCents(1'250'00),
               .events = 40}};
  sum.point_value = Dollars(3);
  return Of("Activities", Basis{.kind = std::move(sum)}, {RoundingRule{}});
}

Terms Episodes() {
  EpisodeDefinition knee{.type = "KNS",
                         .name = "Knee",
                         .anchors = {{.code = {ClaimCodeField::kDrg, "470"}, .cell = "470"}},
                         .days_before = 3,
                         .included = {{ClaimCodeField::kPlaceOfService, "21"}},
                         .excluded = {{ClaimCodeField::kProcedure, "J9*"}},
                         .winsorizing = {.low_amount = Money::FromCents(5'000'00),
                                         .high_amount = Money::FromCents(80'000'00)},
                         .discount = Rate::FromPercent(3)};
  EpisodeSum sum;
  sum.definitions = {std::move(knee)};
  sum.target = {.baseline = {{2024, Rate::FromPercent(40)}, {2025, Rate::FromPercent(60)}},
                .own_share = Rate::FromPercent(25),
                .risk_adjusted = true,
                .trended = true,
                .trend_limit = Rate::FromPercent(5),
                .normalized = true,
                .normalization_limit = Rate::FromPercent(4),
                .discount_bands = {{.from = Ratio(0), .discount = Rate::FromPercent(3)},
                                   {.from = Ratio(80), .above = true}}};
  sum.quality =
      EpisodeQuality{.gain_at_most = Rate::FromPercent(10), .loss_at_most = Rate::FromPercent(12)};
  sum.limits = {{2026, Rate::FromPercent(20), Rate::FromPercent(5)}};
  sum.low_volume = LowVolume{.minimum = 20, .effect = LowVolumeEffect::kNoLoss};
  sum.post_episode_days = 30;
  return Of("Episodes", Basis{.kind = std::move(sum)}, {RoundingRule{}});
}

Terms Savings() {
  BenchmarkMinusActual basis;
  HistoricalBenchmark historical;
  historical.years = {{.name = "by1", .weight = Ratio(2, 5)},
                      {.name = "by2", .weight = Ratio(3, 5)}};
  historical.types = {"all"};
  historical.trend = {.rule = TrendRule::kBlended, .national_weight = Ratio(1, 3)};
  historical.update = {.rule = TrendRule::kStated, .growth = Rate::FromPercent(4)};
  historical.risk = {.base_years = true,
                     .performance_year = true,
                     .cap = RiskCap::kAggregate,
                     .highest_growth = Ratio(3, 100),
                     .add_demographic_growth = true,
                     .lowest_fall = Ratio(1, 50)};
  historical.regional =
      RegionalAdjustment{Ratio(35, 100), Ratio(15, 100), Ratio(1, 20), Ratio(3, 200)};
  historical.prior_savings = PriorSavings{Ratio(1, 2), Ratio(1, 20)};
  historical.rebase = Rebase{.own_weight = Ratio(1, 2),
                             .regional_weight = Ratio(1, 4),
                             .savings_returned = Ratio(1, 2),
                             .lowest_change = Ratio(-3, 100),
                             .flag_decline = Ratio(1, 20)};
  basis.target = std::move(historical);
  basis.adjustments = {
      {.name = "equity", .kind = PerMemberAdjustment{.price = Dollars(4)}},
      {.name = "discount", .kind = Discount{Rate::FromPercent(2)}, .clause = "4.1"},
      {.name = "withhold", .kind = QualityWithhold{Rate::FromPercent(1), "score"}},
      {.name = "bundles", .kind = PaidElsewhere{{"paid_in_knees", "paid_in_hips"}}}};
  basis.announcement = Announcement{.latest_day = 30};
  basis.detail = SavingsDetail{
      .truncation = {.rule = TruncationRule::kFixed, .threshold = Money::FromCents(150'000'00)},
      .stop_loss = StopLoss{.attachment = Money::FromCents(100'000'00),
                            .covered = Rate::FromPercent(80),
                            .maximum = Money::FromCents(400'000'00),
                            .pooling_charge = Dollars(12),
                            .charge_side = PoolingSide::kActualAndBaseYears},
      .completion = Completion{.latest_months = 12},
      .exposure = Exposure{.last_joining_day = 15,
                           .waiting_months = 1,
                           .reduced_months = 2,
                           .reduced_weight = Ratio(1, 2)}};
  return Of("Savings", Basis{.kind = std::move(basis)},
            {Gate{.name = "from the second year",
                  .side = Side::kLoss,
                  .test = ConditionsHold{{InContractYear{.first = 2, .last = 4}}}},
             Gate{.name = "paid from July", .test = PayDateReached{MakeDate(2027, 7, 1)}},
             Interim{.pay = Rate::FromPercent(50)}, RoundingRule{},
             Delta{.posted_facts = {"advances_paid"}},
             CarryForward{.maximum = Rate::FromPercent(50),
                          .carry_losses = true,
                          .expires_after_years = 3,
                          .yearly_interest = Rate::FromPercent(2)}});
}

// A target that is stated, where the charge for stop-loss cover has a side to choose.
Terms StatedSavings() {
  BenchmarkMinusActual basis;
  basis.target = StatedTarget{};
  basis.detail = SavingsDetail{.truncation = {.rule = TruncationRule::kPercentile,
                                              .percentile = Ratio(99, 100),
                                              .population = "the members of the plan"},
                               .stop_loss = StopLoss{.attachment = Money::FromCents(100'000'00),
                                                     .covered = Rate::FromPercent(90),
                                                     .pooling_charge = Dollars(7)}};
  return Of("Savings against a stated target", Basis{.kind = std::move(basis)}, {RoundingRule{}});
}

Terms Quality() {
  const auto measure = [](std::string id, std::string domain) {
    return MeasureTerm{.id = std::move(id),
                       .threshold = Ratio(1, 2),
                       .target = Ratio(3, 4),
                       .weight = Ratio(2),
                       .minimum_denominator = 30,
                       .domain = std::move(domain)};
  };
  Score score;
  score.measures = {measure("CBP", "a"), measure("BCS", "a"), measure("W30", "b"),
                    measure("PCR", "b")};
  score.measures[0].points =
      TierPoints{.steps = {{Ratio(1, 2), Ratio(1, 4)}, {Ratio(3, 5), Ratio(1)}}, .marginal = true};
  score.measures[0].topped_out = {{.from_year = 2027, .points_cap = Ratio(1, 2)},
                                  {.from_year = 2029}};
  score.measures[1].points = PercentilePoints{
      .peer_group = "plans of the state",
      .peers = {{.from = MakeDate(2026, 1, 1), .rates = {Ratio(2, 5), Ratio(3, 5), Ratio(4, 5)}}},
      .steps = {{Ratio(1, 4), Ratio(1, 3)}, {Ratio(9, 10), Ratio(1)}}};
  score.measures[1].evidence = MeasureEvidence{"received_on", MakeDate(2027, 2, 28)};
  score.measures[2].points =
      ImprovementPoints{.baseline = {.period = DateRange::Year(2025), .measure = "W30-2025"},
                        .kind = ImprovementKind::kGapClosed,
                        .threshold = Ratio(1, 10),
                        .target = Ratio(1, 2)};
  score.measures[3].small = SmallDenominator::kDefaultRate;
  score.measures[3].default_rate = Ratio(3, 5);
  score.measures[3].hold_harmless = true;
  score.domains = {
      {.name = "a", .weight = Ratio(2, 3), .minimum_measures = 2, .small_is_zero = true},
      {.name = "b",
       .weight = Ratio(1, 3),
       .reward = DomainReward{"improved", "declined", {{Ratio(1, 5), Ratio(1, 10)}}}}};
  score.adjustments = {{"equity bonus", "equity_bonus"}};
  score.rounding_unit = Ratio(1, 100);
  score.lowest = Ratio(1, 5);
  score.highest = Ratio(1);
  score.hold_harmless_from = Ratio(4, 5);
  score.minimum_measures = 2;
  RateComponent rate;
  rate.cases = {
      {.rule = RateByScore{.from = Ratio(0),
                           .pieces = {{.up_to = Ratio(1, 2), .at_end = Rate::FromPercent(40)},
                                      {.up_to = Ratio(1),
                                       .at_start = Rate::FromPercent(50),
                                       .at_end = Rate::FromPercent(100)}},
                           .gain_factor_fact = "scaling",
                           .gain_factor_most = Ratio(3)}}};
  Withhold withhold{.rate = Rate::FromPercent(2)};
  Terms terms = Of(
      "Quality", Basis{.kind = FixedAmount{Money::FromCents(100'000)}},
      {std::move(score), Gate{.name = "score", .test = ScoreAtLeast{Ratio(1, 2), "a"}},
       Gate{.name = "attained", .test = AttainedInEachDomain{1}}, std::move(rate), RoundingRule{}});
  terms.payment_withhold = withhold;
  return terms;
}

std::vector<Terms> Models() {
  return {Capitation(), Activities(), Episodes(), Savings(), StatedSavings(), Quality()};
}

// feature:Q06
TEST(ModelText, EveryModelHasWords) {
  for (const Terms& terms : Models()) {
    const Status valid = ValidateTerms(terms);
    ASSERT_TRUE(valid.ok()) << terms.title << ": " << valid;
    std::set<std::string> numbers;
    const TermNode tree = TermsToTree(terms);
    for (const ContractArticle& article : WriteContract(terms).articles) {
      for (const ContractSentence& sentence : article.sentences) {
        EXPECT_THAT(sentence.text, Not(HasSubstr(", its "))) << terms.title;
        EXPECT_TRUE(sentence.text.ends_with('.')) << sentence.text;
        EXPECT_NE(FindTerm(tree, sentence.path), nullptr) << sentence.path;
        EXPECT_TRUE(numbers.insert(sentence.number).second) << sentence.number;
      }
    }
  }
}

// "CellSex" as "CELL_SEX_", which the names of its choices begin with.
std::string PrefixOf(const std::string& type) {
  std::string prefix;
  for (const char c : type) {
    const bool upper = std::isupper(static_cast<unsigned char>(c)) != 0;
    if (upper && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return prefix + "_";
}

// Other valid values for a leaf.
std::vector<std::string> Others(const TermNode& leaf) {
  static const std::vector<std::string> kChoices = {"CELL_SEX_ANY",
                                                    "CELL_SEX_FEMALE",
                                                    "END_DAY_LAST_COVERED",
                                                    "POOLING_SIDE_TARGET",
                                                    "AGE_DAY_LAST_OF_MONTH",
                                                    "AGE_DAY_FIRST_OF_YEAR",
                                                    "MONTH_METHOD_SNAPSHOT",
                                                    "MONTH_METHOD_DAILY",
                                                    "MONTH_LENGTH_THIRTY",
                                                    "RISK_KIND_MEMBER",
                                                    "RISK_KIND_NONE",
                                                    "CHANGE_REASON_RATE",
                                                    "LINE_ROUNDING_PER_TOTAL",
                                                    "LINE_ROUNDING_MODE_HALF_EVEN",
                                                    "ADJUSTMENT_KIND_RECOVERY",
                                                    "ACTIVITY_KIND_CPT_II",
                                                    "EVIDENCE_RULE_ACCEPTED",
                                                    "ACTIVITY_KEY_FIELD_CODE",
                                                    "CAP_SCOPE_MEMBER",
                                                    "CAP_PERIOD_WHOLE",
                                                    "CLAIM_CODE_FIELD_REVENUE",
                                                    "PERCENTILE_DEFINITION_NEXT_ABOVE",
                                                    "LOW_VOLUME_EFFECT_NO_RESULT",
                                                    "EPISODE_OVERLAP_EXCLUDED",
                                                    "EPISODE_INTERRUPTION_EXCLUDE_IN_ANCHOR",
                                                    "EPISODE_PERIOD_DAY_WINDOW_END",
                                                    "EPISODE_PAYMENT_PROSPECTIVE",
                                                    "TRUNCATION_RULE_NONE",
                                                    "TREND_RULE_NONE",
                                                    "TREND_RULE_STATED",
                                                    "RISK_CAP_PER_TYPE",
                                                    "RISK_CAP_NONE",
                                                    "PERCENTILE_METHOD_NEAREST_RANK",
                                                    "TIE_RULE_FALLS_SHORT",
                                                    "IMPROVEMENT_KIND_RELATIVE",
                                                    "SCORE_METHOD_MEAN_POINTS",
                                                    "SMALL_DENOMINATOR_SCORE_ZERO",
                                                    "SIDE_GAIN",
                                                    "ROUNDING_MODE_HALF_EVEN",
                                                    "WITHHOLD_BASE_GROSS",
                                                    "FORFEIT_TO_PAYER"};
  switch (leaf.kind) {
    case TermKind::kFlag:
      return {leaf.value == "true" ? "false" : "true"};
    case TermKind::kNumber:
      return {std::to_string(std::stoll(leaf.value) + 1),
              std::to_string(std::stoll(leaf.value) - 1)};
    case TermKind::kChoice: {
      std::vector<std::string> names = kChoices;
      std::erase_if(names, [prefix = PrefixOf(leaf.type)](const std::string& name) {
        return !name.starts_with(prefix);
      });
      return names;
    }
    default:
      return {leaf.value + "x", "2026-03-01", "2026-03", "1/3", "7/9", "2", "NO_SAVINGS"};
  }
}

// feature:Q06
TEST(ModelText, EveryChangeOfATermChangesTheText) {
  for (const Terms& terms : Models()) {
    const TermNode tree = TermsToTree(terms);
    const std::string text = ToPlainText(WriteContract(terms));
    std::size_t changed = 0;
    for (const TermLeaf& leaf : Leaves(tree)) {
      for (const std::string& value : Others(*leaf.node)) {
        if (value == leaf.node->value) continue;
        TermNode other = tree;
        FindTerm(other, leaf.path)->value = value;
        const StatusOr<Terms> valid = TermsFromTree(other);
        if (!valid.ok() || *valid == terms) continue;
        ++changed;
        EXPECT_NE(ToPlainText(WriteContract(*valid)), text)
            << terms.title << ": " << leaf.path << " = " << value;
      }
    }
    EXPECT_GT(changed, 25U) << terms.title;
  }
}

}  // namespace
}  // namespace sluice::performance
