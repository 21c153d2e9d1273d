// A contract over the API, from a template to the day on which it is in force.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hierarchy/network_service.h"
#include "payments/run_store.h"
#include "performance/terms_codec.h"
#include "tests/api/server/performance_fixture.h"
#include "tests/performance/contracts/contract_samples.h"

namespace sluice::api {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kWhy[] = R"("reason":"as the committee agreed")";

class ContractCalls : public PerformanceFixture {
 protected:
  void SetUp() override {
    PerformanceFixture::SetUp();
    writer_ = SignIn("writer");
  }

  // A model with the network, for 2026.
  std::string Create(const std::string& source) {
    const auto made = Post(
        payer_name_ + "/contracts", writer_,
        fmt::format(R"({{"contract":{{"program":"{}","party":"{}",
                               "effective":{}}},"comment":"first text",{}}})",
                    program_name_, PartyText(network_), DaysJson(DateRange::Year(2026)), source));
    EXPECT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(At(made, "state"), "CONTRACT_STATE_MODEL");
    const std::string name = At(made, "name");
    return name.substr(0, name.rfind("/versions/"));
  }
  std::string CreateFromTerms() {
    return Create(
        fmt::format(R"("terms":{})", performance::TermsToJson(performance::SavingsContract())));
  }
  // The verb with the etag of the newest version as it stands.
  testing::HttpAnswer Verb(const std::string& contract, const std::string& verb,
                           const std::string& token, const std::string& body) {
    const auto newest = Get(contract + "/versions/latest", writer_);
    return Post(contract + "/versions/latest:" + verb, token, "{" + body + "}", At(newest, "etag"));
  }
  std::string Seen(const std::string& contract) {
    return fmt::format(R"("seenSha256":"{}")",
                       At(Get(contract + "/versions/latest", writer_), "termsSha256"));
  }
  void ToDraft(const std::string& contract) {
    const auto drafted =
        Verb(contract, "move", writer_, std::string(R"("to":"CONTRACT_STATE_DRAFT",)") + kWhy);
    ASSERT_EQ(drafted.status, 200) << drafted.body;
  }
  std::string ApproversJson() {
    return fmt::format(R"("approvers":["{}","{}"],{})", UserText(32), UserText(33), kWhy);
  }
  void ToSigned(const std::string& contract) {
    ToDraft(contract);
    ASSERT_EQ(Verb(contract, "submit", writer_, ApproversJson()).status, 200);
    const std::string seen = Seen(contract);
    ASSERT_EQ(Verb(contract, "approve", SignIn("approver", true), seen).status, 200);
    ASSERT_EQ(Verb(contract, "approve", SignIn("counsel", true), seen).status, 200);
    ASSERT_EQ(Verb(contract, "sign", writer_,
                   R"("side":"CONTRACT_SIDE_PAYER","signerName":"Ann Cole",)" + seen)
                  .status,
              200);
    const auto both =
        Verb(contract, "sign", SignIn("partner"),
             R"("side":"CONTRACT_SIDE_PARTY","signerName":"Dan Dale","signerTitle":"CEO",)" + seen);
    ASSERT_EQ(both.status, 200) << both.body;
    EXPECT_EQ(At(both, "state"), "CONTRACT_STATE_SIGNED");
    EXPECT_EQ(At(both, "signatures.1.signerName"), "Dan Dale");
  }
  // A contact on both sides, the target, and the pool.
  void SupplyWhatIsMissing(const std::string& contract) {
    hierarchy::NetworkService network(db_.App().ForPayer(payer_), payer_, db_.Clock());
    for (const PartyId party : {PartyId(), network_}) {
      const Status recorded =
          network.RecordContact(UserId(21), {.id = db_.Ids().Next<hierarchy::ContactTag>(),
                                             .party = party,
                                             .kind = hierarchy::ContactKind::kContract,
                                             .name = "Pat",
                                             .email = "pat@example.org",
                                             .phone = "",
                                             .valid = DateRange::From(MakeDate(2026, 1, 1))});
      ASSERT_TRUE(recorded.ok()) << StatusMessage(recorded);
    }
    const auto announced =
        Post(contract + ":announceTarget", writer_,
             fmt::format(R"({{"period":{},"announcedOn":{},"source":"letter of 3 November"}})",
                         DaysJson(DateRange::Year(2026)), DayJson(MakeDate(2025, 11, 3))));
    ASSERT_EQ(announced.status, 200) << announced.body;
    const Status pool = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      payments::InsertPool(tx, {.id = db_.Ids().Next<payments::PoolTag>(),
                                .book = program_.book,
                                .name = "Savings pool",
                                .bank_account = db_.Ids().Next<payments::BankAccountTag>()});
      return OkStatus();
    });
    ASSERT_TRUE(pool.ok()) << StatusMessage(pool);
  }

  std::string writer_;
};

