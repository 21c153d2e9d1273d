#include "payments/remittance/finding.h"

#include <string_view>

namespace sluice::payments {
namespace {

std::string_view PlaceWord(std::string_view file) {
  if (file.ends_with(".835")) return "segment";
  if (file.ends_with(".pdf")) return "page";
  return "line";
}

}  // namespace

std::string Finding::ToString() const {
  const std::string where =
      place == 0 ? file : fmt::format("{} {} {}", file, PlaceWord(file), place);
  return fmt::format("check {}: {}: {}", check, where, message);
}

}  // namespace sluice::payments
