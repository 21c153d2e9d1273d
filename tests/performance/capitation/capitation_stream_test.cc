// Contracts that share a stream of panel facts, and more of them than share a transaction: each has
// the lines of the pure engine on its own members, whatever its neighbors are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/capitation/capitation_service.h"
#include "performance/capitation/member_months.h"
#include "performance/program_service.h"
#include "tests/performance/capitation/example.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using ::testing::SizeIs;

constexpr std::size_t kContracts = 150;
constexpr std::size_t kBlocked = 41;  // its member has no rate cell
constexpr std::size_t kLate = 75;     // about whom something is learned after the run
const Month kMonth(2026, 7);
const Date kBusinessDate = MakeDate(2026, 7, 20);

bool HasMembers(std::size_t contract) { return contract % 5 != 3; }
bool PaysPremium(std::size_t contract) { return contract % 9 == 4; }

MemberMonthSum BasisOf(std::size_t contract) {
  MemberMonthSum basis = testing::ExampleBasis();
  basis.risk = {};
  basis.first_month = kMonth;
  if (PaysPremium(contract)) {
    basis.base = PercentOfPremium{Rate::FromPercent(85)};
    return basis;
  }
  auto& table = std::get<RateTable>(basis.base);
  table.age_to = 64;
  for (RateVersion& version : table.versions) version.cells.pop_back();
  return basis;
}

class CapitationStreamTest : public ::testing::Test {
 protected:
  CapitationStreamTest()
      : payer_(db_.NewPayer("Plan")),
        programs_(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()),
        service_(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()),
        program_(db_.Ids().Next<ProgramTag>()) {}

