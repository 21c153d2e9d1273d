// Eligibility files that state all there is, and files that cannot be the feed's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/members/member_stream.h"
#include "tests/performance/feeds/feed_fixture.h"

namespace sluice::performance {
namespace {

using testing::kSeptember;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const DateRange kOctober = DateRange::Between(MakeDate(2026, 10, 1), MakeDate(2026, 11, 1));

class FullEligibilityTest : public testing::FeedFixture {
 protected:
  void SetUp() override {
    FeedFixture::SetUp();
    for (const char* feed : {"full", "other_full"}) {
      Declare(feed, FeedKind::kEligibility, R"(
name = "full"
kind = "eligibility"
contents = "full"
[columns]
member_number = "id"
valid_from = "from"
valid_to = "to"
product = "product"
birth_date = "birth"
)");
    }
    db_.Clock().AdvanceMicros(35LL * 86'400 * 1'000'000);  // into November
  }
  Delivery Full(const std::vector<std::string>& rows, const DateRange& period = kSeptember,
                const std::string& feed = "full") {
    std::string text = "id,from,to,product,birth\n";
    for (const std::string& row : rows) text += row + "\n";
    Delivery delivery = Receive(feed, File(text), period);
    EXPECT_TRUE(delivery.Accepted()) << delivery.refused_reason;
    return delivery;
  }
  // "HMO 2026-01-01/-" for each span that is known now.
  std::vector<std::string> CoverageOf(const std::string& number) {
    std::vector<std::string> spans;
    const Status status = ForEachMember(
        database_, {.payer = payer_, .known_at = db_.Clock().Now()},
        [&](MemberRecord& record) -> Status {
          if (record.member.number != number) return OkStatus();
          for (const CoverageSpan& span : record.coverage) {
            spans.push_back(span.product + " " + FormatDate(span.covered.from) + "/" +
                            (span.covered.to ? FormatDate(*span.covered.to) : "-"));
          }
          return OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return spans;
  }
};

// feature:D01 feature:D04
TEST_F(FullEligibilityTest, WhatARestatedFileLeavesOutWasNeverSo) {
  Full({"M1,2026-01-01,,HMO,", "M1,2026-09-10,,DENTAL,", "M2,2026-01-01,,HMO,",
        "M3,2026-01-01,,HMO,"});
  const Delivery restated = Full({"M1,2026-01-01,,HMO,", "M3,2026-01-01,2026-09-15,HMO,"});
  EXPECT_EQ(restated.version, 2);
  EXPECT_EQ(restated.rows_recorded, 3) << "the end of M3, and two that are gone";
  EXPECT_THAT(restated.note, IsEmpty());
  EXPECT_THAT(CoverageOf("M1"), ElementsAre("HMO 2026-01-01/-"));
  EXPECT_THAT(CoverageOf("M2"), IsEmpty());
  EXPECT_THAT(CoverageOf("M3"), ElementsAre("HMO 2026-01-01/2026-09-16"));
  // And back again: what is stated counts.
  Full({"M1,2026-01-01,,HMO,", "M2,2026-01-01,,HMO,"});
  EXPECT_THAT(CoverageOf("M2"), ElementsAre("HMO 2026-01-01/-"));
  EXPECT_THAT(CoverageOf("M3"), IsEmpty());
}

TEST_F(FullEligibilityTest, WhatTheFileOfALaterPeriodLeavesOutEndsWhereItBegins) {
  Full({"M1,2026-01-01,,HMO,", "M2,2026-01-01,,HMO,", "M3,2026-01-01,2026-09-20,HMO,",
        "M4,2026-10-05,,HMO,"});
  const Delivery october = Full({"M1,2026-01-01,,HMO,"}, kOctober);
  EXPECT_EQ(october.rows_recorded, 2);
  EXPECT_THAT(CoverageOf("M1"), ElementsAre("HMO 2026-01-01/-"));
  EXPECT_THAT(CoverageOf("M2"), ElementsAre("HMO 2026-01-01/2026-10-01"));
  EXPECT_THAT(CoverageOf("M3"), ElementsAre("HMO 2026-01-01/2026-09-21")) << "not in October";
  EXPECT_THAT(CoverageOf("M4"), IsEmpty()) << "it would have begun in October";

  // October restated, with an end for M1 that September had not: leaving it out next, what
  // September said stands until October begins.
  Full({"M1,2026-01-01,2026-10-15,HMO,"}, kOctober);
  EXPECT_THAT(CoverageOf("M1"), ElementsAre("HMO 2026-01-01/2026-10-16"));
  Full({"M5,2026-10-01,,HMO,"}, kOctober);
  EXPECT_THAT(CoverageOf("M1"), ElementsAre("HMO 2026-01-01/2026-10-01"));
}

TEST_F(FullEligibilityTest, ARejectedRowEndsNothing) {
  Full({"M1,2026-01-01,,HMO,", "M2,2026-01-01,,HMO,", "M3,2026-01-01,,HMO,"});
  const Delivery bad = Full({"M1,2026-01-01,,HMO,", "M2,2026-01-01,,HMO,1980-13-01"});
  EXPECT_THAT(bad.note, HasSubstr("members with a rejected row"));
  EXPECT_THAT(CoverageOf("M2"), ElementsAre("HMO 2026-01-01/-"));
  EXPECT_THAT(CoverageOf("M3"), IsEmpty());
  const Delivery unclear = Full({"M2,2026-01-01,,HMO,", ",2026-01-01,,HMO,"});
  EXPECT_THAT(unclear.note, HasSubstr("row 3 was rejected before it told whose it is"));
  EXPECT_THAT(CoverageOf("M1"), ElementsAre("HMO 2026-01-01/-"));
}

TEST_F(FullEligibilityTest, OnlyWhatItsOwnFeedSaidIsEnded) {
  Members();  // "members" states changes: M1 and M2 from January, of no product
  Full({"M7,2026-01-01,,HMO,"}, kSeptember, "other_full");
  Full({"M1,2026-01-01,,HMO,"});
  Full({"M8,2026-01-01,,HMO,"});
  EXPECT_THAT(CoverageOf("M1"), ElementsAre(" 2026-01-01/-"));
  EXPECT_THAT(CoverageOf("M2"), ElementsAre(" 2026-01-01/-"));
  EXPECT_THAT(CoverageOf("M7"), ElementsAre("HMO 2026-01-01/-"));
  // A file of changes that is restated ends nothing.
  ReceiveText("members", "id,from\nM2,2026-01-01\n");
  EXPECT_THAT(CoverageOf("M1"), ElementsAre(" 2026-01-01/-"));
}

TEST_F(FullEligibilityTest, OnlyEligibilityIsEverFull) {
  const auto declared = feeds_.Declare({.name = "full_claims",
                                        .kind = FeedKind::kMedicalClaim,
                                        .owner = "Data",
                                        .mapping = "contents = \"full\"\n" +
                                                   std::string(testing::kClaims),
                                        .starts_on = MakeDate(2026, 9, 1),
                                        .interval_days = 30,
                                        .grace_days = 5});
  EXPECT_THAT(StatusMessage(declared.status()), HasSubstr("only an eligibility file can be full"));
}

// More than 100,000 rejected rows: this is another file. It is refused by name and leaves one row.
// feature:D04
TEST_F(FullEligibilityTest, AFileOfRejectedRowsIsRefusedWhole) {
  Full({"M1,2026-01-01,,HMO,"});
  std::string text = "id,from,to,product,birth\nM2,2026-01-01,,HMO,\n";
  const std::string start = text;
  for (int i = 0; i < 100'000; ++i) text += "M,,,HMO,\n";
  const Delivery most = Receive("full", File(text));
  EXPECT_TRUE(most.Accepted()) << most.refused_reason;
  EXPECT_EQ(most.rows_rejected, 100'000);
  EXPECT_EQ(feeds_.Quarantine(most.id, 200'000)->size(), 100'000U);
  const std::int64_t rows = Count("SELECT count(*) FROM performance.coverage_span");
  const std::int64_t quarantined = Count("SELECT count(*) FROM performance.feed_quarantine");
  text += "M3,,,HMO,\n";
  const Delivery refused = Receive("full", File(text));
  ExpectRefused(refused, RefusalCode::kFailed, "more than 100000 rows of ");
  EXPECT_THAT(refused.refused_reason, HasSubstr("the last at row 100003 with missing_value"));
  EXPECT_THAT(refused.refused_reason, HasSubstr("nothing of it was recorded"));
  EXPECT_EQ(Count("SELECT count(*) FROM performance.coverage_span"), rows);
  EXPECT_EQ(Count("SELECT count(*) FROM performance.feed_quarantine"), quarantined);
}

}  // namespace
}  // namespace sluice::performance
