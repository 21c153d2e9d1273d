// What the service does with a call before and after its handler, through whole servers: who may,
// what is kept, what is recorded, which pages a list has.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <thread>

#include "hierarchy/hierarchy_service.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kFirstId[] = "0195f3c2-0000-8000-8000-000000000001";
constexpr char kSecondId[] = "0195f3c2-0000-8000-8000-000000000002";
constexpr char kApprove[] = "sluice.payments.v1.RunService/ApproveRun";

class Approving : public ServerFixture {
 protected:
  testing::HttpAnswer Approve(const std::string& token, const std::string& id,
                              const std::string& etag, testing::HttpHeaders headers = {}) {
    return Https("POST", "/v1/" + run_name_ + ":approve", token, ApproveBody(id, etag),
                 std::move(headers));
  }
};

// feature:M08
TEST_F(Approving, TwoPeopleApproveOverEitherTransport) {
  AddRun();
  const std::string first = SignIn("first", true);
  const auto one = Approve(first, kFirstId, EtagOfRun(first));
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(FieldOf(one.body, "state"), "RUN_STATE_IN_REVIEW");
  EXPECT_EQ(one.headers.at("etag"), FieldOf(one.body, "etag"));
  const std::string second = SignIn("second", true);
  const auto two =
      Grpc(kRuns, "ApproveRun", ApproveBody(kSecondId, FieldOf(one.body, "etag")), second);
  ASSERT_EQ(two.code, 0) << two.message;
  EXPECT_EQ(FieldOf(two.json, "state"), "RUN_STATE_APPROVED");
  EXPECT_EQ(CountEvents(AuditDecision::kAllowed, kApprove), 2);
}

TEST_F(Approving, TheSameIdGivesTheSameAnswer) {
  AddRun();
  const std::string first = SignIn("first", true);
  const std::string etag = EtagOfRun(first);
  const auto one = Approve(first, kFirstId, etag);
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_FALSE(one.headers.contains("idempotent-replay"));
  const auto again = Approve(first, kFirstId, etag);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, one.body);
  EXPECT_EQ(again.headers.at("idempotent-replay"), "true");
  const auto grpc = Grpc(kRuns, "ApproveRun", ApproveBody(kFirstId, etag), first);
  EXPECT_EQ(grpc.json, one.body);
  EXPECT_EQ(grpc.trailers.at("idempotent-replay"), "true");
  EXPECT_EQ(CountEvents(AuditDecision::kAllowed, kApprove), 1);
}

TEST_F(Approving, AnIdOfAnotherRequestIsRefusedAndSaysWhatDiffers) {
  AddRun();
  const std::string first = SignIn("first", true);
  ASSERT_EQ(Approve(first, kFirstId, EtagOfRun(first)).status, 200);
  const auto other = Approve(first, kFirstId, "\"another\"");
  EXPECT_EQ(other.status, 422) << other.body;
  EXPECT_EQ(FieldOf(other.body, "reason"), "ID_REUSED");
  EXPECT_THAT(FieldOf(other.body, "detail"), HasSubstr("etag stored"));
}

TEST_F(Approving, AtOnceWithOneIdThereIsOneVoteAndOneAnswer) {
  AddRun();
  const std::string first = SignIn("first", true);
  const std::string etag = EtagOfRun(first);
  std::vector<testing::HttpAnswer> answers(4);
  std::vector<std::thread> threads;
  for (testing::HttpAnswer& answer : answers) {
    threads.emplace_back([&] { answer = Approve(first, kFirstId, etag); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const testing::HttpAnswer& answer : answers) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, answers.front().body);
  }
  EXPECT_EQ(CountEvents(AuditDecision::kAllowed, kApprove), 1);
}

TEST_F(Approving, WhatWasChangedSinceItWasReadIsNotApproved) {
  AddRun();
  const std::string first = SignIn("first", true);
  const auto stale = Approve(first, kFirstId, "\"another\"");
  EXPECT_EQ(stale.status, 409) << stale.body;
  EXPECT_EQ(FieldOf(stale.body, "reason"), "ETAG_MISMATCH");
  const auto by_header = Approve(first, kSecondId, "", {{"If-Match", "\"another\""}});
  EXPECT_EQ(by_header.status, 412) << by_header.body;
  // Nothing was kept: the same id may be sent again with what is right.
  EXPECT_EQ(Approve(first, kFirstId, EtagOfRun(first)).status, 200);
}

