#include "api/service/resource_path.h"

#include <algorithm>

namespace sluice::api {

StatusOr<ResourcePath> ResourcePath::Parse(std::string_view text) {
  ResourcePath name;
  std::vector<std::string> segments;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    segments.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  if (std::ranges::any_of(segments, &std::string::empty)) {
    return InvalidArgument("a resource name has an empty part");
  }
  for (std::size_t i = 0; i < segments.size(); i += 2) {
    name.parts_.emplace_back(segments[i], i + 1 < segments.size() ? segments[i + 1] : "");
  }
  return name;
}

StatusOr<std::string> ResourcePath::Find(std::string_view collection) const {
  const auto part =
      std::ranges::find(parts_, collection, &std::pair<std::string, std::string>::first);
  if (part == parts_.end() || part->second.empty()) {
    return InvalidArgument("a resource name lacks its part {}/...", collection);
  }
  return part->second;
}

std::string PartyName(PayerId payer, PartyId party) {
  return fmt::format("payers/{}/parties/{}", payer, party);
}

std::string PayeeName(PayerId payer, PayeeId payee) {
  return fmt::format("payers/{}/payees/{}", payer, payee);
}

std::string UserName(PayerId payer, UserId user) {
  return fmt::format("payers/{}/users/{}", payer, user);
}

}  // namespace sluice::api
