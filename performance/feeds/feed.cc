#include "performance/feeds/feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/check.h"
#include "core/config.h"
#include "hierarchy/roster_mapping.h"
#include "performance/feeds/row_mapping.h"
#include "performance/members/file_mapping.h"

namespace sluice::performance {
namespace {

constexpr std::array kKinds = {FeedKind::kEligibility,    FeedKind::kMedicalClaim,
                               FeedKind::kPharmacyClaim,  FeedKind::kProviderChoice,
                               FeedKind::kRoster,         FeedKind::kActivity,
                               FeedKind::kMeasure,        FeedKind::kFact,
                               FeedKind::kMemberMeasure};

bool IsFeedName(std::string_view name) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= 40 && lower(name.front()) &&
         std::ranges::all_of(name, [&](char c) {
           return lower(c) || (c >= '0' && c <= '9') || c == '_';
         });
}

// The mapping parses, and it is for this kind.
Status CheckMapping(const FeedSpec& spec) {
  const std::string name = fmt::format("mapping of feed {}", spec.name);
  std::string_view kind;
  switch (spec.kind) {
    case FeedKind::kRoster:
      return hierarchy::ParseRosterMapping(spec.mapping, name).status();
    case FeedKind::kActivity:
    case FeedKind::kMeasure:
    case FeedKind::kMemberMeasure:
    case FeedKind::kFact: {
      ASSIGN_OR_RETURN(const RowMapping mapping, ParseRowMapping(spec.mapping, name));
      if (mapping.kind == spec.kind) return OkStatus();
      kind = FeedKindName(mapping.kind);
      break;
    }
    case FeedKind::kEligibility:
    case FeedKind::kMedicalClaim:
    case FeedKind::kPharmacyClaim:
    case FeedKind::kProviderChoice: {
      ASSIGN_OR_RETURN(const FileMapping mapping, ParseFileMapping(spec.mapping, name));
      if (MemberFileKindName(mapping.kind) == FeedKindName(spec.kind)) return OkStatus();
      kind = MemberFileKindName(mapping.kind);
    }
  }
  return InvalidArgument("the {} is of kind {}, but the feed is of kind {}", name, kind,
                         FeedKindName(spec.kind));
}

}  // namespace

std::string_view FeedKindName(FeedKind kind) {
  switch (kind) {
    case FeedKind::kEligibility:
      return "eligibility";
    case FeedKind::kMedicalClaim:
      return "medical_claim";
    case FeedKind::kPharmacyClaim:
      return "pharmacy_claim";
    case FeedKind::kProviderChoice:
      return "provider_choice";
    case FeedKind::kRoster:
      return "roster";
    case FeedKind::kActivity:
      return "activity";
    case FeedKind::kMeasure:
      return "measure";
    case FeedKind::kFact:
      return "fact";
    case FeedKind::kMemberMeasure:
      return "member_measure";
  }
  CHECK(false);
  return {};
}

std::string_view RefusalCodeName(RefusalCode code) {
  switch (code) {
    case RefusalCode::kUnreadable:
      return "UNREADABLE";
    case RefusalCode::kDuplicate:
      return "DUPLICATE";
    case RefusalCode::kFuture:
      return "FUTURE";
    case RefusalCode::kMalformed:
      return "MALFORMED";
    case RefusalCode::kFailed:
      return "FAILED";
  }
  CHECK(false);
  return {};
}

Status ValidateFeedSpec(const FeedSpec& spec) {
  if (!IsFeedName(spec.name)) {
    return InvalidArgument("feed '{}': name must be 1 to 40 lower-case letters, digits or '_', a "
                           "letter first",
                           spec.name);
  }
  const auto fault = [&](std::string_view field, std::string_view rule) {
    return InvalidArgument("feed {}: {} {}", spec.name, field, rule);
  };
  if (spec.owner.empty()) return fault("owner", "must name who answers for it");
  if (spec.interval_days < 1) return fault("interval_days", "must be at least 1");
  if (spec.grace_days < 0 || spec.grace_days > spec.interval_days) {
    return fault("grace_days", "must be from 0 to interval_days");
  }
  if (spec.least_rows < 0) return fault("least_rows", "must not be negative");
  if (spec.most_rows && *spec.most_rows < spec.least_rows) {
    return fault("most_rows", "must not be less than least_rows");
  }
  return CheckMapping(spec);
}

StatusOr<FeedSpec> LoadFeedSpec(const std::string& path) {
  ASSIGN_OR_RETURN(const Config config, Config::Load(path));
  const ConfigSection root = config.Root();
  FeedSpec spec;
  spec.name = root.RequiredText("name");
  if (!root.Has("kind")) root.RequiredText("kind");
  std::vector<std::string> kinds;
  for (const FeedKind kind : kKinds) kinds.emplace_back(FeedKindName(kind));
  const std::string kind_name = root.Choice("kind", kinds, kinds.front());
  for (const FeedKind kind : kKinds) {
    if (FeedKindName(kind) == kind_name) spec.kind = kind;
  }
  spec.owner = root.RequiredText("owner");
  const std::string mapping = root.RequiredText("mapping");
  spec.starts_on = root.RequiredDate("starts_on");
  spec.interval_days =
      static_cast<std::int32_t>(root.RequiredInteger("interval_days", {.least = 1, .most = 3660}));
  spec.grace_days =
      static_cast<std::int32_t>(root.Integer("grace_days", 0, {.least = 0, .most = 3660}));
  spec.least_rows = root.Integer("least_rows", 1, {.least = 0});
  if (root.Has("most_rows")) spec.most_rows = root.RequiredInteger("most_rows", {.least = 0});
  RETURN_IF_ERROR(config.Finish());
  const std::filesystem::path mapping_path =
      std::filesystem::path(path).parent_path() / mapping;
  std::ifstream in(mapping_path, std::ios::binary);
  if (!in) {
    return NotFound("{}: the mapping file {} cannot be read", path, mapping_path.string());
  }
  std::ostringstream text;
  text << in.rdbuf();
  spec.mapping = text.str();
  if (const Status status = ValidateFeedSpec(spec); !status.ok()) return Annotate(status, path);
  return spec;
}

std::string ToText(const Delivery& delivery, const std::vector<QuarantinedRow>& quarantine) {
  std::string text =
      fmt::format("{}: feed {}, {}, received {}\n", delivery.file_name, delivery.feed,
                  delivery.period.ToString(), FormatDate(delivery.received_on));
  if (!delivery.Accepted()) {
    return text + fmt::format("REFUSED {}: {}\n", delivery.refused_code, delivery.refused_reason);
  }
  text += fmt::format(
      "accepted as {} version {}: {} rows in, {} read, {} rejected, {} warnings, {} new\n",
      delivery.id, delivery.version, delivery.rows_in, delivery.rows_read, delivery.rows_rejected,
      delivery.warnings, delivery.rows_recorded);
  if (!delivery.note.empty()) text += fmt::format("note: {}\n", delivery.note);
  for (const QuarantinedRow& row : quarantine) {
    text += fmt::format("row {}{}: {}: {}\n", row.row,
                        row.column.empty() ? "" : fmt::format(" column '{}'", row.column), row.code,
                        row.reason);
  }
  return text;
}

}  // namespace sluice::performance
