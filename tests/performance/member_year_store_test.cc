// Member results on a real database: what was known when, who sees it, and what is refused.
#include "performance/member_year_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "performance/program_service.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MemberYearStoreTest : public ::testing::Test {
 protected:
  MemberYearStoreTest()
      : payer_(db_.NewPayer("Plan")),
        app_(db_.App().ForPayer(payer_)),
        program_(db_.Ids().Next<ProgramTag>()) {}

  void SetUp() override {
    ProgramService service(app_, db_.Clock(), db_.Ids());
    ASSERT_TRUE(service
                    .CreateProgram({.id = program_,
                                    .payer = payer_,
                                    .name = "Shared savings 2025",
                                    .stream = "ssl",
                                    .lan_category = "3B",
                                    .book = db_.Ids().Next<BookTag>(),
                                    .created_at = db_.Clock().Now()})
                    .ok());
    std::vector<Contract> contracts;
    for (int i = 0; i < 2; ++i) {
      contracts_.push_back(db_.Ids().Next<ContractTag>());
      contracts.push_back({.id = contracts_.back(),
                           .payer = payer_,
                           .program = program_,
                           .party = PartyId(1'000 + i),
                           .effective = DateRange::From(kPeriod)});
    }
    ASSERT_TRUE(service.CreateContracts(contracts).ok());
  }

  MemberYear Member(std::int64_t member, std::int64_t party, std::int16_t months,
                    std::int64_t benchmark, std::int64_t spent, std::size_t contract = 0) const {
    return {.contract = contracts_[contract],
            .period_from = kPeriod,
            .member_id = member,
            .attributed_to = PartyId(party),
            .member_months = months,
            .benchmark = Money::FromCents(benchmark),
            .expenditure = Money::FromCents(spent)};
  }
  MemberMeasure Measured(std::int64_t member, const std::string& measure, bool met) const {
    return {.contract = contracts_[0],
            .period_from = kPeriod,
            .member_id = member,
            .measure_id = measure,
            .met = met};
  }

  // Stores the rows, a moment later than those before.
  Instant Record(const std::vector<MemberYear>& years,
                 const std::vector<MemberMeasure>& measures = {}) {
    db_.Clock().AdvanceMicros(1);
    const Instant now = db_.Clock().Now();
    const Status stored = Insert(app_, years, measures, now);
    EXPECT_TRUE(stored.ok()) << StatusMessage(stored);
    return now;
  }
  static Status Insert(const pg::Database& database, const std::vector<MemberYear>& years,
                       const std::vector<MemberMeasure>& measures, Instant at) {
    return database.Transact([&](pg::Transaction& tx) -> Status {
      InsertMemberYears(tx, years, at);
      InsertMemberMeasures(tx, measures, at);
      return OkStatus();
    });
  }

  std::vector<ContractTotals> Totals(const pg::Database& database, Instant known_at) {
    return database
        .Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<ContractTotals>> {
          return SumMemberYears(tx, program_, kPeriod, known_at);
        })
        .value();
  }
  std::vector<PracticeMonths> Practices(const pg::Database& database, Instant known_at) {
    return database
        .Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<PracticeMonths>> {
          return SumPracticeMonths(tx, program_, kPeriod, known_at);
        })
        .value();
  }

  static inline const Date kPeriod = MakeDate(2025, 1, 1);
  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database app_;
  ProgramId program_;
  std::vector<ContractId> contracts_;
};

