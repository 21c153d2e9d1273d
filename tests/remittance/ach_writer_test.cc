#include "payments/remittance/ach_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/remittance/sample_payments.h"

namespace sluice::payments {
namespace {

using testing::EntriesOf;
using ::testing::HasSubstr;
using testing::SampleBank;
using testing::SampleIdentity;
using testing::SamplePayments;

std::string Nines() { return std::string(94, '9') + "\n"; }

// FORMATS section 12.1, byte for byte.
TEST(AchWriter, WritesTheWorkedExample) {
  const auto payments = SamplePayments();
  const auto file = WriteAchFile(SampleBank(), SampleIdentity(), EntriesOf(payments));
  ASSERT_TRUE(file.ok()) << file.status();
  std::string expected =
      "101 07640125111234567892610011253A094101SAMPLE BANK NA         EXAMPLE HEALTH PLAN    "
      "SLUICE01\n"
      "5220EXAMPLE HLTHPLAN                    1123456789CCDHCCLAIMPMT261001261005   "
      "1076401250000001\n"
      "622123456780998877665        0001475000VP2026100001   RIVERSIDE ACO LLC       "
      "1076401250000001\n"
      "705TRN*1*VP2026100001*1123456789~                                                  "
      "00010000001\n"
      "6221111111180044012345       0000250000VP2026100002   MAIN ST FAMILY MED      "
      "1076401250000002\n"
      "705TRN*1*VP2026100002*1123456789~                                                  "
      "00010000002\n"
      "822000000400234567890000000000000000017250001123456789                         "
      "076401250000001\n"
      "5220EXAMPLE HLTHPLAN                    1123456789PPDPAYROLL   261001261005   "
      "1076401250000002\n"
      "6321111111187001122334       0000015000VP2026100003   DOE JANE                "
      "0076401250000003\n"
      "62211111111855512345         0000022550VP2026100004   ROE RICHARD             "
      "0076401250000004\n"
      "822000000200222222220000000000000000000375501123456789                         "
      "076401250000002\n"
      "9000002000002000000060045679011000000000000000001762550" +
      std::string(39, ' ') + "\n";
  for (int i = 0; i < 8; ++i) expected += Nines();
  EXPECT_EQ(file->bytes.View(), expected);
  EXPECT_EQ(file->batch_count, 2);
  EXPECT_EQ(file->entry_count, 4);
  EXPECT_EQ(file->entry_addenda_count, 6);
  EXPECT_EQ(file->block_count, 2);
  EXPECT_EQ(file->entry_hash, 45679011);
  EXPECT_EQ(file->credits, Money::FromCents(1'762'550));
  EXPECT_EQ(file->next_trace_sequence, 5);
  ASSERT_EQ(file->placements.size(), 4U);
  EXPECT_EQ(file->placements[2].batch_number, 2);
  EXPECT_EQ(file->placements[2].trace_sequence, 3);
}

TEST(AchWriter, SameInputGivesSameBytes) {
  const auto payments = SamplePayments();
  const auto first = WriteAchFile(SampleBank(), SampleIdentity(), EntriesOf(payments));
  const auto second = WriteAchFile(SampleBank(), SampleIdentity(), EntriesOf(payments));
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->bytes.View(), second->bytes.View());
}

TEST(AchWriter, LineEndsFollowTheProfile) {
  const auto payments = SamplePayments();
  BankProfile bank = SampleBank();
  bank.line_end = LineEnd::kCrLf;
  const auto crlf = WriteAchFile(bank, SampleIdentity(), EntriesOf(payments));
  bank.line_end = LineEnd::kNone;
  const auto none = WriteAchFile(bank, SampleIdentity(), EntriesOf(payments));
  ASSERT_TRUE(crlf.ok() && none.ok());
  EXPECT_EQ(crlf->bytes.View().size(), 20U * 96);
  EXPECT_EQ(none->bytes.View().size(), 20U * 94);
  EXPECT_EQ(crlf->bytes.View().substr(94, 2), "\r\n");
}

TEST(AchWriter, BalancedFileDebitsTheFundingAccount) {
  const auto payments = SamplePayments();
  BankProfile bank = SampleBank();
  bank.balanced = true;
  const auto file = WriteAchFile(bank, SampleIdentity(), EntriesOf(payments));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->debits, file->credits);
  EXPECT_EQ(file->entry_count, 6);
  EXPECT_THAT(std::string(file->bytes.View()),
              HasSubstr("627076401251000012345678     0001725000"));
}

