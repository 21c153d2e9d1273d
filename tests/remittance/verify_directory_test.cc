// A whole release in a directory: clean as written, refused when any two files disagree.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "payments/remittance/cycle_files.h"
#include "payments/remittance/pdf_text.h"
#include "payments/remittance/statement_csv.h"
#include "payments/remittance/statement_pdf.h"
#include "payments/remittance/verify_files.h"
#include "tests/remittance/corpora.h"
#include "tests/remittance/sample_payments.h"

namespace sluice::payments {
namespace {

using testing::EntriesOf;
using testing::ReadWhole;
using testing::SampleBank;
using testing::SampleIdentity;
using testing::SampleInterchange;
using testing::SamplePayer;
using testing::SamplePayments;
using testing::ZeroPayment;

class VerifyDirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::temp_directory_path() /
                 fmt::format("sluice_verify_{}_{}", test->name(), ::getpid());
    std::filesystem::create_directories(directory_);
    payments_ = SamplePayments();
    payments_.push_back(ZeroPayment());
    payments_[1].payee.name = "Clínica Main St";
    WriteAll();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, std::string_view bytes) {
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
  }
  std::string Read(const std::string& name) { return ReadWhole(directory_ / name); }

  CycleControlRow ControlOf(const OutboundPayment& payment) {
    const bool ach = payment.method == PaymentMethod::kAch;
    return {.payment_key = payment.payment_key,
            .method = payment.method,
            .kind = payment.payee.kind,
            .payee_name = payment.payee.name,
            .routing_number = payment.payee.routing_number,
            .account_last_four = std::string(payment.payee.account.LastFour()),
            .account_kind = payment.payee.account_kind,
            .disbursed = payment.amount,
            .effective_date = payment.effective_date,
            .has_835 = HasRemittance835(payment),
            .ach_file = ach ? "run.1.ach" : "",
            .x12_file = HasRemittance835(payment) ? "run.1.835" : "",
            .statement_file = "run.1.pdf"};
  }

  CycleReportFile Describe(const std::string& name, const std::string& kind, Money amount) {
    const std::string bytes = Read(name);
    return {.name = name,
            .kind = kind,
            .entries = 1,
            .amount = amount,
            .bytes = static_cast<std::int64_t>(bytes.size()),
            .sha256 = ToHex(Sha256(AsBytes(bytes)))};
  }

