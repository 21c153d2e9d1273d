// What is and is not an NPI, a TIN, a CCN and a payer's id.
#include "hierarchy/identifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice::hierarchy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// `want` begins with '!' where the text must be refused with that reason.
struct Case {
  std::string_view text;
  std::string_view want;
};

template <typename Parse, std::size_t kCount>
void Expect(Parse parse, const Case (&cases)[kCount]) {
  for (const auto& [text, want] : cases) {
    const auto value = parse(text);
    if (want.starts_with('!')) {
      ASSERT_FALSE(value.ok()) << text;
      EXPECT_THAT(StatusMessage(value.status()), HasSubstr(want.substr(1))) << text;
    } else {
      ASSERT_TRUE(value.ok()) << text << ": " << StatusMessage(value.status());
      EXPECT_EQ(*value, want) << text;
    }
  }
}

TEST(Npi, TenDigitsFirstOneOrTwoAndLuhn) {
  const Case cases[] = {
      {"1234567893", "1234567893"},         {"1000000004", "1000000004"},
      {" 1234567893\t", "1234567893"},      {"1234567898", "!check digit"},
      {"9941339100", "!begin with 1 or 2"}, {"123456789", "!10 digits"},
      {"12345678933", "!10 digits"},        {"12345678 3", "!10 digits"},
      {"123456789X", "!10 digits"},         {"", "!10 digits"},
  };
  Expect(ParseNpi, cases);
}

// Luhn finds every single wrong digit: this is why an NPI has a check digit.
TEST(Npi, EverySingleWrongDigitIsFound) {
  const std::string good = "1234567893";
  for (std::size_t place = 1; place < good.size(); ++place) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == good[place]) continue;
      std::string bad = good;
      bad[place] = digit;
      EXPECT_FALSE(ParseNpi(bad).ok()) << bad;
    }
  }
}

// An independent computation: the whole of "80840" and the number, doubled from the right.
TEST(Npi, AgreesWithLuhnOverTheWholeCardNumber) {
  for (int n = 0; n < 5000; ++n) {
    const std::string npi = std::to_string(1'000'000'000 + n * 199'933);
    if (npi.size() != 10 || (npi[0] != '1' && npi[0] != '2')) continue;
    const std::string card = "80840" + npi;
    int sum = 0;
    for (std::size_t i = 0; i < card.size(); ++i) {
      int digit = card[card.size() - 1 - i] - '0';
      if (i % 2 == 1) digit *= 2;
      sum += digit / 10 + digit % 10;
    }
    EXPECT_EQ(ParseNpi(npi).ok(), sum % 10 == 0) << npi;
  }
}

TEST(Tin, EmployerNumbersOnly) {
  const Case cases[] = {
      {"12-3456789", "123456789"}, {"123456789", "123456789"}, {"12345678", "!8 characters"},
      {"1-23456789", "!must be"},  {"00-1234567", "!prefix"},  {"12-345678A", "!must be"},
      {"", "!0 characters"},       {"123-45-678", "!must be"},
  };
  Expect(ParseTin, cases);
}

TEST(Tin, ASocialSecurityNumberIsRefusedAndNotRepeated) {
  const auto tin = ParseTin("123-45-6789");
  ASSERT_FALSE(tin.ok());
  EXPECT_THAT(StatusMessage(tin.status()), HasSubstr("social security number"));
  EXPECT_THAT(StatusMessage(tin.status()), Not(HasSubstr("6789")));
}

TEST(Ccn, SixCharactersOrTen) {
  const Case cases[] = {
      {"010001", "010001"},
      {"05s123", "05S123"},
      {"12345E", "12345E"},
      {"99X1234567", "99X1234567"},
      {"1234567890", "!third place"},
      {"AB0001", "!CCN"},
      {"01000", "!CCN"},
      {"0S0001", "!CCN"},
  };
  Expect(ParseCcn, cases);
}

TEST(PayerAssigned, PrintableAndBounded) {
  EXPECT_EQ(ParsePayerAssigned(" A1001 ").value(), "A1001");
  EXPECT_FALSE(ParsePayerAssigned("  ").ok());
  EXPECT_FALSE(ParsePayerAssigned("a\x01").ok());
  EXPECT_FALSE(ParsePayerAssigned(std::string(65, 'x')).ok());
}

TEST(NameKey, FoldsCaseAndBlanksAndCounts) {
  EXPECT_EQ(NameKey("Yellowstone Pathologists,  P.C.", 1), "YELLOWSTONE PATHOLOGISTS, P.C.#1");
  EXPECT_EQ(NameKey(" yellowstone pathologists, p.c.", 1), "YELLOWSTONE PATHOLOGISTS, P.C.#1");
  EXPECT_NE(NameKey("Swedish", 1), NameKey("Swedish", 2));
  // Bytes beyond ASCII stay as they are.
  EXPECT_EQ(NameKey("Clínica", 3), "CLíNICA#3");
}

TEST(MakeIdentifier, ScopeOnlyWhereTheTypeHasOne) {
  EXPECT_TRUE(MakeIdentifier(IdentifierType::kPayerAssigned, "cms_aco", "A1001").ok());
  EXPECT_FALSE(MakeIdentifier(IdentifierType::kPayerAssigned, "", "A1001").ok());
  EXPECT_FALSE(MakeIdentifier(IdentifierType::kPayerAssigned, "CMS ACO", "A1001").ok());
  EXPECT_FALSE(MakeIdentifier(IdentifierType::kNpi, "cms", "1234567893").ok());
  EXPECT_TRUE(MakeIdentifier(IdentifierType::kNameKey, "s", "A#B#2").ok());
  EXPECT_FALSE(MakeIdentifier(IdentifierType::kNameKey, "s", "A").ok());
  EXPECT_FALSE(MakeIdentifier(IdentifierType::kNameKey, "s", "a#1").ok());
  EXPECT_FALSE(MakeIdentifier(IdentifierType::kNameKey, "s", "A#01").ok());
}

}  // namespace
}  // namespace sluice::hierarchy
