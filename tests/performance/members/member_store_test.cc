// Members on a real database: as of, as known, corrected by adding, one payer at a time.
#include "performance/members/member_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/members/member_stream.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MemberStoreTest : public ::testing::Test {
 protected:
  MemberStoreTest() : payer_(db_.NewPayer("Plan")), database_(db_.App().ForPayer(payer_)) {}

  // Runs `add` at a later instant, which it returns.
  template <typename Add>
  Instant Record(const Add& add) {
    db_.Clock().AdvanceMicros(1'000'000);
    const Recording recording{payer_, db_.Clock().Now(), db_.Ids().NextValue()};
    const Status status = database_.Transact([&](pg::Transaction& tx) -> Status {
      add(tx, recording);
      return OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return recording.recorded_at;
  }

  void AddOneMember() {
    Record([](pg::Transaction& tx, const Recording& recording) {
      AddMembers(tx, recording, std::vector<Member>{{7, "A-7"}});
    });
  }

  std::vector<MemberRecord> Stream(Instant known_at, std::int32_t page = 1'000) {
    std::vector<MemberRecord> records;
    const Status status = ForEachMember(database_,
                                        {.payer = payer_,
                                         .known_at = known_at,
                                         .claims = DateRange::Year(2026),
                                         .drugs = DateRange::Year(2026),
                                         .page = page},
                                        [&](MemberRecord& record) -> Status {
                                          records.push_back(std::move(record));
                                          return OkStatus();
                                        });
    EXPECT_TRUE(status.ok()) << status;
    return records;
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database database_;
};

CoverageSpan Covered(Date from, std::optional<Date> to) {
  return {.member_id = 7,
          .line_of_business = "commercial",
          .product = "ppo",
          .plan = "gold",
          .covered = {from, to}};
}

MedicalClaimLine Line(std::int64_t member, std::int64_t cents) {
  return {.claim_number = "C1",
          .line_number = 1,
          .member_id = member,
          .service_from = MakeDate(2026, 3, 1),
          .service_to = MakeDate(2026, 3, 1),
          .procedure_code = "99213",
          .allowed = Money::FromCents(cents),
          .paid = std::nullopt};
}

TEST_F(MemberStoreTest, SpanRecordedAgainIsKnownFromThenOn) {
  AddOneMember();
  const CoverageSpan open = Covered(MakeDate(2026, 1, 1), std::nullopt);
  const Instant first = Record([&](pg::Transaction& tx, const Recording& recording) {
    EXPECT_EQ(AddCoverage(tx, recording, std::vector{open}).rows, 1);
  });
  CoverageSpan ended = Covered(MakeDate(2026, 1, 1), MakeDate(2026, 4, 1));
  ended.retro_reason = "moved away";
  const Instant second = Record([&](pg::Transaction& tx, const Recording& recording) {
    EXPECT_EQ(AddCoverage(tx, recording, std::vector{ended}).rows, 1);
  });
  CoverageSpan withdrawn = ended;
  withdrawn.withdrawn = true;
  const Instant third = Record([&](pg::Transaction& tx, const Recording& recording) {
    EXPECT_EQ(AddCoverage(tx, recording, std::vector{withdrawn}).rows, 1);
  });
  EXPECT_THAT(Stream(first).at(0).coverage, ElementsAre(open));
  EXPECT_THAT(Stream(second).at(0).coverage, ElementsAre(ended));
  EXPECT_THAT(Stream(third).at(0).coverage, IsEmpty());
}

TEST_F(MemberStoreTest, WhatIsKnownAlreadyIsNotAdded) {
  AddOneMember();
  const std::vector rows{Covered(MakeDate(2026, 1, 1), std::nullopt)};
  const auto add = [&](std::int64_t expected) {
    Record([&](pg::Transaction& tx, const Recording& recording) {
      EXPECT_EQ(AddCoverage(tx, recording, rows).rows, expected);
    });
  };
  add(1);
  add(0);
}

TEST_F(MemberStoreTest, OneRecordingDoesNotContradictItself) {
  AddOneMember();
  const Instant known = Record([&](pg::Transaction& tx, const Recording& recording) {
    const Added first =
        AddMedicalClaims(tx, recording, std::vector{Line(7, 100), Line(7, 100), Line(7, 200)});
    EXPECT_EQ(first.rows, 1);
    EXPECT_THAT(first.contradictions, ElementsAre(2));
    const Added second = AddMedicalClaims(tx, recording, std::vector{Line(7, 100), Line(7, 300)});
    EXPECT_EQ(second.rows, 0);
    EXPECT_THAT(second.contradictions, ElementsAre(1));
    const Added third = AddMedicalClaims(tx, recording, std::vector{Line(7, 300)});
    EXPECT_EQ(third.rows, 0);
    EXPECT_THAT(third.contradictions, ElementsAre(0));
  });
  EXPECT_THAT(Stream(known).at(0).claims, ElementsAre(Line(7, 100)));
}

TEST_F(MemberStoreTest, LineCorrectedToAnotherMemberLeavesTheFirst) {
  Record([](pg::Transaction& tx, const Recording& recording) {
    AddMembers(tx, recording, std::vector<Member>{{7, "A-7"}, {8, "A-8"}});
  });
  const Instant first = Record([](pg::Transaction& tx, const Recording& recording) {
    AddMedicalClaims(tx, recording, std::vector{Line(7, 1'000)});
  });
  const Instant second = Record([](pg::Transaction& tx, const Recording& recording) {
    AddMedicalClaims(tx, recording, std::vector{Line(8, 1'200)});
  });
  const auto before = Stream(first);
  EXPECT_THAT(before.at(0).claims, ElementsAre(Line(7, 1'000)));
  EXPECT_THAT(before.at(1).claims, IsEmpty());
  const auto after = Stream(second);
  EXPECT_THAT(after.at(0).claims, IsEmpty());
  EXPECT_THAT(after.at(1).claims, ElementsAre(Line(8, 1'200)));
}

TEST_F(MemberStoreTest, EveryKindOfRowReadsBackAsItWasWritten) {
  AddOneMember();
  const MemberDetail detail{.member_id = 7,
                            .valid_from = MakeDate(2026, 1, 1),
                            .birth_date = MakeDate(1950, 2, 3),
                            .sex = Sex::kFemale,
                            .death_date = MakeDate(2026, 9, 9),
                            .zip = "90210",
                            .region = "CA"};
  const PharmacyClaimLine drug{.claim_number = "P1",
                               .member_id = 7,
                               .dispensed_on = MakeDate(2026, 12, 31),
                               .ndc = "59651043799",
                               .quantity_thousandths = 1'500,
                               .days_supply = 30,
                               .paid = Money::FromCents(-4'662)};
  const RiskScore score{.member_id = 7,
                        .model = "CMS-HCC",
                        .model_version = "V28",
                        .period = DateRange::Year(2026),
                        .score = Rate::FromMillionths(496'000)};
  const Instant known = Record([&](pg::Transaction& tx, const Recording& recording) {
    AddMemberDetails(tx, recording, std::vector{detail});
    AddPharmacyClaims(tx, recording, std::vector{drug});
    AddRiskScores(tx, recording, std::vector{score});
  });
  const MemberRecord record = Stream(known).at(0);
  EXPECT_THAT(record.details, ElementsAre(detail));
  EXPECT_THAT(record.drugs, ElementsAre(drug));
  const auto scores =
      database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<RiskScore>> {
        const std::vector<std::int64_t> ids{7};
        return ReadRiskScores(tx, {payer_, ids, known});
      });
  EXPECT_THAT(*scores, ElementsAre(score));
}

TEST_F(MemberStoreTest, PagesOfAnySizeGiveTheSameMembers) {
  std::vector<Member> members;
  for (std::int64_t id = 1; id <= 10; ++id) members.push_back({id, std::to_string(id)});
  const Instant known = Record([&](pg::Transaction& tx, const Recording& recording) {
    AddMembers(tx, recording, members);
    AddMedicalClaims(tx, recording, std::vector{Line(5, 100)});
  });
  for (const std::int32_t page : {1, 3, 5, 10, 11}) {
    const auto records = Stream(known, page);
    ASSERT_THAT(records, SizeIs(10)) << page;
    for (std::size_t i = 0; i < records.size(); ++i) {
      EXPECT_EQ(records[i].member, members[i]);
      EXPECT_THAT(records[i].claims, SizeIs(records[i].member.id == 5 ? 1 : 0));
    }
  }
}

TEST_F(MemberStoreTest, AnotherPayerSeesNothing) {
  AddOneMember();
  const PayerId other = db_.NewPayer("Other plan");
  const auto seen = db_.App().ForPayer(other).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<Member>> {
        return PageOfMembers(tx, payer_, 0, 10, db_.Clock().Now());
      });
  EXPECT_THAT(*seen, IsEmpty());
  const Status written = db_.App().ForPayer(other).Transact([&](pg::Transaction& tx) -> Status {
    AddMembers(tx, {payer_, db_.Clock().Now(), 1}, std::vector<Member>{{9, "A-9"}});
    return OkStatus();
  });
  EXPECT_FALSE(written.ok());
}

}  // namespace
}  // namespace sluice::performance
