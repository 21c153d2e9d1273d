#include "api/service/call_record.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "api/audit/audit_store.h"
#include "api/service/reason.h"
#include "core/check.h"

namespace sluice::api {

Digest ResourceHash(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    CHECK(message.SerializeToCodedStream(&coded));
  }
  return CanonicalWriter("sluice.resource.v1")
      .Text(message.GetDescriptor()->full_name())
      .Text(bytes)
      .Hash();
}

bool IsKept(const Status& refusal) {
  return refusal.code() == absl::StatusCode::kFailedPrecondition ||
         refusal.code() == absl::StatusCode::kNotFound ||
         refusal.code() == absl::StatusCode::kAlreadyExists ||
         refusal.code() == absl::StatusCode::kOutOfRange;
}

Status CallRecord::Keep(pg::Transaction& tx, const Outcome& outcome) const {
  KeptAnswer kept{.request_hash = request_hash_,
                  .request = request_,
                  .code = static_cast<std::int16_t>(outcome.status.code())};
  kept.answer = outcome.status.ok() ? outcome.answer->SerializeAsString()
                                    : ToRpcStatus(outcome.status).SerializeAsString();
  if (!InsertAnswer(tx, key_, kept, event_.recorded_at)) {
    return Aborted("the same request was answered by another call");
  }
  AuditEvent event = event_;
  event.before = outcome.before;
  event.reason = outcome.status.ok() ? outcome.reason : StatusMessage(outcome.status);
  if (outcome.status.ok()) event.after = ResourceHash(*outcome.answer);
  InsertAuditEvent(tx, event);
  return OkStatus();
}

}  // namespace sluice::api
