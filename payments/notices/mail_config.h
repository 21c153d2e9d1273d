// What takes messages, from configuration.
#pragma once

#include <memory>

#include "core/config.h"
#include "payments/notices/mail_channel.h"

namespace sluice::payments {

// The keys from and from_name, and either drop (a folder) or the table [smtp] (a relay). Faults are
// reported by Config::Finish(): use nothing before it is ok.
std::unique_ptr<MailChannel> ReadMailChannel(const ConfigSection& root);

}  // namespace sluice::payments
