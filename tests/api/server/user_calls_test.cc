// Users, roles that two people give, delegations and the audit log over the API.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "api/audit/audit_log.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using google::protobuf::Struct;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kUsers[] = "sluice.ops.v1.UserService";
constexpr std::int64_t kDay = std::int64_t{86'400} * 1'000'000;

class UserCalls : public ServerFixture {
 protected:
  void SetUp() override {
    ServerFixture::SetUp();
    AddPerson(UserId(51), "admin.one", {Role::kPayerAdmin});
    AddPerson(UserId(52), "admin.two", {Role::kPayerAdmin});
    AddPerson(UserId(53), "auditor", {Role::kAuditor});
    one_ = SignIn("admin.one", true);
    two_ = SignIn("admin.two", true);
  }

  std::string NameOf(UserId user) { return fmt::format("{}/users/{}", payer_name_, user); }
  std::string PartyOf(PartyId party) { return fmt::format("{}/parties/{}", payer_name_, party); }
  static Struct Parse(const std::string& json) {
    Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
    return parsed;
  }
  static std::string DateJson(Date day) {
    const std::chrono::year_month_day date(day);
    return fmt::format(R"({{"year":{},"month":{},"day":{}}})", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  }
  Date Today() { return db_.Clock().Now().UtcDate(); }
  // The body with a request id of its own, and the etag where there is one.
  testing::HttpAnswer Post(const std::string& token, const std::string& target,
                           const std::string& body, const std::string& etag = "") {
    Struct whole = Parse(body);
    auto& fields = *whole.mutable_fields();
    fields["requestId"].set_string_value(fmt::format("0195f3c2-0000-8000-8000-{:012}", ++last_id_));
    if (!etag.empty()) fields["etag"].set_string_value(etag);
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(whole, &json).ok());
    return Https("POST", "/v1/" + target, token, json);
  }
  testing::HttpAnswer Propose(const std::string& token, UserId user, const std::string& role,
                              const std::string& root = "") {
    return Post(token, payer_name_ + "/grants",
                fmt::format(R"({{"grant":{{"user":"{}","role":"ROLE_{}","root":"{}",
                    "valid":{{"from":{}}}}}}})",
                            NameOf(user), role, root, DateJson(Today())));
  }
  testing::HttpAnswer Approve(const std::string& token, const testing::HttpAnswer& proposed) {
    return Post(token, FieldOf(proposed.body, "name") + ":approve", "{}",
                FieldOf(proposed.body, "etag"));
  }
  std::string Simulate(UserId user, const std::string& method, const std::string& resource) {
    return Https("GET",
                 fmt::format("/v1/{}:simulateAccess?method={}&resource={}", NameOf(user), method,
                             resource),
                 one_)
        .body;
  }
  std::vector<std::string> Texts(const std::string& target, const std::string& list,
                                 const std::string& field, const std::string& token) {
    const auto answer = Https("GET", "/v1/" + target, token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::string> texts;
    const Struct parsed = Parse(answer.body);
    for (const auto& item : parsed.fields().at(list).list_value().values()) {
      texts.push_back(item.struct_value().fields().at(field).string_value());
    }
    return texts;
  }
  // The first grant of a user.
  std::string GrantOfUser(UserId user) {
    return Texts(fmt::format("{}/grants?filter=user%20%3D%20%22{}%22", payer_name_, NameOf(user)),
                 "grants", "name", one_)
        .front();
  }

  std::string one_;
  std::string two_;
  int last_id_ = 0;
};

