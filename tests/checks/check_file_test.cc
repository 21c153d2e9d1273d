// Files of issued checks: the bytes of each shipped layout, written out by hand from its
// description, and what a second reader finds in them.
#include <gtest/gtest.h>

#include <random>

#include "payments/checks/check_file.h"

namespace sluice::payments {
namespace {

const Date kFileDate = MakeDate(2026, 10, 2);

CheckLayout Load(const std::string& name) {
  auto layout = LoadCheckLayout("deploy/config/checks/" + name);
  EXPECT_TRUE(layout.ok()) << StatusMessage(layout.status());
  return layout.ok() ? *layout : CheckLayout{};
}

AccountNumber Account() { return AccountNumber("99887766"); }

std::vector<CheckIssue> TwoChecks() {
  return {{1001, MakeDate(2026, 10, 1), Money::FromCents(1'234'50), "Practice 10"},
          {987, MakeDate(2026, 3, 5), Money::FromCents(7), "Dr. Zoë O'Hara, MD", true}};
}

std::string Messages(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) text += finding.ToString() + "\n";
  return text;
}

struct Sample {
  const char* layout;
  const char* bytes;
};

// feature:M05
class ShippedLayout : public ::testing::TestWithParam<Sample> {};

TEST_P(ShippedLayout, WritesWhatTheBankDescribes) {
  const auto written =
      WriteCheckFile(Load(GetParam().layout), Account(), kFileDate, TwoChecks());
  ASSERT_TRUE(written.ok()) << StatusMessage(written.status());
  EXPECT_EQ(*written, GetParam().bytes);
}

TEST_P(ShippedLayout, IsReadBackByTheSecondReader) {
  const CheckLayout layout = Load(GetParam().layout);
  const auto findings = VerifyCheckFile(layout, "x.checks", GetParam().bytes, Account(), kFileDate,
                                        TwoChecks());
  EXPECT_EQ(Messages(findings), "");
}

// A digit that changes anywhere is found: in the account, a serial, a date, an amount, a total.
TEST_P(ShippedLayout, NoDigitChangesUnseen) {
  const CheckLayout layout = Load(GetParam().layout);
  const std::string bytes = GetParam().bytes;
  int changed = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] < '0' || bytes[i] > '9') continue;
    std::string other = bytes;
    other[i] = bytes[i] == '9' ? '8' : static_cast<char>(bytes[i] + 1);
    ++changed;
    EXPECT_FALSE(
        VerifyCheckFile(layout, "x", other, Account(), kFileDate, TwoChecks()).empty())
        << "byte " << i << " of " << GetParam().layout;
  }
  EXPECT_GT(changed, 40);
}

TEST_P(ShippedLayout, NoRecordIsMissingOrTwice) {
  const CheckLayout layout = Load(GetParam().layout);
  const std::string bytes = GetParam().bytes;
  std::size_t from = 0;
  for (std::size_t end = bytes.find('\n'); end != std::string::npos; end = bytes.find('\n', from)) {
    const std::string record = bytes.substr(from, end + 1 - from);
    std::string less = bytes, more = bytes;
    less.erase(from, record.size());
    more.insert(from, record);
    EXPECT_FALSE(VerifyCheckFile(layout, "x", less, Account(), kFileDate, TwoChecks()).empty());
    EXPECT_FALSE(VerifyCheckFile(layout, "x", more, Account(), kFileDate, TwoChecks()).empty());
    from = end + 1;
  }
}

TEST_P(ShippedLayout, EveryTruncationIsFound) {
  const CheckLayout layout = Load(GetParam().layout);
  const std::string bytes = GetParam().bytes;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(VerifyCheckFile(layout, "x", bytes.substr(0, size), Account(), kFileDate,
                                 TwoChecks())
                     .empty())
        << size;
  }
}

TEST_P(ShippedLayout, RandomChecksComeBackEqual) {
  const CheckLayout layout = Load(GetParam().layout);
  const unsigned seed = 20261122;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::vector<CheckIssue> checks;
  for (std::int64_t i = 0; i < 500; ++i) {
    checks.push_back({1 + i * 3 + static_cast<std::int64_t>(random() % 3),
                      MakeDate(2026, 1, 1) + Days(static_cast<int>(random() % 365)),
                      Money::FromCents(1 + static_cast<std::int64_t>(random() % 999'999'999)),
                      fmt::format("PAYEE {}", i), random() % 7 == 0});
  }
  const auto written = WriteCheckFile(layout, Account(), kFileDate, checks);
  ASSERT_TRUE(written.ok()) << StatusMessage(written.status());
  const ReadChecks read = ReadCheckFile(layout, "x", *written, Account(), kFileDate);
  EXPECT_EQ(Messages(read.findings), "");
  EXPECT_EQ(read.checks, checks);
}