  void SetUp() override {
    ASSERT_TRUE(programs_
                    .CreateProgram({.id = program_,
                                    .payer = payer_,
                                    .name = "Capitation 2026",
                                    .stream = "pcpcp",
                                    .lan_category = "4A",
                                    .book = db_.Ids().Next<BookTag>(),
                                    .created_at = db_.Clock().Now()})
                    .ok());
    const DateRange effective = DateRange::From(MakeDate(2026, 4, 1));
    std::vector<NewTerms> terms;
    for (std::size_t i = 0; i < kContracts; ++i) {
      contracts_.push_back({.id = db_.Ids().Next<ContractTag>(),
                            .payer = payer_,
                            .program = program_,
                            .party = PartyId(1'000),
                            .effective = effective});
      terms.push_back({.contract = contracts_.back().id,
                       .effective = effective,
                       .terms = Terms{.title = "Lines",
                                      .components = {{.rule = Basis{.kind = BasisOf(i)}},
                                                     {.rule = RoundingRule{}}}}});
      if (HasMembers(i)) AddMembers(i);
    }
    ASSERT_TRUE(programs_.CreateContracts(contracts_).ok());
    ASSERT_TRUE(programs_.AddTerms(terms).ok());
    Record(spans_);
    const auto recorded = service_.RecordPremiums(premiums_);
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }

  // One to four, with the same numbers in all contracts: a contract with one member ends with the
  // number that the next one begins with.
  void AddMembers(std::size_t contract) {
    const int year = contract == kBlocked ? 1950 : 1963 + static_cast<int>(contract % 60);
    for (std::size_t member = 1; member <= 1 + contract % 4; ++member) {
      const auto id = static_cast<std::int64_t>(member);
      // The second one joins too late in the month to be paid for it.
      const Date from = member == 2 ? MakeDate(2026, 7, 20) : MakeDate(2026, 4, 1);
      spans_.push_back({.contract = contracts_[contract].id,
                        .member = id,
                        .span_id = id,
                        .payee = PartyId(1'001 + id % 2),
                        .valid = DateRange::From(from),
                        .birth = MakeDate(year, 1, 15),
                        .sex = CellSex::kFemale,
                        .learned_on = MakeDate(2026, 7, 1)});
      premiums_.push_back({contracts_[contract].id, id, kMonth,
                           Money::FromCents(100'000 + static_cast<std::int64_t>(contract))});
    }
  }

  void Record(const std::vector<NewPanelSpan>& spans) {
    db_.Clock().AdvanceMicros(1);
    const auto recorded = service_.RecordSpans(spans);
    ASSERT_TRUE(recorded.ok()) << recorded.status();
  }
  CapitationSummary Run() {
    db_.Clock().AdvanceMicros(1);
    const auto summary =
        service_.Run({.program = program_, .month = kMonth, .business_date = kBusinessDate});
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.value_or(CapitationSummary{});
  }

  // What the engine makes of the contract's facts in memory.
  std::vector<MemberMonthLine> Expected(std::size_t contract) const {
    const RatePlan plan = testing::PlanOf(BasisOf(contract), kMonth, kBusinessDate);
    MemberMonths engine(plan);
    std::vector<MemberMonthLine> lines;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      const NewPanelSpan& span = spans_[i];
      if (span.contract != contracts_[contract].id) continue;
      const PanelSpan row{.member = span.member,
                          .span_id = span.span_id,
                          .payee = span.payee,
                          .from = ToDayNumber(span.valid.from),
                          .birth = ToDayNumber(span.birth),
                          .learned_on = ToDayNumber(span.learned_on),
                          .sex = span.sex};
      const PanelPremium premium{.member = span.member,
                                 .month = ToMonthNumber(kMonth),
                                 .cents = premiums_[i].premium.Cents()};
      engine.Add(span.member, {&row, 1}, {&premium, 1}, {}, lines);
    }
    return engine.Blocked().count > 0 ? std::vector<MemberMonthLine>() : lines;
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  ProgramService programs_;
  CapitationService service_;
  ProgramId program_;
  std::vector<Contract> contracts_;
  std::vector<NewPanelSpan> spans_;
  std::vector<NewPanelPremium> premiums_;  // one for each span
};

TEST_F(CapitationStreamTest, EachContractHasTheLinesOfThePureEngine) {
  const CapitationSummary run = Run();
  EXPECT_EQ(run.contracts, static_cast<std::int64_t>(kContracts));
  EXPECT_EQ(run.members, static_cast<std::int64_t>(spans_.size()));
  ASSERT_THAT(run.blocked, SizeIs(1));
  EXPECT_EQ(run.blocked[0].first, contracts_[kBlocked].id);
  Money posted;
  std::int64_t count = 0;
  for (std::size_t i = 0; i < kContracts; ++i) {
    const std::vector<MemberMonthLine> expected = Expected(i);
    EXPECT_EQ(expected.empty(), !HasMembers(i) || i == kBlocked) << i;
    const auto lines = service_.Lines(contracts_[i].id, kMonth);
    ASSERT_TRUE(lines.ok()) << lines.status();
    EXPECT_EQ(*lines, expected) << i;
    for (const MemberMonthLine& line : expected) posted += Money::FromCents(line.delta_cents);
    count += static_cast<std::int64_t>(expected.size());
  }
  EXPECT_EQ(run.posted, posted);
  EXPECT_EQ(run.lines, count);
  EXPECT_GT(posted, Money::FromCents(1'000'000));
}

TEST_F(CapitationStreamTest, ALateFactChangesItsContractAndNoNeighbor) {
  const CapitationSummary run = Run();
  ASSERT_TRUE(HasMembers(kLate) && !PaysPremium(kLate) && !PaysPremium(kBlocked));
  const auto first = std::ranges::find(spans_, contracts_[kLate].id, &NewPanelSpan::contract);
  NewPanelSpan gone = *first;
  gone.valid.to = MakeDate(2026, 7, 2);
  gone.reason = ChangeReason::kTermination;
  Record({gone});
  const CapitationSummary again = Run();
  EXPECT_EQ(again.lines, 1);
  EXPECT_EQ(again.reasons.at(ReasonCode::kRetroTerm), 1);
  EXPECT_LT(again.posted, Money());
  // Neither the contract nor the one that is blocked is unchanged.
  EXPECT_EQ(again.unchanged, run.contracts - 2);
  EXPECT_THAT(service_.Runs(contracts_[kLate].id).value(), SizeIs(2));
  EXPECT_THAT(service_.Runs(contracts_[kLate + 1].id).value(), SizeIs(1));
}

}  // namespace
}  // namespace sluice::performance