// FORMATS 4: the same entries as debits, in batches of class 225.
TEST(AchWriter, ReversesEntriesAsDebits) {
  const auto payments = SamplePayments();
  const auto all = EntriesOf(payments);
  std::vector<AchEntry> entries = {all[0], all[2]};
  for (AchEntry& entry : entries) entry.description = AchDescription::kReversal;
  const auto file = WriteAchFile(SampleBank(), SampleIdentity(), entries);
  ASSERT_TRUE(file.ok()) << file.status();
  const std::string expected =
      "101 07640125111234567892610011253A094101SAMPLE BANK NA         EXAMPLE HEALTH PLAN    "
      "SLUICE01\n"
      "5225EXAMPLE HLTHPLAN                    1123456789CCDREVERSAL  261001261005   "
      "1076401250000001\n"
      "627123456780998877665        0001475000VP2026100001   RIVERSIDE ACO LLC       "
      "1076401250000001\n"
      "705TRN*1*VP2026100001*1123456789~                                                  "
      "00010000001\n"
      "822500000200123456780000014750000000000000001123456789                         "
      "076401250000001\n"
      "5225EXAMPLE HLTHPLAN                    1123456789PPDREVERSAL  261001261005   "
      "1076401250000002\n"
      "6371111111187001122334       0000015000VP2026100003   DOE JANE                "
      "0076401250000002\n"
      "822500000100111111110000000150000000000000001123456789                         "
      "076401250000002\n"
      "9000002000001000000030023456789000001490000000000000000" +
      std::string(39, ' ') + "\n" + Nines();
  EXPECT_EQ(file->bytes.View(), expected);
  EXPECT_EQ(file->debits, Money::FromCents(1'490'000));
  EXPECT_EQ(file->credits, Money());

  BankProfile bank = SampleBank();
  bank.balanced = true;
  const auto balanced = WriteAchFile(bank, SampleIdentity(), entries);
  ASSERT_TRUE(balanced.ok()) << balanced.status();
  EXPECT_EQ(balanced->debits, balanced->credits);
  EXPECT_THAT(std::string(balanced->bytes.View()),
              HasSubstr("622076401251000012345678     0001475000"));
}

struct Refusal {
  std::string name;
  void (*change)(AchEntry& entry);
  std::string says;
};

