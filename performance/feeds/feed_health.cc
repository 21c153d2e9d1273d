#include "performance/feeds/feed_health.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"

namespace sluice::performance {
namespace {

// Columns of `a` that `b` lacks; both are sorted and separated by tabs.
std::string Lacking(const std::string& a, const std::string& b) {
  const auto split = [](const std::string& text) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (from <= text.size()) {
      const std::size_t to = std::min(text.find('\t', from), text.size());
      parts.push_back(text.substr(from, to - from));
      from = to + 1;
    }
    return parts;
  };
  std::vector<std::string> lacking;
  std::ranges::set_difference(split(a), split(b), std::back_inserter(lacking));
  std::string text;
  for (const std::string& column : lacking) text += (text.empty() ? "" : ", ") + column;
  return text.empty() ? "none" : text;
}

void JudgeContent(const FeedSpec& spec, const Delivery& newest, const Delivery* before,
                  FeedHealth& health) {
  if (newest.rows_in < spec.least_rows) {
    health.findings.push_back(
        {FeedFindingCode::kShort, HealthColor::kRed,
         fmt::format("{} has {} rows, and at least {} are expected", newest.file_name,
                     newest.rows_in, spec.least_rows)});
  }
  if (spec.most_rows && newest.rows_in > *spec.most_rows) {
    health.findings.push_back(
        {FeedFindingCode::kLong, HealthColor::kAmber,
         fmt::format("{} has {} rows, and at most {} are expected", newest.file_name,
                     newest.rows_in, *spec.most_rows)});
  }
  if (before != nullptr && before->columns != newest.columns) {
    health.findings.push_back(
        {FeedFindingCode::kDrifted, HealthColor::kAmber,
         fmt::format("{} has other columns than {}: new {}; gone {}", newest.file_name,
                     before->file_name, Lacking(newest.columns, before->columns),
                     Lacking(before->columns, newest.columns))});
  }
}

}  // namespace

std::string_view HealthColorName(HealthColor color) {
  switch (color) {
    case HealthColor::kGreen:
      return "green";
    case HealthColor::kAmber:
      return "amber";
    case HealthColor::kRed:
      return "red";
  }
  CHECK(false);
  return {};
}

std::string_view FeedFindingName(FeedFindingCode code) {
  switch (code) {
    case FeedFindingCode::kMissing:
      return "missing";
    case FeedFindingCode::kLate:
      return "late";
    case FeedFindingCode::kShort:
      return "short";
    case FeedFindingCode::kLong:
      return "long";
    case FeedFindingCode::kDrifted:
      return "drifted";
    case FeedFindingCode::kDuplicate:
      return "duplicate";
    case FeedFindingCode::kRefused:
      return "refused";
  }
  CHECK(false);
  return {};
}

bool FeedHealth::Has(FeedFindingCode code) const {
  return std::ranges::any_of(findings, [&](const FeedFinding& f) { return f.code == code; });
}

FeedHealth JudgeFeed(const FeedSpec& spec, std::span<const Delivery> deliveries, Date today) {
  FeedHealth health{.feed = spec.name, .owner = spec.owner};
  const auto accepted =
      std::ranges::find_if(deliveries, [](const Delivery& d) { return d.Accepted(); });
  Date last = spec.starts_on;
  if (accepted != deliveries.end()) {
    health.last_received = accepted->received_on;
    last = std::max(last, accepted->received_on);
    const auto before = std::find_if(std::next(accepted), deliveries.end(),
                                     [](const Delivery& d) { return d.Accepted(); });
    JudgeContent(spec, *accepted, before == deliveries.end() ? nullptr : &*before, health);
  }
  health.due = last + Days(spec.interval_days);
  const std::string since =
      health.last_received ? fmt::format("the last file came on {}", FormatDate(last))
                           : std::string("no file has come yet");
  if (today > health.due + Days(spec.grace_days)) {
    health.findings.push_back({FeedFindingCode::kMissing, HealthColor::kRed,
                               fmt::format("due on {}; {}", FormatDate(health.due), since)});
  } else if (today > health.due) {
    health.findings.push_back({FeedFindingCode::kLate, HealthColor::kAmber,
                               fmt::format("due on {}; {}", FormatDate(health.due), since)});
  }
  // Refused files since the accepted one; the newest of each kind tells.
  for (auto at = deliveries.begin(); at != accepted; ++at) {
    const bool duplicate = at->refused_code == RefusalCodeName(RefusalCode::kDuplicate);
    const FeedFindingCode code =
        duplicate ? FeedFindingCode::kDuplicate : FeedFindingCode::kRefused;
    if (health.Has(code)) continue;
    health.findings.push_back({code, duplicate ? HealthColor::kAmber : HealthColor::kRed,
                               fmt::format("{} {}: {}", at->file_name, at->refused_code,
                                           at->refused_reason)});
  }
  for (const FeedFinding& finding : health.findings) {
    health.color = std::max(health.color, finding.color);
  }
  return health;
}

std::string ToText(std::span<const FeedHealth> feeds) {
  std::string text;
  for (const FeedHealth& feed : feeds) {
    text += fmt::format("{} {} (owner {}), next due {}\n", HealthColorName(feed.color), feed.feed,
                        feed.owner, FormatDate(feed.due));
    for (const FeedFinding& finding : feed.findings) {
      text += fmt::format("  {} {}: {}\n", HealthColorName(finding.color),
                          FeedFindingName(finding.code), finding.detail);
    }
  }
  return text;
}

}  // namespace sluice::performance
