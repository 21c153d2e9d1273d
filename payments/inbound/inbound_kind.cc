#include "payments/inbound/inbound_kind.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::payments {
namespace {

// The head of the report that banks pass on when the operator has read a file.
constexpr std::string_view kFedReport = "OF ACH FILE DEPOSITS";
constexpr std::size_t kHead = 4'096;

bool IsPrintableText(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t' || c == '\f';
  });
}

}  // namespace

std::string_view InboundKindName(InboundKind kind) {
  constexpr std::array<std::string_view, 5> kNames = {"unknown", "ACH", "BAI2", "X12", "report"};
  const auto index = static_cast<std::size_t>(kind);
  CHECK(index < kNames.size());
  return kNames[index];
}

InboundKind KindOf(std::string_view bytes) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  const std::size_t start = bytes.find_first_not_of(" \t\r\n");
  if (start == bytes.npos) return InboundKind::kUnknown;
  const std::string_view head = bytes.substr(start, kHead);
  if (head.starts_with("ISA")) return InboundKind::kX12;
  if (head.starts_with("01,") || head.starts_with("02,") || head.starts_with("03,")) {
    return InboundKind::kBai2;
  }
  if (head.find(kFedReport) != head.npos && IsPrintableText(head)) return InboundKind::kTextReport;
  // A 1, 5 or 6 record; banks leave the outer records away. A first line of 94 would be too much to
  // ask: blanks at the end are often trimmed.
  const std::string_view line = head.substr(0, std::min(head.find('\n'), head.size()));
  const bool record = head[0] == '1' || head[0] == '5' || head[0] == '6' || head[0] == '9';
  const bool numbered = head.size() > 3 && std::ranges::all_of(head.substr(0, 2), [](char c) {
                          return c >= '0' && c <= '9';
                        });
  if (record && numbered && line.size() >= 40) return InboundKind::kAch;
  return InboundKind::kUnknown;
}

}  // namespace sluice::payments