TEST(AchWriter, RefusesWhatABankWouldReturn) {
  const std::vector<Refusal> refusals = {
      {"no amount", [](AchEntry& e) { e.amount_cents = 0; }, "above zero"},
      {"too much", [](AchEntry& e) { e.amount_cents = 10'000'000'000; }, "above the entry limit"},
      {"check digit", [](AchEntry& e) { e.routing_number = "123456781"; }, "check digit"},
      {"prefix", [](AchEntry& e) { e.routing_number = "800000006"; }, "prefix"},
      {"key", [](AchEntry& e) { e.payment_key = "VP-1"; }, "payment key"},
      {"long key", [](AchEntry& e) { e.payment_key = "VP20261000012345"; }, "payment key"},
      {"account", [](AchEntry& e) { e.account_number = "99 88"; }, "account number"},
      {"zeros", [](AchEntry& e) { e.account_number = "0000"; }, "account number"},
      {"long", [](AchEntry& e) { e.account_number = "123456789012345678"; }, "account number"},
      {"name", [](AchEntry& e) { e.receiver_name = "\xE4\xBD\xA0"; }, "receiver's name"},
      {"past", [](AchEntry& e) { e.effective_date = MakeDate(2026, 9, 30); }, "too early"},
      {"same day", [](AchEntry& e) { e.effective_date = MakeDate(2026, 10, 1); }, "too early"},
      {"payroll", [](AchEntry& e) { e.description = AchDescription::kPayroll; }, "does not go"},
  };
  const auto payments = SamplePayments();
  for (const Refusal& refusal : refusals) {
    auto entries = EntriesOf(payments);
    refusal.change(entries[1]);
    const auto file = WriteAchFile(SampleBank(), SampleIdentity(), entries);
    ASSERT_FALSE(file.ok()) << refusal.name;
    EXPECT_THAT(StatusMessage(file.status()), HasSubstr(refusal.says)) << refusal.name;
    EXPECT_THAT(StatusMessage(file.status()), HasSubstr(std::string(entries[1].payment_key)));
  }
}

TEST(AchWriter, SameDayHasItsOwnLimit) {
  const auto payments = SamplePayments();
  auto entries = EntriesOf(payments);
  entries.resize(1);
  entries[0].effective_date = MakeDate(2026, 10, 1);
  entries[0].amount_cents = 100'000'000;
  BankProfile bank = SampleBank();
  bank.same_day = true;
  EXPECT_TRUE(WriteAchFile(bank, SampleIdentity(), entries).ok());
  entries[0].amount_cents += 1;
  const auto file = WriteAchFile(bank, SampleIdentity(), entries);
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(StatusMessage(file.status()), HasSubstr("same-day entry limit"));
}

TEST(AchWriter, SplitKeepsEveryFileWithinTheLimits) {
  const OutboundPayment payment = SamplePayments()[0];
  std::vector<AchEntry> entries(2'000, EntryOf(payment));
  BankProfile bank = SampleBank();
  bank.file_line_limit = 1'000;
  EXPECT_FALSE(WriteAchFile(bank, SampleIdentity(), entries).ok());
  const auto counts = SplitIntoFiles(bank, entries);
  EXPECT_EQ(counts, (std::vector<std::size_t>{498, 498, 498, 498, 8}));
  std::size_t first = 0;
  for (const std::size_t count : counts) {
    const auto file =
        WriteAchFile(bank, SampleIdentity(), std::span(entries).subspan(first, count));
    ASSERT_TRUE(file.ok()) << file.status();
    first += count;
  }
  EXPECT_EQ(first, entries.size());
}

// A batch control has six digits for the count: half a million CCD entries need two batches.
TEST(AchWriter, HalfAMillionEntriesOpenASecondBatch) {
  const OutboundPayment payment = SamplePayments()[1];
  const std::vector<AchEntry> entries(500'000, EntryOf(payment));
  BankProfile bank = SampleBank();
  bank.file_line_limit = 2'000'000;
  const auto file = WriteAchFile(bank, SampleIdentity(), entries);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->batch_count, 2);
  EXPECT_EQ(file->entry_addenda_count, 1'000'000);
  EXPECT_EQ(file->bytes.View().size(), static_cast<std::size_t>(file->block_count) * 950);
  EXPECT_EQ(file->credits, Money::FromCents(500'000LL * 250'000));
}

TEST(AchWriter, OrganizationThatIsNoProviderGetsTheOtherDescription) {
  OutboundPayment payment = SamplePayments()[1];
  EXPECT_EQ(EntryOf(payment).description, AchDescription::kHealthCareClaim);
  payment.health_care_eft_allowed = false;
  EXPECT_EQ(EntryOf(payment).description, AchDescription::kValueBased);
  payment.health_care_eft_allowed = true;
  payment.payee.is_provider = false;
  EXPECT_EQ(EntryOf(payment).description, AchDescription::kValueBased);
}

TEST(BankText, FoldsAccentsAndDropsDelimiters) {
  EXPECT_EQ(BankText("Clínica Señora Zoë & Söhne"), "CLINICA SENORA ZOE & SOHNE");
  EXPECT_EQ(BankText("a*b~c:d^e\\f"), "A B C D E F");
  EXPECT_EQ(BankText("  Straße 5 – O’Neil "), "STRASSE 5 - O'NEIL");
  EXPECT_EQ(BankText("Łódź \xC3"), "LODZ");
  EXPECT_EQ(BankText("\xE4\xBD\xA0"), "");
}

TEST(RoutingNumber, CheckDigitVectors) {
  EXPECT_EQ(RoutingCheckDigit("07640125"), '1');
  EXPECT_EQ(RoutingCheckDigit("12345678"), '0');
  EXPECT_EQ(RoutingCheckDigit("11111111"), '8');
  EXPECT_FALSE(IsPayeeRoutingNumber("000000000"));
}

}  // namespace
}  // namespace sluice::payments
