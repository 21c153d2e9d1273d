// Bank accounts over the API, from what a payee submits to the account that is paid.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <sstream>

#include "payments/enrollment/account_test_service.h"
#include "tests/api/server/payee_fixture.h"

namespace sluice::api {
namespace {

using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kNumber[] = "550111222333";

class BankAccountCalls : public PayeeFixture {
 protected:
  testing::HttpAnswer Submit(const std::string& token, const std::string& payee,
                             const std::string& number, const std::string& more = "",
                             const std::string& etag = "") {
    return Post(payee + "/bankAccounts:submit", token,
                fmt::format(R"({{"numbers":{{"routingNumber":"091000019","accountNumber":"{}"}},
                    "ownership":"ACCOUNT_OWNERSHIP_BUSINESS","accountKind":"ACCOUNT_KIND_CHECKING",
                    "effectiveFrom":{{"year":2026,"month":1,"day":1}}{}}})",
                            number, more),
                etag);
  }
  // The verb with the etag of the newest version.
  testing::HttpAnswer Command(const std::string& account, const std::string& verb,
                              const std::string& token, const std::string& json = "{}") {
    return Post(account + ":" + verb, token, json, EtagOf(account));
  }
  std::string EtagOf(const std::string& account) {
    return FieldOf(Get(account, SignIn("first")).body, "etag");
  }
  // A payee of the practice with an active account.
  std::string PaidPayee(PartyId party, const std::string& name, const std::string& tin,
                        const std::string& number) {
    const std::string payee = Enrolled(party, name, tin);
    RecordTaxForm(IdOf(payee));
    AddAccount(IdOf(payee), number);
    return payee;
  }
  std::string OnlyAccountOf(const std::string& payee) {
    const auto names = Texts(payee + "/bankAccounts", SignIn("first"), "bankAccounts", "name");
    EXPECT_EQ(names.size(), 1U);
    return names.empty() ? "" : names.front();
  }
};

// feature:M12
TEST_F(BankAccountCalls, AnAccountIsProvedApprovedAndActivatedByOthersThanWhoSubmittedIt) {
  const std::string payee = Enrolled(practice_, "Alder Clinic", "410000001");
  const std::string bank = SignIn("bank", true);
  const auto submitted = Submit(bank, payee, kNumber);
  ASSERT_EQ(submitted.status, 200) << submitted.body;
  EXPECT_EQ(FieldOf(submitted.body, "state"), "BANK_ACCOUNT_STATE_SUBMITTED");
  EXPECT_EQ(FieldOf(submitted.body, "accountMasked"), "ending 2333");
  EXPECT_THAT(submitted.body, HasSubstr("riskReasons"));
  EXPECT_THAT(submitted.body, Not(HasSubstr(kNumber)));
  EXPECT_THAT(submitted.body, Not(HasSubstr("091000019")));
  const std::string account = FieldOf(submitted.body, "name");
  const auto read =
      Grpc(kAccounts, "GetBankAccount", fmt::format(R"({{"name":"{}"}})", account), bank);
  EXPECT_EQ(read.json, submitted.body);

  const auto testing =
      Command(account, "startValidation", bank, R"({"test":"ACCOUNT_TEST_KIND_PRENOTE"})");
  ASSERT_EQ(testing.status, 200) << testing.body;
  EXPECT_EQ(FieldOf(testing.body, "state"), "BANK_ACCOUNT_STATE_VALIDATING");
  const std::string letter =
      R"({"proof":"ACCOUNT_PROOF_KIND_BANK_LETTER","detail":"letter of the bank, called back"})";
  const std::string compliance = SignIn("compliance", true);
  EXPECT_EQ(Command(account, "approve", compliance).status, 400);  // not proved
  const auto own = Command(account, "prove", bank, letter);
  EXPECT_EQ(own.status, 403) << own.body;  // the second person
  const auto proved = Command(account, "prove", SignIn("desk", true), letter);
  ASSERT_EQ(proved.status, 200) << proved.body;
  EXPECT_EQ(FieldOf(proved.body, "proof"), "ACCOUNT_PROOF_KIND_BANK_LETTER");

  RecordTaxForm(IdOf(payee));
  EXPECT_EQ(Post(account + ":approve", compliance, "{}", FieldOf(testing.body, "etag")).status,
            409);  // it was proved since
  EXPECT_EQ(Command(account, "approve", SignIn("compliance")).status, 401);
  EXPECT_EQ(Command(account, "approve", bank).status, 403);
  const auto approved = Command(account, "approve", compliance);
  ASSERT_EQ(approved.status, 200) << approved.body;
  EXPECT_EQ(FieldOf(approved.body, "state"), "BANK_ACCOUNT_STATE_APPROVED");
  const auto active = Command(account, "activate", compliance);
  ASSERT_EQ(active.status, 200) << active.body;
  EXPECT_EQ(FieldOf(active.body, "state"), "BANK_ACCOUNT_STATE_ACTIVE");
}