TEST_F(Approving, ASignInThatIsOldIsNotEnough) {
  AddRun();
  const std::string first = SignIn("first");
  const auto old = Approve(first, kFirstId, EtagOfRun(first));
  EXPECT_EQ(old.status, 401) << old.body;
  EXPECT_EQ(FieldOf(old.body, "reason"), "STEP_UP_REQUIRED");
}

// feature:X04
TEST_F(Approving, ADenialIsOneTextAndIsRecorded) {
  AddRun();
  const std::string maker = SignIn("maker", true);
  const auto denied = Approve(maker, kFirstId, EtagOfRun(maker));
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(FieldOf(denied.body, "detail"), kDeniedText);
  EXPECT_EQ(CountEvents(AuditDecision::kDenied, kApprove), 1);
}

TEST_F(Approving, ARefusalByStateIsKeptWithItsId) {
  AddRun(Dollars(9'000));  // the pool has 5,000
  const std::string first = SignIn("first", true);
  ASSERT_EQ(Approve(first, kFirstId, EtagOfRun(first)).status, 200);
  const std::string second = SignIn("second", true);
  const std::string etag = EtagOfRun(second);
  const auto short_of = Approve(second, kSecondId, etag);
  EXPECT_EQ(short_of.status, 400) << short_of.body;
  EXPECT_EQ(FieldOf(short_of.body, "code"), "FAILED_PRECONDITION");
  EXPECT_THAT(FieldOf(short_of.body, "detail"), HasSubstr("short by $4,000.00"));
  Fund(Dollars(5'000));
  const auto again = Approve(second, kSecondId, etag);
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(FieldOf(again.body, "detail"), FieldOf(short_of.body, "detail"));
  const auto anew = Approve(second, "0195f3c2-0000-8000-8000-000000000003", EtagOfRun(second));
  EXPECT_EQ(anew.status, 200) << anew.body;
  EXPECT_EQ(FieldOf(anew.body, "state"), "RUN_STATE_APPROVED");
}

TEST_F(Approving, AWrongRequestNamesItsFields) {
  AddRun();
  const std::string first = SignIn("first", true);
  const auto missing = Https("POST", "/v1/" + run_name_ + ":approve", first, "{}");
  EXPECT_EQ(missing.status, 400);
  for (const char* const field : {"seen_digest", "etag", "request_id"}) {
    EXPECT_THAT(missing.body, HasSubstr(field));
  }
  EXPECT_EQ(Approve(first, "not-a-uuid", EtagOfRun(first)).status, 400);
}

TEST_F(Approving, ACookieNeedsItsToken) {
  AddRun();
  testing::HttpClient browser = Connect();
  const auto sign_in = [&](const std::string& path, const testing::HttpHeaders& headers,
                           const std::string& body) {
    return browser.Send("POST", path, headers, body);
  };
  const auto signed_in = sign_in(
      "/auth/sign-in", {},
      fmt::format(R"({{"payer":"{}","name":"first","password":"correct horse battery"}})", payer_));
  ASSERT_EQ(signed_in.status, 200);
  EXPECT_THAT(signed_in.body, Not(HasSubstr("\"token\"")));
  const std::string set = signed_in.headers.at("set-cookie");
  EXPECT_THAT(set, HasSubstr("; Path=/; Secure; HttpOnly; SameSite=Strict"));
  std::string cookie = set.substr(0, set.find(';'));
  const auto again =
      sign_in("/auth/step-up", {{"Cookie", cookie}}, R"({"password":"correct horse battery"})");
  ASSERT_EQ(again.status, 200) << again.body;
  cookie = again.headers.at("set-cookie").substr(0, again.headers.at("set-cookie").find(';'));
  const std::string path = "/v1/" + run_name_ + ":approve";
  const std::string etag =
      FieldOf(browser.Send("GET", "/v1/" + run_name_, {{"Cookie", cookie}}).body, "etag");
  const std::string body = ApproveBody(kFirstId, etag);
  const auto forged = browser.Send("POST", path, {{"Cookie", cookie}}, body);
  EXPECT_EQ(forged.status, 403) << forged.body;
  EXPECT_EQ(FieldOf(forged.body, "reason"), "CSRF");
  const auto meant = browser.Send(
      "POST", path, {{"Cookie", cookie}, {"X-CSRF-Token", FieldOf(again.body, "csrfToken")}}, body);
  EXPECT_EQ(meant.status, 200) << meant.body;
}

class Seeing : public ServerFixture {
 protected:
  std::vector<std::string> Names(const std::string& token, const std::string& query = "") {
    const auto answer = Https("GET", fmt::format("/v1/{}/parties{}", payer_name_, query), token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    google::protobuf::Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(answer.body, &parsed).ok());
    std::vector<std::string> names;
    for (const auto& party : parsed.fields().at("parties").list_value().values()) {
      names.push_back(party.struct_value().fields().at("displayName").string_value());
    }
    next_ = FieldOf(answer.body, "nextPageToken");
    return names;
  }
  int StatusOf(PartyId party, const std::string& token) {
    return Https("GET", fmt::format("/v1/{}/parties/{}", payer_name_, party), token).status;
  }

  std::string next_;
};

// feature:X01
TEST_F(Seeing, ANetworkSeesItsPracticesAndNobodyElse) {
  const std::string aco = SignIn("aco");
  EXPECT_THAT(Names(aco), ElementsAre("Alder Clinic", "Birch Clinic", "Prairie Network"));
  EXPECT_EQ(StatusOf(practice_, aco), 200);
  // What is there and may not be seen looks like what is not there.
  EXPECT_EQ(StatusOf(outside_, aco), 403);
  EXPECT_EQ(StatusOf(db_.Ids().Next<PartyTag>(), aco), 403);
  EXPECT_EQ(CountEvents(AuditDecision::kDenied, "sluice.hierarchy.v1.PartyService/GetParty"), 2);
}

// feature:X01
TEST_F(Seeing, AnAffiliationThatEndsEndsAccess) {
  const std::string aco = SignIn("aco");
  ASSERT_EQ(StatusOf(other_, aco), 200);
  hierarchy::ChangeSet change;
  change.affiliations.push_back(
      {network_, other_, "member",
       DateRange::Between(MakeDate(2026, 1, 1), db_.Clock().Now().UtcDate()), false});
  const hierarchy::HierarchyService service(db_.App(), db_.Clock());
  ASSERT_TRUE(service.Apply(payer_, change, {.source = "test"}).ok());
  EXPECT_EQ(StatusOf(other_, aco), 403);
  EXPECT_THAT(Names(aco), ElementsAre("Alder Clinic", "Prairie Network"));
}

TEST_F(Seeing, AnotherPayerDoesNotExist) {
  const PayerId other = db_.NewPayer("Other plan");
  const std::string people = SignIn("people");
  const auto theirs = Https("GET", fmt::format("/v1/payers/{}/parties", other), people);
  EXPECT_EQ(theirs.status, 403);
  const auto nobodys =
      Https("GET", fmt::format("/v1/payers/{}/parties", db_.Ids().Next<PayerTag>()), people);
  EXPECT_EQ(FieldOf(theirs.body, "detail"), FieldOf(nobodys.body, "detail"));
}

TEST_F(Seeing, PagesNeitherRepeatNorHideRowsThatComeInBetween) {
  const std::string people = SignIn("people");
  EXPECT_THAT(Names(people, "?pageSize=2"), ElementsAre("Alder Clinic", "Birch Clinic"));
  hierarchy::ChangeSet change;
  for (const char* const name : {"Aspen Clinic", "Dogwood Clinic"}) {
    change.AddParty({db_.Ids().Next<PartyTag>(), hierarchy::PartyKind::kPractice}, name,
                    MakeDate(2026, 1, 1), {});
  }
  const hierarchy::HierarchyService service(db_.App(), db_.Clock());
  ASSERT_TRUE(service.Apply(payer_, change, {.source = "test"}).ok());
  EXPECT_THAT(Names(people, "?pageSize=2&pageToken=" + next_),
              ElementsAre("Cedar Clinic", "Dogwood Clinic"));
  EXPECT_THAT(Names(people, "?pageSize=2&pageToken=" + next_), ElementsAre("Prairie Network"));
  EXPECT_EQ(next_, "");
}

TEST_F(Seeing, ATokenServesItsOwnQueryOnly) {
  const std::string people = SignIn("people");
  Names(people, "?pageSize=2");
  const std::string token = next_;
  const std::string path = fmt::format("/v1/{}/parties?pageToken=", payer_name_);
  EXPECT_EQ(Https("GET", path + token, people).status, 200);
  EXPECT_EQ(Https("GET", path + token + "&filter=kind%3DACO", people).status, 400);
  EXPECT_EQ(Https("GET", path + token, SignIn("aco")).status, 400);
  std::string forged = token;
  forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Https("GET", path + forged, people).status, 400);
}

TEST_F(Seeing, AFilterIsNeverSql) {
  const std::string people = SignIn("people");
  EXPECT_THAT(
      Names(people, "?filter=kind%20%3D%20PRACTICE%20AND%20display_name%20%3A%20%22BIRCH%22"),
      ElementsAre("Birch Clinic"));
  const auto path = [&](const std::string& filter) {
    return fmt::format("/v1/{}/parties?filter={}", payer_name_, filter);
  };
  EXPECT_EQ(Https("GET", path("1%3D1"), people).status, 400);
  EXPECT_EQ(Https("GET", path("kind%20%3D%20ACO)%3B%20DROP%20TABLE%20hierarchy.party%3B--"), people)
                .status,
            400);
  EXPECT_THAT(Names(people, "?filter=display_name%20%3D%20%22x'%20OR%20'1'%20%3D%20'1%22"),
              ElementsAre());
}

TEST_F(Seeing, APartyIsAsOfTheDayThatIsAsked) {
  hierarchy::ChangeSet change;
  change.details.push_back({.party = practice_,
                            .valid_from = MakeDate(2026, 6, 1),
                            .name = "Alder Group",
                            .address = {.city = "Duluth", .state = "MN"}});
  const hierarchy::HierarchyService service(db_.App(), db_.Clock());
  ASSERT_TRUE(service.Apply(payer_, change, {.source = "test"}).ok());
  const std::string people = SignIn("people");
  const std::string path = fmt::format("/v1/{}/parties/{}", payer_name_, practice_);
  EXPECT_THAT(Https("GET", path, people).body, HasSubstr("Alder Group"));
  EXPECT_THAT(
      Https("GET", path + "?asOf.day.year=2026&asOf.day.month=5&asOf.day.day=31", people).body,
      HasSubstr("Alder Clinic"));
}

class Runs : public ServerFixture {};

TEST_F(Runs, TotalsAreThoseOfThePlan) {
  AddRun();
  const auto run = Https("GET", "/v1/" + run_name_, SignIn("first"));
  google::protobuf::Struct parsed;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(run.body, &parsed).ok());
  const auto& shown = parsed.fields().at("totals").struct_value().fields();
  const auto id = payments::RunId::Parse(run_name_.substr(run_name_.rfind('/') + 1)).value();
  const payments::RunTotals totals = payments::TotalsOf(Cycles().Plan(id).value());
  const auto cents = [&](const std::string& name) {
    return shown.at(name).struct_value().fields().at("cents").string_value();
  };
  EXPECT_EQ(cents("gross"), fmt::format("{}", totals.gross.Cents()));
  EXPECT_EQ(cents("paid"), fmt::format("{}", totals.paid.Cents()));
  EXPECT_EQ(cents("held"), fmt::format("{}", totals.held.Cents()));
  EXPECT_EQ(cents("hold"), fmt::format("{}", totals.hold.Cents()));
  EXPECT_EQ(cents("tax"), fmt::format("{}", totals.tax.Cents()));
  EXPECT_EQ(shown.at("lines").string_value(), fmt::format("{}", totals.lines));
  EXPECT_EQ(shown.at("payeesPaid").string_value(), fmt::format("{}", totals.payees_paid));
  EXPECT_EQ(FieldOf(run.body, "digest"), ToHex(digest_));
}

}  // namespace
}  // namespace sluice::api
