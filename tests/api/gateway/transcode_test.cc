#include "api/gateway/transcode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sluice/enrollment/v1/payee.pb.h"
#include "sluice/ops/v1/access.pb.h"
#include "sluice/payments/v1/ledger.pb.h"
#include "sluice/payments/v1/run.pb.h"
#include "sluice/performance/v1/award.pb.h"

namespace sluice::api {
namespace {

using google::protobuf::Message;
using google::protobuf::ServiceDescriptor;
using ::testing::HasSubstr;
using ::testing::Not;

namespace enrollment = sluice::enrollment::v1;
namespace ops = sluice::ops::v1;
namespace payments = sluice::payments::v1;
namespace performance = sluice::performance::v1;

const ServiceDescriptor* ServiceOf(const Message& message, const char* name) {
  return message.GetDescriptor()->file()->FindServiceByName(name);
}

// A gateway over a few services, without a socket.
class TranscodeTest : public ::testing::Test {
 protected:
  TranscodeTest() {
    const std::vector<const ServiceDescriptor*> services = {
        ServiceOf(payments::Run(), "RunService"), ServiceOf(payments::Book(), "LedgerService"),
        ServiceOf(performance::Award(), "AwardService"),
        ServiceOf(enrollment::Payee(), "BankAccountService"),
        ServiceOf(ops::User(), "UserService")};
    routes_ = RoutesOfServices(services).value();
    trie_ = BuildRoutes(routes_).value();
  }

  // What the method of the route is asked, or why it is not.
  Status Read(std::string_view http_method, std::string_view target, std::string_view body,
              Message& request) {
    const std::size_t mark = target.find('?');
    ASSIGN_OR_RETURN(const RequestPath path, RequestPath::Parse(target.substr(0, mark)));
    const auto match = trie_.Find(http_method, path);
    if (!match) return NotFound("no route");
    const MethodRoute& route = routes_.at(static_cast<std::size_t>(match->target));
    EXPECT_EQ(route.method->input_type(), request.GetDescriptor());
    const std::string_view query =
        mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    return ReadRequest(route, {match->bindings, query, body}, request);
  }
  std::string Fault(std::string_view http_method, std::string_view target, std::string_view body,
                    Message&& request) {
    const Status status = Read(http_method, target, body, request);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << StatusMessage(status);
    return StatusMessage(status);
  }

