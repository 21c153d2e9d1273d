// Dates, ids and bytes.
#include <gtest/gtest.h>

#include <set>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/date.h"
#include "core/id.h"

namespace sluice {
namespace {

TEST(Date, ReadsItsThreeForms) {
  for (const char* text : {"2026-10-05", "10/5/2026", "10/05/2026", "20261005"}) {
    ASSERT_TRUE(ParseDate(text).ok()) << text;
    EXPECT_EQ(*ParseDate(text), MakeDate(2026, 10, 5)) << text;
  }
}

TEST(Date, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "2026-02-29", "2026-13-01", "2026-00-01", "2026-1-1", "10/5/26", "1/2", "//2026",
        "2026-10-05 ", "2026/10/05", "202610051", "-0261005", "2026-10-5x", "+1/05/2026"}) {
    EXPECT_FALSE(ParseDate(text).ok()) << text;
  }
  EXPECT_NE(StatusMessage(ParseDate("2026-02-29").status()).find("'2026-02-29'"),
            std::string::npos);
}

TEST(Date, WritesItsForms) {
  const Date date = MakeDate(2026, 10, 5);
  EXPECT_EQ(FormatDate(date), "2026-10-05");
  EXPECT_EQ(FormatDateCompact(date), "20261005");
  EXPECT_EQ(FormatDateSixDigits(date), "261005");
  EXPECT_EQ(FormatDateLong(date), "October 5, 2026");
  EXPECT_EQ(YearOf(date), 2026);
}

TEST(Date, EveryDayOfFourCenturiesReadsBack) {
  for (Date day = MakeDate(1900, 1, 1); day < MakeDate(2300, 1, 1); day += Days(1)) {
    ASSERT_EQ(*ParseDate(FormatDate(day)), day);
    ASSERT_EQ(*ParseDate(FormatDateCompact(day)), day);
  }
}

TEST(Age, CountsCompletedYears) {
  const Date birth = MakeDate(1960, 7, 15);
  EXPECT_EQ(AgeOn(birth, MakeDate(2025, 7, 14)), 64);
  EXPECT_EQ(AgeOn(birth, MakeDate(2025, 7, 15)), 65);
  const Date leap = MakeDate(1960, 2, 29);
  EXPECT_EQ(AgeOn(leap, MakeDate(2025, 2, 28)), 64);
  EXPECT_EQ(AgeOn(leap, MakeDate(2025, 3, 1)), 65);
  EXPECT_EQ(AgeOn(leap, MakeDate(2024, 2, 29)), 64);
  EXPECT_EQ(AgeOn(leap, leap), 0);
}

TEST(Month, AddsMonthsAcrossYears) {
  EXPECT_EQ((Month(2026, 11) + 3).ToString(), "2027-02");
  EXPECT_EQ((Month(2026, 1) + -1).ToString(), "2025-12");
  EXPECT_EQ(Month(2024, 2).End(), MakeDate(2024, 3, 1));
  EXPECT_EQ(Month::Of(MakeDate(2026, 7, 31)), *Month::Parse("2026-07"));
  EXPECT_FALSE(Month::Parse("2026-13").ok());
  EXPECT_FALSE(Month::Parse("2026-7").ok());
}

TEST(DateRange, IsHalfOpen) {
  const DateRange year = DateRange::Year(2026);
  EXPECT_TRUE(year.Contains(MakeDate(2026, 12, 31)));
  EXPECT_FALSE(year.Contains(MakeDate(2027, 1, 1)));
  EXPECT_FALSE(year.Overlaps(DateRange::Year(2027)));
  EXPECT_TRUE(year.Overlaps(DateRange::From(MakeDate(2026, 12, 31))));
  EXPECT_TRUE(DateRange::From(MakeDate(2020, 1, 1)).Overlaps(year));
  const DateRange empty{MakeDate(2026, 5, 1), MakeDate(2026, 5, 1)};
  EXPECT_FALSE(empty.Overlaps(year));
  EXPECT_FALSE(year.Overlaps(empty));
  EXPECT_EQ(year.ToString(), "2026-01-01 to 2026-12-31");
  EXPECT_EQ(DateRange::From(MakeDate(2026, 1, 1)).ToString(), "from 2026-01-01");
}

