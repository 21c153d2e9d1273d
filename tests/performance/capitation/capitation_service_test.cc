// Capitation on a real database: runs, late facts between them, awards and shares of payees.
#include "performance/capitation/capitation_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "performance/capitation/member_months.h"
#include "performance/program_service.h"
#include "tests/performance/capitation/example.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using hierarchy::HierarchySnapshot;
using ::testing::ElementsAre;
using testing::ExampleTerms;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr PartyId kIpa(1'000);
constexpr PartyId kP1(1'001);
constexpr PartyId kP2(1'002);

class CapitationServiceTest : public ::testing::Test {
 protected:
  CapitationServiceTest()
      : payer_(db_.NewPayer("Plan")),
        programs_(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()),
        service_(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()),
        program_{.id = db_.Ids().Next<ProgramTag>(),
                 .payer = payer_,
                 .name = "Capitation 2026",
                 .stream = "pcpcp",
                 .lan_category = "4A",
                 .book = db_.Ids().Next<BookTag>(),
                 .created_at = db_.Clock().Now()} {}

  void SetUp() override {
    // Long before the facts that the tests learn.
    ASSERT_TRUE(programs_.CreateProgram(program_).ok());
    contract_ = Contract{.id = db_.Ids().Next<ContractTag>(),
                         .payer = payer_,
                         .program = program_.id,
                         .party = kIpa,
                         .effective = DateRange::From(MakeDate(2026, 4, 1))};
    ASSERT_TRUE(programs_.CreateContracts({&contract_, 1}).ok());
    std::vector<hierarchy::SnapshotParty> parties = {{.id = kIpa, .name = "IPA"}};
    std::vector<hierarchy::SnapshotEdge> edges;
    for (const PartyId practice : {kP1, kP2}) {
      parties.push_back({.id = practice, .name = "Practice"});
      edges.push_back({.parent = kIpa,
                       .child = practice,
                       .role = "member",
                       .valid = DateRange::From(MakeDate(2026, 1, 1))});
    }
    hierarchy_ = *HierarchySnapshot::Make({.as_of = MakeDate(2026, 12, 31), .version = 1},
                                          std::move(parties), std::move(edges));
  }

  void AddTerms(const Terms& terms) {
    Tick();
    const NewTerms version{.contract = contract_.id,
                           .effective = DateRange::From(MakeDate(2026, 4, 1)),
                           .terms = terms};
    const auto added = programs_.AddTerms({&version, 1});
    ASSERT_TRUE(added.ok()) << added.status();
  }
  void AddExample() {
    AddTerms(ExampleTerms());
    std::vector<NewPanelFactor> factors;
    for (const PanelFactor& factor : testing::ExampleFactors()) {
      factors.push_back({contract_.id, factor});
    }
    ASSERT_TRUE(service_.RecordFactors(factors).ok());
  }

  void Tick() { db_.Clock().AdvanceMicros(1); }

  NewPanelSpan Span(std::int64_t member, std::int64_t id, PartyId payee, DateRange valid,
                    Date birth, Date learned, ChangeReason reason = ChangeReason::kEnrollment) {
    return {.contract = contract_.id,
            .member = member,
            .span_id = id,
            .payee = payee,
            .valid = valid,
            .birth = birth,
            .sex = CellSex::kFemale,
            .product = "HMO",
            .region = "06037",
            .tier = "1",
            .learned_on = learned,
            .reason = reason};
  }
  void Record(const std::vector<NewPanelSpan>& spans) {
    Tick();
    const auto recorded = service_.RecordSpans(spans);
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }

  CapitationSummary Run(unsigned month, Date business_date) {
    Tick();
    // The ledger says what each payee owes; here nothing.
    std::vector<FactSet> receivables;
    for (const PartyId payee : {kP1, kP2}) {
      FactSet set{.contract = contract_.id, .period = PeriodOf(month), .party = payee};
      set.facts.SetAmount("receivable", Money());
      receivables.push_back(std::move(set));
    }
    EXPECT_TRUE(programs_.RecordFacts(receivables, "ledger").ok());
    Tick();
    const auto summary = service_.Run(
        {.program = program_.id, .month = Month(2026, month), .business_date = business_date});
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.value_or(CapitationSummary{});
  }

  static DateRange PeriodOf(unsigned month) {
    return DateRange::Between(Month(2026, month).FirstDay(), Month(2026, month).End());
  }

  StoredAward Award(unsigned month) {
    Tick();
    const auto summary = programs_.Calculate(
        {.program = program_.id,
         .dates = {.period = PeriodOf(month), .pay_date = Month(2026, month).End()}},
        hierarchy_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    const auto awards = programs_.Awards(program_.id, PeriodOf(month));
    EXPECT_EQ(awards->size(), 1U);
    return awards->front();
  }
  Money ShareOf(const StoredAward& award, PartyId party) {
    const AwardKey key{award.contract, award.award, award.version};
    Money amount;
    const auto shares = programs_.Shares({&key, 1});
    EXPECT_TRUE(shares.ok());
    for (const StoredShare& stored : *shares) {
      if (stored.share.party == party) amount += stored.share.amount;
    }
    return amount;
  }

  // The panel of PROGRAM_MATH 13.6 as it was known before July.
  void RecordPanelOfJune() {
    const Date old = MakeDate(2026, 3, 1);
    const DateRange open = DateRange::From(MakeDate(2026, 4, 1));
    Record({Span(1, 1, kP1, open, MakeDate(1982, 7, 15), old),
            Span(2, 2, kP1, open, MakeDate(2015, 2, 2), old),
            Span(4, 4, kP1, open, MakeDate(1970, 1, 1), old),
            Span(6, 7, kP1, open, MakeDate(1950, 1, 1), old),
            Span(7, 8, kP1, open, MakeDate(1981, 6, 20), old)});
  }
  // What was learned in July.
  void RecordChangesOfJuly() {
    const auto until = [](unsigned month, unsigned day) {
      return DateRange::Between(MakeDate(2026, 4, 1), MakeDate(2026, month, day));
    };
    NewPanelSpan withdrawn =
        Span(6, 7, kP1, DateRange::From(MakeDate(2026, 3, 1)), MakeDate(1950, 1, 1),
             MakeDate(2026, 7, 14), ChangeReason::kTermination);
    withdrawn.valid.to = MakeDate(2026, 3, 31);
    Record({Span(2, 2, kP1, until(5, 12), MakeDate(2015, 2, 2), MakeDate(2026, 7, 10),
                 ChangeReason::kTermination),
            Span(3, 3, kP1, DateRange::From(MakeDate(2026, 6, 16)), MakeDate(1990, 1, 1),
                 MakeDate(2026, 7, 3)),
            Span(4, 4, kP1, until(6, 1), MakeDate(1970, 1, 1), MakeDate(2026, 7, 8),
                 ChangeReason::kPayeeChange),
            Span(4, 5, kP2, DateRange::From(MakeDate(2026, 6, 1)), MakeDate(1970, 1, 1),
                 MakeDate(2026, 7, 8), ChangeReason::kPayeeChange),
            Span(5, 6, kP1, DateRange::From(MakeDate(2026, 6, 20)), MakeDate(2026, 6, 20),
                 MakeDate(2026, 7, 2), ChangeReason::kNewborn),
            withdrawn,
            Span(7, 8, kP1, DateRange::From(MakeDate(2026, 4, 1)), MakeDate(1981, 5, 20),
                 MakeDate(2026, 7, 6), ChangeReason::kDemographics)});
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  ProgramService programs_;
  CapitationService service_;
  Program program_;
  Contract contract_;
  HierarchySnapshot hierarchy_;
};

// feature:C12 PROGRAM_MATH 13.6 from facts to the shares of two payees, over four months of runs
TEST_F(CapitationServiceTest, LateFactsBetweenRunsBecomeDeltasOfTheNextAward) {
  AddExample();
  RecordPanelOfJune();
  for (unsigned month = 4; month <= 6; ++month) {
    const CapitationSummary run = Run(month, MakeDate(2026, month, 20));
    EXPECT_EQ(run.lines, 5) << month;
    // 24.18 + 15.14 + 32.41 + 60.95 + 24.18
    EXPECT_EQ(run.posted.Cents(), 15'686) << month;
    EXPECT_EQ(Award(month).amount.Cents(), 15'686);
  }
  RecordChangesOfJuly();
  const CapitationSummary july = Run(7, MakeDate(2026, 7, 20));
  EXPECT_THAT(july.blocked, IsEmpty());
  EXPECT_EQ(july.members, 7);
  EXPECT_EQ(july.lines, 15);
  EXPECT_EQ(july.posted.Cents(), 6'144);
  EXPECT_EQ(july.reasons.at(ReasonCode::kRetroTerm), 4);
  EXPECT_EQ(july.reasons.at(ReasonCode::kPayeeMoved), 2);
  EXPECT_EQ(july.reasons.at(ReasonCode::kRetroWindowClosed), 1);
  EXPECT_EQ(july.reasons.at(ReasonCode::kMemberNotPayableThisMonth), 1);

  const StoredAward award = Award(7);
  EXPECT_EQ(award.amount.Cents(), 6'144) << award.explanation;
  EXPECT_EQ(award.withheld.Cents(), 123);
  EXPECT_EQ(award.payable.Cents(), 6'021);
  EXPECT_EQ(ShareOf(award, kP1).Cents(), -451);
  EXPECT_EQ(ShareOf(award, kP2).Cents(), 6'472);
  EXPECT_THAT(award.explanation, HasSubstr("earlier months"));
  // The package replays to the same award.
  const AwardKey key{award.contract, award.award, award.version};
  const auto report = ReplayPackage(programs_.Package(key).value());
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->Matches()) << ToText(*report);
  // The lines as stored: the former months keep theirs.
  EXPECT_THAT(service_.Lines(contract_.id, Month(2026, 7)).value(), SizeIs(15));
  EXPECT_THAT(service_.Lines(contract_.id, Month(2026, 5)).value(), SizeIs(5));
}

TEST_F(CapitationServiceTest, RunningAgainPostsNothingAndLaterFactsOnlyTheirDifference) {
  AddExample();
  RecordPanelOfJune();
  Run(6, MakeDate(2026, 6, 20));
  const StoredAward before = Award(6);
  // April and May were never run: the first run posts them too.
  EXPECT_EQ(before.amount.Cents(), 3 * 15'686);
  const CapitationSummary again = Run(6, MakeDate(2026, 6, 21));
  EXPECT_EQ(again.lines, 0);
  EXPECT_EQ(again.unchanged, 1);
  EXPECT_THAT(service_.Runs(contract_.id).value(), SizeIs(1));
  EXPECT_EQ(Award(6).version, before.version);

  Record({Span(2, 2, kP1, DateRange::Between(MakeDate(2026, 4, 1), MakeDate(2026, 6, 2)),
               MakeDate(2015, 2, 2), MakeDate(2026, 6, 22), ChangeReason::kTermination)});
  const CapitationSummary late = Run(6, MakeDate(2026, 6, 23));
  EXPECT_EQ(late.lines, 1);
  EXPECT_EQ(late.posted.Cents(), -1'514);
  const StoredAward after = Award(6);
  EXPECT_EQ(after.version, before.version + 1);
  EXPECT_EQ(after.amount, before.amount - Money::FromCents(1'514));
  EXPECT_EQ(after.delta, after.payable - before.payable);
  EXPECT_EQ(Run(6, MakeDate(2026, 6, 24)).lines, 0);
  // An earlier month is not run after a later one.
  const auto earlier = service_.Run(
      {.program = program_.id, .month = Month(2026, 5), .business_date = MakeDate(2026, 6, 24)});
  EXPECT_THAT(StatusMessage(earlier.status()), HasSubstr("2026-06 was already run"));
}

// Both versions of the span reach the run, so that the death opens months beyond the 90 days of the
// correction that came after it.
TEST_F(CapitationServiceTest, ADeathStaysKnownUnderALaterCorrection) {
  Terms terms = ExampleTerms();
  auto& basis = std::get<MemberMonthSum>(std::get<Basis>(terms.components[0].rule).kind);
  basis.risk = {};
  basis.retro.insert(basis.retro.begin(), RetroRule{.reason = ChangeReason::kDeath});
  AddTerms(terms);
  const Date birth = MakeDate(1950, 1, 1);
  Record({Span(6, 7, kP1, DateRange::From(MakeDate(2026, 3, 1)), birth, MakeDate(2026, 3, 1))});
  Run(4, MakeDate(2026, 4, 20));
  Run(7, MakeDate(2026, 7, 1));
  const DateRange ended = DateRange::Between(MakeDate(2026, 3, 1), MakeDate(2026, 3, 31));
  Record({Span(6, 7, kP1, ended, birth, MakeDate(2026, 7, 14), ChangeReason::kDeath)});
  Record({Span(6, 7, kP1, ended, birth, MakeDate(2026, 7, 15), ChangeReason::kDemographics)});
  const CapitationSummary late = Run(7, MakeDate(2026, 7, 20));
  EXPECT_EQ(late.lines, 4);                              // April to July
  EXPECT_EQ(late.posted.Cents(), -(3 * 5'844 + 6'019));  // the whole of them
  EXPECT_EQ(late.reasons.count(ReasonCode::kRetroWindowClosed), 0U);
}

TEST_F(CapitationServiceTest, MissingRateCellBlocksTheAwardUntilTheFactIsCorrected) {
  MemberMonthSum basis = testing::ExampleBasis();
  auto& table = std::get<RateTable>(basis.base);
  table.age_to = 64;
  for (RateVersion& version : table.versions) version.cells.pop_back();
  basis.risk = {};
  AddTerms(ExampleTerms(basis));
  const DateRange since = DateRange::From(MakeDate(2026, 7, 1));
  Record({Span(1, 1, kP1, since, MakeDate(1982, 7, 15), MakeDate(2026, 7, 1)),
          Span(9, 2, kP1, since, MakeDate(1950, 1, 1), MakeDate(2026, 7, 1))});
  const CapitationSummary blocked = Run(7, MakeDate(2026, 7, 20));
  ASSERT_THAT(blocked.blocked, SizeIs(1));
  EXPECT_THAT(blocked.blocked[0].second, HasSubstr("member 9 in 2026-07: no rate cell for age 76"));
  EXPECT_EQ(blocked.lines, 0);
  const StoredAward award = Award(7);
  EXPECT_EQ(award.blocked_reason, ReasonCode::kRateCellNotFound);
  EXPECT_THAT(award.missing, HasSubstr("member 9"));
  EXPECT_THAT(service_.Lines(contract_.id, Month(2026, 7)).value(), IsEmpty());

  Record({Span(9, 2, kP1, since, MakeDate(1970, 1, 1), MakeDate(2026, 7, 21),
               ChangeReason::kDemographics)});
  EXPECT_EQ(Run(7, MakeDate(2026, 7, 21)).lines, 2);
  EXPECT_EQ(Award(7).amount.Cents(), 2'388 + 3'200);
}

TEST_F(CapitationServiceTest, NobodyOnThePanelIsZeroWithItsReason) {
  AddExample();
  EXPECT_EQ(Run(7, MakeDate(2026, 7, 20)).lines, 0);
  const StoredAward award = Award(7);
  EXPECT_EQ(award.zero_reason, ReasonCode::kNoMemberMonths) << award.explanation;
  EXPECT_TRUE(award.payable.IsZero());
}

// Carve-out claims that do not fit are carried to the next month, and taken there.
TEST_F(CapitationServiceTest, WhatDoesNotFitIsCarriedToTheNextMonth) {
  Terms terms = ExampleTerms();
  terms.components.insert(terms.components.begin() + 2,
                          {.rule = Adjustment{.name = "carve_out",
                                              .kind = AdjustmentKind::kCarveOut,
                                              .amount = StatedAmount{"claims"}}});
  std::get<MemberMonthSum>(std::get<Basis>(terms.components[0].rule).kind).risk = {};
  AddTerms(terms);
  Record({Span(1, 1, kP1, DateRange::From(MakeDate(2026, 7, 1)), MakeDate(1982, 7, 15),
               MakeDate(2026, 7, 1))});
  EXPECT_THAT(Run(7, MakeDate(2026, 7, 20)).blocked[0].second, HasSubstr("claims of payee"));
  EXPECT_EQ(Award(7).blocked_reason, ReasonCode::kMissingInput);

  const auto claims = [&](unsigned month, std::int64_t cents) {
    Tick();
    FactSet set{.contract = contract_.id, .period = PeriodOf(month), .party = kP1};
    set.facts.SetAmount("claims", Money::FromCents(cents));
    ASSERT_TRUE(programs_.RecordFacts({&set, 1}, "claims").ok());
  };
  claims(7, 3'000);
  Run(7, MakeDate(2026, 7, 21));
  const StoredAward july = Award(7);
  EXPECT_TRUE(july.amount.IsZero());  // 23.88, less 23.88 of 30.00
  EXPECT_EQ(july.zero_reason, ReasonCode::kDeductedInFull) << july.explanation;
  claims(8, 100);
  Run(8, MakeDate(2026, 8, 20));
  const StoredAward august = Award(8);
  EXPECT_EQ(august.amount.Cents(), 2'388 - 100 - 612) << august.explanation;
}

// feature:C12 PROGRAM_MATH 6.5: a fee by risk tier is paid on the first day of a quarter for all of
// its months, by a run of its last month. What then changes is a debit or a credit of the next
// quarter.
TEST_F(CapitationServiceTest, AQuarterIsPaidInAdvanceAndCorrectedInTheNext) {
  MemberMonthSum basis;
  RateVersion fees{.from = Month(2026, 1)};
  const std::vector<std::int64_t> dollars = {9, 11, 19, 33, 100};
  for (std::size_t i = 0; i < dollars.size(); ++i) {
    const std::string tier = std::to_string(i + 1);
    fees.cells.push_back(
        {.label = "tier " + tier, .tier = tier, .price = testing::Cents(dollars[i] * 100)});
  }
  basis.base = RateTable{.versions = {fees}};
  basis.month = {.method = MonthMethod::kFirstOfMonth};
  basis.first_month = Month(2026, 4);
  AddTerms(Terms{.title = "Care management 2026",
                 .components = {{.rule = Basis{.kind = basis,
                                               .zero_reason = ReasonCode::kNoMemberMonths},
                                 .clause = "5.1"},
                                {.rule = RoundingRule{}, .clause = "5.2"}}});
  const auto member = [&](std::int64_t id, const std::string& tier, DateRange valid, Date learned,
                          ChangeReason reason = ChangeReason::kEnrollment) {
    NewPanelSpan span = Span(id, id, kP1, valid, MakeDate(1950, 1, 1), learned, reason);
    span.tier = tier;
    return span;
  };
  const auto since = [](unsigned month, unsigned day) {
    return DateRange::From(MakeDate(2026, month, day));
  };
  const Date before = MakeDate(2026, 3, 20);
  Record({member(1, "1", since(4, 1), before), member(2, "4", since(4, 1), before),
          member(3, "5", since(4, 1), before)});
  const CapitationSummary second = Run(6, MakeDate(2026, 4, 1));
  EXPECT_EQ(second.lines, 9);
  // 3 x (9 + 33 + 100)
  EXPECT_EQ(second.posted.Cents(), 426'00);
  EXPECT_EQ(Award(6).amount.Cents(), 426'00) << Award(6).explanation;

  // The second left on May 10, the third on the first of June. Others joined on the first, the
  // fifteenth and the last day of April.
  const auto until = [](unsigned month, unsigned day) {
    return DateRange::Between(MakeDate(2026, 4, 1), MakeDate(2026, month, day));
  };
  Record({member(2, "4", until(5, 10), MakeDate(2026, 5, 12), ChangeReason::kTermination),
          member(3, "5", until(6, 1), MakeDate(2026, 6, 3), ChangeReason::kTermination),
          member(4, "2", since(4, 1), MakeDate(2026, 4, 9)),
          member(5, "3", since(4, 15), MakeDate(2026, 4, 20)),
          member(6, "3", since(4, 30), MakeDate(2026, 5, 4))});
  const CapitationSummary third = Run(9, MakeDate(2026, 7, 1));
  // July to September: 3 x (9 + 11 + 19 + 19). Before: June of those who left is debited, -33 and
  // -100; 3 x 11 of who joined on the first; May and June of the two others.
  const std::int64_t quarter = 3 * (9 + 11 + 19 + 19);
  const std::int64_t corrections = -33 - 100 + 3 * 11 + 2 * 19 + 2 * 19;
  EXPECT_EQ(third.posted.Cents(), (quarter + corrections) * 100);
  EXPECT_EQ(third.reasons.at(ReasonCode::kRetroTerm), 2);
  EXPECT_EQ(third.reasons.at(ReasonCode::kMemberNotPayableThisMonth), 2) << "April of the joiners";
  const StoredAward award = Award(9);
  EXPECT_EQ(award.amount.Cents(), 150'00) << award.explanation;
  EXPECT_THAT(award.explanation, HasSubstr("earlier months"));
  EXPECT_EQ(Award(6).version, 1) << "what was paid in advance stays";
  EXPECT_EQ(Run(9, MakeDate(2026, 7, 2)).lines, 0);
}

TEST_F(CapitationServiceTest, PremiumIsTheBaseAndARestatedOneFlowsThrough) {
  MemberMonthSum basis = testing::ExampleBasis();
  basis.base = PercentOfPremium{Rate::FromPercent(85)};
  basis.risk = {};
  AddTerms(ExampleTerms(basis));
  Record({Span(1, 1, kP1, DateRange::From(MakeDate(2026, 7, 1)), MakeDate(1982, 7, 15),
               MakeDate(2026, 7, 1)),
          Span(2, 2, kP2, DateRange::From(MakeDate(2026, 7, 1)), MakeDate(1982, 7, 15),
               MakeDate(2026, 7, 1))});
  const auto premium = [&](std::int64_t member, unsigned month, std::int64_t cents) {
    Tick();
    const NewPanelPremium row{contract_.id, member, Month(2026, month), Money::FromCents(cents)};
    ASSERT_TRUE(service_.RecordPremiums({&row, 1}).ok());
  };
  premium(1, 7, 100'000);
  premium(2, 7, 50'000);
  Run(7, MakeDate(2026, 7, 20));
  EXPECT_EQ(Award(7).amount.Cents(), 127'500);
  premium(1, 7, 100'100);
  premium(1, 8, 100'000);
  premium(2, 8, 50'000);
  Run(8, MakeDate(2026, 8, 20));
  EXPECT_EQ(Award(8).amount.Cents(), 127'500 + 85);
}

// An amendment from July on changes nothing about June, whose late members have the rates of then.
TEST_F(CapitationServiceTest, EachMonthHasTheTermsThatWereInForceInIt) {
  MemberMonthSum basis = testing::ExampleBasis();
  basis.risk = {};
  const auto flat = [&](unsigned month, std::int64_t cents, MonthMethod method) {
    basis.base =
        RateTable{.versions = {{.from = Month(2026, month),
                                .cells = {{.label = "all", .price = testing::Cents(cents)}}}}};
    basis.month = {.method = method};
    basis.first_month = std::nullopt;
    return ExampleTerms(basis);
  };
  AddTerms(flat(4, 3'000, MonthMethod::kFirstOfMonth));
  const Date long_ago = MakeDate(2026, 3, 1);
  Record(
      {Span(1, 1, kP1, DateRange::From(MakeDate(2026, 5, 10)), MakeDate(1982, 7, 15), long_ago)});
  Run(6, MakeDate(2026, 6, 20));
  EXPECT_EQ(Award(6).amount.Cents(), 3'000);  // May began before the member

  Tick();
  const NewTerms amended{.contract = contract_.id,
                         .effective = DateRange::From(MakeDate(2026, 7, 1)),
                         .terms = flat(7, 3'500, MonthMethod::kFifteenThirty)};
  ASSERT_TRUE(programs_.AddTerms({&amended, 1}).ok());
  Record({Span(2, 2, kP1, DateRange::From(MakeDate(2026, 6, 1)), MakeDate(1982, 7, 15),
               MakeDate(2026, 7, 3)),
          Span(3, 3, kP2, DateRange::From(MakeDate(2026, 7, 10)), MakeDate(1982, 7, 15),
               MakeDate(2026, 7, 11))});
  const CapitationSummary july = Run(7, MakeDate(2026, 7, 20));
  EXPECT_THAT(july.blocked, IsEmpty());
  // Members 1, 2 and 3 for July, and member 2 for June as it was.
  EXPECT_EQ(july.posted.Cents(), 3 * 3'500 + 3'000);
  EXPECT_EQ(july.reasons.at(ReasonCode::kRetroAdd), 1);
  EXPECT_EQ(Award(7).amount.Cents(), 13'500);
}

TEST_F(CapitationServiceTest, BadFactsAreRefusedByRowFieldAndRule) {
  const DateRange open = DateRange::From(MakeDate(2026, 7, 1));
  const NewPanelSpan good = Span(1, 1, kP1, open, MakeDate(1982, 7, 15), MakeDate(2026, 7, 1));
  const auto refusal = [&](NewPanelSpan bad) {
    const std::vector<NewPanelSpan> rows = {good, std::move(bad)};
    return StatusMessage(service_.RecordSpans(rows).status());
  };
  NewPanelSpan bad = good;
  EXPECT_THAT(refusal(bad), HasSubstr("row 2: the same fact is given twice"));
  bad.span_id = 2;
  bad.learned_on = MakeDate(2027, 1, 1);
  EXPECT_THAT(refusal(bad), HasSubstr("row 2: learned_on: 2027-01-01 is after today"));
  bad = good;
  bad.span_id = 2;
  bad.birth = MakeDate(2026, 7, 2);
  EXPECT_THAT(refusal(bad), HasSubstr("row 2: valid: coverage from 2026-07-01 begins before"));
  bad = good;
  bad.contract = ContractId(77);
  EXPECT_THAT(refusal(bad), HasSubstr("is not known"));
  // Nothing of the refused rows is there.
  AddExample();
  EXPECT_EQ(Run(7, MakeDate(2026, 7, 20)).members, 0);
}

TEST_F(CapitationServiceTest, AnotherPayerSeesNothing) {
  AddExample();
  RecordPanelOfJune();
  Run(6, MakeDate(2026, 6, 20));
  CapitationService other(db_.App().ForPayer(db_.NewPayer("Other")), db_.Clock(), db_.Ids());
  EXPECT_THAT(other.Lines(contract_.id, Month(2026, 6)).value(), IsEmpty());
  EXPECT_EQ(other
                .Run({.program = program_.id,
                      .month = Month(2026, 6),
                      .business_date = MakeDate(2026, 6, 20)})
                .status()
                .code(),
            absl::StatusCode::kNotFound);
}

// After any late edits, what all runs posted is what one run of today's facts would.
TEST_F(CapitationServiceTest, RunsAddUpToTheFactsOfToday) {
  MemberMonthSum basis = testing::ExampleBasis();
  basis.retro = {RetroRule{}};
  AddTerms(ExampleTerms(basis));
  std::vector<NewPanelFactor> factors;
  for (const PanelFactor& factor : testing::ExampleFactors()) {
    factors.push_back({contract_.id, factor});
  }
  ASSERT_TRUE(service_.RecordFactors(factors).ok());
  const char* fixed = std::getenv("SLUICE_TEST_SEED");
  const unsigned seed =
      fixed == nullptr ? std::random_device{}() : static_cast<unsigned>(std::stoul(fixed));
  std::cout << "seed " << seed << '\n';
  std::mt19937 random(seed);
  const auto up_to = [&](int limit) {
    return std::uniform_int_distribution<int>(0, limit)(random);
  };
  std::map<std::int64_t, NewPanelSpan> truth;  // by member: one span each
  for (unsigned month = 4; month <= 9; ++month) {
    for (int edits = up_to(2) + 1; edits > 0; --edits) {
      std::map<std::int64_t, NewPanelSpan> changed;
      for (int i = 0; i < 20; ++i) {
        const std::int64_t member = 1 + up_to(60);
        NewPanelSpan span = Span(member, member, up_to(1) == 0 ? kP1 : kP2,
                                 DateRange::From(MakeDate(2026, 4, 1) + Days(up_to(150))),
                                 MakeDate(1940, 1, 1) + Days(up_to(31'000)), MakeDate(2026, 4, 1));
        if (up_to(2) == 0) span.valid.to = span.valid.from + Days(1 + up_to(90));
        span.retracted = up_to(9) == 0;
        changed.insert_or_assign(member, span);
      }
      std::vector<NewPanelSpan> rows;
      for (const auto& [member, span] : changed) {
        truth.insert_or_assign(member, span);
        rows.push_back(span);
      }
      Record(rows);
      Run(month, MakeDate(2026, month, 10 + static_cast<unsigned>(edits)));
    }
  }
  std::map<std::tuple<std::int64_t, std::int64_t, MonthNumber>, std::int64_t> posted;
  for (unsigned month = 4; month <= 9; ++month) {
    const auto lines = service_.Lines(contract_.id, Month(2026, month));
    ASSERT_TRUE(lines.ok());
    for (const MemberMonthLine& line : *lines) {
      posted[{line.member, line.payee.Value(), line.month}] += line.delta_cents;
      EXPECT_TRUE(line.delta_cents != 0 || line.reason) << ToText(line);
      EXPECT_EQ(line.new_cents, line.posted_cents + line.delta_cents) << ToText(line);
    }
  }
  std::erase_if(posted, [](const auto& entry) { return entry.second == 0; });
  // The same from the rules of the contract, written out again.
  decltype(posted) expected;
  for (const auto& [member, span] : truth) {
    if (span.retracted) continue;
    for (unsigned month = 4; month <= 9; ++month) {
      const Date first = Month(2026, month).FirstDay();
      const Date sixteenth = first + Days(15);
      const bool began = span.valid.from < sixteenth;
      const bool ended = span.valid.to && *span.valid.to < sixteenth;
      if (!began || ended) continue;
      const int age = std::max(0, AgeOn(span.birth, first));
      const auto& version = std::get<RateTable>(basis.base).versions[month < 7 ? 0 : 1];
      const std::size_t cell = age < 2 ? 0 : age < 18 ? 1 : age < 45 ? 2 : age < 65 ? 4 : 5;
      const Exact exact =
          Exact(version.cells[cell].price, 1) * Ratio(month < 7 ? 1'043 : 1'051, 1'000);
      expected[{member, span.payee.Value(), testing::MonthOf(2026, month)}] =
          Round(exact, Rounding::kHalfAwayFromZero).Cents();
    }
  }
  EXPECT_EQ(posted, expected);
}

}  // namespace
}  // namespace sluice::performance
