// Replay packages: what was stored comes out again, and nothing in a package can be changed
// without being found.
#include "performance/package.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/performance/sample_settlements.h"

namespace sluice::performance {
namespace {

using ::testing::Contains;
using testing::Dates2024;
using testing::EqualSplit;
using ::testing::HasSubstr;
using testing::PrintedSeed;
using testing::RandomSettlements;
using testing::SavingsFacts;
using testing::SavingsTerms;

PackageHeader Header() {
  return {.program = ProgramId(11),
          .program_name = "Shared savings 2024",
          .stream = "ssl",
          .contract = ContractId(12),
          .award = AwardId(13),
          .version = 1};
}

SettlementInput Sample() {
  SettlementInput input{
      .terms = SavingsTerms(EqualSplit()), .facts = SavingsFacts(2'000'000), .dates = Dates2024()};
  input.party = {.party = PartyId(9), .name = "Northwest ACO"};
  for (std::int64_t id = 1; id <= 3; ++id) {
    input.party.children.push_back(
        {.party = PartyId(id), .name = "Practice " + std::to_string(id)});
  }
  return input;
}

std::string Export(const SettlementInput& input) {
  return ExportPackage(Header(), input, Settle(input));
}

// The package with its last line made to fit, as somebody would who hides a change.
std::string Resealed(std::string text) {
  text.resize(text.rfind("sha256\t"));
  return text + "sha256\t" + ToHex(Sha256(AsBytes(text))) + "\n";
}

TEST(Settle, SharesSumToWhatIsPayable) {
  const Settlement settlement = Settle(Sample());
  ASSERT_EQ(settlement.award.status, AwardStatus::kComputed) << ToText(settlement.award);
  EXPECT_GT(settlement.award.payable, Money());
  ASSERT_EQ(settlement.shares.size(), 4U);
  Money sum;
  for (const SplitShare& share : settlement.shares) sum += share.amount;
  EXPECT_EQ(sum, settlement.award.payable);
}

TEST(Settle, WithoutTermsIsBlocked) {
  SettlementInput input = Sample();
  input.terms.reset();
  const Settlement settlement = Settle(input);
  EXPECT_EQ(settlement.award.status, AwardStatus::kBlocked);
  EXPECT_EQ(settlement.award.missing, "terms in force on 2024-01-01");
  EXPECT_TRUE(settlement.shares.empty());
}

TEST(Settle, MissingWeightBlocksAndIsNotZero) {
  SettlementInput input = Sample();
  input.terms = SavingsTerms(testing::PracticeAndProviderSplit());
  const Settlement settlement = Settle(input);
  EXPECT_EQ(settlement.award.status, AwardStatus::kBlocked);
  EXPECT_EQ(settlement.award.blocked_reason, ReasonCode::kMissingInput);
  EXPECT_THAT(settlement.award.missing, HasSubstr("member_months of participant"));
}

TEST(Settle, ZeroAwardSaysWhyOnThePartysOwnLine) {
  SettlementInput input = Sample();
  input.facts = SavingsFacts(100);
  const Settlement settlement = Settle(input);
  ASSERT_EQ(settlement.award.status, AwardStatus::kComputed);
  EXPECT_EQ(settlement.award.zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  EXPECT_EQ(settlement.shares[0].zero_reason, ReasonCode::kBelowMinimumSavingsRate);
  EXPECT_EQ(settlement.shares[1].zero_reason, ReasonCode::kPoolEmpty);
}

TEST(Settle, LostStandingForfeits) {
  SettlementInput input = Sample();
  input.party.children[1].facts.SetDate("standing_to", Dates2024().pay_date);
  const Settlement settlement = Settle(input);
  EXPECT_EQ(settlement.shares[2].zero_reason, ReasonCode::kStandingLost);
  input.party.children[1].facts.SetDate("standing_to", Dates2024().pay_date + Days(1));
  EXPECT_FALSE(Settle(input).shares[2].zero_reason.has_value());
}

// feature:C02
TEST(Package, ReplaysToTheSameBytes) {
  const std::string text = Export(Sample());
  const auto report = ReplayPackage(text);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->Matches()) << ToText(*report);
  EXPECT_EQ(report->header, Header());
  EXPECT_EQ(report->settlement, Settle(Sample()));
}

TEST(Package, SameInputHasSameBytesWhateverTheOrder) {
  SettlementInput backward = Sample();
  Facts facts;
  const auto& values = backward.facts.Values();
  for (auto it = values.rbegin(); it != values.rend(); ++it) facts.Set(it->first, it->second);
  backward.facts = facts;
  EXPECT_EQ(Export(backward), Export(Sample()));
  EXPECT_EQ(HashInput(backward), HashInput(Sample()));
}

TEST(Package, EveryInputIsInTheHash) {
  const Digest before = HashInput(Sample()).input;
  SettlementInput input = Sample();
  input.facts.SetCount("assigned_beneficiaries", 7'001);
  EXPECT_NE(HashInput(input).input, before);
  input = Sample();
  input.dates.pay_date = MakeDate(2025, 10, 16);
  EXPECT_NE(HashInput(input).input, before);
  input = Sample();
  input.dates.period.to = MakeDate(2024, 7, 1);
  EXPECT_NE(HashInput(input).input, before);
  input = Sample();
  input.party.children.pop_back();
  EXPECT_NE(HashInput(input).input, before);
  input = Sample();
  input.party.children[0].facts.SetCount("member_months", 1);
  EXPECT_NE(HashInput(input).input, before);
  input = Sample();
  input.terms = SavingsTerms(EqualSplit(), true);
  EXPECT_NE(HashInput(input).input, before);
}

// Every line of the package, changed and sealed again, is found.
TEST(Package, FindsAChangeOnEveryLine) {
  const std::string text = Export(Sample());
  int lines = 0;
  for (std::size_t at = 0; at < text.rfind("sha256\t");) {
    const std::size_t end = text.find('\n', at);
    std::string changed = text;
    // The last digit of the line, or else its last letter.
    std::size_t spot = text.find_last_of("0123456789", end);
    if (spot == std::string::npos || spot < at) spot = end - 1;
    changed[spot] = changed[spot] == '7' ? '8' : '7';
    const auto report = ReplayPackage(Resealed(changed));
    const bool id_line = at < text.find("period\t");
    if (!id_line) {
      EXPECT_TRUE(!report.ok() || !report->Matches()) << text.substr(at, end - at);
    }
    ++lines;
    at = end + 1;
  }
  EXPECT_GT(lines, 60);
}

// Without sealing it again, any byte.
TEST(Package, FindsAnyChangedByte) {
  const std::string text = Export(Sample());
  std::mt19937 random(PrintedSeed());
  for (int i = 0; i < 500; ++i) {
    std::string changed = text;
    const std::size_t at = std::uniform_int_distribution<std::size_t>(0, text.size() - 1)(random);
    changed[at] = static_cast<char>(changed[at] ^ (1 << (random() % 7)));
    const auto report = ReplayPackage(changed);
    EXPECT_TRUE(!report.ok() || !report->Matches()) << "byte " << at;
  }
  for (const std::size_t cut : {text.size() - 1, text.size() / 2, std::size_t{20}}) {
    const auto report = ReplayPackage(text.substr(0, cut));
    EXPECT_TRUE(!report.ok() || !report->Matches()) << "cut at " << cut;
  }
}

TEST(Package, NamesTheCentThatDiffers) {
  std::string text = Export(Sample());
  const std::string amount = "amount\t" + Settle(Sample()).award.amount.ToPlainString();
  const std::size_t at = text.find(amount);
  ASSERT_NE(at, std::string::npos);
  char& last = text[at + amount.size() - 1];
  last = last == '9' ? '8' : '9';
  const auto report = ReplayPackage(Resealed(text));
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(report->differences, Contains(HasSubstr("the package has \"amount")));
  EXPECT_THAT(ToText(*report), HasSubstr("THE PACKAGE DOES NOT REPLAY"));
}

TEST(Package, RefusesWhatIsNoPackage) {
  for (const char* text : {"", "hello", "sluice-package\t2\n", "sluice-package\t1\n"}) {
    EXPECT_EQ(ReplayPackage(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

// feature:C02
TEST(Package, AThousandRandomAwardsReplay) {
  RandomSettlements settlements(PrintedSeed());
  int blocked = 0;
  int paid = 0;
  for (int i = 0; i < 1'000; ++i) {
    const SettlementInput input = settlements.Next();
    const Settlement settlement = Settle(input);
    if (settlement.award.status == AwardStatus::kBlocked) {
      ++blocked;
    } else {
      ASSERT_TRUE(CheckSplit(settlement.award.payable, settlement.shares).ok());
      if (!settlement.award.payable.IsZero()) ++paid;
    }
    const auto report = ReplayPackage(ExportPackage(Header(), input, settlement));
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_TRUE(report->Matches()) << ToText(*report);
    ASSERT_EQ(report->settlement, settlement);
  }
  EXPECT_GT(blocked, 0);
  EXPECT_GT(paid, 300);
}

}  // namespace
}  // namespace sluice::performance
