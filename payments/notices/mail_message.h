// A message as mail servers take it (RFC 5322): text in UTF-8, nothing that a field can smuggle in.
//
//   1. The bytes are a function of what is given: the same message again is the same bytes, with
//      the same Message-ID, so that whoever gets it twice sees that it is one.
//   2. A field with a line end, or an address that is none, is refused, not repaired.
// Source: RFC 5322, RFC 2045 (quoted-printable), RFC 2047 (encoded words), RFC 3834.
#pragma once

#include <string>
#include <string_view>

#include "core/date.h"
#include "core/status.h"

namespace sluice::payments {

// Who writes: configuration.
struct MailSender {
  std::string address;  // "notices@plan.example"
  std::string name;     // "Prairie Health Plan"; may be empty
};

struct MailMessage {
  std::string id;  // letters, digits, dots and dashes; unique at the sender
  std::string to;
  std::string to_name;  // may be empty
  std::string subject;
  std::string body;  // lines end at a line feed
  Instant written_at;
};

// The message with lines that end in CR LF. InvalidArgument names the field, and never an address.
StatusOr<std::string> RenderMail(const MailSender& sender, const MailMessage& message);

// "Sun, 22 Nov 2026 19:50:00 +0000".
std::string MailDate(Instant at);
// Text as a value of a header: as it is, or as encoded words where it is not ASCII.
std::string HeaderText(std::string_view text);
// Lines of at most 76 characters that any server takes.
std::string QuotedPrintable(std::string_view text);

}  // namespace sluice::payments
