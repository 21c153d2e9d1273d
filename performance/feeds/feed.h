// Feeds: what a payer's files are expected to be, and what came of each file.
//
//   1. A feed is configuration. A new layout, a new rhythm or a new owner is a new version of its
//      specification; no code knows a feed by name.
//   2. Each delivery is for one period. The accepted delivery of the highest version of a period
//      counts; the ones before it are superseded but never forgotten.
//   3. Counts add up: rows in = rows read + rows rejected. Warnings are of rows that were read.
//
// A specification in TOML (deploy/config/feeds has examples):
//   name = "adt_daily"            lower-case letters, digits and '_'
//   kind = "activity"             see FeedKind
//   owner = "Clinical data team"  who is asked when it stays away
//   mapping = "adt_daily.mapping.toml"   beside this file: what the columns mean
//   starts_on = 2026-01-01        the first delivery is expected one interval later
//   interval_days = 1
//   grace_days = 0                at most an interval, so that silence is red within two
//   least_rows = 1                fewer is a short file; default 1
//   most_rows = 50000             more is a long one; default no limit
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/status.h"

namespace sluice::performance {

// The numbers are stored.
enum class FeedKind : std::int16_t {
  kEligibility = 1,
  kMedicalClaim = 2,
  kPharmacyClaim = 3,
  kProviderChoice = 4,
  kRoster = 5,    // hierarchy/roster_mapping.h
  kActivity = 6,  // activities and messages such as ADT; performance/feeds/row_mapping.h
  kMeasure = 7,   // results of quality measures
  kFact = 8,      // any fact of a contract or a party under it
  kMemberMeasure = 9,  // results of quality measures, member by member
};

// "medical_claim".
std::string_view FeedKindName(FeedKind kind);

struct FeedSpec {
  std::string name;
  std::int32_t version = 0;  // given when it is stored
  FeedKind kind = FeedKind::kFact;
  std::string owner;
  std::string mapping;  // the text of the mapping file
  Date starts_on{};
  std::int32_t interval_days = 0;
  std::int32_t grace_days = 0;
  std::int64_t least_rows = 1;
  std::optional<std::int64_t> most_rows;

  friend bool operator==(const FeedSpec&, const FeedSpec&) = default;
};

// Reads a specification and the mapping file beside it. InvalidArgument names file, key and rule.
StatusOr<FeedSpec> LoadFeedSpec(const std::string& path);
// InvalidArgument names the field: also when the mapping does not parse or is of another kind.
Status ValidateFeedSpec(const FeedSpec& spec);

struct DeliveryTag {
  static constexpr std::string_view kPrefix = "fdl";
};
using DeliveryId = Id<DeliveryTag>;

// Why a file was refused whole. The names are stable.
enum class RefusalCode : std::uint8_t {
  kUnreadable,  // it is not there, or changed while it was read
  kDuplicate,   // the same bytes came before
  kFuture,      // its period or a date in it is after the day it came
  kMalformed,   // cut, in a wrong encoding, or without a column
  kFailed,      // what its rows demand cannot be stored
};
// "DUPLICATE".
std::string_view RefusalCodeName(RefusalCode code);

struct Delivery {
  DeliveryId id;
  std::string feed;
  std::int32_t feed_version = 0;
  std::string file_name;
  std::optional<Digest> sha256;  // none when the file could not be read
  std::int64_t bytes = 0;
  DateRange period;            // closed
  std::int32_t version = 0;    // 1 is the first of its period; 0 when refused
  std::string refused_code;    // empty when accepted
  std::string refused_reason;
  std::int64_t rows_in = 0;
  std::int64_t rows_read = 0;
  std::int64_t rows_rejected = 0;
  std::int64_t warnings = 0;
  std::int64_t rows_recorded = 0;  // those that said something new
  std::string columns;             // of the header, sorted, separated by tabs
  Date received_on{};
  Instant received_at;
  std::int64_t batch_id = 0;  // of what it recorded
  std::string note;           // what else people should know of it; mostly empty

  bool Accepted() const { return version > 0; }
  friend bool operator==(const Delivery&, const Delivery&) = default;
};

struct QuarantinedRow {
  std::int64_t row = 0;  // as a spreadsheet counts: the header is row 1
  std::int64_t line = 0;
  std::string column;
  std::string code;
  std::string reason;
  std::optional<std::string> raw;  // only of feeds that name no member

  friend bool operator==(const QuarantinedRow&, const QuarantinedRow&) = default;
};

// The validation report of a delivery, for people.
std::string ToText(const Delivery& delivery, const std::vector<QuarantinedRow>& quarantine);

}  // namespace sluice::performance
