// How commands name a payee, and what they need to work with sealed numbers.
#pragma once

#include <string_view>

#include "api/session.h"
#include "payments/key_provider.h"

namespace sluice::api {

// The payee with this id, TIN or exact name. NotFound names the forms; InvalidArgument lists the
// ids when several have the name. A TIN is never repeated in a message.
StatusOr<PayeeId> FindPayee(Session& session, std::string_view text);

// The key-encryption key beside the data directory.
StatusOr<payments::FileKeyProvider> OpenKeys(const Session& session);

}  // namespace sluice::api
