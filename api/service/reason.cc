#include "api/service/reason.h"

#include <google/rpc/error_details.pb.h>

#include "absl/strings/cord.h"
#include "api/gateway/problem.h"

namespace sluice::api {
namespace {

// What a payload's url names.
constexpr char kReasonUrl[] = "sluice/reason";
constexpr char kFieldsUrl[] = "sluice/fields";
constexpr char kRetryUrl[] = "sluice/retry";
constexpr char kDetailsUrl[] = "sluice/details";

}  // namespace

Status WithReason(Status status, std::string_view reason) {
  status.SetPayload(kReasonUrl, absl::Cord(std::string(reason)));
  return status;
}

Status WrongFields(const std::vector<std::pair<std::string, std::string>>& faults) {
  google::rpc::BadRequest bad_request;
  std::vector<std::string> fields;
  for (const auto& [field, description] : faults) {
    auto& violation = *bad_request.add_field_violations();
    violation.set_field(field);
    violation.set_description(description);
    fields.push_back(field);
  }
  Status status = InvalidArgument("the request is wrong in {}", fmt::join(fields, ", "));
  status.SetPayload(kFieldsUrl, absl::Cord(bad_request.SerializeAsString()));
  return status;
}

Status RetryAfter(Status status, std::chrono::microseconds wait) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(wait.count() / 1'000'000);
  retry.mutable_retry_delay()->set_nanos(
      static_cast<std::int32_t>(wait.count() % 1'000'000 * 1000));
  status.SetPayload(kRetryUrl, absl::Cord(retry.SerializeAsString()));
  return status;
}

google::rpc::Status ToRpcStatus(const Status& status) {
  if (const auto kept = status.GetPayload(kDetailsUrl)) {
    google::rpc::Status whole;
    if (whole.ParseFromString(std::string(*kept))) return whole;
  }
  const auto reason = status.GetPayload(kReasonUrl);
  google::rpc::Status result =
      StatusWithReason(status, reason ? std::string(*reason) : std::string());
  if (const auto fields = status.GetPayload(kFieldsUrl)) {
    google::rpc::BadRequest bad_request;
    if (bad_request.ParseFromString(std::string(*fields))) {
      result.add_details()->PackFrom(bad_request);
    }
  }
  if (const auto kept = status.GetPayload(kRetryUrl)) {
    google::rpc::RetryInfo retry;
    if (retry.ParseFromString(std::string(*kept))) result.add_details()->PackFrom(retry);
  }
  return result;
}

google::rpc::Status ShownStatus(const Status& status, const std::string& instance) {
  if (!IsOurFault(status)) return ToRpcStatus(status);
  return StatusWithReason(
      Status(status.code(),
             fmt::format("the call failed by a fault of the service; its log has {}", instance)));
}

bool IsOurFault(const Status& status) {
  return status.code() == absl::StatusCode::kInternal ||
         status.code() == absl::StatusCode::kUnknown ||
         status.code() == absl::StatusCode::kDataLoss;
}

Status FromRpcStatus(const google::rpc::Status& status) {
  Status result(static_cast<absl::StatusCode>(status.code()), status.message());
  result.SetPayload(kDetailsUrl, absl::Cord(status.SerializeAsString()));
  return result;
}

}  // namespace sluice::api
