// The time between money and remittance, and where it goes: the pure rules.
#include "payments/delivery/remittance_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/delivery/remittance_address.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

// A Friday. The Monday ten days later is Columbus Day.
const Date kMoney = MakeDate(2026, 10, 2);

TimedRemittance Timed(std::optional<Date> delivered_on, Date today, Date money = kMoney) {
  const RemittanceTime remittance{
      .payment_key = "PAY1", .effective_date = money, .delivered_on = delivered_on};
  return TimeRemittances(std::span(&remittance, 1), today).front();
}

// feature:R05
TEST(RemittanceClock, ThreeBusinessDaysEitherWayAreOnTimeAndFourAreAnException) {
  struct Case {
    Date delivered;
    int days;
    RemittanceVerdict verdict;
  };
  for (const Case& each : {Case{MakeDate(2026, 9, 28), -4, RemittanceVerdict::kEarly},
                           Case{MakeDate(2026, 9, 29), -3, RemittanceVerdict::kOnTime},
                           Case{MakeDate(2026, 10, 2), 0, RemittanceVerdict::kOnTime},
                           Case{MakeDate(2026, 10, 4), 0, RemittanceVerdict::kOnTime},
                           Case{MakeDate(2026, 10, 7), 3, RemittanceVerdict::kOnTime},
                           Case{MakeDate(2026, 10, 8), 4, RemittanceVerdict::kLate}}) {
    const TimedRemittance timed = Timed(each.delivered, MakeDate(2026, 12, 1));
    EXPECT_EQ(timed.days, each.days) << FormatDate(each.delivered);
    EXPECT_EQ(timed.verdict, each.verdict) << FormatDate(each.delivered);
    EXPECT_EQ(IsException(timed.verdict), each.days < -3 || each.days > 3);
  }
  // A holiday is no business day: Friday to Thursday with Columbus Day between them is three.
  EXPECT_EQ(Timed(MakeDate(2026, 10, 15), MakeDate(2026, 12, 1), MakeDate(2026, 10, 9)).verdict,
            RemittanceVerdict::kOnTime);
}

// feature:R05
TEST(RemittanceClock, WhatIsNotDeliveredWaitsForThreeDaysAndIsMissingOnTheFourth) {
  EXPECT_EQ(Timed({}, kMoney).verdict, RemittanceVerdict::kWaiting);
  EXPECT_EQ(Timed({}, MakeDate(2026, 10, 7)).verdict, RemittanceVerdict::kWaiting);
  const TimedRemittance missing = Timed({}, MakeDate(2026, 10, 8));
  EXPECT_EQ(missing.verdict, RemittanceVerdict::kMissing);
  EXPECT_EQ(missing.text,
            "not delivered 4 business days after the money of 2026-10-02: deliver it, and tell the "
            "payee");
  EXPECT_THAT(Timed(MakeDate(2026, 10, 8), MakeDate(2026, 10, 9)).text,
              HasSubstr("4 business days after the money of 2026-10-02: outside 3 business days"));
}

// feature:R05
TEST(RemittanceClock, TheWorstComesFirst) {
  const std::vector<RemittanceTime> remittances = {
      {.payment_key = "B", .effective_date = kMoney, .delivered_on = kMoney},
      {.payment_key = "A", .effective_date = kMoney, .delivered_on = kMoney},
      {.payment_key = "D", .effective_date = kMoney, .delivered_on = MakeDate(2026, 10, 9)},
      {.payment_key = "C", .effective_date = kMoney, .delivered_on = std::nullopt}};
  std::string order;
  for (const TimedRemittance& timed : TimeRemittances(remittances, MakeDate(2026, 10, 9))) {
    order += timed.remittance.payment_key;
    EXPECT_NE(RemittanceVerdictName(timed.verdict), "");
  }
  EXPECT_EQ(order, "CDAB");
}