  std::vector<MethodRoute> routes_;
  Routes trie_;
};

constexpr std::string_view kRun = "/v1/payers/p/programs/g/cycles/c/runs/r";

// feature:X07
TEST_F(TranscodeTest, APathAndABodyMakeARequest) {
  payments::ApproveRunRequest request;
  const Status read = Read("POST", std::string(kRun) + ":approve",
                           R"({"seenDigest":"ab","etag":"\"7\"","request_id":"u"})", request);
  ASSERT_TRUE(read.ok()) << StatusMessage(read);
  EXPECT_EQ(request.name(), "payers/p/programs/g/cycles/c/runs/r");
  EXPECT_EQ(request.seen_digest(), "ab");
  EXPECT_EQ(request.etag(), "\"7\"");
  EXPECT_EQ(request.request_id(), "u");  // both spellings are read
}

TEST_F(TranscodeTest, QueryParametersFillFieldsOfEveryKind) {
  performance::ListAwardsRequest request;
  const Status read =
      Read("GET",
           "/v1/payers/p/programs/g/awards?pageSize=20&filter=payable+%3E+5&period.from.year=2026"
           "&period.from.month=1&view=AWARD_VIEW_FULL&order_by=payable%20desc",
           "", request);
  ASSERT_TRUE(read.ok()) << StatusMessage(read);
  EXPECT_EQ(request.parent(), "payers/p/programs/g");
  EXPECT_EQ(request.page_size(), 20);
  EXPECT_EQ(request.filter(), "payable > 5");
  EXPECT_EQ(request.order_by(), "payable desc");
  EXPECT_EQ(request.period().from().year(), 2026);
  EXPECT_EQ(request.view(), performance::AWARD_VIEW_FULL);

  performance::CalculateAwardAsKnownRequest known;
  ASSERT_TRUE(Read("GET",
                   "/v1/payers/p/contracts/c/awards/a:calculateAsKnown"
                   "?knownAt=2026-10-01T12:00:00Z",
                   "", known)
                  .ok());
  EXPECT_EQ(known.known_at().seconds(), 1790856000);
}

TEST_F(TranscodeTest, ABodyMayBeOneFieldAndAMaskAQueryParameter) {
  ops::UpdateUserRequest request;
  const Status read = Read("PATCH", "/v1/payers/p/users/u?updateMask=displayName,email&requestId=i",
                           R"({"displayName":"Ann","email":"ann@example.org"})", request);
  ASSERT_TRUE(read.ok()) << StatusMessage(read);
  EXPECT_EQ(request.user().name(), "payers/p/users/u");
  EXPECT_EQ(request.user().display_name(), "Ann");
  ASSERT_EQ(request.update_mask().paths_size(), 2);
  EXPECT_EQ(request.update_mask().paths(0), "display_name");
  EXPECT_EQ(request.request_id(), "i");
}

TEST_F(TranscodeTest, CentsAreTextOnTheWayOutAndEitherOnTheWayIn) {
  payments::Entry entry;
  entry.mutable_amount()->set_cents(9007199254740993);  // no double holds it
  EXPECT_THAT(*WriteJson(entry), HasSubstr(R"("amount":{"cents":"9007199254740993"})"));
  payments::RunTotals totals;
  totals.mutable_paid();
  EXPECT_THAT(*WriteJson(totals), HasSubstr(R"("paid":{"cents":"0"})"));  // a zero is visible
  EXPECT_THAT(*WriteJson(totals), HasSubstr(R"("payeesPaid":"0")"));
  payments::Run run;
  run.set_state(payments::RUN_STATE_IN_REVIEW);
  EXPECT_THAT(*WriteJson(run), HasSubstr(R"("state":"RUN_STATE_IN_REVIEW")"));
  run.mutable_hold_expire_time()->set_seconds(999'999'999'999);  // beyond year 9999
  EXPECT_EQ(WriteJson(run).status().code(), absl::StatusCode::kInternal);
}

TEST_F(TranscodeTest, RefusesWhatItDoesNotKnow) {
  const std::string approve = std::string(kRun) + ":approve";
  EXPECT_THAT(Fault("POST", approve, R"({"evil":1})", payments::ApproveRunRequest()),
              HasSubstr("the body is not the JSON of ApproveRunRequest"));
  EXPECT_THAT(Fault("POST", approve, "{", payments::ApproveRunRequest()),
              HasSubstr("the body is not the JSON"));
  EXPECT_THAT(Fault("POST", approve, "[]", payments::ApproveRunRequest()),
              HasSubstr("the body is not the JSON"));
  EXPECT_THAT(Fault("POST", approve, "{\"etag\":\"\xff\"}", payments::ApproveRunRequest()),
              HasSubstr("not UTF-8"));
  EXPECT_THAT(Fault("POST", approve + "?etag=7", "{}", payments::ApproveRunRequest()),
              HasSubstr("no query parameters"));
  EXPECT_THAT(Fault("GET", kRun, "{}", payments::GetRunRequest()), HasSubstr("no body"));
  const auto get = [&](std::string_view query) {
    return Fault("GET", std::string(kRun) + "?" + std::string(query), "",
                 payments::GetRunRequest());
  };
  EXPECT_THAT(get("evil=1"), HasSubstr("no field of GetRunRequest"));
  EXPECT_THAT(get("name=payers/other"), HasSubstr("name stands in the path, and again"));
  EXPECT_THAT(get("%zz=1"), HasSubstr("not percent-encoded"));
  EXPECT_THAT(get("name.x=1"), HasSubstr("no field"));
  const std::string awards = "/v1/payers/p/programs/g/awards?";
  const auto list = [&](std::string_view query) {
    return Fault("GET", awards + std::string(query), "", performance::ListAwardsRequest());
  };
  EXPECT_THAT(list("pageSize=ten"), HasSubstr("page_size has a value that does not fit"));
  EXPECT_THAT(list("pageSize=1&page_size=2"), HasSubstr("page_size stands in the query twice"));
  EXPECT_THAT(list("pageSize=99999999999"), HasSubstr("does not fit"));
  EXPECT_THAT(list("view=FULL"), HasSubstr("view has a value"));
  EXPECT_THAT(list("period=2026"), HasSubstr("period has a value"));
  EXPECT_THAT(list("filter=" + std::string(9000, 'a')), HasSubstr("8192 is the most"));
}

TEST_F(TranscodeTest, ANameInTheBodyMustBeTheOneInThePath) {
  EXPECT_THAT(
      Fault("POST", std::string(kRun) + ":approve",
            R"({"name":"payers/p/programs/g/cycles/c/runs/other"})", payments::ApproveRunRequest()),
      HasSubstr("name in the body is not the one in the path"));
  payments::ApproveRunRequest same;
  EXPECT_TRUE(Read("POST", std::string(kRun) + ":approve",
                   R"({"name":"payers/p/programs/g/cycles/c/runs/r"})", same)
                  .ok());
}

TEST_F(TranscodeTest, HeadersFillTheIdAndTheEtag) {
  const auto route_of = [&](std::string_view name) {
    for (const MethodRoute& route : routes_) {
      if (route.method->name() == name) return route;
    }
    return MethodRoute{};
  };
  const CallHeaders headers{.idempotency_key = "u", .if_match = "\"7\""};
  payments::ApproveRunRequest approve;
  ASSERT_TRUE(TakeHeaders(route_of("ApproveRun"), headers, approve).ok());
  EXPECT_EQ(approve.request_id(), "u");
  EXPECT_EQ(approve.etag(), "\"7\"");
  ASSERT_TRUE(TakeHeaders(route_of("ApproveRun"), headers, approve).ok());  // the same again
  approve.set_etag("\"8\"");
  EXPECT_THAT(StatusMessage(TakeHeaders(route_of("ApproveRun"), headers, approve)),
              HasSubstr("If-Match and the field etag differ"));
  ops::UpdateUserRequest update;
  ASSERT_TRUE(TakeHeaders(route_of("UpdateUser"), headers, update).ok());
  EXPECT_EQ(update.user().etag(), "\"7\"");
  payments::GetRunRequest get;
  EXPECT_THAT(StatusMessage(TakeHeaders(route_of("GetRun"), headers, get)),
              HasSubstr("takes no Idempotency-Key"));
}

// feature:M12
TEST_F(TranscodeTest, NoFaultRepeatsAnAccountNumber) {
  for (const std::string_view body :
       {R"({"numbers":{"accountNumber":{"x":"000123456789"}}})",
        R"({"numbers":{"000123456789":"x"}})", R"({"000123456789":1)",
        R"({"ownership":"000123456789"})", R"({"effectiveFrom":"000123456789"})"}) {
    EXPECT_THAT(Fault("POST", "/v1/payers/p/payees/q/bankAccounts:submit", body,
                      enrollment::SubmitBankAccountRequest()),
                Not(HasSubstr("123456789")))
        << body;
  }
}

}  // namespace
}  // namespace sluice::api