TEST_F(BankAccountCalls, NumbersThatAreWrongAreNotRepeated) {
  const std::string payee = Enrolled(practice_, "Alder Clinic", "410000001");
  const auto wrong = Submit(SignIn("bank", true), payee, "550111222333444555666");
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  EXPECT_THAT(wrong.body, HasSubstr("numbers"));
  EXPECT_THAT(wrong.body, Not(HasSubstr("550111222333444555666")));
  const auto checked = Submit(SignIn("bank", true), payee, kNumber, R"(,"validateOnly":true)");
  EXPECT_EQ(checked.status, 200) << checked.body;
  EXPECT_THAT(Texts(payee + "/bankAccounts", SignIn("first"), "bankAccounts", "name"), IsEmpty());
}

// feature:M12
TEST_F(BankAccountCalls, APracticeChangesItsAccountAndThoseKnownBeforeAreTold) {
  const std::string payee = PaidPayee(practice_, "Alder Clinic", "410000001", kNumber);
  const std::string account = OnlyAccountOf(payee);
  const auto contact = Post(payer_name_ + "/contacts:record", SignIn("people"),
                            fmt::format(R"({{"contact":{{"party":"{}","kind":"CONTACT_KIND_FINANCE",
               "displayName":"Pay desk","email":"desk@example.org",
               "valid":{{"from":{{"year":2026,"month":1,"day":1}}}}}}}})",
                                        PartyPath(practice_)));
  ASSERT_EQ(contact.status, 200) << contact.body;
  db_.Clock().AdvanceMicros(std::int64_t{2} * 86'400 * 1'000'000);

  const std::string alder = SignIn("alder", true);
  const std::string replaces = fmt::format(R"(,"replaces":"{}")", account);
  EXPECT_EQ(Submit(alder, payee, "990888777666", replaces).status, 400);  // without an etag
  EXPECT_EQ(Submit(alder, payee, "990888777666", replaces, "\"old\"").status, 409);
  const auto changed = Submit(alder, payee, "990888777666", replaces, EtagOf(account));
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(FieldOf(changed.body, "name"), account);
  EXPECT_EQ(Parse(changed.body).fields().at("version").number_value(), 2);
  EXPECT_THAT(changed.body, Not(HasSubstr("990888777666")));
  // What speaks against it is for the payer's people.
  EXPECT_EQ(Parse(changed.body).fields().at("riskReasons").list_value().values_size(), 0);

  const std::string list = payee + "/bankAccounts";
  EXPECT_THAT(Texts(list, alder, "bankAccounts", "accountMasked"),
              ElementsAre("ending 7666", "ending 2333"));
  const auto page = Get(list + "?pageSize=1", alder);
  EXPECT_THAT(Texts(list + "?pageSize=1&pageToken=" + FieldOf(page.body, "nextPageToken"), alder,
                    "bankAccounts", "accountMasked"),
              ElementsAre("ending 2333"));
  EXPECT_THAT(Texts(list + "?filter=state%20%3D%20ACTIVE", alder, "bankAccounts", "accountMasked"),
              ElementsAre("ending 2333"));
  EXPECT_THAT(
      Texts(payer_name_ + "/payees/-/bankAccounts", SignIn("birch"), "bankAccounts", "name"),
      IsEmpty());
  EXPECT_EQ(Get(account, SignIn("birch")).status, 403);
  EXPECT_EQ(Get(list + "?filter=risk_score%20%3E%2030", alder).status, 400);

  EXPECT_THAT(
      Texts(payer_name_ + "/accountNotices", SignIn("first"), "accountNotices", "recipient"),
      ElementsAre("Pay desk, d***@example.org"));
  EXPECT_EQ(Get(payer_name_ + "/accountNotices", alder).status, 403);

  // The etag says which version: the one in use is stopped while the new one waits.
  const auto in_use = Get(account + "?version=1", alder);
  EXPECT_EQ(FieldOf(in_use.body, "state"), "BANK_ACCOUNT_STATE_ACTIVE");
  const auto stopped = Post(account + ":suspend", alder, R"({"reason":"we closed this account"})",
                            FieldOf(in_use.body, "etag"));
  ASSERT_EQ(stopped.status, 200) << stopped.body;
  EXPECT_EQ(FieldOf(stopped.body, "accountMasked"), "ending 2333");
  EXPECT_EQ(FieldOf(stopped.body, "state"), "BANK_ACCOUNT_STATE_SUSPENDED");
  const auto rejected = Command(account, "reject", SignIn("compliance", true),
                                R"({"reason":"nobody there knows of it"})");
  ASSERT_EQ(rejected.status, 200) << rejected.body;
  EXPECT_EQ(FieldOf(rejected.body, "accountMasked"), "ending 7666");
  EXPECT_EQ(FieldOf(rejected.body, "state"), "BANK_ACCOUNT_STATE_REJECTED");
}

