// The hierarchy and the networks of contracts over the API: who belongs to whom on a day, as it was
// known, and what follows for who sees what.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <span>

#include "hierarchy/hierarchy_service.h"
#include "performance/program_store.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using google::protobuf::Struct;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class AffiliationCalls : public ServerFixture {
 protected:
  void SetUp() override {
    ServerFixture::SetUp();
    people_ = SignIn("people");
    aco_ = SignIn("aco");
  }

  std::string NameOf(PartyId party) { return fmt::format("{}/parties/{}", payer_name_, party); }
  std::string NextId() { return fmt::format("0195f3c2-0000-8000-8000-{:012}", ++last_id_); }
  static std::string DateJson(Date day) {
    const std::chrono::year_month_day date(day);
    return fmt::format(R"({{"year":{},"month":{},"day":{}}})", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  }
  static Struct Parse(const std::string& json) {
    Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
    return parsed;
  }
  std::string SpanJson(PartyId parent, PartyId child, Date from, const std::string& more = "") {
    return fmt::format(R"({{"parent":"{}","child":"{}","role":"member","valid":{{"from":{}}}{}}})",
                       NameOf(parent), NameOf(child), DateJson(from), more);
  }
  testing::HttpAnswer Record(const std::string& token, const std::string& spans,
                             bool validate_only = false) {
    return Https(
        "POST", fmt::format("/v1/{}/affiliations:record", payer_name_), token,
        fmt::format(
            R"({{"affiliations":[{}],"source":"a letter","validateOnly":{},"requestId":"{}"}})",
            spans, validate_only, NextId()));
  }
  testing::HttpAnswer End(const std::string& token, const std::string& name, Date end) {
    return Https("POST", "/v1/" + name + ":end", token,
                 fmt::format(R"({{"end":{},"source":"they left","requestId":"{}"}})", DateJson(end),
                             NextId()));
  }
  // One field of each item of a list.
  std::vector<std::string> Texts(const std::string& target, const std::string& list,
                                 const std::string& field, const std::string& token) {
    const auto answer = Https("GET", fmt::format("/v1/{}", target), token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::string> texts;
    const Struct parsed = Parse(answer.body);
    for (const auto& item : parsed.fields().at(list).list_value().values()) {
      texts.push_back(item.struct_value().fields().at(field).string_value());
    }
    next_ = FieldOf(answer.body, "nextPageToken");
    return texts;
  }
  std::vector<std::string> Children(const std::string& token, const std::string& query = "") {
    return Texts(NameOf(network_) + ":listChildren" + query, "children", "child", token);
  }
  static std::string QuotedJson(const std::string& text) {
    google::protobuf::Value value;
    value.set_string_value(text);
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(value, &json).ok());
    return json;
  }
  Date Today() { return db_.Clock().Now().UtcDate(); }

  std::string people_;
  std::string aco_;
  std::string next_;
  int last_id_ = 0;
  int rule_ = 0;
};

