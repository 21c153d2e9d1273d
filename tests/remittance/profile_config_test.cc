#include "payments/remittance/profile_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kGood = R"toml(
[bank]
immediate_destination = " 076401251"
immediate_origin = "1123456789"
company_name = "EXAMPLE HLTHPLAN"
company_id = "1123456789"
trn_company_id = "1123456789"
odfi_routing_number = "076401251"
funding_account = "000012345678"
line_end = "crlf"
balanced = true
entry_limit = "5,000,000.00"
cut_off = "17:30"

[plb]
QUALITY_BONUS = "LS"
)toml";

TEST(ProfileConfig, ReadsEveryField) {
  const auto config = Config::FromText(kGood, "sluice.toml");
  ASSERT_TRUE(config.ok()) << config.status();
  const BankProfile bank = ReadBankProfile(config->Root().Section("bank"));
  const PlbMapping mapping = ReadPlbMapping(config->Root().Section("plb"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(bank.immediate_destination, " 076401251");
  EXPECT_EQ(bank.line_end, LineEnd::kCrLf);
  EXPECT_TRUE(bank.balanced);
  EXPECT_EQ(bank.entry_limit, Money::FromCents(500'000'000));
  EXPECT_EQ(bank.cut_off_minute, 17 * 60 + 30);
  EXPECT_EQ(mapping.CodeOf(LineKind::kQualityBonus), "LS");
  EXPECT_EQ(mapping.CodeOf(LineKind::kWithhold), "E3");
}

TEST(ProfileConfig, FaultsNameTheKeyAndTheRule) {
  std::string text(kGood);
  text.replace(text.find("\" 076401251\""), 12, "\"076401251\"");
  text.replace(text.find("\"LS\""), 4, "\"XX\"");
  const auto config = Config::FromText(text, "sluice.toml");
  ASSERT_TRUE(config.ok()) << config.status();
  ReadBankProfile(config->Root().Section("bank"));
  ReadPlbMapping(config->Root().Section("plb"));
  const std::string message = StatusMessage(config->Finish());
  EXPECT_THAT(message, HasSubstr("exactly 10 characters"));
  EXPECT_THAT(message, HasSubstr("\"XX\" for QUALITY_BONUS is not one of the 41"));
}

}  // namespace
}  // namespace sluice::payments
