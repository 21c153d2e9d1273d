// When two requests with one id are the same request, and what differs when they are not.
//
//   1. The hash is over a canonical form: the fields in the order of their numbers, without unknown
//      ones and without the request id itself. It does not depend on the transport or the sender.
//   2. It is keyed. What goes only in (account numbers, taxpayers' numbers) takes part, so that
//      another number is another request, and a bare hash of such a number could be guessed.
//   3. A difference names the field and both values, but for what goes only in: there it names the
//      field.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/crypto.h"

namespace sluice::api {

// The key is the service's, the same for all servers of one database.
Digest RequestHash(const SecretKey& key, const google::protobuf::Message& request);

// What may be kept of a request to tell later what differs: without its id and without what goes
// only in.
std::string KeptRequest(const google::protobuf::Message& request);

// "amount.cents stored 1200, sent 1300" for each field that differs, by number; a field that goes
// only in is not in `kept` and is named when the hashes differ and nothing else does: "a field that
// is not kept". At most 20. Requires: `kept` is of the type of `sent`.
std::vector<std::string> DifferingFields(const std::string& kept,
                                         const google::protobuf::Message& sent);

}  // namespace sluice::api