  void WriteAll() {
    const auto ach = WriteAchFile(SampleBank(), SampleIdentity(), EntriesOf(payments_));
    ASSERT_TRUE(ach.ok()) << ach.status();
    Write("run.1.ach", ach->bytes.View());
    for (const AchPlacement& placement : ach->placements) {
      payments_[placement.entry].trace_number =
          fmt::format("07640125{:07}", placement.trace_sequence);
    }
    std::vector<OutboundPayment> advised;
    for (const OutboundPayment& payment : payments_) {
      if (HasRemittance835(payment)) advised.push_back(payment);
    }
    Write("run.1.835",
          Write835(SamplePayer(), SampleBank(), PlbMapping(), SampleInterchange(905), advised)
              .value());
    const Instant created = Instant::Parse("2026-10-01T12:53:00Z").value();
    Write("run.1.pdf", RenderStatementPdf(SamplePayer(), created, payments_).value());
    Write("run.1.statement.csv", WriteStatementCsv(SamplePayer(), PlbMapping(), payments_).value());
    Write("run.1.roster.csv", WriteRosterCsv(payments_).value());
    CycleReport report;
    report.payer = "Example Health Plan";
    report.cycle = "2026-10";
    report.business_date = MakeDate(2026, 10, 1);
    for (const OutboundPayment& payment : payments_) report.payments.push_back(ControlOf(payment));
    Write(std::string(kCycleControlName), WriteCycleControlCsv(report.payments));
    report.held = {{"Quality incentive 2026", "Mill Clinic", "NO_BANK_ACCOUNT",
                    "no approved bank account", Money::FromCents(12'345)}};
    report.programs = {{.name = "Quality incentive 2026",
                        .paid = Money::FromCents(1'762'550),
                        .held = 1,
                        .held_amount = Money::FromCents(12'345)}};
    for (const auto& [name, kind] : {std::pair{"run.1.ach", "ACH"},
                                     {"run.1.pdf", "PDF"},
                                     {"run.1.statement.csv", "CSV"},
                                     {"run.1.roster.csv", "CSV"},
                                     {"cycle_control.csv", "CSV"}}) {
      report.files.push_back(Describe(name, kind, Money::FromCents(1'762'550)));
    }
    report.files.push_back(Describe("run.1.835", "835", Money::FromCents(1'725'000)));
    Write(std::string(kCycleReportName), WriteCycleReportCsv(report));
  }

  VerifyReport Verify() {
    return VerifyDirectory(directory_.string(), {.profile = SampleBank()}).value();
  }
  std::string Text(const VerifyReport& report) {
    std::string text;
    for (const Finding& finding : report.findings) text += finding.ToString() + "\n";
    return text;
  }
  void ExpectFound(int check, const std::string& what) {
    const VerifyReport report = Verify();
    bool found = false;
    for (const Finding& finding : report.findings) found = found || finding.check == check;
    EXPECT_TRUE(found) << what << ": check " << check << " is silent; found\n" << Text(report);
  }
  // Changes one text of one file, verifies, and puts it back.
  void ExpectMutantFound(int check, const std::string& file, std::string_view from,
                         std::string_view to) {
    const std::string good = Read(file);
    std::string bad = good;
    const std::size_t at = bad.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    Write(file, bad.replace(at, from.size(), to));
    ExpectFound(check, file + ": " + std::string(from) + " to " + std::string(to));
    Write(file, good);
  }

  std::filesystem::path directory_;
  std::vector<OutboundPayment> payments_;
};

TEST_F(VerifyDirectoryTest, ReleaseIsClean) {
  const VerifyReport report = Verify();
  EXPECT_EQ(Text(report), "");
  EXPECT_EQ(report.ach_files, 1);
  EXPECT_EQ(report.ach_entries, 4);
  EXPECT_EQ(report.x12_transactions, 3);
  EXPECT_EQ(report.statements, 5);
  EXPECT_EQ(report.ach_credits, Money::FromCents(1'762'550));
  EXPECT_EQ(report.x12_total, Money::FromCents(1'725'000));
  EXPECT_EQ(report.statement_total, report.ledger_total);
}

TEST_F(VerifyDirectoryTest, AchAndRemittanceHaveToAgree) {
  ExpectMutantFound(43, "run.1.ach", "TRN*1*VP2026100001*", "TRN*1*VP2026100009*");
  ExpectMutantFound(43, "run.1.835", "TRN*1*VP2026100001*1123456789~",
                    "TRN*1*VP2026100001*1123456789*~");
  ExpectMutantFound(44, "run.1.835", "*20261005~TRN", "*20261006~TRN");
  ExpectMutantFound(44, "run.1.835", "*1123456789**01*", "*1123456780**01*");
  ExpectMutantFound(45, "run.1.835", "*998877665*", "*998877660*");
  ExpectMutantFound(45, "run.1.835", "*DA*998877665", "*SG*998877665");
  ExpectMutantFound(45, "run.1.835", "*CCP*", "*CTX*");
  ExpectMutantFound(46, "run.1.835", "TRN*1*VP2026100002*", "TRN*1*VP2026100009*");
  ExpectMutantFound(46, "run.1.ach", "VP2026100001   ", "VP2026100007   ");
  ExpectMutantFound(47, "run.1.835", "*20261001*1253*905", "*20260901*1253*905");
}

TEST_F(VerifyDirectoryTest, EverythingHasToAgreeWithTheLedger) {
  const std::string control(kCycleControlName);
  ExpectMutantFound(28, control, ",14750.00,", ",14750.01,");
  ExpectMutantFound(47, control, ",14750.00,", ",14750.01,");
  ExpectMutantFound(42, control, ",14750.00,", ",14750.01,");
  ExpectMutantFound(27, control, "VP2026100003", "VP2026100008");
  ExpectMutantFound(17, control, "123456780", "123456789");
  ExpectMutantFound(17, control, ",7665,", ",7666,");
  ExpectMutantFound(19, control, "Riverside ACO", "Lakeside ACO");
  ExpectMutantFound(19, control, "Clínica Main St", "Clínica Lake St");
  ExpectMutantFound(28, control, "2026-10-05", "2026-10-06");
  ExpectMutantFound(11, control, ",SAVINGS,", ",CHECKING,");
  ExpectMutantFound(11, control, ",PERSON,", ",ORGANIZATION,");
  ExpectMutantFound(46, control, ",YES,", ",NO,");
  std::filesystem::remove(directory_ / control);
  ExpectFound(27, "no control file");
}

TEST_F(VerifyDirectoryTest, StatementsHaveToAgreeWithTheRemittance) {
  const std::string csv = "run.1.statement.csv";
  ExpectMutantFound(42, csv, "12500.00", "12500.01");
  ExpectMutantFound(42, csv,
                    "LINE,VP2026100001,Example Health Plan,Riverside ACO LLC,1234567893,"
                    "2026-10-05,7665,QIP-2026Q2-000772",
                    "LINE,VP2026100001,Example Health Plan,Riverside ACO LLC,1234567893,"
                    "2026-10-05,7665,QIP-2026Q2-000779");
  ExpectMutantFound(41, csv, ",E3,", ",WO,");
  ExpectMutantFound(42, "run.1.roster.csv", ",14750.00,", ",14751.00,");
}

TEST_F(VerifyDirectoryTest, PdfIsReadBack) {
  const Instant created = Instant::Parse("2026-10-01T12:53:00Z").value();
  auto changed = payments_;
  changed[0].lines[0].amount += Money::FromCents(1);
  changed[0].lines[1].amount -= Money::FromCents(1);
  Write("run.1.pdf", RenderStatementPdf(SamplePayer(), created, changed).value());
  ExpectFound(42, "two lines differ by a cent");
  changed = payments_;
  changed.pop_back();
  Write("run.1.pdf", RenderStatementPdf(SamplePayer(), created, changed).value());
  ExpectFound(42, "a statement is missing");
  Write("run.1.pdf", Read("run.1.pdf").substr(0, 4'000));
  ExpectFound(0, "cut in the middle");
}

// feature:Q12
TEST_F(VerifyDirectoryTest, StatementsShowTheTraceNumberOfTheEntry) {
  const std::string trace = payments_[0].trace_number;
  EXPECT_EQ(trace, "076401250000001");
  EXPECT_NE(Read("run.1.ach").find(trace), std::string::npos);
  ExpectMutantFound(42, "run.1.statement.csv", trace, "076401250000009");
  ExpectMutantFound(42, "run.1.roster.csv", trace, "");
  auto changed = payments_;
  std::swap(changed[0].trace_number, changed[1].trace_number);
  const Instant created = Instant::Parse("2026-10-01T12:53:00Z").value();
  Write("run.1.pdf", RenderStatementPdf(SamplePayer(), created, changed).value());
  ExpectFound(42, "two statements have each other's trace number");
}

TEST_F(VerifyDirectoryTest, DamagedPdfNeverCrashes) {
  std::uint64_t state = 42;
  SCOPED_TRACE("seed 42");
  const auto next = [&] { return state = state * 6364136223846793005ULL + 1442695040888963407ULL; };
  const std::string good = Read("run.1.pdf");
  for (int round = 0; round < 200; ++round) {
    std::string bad = good;
    for (int i = 0; i < 20; ++i) {
      bad[static_cast<std::size_t>(next() >> 33) % bad.size()] = static_cast<char>(next() >> 56);
    }
    const auto pages = ReadPdfText(bad);
    if (pages.ok()) {
      EXPECT_LE(pages->size(), 5U);
    }
  }
}

TEST_F(VerifyDirectoryTest, ReportListsTheFilesAsTheyAre) {
  const std::string report(kCycleReportName);
  const std::string sha = ToHex(Sha256(AsBytes(Read("run.1.ach"))));
  ExpectMutantFound(28, report, sha, std::string(64, '0'));
  ExpectMutantFound(27, report, "ACH,1,17625.50", "ACH,1,17625.51");
  ExpectMutantFound(47, report, "VP2026100001,ACH,1,14750.00", "VP2026100001,ACH,1,14750.10");
  ExpectMutantFound(27, report, "control.csv,CSV,1,17625.50", "control.csv,CSV,1,17625.51");
  ExpectMutantFound(47, report, "paid,,17625.50", "paid,,17625.51");
  ExpectMutantFound(47, report, "held,1,123.45", "held,1,123.46");
  ExpectMutantFound(47, report, "NO_BANK_ACCOUNT,1,123.45", "NO_BANK_ACCOUNT,1,123.46");
  ExpectMutantFound(28, report, "CYCLE,2026-10,payer", "CYCLE,2026-11,payer");
  ExpectMutantFound(28, report, "\nSEAL,", "\nSEAT,");
  std::filesystem::remove(directory_ / "run.1.835");
  ExpectFound(28, "a listed file is gone");
  ExpectFound(46, "the 835 is gone");
}

TEST_F(VerifyDirectoryTest, WithoutItsReportADirectoryIsNotVerified) {
  const std::string report(kCycleReportName);
  const std::string good = Read(report);
  const std::size_t seal = good.rfind("\nSEAL,") + 1;
  Write(report, good.substr(0, seal));
  ExpectFound(28, "the seal is cut off");
  Write(report, good + "CYCLE,2026-10,payer,,,Somebody Else\n");
  ExpectFound(28, "a row after the seal");
  Write(report, good);
  Write("extra.csv", "a,b\n1,2\n");
  ExpectFound(28, "a file that no release wrote");
  std::filesystem::remove(directory_ / "extra.csv");
  EXPECT_EQ(Text(Verify()), "");
  std::filesystem::remove(directory_ / report);
  ExpectFound(28, "no report");
}

// Any byte of any file, not only those that a rule reads: descriptions, addresses, blanks.
TEST_F(VerifyDirectoryTest, NoByteOfAnyFileCanChange) {
  const std::uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  int changed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    const std::string name = entry.path().filename();
    const std::string good = Read(name);
    for (int round = 0; round < 15; ++round) {
      std::string bad = good;
      const std::size_t at = std::uniform_int_distribution<std::size_t>(0, good.size() - 1)(random);
      bad[at] = static_cast<char>(bad[at] ^ std::uniform_int_distribution<int>(1, 255)(random));
      Write(name, bad);
      const VerifyReport report = Verify();
      EXPECT_TRUE(std::ranges::any_of(report.findings,
                                      [&](const Finding& finding) {
                                        return finding.check == 28 &&
                                               finding.file == kCycleReportName;
                                      }))
          << name << ", byte " << at << ", seed " << seed;
      ++changed;
    }
    Write(name, good);
  }
  EXPECT_EQ(changed, 7 * 15);
}

TEST_F(VerifyDirectoryTest, FilesOfADayStayBelowItsLimit) {
  BankProfile bank = SampleBank();
  bank.day_limit = Money::FromCents(1'762'549);
  const auto report = VerifyDirectory(directory_.string(), {.profile = bank});
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->findings.size(), 1U) << Text(*report);
  EXPECT_EQ(report->findings[0].check, 18);
}

// Real names: long enough to break over lines, with hyphens, accents and signs.
TEST_F(VerifyDirectoryTest, LongAndAccentedNamesAreClean) {
  const std::vector<std::string> names = {
      "Federation of Independent Physicians-Surgeons of the Greater-Metropolitan Area, P.L.L.C.",
      "Señora Peña's Women-and-Children Clínica & Co. (North/South) #2", "Weiß, Jörg",
      "O'Neil, A."};
  for (std::size_t i = 0; i < names.size(); ++i) payments_[i].payee.name = names[i];
  for (OutboundPayment& payment : payments_) {
    for (RemittanceLine& line : payment.lines) {
      line.description = std::string(300, 'x') + " a long description, " + line.description;
      for (int i = 0; i < 9; ++i) line.award_steps.push_back(line.award_steps[0]);
    }
  }
  WriteAll();
  EXPECT_EQ(Text(Verify()), "");
}

TEST_F(VerifyDirectoryTest, ASecondCopyOfAFileIsFound) {
  Write("run.2.ach", Read("run.1.ach"));
  ExpectFound(8, "header tuple twice");
  ExpectFound(20, "payment twice");
  ExpectFound(21, "trace twice");
  std::filesystem::remove(directory_ / "run.2.ach");
  Write("run.2.835", Read("run.1.835"));
  ExpectFound(30, "control number twice");
  ExpectFound(39, "TRN twice");
}

TEST(VerifyDirectory, MissingDirectoryIsNamed) {
  const auto report = VerifyDirectory("/nonexistent/out", {});
  ASSERT_FALSE(report.ok());
  EXPECT_NE(StatusMessage(report.status()).find("/nonexistent/out"), std::string::npos);
}

}  // namespace
}  // namespace sluice::payments
