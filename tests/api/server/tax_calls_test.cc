// The tax file of payees over the API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/payee_fixture.h"

namespace sluice::api {
namespace {

using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class TaxCalls : public PayeeFixture {
 protected:
  testing::HttpAnswer RecordForm(const std::string& token, const std::string& payee, int day,
                                 const std::string& tin = "") {
    return Post(payee + "/taxForms", token,
                fmt::format(R"({{"taxForm":{{"certifiedOn":{{"year":2026,"month":9,"day":{}}},
                    "tin":"{}","tinKind":"TIN_KIND_EIN","legalName":"Alder Clinic",
                    "classification":"TAX_CLASSIFICATION_PARTNERSHIP"}}}})",
                            day, tin));
  }
};

// feature:R01
TEST_F(TaxCalls, AFormIsOnFileAndItsNumberStaysIn) {
  const std::string alder = Enrolled(practice_, "Alder Clinic", "410000001");
  const std::string birch = Enrolled(other_, "Birch Clinic", "410000002");
  const std::string bank = SignIn("bank", true);
  const auto form = RecordForm(bank, alder, 1, "412345678");
  ASSERT_EQ(form.status, 200) << form.body;
  EXPECT_THAT(FieldOf(form.body, "name"), HasSubstr("/taxForms/2026-09-01"));
  EXPECT_EQ(FieldOf(form.body, "tinMasked"), "ending 5678");
  EXPECT_THAT(form.body, Not(HasSubstr("412345678")));
  EXPECT_EQ(RecordForm(bank, alder, 1, "412345679").status, 409);  // the day says one thing
  const auto wrong = RecordForm(bank, alder, 2, "41234567");
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  EXPECT_THAT(wrong.body, Not(HasSubstr("41234567")));
  EXPECT_EQ(RecordForm(SignIn("alder", true), alder, 3).status, 403);
  EXPECT_EQ(FieldOf(Get(alder, bank).body, "tinMasked"), "ending 5678");
  ASSERT_EQ(RecordForm(bank, birch, 1).status, 200);

  const auto asked =
      Grpc(kTax, "AskTinMatches", fmt::format(R"({{"parent":"{}"}})", payer_name_), bank);
  EXPECT_EQ(FieldOf(asked.json, "payees"), "2") << asked.message;
  const std::string list = payer_name_ + "/taxStandings";
  const auto page = Get(list + "?pageSize=1", bank);
  EXPECT_THAT(Texts(list + "?pageSize=1&pageToken=" + FieldOf(page.body, "nextPageToken"), bank,
                    "taxStandings", "payee"),
              ElementsAre(birch));
  // A practice sees itself.
  EXPECT_THAT(Texts(list, SignIn("alder"), "taxStandings", "payee"), ElementsAre(alder));
}

// feature:R01
TEST_F(TaxCalls, WithholdingBeginsWithANoticeAndIsEndedByAnother) {
  const std::string alder = Enrolled(practice_, "Alder Clinic", "410000001");
  const std::string bank = SignIn("bank", true);
  const std::string notice = R"({"reason":"BACKUP_REASON_SECOND_B_NOTICE",
      "from":{"year":2026,"month":9,"day":1},"note":"CP2100A of August"})";
  const auto started = Post(alder + ":startBackupWithholding", bank, notice);
  ASSERT_EQ(started.status, 200) << started.body;
  EXPECT_EQ(FieldOf(started.body, "backupReason"), "BACKUP_REASON_SECOND_B_NOTICE");
  EXPECT_EQ(Post(alder + ":startBackupWithholding", bank, notice).status, 400);
  const std::string list = payer_name_ + "/taxStandings?filter=backup_reason%20%3D%20";
  EXPECT_THAT(Texts(list + "SECOND_B_NOTICE", bank, "taxStandings", "payee"), ElementsAre(alder));
  EXPECT_THAT(Texts(list + "C_NOTICE", bank, "taxStandings", "payee"), ElementsAre());
  const std::string end =
      R"({"from":{"year":2026,"month":10,"day":1},"note":"the authority's own proof"})";
  EXPECT_EQ(Post(alder + ":endBackupWithholding", bank, end).status, 403);
  const auto ended = Post(alder + ":endBackupWithholding", SignIn("compliance", true), end);
  ASSERT_EQ(ended.status, 200) << ended.body;
  EXPECT_EQ(FieldOf(ended.body, "backupReason"), "BACKUP_REASON_UNSPECIFIED");
}

// feature:R01
TEST_F(TaxCalls, AYearHasItsTotalsInTheBoxOfTheProgram) {
  const std::string program = fmt::format("{}/programs/{}", payer_name_, program_.program);
  const std::string box = R"({"box":{"form":"1099-MISC","box":3,"reason":"counsel's advice",
      "effectiveFrom":{"year":2026,"month":1,"day":1}}})";
  const auto set = Post(program + ":setTaxBox", SignIn("treasury", true), box);
  ASSERT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(FieldOf(set.body, "program"), program);
  EXPECT_EQ(Post(program + ":setTaxBox", SignIn("treasury", true), box).status, 409);
  EXPECT_EQ(Post(program + ":setTaxBox", SignIn("maker", true), box).status, 403);

  Fund(Dollars(5'000));
  AddPaidPayee(7);
  const auto run = Approved({Award(1, {{.party = 7, .amount = Dollars(3'000)}})});
  const Status released = Releases()->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  const auto year = Get(payer_name_ + "/taxYears/2026", SignIn("first"));
  ASSERT_EQ(year.status, 200) << year.body;
  const google::protobuf::Struct parsed = Parse(year.body);
  const auto& total = parsed.fields().at("totals").list_value().values(0);
  EXPECT_EQ(total.struct_value().fields().at("displayName").string_value(), "Practice 7");
  EXPECT_EQ(total.struct_value().fields().at("tinMasked").string_value(), "ending 0007");
  EXPECT_EQ(total.struct_value().fields().at("box").number_value(), 3);
  EXPECT_TRUE(total.struct_value().fields().at("reported").bool_value());
  EXPECT_THAT(year.body, HasSubstr("300000"));
  EXPECT_THAT(year.body, Not(HasSubstr("410000007")));
  EXPECT_EQ(Get(payer_name_ + "/taxYears/last", SignIn("first")).status, 400);
  EXPECT_EQ(Get(payer_name_ + "/taxYears/2026", SignIn("alder")).status, 403);
}

}  // namespace
}  // namespace sluice::api
