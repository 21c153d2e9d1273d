#include "payments/remittance/statement_pdf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "payments/remittance/pdf_text.h"
#include "tests/remittance/sample_payments.h"

namespace sluice::payments {
namespace {

using testing::Line;
using testing::SamplePayer;
using testing::SamplePayments;
using testing::ZeroPayment;

Instant Created() { return Instant::Parse("2026-10-01T12:53:00Z").value(); }

// SLUICE_KEEP_PDF=DIR keeps the file, so that a person can look at it.
void Keep(const std::string& name, const std::string& bytes) {
  const char* const directory = std::getenv("SLUICE_KEEP_PDF");
  if (directory == nullptr) return;
  std::ofstream(std::string(directory) + "/" + name, std::ios::binary) << bytes;
}

OutboundPayment LongPayment() {
  OutboundPayment payment = SamplePayments()[0];
  payment.lines.clear();
  payment.amount = Money();
  for (int i = 0; i < 24; ++i) {
    RemittanceLine line =
        Line("SS-2024-" + std::to_string(1000 + i), LineKind::kSharedSavingsFinal, 100'000 + i);
    line.program = i < 12 ? "Medicare Shared Savings 2024" : "Commercial quality incentive 2026";
    line.contract = "A" + std::to_string(1000 + i / 6);
    line.award_steps.push_back({"Step of line", std::to_string(i), ""});
    payment.amount += line.amount;
    payment.lines.push_back(line);
  }
  return payment;
}

TEST(StatementPdf, SameInputGivesSameBytes) {
  const auto payments = SamplePayments();
  const auto first = RenderStatementPdf(SamplePayer(), Created(), payments);
  const auto second = RenderStatementPdf(SamplePayer(), Created(), payments);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok());
  EXPECT_TRUE(*first == *second);
  EXPECT_TRUE(first->starts_with("%PDF-"));
  Keep("bundle.pdf", *first);
}

// A release draws several files at once: what one thread draws must not show in another's.
TEST(StatementPdf, DrawnAtTheSameTimeTheyAreWhatTheyAreAlone) {
  constexpr std::size_t kThreads = 4;
  std::vector<std::vector<OutboundPayment>> payments(kThreads, SamplePayments());
  payments[1] = {LongPayment()};
  payments[2] = {ZeroPayment()};
  std::vector<std::string> alone;
  for (const auto& mine : payments) {
    alone.push_back(RenderStatementPdf(SamplePayer(), Created(), mine).value());
  }
  std::vector<std::string> together(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 3; ++round) {
        together[i] = RenderStatementPdf(SamplePayer(), Created(), payments[i]).value();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < kThreads; ++i) EXPECT_TRUE(together[i] == alone[i]) << i;
}

// A statement whose lines just fill a page used to end with a page that held the closing sentences
// and nothing else.
TEST(StatementPdf, TheLastPageHoldsMoreThanTheClosing) {
  std::vector<OutboundPayment> payments;
  for (std::size_t steps = 1; steps < 60; ++steps) {
    OutboundPayment payment = LongPayment();
    payment.lines.resize(1 + steps % 3);
    payment.amount = Money();
    for (std::size_t i = 0; i < steps; ++i) {
      payment.lines.back().award_steps.push_back({"Step " + std::to_string(i), "1", ""});
    }
    for (const RemittanceLine& line : payment.lines) payment.amount += line.amount;
    payments.push_back(std::move(payment));
  }
  const auto pdf = RenderStatementPdf(SamplePayer(), Created(), payments);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  Keep("closing.pdf", *pdf);
  const auto pages = ReadPdfText(*pdf);
  ASSERT_TRUE(pages.ok()) << pages.status();
  std::size_t closings = 0;
  std::size_t later_pages = 0;
  for (const PdfPage& page : *pages) {
    const bool closes = std::ranges::any_of(page.texts, [](const std::string& text) {
      return text.starts_with("Your bank shows this deposit");
    });
    if (!closes) continue;
    ++closings;
    // Running head, two sentences and two parts of the footer.
    EXPECT_GT(page.texts.size(), 5U) << "statement " << closings;
    if (page.texts.front().find("Remittance statement") != std::string::npos &&
        page.texts.front() != "Remittance statement") {
      ++later_pages;
    }
  }
  EXPECT_EQ(closings, payments.size());
  EXPECT_GT(later_pages, 10U);
}

TEST(StatementPdf, DrawsZeroAndLongStatements) {
  const auto zero = RenderStatementPdf(SamplePayer(), Created(), std::vector{ZeroPayment()});
  ASSERT_TRUE(zero.ok()) << zero.status();
  Keep("zero.pdf", *zero);
  const auto many = RenderStatementPdf(SamplePayer(), Created(), std::vector{LongPayment()});
  ASSERT_TRUE(many.ok()) << many.status();
  Keep("long.pdf", *many);
}

// A real group practice writes its name without blanks. The text layout broke it inside a word and
// drew a hyphen there, so the statement showed a name that nobody had approved.
TEST(StatementPdf, BreaksALongNameWithoutAddingAHyphen) {
  std::vector<OutboundPayment> payments{SamplePayments()[0]};
  payments[0].payee.name = "SCHENECTADYINTERNALMEDICINEANDCARDIOLOGYASSOCIATESOFUPSTATENEWYORKPC";
  const auto pdf = RenderStatementPdf(SamplePayer(), Created(), payments);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  const auto pages = ReadPdfText(*pdf);
  ASSERT_TRUE(pages.ok()) << pages.status();
  std::string text;
  for (const PdfPage& page : *pages) {
    for (const std::string& part : page.texts) text += part;
  }
  std::erase(text, ' ');  // the reader joins the lines of a paragraph by a blank
  EXPECT_THAT(text, ::testing::HasSubstr(payments[0].payee.name));
}

TEST(StatementPdf, RefusesAPaymentThatDoesNotAddUp) {
  auto payments = SamplePayments();
  payments[0].amount += Money::FromCents(1);
  EXPECT_FALSE(RenderStatementPdf(SamplePayer(), Created(), payments).ok());
}

}  // namespace
}  // namespace sluice::payments