// feature:X01
TEST_F(UserCalls, ARoleHoldsOnceASecondAdminApproves) {
  const auto added = Post(one_, payer_name_ + "/users",
                          R"({"user":{"signInName":"dana","displayName":"Dana Reyes",
                              "email":"Dana@Example.org"}})");
  ASSERT_EQ(added.status, 200) << added.body;
  const std::string name = FieldOf(added.body, "name");
  const UserId dana = UserId::Parse(name.substr(name.rfind('/') + 1)).value();
  EXPECT_EQ(Post(two_, payer_name_ + "/users",
                 R"({"user":{"signInName":"dana","displayName":"Another"}})")
                .status,
            409);
  const std::string open = "sluice.payments.v1.CycleService/OpenRun";
  const std::string program = fmt::format("{}/programs/{}", payer_name_, program_.program);
  EXPECT_THAT(Simulate(dana, open, program), HasSubstr("no role may not"));

  const auto proposed = Propose(one_, dana, "FINANCE_MAKER");
  ASSERT_EQ(proposed.status, 200) << proposed.body;
  EXPECT_EQ(FieldOf(proposed.body, "state"), "GRANT_STATE_PROPOSED");
  EXPECT_THAT(Simulate(dana, open, program), HasSubstr(R"("granted":false)"));
  EXPECT_EQ(Approve(one_, proposed).status, 403);
  EXPECT_EQ(Post(two_, FieldOf(proposed.body, "name") + ":approve", "{}", "\"another\"").status,
            409);
  const auto approved = Approve(two_, proposed);
  ASSERT_EQ(approved.status, 200) << approved.body;
  EXPECT_EQ(FieldOf(approved.body, "state"), "GRANT_STATE_IN_FORCE");
  EXPECT_THAT(Simulate(dana, open, program), HasSubstr(R"("granted":true)"));
  EXPECT_THAT(Simulate(dana, "sluice.payments.v1.RunService/ApproveRun", program),
              HasSubstr(R"("granted":false)"));

  // What one person may not hold, and what nobody gives themselves.
  const auto both = Propose(one_, dana, "FINANCE_CHECKER");
  EXPECT_EQ(FieldOf(both.body, "code"), "FAILED_PRECONDITION") << both.body;
  EXPECT_EQ(Propose(one_, UserId(51), "AUDITOR").status, 403);
  EXPECT_EQ(Propose(one_, dana, "PROVIDER_VIEWER").status, 400);  // at which party?

  const auto ended = Post(two_, FieldOf(approved.body, "name") + ":end",
                          R"({"reason":"moved to another team"})", FieldOf(approved.body, "etag"));
  ASSERT_EQ(ended.status, 200) << ended.body;
  EXPECT_THAT(Simulate(dana, open, program), HasSubstr(R"("granted":false)"));
  EXPECT_THAT(Texts(payer_name_ + "/grants?filter=state%20%3D%20ENDED", "grants", "role", one_),
              ElementsAre("ROLE_FINANCE_MAKER"));
}

// feature:X01
TEST_F(UserCalls, WhatEndsEndsWithTheNextCall) {
  const std::string maker = SignIn("maker");
  const std::string cycles =
      fmt::format("/v1/{}/programs/{}/cycles", payer_name_, program_.program);
  ASSERT_EQ(Https("GET", cycles, maker).status, 200);
  const std::string grant = GrantOfUser(kMaker.user);
  const std::string etag =
      Texts(fmt::format("{}/grants?filter=user%20%3D%20%22{}%22", payer_name_, NameOf(kMaker.user)),
            "grants", "etag", one_)
          .front();
  ASSERT_EQ(Post(one_, grant + ":end", R"({"reason":"no longer in finance"})", etag).status, 200);
  EXPECT_EQ(Https("GET", cycles, maker).status, 403);
  EXPECT_EQ(Https("GET", fmt::format("/v1/{}/users:self", payer_name_), maker).status, 200);
}

