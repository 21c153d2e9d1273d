// The answers that are kept for request ids (core.request). No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

// Whose request it is: an id is one only for one person and one method.
struct RequestKey {
  PayerId payer;
  UserId user;
  std::string method;
  Uuid id{};
};

struct KeptAnswer {
  Digest request_hash{};
  std::string request;    // without what goes only in
  std::int16_t code = 0;  // of gRPC
  std::string answer;     // the message for 0, else a google.rpc.Status
};

std::optional<KeptAnswer> FindAnswer(pg::Transaction& tx, const RequestKey& key);
// False when the id has an answer already. Waits for another transaction that writes it.
bool InsertAnswer(pg::Transaction& tx, const RequestKey& key, const KeptAnswer& kept, Instant at);

}  // namespace sluice::api
