// What takes messages: a folder that a mail system empties, or a relay that speaks SMTP.
//
//   1. Prepare, then the caller marks the message as begun, then Send. What was interrupted in
//      between is looked for, and never sent again by itself.
//   2. A result says whether the other side took the message. Where that is not known it is
//      kUnknown, whatever the error was.
//   3. Neither results nor errors hold an address, a password, or what a server answered in words:
//      servers repeat addresses.
#pragma once

#include <string>
#include <string_view>

#include "core/status.h"
#include "payments/notices/mail_message.h"

namespace sluice::payments {

enum class MailOutcome {
  kSent,      // the other side has it
  kTryLater,  // the other side does not have it, and may take it later
  kRefused,   // the other side does not take it, for good
  kUnknown,   // it may or may not have it
};

struct MailResult {
  MailOutcome outcome = MailOutcome::kTryLater;
  std::string evidence;  // "the relay answered 250"
};

// Not safe to use from several threads at once.
class MailChannel {
 public:
  MailChannel() = default;
  MailChannel(const MailChannel&) = delete;
  MailChannel& operator=(const MailChannel&) = delete;
  virtual ~MailChannel() = default;

  virtual const MailSender& Sender() const = 0;
  // Everything that may be repeated. `bytes` is RenderMail(Sender(), message).
  virtual Status Prepare(const MailMessage& message, std::string_view bytes) = 0;
  // The one step after which the other side has it.
  virtual MailResult Send(const MailMessage& message, std::string_view bytes) = 0;
  // What became of a message that was begun by somebody who did not come back. kTryLater: it was
  // not sent.
  virtual StatusOr<MailResult> LookUp(const MailMessage& message, std::string_view bytes) = 0;
};

}  // namespace sluice::payments
