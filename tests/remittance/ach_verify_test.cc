// Each check of an ACH file must be able to fail: mutants of the worked example, one field each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <functional>
#include <string>
#include <vector>

#include "payments/remittance/verify_files.h"
#include "tests/remittance/sample_payments.h"

namespace sluice::payments {
namespace {

using testing::EntriesOf;
using testing::SampleBank;
using testing::SampleIdentity;
using testing::SamplePayments;

VerifyOptions WithProfile() { return {.profile = SampleBank()}; }

std::string Example() {
  const auto payments = SamplePayments();
  const auto file = WriteAchFile(SampleBank(), SampleIdentity(), EntriesOf(payments));
  return std::string(file.value().bytes.View());
}

std::string Describe(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) text += finding.ToString() + "\n";
  return text;
}

bool Finds(const std::vector<Finding>& findings, int check) {
  for (const Finding& finding : findings) {
    if (finding.check == check) return true;
  }
  return false;
}

// Writes `text` at a column (from 1) of a line (from 1).
std::string Put(std::string bytes, std::size_t line, std::size_t column, std::string_view text) {
  return bytes.replace((line - 1) * 95 + column - 1, text.size(), text);
}

TEST(AchVerify, WorkedExampleIsClean) {
  EXPECT_EQ(Describe(VerifyAch("a.ach", Example(), WithProfile())), "");
  EXPECT_EQ(Describe(VerifyAch("a.ach", Example(), {})), "");
}

TEST(AchVerify, BalancedCrLfAndStreamFilesAreClean) {
  const auto payments = SamplePayments();
  for (const LineEnd line_end : {LineEnd::kLf, LineEnd::kCrLf, LineEnd::kNone}) {
    BankProfile bank = SampleBank();
    bank.balanced = true;
    bank.line_end = line_end;
    const auto file = WriteAchFile(bank, SampleIdentity(), EntriesOf(payments));
    ASSERT_TRUE(file.ok());
    const auto findings = VerifyAch("a.ach", file->bytes.View(), {.profile = bank});
    EXPECT_EQ(Describe(findings), "");
  }
}

struct Mutant {
  std::string name;
  int check;
  std::string bytes;
};

std::vector<Mutant> Mutants() {
  const std::string good = Example();
  const auto line = [&](std::size_t number) { return good.substr((number - 1) * 95, 95); };
  const auto without = [&](std::size_t number) {
    return std::string(good).erase((number - 1) * 95, 95);
  };
  return {
      {"trimmed blanks", 1, std::string(good).replace(11 * 95 + 55, 40, "\n")},
      {"byte order mark", 1, "\xEF\xBB\xBF" + good},
      {"blank line", 1, good + "\n"},
      {"CRLF in one line", 1, std::string(good).replace(94, 1, "\r\n")},
      {"no last line end", 1, good.substr(0, good.size() - 1)},
      {"control character", 2, Put(good, 3, 55, "\x01")},
      {"lower case", 2, Put(good, 3, 55, "r")},
      {"two file headers", 3, line(1) + good},
      {"no file header", 3, without(1)},
      {"record after control", 3, Put(good, 13, 1, line(2).substr(0, 94))},
      {"unknown type", 4, Put(good, 3, 1, "X")},
      {"no batch control", 4, without(7)},
      {"one nine too few", 5, without(20)},
      {"ten lines of padding", 5, good + std::string(good.substr(12 * 95)) + line(20) + line(20)},
      {"record size", 6, Put(good, 1, 35, "095")},
      {"blocking", 6, Put(good, 1, 38, "11")},
      {"priority", 6, Put(good, 1, 2, "02")},
      {"format", 6, Put(good, 1, 40, "2")},
      {"modifier", 6, Put(good, 1, 34, "a")},
      {"destination check digit", 7, Put(good, 1, 13, "2")},
      {"origin", 7, Put(good, 1, 14, "2")},
      {"creation date", 8, Put(good, 1, 24, "261301")},
      {"creation time", 8, Put(good, 1, 30, "2461")},
      {"blank time", 8, Put(good, 1, 30, "    ")},
      {"service class", 9, Put(good, 2, 2, "225")},
      {"control class", 9, Put(good, 7, 2, "200")},
      {"company name", 10, Put(good, 2, 5, "                ")},
      {"company id", 10, Put(good, 2, 41, "9")},
      {"SEC", 11, Put(good, 2, 51, "WEB")},
      {"code", 11, Put(good, 3, 2, "23")},
      {"HCCLAIMPMT on PPD", 12, Put(good, 8, 54, "HCCLAIMPMT")},
      {"PAYROLL on CCD", 12, Put(good, 2, 54, "PAYROLL   ")},
      {"reserved word", 12, Put(good, 2, 54, "REVERSAL  ")},
      {"EED no date", 13, Put(good, 2, 70, "261332")},
      {"EED on a holiday", 13, Put(good, 2, 70, "261012")},
      {"EED too late", 13, Put(good, 2, 70, "261006")},
      {"settlement date", 14, Put(good, 2, 76, "278")},
      {"originator status", 14, Put(good, 2, 79, "2")},
      {"batch reserved", 14, Put(good, 7, 60, "X")},
      {"ODFI", 15, Put(good, 7, 80, "1")},
      {"batch number", 15, Put(good, 8, 88, "0000001")},
      {"check digit", 16, Put(good, 3, 12, "1")},
      {"prefix", 16, Put(good, 3, 4, "800000006")},
      {"account blank inside", 17, Put(good, 3, 15, " ")},
      {"account shifted", 17, Put(good, 3, 13, " 998877665")},
      {"account zeros", 17, Put(good, 3, 13, "000000000")},
      {"amount letter", 18, Put(good, 3, 39, "O")},
      {"amount zero", 18, Put(good, 3, 30, "0000000000")},
      {"name blank", 19, Put(good, 3, 55, std::string(22, ' '))},
      {"name zeros", 19, Put(good, 3, 55, std::string(22, '0'))},
      {"key blank", 20, Put(good, 3, 40, std::string(15, ' '))},
      {"key twice", 20, Put(good, 5, 40, "VP2026100001")},
      {"trace prefix", 21, Put(good, 3, 80, "1")},
      {"trace order", 21, Put(good, 5, 94, "1")},
      {"indicator", 22, Put(good, 3, 79, "0")},
      {"addenda type", 22, Put(good, 4, 2, "02")},
      {"addenda sequence", 23, Put(good, 4, 84, "0000")},
      {"addenda trace", 23, Put(good, 4, 94, "2")},
      {"no terminator", 24, Put(good, 4, 33, " ")},
      {"TRN id", 24, Put(good, 4, 4, "TRX")},
      {"batch count of entries", 25, Put(good, 7, 10, "5")},
      {"batch hash", 25, Put(good, 7, 20, "0")},
      {"batch debits", 25, Put(good, 7, 32, "1")},
      {"batch credits", 25, Put(good, 7, 44, "1")},
      {"batches", 26, Put(good, 12, 7, "3")},
      {"blocks", 26, Put(good, 12, 13, "1")},
      {"entries", 26, Put(good, 12, 21, "7")},
      {"file hash", 26, Put(good, 12, 31, "2")},
      {"file debits", 26, Put(good, 12, 43, "1")},
      {"file credits", 26, Put(good, 12, 55, "1")},
      {"file reserved", 26, Put(good, 12, 60, "X")},
  };
}

TEST(AchVerify, EveryMutantIsRefusedByItsCheck) {
  for (const Mutant& mutant : Mutants()) {
    const auto findings = VerifyAch("a.ach", mutant.bytes, WithProfile());
    EXPECT_TRUE(Finds(findings, mutant.check))
        << mutant.name << ": check " << mutant.check << " is silent; found\n"
        << Describe(findings);
  }
}

// Whatever digit is changed in a number that a bank acts on, some check sees it. Transaction
// codes, account numbers and free text are tied to other files instead.
TEST(AchVerify, EveryChangedDigitOfAmountsHashesAndCountsIsFound) {
  const std::string good = Example();
  struct Range {
    std::size_t line, from, to;
  };
  std::vector<Range> ranges = {{12, 2, 55}};
  for (const std::size_t line : {3U, 5U, 9U, 10U}) ranges.push_back({line, 4, 12});
  for (const std::size_t line : {3U, 5U, 9U, 10U}) ranges.push_back({line, 30, 39});
  for (const std::size_t line : {7U, 11U}) ranges.push_back({line, 2, 54});
  for (const Range& range : ranges) {
    for (std::size_t column = range.from; column <= range.to; ++column) {
      const char old = good[(range.line - 1) * 95 + column - 1];
      if (std::isdigit(static_cast<unsigned char>(old)) == 0) continue;
      for (char digit = '0'; digit <= '9'; ++digit) {
        if (digit == old) continue;
        const std::string bad = Put(good, range.line, column, std::string(1, digit));
        EXPECT_FALSE(VerifyAch("a.ach", bad, WithProfile()).empty())
            << "line " << range.line << " column " << column << ": " << old << " to " << digit;
      }
    }
  }
}

TEST(AchVerify, ProfileLimitsAreChecked) {
  BankProfile bank = SampleBank();
  bank.entry_limit = Money::FromCents(1'000'000);
  const auto findings = VerifyAch("a.ach", Example(), {.profile = bank});
  EXPECT_TRUE(Finds(findings, 18)) << Describe(findings);
  bank = SampleBank();
  bank.balanced = true;
  EXPECT_TRUE(Finds(VerifyAch("a.ach", Example(), {.profile = bank}), 27));
}

TEST(AchVerify, SameDayAfterTheCutOffIsFound) {
  const auto payments = SamplePayments();
  auto entries = EntriesOf(payments);
  for (AchEntry& entry : entries) entry.effective_date = MakeDate(2026, 10, 1);
  BankProfile bank = SampleBank();
  bank.same_day = true;
  const auto file = WriteAchFile(bank, SampleIdentity(), entries);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(Describe(VerifyAch("a.ach", file->bytes.View(), {.profile = bank})), "");
  bank.cut_off_minute = 12 * 60;
  EXPECT_TRUE(Finds(VerifyAch("a.ach", file->bytes.View(), {.profile = bank}), 13));
  bank = SampleBank();
  EXPECT_TRUE(Finds(VerifyAch("a.ach", file->bytes.View(), {.profile = bank}), 13));
}

TEST(AchVerify, RandomBytesNeverPassAndNeverCrash) {
  std::uint64_t state = 20261001;
  SCOPED_TRACE("seed 20261001");
  const auto next = [&] { return state = state * 6364136223846793005ULL + 1442695040888963407ULL; };
  const std::string good = Example();
  for (int round = 0; round < 2'000; ++round) {
    std::string bad = good.substr(0, static_cast<std::size_t>(next() >> 33) % good.size());
    for (int i = 0; i < 3 && !bad.empty(); ++i) {
      bad[static_cast<std::size_t>(next() >> 33) % bad.size()] = static_cast<char>(next() >> 56);
    }
    EXPECT_FALSE(VerifyAch("a.ach", bad, {}).empty());
  }
}

}  // namespace
}  // namespace sluice::payments
