#include "payments/notices/mail_config.h"

#include <string>
#include <utility>

#include "payments/notices/mail_drop.h"
#include "payments/notices/smtp_relay.h"

namespace sluice::payments {

std::unique_ptr<MailChannel> ReadMailChannel(const ConfigSection& root) {
  MailSender sender{.address = root.RequiredText("from"), .name = root.Text("from_name", "")};
  const std::string drop = root.Text("drop", "");
  if (root.Has("smtp")) {
    if (!drop.empty()) root.Fault("drop", "and [smtp] are two ways: choose one");
    SmtpPlace place = ReadSmtpPlace(root.RequiredSection("smtp"));
    return std::make_unique<SmtpRelay>(std::move(sender), std::move(place));
  }
  if (drop.empty()) root.Fault("drop", "must name a folder, or [smtp] a relay");
  return std::make_unique<MailDrop>(std::move(sender), drop);
}

}  // namespace sluice::payments
