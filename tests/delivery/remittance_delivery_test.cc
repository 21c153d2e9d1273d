// Each 835 by the way that its payee asked for, the queue of what people bring, and the clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "payments/delivery/remittance_service.h"
#include "payments/disbursement_store.h"
#include "payments/routing/preference_service.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class RemittanceDeliveryTest : public RunFixture {
 protected:
  void SetUp() override {
    RunFixture::SetUp();
    db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 9, 1)));
  }

  // A payee that asked, well before the cut-off, to be told so.
  PayeeId AddTold(std::int64_t party, RemittanceDelivery delivery) {
    const PayeeId payee = AddPaidPayee(party);
    const auto recorded = PreferenceService(db_.App(), payer_, db_.Clock(), db_.Ids())
                              .Record({.key = {.tin = fmt::format("{:09}", 410'000'000 + party)},
                                       .delivery = delivery,
                                       .effective_from = MakeDate(2026, 1, 1),
                                       .reason = "asked for"},
                                      kBankOffice);
    EXPECT_TRUE(recorded.ok()) << StatusMessage(recorded.status());
    return payee;
  }

  // Five payees, told in each way; none has a drop.
  RunId ReleaseOneOfEach() {
    clearinghouse_ = AddTold(10, RemittanceDelivery::kClearinghouse);
    drop_ = AddTold(11, RemittanceDelivery::kSftp);
    portal_ = AddTold(12, RemittanceDelivery::kPortal);
    paper_ = AddTold(13, RemittanceDelivery::kPaper);
    pdf_ = AddTold(14, RemittanceDelivery::kPdf);
    Fund(Dollars(1'000));
    db_.Clock().Set(Instant::AtMidnight(kBusinessDate));
    const RunId run = Approved({Award(1, {{10, Dollars(100)},
                                          {11, Dollars(90)},
                                          {12, Dollars(80)},
                                          {13, Dollars(70)},
                                          {14, Dollars(60)}})});
    const Status released = Releases()->Release(run, kService);
    EXPECT_TRUE(released.ok()) << StatusMessage(released);
    return run;
  }

  RemittanceService Office() { return {db_.App(), payer_, db_.Clock()}; }

  std::vector<QueuedRemittance> Queue(bool all = false) {
    const auto rows = Office().Queue(program_.book, all);
    EXPECT_TRUE(rows.ok()) << StatusMessage(rows.status());
    return rows.value_or(std::vector<QueuedRemittance>{});
  }
  std::map<PayeeId, TimedRemittance> Times(RunId run, Date today) {
    const auto times = Office().TimesOf(program_.book, run, today);
    EXPECT_TRUE(times.ok()) << StatusMessage(times.status());
    std::map<PayeeId, TimedRemittance> by_payee;
    for (const TimedRemittance& timed : times.value_or(std::vector<TimedRemittance>{})) {
      by_payee.emplace(timed.remittance.payee, timed);
    }
    return by_payee;
  }
  std::vector<PaymentFile> FilesOf(RunId run) {
    const auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentFile>> {
          return LoadFiles(tx, program_.book, run);
        });
    EXPECT_TRUE(rows.ok());
    return rows.value_or(std::vector<PaymentFile>{});
  }

  PayeeId clearinghouse_, drop_, portal_, paper_, pdf_;
};

// feature:M13
TEST_F(RemittanceDeliveryTest, TheClearinghouseGetsItsOwnAndAllOthersAreKept) {
  const RunId run = ReleaseOneOfEach();
  std::vector<PaymentFile> x12;
  for (const PaymentFile& file : FilesOf(run)) {
    if (file.kind == FileKind::k835) x12.push_back(file);
  }
  ASSERT_THAT(x12, SizeIs(2));
  EXPECT_EQ(x12[0].to, std::nullopt);
  EXPECT_EQ(x12[0].entry_count, 1);
  ASSERT_TRUE(x12[1].to.has_value());
  EXPECT_EQ(x12[1].entry_count, 4);
  EXPECT_THAT(x12[1].name, HasSubstr(".0002.kept.835"));
  EXPECT_NE(x12[0].control_number, x12[1].control_number);
  const auto delivered = DeliveredFiles();
  EXPECT_THAT(delivered.at(x12[0].name), HasSubstr("*ZZ*CLEARINGHOUSE  *"));
  EXPECT_THAT(delivered.at(x12[1].name), HasSubstr("*ZZ*PORTAL         *"));
  // No payee's name goes to a receiver that it did not ask for.
  EXPECT_THAT(delivered.at(x12[0].name), HasSubstr("PRACTICE 10"));
  EXPECT_THAT(delivered.at(x12[0].name), Not(HasSubstr("PRACTICE 13")));
  EXPECT_THAT(delivered.at(x12[1].name), HasSubstr("PRACTICE 13"));
  // The statement is there beside the 835, whatever the way.
  const auto statement = std::ranges::find_if(
      delivered, [](const auto& file) { return file.first.ends_with("statements.csv"); });
  ASSERT_NE(statement, delivered.end());
  for (int party = 10; party < 15; ++party) {
    EXPECT_THAT(statement->second, HasSubstr(fmt::format("Practice {}", party)));
  }
}

