#include "api/handlers/operation_messages.h"

#include <google/rpc/status.pb.h>

#include "api/contract/method_access.h"
#include "api/contract/published.h"
#include "api/contract/request_identity.h"
#include "api/handlers/values.h"
#include "api/operations/operation_store.h"
#include "api/service/reason.h"
#include "core/check.h"

namespace sluice::api {
namespace {

namespace ops1 = ::sluice::ops::v1;

constexpr std::chrono::seconds kAskAgainIn{5};

bool BeginsOperations(const google::protobuf::MethodDescriptor& method) {
  return method.output_type() == ops1::Operation::descriptor() &&
         method.service()->full_name() != "sluice.ops.v1.OperationService";
}

bool MayInAllOfThePayer(const Principal& caller, const MethodAccess& access) {
  if (!access.resource) return true;
  for (const Grant& grant : caller.grants) {
    if (grant.root == PartyId() && RightOf(grant.role, *access.resource, *access.verb).granted) {
      return true;
    }
  }
  return false;
}

}  // namespace

ops1::Operation OperationMessage(PayerId payer, const Operation& operation) {
  ops1::Operation to;
  to.set_name(fmt::format("payers/{}/operations/{}", payer, operation.id));
  ops1::OperationMetadata& metadata = *to.mutable_metadata();
  metadata.set_method(operation.method);
  metadata.set_target(operation.target);
  metadata.set_phase(operation.phase);
  metadata.set_items_done(operation.items_done);
  metadata.set_items_total(operation.items_total);
  Set(*metadata.mutable_start_time(), operation.created_at);
  metadata.set_cancel_requested(operation.cancel_requested);
  if (!operation.HasEnded()) return to;
  Set(*metadata.mutable_end_time(), *operation.ended_at);
  to.set_done(true);
  if (operation.state == OperationState::kSucceeded) {
    CHECK(to.mutable_response()->ParseFromString(operation.result));
  } else {
    CHECK(to.mutable_error()->ParseFromString(operation.result));
  }
  return to;
}

StatusOr<ops1::Operation> Begin(Call& call, const google::protobuf::Message& request,
                                const BeginOperation& begin) {
  const Operation operation{.id = call.Ids().Next<OperationTag>(),
                            .method = call.Method(),
                            .target = begin.target,
                            .job = begin.job,
                            .actor = call.Actor(),
                            .request = KeptRequest(request),
                            .created_at = call.Now()};
  return call.Change<ops1::Operation>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         return database.Transact([&](pg::Transaction& tx) -> Status {
           RETURN_IF_ERROR(begin.check(tx));
           if (InsertOperation(tx, call.Payer(), operation)) return OkStatus();
           const auto other = FindOperationOfJob(tx, call.Payer(), operation.job);
           return RetryAfter(WithReason(Aborted("{} is at work on it; wait for it, then read again",
                                                other ? fmt::format("operation {}", *other)
                                                      : "another operation"),
                                        kOperationRunning),
                             kAskAgainIn);
         });
       },
       .after = [&](pg::Transaction& tx) -> StatusOr<ops1::Operation> {
         const auto stored = FindOperation(tx, call.Payer(), operation.id);
         if (!stored) return Internal("the operation is not there");
         ops1::Operation message = OperationMessage(call.Payer(), *stored);
         if (begin.validate_only) message.clear_name();
         return message;
       },
       .etag = std::nullopt,
       .validate_only = begin.validate_only,
       .reason = begin.reason});
}

std::vector<std::string> OperationMethodsOf(const Principal& caller) {
  std::vector<std::string> methods;
  for (const google::protobuf::ServiceDescriptor* const service : PublishedServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const google::protobuf::MethodDescriptor& method = *service->method(i);
      if (!BeginsOperations(method)) continue;
      const StatusOr<MethodAccess> access = AccessOf(method);
      if (access.ok() && MayInAllOfThePayer(caller, *access)) methods.push_back(MethodName(method));
    }
  }
  return methods;
}

}  // namespace sluice::api