// feature:H04 feature:X02
TEST_F(AffiliationCalls, AnAffiliationThatEndsEndsAccessFromThatDayOn) {
  const std::string sharing = NameOf(outside_);
  ASSERT_EQ(Https("GET", "/v1/" + sharing, aco_).status, 403);
  const auto joined = Record(people_, SpanJson(network_, outside_, MakeDate(2026, 2, 1)));
  ASSERT_EQ(joined.status, 200) << joined.body;
  EXPECT_NE(FieldOf(joined.body, "version"), "");
  EXPECT_EQ(Https("GET", "/v1/" + sharing, aco_).status, 200);  // with the next call
  EXPECT_THAT(Children(aco_),
              UnorderedElementsAre(NameOf(practice_), NameOf(other_), NameOf(outside_)));

  const std::string span = Texts(sharing + ":listParents", "parents", "name", people_).front();
  // What ends tomorrow holds today.
  const auto tomorrow = End(people_, span, Today() + Days(1));
  ASSERT_EQ(tomorrow.status, 200) << tomorrow.body;
  EXPECT_EQ(Https("GET", "/v1/" + sharing, aco_).status, 200);
  const auto ended = End(people_, span, Today());
  ASSERT_EQ(ended.status, 200) << ended.body;
  EXPECT_EQ(FieldOf(ended.body, "name"), span);
  EXPECT_EQ(Https("GET", "/v1/" + sharing, aco_).status, 403);
  EXPECT_EQ(Grpc("sluice.hierarchy.v1.AffiliationService", "ListParents",
                 fmt::format(R"({{"name":"{}"}})", sharing), aco_)
                .code,
            7);
  // Not even as of a day on which it held.
  EXPECT_THAT(Children(aco_, "?asOf.day.year=2026&asOf.day.month=3&asOf.day.day=1"),
              UnorderedElementsAre(NameOf(practice_), NameOf(other_)));
  // Whoever sees the whole payer sees what was.
  EXPECT_THAT(Children(people_, "?asOf.day.year=2026&asOf.day.month=3&asOf.day.day=1"),
              UnorderedElementsAre(NameOf(practice_), NameOf(other_), NameOf(outside_)));
  const auto again = End(people_, span, Today());
  EXPECT_EQ(FieldOf(again.body, "code"), "FAILED_PRECONDITION") << again.body;
}

// feature:H01
TEST_F(AffiliationCalls, TwoNetworksShareAPracticeAndNeitherSeesTheOther) {
  hierarchy::ChangeSet change;
  const auto second = db_.Ids().Next<PartyTag>();
  change.AddParty({second, hierarchy::PartyKind::kAco}, "Second Network", MakeDate(2026, 1, 1), {});
  ASSERT_TRUE(hierarchy::HierarchyService(db_.App(), db_.Clock())
                  .Apply(payer_, change, {.source = "test", .recorded_at = {}})
                  .ok());
  ASSERT_EQ(Record(people_, SpanJson(second, practice_, MakeDate(2026, 1, 1))).status, 200);
  const std::string parents = NameOf(practice_) + ":listParents";
  EXPECT_THAT(Texts(parents, "parents", "parent", people_),
              UnorderedElementsAre(NameOf(network_), NameOf(second)));
  EXPECT_THAT(Texts(parents, "parents", "parent", aco_), ElementsAre(NameOf(network_)));
  EXPECT_THAT(Texts(payer_name_ + "/affiliations", "affiliations", "parent", aco_),
              ElementsAre(NameOf(network_), NameOf(network_)));
  // The practice knows what it belongs to.
  AddPerson(UserId(30), "alder", {Role::kProviderViewer}, practice_);
  EXPECT_THAT(Texts(parents, "parents", "parent", SignIn("alder")),
              UnorderedElementsAre(NameOf(network_), NameOf(second)));
  const auto path = Https(
      "GET", fmt::format("/v1/{}:listPaths?to={}", NameOf(second), NameOf(practice_)), people_);
  EXPECT_THAT(path.body, HasSubstr(fmt::format(R"("parent":"{}")", NameOf(second))));
  EXPECT_EQ(
      Https("GET", fmt::format("/v1/{}:listPaths?to={}", NameOf(second), NameOf(practice_)), aco_)
          .status,
      403);
}