TEST_F(MemberYearStoreTest, SumsAreByContractAndByPractice) {
  const Instant now =
      Record({Member(1, 11, 12, 100'00, 90'00), Member(2, 12, 7, 50'01, 60'00),
              Member(3, 11, 0, 0, -5'00), Member(1, 21, 3, 7, 8, 1)},
             {Measured(1, "CBP", true), Measured(2, "CBP", false), Measured(2, "AWV", true)});
  const std::vector<ContractTotals> totals = Totals(app_, now);
  ASSERT_EQ(totals.size(), 2U);
  EXPECT_EQ(totals[0].contract, contracts_[0]);
  EXPECT_EQ(totals[0].members, 3);
  EXPECT_EQ(totals[0].member_months, 19);
  EXPECT_EQ(totals[0].benchmark, Money::FromCents(150'01));
  EXPECT_EQ(totals[0].expenditure, Money::FromCents(145'00));
  ASSERT_EQ(totals[0].measures.size(), 2U);
  EXPECT_EQ(totals[0].measures[0].measure_id, "AWV");
  EXPECT_EQ(totals[0].measures[1].numerator, 1);
  EXPECT_EQ(totals[0].measures[1].denominator, 2);
  EXPECT_EQ(totals[1].members, 1);
  EXPECT_THAT(totals[1].measures, IsEmpty());

  std::map<std::pair<ContractId, PartyId>, std::int64_t> months;
  for (const PracticeMonths& practice : Practices(app_, now)) {
    months[{practice.contract, practice.practice}] = practice.member_months;
  }
  EXPECT_EQ(months.size(), 3U);
  EXPECT_EQ((months[{contracts_[0], PartyId(11)}]), 12);
  EXPECT_EQ((months[{contracts_[0], PartyId(12)}]), 7);
  EXPECT_EQ((months[{contracts_[1], PartyId(21)}]), 3);
}

// A correction replaces its member's row and no other, from the instant it was recorded.
TEST_F(MemberYearStoreTest, TotalsAreThoseKnownAtTheInstant) {
  const Instant before = db_.Clock().Now();
  const Instant first =
      Record({Member(1, 11, 12, 100, 90), Member(2, 11, 12, 100, 90)}, {Measured(1, "CBP", false)});
  const Instant corrected = Record({Member(1, 12, 6, 40, 30)}, {Measured(1, "CBP", true)});
  const Instant again = Record({Member(1, 12, 6, 40, 31)});

  EXPECT_THAT(Totals(app_, before), IsEmpty());
  EXPECT_EQ(Totals(app_, first).front().expenditure, Money::FromCents(180));
  EXPECT_EQ(Totals(app_, first).front().measures.front().numerator, 0);
  const ContractTotals after = Totals(app_, corrected).front();
  EXPECT_EQ(after.members, 2);
  EXPECT_EQ(after.member_months, 18);
  EXPECT_EQ(after.benchmark, Money::FromCents(140));
  EXPECT_EQ(after.expenditure, Money::FromCents(120));
  EXPECT_EQ(after.measures.front().numerator, 1);
  EXPECT_EQ(after.measures.front().denominator, 1);
  EXPECT_EQ(Totals(app_, again).front().expenditure, Money::FromCents(121));
  // The member moved to another practice, and is counted there only.
  ASSERT_EQ(Practices(app_, again).size(), 2U);
  EXPECT_EQ(Practices(app_, again)[0].member_months, 12);
  EXPECT_EQ(Practices(app_, again)[1].practice, PartyId(12));
  EXPECT_EQ(Practices(app_, first).size(), 1U);
}

TEST_F(MemberYearStoreTest, ADuplicateStoresNothingOfItsLoad) {
  const Instant now = Record({Member(1, 11, 12, 100, 90)}, {Measured(1, "CBP", true)});
  const Status twice = Insert(app_, {Member(2, 11, 1, 1, 1), Member(1, 11, 12, 100, 90)}, {}, now);
  EXPECT_EQ(twice.code(), absl::StatusCode::kAlreadyExists) << StatusMessage(twice);
  const Status measure = Insert(app_, {Member(3, 11, 1, 1, 1)}, {Measured(1, "CBP", false)}, now);
  EXPECT_EQ(measure.code(), absl::StatusCode::kAlreadyExists) << StatusMessage(measure);
  EXPECT_EQ(Totals(app_, now).front().members, 1);
  EXPECT_EQ(Totals(app_, now).front().measures.front().numerator, 1);
}

TEST_F(MemberYearStoreTest, ThirteenMonthsOrAnUnknownContractIsRefused) {
  const Instant now = db_.Clock().Now();
  EXPECT_FALSE(Insert(app_, {Member(1, 11, 13, 100, 90)}, {}, now).ok());
  EXPECT_FALSE(Insert(app_, {Member(1, 11, 12, -1, 90)}, {}, now).ok());
  MemberYear stray = Member(1, 11, 12, 100, 90);
  stray.contract = ContractId(77);
  EXPECT_FALSE(Insert(app_, {stray}, {}, now).ok());
  EXPECT_THAT(Totals(app_, now), IsEmpty());
}

TEST_F(MemberYearStoreTest, AnotherPayerSeesNothingAndAddsNothing) {
  const Instant now = Record({Member(1, 11, 12, 100, 90)}, {Measured(1, "CBP", true)});
  const pg::Database other = db_.App().ForPayer(db_.NewPayer("Other"));
  EXPECT_THAT(Totals(other, now), IsEmpty());
  EXPECT_THAT(Practices(other, now), IsEmpty());
  EXPECT_FALSE(Insert(other, {Member(2, 11, 12, 100, 90)}, {}, now).ok());
  EXPECT_FALSE(Insert(other, {}, {Measured(2, "CBP", true)}, now).ok());
  EXPECT_EQ(Totals(app_, now).front().members, 1);
}

TEST_F(MemberYearStoreTest, RowsAreNeverChanged) {
  Record({Member(1, 11, 12, 100, 90)}, {Measured(1, "CBP", true)});
  for (const pg::Query& statement :
       {pg::Query{"test_update_member", "UPDATE performance.member_year SET member_months = 1"},
        pg::Query{"test_delete_member", "DELETE FROM performance.member_year"},
        pg::Query{"test_update_measure", "UPDATE performance.member_measure SET met = false"},
        pg::Query{"test_delete_measure", "DELETE FROM performance.member_measure"}}) {
    const Status status = app_.Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(statement);
      return OkStatus();
    });
    EXPECT_THAT(std::string(StatusMessage(status)), HasSubstr("permission denied"))
        << statement.sql;
  }
}

// More rows than one statement takes: none is lost where two statements meet.
TEST_F(MemberYearStoreTest, FortyThousandAndOneMembersAreAllStored) {
  std::vector<MemberYear> years;
  std::vector<MemberMeasure> measures;
  for (std::int64_t member = 1; member <= 40'001; ++member) {
    years.push_back(Member(member, 11 + member % 3, 12, member, 1));
    measures.push_back(Measured(member, "CBP", member % 2 == 0));
  }
  const ContractTotals totals = Totals(app_, Record(years, measures)).front();
  EXPECT_EQ(totals.members, 40'001);
  EXPECT_EQ(totals.benchmark, Money::FromCents(40'001 * 40'002 / 2));
  EXPECT_EQ(totals.measures.front().numerator, 20'000);
  EXPECT_EQ(totals.measures.front().denominator, 40'001);
}

}  // namespace
}  // namespace sluice::performance
