// The pure rules of proving bank accounts: the directory, the holder, the risk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/enrollment/account_risk.h"
#include "payments/enrollment/institution.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A row of the FedACH participant directory.
std::string Row(const std::string& number, char type, const std::string& name,
                const std::string& new_number = "000000000") {
  std::string row(155, ' ');
  row.replace(0, 9, number);
  row[9] = 'O';
  row.replace(10, 9, "091000080");
  row[19] = type;
  row.replace(20, 6, "071426");
  row.replace(26, 9, new_number);
  row.replace(35, name.size(), name);
  row.replace(107, 11, "MINNEAPOLIS");
  row.replace(127, 2, "MN");
  return row;
}

// feature:M12
TEST(ReadInstitutions, ReadsTheRowsOfTheDirectory) {
  const auto read = ReadInstitutions(Row("091000019", '1', "FIRST BANK") + "\r\n" +
                                     Row("021000021", '2', "OLD BANK", "121000248") + "\n");
  ASSERT_TRUE(read.ok()) << StatusMessage(read.status());
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].name, "FIRST BANK");
  EXPECT_EQ((*read)[0].city, "MINNEAPOLIS");
  EXPECT_EQ((*read)[0].changed_on, MakeDate(2026, 7, 14));
  EXPECT_TRUE(CheckPayeeInstitution((*read)[0]).ok());
  EXPECT_THAT(StatusMessage(CheckPayeeInstitution((*read)[1])), HasSubstr("OLD BANK was replaced"));
}

TEST(ReadInstitutions, OneBadRowAndNothingOfTheFileIsUsed) {
  struct Case {
    std::string row;
    std::string fault;
  };
  const std::vector<Case> cases = {
      {Row("091000018", '1', "BANK"), "positions 1-9"},
      {Row("021000021", '5', "BANK"), "position 20"},
      {Row("021000021", '2', "BANK"), "positions 27-35"},
      {Row("021000021", '1', ""), "positions 36-71"},
      {Row("091000019", '1', "AGAIN"), "twice"},
      {Row("021000021", '1', "BANK").substr(0, 154), "154 characters"}};
  for (const Case& bad : cases) {
    const auto read = ReadInstitutions(Row("091000019", '1', "FIRST BANK") + "\n" + bad.row);
    EXPECT_THAT(StatusMessage(read.status()), HasSubstr("line 2"));
    EXPECT_THAT(StatusMessage(read.status()), HasSubstr(bad.fault));
  }
  EXPECT_FALSE(ReadInstitutions("").ok());
}

// feature:M12
TEST(CheckHolder, TheNameAndTheTinAreThoseOfTheW9) {
  const CertifiedHolder certified{"Lakeside Family Practice, P.C.", "Lakeside Clinic", "4567"};
  struct Case {
    std::string holder;
    bool same;
  };
  const std::vector<Case> cases = {
      {"LAKESIDE FAMILY PRACTICE", true},   {"Family Practice Lakeside LLC", true},
      {"Lakeside Clinic Inc", true},        {"Lakeside Family", false},
      {"Riverside Family Practice", false}, {"", false}};
  for (const Case& row : cases) {
    EXPECT_EQ(CheckHolder(row.holder, "411234567", certified).ok(), row.same) << row.holder;
  }
  const Status other = CheckHolder("Lakeside Clinic", "411239999", certified);
  EXPECT_THAT(StatusMessage(other), HasSubstr("4567"));
  EXPECT_THAT(StatusMessage(other), Not(HasSubstr("411239999")));
  EXPECT_TRUE(CheckHolder("Anybody", "411234567", std::nullopt).ok());
}

TEST(ScoreAccount, AFirstAccountNeedsASecondPersonAboveTheScore) {
  AccountRiskFacts facts;
  EXPECT_FALSE(ScoreAccount(facts).NeedsSecond(true));
  EXPECT_TRUE(ScoreAccount(facts).NeedsSecond(false));  // a change always does
  facts.somebody_to_tell = false;
  facts.institution_known = false;
  const AccountRisk at = ScoreAccount(facts);
  EXPECT_EQ(at.score, kSecondPersonScore);
  EXPECT_FALSE(at.NeedsSecond(true));
  facts.shared_with_same_taxpayer = true;
  const AccountRisk above = ScoreAccount(facts);
  EXPECT_TRUE(above.NeedsSecond(true));
  EXPECT_THAT(above.ToString(), HasSubstr("has the same account (10)"));
}

}  // namespace
}  // namespace sluice::payments
