// The code tables against the format notes, and the columns of a notice of change.
#include "payments/inbound/return_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/inbound/ach_sample.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using A = ReturnAction;
using testing::Fill;

TEST(ReturnCodes, EachCodeOfTheTableOnce) {
  std::set<std::string_view> codes;
  for (const ReturnCodeRule& rule : ReturnCodes()) {
    EXPECT_TRUE(codes.insert(rule.code).second) << rule.code;
    EXPECT_FALSE(rule.meaning.empty() || rule.advice.empty()) << rule.code;
  }
  const auto expect = [&](int from, int to) {
    for (int n = from; n <= to; ++n) {
      EXPECT_EQ(codes.erase(fmt::format("R{:02}", n)), 1U) << n;
    }
  };
  expect(1, 47);
  expect(50, 53);
  expect(61, 62);
  expect(67, 77);
  expect(80, 85);
  expect(90, 90);
  EXPECT_TRUE(codes.empty());
}

TEST(ReturnCodes, ActionsAreThoseOfTheTable) {
  struct Case {
    const char* code;
    ReturnActions actions;
  };
  for (const Case& c :
       {Case{"R02", {A::kStop, A::kHold, A::kReenroll, A::kRepay}},
        Case{"R03", {A::kStop, A::kHold, A::kReenroll, A::kRepay}},
        Case{"R04", {A::kStop, A::kRepay}}, Case{"R12", {A::kStop, A::kRepay}},
        Case{"R13", {A::kStop, A::kRepay}}, Case{"R14", {A::kStop, A::kHold, A::kEstate}},
        Case{"R16", {A::kStop, A::kHold, A::kCompliance}},
        Case{"R20", {A::kStop, A::kReenroll, A::kRepay}}, Case{"R23", {A::kHold, A::kWorkItem}},
        Case{"R24", {A::kHold, A::kDuplicateCheck}}, Case{"R25", {A::kRepay, A::kOurDefect}},
        Case{"R32", {A::kHold}}, Case{"R90", {A::kStop, A::kHold, A::kCompliance}},
        // A code that nobody knows: the money is taken, the account stopped.
        Case{"R97", {A::kStop, A::kHold, A::kWorkItem}}, Case{"R01", {A::kHold, A::kWorkItem}}}) {
    EXPECT_EQ(ActionsFor(c.code, ""), c.actions)
        << c.code << " " << ActionsFor(c.code, "").ToString();
  }
  EXPECT_EQ(ActionsFor("R17", "QUESTIONABLE"), (ReturnActions{A::kStop, A::kHold, A::kFraud}));
  EXPECT_EQ(ActionsFor("R17", "FIELD 5 WRONG"), (ReturnActions{A::kHold, A::kWorkItem}));
}

TEST(ReturnCodes, NothingThatComplianceReviewsIsEverPaidAgainByItself) {
  for (const ReturnCodeRule& rule : ReturnCodes()) {
    if (!rule.credit.Has(A::kCompliance) && !rule.credit.Has(A::kEstate)) continue;
    EXPECT_FALSE(rule.credit.Has(A::kRepay)) << rule.code;
    EXPECT_TRUE(rule.credit.Has(A::kHold)) << rule.code;
  }
}

StatusOr<CorrectedData> Read(const char* code, std::string columns) {
  const ChangeCodeRule* rule = FindChangeCode(code);
  EXPECT_NE(rule, nullptr);
  return ReadCorrectedData(*rule, Fill(columns, 29));
}

TEST(ChangeCodes, EachCodeReadsItsColumns) {
  const auto c01 = Read("C01", "1918171614");
  ASSERT_TRUE(c01.ok());
  EXPECT_EQ(c01->account_number.Reveal(), "1918171614");
  EXPECT_TRUE(c01->routing_number.empty());
  const auto c02 = Read("C02", "123456780");
  ASSERT_TRUE(c02.ok());
  EXPECT_EQ(c02->routing_number, "123456780");
  const auto c03 = Read("C03", "123456780   998877665");
  ASSERT_TRUE(c03.ok());
  EXPECT_EQ(c03->routing_number, "123456780");
  EXPECT_EQ(c03->account_number.Reveal(), "998877665");
  const auto c05 = Read("C05", "32");
  ASSERT_TRUE(c05.ok());
  EXPECT_EQ(c05->transaction_code, "32");
  const auto c06 = Read("C06", Fill("998877665", 17) + "   22");
  ASSERT_TRUE(c06.ok());
  EXPECT_EQ(c06->account_number.Reveal(), "998877665");
  EXPECT_EQ(c06->transaction_code, "22");
  EXPECT_EQ(c06->deviation, "");
  const auto c07 = Read("C07", "123456780" + Fill("998877665", 17) + "32");
  ASSERT_TRUE(c07.ok());
  EXPECT_EQ(c07->routing_number, "123456780");
  EXPECT_EQ(c07->account_number.Reveal(), "998877665");
  EXPECT_EQ(c07->transaction_code, "32");
  const auto c09 = Read("C09", "MEMBER 77");
  ASSERT_TRUE(c09.ok());
  EXPECT_EQ(c09->identification, "MEMBER 77");
}

TEST(ChangeCodes, ALiveC06WithItsCodeElsewhereIsReadByColumn) {
  // A blank inside the account, and the code at 26-27 instead of 21-22.
  const auto read = Read("C06", "123456789 111            22");
  ASSERT_TRUE(read.ok()) << StatusMessage(read.status());
  EXPECT_EQ(read->account_number.Reveal(), "123456789111");
  EXPECT_EQ(read->transaction_code, "22");
  EXPECT_NE(read->deviation, "");
  // Two tokens leave a choice: a person decides.
  EXPECT_FALSE(Read("C06", Fill("998877665", 17) + "       22 32").ok());
}

TEST(ChangeCodes, WhatIsMissingOrWrongIsNamedWithoutItsValue) {
  EXPECT_THAT(StatusMessage(Read("C02", "123456789").status()), HasSubstr("columns 1 to 9"));
  EXPECT_FALSE(Read("C01", "").ok());
  EXPECT_FALSE(Read("C01", "00000").ok());
  EXPECT_FALSE(Read("C05", "27").ok());  // a debit
  const auto bad = Read("C03", "123456789   998877665");
  ASSERT_FALSE(bad.ok());
  EXPECT_THAT(StatusMessage(bad.status()), Not(HasSubstr("998877665")));
}

}  // namespace
}  // namespace sluice::payments