// feature:M13
TEST_F(RemittanceDeliveryTest, WhatPeopleBringIsOnTheQueueUntilTheyDid) {
  const RunId run = ReleaseOneOfEach();
  const auto queue = Queue();
  ASSERT_THAT(queue, SizeIs(4));
  std::map<PayeeId, QueuedRemittance> by_payee;
  for (const QueuedRemittance& row : queue) by_payee.emplace(row.payee, row);
  EXPECT_EQ(by_payee.at(paper_).errand.way, RemittanceDelivery::kPaper);
  EXPECT_EQ(by_payee.at(paper_).amount, Dollars(70));
  EXPECT_EQ(by_payee.at(paper_).run, run);
  EXPECT_EQ(by_payee.at(pdf_).errand.way, RemittanceDelivery::kPdf);
  EXPECT_EQ(by_payee.at(drop_).errand.way, RemittanceDelivery::kPortal);
  EXPECT_THAT(by_payee.at(drop_).errand.note, HasSubstr("none is registered"));
  EXPECT_FALSE(by_payee.contains(clearinghouse_));

  const std::string key = by_payee.at(paper_).payment_key;
  const auto mark = [&](const std::string& payment, Date on, const std::string& how) {
    return Office().MarkDelivered(program_.book, payment, on, how, kMaker).status();
  };
  EXPECT_EQ(mark(key, kBusinessDate, "").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(StatusMessage(mark(key, kBusinessDate + Days(1), "letter")),
              HasSubstr("has not come yet"));
  EXPECT_EQ(mark("NOSUCHPAYMENT", kBusinessDate, "letter").code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(mark(key, kBusinessDate, "letter of October 1").ok());
  EXPECT_THAT(StatusMessage(mark(key, kBusinessDate, "again")),
              HasSubstr("was brought on 2026-10-01 by letter of October 1"));
  EXPECT_THAT(Queue(), SizeIs(3));
  EXPECT_THAT(Queue(true), SizeIs(4));
}

// feature:R05
TEST_F(RemittanceDeliveryTest, TheClockStopsForEachPaymentWhenItsPayeeIsTold) {
  const RunId run = ReleaseOneOfEach();
  // The money settles on October 2; the 835 left on October 1.
  auto times = Times(run, MakeDate(2026, 10, 7));
  ASSERT_THAT(times, SizeIs(5));
  EXPECT_EQ(times.at(clearinghouse_).verdict, RemittanceVerdict::kOnTime);
  EXPECT_EQ(times.at(clearinghouse_).days, -1);
  EXPECT_EQ(times.at(clearinghouse_).remittance.amount, Dollars(100));
  EXPECT_EQ(times.at(paper_).verdict, RemittanceVerdict::kWaiting);
  times = Times(run, MakeDate(2026, 10, 8));
  EXPECT_EQ(times.at(paper_).verdict, RemittanceVerdict::kMissing);
  EXPECT_EQ(times.at(paper_).days, 4);
  EXPECT_EQ(times.at(paper_).remittance.way, RemittanceDelivery::kPaper);

  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 10, 8)));
  for (const QueuedRemittance& row : Queue()) {
    const Date on = row.payee == paper_ ? MakeDate(2026, 10, 8) : MakeDate(2026, 10, 7);
    ASSERT_TRUE(Office().MarkDelivered(program_.book, row.payment_key, on, "done", kMaker).ok());
  }
  times = Times(run, MakeDate(2026, 11, 30));
  EXPECT_EQ(times.at(paper_).verdict, RemittanceVerdict::kLate);
  EXPECT_EQ(times.at(portal_).verdict, RemittanceVerdict::kOnTime);
  EXPECT_EQ(times.at(portal_).days, 3);
}

// A payment that was voided before it left is nobody's errand.
TEST_F(RemittanceDeliveryTest, AVoidedPaymentIsOnNoQueue) {
  const PayeeId payee = AddTold(10, RemittanceDelivery::kPaper);
  AddTold(11, RemittanceDelivery::kPaper);
  Fund(Dollars(1'000));
  db_.Clock().Set(Instant::AtMidnight(kBusinessDate));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(50)}})});
  ReleaseHooks hooks;
  hooks.reached = [&](std::string_view place) -> Status {
    if (place == "run.between_batches" && accounts_.contains(payee)) {
      Suspend(payee);
      accounts_.erase(payee);
    }
    return OkStatus();
  };
  const Status released = Releases(hooks)->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  ASSERT_THAT(Queue(true), SizeIs(1));
  EXPECT_NE(Queue().front().payee, payee);
  EXPECT_FALSE(Times(run, kBusinessDate).contains(payee));
}

TEST_F(RemittanceDeliveryTest, ADropHasAHistoryAndTheLastRowCounts) {
  const PayeeId payee = AddPaidPayee(10);
  const RemittanceDrop wanted{.payee = payee,
                              .to = {.receiver_id = "ELM", .server = "drops", .directory = "elm"},
                              .reason = "asked for by mail"};
  RemittanceService office = Office();
  EXPECT_EQ(office.EndDrop(payee, "none", kMaker).status().code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(office.RegisterDrop(wanted, kMaker).ok());
  EXPECT_THAT(StatusMessage(office.RegisterDrop(wanted, kMaker).status()),
              HasSubstr("has this drop already"));
  RemittanceDrop nobody = wanted;
  nobody.payee = PayeeId(4711);
  EXPECT_EQ(office.RegisterDrop(nobody, kMaker).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(office.EndDrop(payee, "moved to the portal", kFirst).ok());
  const auto history = office.Drops(payee);
  ASSERT_TRUE(history.ok());
  ASSERT_THAT(*history, SizeIs(2));
  EXPECT_FALSE(history->front().ended);
  EXPECT_TRUE(history->back().ended);
  EXPECT_EQ(history->back().recorded_by, kFirst.user);
  const auto current =
      db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> StatusOr<RemittanceDrops> {
        return LoadCurrentDrops(tx, payer_, std::span(&payee, 1));
      });
  ASSERT_TRUE(current.ok());
  EXPECT_THAT(*current, IsEmpty());
}

}  // namespace
}  // namespace sluice::payments