// feature:M12
TEST_F(BankAccountCalls, AFormBringsAnAccountThatThePayeeProvesByTwoDeposits) {
  Fund(Dollars(10));
  const std::string payee = Enrolled(practice_, "Alder Clinic", "410000001");
  const auto form = [](const std::string& reason, const std::string& zip) {
    google::protobuf::Value text;
    text.set_string_value(fmt::format(
        "provider_name = Alder Clinic\nprovider_street = 1 Main Street\nprovider_city = "
        "Minneapolis\nprovider_state = MN\nprovider_zip = {}\ntin = 410000001\nnpi = 1234567893\n"
        "contact_name = Ann Lee\ncontact_phone = 612-555-0100\ncontact_email = "
        "ann@practice.example\ninstitution_name = First Bank\nrouting_number = 091000019\n"
        "account_type = checking\naccount_number = 550111222333\naccount_linkage = TIN\nreason = "
        "{}\nsignature = Ann Lee\nsubmission_date = 2026-09-30\naccount_ownership = business\n"
        "funds_go_abroad = no\nera_aggregation = TIN\nera_method = portal\n",
        zip, reason));
    google::protobuf::Struct body;
    (*body.mutable_fields())["form"] = text;
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(body, &json).ok());
    return json;
  };
  const std::string alder = SignIn("alder", true);
  const std::string enroll = payee + "/bankAccounts:enroll";
  const auto faulty = Post(enroll, alder, form("new", "5540"));
  EXPECT_EQ(faulty.status, 400) << faulty.body;
  EXPECT_THAT(faulty.body, HasSubstr("provider_zip"));
  EXPECT_THAT(faulty.body, Not(HasSubstr(kNumber)));
  EXPECT_EQ(Post(enroll, alder, form("change", "55401")).status, 400);  // of nothing
  const auto taken = Post(enroll, alder, form("new", "55401"));
  ASSERT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(FieldOf(taken.body, "state"), "BANK_ACCOUNT_STATE_SUBMITTED");
  EXPECT_THAT(taken.body, Not(HasSubstr(kNumber)));
  EXPECT_THAT(Texts(payee + "/preferences", SignIn("first"), "preferences", "delivery"),
              ElementsAre("REMITTANCE_DELIVERY_PORTAL"));

  const std::string account = FieldOf(taken.body, "name");
  ASSERT_EQ(
      Command(account, "startValidation", alder, R"({"test":"ACCOUNT_TEST_KIND_MICRO_DEPOSITS"})")
          .status,
      200);
  const auto confirm = [&](std::int64_t one, std::int64_t other) {
    return Command(account, "confirmMicroDeposits", alder,
                   fmt::format(R"({{"firstCents":{},"secondCents":{}}})", one, other));
  };
  EXPECT_EQ(confirm(1, 2).status, 400);  // not sent yet
  payments::AccountTestService tests(db_.App(), db_.Files(), payer_, *keys_, db_.Clock(),
                                     db_.Ids());
  const auto sent = tests.Send(program_, Settings(), kBusinessDate, kService);
  ASSERT_TRUE(sent.ok() && sent->has_value()) << StatusMessage(sent.status());
  std::vector<std::int64_t> cents;
  std::istringstream lines(DeliveredFiles().at((*sent)->file_name));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('6')) cents.push_back(std::stoll(line.substr(29, 10)));
  }
  ASSERT_EQ(cents.size(), 2U);
  EXPECT_EQ(confirm(100, 0).status, 400);  // cannot be an answer
  std::int64_t wrong = 1;
  while (wrong == cents[0] || wrong == cents[1]) ++wrong;
  const auto missed = confirm(cents[0], wrong);
  ASSERT_EQ(missed.status, 200) << missed.body;
  EXPECT_EQ(FieldOf(missed.body, "proof"), "ACCOUNT_PROOF_KIND_UNSPECIFIED");
  const auto right = confirm(cents[1], cents[0]);
  ASSERT_EQ(right.status, 200) << right.body;
  EXPECT_EQ(FieldOf(right.body, "proof"), "ACCOUNT_PROOF_KIND_MICRO_DEPOSITS");
}

