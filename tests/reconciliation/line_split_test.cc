// What a person may say a line is.
#include "payments/reconciliation/line_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using enum BankTargetKind;

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }
const OpenBankLine kDebit{.direction = BankDirection::kDebit, .amount = Cents(100)};
const OpenBankLine kCredit{.direction = BankDirection::kCredit, .amount = Cents(100)};

SplitTarget OpenDebit(std::int64_t id, std::int64_t cents, bool whole = false) {
  return {.id = id, .direction = BankDirection::kDebit, .open = Cents(cents), .whole = whole};
}
using Parts = std::vector<SplitPart>;
using Targets = std::vector<std::optional<SplitTarget>>;

std::string Refusal(const OpenBankLine& line, const Parts& parts, const Targets& targets) {
  const Status status = CheckSplit(line, parts, targets);
  if (status.ok()) return "";
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(StatusMessage(status));
}

TEST(LineSplit, PartsAddUpToTheLine) {
  const Parts parts = {{kFile, "a.ach", Cents(60)}, {kCheck, "1001", Cents(40)}};
  const Targets targets = {OpenDebit(1, 80), OpenDebit(2, 40, true)};
  EXPECT_EQ(Refusal(kDebit, parts, targets), "");
  EXPECT_THAT(Refusal(kDebit, {parts[0]}, {targets[0]}), HasSubstr("add up to 0.60"));
  EXPECT_THAT(Refusal(kDebit, {{kFile, "a.ach", Cents(61)}, parts[1]}, targets),
              HasSubstr("add up to 1.01, and the line is of 1.00"));
  EXPECT_THAT(Refusal(kDebit, {}, {}), HasSubstr("a part at least"));
}

TEST(LineSplit, APartIsOpenOnceAndInTheDirectionOfTheLine) {
  EXPECT_THAT(Refusal(kDebit, {{kCheck, "9", Cents(100)}}, {std::nullopt}),
              HasSubstr("check 9: nothing of that kind and name is open"));
  EXPECT_THAT(Refusal(kCredit, {{kFile, "a.ach", Cents(100)}}, {OpenDebit(1, 100)}),
              HasSubstr("it takes a debit"));
  EXPECT_THAT(Refusal(kDebit, {{kFile, "a.ach", Cents(100)}}, {OpenDebit(1, 99)}),
              HasSubstr("0.99 of it are open"));
  EXPECT_THAT(Refusal(kDebit, {{kCheck, "9", Cents(50)}, {kFile, "a", Cents(50)}},
                      {OpenDebit(1, 60, true), OpenDebit(2, 60)}),
              HasSubstr("check 9: it is settled whole, with 0.60"));
  EXPECT_THAT(Refusal(kDebit, {{kFile, "a", Cents(50)}, {kFile, "a", Cents(50)}},
                      {OpenDebit(1, 60), OpenDebit(1, 60)}),
              HasSubstr("file a is named twice"));
  for (const std::int64_t amount : {0, -100}) {
    EXPECT_THAT(Refusal(kDebit, {{kFile, "a", Cents(amount)}}, {OpenDebit(1, 60)}),
                HasSubstr("above zero"));
  }
}

TEST(LineSplit, APaidCheckIsNoFileForAPersonEither) {
  OpenBankLine check = kDebit;
  check.check_paid = true;
  EXPECT_THAT(Refusal(check, {{kFile, "a.ach", Cents(100)}}, {OpenDebit(1, 100)}),
              HasSubstr("a check was paid, so it settles no file"));
  EXPECT_EQ(Refusal(check, {{kCheck, "1001", Cents(100)}}, {OpenDebit(1, 100, true)}), "");
}

TEST(LineSplit, WhatMovesThePoolsOrAPayeesMoneyTakesTwoPeople) {
  for (const BankTargetKind kind : {kFile, kReturned, kCheck, kLine}) {
    EXPECT_FALSE(TakesTwoPeople(Parts{{kind, "x", Cents(1)}})) << SplitKindName(kind);
  }
  for (const BankTargetKind kind : {kFee, kInterest, kRefund, kOverpaid, kPool}) {
    EXPECT_TRUE(TakesTwoPeople(Parts{{kFile, "y", Cents(1)}, {kind, "x", Cents(1)}}))
        << SplitKindName(kind);
  }
}

TEST(LineSplit, KindsHaveNames) {
  for (const char* name :
       {"file", "return", "check", "line", "fee", "interest", "refund", "overpaid", "pool"}) {
    const auto kind = SplitKindOf(name);
    ASSERT_TRUE(kind.ok());
    EXPECT_EQ(SplitKindName(*kind), name);
  }
  EXPECT_THAT(StatusMessage(SplitKindOf("journal").status()), HasSubstr("file, return, check"));
  EXPECT_EQ(SplitKindName(kBooked), "");
}

}  // namespace
}  // namespace sluice::payments