// feature:C28
TEST_F(ContractCalls, AContractComesIntoForceByThePeopleWhoMust) {
  const std::string contract = CreateFromTerms();
  ToDraft(contract);
  // Named approvers, none of them an author.
  const auto by_author = Verb(contract, "submit", writer_,
                              fmt::format(R"("approvers":["{}"],{})", UserText(31), kWhy));
  EXPECT_EQ(by_author.status, 403) << by_author.body;
  const auto submitted = Verb(contract, "submit", writer_, ApproversJson());
  ASSERT_EQ(submitted.status, 200) << submitted.body;
  EXPECT_EQ(At(submitted, "state"), "CONTRACT_STATE_REVIEW");
  EXPECT_EQ(At(submitted, "approvers.1"), UserText(33));

  const std::string seen = Seen(contract);
  const std::string approver = SignIn("approver", true);
  EXPECT_EQ(Verb(contract, "approve", writer_, seen).status, 403);
  EXPECT_EQ(Verb(contract, "approve", SignIn("approver"), seen).status, 401);  // signed in long ago
  EXPECT_EQ(Verb(contract, "approve", SignIn("counsel", true), seen).status, 403);  // out of turn
  const auto other = Verb(contract, "approve", approver,
                          fmt::format(R"("seenSha256":"{}")", std::string(64, '0')));
  EXPECT_EQ(other.status, 409) << other.body;  // other terms than those that were read
  const auto old = Post(contract + "/versions/1:approve", approver, "{" + seen + "}", "\"old\"");
  EXPECT_EQ(old.status, 409) << old.body;
  EXPECT_EQ(At(old, "reason"), "ETAG_MISMATCH");
  // Returned once, it is approved anew.
  const auto returned = Verb(contract, "return", writer_, kWhy);
  ASSERT_EQ(returned.status, 200) << returned.body;
  EXPECT_EQ(At(returned, "state"), "CONTRACT_STATE_DRAFT");
  EXPECT_EQ(Verb(contract, "return", writer_, kWhy).status, 400);  // it is no longer in review
}

// feature:C28
TEST_F(ContractCalls, ActivationNamesEverythingThatIsMissing) {
  const std::string contract = CreateFromTerms();
  ToSigned(contract);
  EXPECT_THAT(Texts(contract + "/versions/latest:checkReadiness", "findings", "problem", writer_),
              ElementsAre("NO_CONTACT", "NO_CONTACT", "TARGET_NOT_ANNOUNCED", "NOT_FUNDED"));
  const std::string approver = SignIn("approver", true);
  const auto early = Verb(contract, "activate", approver, kWhy);
  EXPECT_EQ(At(early, "code"), "FAILED_PRECONDITION") << early.body;
  EXPECT_THAT(At(early, "detail"), HasSubstr("NOT_FUNDED"));

  SupplyWhatIsMissing(contract);
  const auto checked =
      Verb(contract, "activate", approver, std::string(kWhy) + R"(,"validateOnly":true)");
  EXPECT_EQ(At(checked, "state"), "CONTRACT_STATE_ACTIVE") << checked.body;
  EXPECT_EQ(At(Get(contract, writer_), "activeVersion"), "0");
  const auto active = Verb(contract, "activate", approver, kWhy);
  ASSERT_EQ(active.status, 200) << active.body;
  EXPECT_EQ(At(Get(contract, writer_), "activeVersion"), "1");

  const std::string list = payer_name_ + "/contracts?filter=";
  EXPECT_THAT(Texts(list + "state%20%3D%20ACTIVE", "contracts", "name", writer_),
              ElementsAre(contract));
  EXPECT_THAT(Texts(list + "latest_state%20%3D%20DRAFT", "contracts", "name", writer_), IsEmpty());
  const auto ended = Verb(contract, "move", writer_,
                          fmt::format(R"("to":"CONTRACT_STATE_SETTLED","effectiveOn":{},{})",
                                      DayJson(MakeDate(2026, 9, 1)), kWhy));
  EXPECT_EQ(At(ended, "state"), "CONTRACT_STATE_SETTLED") << ended.body;
}

