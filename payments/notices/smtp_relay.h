// A relay that speaks SMTP as a mail channel: the one that the configuration names.
//
//   1. The connection is encrypted and the relay shows a certificate that the machine trusts, or
//      `ca_file` does. Only a relay on this machine may be spoken to in the clear.
//   2. The relay has a message when it answered 250 to its end. An end without an answer is
//      kUnknown; what failed before the end was not sent.
//   3. A recipient that the relay refuses for good is kRefused. Everything else that it refuses
//      before the end (the sign-in, the sender) is for the operator: kTryLater, with the code.
// Source: RFC 5321, RFC 3207, RFC 8314.
#pragma once

#include <memory>
#include <string>

#include "core/config.h"
#include "payments/notices/mail_channel.h"

namespace sluice::payments {

enum class SmtpSecurity {
  kStartTls,  // STARTTLS, or nothing is sent
  kTls,       // from the first byte
  kNone,      // this machine only
};

struct SmtpPlace {
  std::string host;
  int port = 587;
  SmtpSecurity security = SmtpSecurity::kStartTls;
  std::string user;           // empty: no sign-in
  std::string password_file;  // one line, for our eyes only (chmod 600)
  std::string ca_file;        // empty: those that the machine trusts
  int timeout_seconds = 30;   // to connect; a whole message has four times as long
};

// The table [smtp]: host, port, security ("starttls", "tls", "none"), user, password_file, ca_file,
// timeout_seconds. Faults are reported by Config::Finish().
SmtpPlace ReadSmtpPlace(const ConfigSection& section);

// How far a message came, and what the relay said last.
struct SmtpTrace {
  bool accepted = false;      // the whole exchange went well
  bool handed_over = false;   // every byte of the message was
  bool at_recipient = false;  // the last command was RCPT
  int last_code = 0;          // of the relay's last answer; 0: none
};
MailResult JudgeSmtp(const SmtpTrace& trace);

class SmtpRelay : public MailChannel {
 public:
  // Connects with the first message, and keeps the connection for the next ones.
  SmtpRelay(MailSender sender, SmtpPlace place);
  ~SmtpRelay() override;

  const MailSender& Sender() const override { return sender_; }
  Status Prepare(const MailMessage& message, std::string_view bytes) override;
  MailResult Send(const MailMessage& message, std::string_view bytes) override;
  // A relay cannot be asked.
  StatusOr<MailResult> LookUp(const MailMessage& message, std::string_view bytes) override;

 private:
  class Connection;

  MailSender sender_;
  SmtpPlace place_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::payments
