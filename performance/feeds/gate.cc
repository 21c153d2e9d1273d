#include "performance/feeds/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"

namespace sluice::performance {
namespace {

// The first day of the period that no delivery covers.
std::optional<Date> FirstGap(std::vector<DateRange> covered, const DateRange& period) {
  std::ranges::sort(covered, {}, &DateRange::from);
  Date reached = period.from;
  for (const DateRange& range : covered) {
    if (range.from > reached) break;
    reached = std::max(reached, *range.to);
  }
  if (reached >= *period.to) return std::nullopt;
  return reached;
}

GateResult JudgeShare(const DataGate& gate, std::int64_t rows, std::int64_t rejected) {
  const bool passed = rows > 0 && Ratio(rejected) <= gate.ratio_limit * Ratio(rows);
  return {passed, fmt::format("{} of {} rows were rejected, and at most {} of them may be{}",
                              rejected, rows, gate.ratio_limit.ToFractionString(),
                              passed ? "" : ": correct the quarantined rows and reprocess")};
}

}  // namespace

std::string_view GateKindName(GateKind kind) {
  switch (kind) {
    case GateKind::kRecorded:
      return "recorded";
    case GateKind::kDelivered:
      return "delivered";
    case GateKind::kRejectedShare:
      return "rejected_share";
    case GateKind::kFresh:
      return "fresh";
    case GateKind::kComplete:
      return "complete";
  }
  CHECK(false);
  return {};
}

Status ValidateGate(const DataGate& gate) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (gate.name.empty() || gate.name.size() > 40 || !lower(gate.name.front()) ||
      !std::ranges::all_of(gate.name, [&](char c) {
        return lower(c) || (c >= '0' && c <= '9') || c == '_';
      })) {
    return InvalidArgument("gate '{}': name must be 1 to 40 lower-case letters, digits or '_', a "
                           "letter first",
                           gate.name);
  }
  if (gate.feed.empty()) return InvalidArgument("gate {}: feed must name a feed", gate.name);
  const bool share = gate.kind == GateKind::kRejectedShare;
  if (share && (gate.ratio_limit < Ratio() || gate.ratio_limit > Ratio(1))) {
    return InvalidArgument("gate {}: ratio_limit must be from 0 to 1", gate.name);
  }
  const bool counts = gate.kind == GateKind::kFresh || gate.kind == GateKind::kComplete;
  if (gate.count_limit < (gate.kind == GateKind::kComplete ? 1 : 0)) {
    return InvalidArgument("gate {}: count_limit is too small", gate.name);
  }
  if ((!share && gate.ratio_limit != Ratio()) || (!counts && gate.count_limit != 0)) {
    return InvalidArgument("gate {}: a gate of kind {} has no such limit", gate.name,
                           GateKindName(gate.kind));
  }
  return OkStatus();
}

GateResult JudgeGate(const DataGate& gate, std::span<const Delivery> deliveries,
                     const DateRange& period, Date today) {
  CHECK(period.to.has_value());
  std::int64_t rows = 0;
  std::int64_t rejected = 0;
  std::optional<Date> newest;
  std::vector<DateRange> covered;
  for (const Delivery& delivery : deliveries) {
    rows += delivery.rows_in;
    rejected += delivery.rows_rejected;
    newest = std::max(newest.value_or(delivery.received_on), delivery.received_on);
    covered.push_back(delivery.period);
  }
  if (gate.kind == GateKind::kRecorded) {
    return {true, fmt::format("{} deliveries are recorded", deliveries.size())};
  }
  if (!newest) {
    return {false, fmt::format("feed {} delivered nothing for {}: receive its file and calculate "
                               "again",
                               gate.feed, period.ToString())};
  }
  switch (gate.kind) {
    case GateKind::kDelivered: {
      const std::optional<Date> gap = FirstGap(std::move(covered), period);
      if (!gap) return {true, fmt::format("every day of {} is delivered", period.ToString())};
      return {false, fmt::format("feed {} delivered nothing for {}: receive that file and "
                                 "calculate again",
                                 gate.feed, FormatDate(*gap))};
    }
    case GateKind::kRejectedShare:
      return JudgeShare(gate, rows, rejected);
    case GateKind::kFresh: {
      const bool passed = *newest + Days(gate.count_limit) >= today;
      return {passed, fmt::format("the newest file of feed {} came on {}, and it may be {} days "
                                  "old{}",
                                  gate.feed, FormatDate(*newest), gate.count_limit,
                                  passed ? "" : ": receive a newer one and calculate again")};
    }
    case GateKind::kComplete: {
      const bool passed = rows - rejected >= gate.count_limit;
      return {passed, fmt::format("{} rows were read, and at least {} are expected{}",
                                  rows - rejected, gate.count_limit,
                                  passed ? "" : ": receive the rest and calculate again")};
    }
    case GateKind::kRecorded:
      break;
  }
  CHECK(false);
  return {};
}

std::string BreachFact(std::string_view feed) { return fmt::format("feed_breach.{}", feed); }

}  // namespace sluice::performance