// feature:X01
TEST_F(UserCalls, ADelegationExpiresAndIsNotPassedOn) {
  const std::string people = SignIn("people", true);
  const std::string users = fmt::format("/v1/{}/users", payer_name_);
  ASSERT_EQ(Https("GET", users, people).status, 403);
  const std::string grant = GrantOfUser(UserId(51));
  const auto delegate = [&](const std::string& token, const std::string& of, UserId to, int days) {
    return Post(token, of + ":delegate",
                fmt::format(R"({{"delegate":"{}","end":{},"reason":"while I am on leave"}})",
                            NameOf(to), DateJson(Today() + Days(days))));
  };
  EXPECT_EQ(delegate(two_, grant, UserId(21), 5).status, 403);  // not theirs to give
  EXPECT_EQ(delegate(one_, grant, UserId(21), 91).status, 400);
  const auto excluded = delegate(one_, grant, kMaker.user, 5);
  EXPECT_EQ(FieldOf(excluded.body, "code"), "FAILED_PRECONDITION") << excluded.body;
  const auto given = delegate(one_, grant, UserId(21), 5);
  ASSERT_EQ(given.status, 200) << given.body;
  EXPECT_EQ(FieldOf(given.body, "delegatedBy"), NameOf(UserId(51)));
  EXPECT_EQ(Https("GET", users, people).status, 200);
  EXPECT_EQ(delegate(people, FieldOf(given.body, "name"), UserId(53), 3).status, 403);
  // Who acts in the place of the proposer does not approve.
  const auto proposed = Propose(one_, UserId(53), "HIERARCHY");
  ASSERT_EQ(proposed.status, 200) << proposed.body;
  EXPECT_EQ(Approve(people, proposed).status, 403);
  EXPECT_EQ(Approve(two_, proposed).status, 200);
  db_.Clock().AdvanceMicros(5 * kDay);
  EXPECT_EQ(Https("GET", users, SignIn("people")).status, 403);
  EXPECT_EQ(Https("GET", users, SignIn("admin.one")).status, 200);
}

// feature:X04
TEST_F(UserCalls, AnAccountThatIsDisabledHasNoSessionAnyMore) {
  const std::string maker = SignIn("maker");
  const auto self = [&](const std::string& token) {
    return Https("GET", fmt::format("/v1/{}/users:self", payer_name_), token).status;
  };
  ASSERT_EQ(self(maker), 200);
  const std::string target = "/v1/" + NameOf(kMaker.user);
  const auto etag = [&] { return FieldOf(Https("GET", target, one_).body, "etag"); };
  // Another address for notices: whoever is signed in signs in again.
  const auto changed = Https(
      "PATCH", target + "?updateMask=email&requestId=0195f3c2-0000-8000-8000-000000000777", one_,
      R"({"email":"maker@example.org","displayName":"not in the mask"})", {{"If-Match", etag()}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(FieldOf(changed.body, "email"), "maker@example.org");
  EXPECT_EQ(FieldOf(changed.body, "displayName"), "maker");
  EXPECT_EQ(self(maker), 401);
  const std::string again = SignIn("maker");
  const auto disable = [&](const std::string& user, const std::string& tag) {
    return Post(one_, user + ":disable", R"({"reason":"left the company"})", tag);
  };
  ASSERT_EQ(disable(NameOf(kMaker.user), etag()).status, 200);
  EXPECT_EQ(self(again), 401);
  EXPECT_THAT(Texts(payer_name_ + "/users?filter=disabled%20%3D%20true", "users", "signInName",
                    SignIn("auditor")),
              ElementsAre("maker"));
  ASSERT_EQ(
      Post(two_, NameOf(kMaker.user) + ":enable", R"({"reason":"came back to us"})", etag()).status,
      200);
  EXPECT_EQ(self(SignIn("maker")), 200);
  const std::string own = FieldOf(Https("GET", "/v1/" + NameOf(UserId(51)), one_).body, "etag");
  EXPECT_EQ(FieldOf(disable(NameOf(UserId(51)), own).body, "code"), "FAILED_PRECONDITION");
}

// feature:X02
TEST_F(UserCalls, ANetworkProposesForItsOwnPeopleOnly) {
  AddPerson(UserId(61), "alder", {Role::kProviderViewer}, practice_);
  AddPerson(UserId(62), "cedar", {Role::kProviderViewer}, outside_);
  const std::string aco = SignIn("aco", true);
  EXPECT_THAT(Texts(payer_name_ + "/users", "users", "signInName", aco),
              ElementsAre("aco", "alder"));
  EXPECT_EQ(Https("GET", "/v1/" + NameOf(UserId(61)), aco).status, 200);
  EXPECT_EQ(Https("GET", "/v1/" + NameOf(UserId(62)), aco).status, 403);
  EXPECT_EQ(Https("GET", "/v1/" + NameOf(UserId(999)), aco).status, 403);
  EXPECT_EQ(Propose(aco, UserId(61), "PROVIDER_VIEWER", PartyOf(outside_)).status, 403);
  EXPECT_EQ(Propose(aco, UserId(62), "PROVIDER_VIEWER", PartyOf(practice_)).status, 403);
  EXPECT_EQ(Propose(aco, UserId(61), "FINANCE_MAKER", PartyOf(practice_)).status, 403);
  EXPECT_EQ(Propose(aco, UserId(61), "PROVIDER_VIEWER").status, 403);
  const auto proposed = Propose(aco, UserId(61), "PROVIDER_VIEWER", PartyOf(other_));
  ASSERT_EQ(proposed.status, 200) << proposed.body;
  EXPECT_EQ(Approve(aco, proposed).status, 403);
  const std::string alder = SignIn("alder");
  EXPECT_EQ(Https("GET", "/v1/" + PartyOf(other_), alder).status, 403);
  ASSERT_EQ(Approve(one_, proposed).status, 200);
  EXPECT_EQ(Https("GET", "/v1/" + PartyOf(other_), alder).status, 200);
  EXPECT_THAT(Texts(payer_name_ + "/grants", "grants", "user", aco),
              Each(::testing::AnyOf(NameOf(UserId(22)), NameOf(UserId(61)))));
}

TEST_F(UserCalls, OverBothTransportsAUserIsTheSame) {
  const auto grpc =
      Grpc(kUsers, "GetUser", fmt::format(R"({{"name":"{}"}})", NameOf(UserId(52))), one_);
  EXPECT_EQ(grpc.json, Https("GET", "/v1/" + NameOf(UserId(52)), one_).body);
  const auto update =
      Grpc(kUsers, "UpdateUser",
           fmt::format(R"({{"user":{{"name":"{}","displayName":"Second","etag":"\"another\""}},
          "updateMask":"displayName","requestId":"0195f3c2-0000-8000-8000-000000000888"}})",
                       NameOf(UserId(52))),
           one_);
  EXPECT_EQ(update.reason, "ETAG_MISMATCH") << update.message;
}