TEST_F(BankAccountCalls, OneNumberAtTwoPayeesIsLookedAt) {
  const std::string first = PaidPayee(practice_, "Alder Clinic", "410000001", kNumber);
  const std::string second = Enrolled(other_, "Birch Clinic", "410000002");
  const std::string bank = SignIn("bank", true);
  ASSERT_EQ(Submit(bank, second, kNumber).status, 200);
  const std::string alerts = payer_name_ + "/accountAlerts";
  const auto names = Texts(alerts + "?filter=kind%20%3D%20SHARED%20AND%20cleared%20%3D%20false",
                           bank, "accountAlerts", "name");
  ASSERT_EQ(names.size(), 1U);
  EXPECT_THAT(Texts(alerts + "?filter=kind%20%3D%20SHARED", bank, "accountAlerts", "otherPayee"),
              ElementsAre(first));
  const auto shared = Get(payer_name_ + "/sharedAccounts", bank);
  EXPECT_THAT(shared.body, HasSubstr(first));
  EXPECT_THAT(shared.body, HasSubstr(second));
  EXPECT_THAT(shared.body, HasSubstr("ending 2333"));
  EXPECT_EQ(Get(payer_name_ + "/sharedAccounts", SignIn("alder")).status, 403);
  EXPECT_EQ(Get(alerts, SignIn("alder")).status, 403);
  const std::string note = R"({"note":"both belong to one owner"})";
  const auto cleared = Post(names.front() + ":clear", bank, note);
  ASSERT_EQ(cleared.status, 200) << cleared.body;
  EXPECT_TRUE(Parse(cleared.body).fields().at("cleared").bool_value());
  EXPECT_EQ(Post(names.front() + ":clear", bank, note).status, 400);
}

}  // namespace
}  // namespace sluice::api