TEST(Instant, ReadsAndWrites) {
  const Instant instant = *Instant::Parse("2026-10-01T12:53:07.25Z");
  EXPECT_EQ(instant.ToString(), "2026-10-01T12:53:07.250000Z");
  EXPECT_EQ(*Instant::Parse(instant.ToString()), instant);
  EXPECT_EQ(instant.UtcDate(), MakeDate(2026, 10, 1));
  EXPECT_EQ(Instant::Parse("1970-01-02T00:00:00Z")->Micros(), 86'400'000'000);
  EXPECT_EQ(Instant::FromMicros(-1).ToString(), "1969-12-31T23:59:59.999999Z");
  for (const char* text : {"2026-10-01T12:53:00", "2026-10-01 12:53:00Z", "2026-10-01T24:00:00Z",
                           "2026-10-01T12:53:00.Z", "2026-10-01T12:60:00Z", "Z"}) {
    EXPECT_FALSE(Instant::Parse(text).ok()) << text;
  }
}

TEST(Id, TextFormReadsBack) {
  for (const std::int64_t value :
       {std::int64_t{1}, std::int64_t{31}, std::int64_t{32}, INT64_MAX, std::int64_t{1} << 60}) {
    const std::string text = FormatId("pay", value);
    EXPECT_EQ(text.size(), 17U);
    EXPECT_EQ(*ParseId("pay", text), value);
  }
  EXPECT_EQ(FormatId("pay", 0), "pay_0000000000000");
  EXPECT_EQ(FormatId("pay", INT64_MAX), "pay_7ZZZZZZZZZZZZ");
  EXPECT_EQ(*ParseId("pay", "pay_000000000000z"), 31);
}

TEST(Id, RefusesWhatIsNoId) {
  for (const char* text : {"", "pay_", "pye_0000000000001", "pay_000000000000U",
                           "pay_8000000000000", "pay_00000000000001", "pay-0000000000001"}) {
    EXPECT_FALSE(ParseId("pay", text).ok()) << text;
  }
}

TEST(IdGenerator, GrowsWhenTheClockStandsStillOrStepsBack) {
  ManualClock clock(*Instant::Parse("2026-01-01T00:00:00Z"));
  IdGenerator ids(clock, 1023);
  std::int64_t last = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (i == 10'000) clock.AdvanceMicros(-3'600'000'000);
    const std::int64_t next = ids.NextValue();
    ASSERT_GT(next, last);
    ASSERT_EQ(next >> 12 & 1023, 1023);
    last = next;
  }
}

TEST(IdGenerator, IsPositiveAndOfItsNodeBeforeItsEpoch) {
  ManualClock clock(Instant{});
  IdGenerator ids(clock, 0);
  EXPECT_GT(ids.NextValue(), 0);
  IdGenerator other(clock, 7);
  EXPECT_EQ(other.NextValue() >> 12 & 1023, 7);
}

TEST(IdGenerator, FollowsTheClock) {
  ManualClock clock(*Instant::Parse("2020-01-01T00:00:01Z"));
  IdGenerator ids(clock, 5);
  EXPECT_EQ(ids.NextValue(), (std::int64_t{1000} << 22) + (5 << 12));
}

TEST(Bytes, HexReadsBack) {
  const Bytes bytes{0x00, 0x7f, 0x80, 0xff};
  EXPECT_EQ(ToHex(bytes), "007f80ff");
  EXPECT_EQ(*FromHex("007F80ff"), bytes);
  EXPECT_FALSE(FromHex("0").ok());
  EXPECT_FALSE(FromHex("0g").ok());
}

TEST(Bytes, Sha256OfTheStandardsExamples) {
  // FIPS 180-4 examples.
  EXPECT_EQ(ToHex(Sha256(AsBytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Uuid, ReadsAndWrites) {
  const std::string text = "018f3c1e-0000-7abc-8def-0123456789ab";
  EXPECT_EQ(FormatUuid(*ParseUuid(text)), text);
  EXPECT_FALSE(ParseUuid("018f3c1e00007abc8def0123456789ab").ok());
  EXPECT_FALSE(ParseUuid("018f3c1e-0000-7abc-8def-0123456789a-").ok());
}

TEST(Uuid, DerivedIsStableAndKeepsPartsApart) {
  const std::vector<std::string> ab{"a", "b"};
  const std::vector<std::string> joined{"ab"};
  const std::vector<std::string> shifted{"", "ab"};
  std::set<Uuid> all;
  for (const auto* parts : {&ab, &joined, &shifted}) {
    const Uuid uuid = DerivedUuid("payment", *parts);
    EXPECT_EQ(uuid, DerivedUuid("payment", *parts));
    EXPECT_EQ(uuid[6] >> 4, 8);
    EXPECT_EQ(uuid[8] >> 6, 2);
    all.insert(uuid);
  }
  all.insert(DerivedUuid("file", ab));
  EXPECT_EQ(all.size(), 4U);
}

TEST(CanonicalWriter, HasOneByteForm) {
  CanonicalWriter writer("t1");
  writer.U8(7).U32(0x01020304).I64(-2).Text("x").OptionalI64(std::nullopt).OptionalI64(5);
  EXPECT_EQ(ToHex(writer.Data()),
            "000000027431"
            "07"
            "01020304"
            "fffffffffffffffe"
            "0000000178"
            "00"
            "010000000000000005");
}

}  // namespace
}  // namespace sluice
