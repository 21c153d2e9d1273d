// A folder as a mail channel: one file `<id>.eml` for each message. Whoever empties the folder
// sends what it finds there and takes it away.
#pragma once

#include <string>
#include <utility>

#include "payments/delivery/folder_channel.h"
#include "payments/notices/mail_channel.h"

namespace sluice::payments {

class MailDrop : public MailChannel {
 public:
  // Makes the folder with the first message when it is missing.
  MailDrop(MailSender sender, std::string directory)
      : sender_(std::move(sender)), folder_(std::move(directory)) {}

  const MailSender& Sender() const override { return sender_; }
  Status Prepare(const MailMessage& message, std::string_view bytes) override;
  MailResult Send(const MailMessage& message, std::string_view bytes) override;
  StatusOr<MailResult> LookUp(const MailMessage& message, std::string_view bytes) override;

 private:
  MailSender sender_;
  FolderChannel folder_;
};

}  // namespace sluice::payments
