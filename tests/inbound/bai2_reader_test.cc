// Balance reports, and the traps that real banks set in them.
#include "payments/inbound/bai2_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/inbound/bai2_sample.h"

namespace sluice::payments {
namespace {

using testing::AccountOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::SampleAccount;
using testing::WriteBai2;

std::string Text(const Bai2File& file) {
  std::string text;
  for (const InboundFault& fault : file.faults) text += fault.ToString() + "\n";
  return text;
}

const std::vector<testing::SampleDebit> kLines = {{"466", 86'000'00, "BR1", "", "ACH SETTLEMENT"},
                                                  {"257", 36'000'00, "BR2", "", "RETURN ITEM"},
                                                  {"475", 1'234'56, "BR3", "1001", "CHECK"}};

// The one account of a report made of these records; `total` is 49's.
Bai2File ReadRecords(std::vector<std::string> records, std::int64_t total) {
  return ReadBai2(WriteBai2({SampleAccount{std::move(records), total}}));
}

TEST(Bai2Reader, ADaysReport) {
  const Bai2File file = ReadBai2(WriteBai2({AccountOf("0099887766", 1'000'000'00, kLines)}));
  EXPECT_TRUE(file.faults.empty()) << Text(file);
  ASSERT_EQ(file.groups.size(), 1U);
  EXPECT_EQ(file.groups[0].as_of, MakeDate(2026, 10, 2));
  EXPECT_TRUE(file.groups[0].IsBooked());
  ASSERT_EQ(file.groups[0].accounts.size(), 1U);
  const Bai2Account& account = file.groups[0].accounts[0];
  EXPECT_EQ(account.number.Reveal(), "0099887766");
  EXPECT_EQ(account.Find("015"), Money::FromCents(1'000'000'00 - 86'000'00 + 36'000'00 - 1'234'56));
  ASSERT_EQ(account.lines.size(), 3U);
  EXPECT_EQ(account.lines[0].direction, BankDirection::kDebit);
  EXPECT_EQ(account.lines[0].amount, Money::FromCents(86'000'00));
  EXPECT_EQ(account.lines[0].bank_reference, "BR1");
  EXPECT_EQ(account.lines[0].text, "ACH SETTLEMENT");
  EXPECT_EQ(account.lines[1].direction, BankDirection::kCredit);
  EXPECT_EQ(account.lines[2].customer_reference, "1001");
  EXPECT_EQ(account.lines[2].record, 7U);
}

TEST(Bai2Reader, TypeCodesGiveDirections) {
  for (const char* credit : {"100", "142", "168", "255", "257", "399", "920", "959"}) {
    EXPECT_EQ(DirectionOf(credit), BankDirection::kCredit) << credit;
  }
  for (const char* debit : {"400", "451", "466", "475", "557", "699", "960", "999"}) {
    EXPECT_EQ(DirectionOf(debit), BankDirection::kDebit) << debit;
  }
  for (const char* none : {"015", "099", "700", "890", "919", "", "4x6", "1000"}) {
    EXPECT_EQ(DirectionOf(none), BankDirection::kNone) << none;
  }
}

TEST(Bai2Reader, FundsTypes) {
  const Bai2File file = ReadRecords(
      {"03,1,USD/", "16,108,600,S,100,200,300,BR,CR,text/", "16,108,50,V,261003,0930,BR,CR,/",
       "16,108,70,D,2,0,20,3,50,BR,CR,a, b/c/", "16,108,1,Z,BR,CR,/", "16,108,2,,BR,CR/"},
      600 + 50 + 70 + 1 + 2);
  EXPECT_EQ(WorstOf(file.faults), FaultScope::kDeviation) << Text(file);
  const auto& lines = file.groups.at(0).accounts.at(0).lines;
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0].funds.parts, (std::vector<Bai2Availability>{{0, Money::FromCents(100)},
                                                                 {1, Money::FromCents(200)},
                                                                 {2, Money::FromCents(300)}}));
  EXPECT_EQ(lines[1].funds.value_date, MakeDate(2026, 10, 3));
  EXPECT_EQ(lines[2].funds.parts,
            (std::vector<Bai2Availability>{{0, Money::FromCents(20)}, {3, Money::FromCents(50)}}));
  EXPECT_EQ(lines[2].text, "a, b/c");
  EXPECT_EQ(lines[3].funds.type, 'Z');
  for (const Bai2Line& line : lines) {
    EXPECT_EQ(line.bank_reference, "BR");
    EXPECT_EQ(line.customer_reference, "CR");
  }
}

TEST(Bai2Reader, SignsAndAmountsThatAreNotGiven) {
  const Bai2File file =
      ReadRecords({"03,1,,010,-500,,,015,+700,,,045,,,/", "16,108,1300,0,,,/", "16,409,-100,0,,,/"},
                  -500 + 700 + 1300 - 100);
  // Opening -5.00 + 13.00 + 1.00 (a debit taken back) is not 7.00.
  EXPECT_EQ(WorstOf(file.faults), FaultScope::kBatch) << Text(file);
  const Bai2Account& account = file.groups.at(0).accounts.at(0);
  EXPECT_EQ(account.currency, "USD");
  EXPECT_EQ(account.Find("010"), Money::FromCents(-500));
  EXPECT_EQ(account.Find("045"), std::nullopt);
  EXPECT_EQ(account.lines.at(1).direction, BankDirection::kCredit);
  EXPECT_EQ(account.lines.at(1).amount, Money::FromCents(100));
  EXPECT_NE(account.stop_reason, "");
}

TEST(Bai2Reader, ASummaryMaySplitOverAContinuation) {
  const Bai2File whole = ReadRecords({"03,1,USD,010,100,,,015,100,,/"}, 200);
  EXPECT_TRUE(whole.faults.empty()) << Text(whole);
  // The standard: the field after the last comma is empty.
  const Bai2File standard = ReadRecords({"03,1,USD,010,100,,/", "88,015,100,,/"}, 200);
  EXPECT_TRUE(standard.faults.empty()) << Text(standard);
  // A bank whose comma before the slash ends nothing but the record.
  const Bai2File other = ReadRecords({"03,1,USD,010,/", "88,100,,,015,100,,/"}, 200);
  EXPECT_EQ(WorstOf(other.faults), FaultScope::kDeviation) << Text(other);
  for (const Bai2File* file : {&whole, &standard, &other}) {
    EXPECT_EQ(file->groups.at(0).accounts.at(0).Find("010"), Money::FromCents(100));
    EXPECT_EQ(file->groups.at(0).accounts.at(0).Find("015"), Money::FromCents(100));
  }
}

TEST(Bai2Reader, TextRunsOn) {
  const Bai2File with_88 =
      ReadRecords({"03,1,USD/", "16,466,5,0,BR,,FIRST", "88,SECOND, WITH COMMA", "88,/THIRD/"}, 5);
  EXPECT_TRUE(with_88.faults.empty()) << Text(with_88);
  EXPECT_EQ(with_88.groups.at(0).accounts.at(0).lines.at(0).text,
            "FIRST SECOND, WITH COMMA /THIRD");
  // References in the 16, text only in the 88.
  const Bai2File late = ReadRecords({"03,1,USD/", "16,466,5,0,BR,CR/", "88,ALL OF IT/"}, 5);
  EXPECT_EQ(late.groups.at(0).accounts.at(0).lines.at(0).text, "ALL OF IT");

  SampleAccount account{{"03,1,USD/", "16,466,5,0,BR,,FIRST"}, 5};
  std::string bytes = WriteBai2({account});
  bytes.insert(bytes.find("FIRST") + 6, "goes on without a code\n");
  const Bai2File without = ReadBai2(bytes);
  EXPECT_EQ(WorstOf(without.faults), FaultScope::kDeviation) << Text(without);
  EXPECT_EQ(without.groups.at(0).accounts.at(0).lines.at(0).text, "FIRST goes on without a code");
}

TEST(Bai2Reader, SeveralRecordsOnOneLine) {
  std::string bytes = WriteBai2({AccountOf("1", 500, kLines)});
  std::erase(bytes, '\n');
  const Bai2File file = ReadBai2(bytes);
  EXPECT_TRUE(file.faults.empty()) << Text(file);
  EXPECT_EQ(file.groups.at(0).accounts.at(0).lines.size(), 3U);
}

TEST(Bai2Reader, CarriageReturnsBlanksAndForeignLettersAreTolerated) {
  std::string bytes = WriteBai2({AccountOf("1", 500, {{"466", 5, "", "", "CAF\xC9"}})});
  for (std::size_t at = bytes.find('\n'); at != std::string::npos; at = bytes.find('\n', at + 4)) {
    bytes.insert(at, "  \r");
  }
  const Bai2File file = ReadBai2("\xEF\xBB\xBF" + bytes + "\r\n\r\n");
  EXPECT_EQ(WorstOf(file.faults), FaultScope::kDeviation) << Text(file);
  EXPECT_EQ(file.groups.at(0).accounts.at(0).lines.at(0).text, "CAF?");
}

TEST(Bai2Reader, EveryTotalAndCountIsRecomputed) {
  const std::string good = WriteBai2({AccountOf("1", 500, kLines), AccountOf("2", 0, {})});
  EXPECT_TRUE(ReadBai2(good).faults.empty());
  for (const char* code : {"\n49,", "\n98,", "\n99,"}) {
    for (std::size_t at = good.find(code); at != std::string::npos; at = good.find(code, at + 1)) {
      for (std::size_t i = at + 4; good[i] != '/'; ++i) {
        if (good[i] == ',') continue;
        std::string bytes = good;
        bytes[i] = bytes[i] == '9' ? '8' : '9';
        const Bai2File file = ReadBai2(bytes);
        EXPECT_EQ(WorstOf(file.faults), FaultScope::kFile) << bytes.substr(at, 40);
        EXPECT_THAT(Text(file), HasSubstr("recounting"));
      }
    }
  }
}

TEST(Bai2Reader, ACutReportIsSeenWhereverItIsCut) {
  const std::string good = WriteBai2({AccountOf("1", 500, kLines)});
  for (std::size_t size = 0; size + 2 < good.size(); ++size) {
    const Bai2File file = ReadBai2(good.substr(0, size));
    EXPECT_EQ(WorstOf(file.faults), FaultScope::kFile) << size;
  }
}

TEST(Bai2Reader, ACreditThatBecameADebitIsSeen) {
  std::string bytes = WriteBai2({AccountOf("1", 500, kLines), AccountOf("2", 700, kLines)});
  const std::size_t at = bytes.find("16,257");
  bytes[at + 3] = '4';
  const Bai2File file = ReadBai2(bytes);
  EXPECT_EQ(WorstOf(file.faults), FaultScope::kBatch) << Text(file);
  EXPECT_NE(file.groups.at(0).accounts.at(0).stop_reason, "");
  EXPECT_EQ(file.groups.at(0).accounts.at(1).stop_reason, "");
}

TEST(Bai2Reader, OnlyTheReportOfAPastDayIsMoney) {
  for (const char* modifier : {"", "1", "2"}) {
    EXPECT_TRUE(ReadBai2(WriteBai2({}, "261002", '1', modifier)).groups.at(0).IsBooked());
  }
  for (const char* modifier : {"3", "4"}) {
    EXPECT_FALSE(ReadBai2(WriteBai2({}, "261002", '1', modifier)).groups.at(0).IsBooked());
  }
  for (const char status : {'2', '3', '4'}) {
    EXPECT_FALSE(ReadBai2(WriteBai2({}, "261002", status)).groups.at(0).IsBooked());
  }
}

TEST(Bai2Reader, StructureFaultsAreNamed) {
  const std::string good = WriteBai2({AccountOf("123456789", 500, kLines)});
  const auto without = [&](const char* code) {
    std::string bytes = good;
    const std::size_t at = bytes.find(code);
    bytes.erase(at, bytes.find('\n', at) - at + 1);
    return ReadBai2(bytes);
  };
  EXPECT_THAT(Text(without("01,")), HasSubstr("no_file_header"));
  EXPECT_THAT(Text(without("02,")), HasSubstr("no_group_header"));
  EXPECT_THAT(Text(without("03,")), HasSubstr("no_account"));
  EXPECT_THAT(Text(without("49,")), HasSubstr("no_account_trailer"));
  EXPECT_THAT(Text(without("98,")), HasSubstr("no_group_trailer"));
  EXPECT_THAT(Text(without("99,")), HasSubstr("no_file_trailer"));
  EXPECT_THAT(Text(ReadBai2(good + good)), HasSubstr("record_after_end"));
  EXPECT_THAT(Text(ReadBai2("01," + std::string(5'000, 'x') + "/\n" + good)),
              HasSubstr("line_too_long"));
  EXPECT_THAT(Text(ReadRecords({"03,1,USD/", "16,466,5x,0,,,/"}, 5)), HasSubstr("not a number"));
  EXPECT_THAT(Text(ReadRecords({"03,1,USD/", "16,466,5,D,x,,,/"}, 5)),
              HasSubstr("number of distributions"));
  EXPECT_THAT(Text(ReadRecords({"03,1,USD/", "16,466,5,Q,,,/"}, 5)), HasSubstr("funds type"));
  EXPECT_THAT(Text(ReadRecords({"03,123456789,USD,01,5,,/"}, 5)), HasSubstr("type code"));
  EXPECT_THAT(Text(ReadRecords({"03,,USD/"}, 0)), HasSubstr("account number is blank"));
  EXPECT_THAT(Text(ReadRecords({"03,1,USD/", "16,466,9999999999999999,0,,,/"}, 0)),
              HasSubstr("not a number"));
  for (std::size_t at = 0; at < good.size(); at += 3) {
    std::string bytes = good;
    bytes[at] = bytes[at] == 'x' ? 'y' : 'x';
    EXPECT_THAT(Text(ReadBai2(bytes)), Not(HasSubstr("123456789"))) << at;
  }
}

}  // namespace
}  // namespace sluice::payments
