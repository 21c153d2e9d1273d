// Capitation as terms: what is refused, how it is stored and read, and what the award makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "performance/capitation/payees.h"
#include "performance/member_month_facts.h"
#include "performance/payee_shares.h"
#include "performance/settlement.h"
#include "performance/terms_capitation.h"
#include "performance/terms_codec.h"
#include "performance/terms_validate.h"
#include "tests/performance/capitation/example.h"

namespace sluice::performance {
namespace {

using testing::ExampleBasis;
using testing::ExampleTerms;
using ::testing::HasSubstr;

RateTable& TableOf(MemberMonthSum& basis) { return std::get<RateTable>(basis.base); }

std::string Refusal(const MemberMonthSum& basis) {
  return StatusMessage(ValidateTerms(ExampleTerms(basis)));
}

// Everything that the schema of capitation has.
Terms EveryField() {
  MemberMonthSum basis = ExampleBasis();
  RateTable& table = TableOf(basis);
  table.versions.pop_back();
  for (RateCell& cell : table.versions[0].cells) {
    cell.product = "HMO";
    cell.region = "06037";
    cell.tier = "1";
  }
  table.versions[0].cells.back().age_to = 90;
  table.age_to = 90;
  basis.age_day = AgeDay::kFirstOfYear;
  basis.month = {.method = MonthMethod::kDaily, .day = 3, .month_length = MonthLength::kThirty};
  basis.new_members.weights = {Rate(), Rate::FromPercent(50)};
  basis.risk = {.kind = RiskKind::kMemberNormalized,
                .most_below = Rate::FromPercent(10),
                .most_above = Rate::FromPercent(15)};
  basis.minimum = testing::Cents(700);
  basis.retro = {RetroRule{.product = "HMO", .reason = ChangeReason::kStateOrder},
                 RetroRule{.days = 90}};
  basis.rounding = LineRounding::kPerTotal;
  basis.rounding_mode = Rounding::kHalfEven;
  basis.excluded_products = {"ASO"};
  Terms terms = ExampleTerms(basis);
  const auto insert = [&](Adjustment adjustment) {
    terms.components.insert(terms.components.begin() + 2, {.rule = std::move(adjustment)});
  };
  insert({.name = "reinsurance",
          .kind = AdjustmentKind::kReinsurancePremium,
          .amount = PricePerUnit{.price = testing::Cents(125)}});
  insert({.name = "carve_out",
          .kind = AdjustmentKind::kCarveOut,
          .amount = StatedAmount{"carve_out_claims"},
          .maximum = Rate::FromPercent(40)});
  insert({.name = "pass_through",
          .amount = ShareOfValue{Rate::FromPercent(2), Rounding::kTowardZero}});
  return terms;
}

TEST(CapitationTerms, AreStoredAndReadBack) {
  Terms premium = ExampleTerms();
  auto& of_premium = std::get<MemberMonthSum>(std::get<Basis>(premium.components[0].rule).kind);
  of_premium.base = PercentOfPremium{Rate::FromPercent(85)};
  of_premium.month.end_dated = EndDay::kLastCovered;
  for (const Terms& terms : {ExampleTerms(), EveryField(), premium}) {
    ASSERT_EQ(ValidateTerms(terms), OkStatus());
    EXPECT_EQ(DecodeTerms(EncodeTerms(terms)).value(), terms);
    EXPECT_EQ(TermsFromJson(TermsToJson(terms)).value(), terms);
  }
  EXPECT_THAT(DescribeTerms(EveryField()), HasSubstr("adjustment carve_out (carve-out claims)"));
}

TEST(CapitationTerms, OverlappingCellsAreNamed) {
  MemberMonthSum basis = ExampleBasis();
  TableOf(basis).versions[1].cells[2].age_to = 45;
  EXPECT_THAT(Refusal(basis), HasSubstr("the rates from 2026-07: cells F18-44 and 45-64 overlap"));
  basis = ExampleBasis();
  TableOf(basis).versions[0].cells[3].sex = CellSex::kAny;
  EXPECT_THAT(Refusal(basis), HasSubstr("cells F18-44 and M18-44 overlap"));
  basis = ExampleBasis();
  TableOf(basis).versions[0].cells[1].tier = "2";  // a tier is no other than any tier
  EXPECT_THAT(Refusal(basis), HasSubstr("gap: no cell for age 2, female"));
}

TEST(CapitationTerms, GapsAreNamed) {
  MemberMonthSum basis = ExampleBasis();
  TableOf(basis).versions[0].cells[3].age_to = 43;
  EXPECT_THAT(Refusal(basis), HasSubstr("the rates from 2026-01 have a gap: no cell for age 44, "
                                        "male"));
  basis = ExampleBasis();
  TableOf(basis).versions[0].cells[0].age_from = 1;
  EXPECT_THAT(Refusal(basis), HasSubstr("no cell for age 0, female"));
  basis = ExampleBasis();
  TableOf(basis).versions[0].cells.pop_back();
  EXPECT_THAT(Refusal(basis), HasSubstr("no cell for age 65"));
  TableOf(basis).age_to = 64;  // a contract for people under 65
  TableOf(basis).versions.pop_back();
  EXPECT_EQ(Refusal(basis), "");
}

TEST(CapitationTerms, OtherContradictionsAreRefused) {
  MemberMonthSum daily = ExampleBasis();
  daily.month = {.method = MonthMethod::kDaily, .end_dated = EndDay::kLastCovered};
  EXPECT_THAT(Refusal(daily), HasSubstr("only the 15/30 rule"));
  MemberMonthSum excluded = ExampleBasis();
  excluded.excluded_products = {"ASO", "ASO"};
  EXPECT_THAT(Refusal(excluded), HasSubstr("excluded twice"));
  Terms with_cells = EveryField();
  std::get<MemberMonthSum>(std::get<Basis>(with_cells.components[0].rule).kind)
      .excluded_products = {"HMO"};
  EXPECT_THAT(StatusMessage(ValidateTerms(with_cells)), HasSubstr("and has the rate cell"));
  MemberMonthSum basis = ExampleBasis();
  std::swap(TableOf(basis).versions[0], TableOf(basis).versions[1]);
  EXPECT_THAT(Refusal(basis), HasSubstr("versions must grow"));
  basis = ExampleBasis();
  basis.retro = {RetroRule{.days = 90}, RetroRule{.reason = ChangeReason::kDeath}};
  EXPECT_THAT(Refusal(basis), HasSubstr("the last rule"));
  basis = ExampleBasis();
  basis.risk = {.most_above = Rate::FromPercent(10)};
  EXPECT_THAT(Refusal(basis), HasSubstr("need a risk factor"));
  basis = ExampleBasis();
  basis.month.day = 32;
  EXPECT_THAT(Refusal(basis), HasSubstr("1 to 31"));

  Terms terms = ExampleTerms();
  terms.components.insert(
      terms.components.begin() + 1,
      {.rule = RateComponent{.cases = {{.rule = FixedRate{Rate::FromPercent(50)}}}}});
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("only deductions and the split"));
  terms = ExampleTerms();
  std::get<RoundingRule>(terms.components[1].rule).unit_cents = 100;
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("rounded to the cent"));
  terms = EveryField();
  terms.components.push_back(terms.components[2]);
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("at most one"));
}