TEST_P(ShippedLayout, ANumberIsNeverCut) {
  std::vector<CheckIssue> checks = TwoChecks();
  checks[0].number = 123'456'789'012'345;
  const auto refused = WriteCheckFile(Load(GetParam().layout), Account(), kFileDate, checks);
  if (std::string_view(GetParam().layout) == "csv.toml") {
    EXPECT_TRUE(refused.ok());  // no limit there
    return;
  }
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(StatusMessage(refused.status()).find("check 123456789012345: the field serial"),
            std::string::npos);
  EXPECT_EQ(StatusMessage(refused.status()).find("99887766"), std::string::npos);
}

TEST_P(ShippedLayout, AnotherAccountIsNamedWithoutItsNumber) {
  const auto findings = VerifyCheckFile(Load(GetParam().layout), "x", GetParam().bytes,
                                        AccountNumber("11223344"), kFileDate, TwoChecks());
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(Messages(findings).find("99887766"), std::string::npos);
  EXPECT_EQ(Messages(findings).find("11223344"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    All, ShippedLayout,
    ::testing::Values(
        Sample{"fixed_100.toml",
               "000099887766   000000100100000012345020261001 "
               "PRACTICE 10                                           \r\n"
               "0000998877662  000000098700000000000720260305 "
               "DR. ZOE O'HARA, MD                                    \r\n"},
        Sample{"csv.toml",
               "I,99887766,1001,100126,1234.50,PRACTICE 10\r\n"
               "C,99887766,987,030526,0.07,DR. ZOE O'HARA  MD\r\n"},
        Sample{"fixed_with_totals.toml",
               "H0000009988776610022026"
               "ISSUED CHECKS                                            \n"
               "D00000099887766000000100110012026000000123450I"
               "PRACTICE 10                       \n"
               "D00000099887766000000098703052026000000000007V"
               "DR. ZOE O'HARA, MD                \n"
               "T000000010000000012345000000001" "00000000000007"
               "                                   \n"}));

struct BadLayout {
  const char* text;
  const char* says;
};
class Refused : public ::testing::TestWithParam<BadLayout> {};

TEST_P(Refused, ALayoutThatCouldNotBeReadBack) {
  const auto layout = ParseCheckLayout(GetParam().text, "bank.toml");
  ASSERT_FALSE(layout.ok());
  EXPECT_NE(StatusMessage(layout.status()).find(GetParam().says), std::string::npos)
      << StatusMessage(layout.status());
}

constexpr const char* kRest =
    "[[detail]]\nfield='issue_date'\nformat='YYYYMMDD'\n"
    "[[detail]]\nfield='amount'\n[[detail]]\nfield='kind'\nissue='I'\nvoid='V'\n";
const std::string kNoSerial = std::string("name='x'\nformat='delimited'\n") + kRest;
const std::string kTwoSerials =
    kNoSerial + "[[detail]]\nfield='serial'\n[[detail]]\nfield='serial'\n";
const std::string kSameKind =
    "name='x'\nformat='delimited'\n[[detail]]\nfield='kind'\nissue='I'\nvoid='I'\n";
const std::string kTotalInDetail = kNoSerial + "[[detail]]\nfield='issue_total'\n";
const std::string kSerialInTrailer = kNoSerial + "[[trailer]]\nfield='serial'\n";
const std::string kGap =
    "name='x'\nrecord_length=20\n[[detail]]\nfield='serial'\nstart=1\nwidth=10\n"
    "[[detail]]\nfield='amount'\nstart=12\nwidth=9\n";
const std::string kShort =
    "name='x'\nrecord_length=20\n[[detail]]\nfield='serial'\nstart=1\nwidth=10\n";
const std::string kBadPad =
    "name='x'\nrecord_length=10\n[[detail]]\nfield='serial'\nstart=1\nwidth=10\njustify='left'\n"
    "pad='0'\n";
const std::string kBadDate =
    "name='x'\nformat='delimited'\n[[detail]]\nfield='issue_date'\nformat='YYYYDDD'\n";
const std::string kUnknown = kNoSerial + "[[detail]]\nfield='sreial'\n";

INSTANTIATE_TEST_SUITE_P(
    All, Refused,
    ::testing::Values(BadLayout{kNoSerial.c_str(), "needs the field serial once"},
                      BadLayout{kTwoSerials.c_str(), "needs the field serial once"},
                      BadLayout{kSameKind.c_str(), "issue and void must be told apart"},
                      BadLayout{kTotalInDetail.c_str(), "issue_total belongs in a header"},
                      BadLayout{kSerialInTrailer.c_str(), "serial belongs in a detail record"},
                      BadLayout{kGap.c_str(), "this one must start at 11"},
                      BadLayout{kShort.c_str(), "its fields end at 10, the record at 20"},
                      BadLayout{kBadPad.c_str(), "reads back as another number"},
                      BadLayout{kBadDate.c_str(), "must have year, month and day once"},
                      BadLayout{kUnknown.c_str(), "sreial"}));

}  // namespace
}  // namespace sluice::payments
