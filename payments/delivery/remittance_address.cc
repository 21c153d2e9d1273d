#include "payments/delivery/remittance_address.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace sluice::payments {
namespace {

constexpr std::size_t kLongestReceiver = 15;

bool IsUpperOrDigit(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool IsPartCharacter(char c) {
  return IsUpperOrDigit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
}

// "in/835": parts of a path below another, no way up.
bool IsPathBelow(std::string_view path) {
  if (path.empty()) return true;
  for (;;) {
    const std::size_t end = path.find('/');
    const std::string_view part = path.substr(0, end);
    if (part.empty() || part == "." || part == ".." ||
        !std::ranges::all_of(part, IsPartCharacter)) {
      return false;
    }
    if (end == std::string_view::npos) return true;
    path.remove_prefix(end + 1);
  }
}

}  // namespace

Status CheckDrop(const RemittanceDrop& drop) {
  if (drop.reason.empty()) return InvalidArgument("say why: who asked for the drop");
  const RemittanceAddress& to = drop.to;
  if (to.way != RemittanceDelivery::kSftp || to.server.empty()) {
    return InvalidArgument("a drop needs the name of a server of the configuration");
  }
  if (to.receiver_id.empty() || to.receiver_id.size() > kLongestReceiver ||
      !std::ranges::all_of(to.receiver_id, [](char c) { return IsUpperOrDigit(c) || c == '-'; })) {
    return InvalidArgument("receiver \"{}\" must be 1 to 15 of A-Z, 0-9 and dashes (ISA08)",
                           to.receiver_id);
  }
  if (to.receiver_qualifier.size() != 2 ||
      !std::ranges::all_of(to.receiver_qualifier, IsUpperOrDigit)) {
    return InvalidArgument("qualifier \"{}\" must be two of A-Z and 0-9, such as ZZ (ISA07)",
                           to.receiver_qualifier);
  }
  if (!IsPathBelow(to.directory)) {
    return InvalidArgument(
        "folder \"{}\" must be names of letters, digits, '.', '-' and '_' with '/' between them, "
        "and stay below the server's own folder",
        to.directory);
  }
  return OkStatus();
}

std::optional<RemittanceAddress> AddressOf(PayeeId payee, RemittanceDelivery delivery,
                                           const RemittanceDrops& drops,
                                           const std::string& kept_receiver_id) {
  if (delivery == RemittanceDelivery::kClearinghouse) return std::nullopt;
  if (delivery == RemittanceDelivery::kSftp) {
    if (const auto drop = drops.find(payee); drop != drops.end()) return drop->second;
  }
  return RemittanceAddress{.way = RemittanceDelivery::kPortal, .receiver_id = kept_receiver_id};
}

std::optional<RemittanceErrand> ErrandFor(PayeeId payee, RemittanceDelivery delivery, bool has_835,
                                          const RemittanceDrops& drops) {
  switch (delivery) {
    case RemittanceDelivery::kClearinghouse:
      return std::nullopt;
    case RemittanceDelivery::kSftp:
      if (!has_835) {
        return RemittanceErrand{.note = "asked for its own drop, and gets no 835"};
      }
      if (drops.contains(payee)) return std::nullopt;
      return RemittanceErrand{.note = "asked for its own drop, and none is registered"};
    case RemittanceDelivery::kPortal:
    case RemittanceDelivery::kPaper:
    case RemittanceDelivery::kPdf:
      break;
  }
  return RemittanceErrand{.way = delivery};
}

}  // namespace sluice::payments