// feature:H02
TEST_F(AffiliationCalls, WhatDoesNotFitIsRefusedWithEveryFinding) {
  const auto circle = Record(people_, SpanJson(network_, practice_, MakeDate(2026, 3, 1)) + "," +
                                          SpanJson(practice_, network_, MakeDate(2026, 1, 1)));
  EXPECT_EQ(circle.status, 400) << circle.body;
  EXPECT_THAT(FieldOf(circle.body, "detail"), HasSubstr("CYCLE"));
  const auto overlap = Record(people_, SpanJson(network_, practice_, MakeDate(2026, 3, 1)));
  EXPECT_EQ(FieldOf(overlap.body, "code"), "FAILED_PRECONDITION") << overlap.body;
  EXPECT_THAT(FieldOf(overlap.body, "detail"), HasSubstr("OVERLAPPING_AFFILIATION"));
  // Nothing was written, and checking alone writes nothing either.
  EXPECT_EQ(Record(people_, SpanJson(network_, outside_, MakeDate(2026, 3, 1)), true).status, 200);
  EXPECT_THAT(Children(people_), UnorderedElementsAre(NameOf(practice_), NameOf(other_)));
  // Who holds the right for a part of the payer changes nothing that nobody approves afterward.
  EXPECT_EQ(Record(aco_, SpanJson(network_, outside_, MakeDate(2026, 3, 1))).status, 403);
}

TEST_F(AffiliationCalls, PagesGoOnBehindWhatComesInBetween) {
  const std::string list = payer_name_ + "/affiliations";
  const auto first = Texts(list + "?pageSize=1&orderBy=role", "affiliations", "child", people_);
  ASSERT_EQ(first.size(), 1);
  ASSERT_EQ(Record(people_, SpanJson(network_, outside_, MakeDate(2026, 2, 1))).status, 200);
  std::vector<std::string> seen = first;
  while (!next_.empty()) {
    for (const std::string& child : Texts(list + "?pageSize=1&orderBy=role&pageToken=" + next_,
                                          "affiliations", "child", people_)) {
      seen.push_back(child);
    }
  }
  EXPECT_THAT(seen, UnorderedElementsAre(NameOf(practice_), NameOf(other_), NameOf(outside_)));
  EXPECT_THAT(Texts(fmt::format("{}?filter=child%20%3D%20%22{}%22", list, NameOf(outside_)),
                    "affiliations", "child", people_),
              ElementsAre(NameOf(outside_)));
}

// feature:H04
TEST_F(AffiliationCalls, TwoAnswersAreCompared) {
  const Instant before = db_.Clock().Now();
  db_.Clock().AdvanceMicros(60'000'000);
  ASSERT_EQ(Record(people_, SpanJson(network_, outside_, MakeDate(2026, 2, 1))).status, 200);
  const auto diff = [&](const std::string& token, const std::string& more = "") {
    return Https("GET",
                 fmt::format("/v1/{}/affiliations:diff?before.knownAt={}&after.day.year=2026"
                             "&after.day.month=12&after.day.day=1&before.day.year=2026"
                             "&before.day.month=12&before.day.day=1{}",
                             payer_name_, before.ToString(), more),
                 token);
  };
  const auto whole = diff(people_);
  ASSERT_EQ(whole.status, 200) << whole.body;
  const Struct parsed = Parse(whole.body);
  EXPECT_EQ(parsed.fields().at("added").list_value().values_size(), 1);
  EXPECT_THAT(whole.body, HasSubstr(outside_.ToString()));
  EXPECT_EQ(parsed.fields().at("removed").list_value().values_size(), 0);
  EXPECT_EQ(Parse(diff(people_, "&below=" + NameOf(practice_)).body)
                .fields()
                .at("added")
                .list_value()
                .values_size(),
            0);
  EXPECT_EQ(diff(SignIn("maker"), "&below=payers").status, 400);
}

