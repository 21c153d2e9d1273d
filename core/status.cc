#include "core/status.h"

namespace sluice {

std::string StatusMessage(const Status& status) {
  return std::string(status.message().data(), status.message().size());
}

std::string StatusCodeName(const Status& status) {
  return absl::StatusCodeToString(status.code());
}

Status Annotate(const Status& status, std::string_view prefix) {
  if (status.ok()) return status;
  return Status(status.code(), fmt::format("{}: {}", prefix, StatusMessage(status)));
}

}  // namespace sluice
