#include "payments/notices/mail_drop.h"

#include "core/bytes.h"

namespace sluice::payments {
namespace {

std::string EmlName(const MailMessage& message) { return message.id + ".eml"; }

}  // namespace

Status MailDrop::Prepare(const MailMessage& message, std::string_view bytes) {
  return folder_.WriteTemporary(EmlName(message), bytes);
}

MailResult MailDrop::Send(const MailMessage& message, std::string_view bytes) {
  const Status named = folder_.RenameTemporary(EmlName(message));
  if (named.ok()) return {MailOutcome::kSent, "in the mail drop"};
  // The name may be there although a later step failed.
  const auto seen = LookUp(message, bytes);
  return seen.ok() ? *seen : MailResult{MailOutcome::kUnknown, StatusMessage(seen.status())};
}

StatusOr<MailResult> MailDrop::LookUp(const MailMessage& message, std::string_view bytes) {
  const std::string name = EmlName(message);
  ASSIGN_OR_RETURN(const Sighting seen,
                   folder_.LookUp({.name = name,
                                   .size = static_cast<std::int64_t>(bytes.size()),
                                   .sha256 = Sha256(AsBytes(bytes))}));
  switch (seen.what) {
    case Delivered::kSame:
      RETURN_IF_ERROR(folder_.RemoveTemporary(name));
      return MailResult{MailOutcome::kSent, "lies in the mail drop"};
    case Delivered::kTemporary:
      return MailResult{MailOutcome::kTryLater, "its temporary name is still in the mail drop"};
    case Delivered::kOther:
      return MailResult{MailOutcome::kUnknown,
                        "the mail drop has a message of this name with other content"};
    case Delivered::kNothing:
      break;
  }
  return MailResult{MailOutcome::kUnknown,
                    "neither the message nor its temporary name is in the mail drop"};
}

}  // namespace sluice::payments
