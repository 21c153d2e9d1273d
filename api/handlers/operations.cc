// sluice.ops.v1.OperationService. Who may call the method that began an operation may look at it
// and stop it.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <string>

#include "api/handlers/handlers.h"
#include "api/handlers/operation_messages.h"
#include "api/handlers/values.h"
#include "api/operations/operation_store.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"

namespace sluice::api {
namespace {

namespace ops1 = ::sluice::ops::v1;

constexpr std::chrono::milliseconds kLongestWait{60'000};
constexpr std::chrono::milliseconds kLookEvery{200};
// Who waits holds a thread of the server: more than so many at once are asked to come again.
constexpr std::ptrdiff_t kMostWaiting = 8;
constexpr char kReleaseRun[] = "sluice.payments.v1.RunService/ReleaseRun";

StatusOr<OperationId> OperationIdOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<OperationTag>("operations");
}

// One that the caller must not see does not exist for them.
Status CheckMaySee(const Call& call, const std::optional<Operation>& operation) {
  const std::vector<std::string> methods = OperationMethodsOf(call.Caller());
  if (operation && std::ranges::find(methods, operation->method) != methods.end()) {
    return OkStatus();
  }
  return PermissionDenied("{}", kDeniedText);
}

StatusOr<ops1::Operation> Load(const Call& call, pg::Transaction& tx, OperationId id) {
  const auto operation = FindOperation(tx, call.Payer(), id);
  RETURN_IF_ERROR(CheckMaySee(call, operation));
  return OperationMessage(call.Payer(), *operation);
}

StatusOr<ops1::Operation> GetOperation(Call& call, const ops1::GetOperationRequest& request) {
  ASSIGN_OR_RETURN(const OperationId id, OperationIdOf(request.name()));
  return call.Read([&](pg::Transaction& tx) { return Load(call, tx, id); });
}

StatusOr<ops1::ListOperationsResponse> ListOperations(Call& call,
                                                      const ops1::ListOperationsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     OperationFields(), "start_time desc"));
  const std::vector<std::string> methods = OperationMethodsOf(call.Caller());
  return call.Read([&](pg::Transaction& tx) -> StatusOr<ops1::ListOperationsResponse> {
    const OperationPage loaded = LoadOperationPage(tx, call.Payer(), methods, page);
    ops1::ListOperationsResponse response;
    for (const Operation& operation : loaded.operations) {
      *response.add_operations() = OperationMessage(call.Payer(), operation);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// What waits ends at once; what runs is asked to stop at its next safe point.
Status Cancel(pg::Transaction& tx, const Call& call, OperationId id) {
  auto operation = LockOperation(tx, call.Payer(), id);
  RETURN_IF_ERROR(CheckMaySee(call, operation));
  if (operation->HasEnded()) {
    return FailedPrecondition("operation {} ended at {}", id, operation->ended_at->ToString());
  }
  // Money is on its way once it was begun, and what it moved stays.
  if (operation->method == kReleaseRun && operation->attempts > 0) {
    return FailedPrecondition("operation {} releases a run: it cannot be stopped any more", id);
  }
  SetCancelRequested(tx, call.Payer(), id);
  if (operation->attempts > 0) return OkStatus();
  operation->state = OperationState::kCanceled;
  operation->ended_at = call.Now();
  operation->result = ToRpcStatus(absl::CancelledError("canceled by a person")).SerializeAsString();
  SetEnded(tx, call.Payer(), *operation);
  return OkStatus();
}

StatusOr<ops1::Operation> CancelOperation(Call& call, const ops1::CancelOperationRequest& request) {
  ASSIGN_OR_RETURN(const OperationId id, OperationIdOf(request.name()));
  const auto load = [&](pg::Transaction& tx) { return Load(call, tx, id); };
  return call.Change<ops1::Operation>(
      {.before = load,
       .work = [&](const pg::Database& database) -> Status {
         return database.Transact(
             [&](pg::Transaction& tx) -> Status { return Cancel(tx, call, id); });
       },
       .after = load,
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

// Waits a little, or until the server stops.
void Pause(const std::stop_token& draining, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, draining, time, [] { return false; });
}

StatusOr<ops1::Operation> WaitOperation(Call& call, const ops1::WaitOperationRequest& request) {
  static std::counting_semaphore<kMostWaiting> places(kMostWaiting);
  ASSIGN_OR_RETURN(const OperationId id, OperationIdOf(request.name()));
  std::chrono::milliseconds wait = kLongestWait;
  if (request.has_timeout()) {
    if (request.timeout().seconds() < 0 || request.timeout().nanos() < 0) {
      return WrongFields({{"timeout", "is not negative"}});
    }
    const std::int64_t seconds = std::min<std::int64_t>(request.timeout().seconds(), 60);
    wait = std::min(kLongestWait, std::chrono::milliseconds(seconds * 1000 +
                                                            request.timeout().nanos() / 1'000'000));
  }
  auto end = std::chrono::steady_clock::now() + wait;
  if (call.Deadline()) end = std::min(end, *call.Deadline() - kLookEvery);
  const auto look = [&] {
    return call.Read([&](pg::Transaction& tx) { return Load(call, tx, id); });
  };
  StatusOr<ops1::Operation> seen = look();
  if (!seen.ok() || seen->done() || wait.count() == 0) return seen;
  if (!places.try_acquire()) {
    return RetryAfter(ResourceExhausted("too many wait at this server; ask again in a second"),
                      std::chrono::seconds(1));
  }
  while (seen.ok() && !seen->done() && !call.Draining().stop_requested() &&
         std::chrono::steady_clock::now() < end) {
    Pause(call.Draining(), kLookEvery);
    seen = look();
  }
  places.release();
  return seen;
}

}  // namespace

void ServeOperations(Methods& methods) {
  const std::string service = "sluice.ops.v1.OperationService.";
  methods.Serve<ops1::GetOperationRequest, ops1::Operation>(service + "GetOperation", GetOperation);
  methods.Serve<ops1::ListOperationsRequest, ops1::ListOperationsResponse>(
      service + "ListOperations", ListOperations);
  methods.Serve<ops1::CancelOperationRequest, ops1::Operation>(service + "CancelOperation",
                                                               CancelOperation);
  methods.Serve<ops1::WaitOperationRequest, ops1::Operation>(service + "WaitOperation",
                                                             WaitOperation);
}

}  // namespace sluice::api
