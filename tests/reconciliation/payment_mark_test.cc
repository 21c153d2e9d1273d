// What payees say of their payments: reconciled or pending.
#include "payments/reconciliation/payment_mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "payments/remittance/pdf_text.h"
#include "tests/inbound/inbound_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PaymentMarkTest : public InboundFixture {
 protected:
  PaymentMarks Marks() { return {db_.App(), payer_, program_.book, db_.Clock()}; }
  std::vector<MarkedPayment> List(const MarkFilter& filter = {}) {
    auto list = Marks().List(filter);
    EXPECT_TRUE(list.ok()) << StatusMessage(list.status());
    return list.ok() ? *list : std::vector<MarkedPayment>();
  }
};

// feature:Q11
TEST_F(PaymentMarkTest, APayeeMarksItsPaymentsAndFiltersAndExportsThem) {
  ReleaseThree();
  const auto all = List();
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_THAT(List({.reconciled = true}), IsEmpty());
  const MarkedPayment& one = all.front();
  const Status marked =
      Marks().Mark({.payee = one.payee, .payment = one.key, .note = "found, \"10/5\""}, kMaker);
  ASSERT_TRUE(marked.ok()) << StatusMessage(marked);
  ASSERT_THAT(List({.reconciled = true}), SizeIs(1));
  EXPECT_EQ(List({.reconciled = true}).front().marked_by, kMaker.user);
  EXPECT_THAT(List({.reconciled = false}), SizeIs(2));
  EXPECT_THAT(List({.payee = one.payee}), SizeIs(1));
  EXPECT_THAT(List({.payee = one.payee, .reconciled = false}), IsEmpty());

  const std::string csv = WriteMarksCsv(List());
  EXPECT_THAT(csv, HasSubstr("payment,payee_id,payee,method,amount,effective_date,trace_number,"
                             "remittance_835,statement,state,marker,note,marked_at\n"));
  EXPECT_THAT(csv,
              HasSubstr(fmt::format("{},{},{},ACH,{},2026-10-02,{},{},{},SETTLED,RECONCILED,"
                                    "\"found, \"\"10/5\"\"\",",
                                    one.key, one.payee, one.payee_name, one.amount.ToPlainString(),
                                    one.trace_number, one.remittance_835, one.statement)));
  EXPECT_THAT(csv, HasSubstr(",SETTLED,PENDING,,\n"));

  // The newest counts; it takes nothing back at the payer.
  ASSERT_TRUE(
      Marks().Mark({.payee = one.payee, .payment = one.key, .reconciled = false}, kMaker).ok());
  EXPECT_THAT(List({.reconciled = true}), IsEmpty());
}

// feature:Q12
TEST_F(PaymentMarkTest, APaymentIsFoundByWhatTheBankShows) {
  ReleaseThree();
  const auto files = DeliveredFiles();
  for (const testing::BankEntry& entry : entries_) {
    // By the trace number of its ACH entry, byte for byte.
    const auto found = List({.trace_number = entry.trace});
    ASSERT_THAT(found, SizeIs(1)) << entry.trace;
    const MarkedPayment& payment = found.front();
    EXPECT_EQ(payment.trace_number, entry.trace);
    EXPECT_EQ(payment.amount, Money::FromCents(entry.cents));
    EXPECT_THAT(entry.identification, ::testing::StartsWith(payment.key));
    EXPECT_THAT(List({.amount = payment.amount}), SizeIs(1));
    EXPECT_THAT(List({.payment = payment.key, .amount = payment.amount}), SizeIs(1));
    // The remittances that explain it carry the same number, and the statement its trace.
    EXPECT_THAT(files.at(payment.remittance_835), HasSubstr("TRN*1*" + payment.key + "*"));
    EXPECT_TRUE(payment.statement.ends_with(".pdf"));
    const auto pages = ReadPdfText(files.at(payment.statement));
    ASSERT_TRUE(pages.ok()) << StatusMessage(pages.status());
    EXPECT_TRUE(std::ranges::any_of(*pages, [&](const PdfPage& page) {
      return std::ranges::count(page.texts, entry.trace) == 1 &&
             std::ranges::count(page.texts, payment.key) == 1;
    }));
  }
  EXPECT_THAT(List({.trace_number = "091000019999999"}), IsEmpty());
  EXPECT_THAT(List({.amount = Dollars(1)}), IsEmpty());
}

// feature:Q11
TEST_F(PaymentMarkTest, NobodyMarksThePaymentOfAnotherPayeeOrOneThatDidNotLeave) {
  for (std::int64_t party = 10; party < 12; ++party) AddPaidPayee(party);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(100)}, {11, Dollars(90)}})});
  const auto stopped = Releases({.reached = [&](std::string_view at) -> Status {
    return at == "file.after_build" ? Unavailable("the power went") : OkStatus();
  }});
  EXPECT_FALSE(stopped->Release(run, kService).ok());
  EXPECT_THAT(List(), IsEmpty());
  const auto planned = PaymentsOf(run);
  ASSERT_THAT(planned, SizeIs(2));
  EXPECT_EQ(
      Marks().Mark({.payee = planned[0].payee, .payment = planned[0].payment_key}, kMaker).code(),
      absl::StatusCode::kNotFound);
  ASSERT_TRUE(Releases()->Resume(run, kService).ok());
  EXPECT_EQ(
      Marks().Mark({.payee = planned[1].payee, .payment = planned[0].payment_key}, kMaker).code(),
      absl::StatusCode::kNotFound);
  EXPECT_TRUE(
      Marks().Mark({.payee = planned[0].payee, .payment = planned[0].payment_key}, kMaker).ok());
}

}  // namespace
}  // namespace sluice::payments
