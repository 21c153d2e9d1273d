#include "api/mail_profile.h"

#include "core/config.h"
#include "payments/notices/mail_config.h"

namespace sluice::api {

StatusOr<std::unique_ptr<payments::MailChannel>> ReadMailProfile(const std::string& path) {
  ASSIGN_OR_RETURN(const Config config, Config::Load(path));
  std::unique_ptr<payments::MailChannel> channel = payments::ReadMailChannel(config.Root());
  RETURN_IF_ERROR(config.Finish());
  return channel;
}

}  // namespace sluice::api
