#include "api/gateway/problem.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "sluice/core/v1/problem.pb.h"

namespace sluice::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

sluice::core::v1::Problem Read(const ProblemAnswer& answer) {
  sluice::core::v1::Problem problem;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(answer.body, &problem).ok())
      << answer.body;
  EXPECT_EQ(problem.status(), answer.http_status);
  return problem;
}

google::rpc::Status OfCode(int code) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message("the thing, the rule and what to do");
  return status;
}

// feature:X07
TEST(Problem, EveryCodeHasItsStatus) {
  const std::pair<int, int> cases[] = {{1, 499},  {2, 500},  {3, 400},  {4, 504},  {5, 404},
                                       {6, 409},  {7, 403},  {8, 429},  {9, 400},  {10, 409},
                                       {11, 400}, {12, 501}, {13, 500}, {14, 503}, {15, 500},
                                       {16, 401}, {99, 500}};
  for (const auto& [code, http] : cases) {
    EXPECT_EQ(HttpStatusOf(code), http) << code;
    EXPECT_EQ(ProblemOf(OfCode(code), {"req-1"}).http_status, http) << code;
  }
}

TEST(Problem, SaysTheReasonTheDetailAndTheFields) {
  google::rpc::Status status = StatusWithReason(
      FailedPrecondition("Account ending 4321 has a micro-deposit that is not confirmed."),
      "ACCOUNT_NOT_VALIDATED");
  google::rpc::BadRequest fields;
  auto& fault = *fields.add_field_violations();
  fault.set_field("preference.account");
  fault.set_description("confirm the deposit or choose another account");
  status.add_details()->PackFrom(fields);

  const ProblemAnswer answer = ProblemOf(status, {"req-0195f3c2"});
  EXPECT_EQ(answer.http_status, 400);
  EXPECT_EQ(answer.body,
            R"({"type":"/docs/errors/ACCOUNT_NOT_VALIDATED","title":"Account not validated",)"
            R"("status":400,"code":"FAILED_PRECONDITION",)"
            R"("detail":"Account ending 4321 has a micro-deposit that is not confirmed.",)"
            R"("instance":"req-0195f3c2","reason":"ACCOUNT_NOT_VALIDATED",)"
            R"("errors":[{"field":"preference.account",)"
            R"("description":"confirm the deposit or choose another account"}]})");
}

TEST(Problem, AReusedIdIs422AndAMismatchUnderIfMatchIs412) {
  const auto reused = StatusWithReason(AlreadyExists("line 3 differs"), "ID_REUSED");
  EXPECT_EQ(Read(ProblemOf(reused, {"r"})).status(), 422);
  const auto mismatch = StatusWithReason(Aborted("read again"), "ETAG_MISMATCH");
  EXPECT_EQ(Read(ProblemOf(mismatch, {"r"})).status(), 409);
  EXPECT_EQ(Read(ProblemOf(mismatch, {"r", /*if_match=*/true})).status(), 412);
  const auto running = StatusWithReason(Aborted("another is running"));
  EXPECT_EQ(Read(ProblemOf(running, {"r", /*if_match=*/true})).status(), 409);
}

TEST(Problem, WhatIsOurFaultTellsNothing) {
  for (const int code : {2, 13, 15}) {
    google::rpc::Status status = OfCode(code);
    status.set_message("column account_number of relation bank_account");
    google::rpc::ErrorInfo info;
    info.set_domain("sluice");
    info.set_reason("SECRET_REASON");
    status.add_details()->PackFrom(info);
    const ProblemAnswer answer = ProblemOf(status, {"req-7"});
    EXPECT_THAT(answer.body, Not(HasSubstr("account_number")));
    EXPECT_THAT(answer.body, Not(HasSubstr("SECRET")));
    EXPECT_THAT(answer.body, HasSubstr("req-7"));
  }
}

TEST(Problem, SaysWhenToComeAgainInWholeSecondsUpward) {
  google::rpc::Status status = OfCode(8);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  retry.mutable_retry_delay()->set_nanos(1);
  status.add_details()->PackFrom(retry);
  EXPECT_EQ(ProblemOf(status, {"r"}).retry_after_seconds, 3);
  EXPECT_EQ(ProblemOf(OfCode(8), {"r"}).retry_after_seconds, std::nullopt);
}

TEST(Problem, AForeignDomainNamesNoReasonOfOurs) {
  google::rpc::Status status = OfCode(5);
  google::rpc::ErrorInfo info;
  info.set_domain("elsewhere.example");
  info.set_reason("ID_REUSED");
  status.add_details()->PackFrom(info);
  EXPECT_EQ(Read(ProblemOf(status, {"r"})).reason(), "NOT_FOUND");
}

TEST(Problem, IsWrittenWhateverTheMessageHolds) {
  google::rpc::Status status = OfCode(3);
  status.set_message("\xff\xfe");
  EXPECT_EQ(Read(ProblemOf(status, {"r"})).detail(), "a text that cannot be shown");
}

TEST(Problem, OfHttpItself) {
  const auto problem =
      Read(HttpProblem(405, "HTTP_METHOD_NOT_ALLOWED", "use GET or POST", {"req-9"}));
  EXPECT_EQ(problem.title(), "Method not allowed");
  EXPECT_EQ(problem.type(), "/docs/errors/HTTP_METHOD_NOT_ALLOWED");
  EXPECT_EQ(problem.code(), "");
}

}  // namespace
}  // namespace sluice::api
