// What is kept of a call that changes something: its audit event, and its answer for the request
// id.
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>

#include "api/audit/audit_chain.h"
#include "api/service/request_store.h"
#include "core/bytes.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

// The hash of a resource as the audit log has it: of its message in canonical form.
Digest ResourceHash(const google::protobuf::Message& message);

// Whether a refusal depends on state and is kept with its id for ever: sent again with the same id
// it is refused again, so that an abandoned attempt cannot succeed late.
bool IsKept(const Status& refusal);

class CallRecord {
 public:
  // `event` without what the outcome adds to it.
  CallRecord(RequestKey key, Digest request_hash, std::string request, AuditEvent event)
      : key_(std::move(key)),
        request_hash_(request_hash),
        request_(std::move(request)),
        event_(std::move(event)) {}

  const RequestKey& Key() const { return key_; }
  const Digest& RequestHash() const { return request_hash_; }

  struct Outcome {
    Status status;
    const google::protobuf::Message* answer = nullptr;  // of a success
    std::optional<Digest> before;
    std::string reason;  // that the person gave
  };
  // Keeps the outcome, inside the transaction of its effect. Aborted when another call with the
  // same id was faster: then this one has no effect.
  Status Keep(pg::Transaction& tx, const Outcome& outcome) const;

 private:
  RequestKey key_;
  Digest request_hash_{};
  std::string request_;
  AuditEvent event_;
};

}  // namespace sluice::api
