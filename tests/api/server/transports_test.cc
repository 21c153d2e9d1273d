// The same calls over gRPC and HTTPS: equal answers, equal failures, and what only one of them has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Transports : public ServerFixture {};

// feature:X07
TEST_F(Transports, AReadIsTheSameOverBoth) {
  AddRun();
  const std::string checker = SignIn("first");
  const std::string people = SignIn("people");
  const std::string party = fmt::format("{}/parties/{}", payer_name_, practice_);
  const auto expect_same = [&](const std::string& service, const std::string& method,
                               const std::string& request, const std::string& target,
                               const std::string& token) {
    const auto grpc = Grpc(service, method, request, token);
    const auto https = Https("GET", target, token);
    EXPECT_EQ(grpc.code, 0) << grpc.message;
    EXPECT_EQ(https.status, 200) << https.body;
    EXPECT_EQ(grpc.json, https.body);
    return https.body;
  };
  EXPECT_THAT(expect_same(kRuns, "GetRun", fmt::format(R"({{"name":"{}"}})", run_name_),
                          "/v1/" + run_name_, checker),
              HasSubstr("RUN_STATE_IN_REVIEW"));
  EXPECT_THAT(
      expect_same(
          kRuns, "ListRuns",
          fmt::format(R"({{"parent":"{}/programs/-/cycles/-","filter":"state = IN_REVIEW"}})",
                      payer_name_),
          fmt::format("/v1/{}/programs/-/cycles/-/runs?filter=state%20%3D%20IN_REVIEW",
                      payer_name_),
          checker),
      HasSubstr(run_name_));
  EXPECT_THAT(expect_same(kParties, "GetParty", fmt::format(R"({{"name":"{}"}})", party),
                          "/v1/" + party, people),
              HasSubstr("Alder Clinic"));
  EXPECT_THAT(expect_same(kParties, "ListParties", fmt::format(R"({{"parent":"{}"}})", payer_name_),
                          fmt::format("/v1/{}/parties", payer_name_), people),
              HasSubstr("Cedar Clinic"));
}

// feature:X07
TEST_F(Transports, AFailureIsTheSameOverBoth) {
  AddRun();
  const std::string checker = SignIn("first");
  struct Case {
    std::string request;
    std::string target;
    std::string token;
    int code;
    int status;
    std::string reason;
  };
  const std::string missing =
      fmt::format("{}/programs/{}/cycles/{}/runs/{}", payer_name_, program_.program,
                  db_.Ids().Next<payments::CycleTag>(), db_.Ids().Next<payments::RunTag>());
  for (const Case& one : {
           Case{run_name_, run_name_, "", 16, 401, "UNAUTHENTICATED"},
           Case{run_name_, run_name_, "no token", 16, 401, "UNAUTHENTICATED"},
           Case{run_name_, run_name_, SignIn("people"), 7, 403, "PERMISSION_DENIED"},
           Case{missing, missing, checker, 5, 404, "NOT_FOUND"},
       }) {
    const auto grpc =
        Grpc(kRuns, "GetRun", fmt::format(R"({{"name":"{}"}})", one.request), one.token);
    EXPECT_EQ(grpc.code, one.code) << grpc.message;
    EXPECT_EQ(grpc.reason, one.reason);
    const auto https = Https("GET", "/v1/" + one.target, one.token);
    EXPECT_EQ(https.status, one.status) << https.body;
    EXPECT_EQ(FieldOf(https.body, "reason"), one.reason);
    EXPECT_EQ(https.headers.at("content-type"), "application/problem+json");
  }
}

TEST_F(Transports, AMethodThatIsNotThereYetSaysSo) {
  AddPerson(UserId(31), "auditor", {Role::kAuditor});
  const std::string auditor = SignIn("auditor");
  EXPECT_EQ(Https("GET", fmt::format("/v1/{}/auditEvents:export", payer_name_), auditor).status,
            501);
}

TEST_F(Transports, HealthIsByService) {
  EXPECT_TRUE(grpc_->IsServing(kRuns));
  EXPECT_TRUE(grpc_->IsServing(kParties));
  EXPECT_TRUE(grpc_->IsServing("sluice.payments.v1.LedgerService"));
  EXPECT_FALSE(grpc_->IsServing("sluice.payments.v1.NobodysService"));
  auto client = Connect();
  EXPECT_EQ(client.Send("GET", "/livez").status, 200);
  EXPECT_EQ(client.Send("GET", "/readyz").status, 200);
  const auto metrics = client.Send("GET", "/metrics");
  EXPECT_THAT(metrics.body, HasSubstr("sluice_calls_total{code=\"200\""));
}

TEST_F(Transports, WhatIsNoCallIsAProblemOfHttp) {
  auto client = Connect();
  EXPECT_EQ(client.Send("GET", "/v1/nothing").status, 404);
  EXPECT_EQ(client.Send("GET", "/nothing").status, 404);
  EXPECT_EQ(client.Send("DELETE", "/livez").status, 405);
  const auto wrong = client.Send("DELETE", fmt::format("/v1/{}/parties", payer_name_));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "GET");
  EXPECT_EQ(client.Send("GET", "/v1/payers/../parties").status, 400);
  EXPECT_THAT(wrong.headers.at("strict-transport-security"), HasSubstr("max-age"));
}

TEST_F(Transports, WhoSendsTooMuchIsCut) {
  EXPECT_EQ(Connect().SendRaw("GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: " +
                              std::string(64 << 10, 'x') + "\r\n\r\n"),
            431);
  EXPECT_EQ(Connect().SendRaw("POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 99999999\r\n\r\n"),
            413);
  EXPECT_EQ(Connect().SendRaw("this is not HTTP\r\n\r\n"), 400);
  EXPECT_EQ(Connect().Send("GET", "/livez").status, 200);
}

TEST_F(Transports, AServerThatStopsFinishesWhatRuns) {
  auto idle = Connect();
  EXPECT_EQ(idle.Send("GET", "/livez").status, 200);
  server_->Stop(std::chrono::seconds(5));
  EXPECT_EQ(idle.SendRaw("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"), 0);
  EXPECT_NE(Grpc(kRuns, "GetRun", "{}", "").code, 16);
}

}  // namespace
}  // namespace sluice::api