// feature:X04
TEST_F(UserCalls, TheLogTellsWhoDidWhatAndWhatWasDenied) {
  const std::string auditor = SignIn("auditor");
  const std::string log = payer_name_ + "/auditEvents";
  EXPECT_EQ(Https("GET", fmt::format("/v1/{}/auditHead", payer_name_), auditor).status, 404);
  ASSERT_EQ(Propose(one_, UserId(21), "AUDITOR").status, 200);
  ASSERT_EQ(Https("GET", fmt::format("/v1/{}/users", payer_name_), SignIn("people")).status, 403);
  ASSERT_TRUE(SealAuditLog(db_.App(), payer_, db_.Clock().Now()).ok());

  EXPECT_THAT(Texts(log + "?filter=allowed%20%3D%20false", "auditEvents", "method", auditor),
              ElementsAre("sluice.ops.v1.UserService/ListUsers"));
  EXPECT_THAT(
      Texts(fmt::format("{}?filter=method%20:%20%22ProposeGrant%22%20AND%20actor%20%3D%20%22{}%22",
                        log, NameOf(UserId(51))),
            "auditEvents", "resource", auditor),
      ElementsAre(payer_name_));
  const auto numbers = Texts(log + "?pageSize=1000", "auditEvents", "number", auditor);
  const auto head = Https("GET", fmt::format("/v1/{}/auditHead", payer_name_), auditor);
  ASSERT_EQ(head.status, 200) << head.body;
  EXPECT_EQ(FieldOf(head.body, "number"), numbers.front());
  EXPECT_EQ(numbers.back(), "1");
  EXPECT_EQ(FieldOf(head.body, "chainSha256"),
            Texts(log + "?pageSize=1", "auditEvents", "chainSha256", auditor).front());
  EXPECT_EQ(Https("GET", "/v1/" + log, one_).status, 403);
  // A read of the log is in the log.
  ASSERT_TRUE(SealAuditLog(db_.App(), payer_, db_.Clock().Now()).ok());
  EXPECT_THAT(Texts(log, "auditEvents", "method", auditor),
              Contains("sluice.ops.v1.AuditLogService/ListAuditEvents"));
}

}  // namespace
}  // namespace sluice::api
