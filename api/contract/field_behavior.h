// Fields that must be there, that only the service sets, and that never come out: what the contract
// says of them, carried out on every message of both transports.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

namespace sluice::api {

// The paths of fields that are required and not set: "preference.method". A message that is not
// there is asked for, but not for what it would have to hold. Call ClearOutputOnly first.
std::vector<std::string> MissingFields(const google::protobuf::Message& request);

// Clears what only the service sets: what a request says of it is ignored. `naming` is the path of
// the field that says what the request is about; in an update it stands inside the thing
// ("user.name"), and is kept there together with the etag beside it: what the caller saw.
void ClearOutputOnly(google::protobuf::Message& request, std::string_view naming = {});

// Clears what goes only in. Called on every answer before it leaves, so that a handler that copies
// too much gives nothing away.
void ClearInputOnly(google::protobuf::Message& answer);

}  // namespace sluice::api