// feature:H11
TEST_F(AffiliationCalls, AContractSaysWhoIsInItsNetwork) {
  const ContractId contract = db_.Ids().Next<ContractTag>();
  ASSERT_TRUE(db_.App()
                  .ForPayer(payer_)
                  .Transact([&](pg::Transaction& tx) -> Status {
                    const performance::Contract made{.id = contract,
                                                     .payer = payer_,
                                                     .program = program_.program,
                                                     .party = network_,
                                                     .effective = DateRange::Year(2026)};
                    performance::InsertContracts(tx, std::span(&made, 1));
                    return OkStatus();
                  })
                  .ok());
  const std::string name = fmt::format("{}/contracts/{}", payer_name_, contract);
  const auto record = [&](const std::string& token, PartyId party, const std::string& kind) {
    return Https(
        "POST", fmt::format("/v1/{}/networkRules:record", name), token,
        fmt::format(R"({{"rules":[{{"number":{},"kind":"NETWORK_RULE_KIND_{}","party":"{}",
                     "valid":{{"from":{}}},"reason":"as agreed"}}],"requestId":"{}"}})",
                    ++rule_, kind, NameOf(party), DateJson(MakeDate(2026, 1, 1)), NextId()));
  };
  const auto decide = [&](const std::string& token, PartyId provider) {
    return Https("GET", fmt::format("/v1/{}:decideNetwork?provider={}", name, NameOf(provider)),
                 token);
  };
  EXPECT_EQ(decide(people_, practice_).status, 404);  // not decided is not assumed
  ASSERT_EQ(record(people_, network_, "AFFILIATES").status, 200);
  const auto rules = record(people_, other_, "EXCLUDE");
  ASSERT_EQ(rules.status, 200) << rules.body;
  EXPECT_EQ(Parse(rules.body).fields().at("rules").list_value().values_size(), 2);
  EXPECT_THAT(decide(people_, practice_).body, HasSubstr(R"("inNetwork":true)"));
  EXPECT_THAT(decide(people_, other_).body, HasSubstr("named out by rule 2"));
  // The network reads its own contract, decides for its own practices, and writes no rules.
  EXPECT_THAT(Texts(name + "/networkRules?pageSize=1", "networkRules", "reason", aco_),
              ElementsAre("as agreed"));
  EXPECT_THAT(next_, Not(IsEmpty()));
  EXPECT_EQ(decide(aco_, practice_).status, 200);
  EXPECT_EQ(decide(aco_, outside_).status, 403);
  EXPECT_EQ(record(aco_, outside_, "INCLUDE").status, 403);
  const auto nobody = record(people_, db_.Ids().Next<PartyTag>(), "INCLUDE");
  EXPECT_THAT(FieldOf(nobody.body, "detail"), HasSubstr("there is no such party")) << nobody.body;
}

// feature:H06
TEST_F(AffiliationCalls, CasesAreListedByTheirState) {
  for (const PartyId party : {practice_, outside_}) {
    const auto opened = Https("POST", fmt::format("/v1/{}/onboarding:open", NameOf(party)), people_,
                              fmt::format(R"({{"requestId":"{}"}})", NextId()));
    ASSERT_EQ(opened.status, 200) << opened.body;
    db_.Clock().AdvanceMicros(1'000'000);
    if (party != practice_) continue;
    EXPECT_EQ(Https("POST", fmt::format("/v1/{}/onboarding:submit", NameOf(party)), people_,
                    fmt::format(R"({{"etag":{},"requestId":"{}"}})",
                                QuotedJson(FieldOf(opened.body, "etag")), NextId()))
                  .status,
              200);
    db_.Clock().AdvanceMicros(1'000'000);
  }
  const std::string cases = payer_name_ + "/onboardingCases";
  const auto case_of = [&](PartyId party) { return NameOf(party) + "/onboarding"; };
  EXPECT_THAT(Texts(cases, "onboardingCases", "name", people_),
              ElementsAre(case_of(outside_), case_of(practice_)));
  EXPECT_THAT(Texts(cases + "?pageSize=1", "onboardingCases", "name", people_),
              ElementsAre(case_of(outside_)));
  EXPECT_THAT(Texts(cases + "?pageSize=1&pageToken=" + next_, "onboardingCases", "name", people_),
              ElementsAre(case_of(practice_)));
  EXPECT_THAT(Texts(cases + "?filter=state%20%3D%20SUBMITTED", "onboardingCases", "name", people_),
              ElementsAre(case_of(practice_)));
  EXPECT_THAT(Texts(cases, "onboardingCases", "name", aco_), ElementsAre(case_of(practice_)));
}

}  // namespace
}  // namespace sluice::api