Settlement SettleExample(const Terms& terms, const std::vector<PayeeResult>& payees,
                         PartyId party = PartyId(100)) {
  SettlementInput input{
      .terms = terms,
      .facts = ContractFactsOf(payees, Digest{}),
      .dates = {.period = DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 8, 1)),
                .pay_date = MakeDate(2026, 7, 31)},
      .party = {.party = party, .name = "IPA"}};
  for (const PayeeResult& payee : payees) {
    if (payee.payee == party) {
      input.party.facts = PayeeFactsOf(payee);
    } else {
      input.party.children.push_back(
          {.party = payee.payee, .name = "practice", .facts = PayeeFactsOf(payee)});
    }
  }
  return Settle(input);
}

PayeeResult Settled(const Terms& terms, std::int64_t payee, std::int64_t cents,
                    std::int64_t months = 1) {
  Facts facts;
  facts.SetAmount("receivable", Money());
  facts.SetAmount("carve_out_claims", Money::FromCents(10'000));
  return SettlePayee(terms, PartyId(payee), {.lines = 1, .months = months, .current_cents = cents},
                     facts, {})
      .value();
}

// feature:C12 the award and the two payees of PROGRAM_MATH 13.6
TEST(CapitationAward, IsTheSumOfItsPayees) {
  const Terms terms = ExampleTerms();
  const Settlement settlement =
      SettleExample(terms, {Settled(terms, 1, -460), Settled(terms, 2, 6604)});
  const Award& award = settlement.award;
  ASSERT_EQ(award.status, AwardStatus::kComputed) << ToText(award);
  EXPECT_EQ(award.amount.Cents(), 6144);
  EXPECT_EQ(award.withheld.Cents(), 123);
  EXPECT_EQ(award.payable.Cents(), 6021);
  EXPECT_EQ(award.steps.size(), 4U);
  EXPECT_EQ(award.steps[2].clause, "7.4");
  ASSERT_EQ(settlement.shares.size(), 3U);
  EXPECT_TRUE(CheckSplit(award.payable, settlement.shares).ok());
  EXPECT_EQ(settlement.shares[1].amount.Cents(), -451);
  EXPECT_THAT(settlement.shares[1].notes, ::testing::ElementsAre(ReasonCode::kCarriedForward));
  EXPECT_EQ(settlement.shares[2].amount.Cents(), 6472);
}

// A member who moved: nothing over both payees, but each has its own.
TEST(CapitationAward, NetsToZeroWithAReasonAndStillMovesBetweenPayees) {
  const Terms terms = ExampleTerms();
  const Settlement settlement =
      SettleExample(terms, {Settled(terms, 1, -3241, -1), Settled(terms, 2, 3241)});
  EXPECT_TRUE(settlement.award.amount.IsZero());
  EXPECT_EQ(settlement.award.zero_reason, ReasonCode::kNoChange);
  ASSERT_EQ(settlement.shares.size(), 3U) << ToText(settlement.award);
  EXPECT_EQ(settlement.shares[1].amount.Cents(), -3176);
  EXPECT_EQ(settlement.shares[2].amount.Cents(), 3176);
  // Three payees whose withholds round so that they do not cancel.
  const Settlement rounded = SettleExample(
      terms, {Settled(terms, 1, -1025), Settled(terms, 2, 512), Settled(terms, 3, 513)});
  EXPECT_EQ(rounded.award.withheld.Cents(), -1);
  EXPECT_EQ(rounded.award.payable.Cents(), 1);
  EXPECT_TRUE(CheckSplit(rounded.award.payable, rounded.shares).ok());
}

TEST(CapitationAward, ThePartyItselfMayBeAPayee) {
  const Terms terms = ExampleTerms();
  const Settlement settlement = SettleExample(terms, {Settled(terms, 100, 5'000)});
  ASSERT_EQ(settlement.shares.size(), 1U);
  EXPECT_EQ(settlement.shares[0].amount.Cents(), 4'900);
}

// feature:H08
TEST(CapitationAward, PayeesDivideTheirOwnShareFurther) {
  Terms terms = ExampleTerms();
  terms.components.push_back({.rule = Split{.levels = {{.keep = Rate::FromPercent(40)}}}});
  ASSERT_EQ(ValidateTerms(terms), OkStatus());
  const std::vector<PayeeResult> payees = {Settled(terms, 1, 10'000), Settled(terms, 2, 20'000)};
  SettlementInput input{
      .terms = terms,
      .facts = ContractFactsOf(payees, Digest{}),
      .dates = {.period = DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 8, 1)),
                .pay_date = MakeDate(2026, 7, 31)},
      .party = {.party = PartyId(100), .name = "IPA"}};
  for (const PayeeResult& payee : payees) {
    // One doctor works for both and is paid once for each.
    input.party.children.push_back({.party = payee.payee,
                                    .name = "practice",
                                    .facts = PayeeFactsOf(payee),
                                    .children = {{.party = PartyId(50), .name = "Dr. Both"}}});
  }
  const Settlement settlement = Settle(input);
  ASSERT_EQ(settlement.shares.size(), 5U) << ToText(settlement.award);
  EXPECT_TRUE(CheckSplit(settlement.award.payable, settlement.shares).ok());
  EXPECT_EQ(settlement.shares[1].amount.Cents(), 3'920);  // 40 % of 98.00
  EXPECT_EQ(settlement.shares[2].amount.Cents(), 5'880);
  EXPECT_EQ(settlement.shares[4].amount.Cents(), 11'760);
  EXPECT_EQ(settlement.shares[4].path, "100/2/50");
  // The withhold of a payee, 2.00 and 4.00, goes down with its own share and to no other payee.
  const auto withheld = WithheldOfPayees(input.party, settlement.shares);
  ASSERT_TRUE(withheld.ok()) << StatusMessage(withheld.status());
  EXPECT_THAT(*withheld,
              ::testing::ElementsAre(Money(), Money::FromCents(80), Money::FromCents(120),
                                     Money::FromCents(160), Money::FromCents(240)));
}

// A payee that owes gives back, one that is paid nothing keeps its withhold at itself.
TEST(CapitationAward, TheWithholdOfEachPayeeHasItsSign) {
  const Terms terms = ExampleTerms();
  const std::vector<PayeeResult> payees = {Settled(terms, 1, -460), Settled(terms, 2, 6'604)};
  Participant party{.party = PartyId(100), .name = "IPA"};
  for (const PayeeResult& payee : payees) {
    party.children.push_back(
        {.party = payee.payee, .name = "practice", .facts = PayeeFactsOf(payee)});
  }
  const Settlement settlement = SettleExample(terms, payees);
  const auto withheld = WithheldOfPayees(party, settlement.shares);
  ASSERT_TRUE(withheld.ok()) << StatusMessage(withheld.status());
  EXPECT_THAT(*withheld,
              ::testing::ElementsAre(Money(), Money::FromCents(-9), Money::FromCents(132)));
}

TEST(CapitationAward, PayeeOutsideTheContractBlocks) {
  const Terms terms = ExampleTerms();
  const std::vector<PayeeResult> payees = {Settled(terms, 1, 10'000)};
  SettlementInput input{
      .terms = terms,
      .facts = ContractFactsOf(payees, Digest{}),
      .dates = {.period = DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 8, 1)),
                .pay_date = MakeDate(2026, 7, 31)},
      .party = {.party = PartyId(100), .name = "IPA"}};
  const Settlement settlement = Settle(input);
  EXPECT_EQ(settlement.award.blocked_reason, ReasonCode::kSplitDoesNotBalance);
  EXPECT_THAT(settlement.award.missing, HasSubstr("nor directly below it"));
}

TEST(CapitationAward, BlockedRunBlocksWithItsReason) {
  Facts facts;
  facts.SetText(kMonthsBlockedFact, "RATE_CELL_NOT_FOUND: member 9 in 2026-07: no rate cell");
  const CalculationDates dates{.period =
                                   DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 8, 1))};
  const Award award = Calculate(ExampleTerms(), facts, dates);
  EXPECT_EQ(award.blocked_reason, ReasonCode::kRateCellNotFound);
  EXPECT_EQ(award.missing, "member 9 in 2026-07: no rate cell");
  // Nothing ran: a missing total is not zero.
  EXPECT_EQ(Calculate(ExampleTerms(), Facts(), dates).blocked_reason, ReasonCode::kMissingInput);
}

TEST(CapitationAward, NoMembersIsZeroWithItsReason) {
  const Award award =
      Calculate(ExampleTerms(),
                [] {
                  Facts facts = ContractFactsOf({}, Digest{});
                  for (const char* name : {"withhold", "recoupment"}) {
                    facts.SetAmount(DeductedFact(name), Money());
                    facts.SetAmount(CarriedFact(name), Money());
                  }
                  return facts;
                }(),
                {.period = DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 8, 1))});
  EXPECT_EQ(award.zero_reason, ReasonCode::kNoMemberMonths) << ToText(award);
  EXPECT_TRUE(award.payable.IsZero());
}

// Deductions in the order of the terms; what does not fit is carried, the net stays >= 0.
TEST(Deductions, AreTakenInOrderAndTheRestIsCarried) {
  const Terms terms = EveryField();
  // 300.00: 2 % pass-through 6.00; carve-out 100.00, at most 40 % of 294.00 = 117.60; reinsurance
  // 3 x 1.25; withhold 2 % of 184.25 = 3.685 -> 3.69 (half away from zero).
  PayeeResult payee = Settled(terms, 1, 30'000, 3);
  ASSERT_EQ(payee.deductions.size(), 5U);
  EXPECT_EQ(payee.deductions[0].taken.Cents(), 600);
  EXPECT_EQ(payee.deductions[1].taken.Cents(), 10'000);
  EXPECT_EQ(payee.deductions[2].taken.Cents(), 375);
  EXPECT_EQ(payee.deductions[3].taken.Cents(), 381);  // 2 % of 190.25
  EXPECT_EQ(payee.net.Cents(), 18'644);

  // 10.00: the carve-out takes 40 % of 9.80 and carries the rest; reinsurance of 40 does not fit.
  payee = Settled(terms, 1, 1'000, 40);
  EXPECT_EQ(payee.deductions[1].taken.Cents(), 392);
  EXPECT_EQ(payee.deductions[1].carried.Cents(), 9'608);
  EXPECT_EQ(payee.deductions[2].taken.Cents(), 588);
  EXPECT_EQ(payee.deductions[2].carried.Cents(), 4'412);
  EXPECT_EQ(payee.net, Money());
  const auto carried = CarriedIn(terms, PayeeFactsOf(payee));
  EXPECT_EQ(carried.at("carve_out").Cents(), 9'608);
  EXPECT_EQ(carried.at("reinsurance").Cents(), 4'412);

  // Negative lines: shares give back, nothing else is taken.
  payee = Settled(terms, 1, -1'000, -1);
  EXPECT_EQ(payee.deductions[0].taken.Cents(), -20);
  EXPECT_EQ(payee.deductions[1].taken, Money());
  EXPECT_EQ(payee.deductions[1].carried.Cents(), 10'000);
  EXPECT_EQ(payee.deductions[2].taken.Cents(), -125);  // the premium of the month taken back
}

TEST(Deductions, MissingAmountOfAPayeeIsNamed) {
  const auto result = SettlePayee(EveryField(), PartyId(1), {}, Facts(), {});
  EXPECT_THAT(StatusMessage(result.status()), HasSubstr("carve_out_claims of payee"));
}

// feature:C12 a deduction after another basis: care-management fee less a fee
TEST(Deductions, WorkOnAnAwardOfItsOwn) {
  Terms terms{.title = "care management"};
  terms.components = {{.rule = Basis{.kind = PriceTimesCount{testing::Cents(800), "member_months"},
                                     .zero_reason = ReasonCode::kNoMemberMonths}},
                      {.rule = RoundingRule{}},
                      {.rule = Adjustment{.name = "administration",
                                          .kind = AdjustmentKind::kAdministrationFee,
                                          .amount = ShareOfValue{Rate::FromPercent(3)}}},
                      {.rule = Adjustment{.name = "claw_back",
                                          .kind = AdjustmentKind::kRecovery,
                                          .amount = StatedAmount{"overpaid"},
                                          .maximum = Rate::FromPercent(50)}}};
  ASSERT_EQ(ValidateTerms(terms), OkStatus());
  Facts facts;
  facts.SetCount("member_months", 100).SetAmount("overpaid", Money::FromCents(50'000));
  const CalculationDates dates{.period =
                                   DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 8, 1))};
  const Award award = Calculate(terms, facts, dates);
  EXPECT_EQ(award.amount.Cents(), 77'600);    // 800.00 - 24.00
  EXPECT_EQ(award.recouped.Cents(), 38'800);  // 500.00, at most half
  EXPECT_EQ(award.payable.Cents(), 38'800);
  EXPECT_THAT(award.notes, ::testing::Contains(ReasonCode::kCarriedForward));
}

Terms SavingWithDeductions(bool of_losses) {
  Terms terms{.title = "savings with a fee and a recovery"};
  terms.components = {{.rule = Basis{.kind = TargetMinusActual{}}},
                      {.rule = RoundingRule{}},
                      {.rule = Adjustment{.name = "administration",
                                          .kind = AdjustmentKind::kAdministrationFee,
                                          .amount = ShareOfValue{Rate::FromPercent(3)},
                                          .of_losses = of_losses}},
                      {.rule = Adjustment{.name = "claw_back",
                                          .kind = AdjustmentKind::kRecovery,
                                          .amount = StatedAmount{"overpaid"}}}};
  return terms;
}

// A fee of 3 % does not lessen a loss, and what is due of a recovery waits for a gain.
TEST(Deductions, OfALossOrOfNothingAreCarriedWhole) {
  const CalculationDates dates{.period = DateRange::Year(2026)};
  const auto award = [&](const Terms& terms, std::int64_t actual_cents) {
    return Calculate(terms,
                     Facts()
                         .SetAmount("benchmark", Money::FromCents(500'000))
                         .SetAmount("expenditure", Money::FromCents(actual_cents))
                         .SetAmount("overpaid", Money::FromCents(20'000))
                         .SetAmount(CarriedInFact("claw_back"), Money::FromCents(5'000)),
                     dates);
  };
  const Terms terms = SavingWithDeductions(false);
  ASSERT_EQ(ValidateTerms(terms), OkStatus());
  const Award loss = award(terms, 600'000);
  EXPECT_EQ(loss.amount.Cents(), -100'000);  // not -970.00
  EXPECT_EQ(loss.payable.Cents(), -100'000);
  EXPECT_EQ(loss.steps[2].outcome, StepOutcome::kNotThisSide);
  EXPECT_EQ(loss.carried.at("claw_back").Cents(), 25'000);
  EXPECT_THAT(ToText(loss), HasSubstr("carried to the next period"));
  const Award nothing = award(terms, 500'000);
  EXPECT_EQ(nothing.zero_reason, ReasonCode::kNoSavings);
  EXPECT_EQ(nothing.carried.at("claw_back").Cents(), 25'000);
  const Award gain = award(terms, 400'000);  // 1,000.00 - 30.00, less 200.00 + 50.00
  EXPECT_EQ(gain.amount.Cents(), 97'000);
  EXPECT_EQ(gain.payable.Cents(), 72'000);
  EXPECT_EQ(gain.carried.at("claw_back"), Money());

  const Terms both = SavingWithDeductions(true);
  EXPECT_EQ(award(both, 600'000).amount.Cents(), -97'000);
  EXPECT_EQ(*DecodeTerms(EncodeTerms(both)), both);
  EXPECT_THAT(DescribeTerms(both), HasSubstr("of a loss too"));
  Terms wrong = both;
  std::get<Adjustment>(wrong.components[3].rule).of_losses = true;
  EXPECT_THAT(StatusMessage(ValidateTerms(wrong)), HasSubstr("of a loss only a share"));
  Terms months = EveryField();
  std::get<Adjustment>(months.components[2].rule).of_losses = true;
  EXPECT_THAT(StatusMessage(ValidateTerms(months)), HasSubstr("the sign of its lines"));
}

// A deduction that takes all of an award says which, and that it is a deduction.
TEST(Deductions, TakingEverythingIsSaidByTheirKind) {
  Terms terms = SavingWithDeductions(false);
  terms.components[2].rule = Adjustment{
      .name = "claims", .kind = AdjustmentKind::kCarveOut, .amount = StatedAmount{"claims"}};
  const auto award = [&](std::int64_t cents) {
    return Calculate(terms,
                     Facts()
                         .SetAmount("benchmark", Money::FromCents(1'000))
                         .SetAmount("expenditure", Money())
                         .SetAmount("overpaid", Money())
                         .SetAmount("claims", Money::FromCents(cents)),
                     {.period = DateRange::Year(2026)});
  };
  EXPECT_EQ(award(999).amount.Cents(), 1);
  const Award all = award(1'000);  // exactly
  EXPECT_EQ(all.zero_reason, ReasonCode::kDeductedInFull);
  EXPECT_EQ(all.zero_detail, "claims: carve-out claims");
  EXPECT_EQ(award(1'001).carried.at("claims").Cents(), 1);
}

// feature:C12 the care-coordination fee by risk tier (PROGRAM_MATH 6.5, CPC+ track 2)
TEST(CareFee, IsACellPerTier) {
  MemberMonthSum basis = ExampleBasis();
  basis.risk = {};
  RateVersion version{.from = Month(2026, 1)};
  const std::vector<std::int64_t> dollars = {9, 11, 19, 33, 100};
  for (std::size_t i = 0; i < dollars.size(); ++i) {
    const std::string tier = std::to_string(i + 1);
    version.cells.push_back(
        {.label = "tier " + tier, .tier = tier, .price = testing::Cents(dollars[i] * 100)});
  }
  basis.base = RateTable{.versions = {version}};
  const RatePlan plan = testing::PlanOf(basis, Month(2026, 7), MakeDate(2026, 7, 20));
  std::vector<MemberMonthLine> lines;
  MemberMonths months(plan);
  for (const char* tier : {"1", "2", "3", "4", "5"}) {
    PanelSpan span = testing::SpanFrom(testing::DayOf(2026, 7, 1));
    span.tier = plan.Index().Book().tiers.Find(tier);
    months.Add(1, {&span, 1}, {}, {}, lines);
  }
  ASSERT_EQ(lines.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(lines[i].delta_cents, dollars[i] * 100);
  PanelSpan span = testing::SpanFrom(testing::DayOf(2026, 7, 1));
  span.tier = plan.Index().Book().tiers.Find("6");
  months.Add(1, {&span, 1}, {}, {}, lines);
  EXPECT_EQ(months.Blocked().reason, ReasonCode::kRateCellNotFound);
}

// A fee of 33.33 in June, by the day on which the member joined and the month rule.
// feature:C12
TEST(CareFee, OfAJoinerOnTheFirstTheFifteenthAndTheLastDay) {
  const auto june_of = [](const MonthRule& rule, unsigned day) {
    MemberMonthSum basis = ExampleBasis();
    basis.risk = {};
    basis.month = rule;
    basis.base = RateTable{
        .versions = {{.from = Month(2026, 1),
                      .cells = {{.label = "fee", .price = testing::Cents(33'33)}}}}};
    const RatePlan plan = testing::PlanOf(basis, Month(2026, 6), MakeDate(2026, 6, 30));
    MemberMonths months(plan);
    std::vector<MemberMonthLine> lines;
    const PanelSpan span = testing::SpanFrom(testing::DayOf(2026, 6, day));
    months.Add(1, {&span, 1}, {}, {}, lines);
    EXPECT_EQ(lines.size(), 1U);
    PayeeTotals totals(testing::MonthOf(2026, 6));
    for (const MemberMonthLine& line : lines) totals.Add(line);
    const Terms terms = ExampleTerms(basis);
    const PayeeResult payee = SettlePayee(terms, PartyId(1), totals.Sum(),
                                          Facts().SetAmount("receivable", Money()), {})
                                  .value();
    const Settlement settled = SettleExample(terms, {payee});
    return std::tuple(settled.award.amount.Cents(), settled.award.zero_reason,
                      lines.empty() ? std::nullopt : lines[0].reason);
  };
  using Outcome = std::tuple<std::int64_t, std::optional<ReasonCode>, std::optional<ReasonCode>>;
  const Outcome whole{33'33, std::nullopt, std::nullopt};
  const Outcome none{0, ReasonCode::kNoChange, ReasonCode::kMemberNotPayableThisMonth};
  const MonthRule first{.method = MonthMethod::kFirstOfMonth};
  EXPECT_EQ(june_of(first, 1), whole);
  EXPECT_EQ(june_of(first, 15), none);
  EXPECT_EQ(june_of(first, 30), none);
  const MonthRule fifteen{.method = MonthMethod::kFifteenThirty};
  EXPECT_EQ(june_of(fifteen, 1), whole);
  EXPECT_EQ(june_of(fifteen, 15), whole);
  EXPECT_EQ(june_of(fifteen, 30), none);
  const MonthRule daily{.method = MonthMethod::kDaily};
  EXPECT_EQ(june_of(daily, 1), whole);
  // 33.33 x 16/30 = 17.776 and 33.33 x 1/30 = 1.111.
  EXPECT_EQ(june_of(daily, 15), (Outcome{17'78, std::nullopt, std::nullopt}));
  EXPECT_EQ(june_of(daily, 30), (Outcome{1'11, std::nullopt, std::nullopt}));
}

}  // namespace
}  // namespace sluice::performance