// feature:C09
TEST_F(ContractCalls, AnEditIsANewVersionThatIsComparedAndRead) {
  const std::string contract = CreateFromTerms();
  performance::Terms terms = performance::SavingsContract();
  terms.title = "Two-sided shared savings, amended";
  std::get<performance::Cap>(terms.components[4].rule).limits[0].amount =
      performance::ShareOfFact{Rate::FromPercent(8), "benchmark"};
  const auto edit = [&](const std::string& etag, const std::string& more = "") {
    return Post(contract + ":edit", writer_,
                fmt::format(R"({{"effective":{},"comment":"a lower cap","terms":{}{}}})",
                            DaysJson(DateRange::Year(2026)), performance::TermsToJson(terms), more),
                etag);
  };
  const std::string etag = At(Get(contract, writer_), "etag");
  EXPECT_EQ(At(edit(etag, R"(,"validateOnly":true)"), "version"), "2");
  const auto edited = edit(etag);
  ASSERT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(At(edited, "version"), "2");
  EXPECT_EQ(At(edited, "state"), "CONTRACT_STATE_DRAFT");
  EXPECT_EQ(edit(etag).status, 409);  // somebody edited since
  const auto whole = Get(contract, writer_);
  EXPECT_EQ(At(whole, "versions.0.comment"), "a lower cap");
  EXPECT_EQ(At(whole, "versions.1.state"), "CONTRACT_STATE_SUPERSEDED");
  EXPECT_EQ(edit(At(whole, "etag")).status, 400);  // it says the same

  const std::string diff = contract + ":diff?fromVersion=1&toVersion=2";
  EXPECT_THAT(Texts(diff, "changes", "before", writer_), Contains("10 %"));
  EXPECT_THAT(Texts(diff, "changes", "author", writer_), Contains(UserText(31)));
  EXPECT_EQ(Get(contract + ":diff?fromVersion=1&toVersion=7", writer_).status, 404);
  const auto text = Get(contract + "/versions/2:render", writer_);
  EXPECT_EQ(text.status, 200);
  EXPECT_THAT(text.body, HasSubstr("8 %"));
  EXPECT_EQ(Get(contract + "/versions/9", writer_).status, 404);
  EXPECT_EQ(Get(contract + "/versions/newest", writer_).status, 400);
}

// feature:C01
TEST_F(ContractCalls, ATemplateFillsANewContract) {
  const std::string contract = CreateFromTerms();
  const auto saved = Post(payer_name_ + "/contractTemplates:save", writer_,
                          fmt::format(R"({{"contractVersion":"{}/versions/1",
                              "displayName":"Two-sided savings","comment":"for networks",
                              "parameters":[{{"parameterName":"cap",
                                "path":"components[4].cap.limits[0].share_of.rate_millionths",
                                "description":"the most of the benchmark"}}]}})",
                                      contract));
  ASSERT_EQ(saved.status, 200) << saved.body;
  const std::string name = At(saved, "name");
  EXPECT_EQ(At(Get(name, writer_), "parameters.0.parameterName"), "cap");
  const std::string list = payer_name_ + "/contractTemplates?filter=display_name%20%3A%20%22two%22";
  EXPECT_THAT(Texts(list, "contractTemplates", "name", writer_), ElementsAre(name));
  const std::string made =
      Create(fmt::format(R"("templateUse":{{"template":"{}","values":{{"cap":"12 %"}}}})", name));
  const auto version = Get(made + "/versions/1", writer_);
  EXPECT_EQ(At(version, "madeFrom.values.cap"), "12 %");
  EXPECT_EQ(At(version, "terms.components.4.cap.limits.0.shareOf.rateMillionths"), "120000");
  EXPECT_EQ(Get(name, SignIn("aco")).status, 403);

  // Two contracts, one a page.
  const std::string contracts = payer_name_ + "/contracts?page_size=1";
  const auto first = Get(contracts, writer_);
  EXPECT_EQ(At(first, "contracts.0.name"), contract);
  const std::string token = At(first, "nextPageToken");
  EXPECT_THAT(Texts(contracts + "&page_token=" + token, "contracts", "name", writer_),
              ElementsAre(made));
}

