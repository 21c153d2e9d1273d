#include "api/gateway/problem.h"

#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>

#include <algorithm>
#include <array>

#include "core/check.h"
#include "core/utf8.h"
#include "sluice/core/v1/problem.pb.h"

namespace sluice::api {

namespace {

struct CodeRow {
  int code;
  std::string_view name;
  int http_status;
};

// By the number of the gRPC code.
constexpr std::array kCodes = {
    CodeRow{0, "OK", 200},
    CodeRow{1, "CANCELLED", 499},
    CodeRow{2, "UNKNOWN", 500},
    CodeRow{3, "INVALID_ARGUMENT", 400},
    CodeRow{4, "DEADLINE_EXCEEDED", 504},
    CodeRow{5, "NOT_FOUND", 404},
    CodeRow{6, "ALREADY_EXISTS", 409},
    CodeRow{7, "PERMISSION_DENIED", 403},
    CodeRow{8, "RESOURCE_EXHAUSTED", 429},
    CodeRow{9, "FAILED_PRECONDITION", 400},
    CodeRow{10, "ABORTED", 409},
    CodeRow{11, "OUT_OF_RANGE", 400},
    CodeRow{12, "UNIMPLEMENTED", 501},
    CodeRow{13, "INTERNAL", 500},
    CodeRow{14, "UNAVAILABLE", 503},
    CodeRow{15, "DATA_LOSS", 500},
    CodeRow{16, "UNAUTHENTICATED", 401},
};

const CodeRow& RowOf(int code) {
  const auto found = std::ranges::find(kCodes, code, &CodeRow::code);
  return found == kCodes.end() ? kCodes[2] : *found;
}

// "ACCOUNT_NOT_VALIDATED" as "Account not validated".
std::string TitleOf(std::string_view reason) {
  std::string title(reason);
  for (std::size_t i = 0; i < title.size(); ++i) {
    if (title[i] == '_') {
      title[i] = ' ';
    } else if (i > 0 && title[i] >= 'A' && title[i] <= 'Z') {
      title[i] = static_cast<char>(title[i] - 'A' + 'a');
    }
  }
  return title;
}

// A message that somebody else made may hold anything; a problem is always written.
std::string Shown(const std::string& text) {
  return IsUtf8(text) ? text : std::string("a text that cannot be shown");
}

std::string ToJson(const sluice::core::v1::Problem& problem) {
  std::string json;
  CHECK(google::protobuf::util::MessageToJsonString(problem, &json).ok());
  return json;
}

void AddFault(sluice::core::v1::Problem& problem, const std::string& field,
              const std::string& description) {
  auto& fault = *problem.add_errors();
  fault.set_field(Shown(field));
  fault.set_description(Shown(description));
}

// What the details add to the problem.
void TakeDetails(const google::rpc::Status& status, sluice::core::v1::Problem& problem,
                 ProblemAnswer& answer) {
  for (const auto& detail : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    google::rpc::PreconditionFailure precondition;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      if (info.domain() == kErrorDomain) problem.set_reason(Shown(info.reason()));
    } else if (detail.UnpackTo(&bad_request)) {
      for (const auto& fault : bad_request.field_violations()) {
        AddFault(problem, fault.field(), fault.description());
      }
    } else if (detail.UnpackTo(&precondition)) {
      for (const auto& fault : precondition.violations()) {
        AddFault(problem, fault.subject(), fault.description());
      }
    } else if (detail.UnpackTo(&retry)) {
      // Whole seconds, upward: never an invitation to come too early.
      answer.retry_after_seconds =
          retry.retry_delay().seconds() + (retry.retry_delay().nanos() > 0 ? 1 : 0);
    }
  }
}

}  // namespace

std::string_view CodeName(int grpc_code) { return RowOf(grpc_code).name; }

int HttpStatusOf(int grpc_code) { return RowOf(grpc_code).http_status; }

ProblemAnswer ProblemOf(const google::rpc::Status& status, const ProblemContext& context) {
  const CodeRow& row = RowOf(status.code());
  ProblemAnswer answer{.http_status = row.http_status, .body = {}, .retry_after_seconds = {}};
  sluice::core::v1::Problem problem;
  problem.set_code(std::string(row.name));
  problem.set_instance(Shown(context.instance));
  problem.set_reason(std::string(row.name));
  if (row.http_status == 500) {
    problem.set_detail("the call failed by a fault of the service; its log has the instance");
  } else {
    problem.set_detail(Shown(status.message()));
    TakeDetails(status, problem, answer);
  }
  if (status.code() == 6 && problem.reason() == "ID_REUSED") answer.http_status = 422;
  if (status.code() == 10 && context.if_match && problem.reason() == "ETAG_MISMATCH") {
    answer.http_status = 412;
  }
  problem.set_type("/docs/errors/" + problem.reason());
  problem.set_title(TitleOf(problem.reason()));
  problem.set_status(answer.http_status);
  answer.body = ToJson(problem);
  return answer;
}

ProblemAnswer HttpProblem(int http_status, std::string_view reason, const std::string& detail,
                          const ProblemContext& context) {
  CHECK(reason.starts_with("HTTP_"));
  sluice::core::v1::Problem problem;
  problem.set_type(fmt::format("/docs/errors/{}", reason));
  problem.set_title(TitleOf(reason.substr(5)));
  problem.set_status(http_status);
  problem.set_detail(Shown(detail));
  problem.set_instance(Shown(context.instance));
  problem.set_reason(std::string(reason));
  return {.http_status = http_status, .body = ToJson(problem), .retry_after_seconds = {}};
}

google::rpc::Status StatusWithReason(const Status& status, std::string_view reason) {
  google::rpc::Status result;
  result.set_code(static_cast<int>(status.code()));
  result.set_message(StatusMessage(status));
  google::rpc::ErrorInfo info;
  info.set_reason(reason.empty() ? std::string(RowOf(result.code()).name) : std::string(reason));
  info.set_domain(std::string(kErrorDomain));
  result.add_details()->PackFrom(info);
  return result;
}

}  // namespace sluice::api
