// What banks send back, record layout by record layout, with every way in which they get it wrong.
#include "payments/inbound/ach_inbound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/inbound/inbound_kind.h"
#include "tests/inbound/ach_sample.h"

namespace sluice::payments {
namespace {

using testing::Changed;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Returned;
using testing::SampleBatch;
using testing::SampleEntry;
using testing::SampleFile;

AchInboundFile One(const std::string& bytes) {
  std::vector<AchInboundFile> files = ReadInboundAch("test.ach", bytes);
  EXPECT_EQ(files.size(), 1U);
  return std::move(files.front());
}

SampleFile GoodReturns() {
  return {.batches = {{.entries = {Returned({}), Returned({.reason = "R02",
                                                           .original_trace = "091000010000002",
                                                           .cents = 25'000,
                                                           .trace = "111111110000002"})}}}};
}

std::string Text(const AchInboundFile& file) {
  std::string text;
  for (const InboundFault& fault : file.faults) text += fault.ToString() + "\n";
  return text;
}

bool HasFault(const AchInboundFile& file, std::string_view code) {
  for (const InboundFault& fault : file.faults) {
    if (fault.code == code) return true;
  }
  return false;
}

bool AllUsable(const AchInboundFile& file) {
  for (const AchItem& item : file.items) {
    if (!item.IsUsable()) return false;
  }
  return true;
}

TEST(AchInbound, AReturnGivesItsMatchKey) {
  const std::string bytes = Write(
      SampleFile{.batches = {{.entries = {Returned({.reason = "R14",
                                                    .information = "DIED, ACCT 123456789 CLOSED",
                                                    .death = "260911"})}}}});
  EXPECT_EQ(KindOf(bytes), InboundKind::kAch);
  const AchInboundFile file = One(bytes);
  EXPECT_TRUE(file.faults.empty()) << Text(file);
  ASSERT_EQ(file.items.size(), 1U);
  const AchItem& item = file.items.front();
  EXPECT_EQ(item.kind, AchItemKind::kReturn);
  EXPECT_EQ(item.record, 3U);
  EXPECT_EQ(item.code, "R14");
  EXPECT_EQ(item.original_trace, "091000010000001");
  EXPECT_EQ(item.original_rdfi, "11111111");
  EXPECT_EQ(item.amount, Money::FromCents(147'500));
  EXPECT_EQ(item.company_id, "1123456789");
  EXPECT_EQ(item.identification, "PAYMENTKEY001");
  EXPECT_EQ(item.entry_trace, "111111110000001");
  EXPECT_EQ(item.death, MakeDate(2026, 9, 11));
  EXPECT_EQ(item.information, "DIED, ACCT *6789 CLOSED");
}

TEST(AchInbound, LineEndsPaddingAndTrimmedBlanksAreTolerated) {
  const AchInboundFile plain = One(Write(GoodReturns()));
  SampleFile crlf = GoodReturns();
  crlf.end = "\r\n";
  SampleFile stream = GoodReturns();
  stream.end = "";
  SampleFile unpadded = GoodReturns();
  unpadded.padding = false;
  std::string trimmed = Write(unpadded);
  for (std::size_t at = trimmed.find(" \n"); at != std::string::npos; at = trimmed.find(" \n")) {
    trimmed.erase(at, 1);
  }
  std::string overlong = Write(unpadded);
  for (std::size_t at = overlong.find('\n'); at != std::string::npos;
       at = overlong.find('\n', at + 4)) {
    overlong.insert(at, "   ");
  }
  std::string zeros = Write(GoodReturns());
  for (std::size_t at = zeros.find(std::string(94, '9')); at != std::string::npos;
       at = zeros.find(std::string(94, '9'))) {
    zeros.replace(at, 94, std::string(94, '0'));
  }
  for (const std::string& bytes : {Write(crlf), Write(stream), Write(unpadded), trimmed, overlong,
                                   zeros, Write(GoodReturns()) + "\n\n"}) {
    const AchInboundFile file = One(bytes);
    EXPECT_EQ(WorstOf(file.faults), FaultScope::kDeviation) << Text(file);
    ASSERT_EQ(file.items.size(), 2U) << Text(file);
    EXPECT_TRUE(AllUsable(file));
    EXPECT_EQ(file.items[1].original_trace, plain.items[1].original_trace);
    EXPECT_EQ(file.items[1].amount, plain.items[1].amount);
  }
}

TEST(AchInbound, OuterRecordsMayBeMissingAsLongAsATotalVouchesForTheMoney) {
  struct Case {
    bool header, control, batch_controls;
    bool usable;
  };
  for (const Case& c : {Case{false, true, true, true}, Case{true, false, true, true},
                        Case{false, false, true, true}, Case{true, true, false, true},
                        Case{false, true, false, true}, Case{false, false, false, false},
                        Case{true, false, false, false}}) {
    SampleFile sample = GoodReturns();
    sample.header = c.header;
    sample.control = c.control;
    sample.batch_controls = c.batch_controls;
    sample.padding = c.header && c.control;
    const AchInboundFile file = One(Write(sample));
    ASSERT_EQ(file.items.size(), 2U) << Text(file);
    EXPECT_EQ(AllUsable(file), c.usable) << c.header << c.control << c.batch_controls << "\n"
                                         << Text(file);
    EXPECT_FALSE(file.faults.empty());
    EXPECT_EQ(HasFault(file, "no_control_totals"), !c.usable) << Text(file);
  }
}

TEST(AchInbound, ForwardFilesAreNotReadWithoutTheirOuterRecords) {
  SampleFile sample{.batches = {{.service = "220", .entries = {{.code = "22", .cents = 100}}}}};
  EXPECT_EQ(WorstOf(One(Write(sample)).faults), FaultScope::kDeviation);
  sample.header = false;
  const AchInboundFile file = One(Write(sample));
  EXPECT_EQ(WorstOf(file.faults), FaultScope::kFile);
  EXPECT_TRUE(HasFault(file, "no_file_header"));
  EXPECT_FALSE(file.items.front().IsUsable());
  EXPECT_EQ(file.items.front().kind, AchItemKind::kForward);
}

TEST(AchInbound, ABatchWithoutItsHeaderCannotBeTiedToACompany) {
  std::string bytes = Write(GoodReturns());
  bytes.erase(95, 95);  // the 5 record
  const AchInboundFile file = One(bytes);
  EXPECT_TRUE(HasFault(file, "no_batch_header")) << Text(file);
  EXPECT_FALSE(AllUsable(file));
}

TEST(AchInbound, WrongTotalsStopTheWholeFileAndWrongRecordCountsDoNot) {
  const std::string good = Write(GoodReturns());
  const std::size_t batch_control = good.find("\n8200") + 1;
  const std::size_t file_control = good.find("\n9000") + 1;
  struct Case {
    std::size_t at;
    FaultScope worst;
    const char* code;
  };
  for (const Case& c :
       {Case{batch_control + 19, FaultScope::kFile, "batch_control_totals"},  // hash
        Case{batch_control + 43, FaultScope::kFile, "batch_control_totals"},  // credits
        Case{batch_control + 31, FaultScope::kFile, "batch_control_totals"},  // debits
        Case{file_control + 30, FaultScope::kFile, "file_control_totals"},    // hash
        Case{file_control + 54, FaultScope::kFile, "file_control_totals"},    // credits
        Case{file_control + 6, FaultScope::kFile, "file_control_totals"},     // batches
        Case{batch_control + 9, FaultScope::kDeviation, "entry_count"},       // 6 and 7 records
        Case{file_control + 20, FaultScope::kDeviation, "entry_count"},
        Case{file_control + 12, FaultScope::kDeviation, "file_control_totals"}}) {  // blocks
    std::string bytes = good;
    bytes[c.at] = bytes[c.at] == '7' ? '8' : '7';
    const AchInboundFile file = One(bytes);
    EXPECT_EQ(WorstOf(file.faults), c.worst) << c.at << "\n" << Text(file);
    EXPECT_TRUE(HasFault(file, c.code)) << c.at << "\n" << Text(file);
    EXPECT_EQ(AllUsable(file), c.worst == FaultScope::kDeviation);
  }
}

TEST(AchInbound, ABadBatchDoesNotStopAGoodOne) {
  SampleFile sample{
      .batches = {
          {.number = 1, .entries = {Returned({})}},
          {.company_id = "          ",
           .number = 2,
           .entries = {Returned({.original_trace = "091000010000002", .cents = 5})}},
          {.number = 3, .entries = {Returned({.original_trace = "091000010000003", .cents = 7})}}}};
  const AchInboundFile file = One(Write(sample));
  ASSERT_EQ(file.items.size(), 3U);
  EXPECT_TRUE(file.items[0].IsUsable()) << Text(file);
  EXPECT_EQ(file.items[1].stopped, FaultScope::kBatch);
  EXPECT_THAT(file.items[1].stop_reason, HasSubstr("company identification"));
  EXPECT_TRUE(file.items[2].IsUsable());
}

TEST(AchInbound, ABadEntryDoesNotStopItsNeighbors) {
  SampleFile sample = GoodReturns();
  sample.batches[0].entries[0].addenda[0][1] = '0';  // type 09
  const AchInboundFile file = One(Write(sample));
  ASSERT_EQ(file.items.size(), 2U);
  EXPECT_FALSE(file.items[0].IsUsable());
  // Nothing tells any more that the first one is a return: the two do not belong together.
  EXPECT_TRUE(HasFault(file, "record_sequence")) << Text(file);

  SampleFile zero{.batches = {{.sec = "COR",
                               .entries = {Changed("C01", "091000010000001", "11111111", "123"),
                                           Changed("C01", "091000010000002", "11111111", "123",
                                                   "111111110000010")}}}};
  zero.batches[0].entries[1].cents = 5;  // a notice of change moves no money
  const AchInboundFile changes = One(Write(zero));
  ASSERT_EQ(changes.items.size(), 2U);
  EXPECT_TRUE(changes.items[0].IsUsable()) << Text(changes);
  EXPECT_EQ(changes.items[1].stopped, FaultScope::kRecord);
  EXPECT_EQ(changes.faults.front().position, 30U);
}

TEST(AchInbound, SeveralFilesInOneDeliveryAreReadEachByItself) {
  SampleFile bad = GoodReturns();
  bad.modifier = '-';
  for (const std::string& end : {std::string("\n"), std::string("\r\n"), std::string()}) {
    SampleFile first = GoodReturns(), second = GoodReturns();
    first.end = bad.end = second.end = end;
    const std::string bytes = Write(first) + Write(bad) + Write(second);
    const auto files = ReadInboundAch("three.ach", bytes);
    ASSERT_EQ(files.size(), 3U);
    EXPECT_TRUE(AllUsable(files[0])) << Text(files[0]);
    EXPECT_FALSE(AllUsable(files[1]));
    EXPECT_TRUE(AllUsable(files[2])) << Text(files[2]);
    EXPECT_EQ(files[2].first_line, 21U);
    EXPECT_EQ(files[2].items[0].record, 23U);
    ASSERT_FALSE(files[1].faults.empty());
    EXPECT_EQ(files[1].faults.back().record, 11U);
  }
}

TEST(AchInbound, OurOwnEntrySentBackWithARejectCode) {
  SampleFile sample{
      .batches = {{.service = "220",
                   .odfi = "09100001",
                   .entries = {{.code = "22",
                                .rdfi = "11111111",
                                .cents = 36'000,
                                .identification = "PAYMENTKEY00A",
                                .trace = "REJ060300000007",
                                .addenda = {"705TRN*1*PAYMENTKEY00A*1123456789~" +
                                            std::string(50, ' ') + "00010000007"}}}}}};
  const AchInboundFile file = One(Write(sample));
  EXPECT_EQ(WorstOf(file.faults), FaultScope::kDeviation) << Text(file);
  EXPECT_TRUE(HasFault(file, "bank_reject"));
  ASSERT_EQ(file.items.size(), 1U);
  EXPECT_EQ(file.items[0].kind, AchItemKind::kReject);
  EXPECT_EQ(file.items[0].code, "6030");
  EXPECT_EQ(file.items[0].original_trace, "        0000007");
  EXPECT_EQ(file.items[0].original_rdfi, "11111111");
  EXPECT_EQ(file.items[0].amount, Money::FromCents(36'000));
}

TEST(AchInbound, AnEmptyDeliveryIsNothingToday) {
  const AchInboundFile empty = One(Write(SampleFile{}));
  EXPECT_TRUE(empty.empty);
  EXPECT_EQ(WorstOf(empty.faults), FaultScope::kDeviation) << Text(empty);
  // A header alone says nothing: it was cut.
  const AchInboundFile cut = One(Write(SampleFile{.control = false, .padding = false}));
  EXPECT_FALSE(cut.empty);
  EXPECT_EQ(WorstOf(cut.faults), FaultScope::kFile);
}

TEST(AchInbound, EveryTruncationIsSeen) {
  const std::string whole = Write(GoodReturns());
  const std::size_t control_end = whole.find("\n9000") + 1 + 55;
  for (std::size_t size = 0; size < control_end; ++size) {
    for (const AchInboundFile& file : ReadInboundAch("cut.ach", whole.substr(0, size))) {
      EXPECT_FALSE(file.faults.empty()) << size;
      for (const AchItem& item : file.items) {
        if (!item.IsUsable()) continue;
        // Whole batches of a cut file may be used: their own control vouches for them.
        EXPECT_GE(size, whole.find("\n8200") + 1 + 44) << size << "\n" << Text(file);
      }
    }
  }
}

TEST(AchInbound, NoFaultShowsAnAccountNumber) {
  SampleFile sample = GoodReturns();
  sample.batches[0].entries[0].account = "555000777";
  const std::string good = Write(sample);
  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::string bytes = good;
    bytes[at] = bytes[at] == 'x' ? 'y' : 'x';
    EXPECT_THAT(Text(One(bytes)), Not(HasSubstr("555000777")));
  }
}

TEST(AchInbound, TheReportOfTheFedIsForPeople) {
  EXPECT_EQ(KindOf("****** ACKNOWLEDGEMENT OF ACH FILE DEPOSITS ******\nFILE STATUS: ACCEPTED\n"),
            InboundKind::kTextReport);
  EXPECT_EQ(KindOf(""), InboundKind::kUnknown);
  EXPECT_EQ(KindOf("\x89PNG"), InboundKind::kUnknown);
  EXPECT_EQ(KindOf("dear sirs"), InboundKind::kUnknown);
  EXPECT_EQ(KindOf("01,0004,12345,060321/"), InboundKind::kBai2);
}

TEST(MaskDigits, HidesLongRunsAlsoBehindHyphensAndBlanks) {
  EXPECT_EQ(MaskDigits("acct 123456789"), "acct *6789");
  EXPECT_EQ(MaskDigits("744-5678-99"), "*8-99");
  EXPECT_EQ(MaskDigits("1234 5678 9012"), "*9012");
  EXPECT_EQ(MaskDigits("R03 01*03, 12345"), "R03 01*03, 12345");
  EXPECT_EQ(MaskDigits("a\tb\x80"), "a?b?");
  EXPECT_EQ(MaskDigits(""), "");
}

}  // namespace
}  // namespace sluice::payments
