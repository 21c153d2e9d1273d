// Other people's files as our inbound readers take them: each verdict of the corpora.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "payments/inbound/ach_inbound.h"
#include "payments/inbound/bai2_reader.h"
#include "payments/inbound/inbound_kind.h"
#include "payments/inbound/x12_acknowledgment.h"
#include "payments/remittance/remittance_835_reader.h"
#include "tests/remittance/corpora.h"
#include "tests/support/shared_data.h"

namespace sluice::payments {
namespace {

using testing::ReadWhole;
using testing::SharedFolder;
using testing::Verdict;
using testing::Verdicts;

std::string Describe(const std::vector<InboundFault>& faults) {
  std::string text;
  for (const InboundFault& fault : faults) text += "  " + fault.ToString() + "\n";
  return text;
}

struct Read {
  FaultScope worst = FaultScope::kDeviation;
  std::size_t faults = 0;
  std::vector<AchItem> items;
  bool empty = true;
  std::string text;
};

Read ReadDelivery(const std::string& name, const std::string& bytes) {
  Read read;
  for (AchInboundFile& file : ReadInboundAch(name, bytes)) {
    read.worst = std::max(read.worst, WorstOf(file.faults));
    read.faults += file.faults.size();
    read.empty = read.empty && file.empty;
    read.text += Describe(file.faults);
    for (AchItem& item : file.items) read.items.push_back(std::move(item));
  }
  return read;
}

// The verdicts that are not what they seem for an inbound reader, as their texts say.
bool Has(const Verdict& verdict, const char* words) {
  return verdict.shows.find(words) != std::string::npos;
}

TEST(InboundCorpora, EveryAchVerdictIsOurs) {
  const auto verdicts = Verdicts("ach");
  if (verdicts.empty()) GTEST_SKIP() << ::sluice::testing::kNoSharedData;
  for (const Verdict& verdict : verdicts) {
    const Read read =
        ReadDelivery(verdict.file, ReadWhole(SharedFolder() / "corpora" / "ach" / verdict.file));
    const std::string what = verdict.file + ": " + verdict.shows + "\n" + read.text;
    if (Has(verdict, "no entries")) {
      EXPECT_TRUE(read.empty) << what;
      EXPECT_EQ(read.worst, FaultScope::kDeviation) << what;
      EXPECT_GT(read.faults, 0U) << what;
    } else if (Has(verdict, "inbound reader tolerates")) {
      EXPECT_EQ(read.worst, FaultScope::kDeviation) << what;
      EXPECT_GT(read.faults, 0U) << what;
      EXPECT_FALSE(read.items.empty()) << what;
    } else if (Has(verdict, "inbound reader keeps it as a work item")) {
      EXPECT_EQ(read.worst, FaultScope::kDeviation) << what;
      ASSERT_EQ(read.items.size(), 1U) << what;
      EXPECT_FALSE(read.items.front().known_code) << what;
      EXPECT_TRUE(read.items.front().IsUsable()) << what;
    } else if (verdict.verdict == "accept") {
      EXPECT_EQ(read.worst, FaultScope::kDeviation) << what;
      EXPECT_FALSE(read.items.empty()) << what;
      for (const AchItem& item : read.items) EXPECT_TRUE(item.IsUsable()) << what;
    } else {
      EXPECT_GT(read.worst, FaultScope::kDeviation) << what;
      // Whatever the fault stops, nothing of it can be used: no rejected file is all good items.
      bool all_usable = true;
      for (const AchItem& item : read.items) all_usable = all_usable && item.IsUsable();
      EXPECT_FALSE(all_usable && !read.items.empty()) << what;
    }
    // Every fault says where, which rule and what to do.
    for (const AchInboundFile& file : ReadInboundAch(
             verdict.file, ReadWhole(SharedFolder() / "corpora" / "ach" / verdict.file))) {
      for (const InboundFault& fault : file.faults) {
        EXPECT_FALSE(fault.code.empty() || fault.rule.empty() || fault.advice.empty() ||
                     fault.message.empty())
            << what;
      }
    }
  }
}

TEST(InboundCorpora, TheMatchKeysOfReturnsAreRead) {
  if (Verdicts("ach").empty()) GTEST_SKIP() << ::sluice::testing::kNoSharedData;
  const auto items = [](const char* file) {
    return ReadDelivery(file, ReadWhole(SharedFolder() / "corpora" / "ach" / file)).items;
  };
  const auto returns = items("testdata/return-WEB.ach");
  ASSERT_EQ(returns.size(), 2U);
  EXPECT_EQ(returns[1].kind, AchItemKind::kReturn);
  EXPECT_EQ(returns[1].code, "R03");
  EXPECT_EQ(returns[1].original_trace, "091400600000003");
  EXPECT_EQ(returns[1].original_rdfi, "02100002");
  EXPECT_EQ(returns[1].amount, Money::FromCents(45'65));
  EXPECT_EQ(returns[1].company_id, "123456789 ");
  EXPECT_FALSE(returns[1].debit);
  EXPECT_TRUE(returns[0].debit);
  EXPECT_EQ(returns[0].code, "R01");

  const auto dishonored = items("examples/dishonored-return.ach");
  ASSERT_EQ(dishonored.size(), 2U);
  EXPECT_EQ(dishonored[0].kind, AchItemKind::kDishonored);
  EXPECT_EQ(dishonored[0].code, "R68");
  // The last of three addenda says where the entry stands.
  const auto contested = items("examples/contested-return.ach");
  ASSERT_EQ(contested.size(), 1U);
  EXPECT_EQ(contested[0].kind, AchItemKind::kContested);
  EXPECT_EQ(contested[0].code, "R71");
  const auto change = items("read/cor-read.ach");
  ASSERT_EQ(change.size(), 1U);
  EXPECT_EQ(change[0].kind, AchItemKind::kChange);
  EXPECT_EQ(change[0].code, "C01");
  EXPECT_EQ(change[0].corrected.Reveal().substr(0, 10), "1918171614");
}

TEST(InboundCorpora, TheBalanceReportIsRead) {
  const auto verdicts = Verdicts("bai2");
  if (verdicts.empty()) GTEST_SKIP() << ::sluice::testing::kNoSharedData;
  for (const Verdict& verdict : verdicts) {
    const std::string bytes = ReadWhole(SharedFolder() / "corpora" / "bai2" / verdict.file);
    EXPECT_EQ(KindOf(bytes), InboundKind::kBai2);
    const Bai2File file = ReadBai2(bytes);
    EXPECT_EQ(WorstOf(file.faults) == FaultScope::kDeviation, verdict.verdict == "accept")
        << verdict.file << "\n"
        << Describe(file.faults);
  }
  const Bai2File file = ReadBai2(ReadWhole(SharedFolder() / "corpora" / "bai2" / "sample1.txt"));
  EXPECT_TRUE(file.faults.empty()) << Describe(file.faults);
  ASSERT_EQ(file.groups.size(), 1U);
  ASSERT_EQ(file.groups[0].accounts.size(), 2U);
  const Bai2Account& first = file.groups[0].accounts[0];
  EXPECT_EQ(first.currency, "CAD");
  ASSERT_EQ(first.lines.size(), 11U);
  EXPECT_EQ(first.Find("100"), Money::FromCents(208'500));
  EXPECT_EQ(first.Find("400"), Money::FromCents(208'500));
  EXPECT_EQ(first.summaries[2].funds.type, 'V');
  EXPECT_EQ(first.lines[0].text, "RETURNED CHEQUE");
  EXPECT_EQ(first.lines[0].direction, BankDirection::kDebit);
  EXPECT_EQ(first.lines[3].direction, BankDirection::kCredit);
  EXPECT_EQ(first.lines[3].text, "TFR 1020 0345678");
  EXPECT_EQ(first.lines[3].funds.value_date, MakeDate(2006, 3, 16));
}

TEST(InboundCorpora, EveryX12VerdictIsOurs) {
  const auto verdicts = Verdicts("x12");
  if (verdicts.empty()) GTEST_SKIP() << ::sluice::testing::kNoSharedData;
  for (const Verdict& verdict : verdicts) {
    const std::string bytes = ReadWhole(SharedFolder() / "corpora" / "x12" / verdict.file);
    EXPECT_EQ(KindOf(bytes), InboundKind::kX12);
    const AckDocument answer = ReadAcknowledgments(verdict.file, bytes);
    if (Has(verdict, "999")) {
      EXPECT_TRUE(answer.faults.empty()) << verdict.file << "\n" << Describe(answer.faults);
      EXPECT_FALSE(answer.groups.empty());
      for (const AckGroup& group : answer.groups) {
        EXPECT_EQ(group.verdict, AckVerdict::kAccepted);
        EXPECT_EQ(group.transactions.size(), 1U);
      }
      continue;
    }
    // An 835 answers nothing that we sent: no good one is taken for an acknowledgment, and a bad
    // one is refused by the reader that reads our own.
    EXPECT_GT(WorstOf(answer.faults), FaultScope::kDeviation) << verdict.file;
    EXPECT_TRUE(answer.groups.empty());
    Findings findings(verdict.file);
    const X12Document document = ReadX12(bytes, findings);
    Check835(document, findings);
    EXPECT_EQ(findings.All().empty(), verdict.verdict == "accept") << verdict.file;
  }
}

}  // namespace
}  // namespace sluice::payments