// feature:X01
TEST_F(ContractCalls, ANetworkSeesItsContractOnceItWasApproved) {
  const std::string contract = CreateFromTerms();
  const std::string aco = SignIn("aco");
  EXPECT_EQ(Get(contract, aco).status, 403);
  EXPECT_THAT(Texts(payer_name_ + "/contracts", "contracts", "name", aco), IsEmpty());
  ToSigned(contract);
  EXPECT_EQ(Get(contract, aco).status, 200);
  EXPECT_THAT(Texts(payer_name_ + "/contracts", "contracts", "name", aco), ElementsAre(contract));
  EXPECT_EQ(At(Get(contract + "/versions/latest", aco), "version"), "1");
  // The next draft is the payer's own until then, for each who asks.
  performance::Terms terms = performance::SavingsContract();
  terms.title = "Only thought of";
  const auto edited =
      Post(contract + ":edit", writer_,
           fmt::format(R"({{"effective":{},"comment":"what if","terms":{}}})",
                       DaysJson(DateRange::Year(2026)), performance::TermsToJson(terms)),
           At(Get(contract, writer_), "etag"));
  ASSERT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(At(Get(contract + "/versions/latest", aco), "version"), "1");
  EXPECT_EQ(Get(contract + "/versions/2", aco).status, 403);
  EXPECT_EQ(Get(contract + ":diff?fromVersion=1&toVersion=2", aco).status, 404);
  EXPECT_THAT(Get(contract, aco).body, Not(HasSubstr("what if")));
  EXPECT_THAT(
      Texts(payer_name_ + "/contracts?filter=latest_state%20%3D%20DRAFT", "contracts", "name", aco),
      IsEmpty());
  // It is nobody else's, not of a practice below either.
  EXPECT_EQ(Get(contract, SignIn("practice")).status, 403);
  EXPECT_EQ(Get(contract, SignIn("outsider")).status, 403);
  EXPECT_EQ(Get(contract + "/versions/1:checkReadiness", aco).status, 403);
}

// feature:C27
TEST_F(ContractCalls, DatesFallDueAndAreMet) {
  const std::string contract = CreateFromTerms();
  const std::string items =
      contract + "/calendarItems?" + DaysQuery("window", DateRange::Year(2026));
  EXPECT_THAT(Texts(items, "calendarItems", "title", writer_),
              IsSupersetOf({"quarterly advance", "attribution audit"}));
  const auto first = Get(items + "&page_size=2", writer_);
  const std::string second = items + "&page_size=2&page_token=" + At(first, "nextPageToken");
  EXPECT_THAT(Texts(second, "calendarItems", "name", writer_), SizeIs(2));
  EXPECT_THAT(Texts(second, "calendarItems", "name", writer_),
              Not(Contains(At(first, "calendarItems.1.name"))));

  const std::string overdue = items + "&overdue_only=true";
  const std::string item = At(Get(overdue, writer_), "calendarItems.0.name");
  ASSERT_FALSE(item.empty());
  const std::string done =
      fmt::format(R"({{"doneOn":{},"note":"paid"}})", DayJson(MakeDate(2026, 1, 15)));
  const auto met = Post(item + ":complete", writer_, done);
  ASSERT_EQ(met.status, 200) << met.body;
  EXPECT_EQ(At(met, "doneOn.day"), "15");
  EXPECT_EQ(At(Post(item + ":complete", writer_, done), "code"), "ALREADY_EXISTS");
  EXPECT_THAT(Texts(overdue, "calendarItems", "name", writer_), Not(Contains(item)));
  EXPECT_EQ(Post(contract + "/calendarItems/2026-01-01-none:complete", writer_, done).status, 404);
}

TEST_F(ContractCalls, WhatIsWrongIsNamed) {
  const auto without =
      Post(payer_name_ + "/contracts", writer_,
           fmt::format(R"({{"contract":{{"program":"{}","party":"{}",
                                "effective":{}}},"comment":"no terms"}})",
                       program_name_, PartyText(network_), DaysJson(DateRange::Year(2026))));
  EXPECT_EQ(without.status, 400);
  EXPECT_EQ(At(without, "errors.0.field"), "terms");
  const std::string foreign_party = fmt::format("payers/{}/parties/{}", PayerId(77), network_);
  const auto foreign =
      Post(payer_name_ + "/contracts", writer_,
           fmt::format(R"({{"contract":{{"program":"{}","party":"{}","effective":{}}},
               "comment":"another's party","terms":{}}})",
                       program_name_, foreign_party, DaysJson(DateRange::Year(2026)),
                       performance::TermsToJson(performance::SavingsContract())));
  EXPECT_EQ(At(foreign, "errors.0.field"), "contract.party") << foreign.body;
  EXPECT_EQ(Get(payer_name_ + "/contracts?filter=colour%20%3D%20RED", writer_).status, 400);
}

}  // namespace
}  // namespace sluice::api
