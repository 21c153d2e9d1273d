// Awards of every payment model through the money: from the facts of a contract to the payees'
// accounts in the ledger, with the bank's file, the 835 and the statement.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/award_collector.h"
#include "payments/ledger/events.h"
#include "performance/activity/activity_service.h"
#include "performance/capitation/capitation_service.h"
#include "performance/program_service.h"
#include "tests/payments/run_fixture.h"
#include "tests/performance/activity/sample_activity.h"
#include "tests/performance/capitation/example.h"
#include "tests/performance/sample_settlements.h"

namespace sluice::payments {
namespace {

using performance::CapitationService;
using performance::CellSex;
using performance::ChangeReason;
using performance::Contract;
using performance::Facts;
using performance::FactSet;
using performance::MonthMethod;
using performance::NewPanelSpan;
using performance::NewTerms;
using performance::ProgramService;
using performance::Terms;
using ::testing::HasSubstr;

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }
DateRange MonthOf2026(unsigned month) {
  return DateRange::Between(Month(2026, month).FirstDay(), Month(2026, month).End());
}

class StreamCycleTest : public RunFixture {
 protected:
  using RunFixture::RunFixture;

  void SetUp() override {
    RunFixture::SetUp();
    programs_ =
        std::make_unique<ProgramService>(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
    Fund(Dollars(10'000));
  }

  void Tick() { db_.Clock().AdvanceMicros(1); }

  // The contract of the tree's first party; everybody else stands directly below it.
  void Enter(const std::vector<hierarchy::SnapshotParty>& parties, const Terms& terms, Date from,
             const std::string& role = "member") {
    std::vector<hierarchy::SnapshotEdge> edges;
    for (std::size_t i = 1; i < parties.size(); ++i) {
      edges.push_back({.parent = parties.front().id,
                       .child = parties[i].id,
                       .role = role,
                       .valid = DateRange::From(MakeDate(2020, 1, 1))});
    }
    hierarchy_ = *hierarchy::HierarchySnapshot::Make(
        {.as_of = MakeDate(2026, 12, 31), .version = 1}, parties, std::move(edges));
    contract_ = db_.Ids().Next<ContractTag>();
    const Contract contract{.id = contract_,
                            .payer = payer_,
                            .program = program_.program,
                            .party = parties.front().id,
                            .effective = DateRange::From(from)};
    ASSERT_TRUE(programs_->CreateContracts({&contract, 1}).ok());
    const NewTerms version{.contract = contract_, .effective = contract.effective, .terms = terms};
    const auto added = programs_->AddTerms({&version, 1});
    ASSERT_TRUE(added.ok()) << StatusMessage(added.status());
    Tick();
  }
  void Record(const DateRange& period, const Facts& facts, PartyId party = {}) {
    Tick();
    const FactSet set{.contract = contract_, .period = period, .party = party, .facts = facts};
    ASSERT_TRUE(programs_->RecordFacts({&set, 1}, "test").ok());
  }

  std::vector<AwardToPay> Collect(const DateRange& period) {
    Tick();
    const auto summary = programs_->Calculate(
        {.program = program_.program, .dates = {.period = period, .pay_date = *period.to}},
        hierarchy_);
    EXPECT_TRUE(summary.ok()) << StatusMessage(summary.status());
    const auto collected = CollectAwards(*programs_, programs_->Programs()->front(), period);
    EXPECT_TRUE(collected.ok()) << StatusMessage(collected.status());
    if (!collected.ok()) return {};
    EXPECT_TRUE(collected->blocked.empty()) << collected->blocked.front().missing;
    return collected->awards;
  }
  RunId Pay(const DateRange& period, const std::vector<AwardToPay>& awards,
            RunKind kind = RunKind::kRegular, std::int32_t seq = 1) {
    const auto run = Cycles().Open({.name = "From " + FormatDate(period.from),
                                    .period = period,
                                    .kind = kind,
                                    .seq = seq,
                                    .business_date = kBusinessDate},
                                   kMaker);
    EXPECT_TRUE(run.ok()) << StatusMessage(run.status());
    Approve(run->id, Submit(run->id, awards));
    const Status released = Releases()->Release(run->id, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    return run->id;
  }
  // The delivered files of one kind, one after the other.
  std::string Delivered(const std::string& end) const {
    std::string all;
    for (const auto& [name, bytes] : DeliveredFiles()) {
      if (name.ends_with(end)) all += bytes;
    }
    return all;
  }

  std::unique_ptr<ProgramService> programs_;
  hierarchy::HierarchySnapshot hierarchy_;
  ContractId contract_;
};

constexpr PartyId kIpa(1'000);
constexpr PartyId kP1(1'001);
constexpr PartyId kP2(1'002);

// Months of member-months, by the panel of an IPA with two practices.
class MemberMonthCycleTest : public StreamCycleTest {
 protected:
  using StreamCycleTest::StreamCycleTest;

  void SetUp() override {
    StreamCycleTest::SetUp();
    capitation_ =
        std::make_unique<CapitationService>(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
    p1_ = AddPaidPayee(kP1.Value());
    p2_ = AddPaidPayee(kP2.Value());
  }
  void EnterIpa(const Terms& terms) {
    Enter({{.id = kIpa, .name = "IPA"},
           {.id = kP1, .name = "Practice 1"},
           {.id = kP2, .name = "Practice 2"}},
          terms, MakeDate(2026, 4, 1));
  }
  NewPanelSpan Span(std::int64_t member, std::int64_t id, PartyId payee, DateRange valid,
                    Date birth, Date learned, ChangeReason reason = ChangeReason::kEnrollment,
                    std::string tier = "1") const {
    return {.contract = contract_,
            .member = member,
            .span_id = id,
            .payee = payee,
            .valid = valid,
            .birth = birth,
            .sex = CellSex::kFemale,
            .product = "HMO",
            .region = "06037",
            .tier = std::move(tier),
            .learned_on = learned,
            .reason = reason};
  }
  void Learn(const std::vector<NewPanelSpan>& spans) {
    Tick();
    const auto recorded = capitation_->RecordSpans(spans);
    ASSERT_TRUE(recorded.ok()) << StatusMessage(recorded.status());
  }
  std::vector<AwardToPay> AwardsOf(unsigned month) {
    // The book holds what payees owe, and a cycle offsets it: nothing is recouped by the terms.
    for (const PartyId payee : {kP1, kP2}) {
      Record(MonthOf2026(month), Facts().SetAmount("receivable", Money()), payee);
    }
    Tick();
    const auto run = capitation_->Run({.program = program_.program,
                                       .month = Month(2026, month),
                                       .business_date = MakeDate(2026, month, 20)});
    EXPECT_TRUE(run.ok()) << StatusMessage(run.status());
    return Collect(MonthOf2026(month));
  }
  Money Reserve(PayeeId payee) { return Balance(WithholdReserveAccount(payee, 2026)); }
  Money Owed(PayeeId payee) { return Balance(PayeeReceivableAccount(payee)); }

  std::unique_ptr<CapitationService> capitation_;
  PayeeId p1_, p2_;
};

class CapitationCycleTest : public MemberMonthCycleTest {
 protected:
  CapitationCycleTest() : MemberMonthCycleTest("pcpcp") {}

  void SetUp() override {
    MemberMonthCycleTest::SetUp();
    EnterIpa(performance::testing::ExampleTerms(performance::testing::ExampleBasis()));
    std::vector<performance::NewPanelFactor> factors;
    for (const auto& factor : performance::testing::ExampleFactors()) {
      factors.push_back({contract_, factor});
    }
    ASSERT_TRUE(capitation_->RecordFactors(factors).ok());
  }
  // The panel of PROGRAM_MATH 13.6 as it was known before July, and what was learned in July.
  void LearnPanelOfJune() {
    const Date old = MakeDate(2026, 3, 1);
    const DateRange open = DateRange::From(MakeDate(2026, 4, 1));
    Learn({Span(1, 1, kP1, open, MakeDate(1982, 7, 15), old),
           Span(2, 2, kP1, open, MakeDate(2015, 2, 2), old),
           Span(4, 4, kP1, open, MakeDate(1970, 1, 1), old),
           Span(6, 7, kP1, open, MakeDate(1950, 1, 1), old),
           Span(7, 8, kP1, open, MakeDate(1981, 6, 20), old)});
  }
  void LearnChangesOfJuly() {
    const auto until = [](unsigned month, unsigned day) {
      return DateRange::Between(MakeDate(2026, 4, 1), MakeDate(2026, month, day));
    };
    Learn({Span(2, 2, kP1, until(5, 12), MakeDate(2015, 2, 2), MakeDate(2026, 7, 10),
                ChangeReason::kTermination),
           Span(3, 3, kP1, DateRange::From(MakeDate(2026, 6, 16)), MakeDate(1990, 1, 1),
                MakeDate(2026, 7, 3)),
           Span(4, 4, kP1, until(6, 1), MakeDate(1970, 1, 1), MakeDate(2026, 7, 8),
                ChangeReason::kPayeeChange),
           Span(4, 5, kP2, DateRange::From(MakeDate(2026, 6, 1)), MakeDate(1970, 1, 1),
                MakeDate(2026, 7, 8), ChangeReason::kPayeeChange),
           Span(5, 6, kP1, DateRange::From(MakeDate(2026, 6, 20)), MakeDate(2026, 6, 20),
                MakeDate(2026, 7, 2), ChangeReason::kNewborn),
           Span(6, 7, kP1, DateRange::Between(MakeDate(2026, 3, 1), MakeDate(2026, 3, 31)),
                MakeDate(1950, 1, 1), MakeDate(2026, 7, 14), ChangeReason::kTermination),
           Span(7, 8, kP1, DateRange::From(MakeDate(2026, 4, 1)), MakeDate(1981, 5, 20),
                MakeDate(2026, 7, 6), ChangeReason::kDemographics)});
  }
};

// feature:C12 PROGRAM_MATH 13.6 in the ledger: each payee's withhold is in its own reserve, and the
// payee that owes has left 0.09 of it. Then a month in which somebody only left, and one that pays.
TEST_F(CapitationCycleTest, EachPayeesWithholdIsItsOwnThroughMonthsOfChanges) {
  LearnPanelOfJune();
  for (unsigned month = 4; month <= 6; ++month) {
    const RunId run = Pay(MonthOf2026(month), AwardsOf(month));
    EXPECT_EQ(PayeeOf(run, p1_).net, Cents(15'686 - 314)) << month;
  }
  EXPECT_EQ(Reserve(p1_), Cents(3 * 314));
  EXPECT_THAT(Delivered(".835"), HasSubstr("*CT:"));

  LearnChangesOfJuly();
  const RunId july = Pay(MonthOf2026(7), AwardsOf(7));
  EXPECT_EQ(PayeeOf(july, p1_).recoup, Cents(451));
  EXPECT_EQ(PayeeOf(july, p2_).gross, Cents(6'604));
  EXPECT_EQ(PayeeOf(july, p2_).withhold, Cents(132));
  EXPECT_EQ(PayeeOf(july, p2_).net, Cents(6'472));
  EXPECT_EQ(Reserve(p1_), Cents(3 * 314 - 9));
  EXPECT_EQ(Reserve(p2_), Cents(132));
  EXPECT_EQ(Owed(p1_), Cents(451));
  const std::string statements = Delivered("statements.csv");
  EXPECT_THAT(statements, HasSubstr("CAPITATION_RETRO"));
  EXPECT_THAT(statements, HasSubstr("-4.60"));
  ExpectBooksInOrder();

  // M3 left on 7/1, everybody else on 8/1: the award of August is -25.10, its withhold -0.50.
  const Date learned = MakeDate(2026, 8, 5);
  const auto ended = [&](std::int64_t member, std::int64_t id, PartyId payee, Date from, Date to,
                         Date birth) {
    return Span(member, id, payee, DateRange::Between(from, to), birth, learned,
                ChangeReason::kTermination);
  };
  const Date april = MakeDate(2026, 4, 1);
  const Date august = MakeDate(2026, 8, 1);
  Learn({ended(1, 1, kP1, april, august, MakeDate(1982, 7, 15)),
         ended(3, 3, kP1, MakeDate(2026, 6, 16), MakeDate(2026, 7, 1), MakeDate(1990, 1, 1)),
         ended(4, 5, kP2, MakeDate(2026, 6, 1), august, MakeDate(1970, 1, 1)),
         ended(5, 6, kP1, MakeDate(2026, 6, 20), august, MakeDate(2026, 6, 20)),
         ended(7, 8, kP1, april, august, MakeDate(1981, 5, 20))});
  std::vector<AwardToPay> awards = AwardsOf(8);
  ASSERT_EQ(awards.size(), 1U);
  EXPECT_EQ(awards[0].payable, Cents(-2'460));
  EXPECT_EQ(awards[0].withheld, Cents(-50));
  const PayeeId other = AddPaidPayee(10);
  awards.push_back(Award(1, {{10, Dollars(40)}}));
  const RunId left = Pay(MonthOf2026(8), awards);
  EXPECT_EQ(PayeeOf(left, other).net, Dollars(40));
  EXPECT_EQ(Reserve(p1_), Cents(3 * 314 - 9 - 50));
  EXPECT_EQ(Owed(p1_), Cents(451 + 2'460));

  // 60.19 x 1.051 = 63.26, 1.27 of it withheld; what is owed is offset first.
  Learn({Span(8, 9, kP1, DateRange::From(MakeDate(2026, 9, 1)), MakeDate(1950, 1, 1),
              MakeDate(2026, 9, 1))});
  const RunId september = Pay(MonthOf2026(9), AwardsOf(9));
  EXPECT_EQ(PayeeOf(september, p1_).offset, Cents(2'911));
  EXPECT_EQ(PayeeOf(september, p1_).net, Cents(6'326 - 127 - 2'911));
  EXPECT_EQ(Owed(p1_), Money());
  EXPECT_EQ(Reserve(p1_), Cents(3 * 314 - 9 - 50 + 127));
  ExpectBooksInOrder();
}

// A month that is run again pays the difference and moves the reserve by it.
TEST_F(CapitationCycleTest, ALateFactOfThePaidMonthMovesMoneyAndReserveByTheDifference) {
  LearnPanelOfJune();
  Pay(MonthOf2026(4), AwardsOf(4));
  ASSERT_EQ(Reserve(p1_), Cents(314));
  // M6, 60.95, was never there: 156.86 become 95.91, of which 1.92 is withheld.
  Learn({Span(6, 7, kP1, DateRange::Between(MakeDate(2026, 3, 1), MakeDate(2026, 3, 31)),
              MakeDate(1950, 1, 1), MakeDate(2026, 4, 18), ChangeReason::kTermination)});
  const std::vector<AwardToPay> awards = AwardsOf(4);
  ASSERT_EQ(awards.size(), 1U);
  EXPECT_EQ(awards[0].version, 2);
  Pay(MonthOf2026(4), awards, RunKind::kCorrection);
  EXPECT_EQ(Reserve(p1_), Cents(192));
  EXPECT_EQ(Owed(p1_), Cents(6'095 - (314 - 192)));
  ExpectBooksInOrder();
}

TEST_F(CapitationCycleTest, AWithholdNeverMovesToAnotherPayee) {
  const Date since = MakeDate(2026, 4, 1);
  Learn({Span(1, 1, kP1, DateRange::From(since), MakeDate(1982, 7, 15), since),
         Span(2, 2, kP2, DateRange::From(since), MakeDate(1950, 1, 1), since)});
  const std::vector<AwardToPay> awards = AwardsOf(4);
  ASSERT_EQ(awards.size(), 1U);
  Money withheld;
  for (const AwardShare& share : awards[0].shares) withheld += share.withheld.value_or(Money());
  EXPECT_EQ(withheld, awards[0].withheld);
  Pay(MonthOf2026(4), awards);
  // 24.18 and 60.95, two per cent of each.
  EXPECT_EQ(Reserve(p1_), Cents(48));
  EXPECT_EQ(Reserve(p2_), Cents(122));
  ExpectBooksInOrder();
}

class CareFeeCycleTest : public MemberMonthCycleTest {
 protected:
  CareFeeCycleTest() : MemberMonthCycleTest("ccf") {}
};

// A fee by risk tier, and a member who moves to the other practice after the month was paid.
TEST_F(CareFeeCycleTest, AFeeByTierIsPaidAndTakenBackWhenTheMemberMoved) {
  performance::MemberMonthSum basis;
  basis.base = performance::RateTable{
      .versions = {
          {.from = Month(2026, 1),
           .cells = {
               {.label = "low", .tier = "1", .price = performance::testing::Cents(500)},
               {.label = "high", .tier = "2", .price = performance::testing::Cents(1'250)}}}}};
  basis.month = {.method = MonthMethod::kFirstOfMonth};
  basis.first_month = Month(2026, 4);
  EnterIpa(Terms{
      .title = "Care coordination 2026",
      .components = {
          {.rule = performance::Basis{.kind = basis,
                                      .zero_reason = performance::ReasonCode::kNoMemberMonths}},
          {.rule = performance::RoundingRule{}}}});
  const Date since = MakeDate(2026, 4, 1);
  const Date birth = MakeDate(1950, 1, 1);
  Learn({Span(1, 1, kP1, DateRange::From(since), birth, since),
         Span(2, 2, kP1, DateRange::From(since), birth, since, ChangeReason::kEnrollment, "2")});
  const RunId april = Pay(MonthOf2026(4), AwardsOf(4));
  EXPECT_EQ(PayeeOf(april, p1_).net, Cents(1'750));
  EXPECT_THAT(Delivered("statements.csv"), HasSubstr("CARE_COORDINATION"));

  // The member of the high tier was with the other practice from the first day.
  NewPanelSpan gone = Span(2, 2, kP1, DateRange::From(since), birth, MakeDate(2026, 5, 4),
                           ChangeReason::kPayeeChange, "2");
  gone.retracted = true;
  Learn({gone, Span(2, 3, kP2, DateRange::From(since), birth, MakeDate(2026, 5, 4),
                    ChangeReason::kPayeeChange, "2")});
  const RunId may = Pay(MonthOf2026(5), AwardsOf(5));
  // April and May of the member for the other; May of the one who stayed, less April taken back.
  EXPECT_EQ(PayeeOf(may, p2_).net, Cents(2'500));
  EXPECT_EQ(PayeeOf(may, p1_).recoup, Cents(750));
  EXPECT_EQ(Owed(p1_), Cents(750));
  EXPECT_THAT(Delivered("statements.csv"), HasSubstr("CAPITATION_RETRO"));
  ExpectBooksInOrder();
}

class ActivityCycleTest : public StreamCycleTest {
 protected:
  ActivityCycleTest() : StreamCycleTest("p4p") {}
};

// PROGRAM_MATH 13.7: the practice, its providers and its staff are each paid their own cents, in
// one cycle; who left before the pay date is not.
TEST_F(ActivityCycleTest, EventsArePaidToPracticeProvidersAndStaff) {
  using hierarchy::PartyKind;
  using performance::testing::kPractice;
  constexpr Terms (*kTerms)() = &performance::testing::ExampleTerms;
  const DateRange year = DateRange::Year(2025);
  struct Person {
    PartyId id;
    PartyKind kind;
    const char* role;
    Ratio fte;
    std::int64_t cents;
  };
  const Person people[] = {
      {performance::testing::kProviderA, PartyKind::kProvider, "physician", {}, 533'15},
      {performance::testing::kProviderB, PartyKind::kProvider, "physician", {}, 560'00},
      {performance::testing::kProviderC, PartyKind::kProvider, "physician", {}, 175'00},
      {performance::testing::kStaff1, PartyKind::kOfficeEmployee, "employee", Ratio(1), 222'48},
      {performance::testing::kStaff2, PartyKind::kOfficeEmployee, "employee", Ratio(4, 5), 177'99},
      {performance::testing::kStaff3, PartyKind::kOfficeEmployee, "employee", Ratio(1, 2), 0}};
  Enter({{.id = kPractice, .name = "Practice"}}, kTerms(), MakeDate(2025, 1, 1));
  std::vector<hierarchy::SnapshotParty> parties = {{.id = kPractice, .name = "Practice"}};
  std::vector<hierarchy::SnapshotEdge> edges;
  for (const Person& person : people) {
    parties.push_back({.id = person.id, .kind = person.kind, .name = person.id.ToString()});
    DateRange valid = DateRange::From(MakeDate(2020, 1, 1));
    if (person.cents == 0) valid.to = MakeDate(2025, 12, 1);
    edges.push_back({.parent = kPractice, .child = person.id, .role = person.role, .valid = valid});
    if (person.kind == PartyKind::kOfficeEmployee) {
      Record(year, Facts().SetRatio("fte", person.fte), person.id);
    }
  }
  hierarchy_ = *hierarchy::HierarchySnapshot::Make({.as_of = MakeDate(2025, 11, 30), .version = 1},
                                                   std::move(parties), std::move(edges));
  performance::ActivityService activities(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
  ASSERT_TRUE(
      activities.Record(contract_, performance::testing::ExampleEvents(), "claims 2025").ok());
  Tick();
  ASSERT_TRUE(activities.Run({.program = program_.program, .period = year}, hierarchy_).ok());

  std::map<std::int64_t, PayeeId> payees;
  for (const Person& person : people) payees[person.id.Value()] = AddPaidPayee(person.id.Value());
  const PayeeId practice = AddPaidPayee(kPractice.Value());
  const std::vector<AwardToPay> awards = Collect(year);
  ASSERT_EQ(awards.size(), 1U);
  EXPECT_EQ(awards[0].payable, Cents(2'669'80));
  EXPECT_EQ(awards[0].line_kind, LineKind::kQualityBonus);
  const RunId run = Pay(year, awards);
  EXPECT_EQ(PayeeOf(run, practice).net, Cents(1'001'18));
  for (const Person& person : people) {
    if (person.cents == 0) continue;
    EXPECT_EQ(PayeeOf(run, payees[person.id.Value()]).net, Cents(person.cents))
        << person.id.ToString();
  }
  const auto totals = TotalsOf(*Cycles().Plan(run));
  EXPECT_EQ(totals.paid, Cents(2'669'80));
  EXPECT_EQ(totals.payees_paid, 6);
  EXPECT_THAT(Delivered("statements.csv"), HasSubstr("ANNUAL_LIMIT_USED on 432.45"));
  ExpectBooksInOrder();
}

class EpisodeCycleTest : public StreamCycleTest {
 protected:
  EpisodeCycleTest() : StreamCycleTest("eoc") {}

  void Reconciled(std::int64_t target, std::int64_t actual) {
    Record(DateRange::Year(2026), Facts()
                                      .SetAmount(performance::kEpisodeTarget, Dollars(target))
                                      .SetAmount(performance::kEpisodeActual, Dollars(actual))
                                      .SetCount(performance::kEpisodeOpened, 12)
                                      .SetCount(performance::kEpisodeCounted, 10)
                                      .SetText(performance::kEpisodeLines, std::string(64, 'a')));
  }
};

// A bundle below its target is shared with the practices; a later reconciliation takes back what
// was too much, and one above the target is owed.
TEST_F(EpisodeCycleTest, AReconciliationIsPaidAndALaterOnePostsTheDifference) {
  performance::EpisodeSum episodes;
  episodes.definitions = {{.type = "KNS",
                           .name = "Knee",
                           .anchors = {{{performance::ClaimCodeField::kDrg, "470"}, "470"}},
                           .days_after = 30}};
  episodes.target.baseline = {{2025, Rate::FromPercent(100)}};
  Enter({{.id = kIpa, .name = "Hospital"},
         {.id = kP1, .name = "Practice 1"},
         {.id = kP2, .name = "Practice 2"}},
        Terms{.title = "Bundles 2026",
              .components = {{.rule = performance::Basis{.kind = episodes}},
                             {.rule = performance::RoundingRule{}},
                             {.rule = performance::testing::EqualSplit()}}},
        MakeDate(2026, 1, 1));
  const PayeeId hospital = AddPaidPayee(kIpa.Value());
  const PayeeId first = AddPaidPayee(kP1.Value());
  const PayeeId second = AddPaidPayee(kP2.Value());
  const DateRange year = DateRange::Year(2026);
  Reconciled(250'000, 247'000);
  const std::vector<AwardToPay> awards = Collect(year);
  ASSERT_EQ(awards.size(), 1U);
  EXPECT_EQ(awards[0].payable, Dollars(3'000));
  EXPECT_EQ(awards[0].line_kind, LineKind::kSharedSavingsFinal);
  const RunId run = Pay(year, awards);
  // 33.3333 % is kept, the rest halved.
  EXPECT_EQ(PayeeOf(run, hospital).net, Cents(1'000'00));
  EXPECT_EQ(PayeeOf(run, first).net, Cents(1'000'00));
  EXPECT_EQ(PayeeOf(run, second).net, Cents(1'000'00));

  Reconciled(250'000, 253'000);
  const std::vector<AwardToPay> restated = Collect(year);
  ASSERT_EQ(restated.size(), 1U);
  EXPECT_EQ(restated[0].version, 2);
  EXPECT_EQ(restated[0].payable, -Dollars(3'000));
  EXPECT_EQ(restated[0].line_kind, LineKind::kDownsideLoss);
  const RunId later = Pay(year, restated, RunKind::kCorrection);
  EXPECT_EQ(TotalsOf(*Cycles().Plan(later)).recoup, Dollars(6'000));
  EXPECT_EQ(Balance(PayeeReceivableAccount(first)), Dollars(2'000));
  EXPECT_THAT(Delivered(".835"), HasSubstr("*PL:"));
  ExpectBooksInOrder();
}

// feature:E05 Budgets are paid to their participants before the claims are in. The settlement pays
// what is missing, and a later one is owed by those who had too much.
TEST_F(EpisodeCycleTest, BudgetsArePaidAheadAndReconciledByTheDifference) {
  performance::EpisodeSum episodes;
  episodes.definitions = {{.type = "KNS",
                           .name = "Knee",
                           .anchors = {{{performance::ClaimCodeField::kDrg, "470"}, "470"}},
                           .days_after = 30}};
  episodes.target.baseline = {{2025, Rate::FromPercent(100)}};
  episodes.payment = performance::EpisodePayment::kBudget;
  const std::string budget(performance::kEpisodeBudget);
  Enter({{.id = kIpa, .name = "Hospital"},
         {.id = kP1, .name = "Surgeons"},
         {.id = kP2, .name = "Therapists"}},
        Terms{.title = "Bundles 2026",
              .components = {{.rule = performance::Basis{.kind = episodes}, .clause = "2"},
                             {.rule = performance::RoundingRule{}, .clause = "3"},
                             {.rule = performance::Split{
                                  .levels = {{.basis = performance::SplitBasis::kWeights,
                                              .weight_name = budget}},
                                  .losses = performance::LossSplit::kMirrored},
                              .clause = "4"}}},
        MakeDate(2026, 1, 1));
  const PayeeId first = AddPaidPayee(kP1.Value());
  const PayeeId second = AddPaidPayee(kP2.Value());
  Fund(Dollars(90'000));
  const DateRange year = DateRange::Year(2026);
  const auto stage = [&](const std::string& name) {
    Record(year, Facts().SetText(performance::kEpisodeStage, name));
  };
  stage("interim");
  Record(year, Facts().SetAmount(budget, Dollars(48'000)));
  Record(year, Facts().SetAmount(budget, Cents(31'999'99)), kP1);
  Record(year, Facts().SetAmount(budget, Cents(16'000'01)), kP2);
  const RunId ahead = Pay(year, Collect(year));
  EXPECT_EQ(PayeeOf(ahead, first).net, Cents(31'999'99));
  EXPECT_EQ(PayeeOf(ahead, second).net, Cents(16'000'01));

  // 49,000 + 1,000 are due: 33,333.32 and 16,666.68.
  stage("final");
  Reconciled(50'000, 49'000);
  const std::vector<AwardToPay> settled = Collect(year);
  ASSERT_EQ(settled.size(), 1U);
  EXPECT_EQ(settled[0].version, 2);
  EXPECT_EQ(settled[0].payable, Dollars(50'000));
  const RunId later = Pay(year, settled, RunKind::kCorrection);
  EXPECT_EQ(PayeeOf(later, first).net, Cents(33'333'32 - 31'999'99));
  EXPECT_EQ(PayeeOf(later, second).net, Cents(16'666'68 - 16'000'01));
  EXPECT_EQ(TotalsOf(*Cycles().Plan(later)).paid, Dollars(2'000));
  ExpectBooksInOrder();
  ASSERT_TRUE(Releases()->PostSettlement(later, MakeDate(2026, 10, 2), kService).ok());
  ASSERT_TRUE(Releases()->Close(later, kFirst).ok());

  // Targets priced down to 45,000: 29,999.99 and 15,000.01 are due. Nobody is paid less than
  // nothing.
  Reconciled(45'000, 49'000);
  const RunId last = Pay(year, Collect(year), RunKind::kCorrection, 2);
  EXPECT_EQ(TotalsOf(*Cycles().Plan(last)).paid, Money());
  EXPECT_EQ(PayeeOf(last, first).recoup, Cents(33'333'32 - 29'999'99));
  EXPECT_EQ(PayeeOf(last, second).recoup, Cents(16'666'68 - 15'000'01));
  EXPECT_EQ(Balance(PayeeReceivableAccount(first)), Cents(33'333'32 - 29'999'99));
  EXPECT_EQ(Balance(PayeeReceivableAccount(second)), Cents(16'666'68 - 15'000'01));
  ExpectBooksInOrder();
}

}  // namespace
}  // namespace sluice::payments
