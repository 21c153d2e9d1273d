// How a payer's messages leave, from a TOML file.
#pragma once

#include <memory>
#include <string>

#include "core/status.h"
#include "payments/notices/mail_channel.h"

namespace sluice::api {

// TOML: from, from_name, and drop (a folder) or [smtp] (a relay). InvalidArgument names every fault
// with its place.
StatusOr<std::unique_ptr<payments::MailChannel>> ReadMailProfile(const std::string& path);

}  // namespace sluice::api