// feature:M13
TEST(RemittanceAddress, An835GoesToTheClearinghouseToTheDropOrIsKept) {
  const RemittanceAddress drop{.way = RemittanceDelivery::kSftp,
                               .receiver_id = "ELM",
                               .server = "drops",
                               .directory = "elm"};
  const RemittanceDrops drops = {{PayeeId(1), drop}};
  const auto to = [&](std::int64_t payee, RemittanceDelivery delivery) {
    return AddressOf(PayeeId(payee), delivery, drops, "PORTAL");
  };
  EXPECT_EQ(to(1, RemittanceDelivery::kClearinghouse), std::nullopt);
  EXPECT_EQ(to(1, RemittanceDelivery::kSftp), drop);
  for (const auto delivery :
       {RemittanceDelivery::kPortal, RemittanceDelivery::kPaper, RemittanceDelivery::kPdf}) {
    ASSERT_TRUE(to(1, delivery).has_value());
    EXPECT_EQ(to(1, delivery)->way, RemittanceDelivery::kPortal);
    EXPECT_EQ(to(1, delivery)->receiver_id, "PORTAL");
  }
  EXPECT_EQ(to(2, RemittanceDelivery::kSftp)->receiver_id, "PORTAL");  // it has no drop
}

// feature:M13
TEST(RemittanceAddress, WhoGetsNo835IsOnTheQueueWithTheReason) {
  const RemittanceDrops drops = {{PayeeId(1), RemittanceAddress{.way = RemittanceDelivery::kSftp}}};
  const auto errand = [&](std::int64_t payee, RemittanceDelivery delivery, bool has_835) {
    return ErrandFor(PayeeId(payee), delivery, has_835, drops);
  };
  EXPECT_FALSE(errand(1, RemittanceDelivery::kClearinghouse, true).has_value());
  EXPECT_FALSE(errand(1, RemittanceDelivery::kSftp, true).has_value());
  EXPECT_EQ(errand(3, RemittanceDelivery::kPaper, true)->way, RemittanceDelivery::kPaper);
  EXPECT_EQ(errand(3, RemittanceDelivery::kPaper, true)->note, "");
  EXPECT_EQ(errand(3, RemittanceDelivery::kPdf, false)->way, RemittanceDelivery::kPdf);
  EXPECT_EQ(errand(2, RemittanceDelivery::kSftp, true)->way, RemittanceDelivery::kPortal);
  EXPECT_THAT(errand(2, RemittanceDelivery::kSftp, true)->note, HasSubstr("none is registered"));
  EXPECT_THAT(errand(1, RemittanceDelivery::kSftp, false)->note, HasSubstr("gets no 835"));
}

TEST(RemittanceAddress, ADropStaysBelowTheFolderOfItsServer) {
  RemittanceDrop drop{.to = {.way = RemittanceDelivery::kSftp,
                             .receiver_id = "ELM-1",
                             .server = "drops",
                             .directory = "in/elm_1.x"},
                      .reason = "asked for"};
  EXPECT_TRUE(CheckDrop(drop).ok()) << StatusMessage(CheckDrop(drop));
  for (const char* const folder : {"/etc", "..", "a/../b", "a//b", "a/", "a b", "a/."}) {
    drop.to.directory = folder;
    EXPECT_THAT(StatusMessage(CheckDrop(drop)), HasSubstr("stay below")) << folder;
  }
  drop.to.directory = "";
  for (const char* const receiver : {"", "elm", "A RECEIVER", "1234567890123456"}) {
    drop.to.receiver_id = receiver;
    EXPECT_THAT(StatusMessage(CheckDrop(drop)), HasSubstr("ISA08")) << receiver;
  }
  drop.to.receiver_id = "ELM";
  drop.to.server = "";
  EXPECT_THAT(StatusMessage(CheckDrop(drop)), HasSubstr("name of a server"));
}

}  // namespace
}  // namespace sluice::payments
