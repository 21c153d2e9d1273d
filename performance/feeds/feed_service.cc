#include "performance/feeds/feed_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/check.h"
#include "core/csv.h"
#include "core/file_digest.h"
#include "hierarchy/roster_service.h"
#include "performance/feeds/feed_store.h"
#include "performance/feeds/row_import.h"
#include "performance/members/import_service.h"

namespace sluice::performance {
namespace {

// A file with more rejected rows than this is not the file of its feed.
constexpr std::size_t kMostQuarantined = 100'000;
// What a delivery is judged by.
constexpr std::int32_t kJudged = 50;

bool IsMemberKind(FeedKind kind) { return kind <= FeedKind::kProviderChoice; }

std::string BaseName(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

StatusOr<std::string> ColumnsOf(const FeedSpec& spec, const std::string& path) {
  CsvOptions options;
  if (IsMemberKind(spec.kind)) {
    ASSIGN_OR_RETURN(const FileMapping mapping, ParseFileMapping(spec.mapping, spec.name));
    options.separator = mapping.separator;
  } else if (spec.kind != FeedKind::kRoster) {
    ASSIGN_OR_RETURN(const RowMapping mapping, ParseRowMapping(spec.mapping, spec.name));
    options.separator = mapping.separator;
  }
  ASSIGN_OR_RETURN(const CsvReader reader, CsvReader::Open(path, options));
  std::vector<std::string> columns = reader.Header();
  std::ranges::sort(columns);
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : "\t") + column;
  return text;
}

// The refusal that a failure stands for; none when the environment let us down.
std::optional<RefusalCode> RefusalOf(const Status& status) {
  if (IsFutureDate(status)) return RefusalCode::kFuture;
  switch (status.code()) {
    case absl::StatusCode::kAlreadyExists:
      return RefusalCode::kDuplicate;
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kDataLoss:
      return RefusalCode::kUnreadable;
    case absl::StatusCode::kInvalidArgument:
      return RefusalCode::kMalformed;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kResourceExhausted:
      return RefusalCode::kFailed;
    default:
      return std::nullopt;
  }
}

std::vector<std::int64_t> BatchesOf(const std::vector<Delivery>& deliveries) {
  std::vector<std::int64_t> batches;
  for (const Delivery& delivery : deliveries) batches.push_back(delivery.batch_id);
  return batches;
}

Status CheckSameFeed(const FeedSpec& before, const FeedSpec& after) {
  if (before.kind == after.kind) return OkStatus();
  return InvalidArgument("feed {} is of kind {} and cannot become {}: declare another feed",
                         before.name, FeedKindName(before.kind), FeedKindName(after.kind));
}

// The earlier delivery of the same bytes, where it stands in the way.
Status CheckNotDelivered(pg::Transaction& tx, PayerId payer, const FeedSpec& spec,
                         const ReceiveRequest& request, const Delivery& delivery) {
  const auto same = FindSameContent(tx, payer, spec.name, *delivery.sha256);
  if (request.reprocess) {
    if (!same || same->period != request.period) {
      return FailedPrecondition("{} is not a file that feed {} took for {}: receive it without "
                                "reprocessing",
                                delivery.file_name, spec.name, request.period.ToString());
    }
    const auto versions = VersionsOf(tx, payer, spec.name, request.period);
    if (versions.back().id != same->id) {
      return FailedPrecondition("{} was superseded by {} ({}): reprocess that one",
                                delivery.file_name, versions.back().file_name,
                                versions.back().id);
    }
    if (same->rows_rejected == 0) {
      return AlreadyExists("{} is delivery {}, and none of its rows was rejected",
                           delivery.file_name, same->id);
    }
    return OkStatus();
  }
  if (!same) return OkStatus();
  return AlreadyExists("{} holds the same bytes as {}, delivery {} for {}, received on {}",
                       delivery.file_name, same->file_name, same->id, same->period.ToString(),
                       FormatDate(same->received_on));
}

}  // namespace

FeedHealth HealthOf(pg::Transaction& tx, PayerId payer, const FeedSpec& spec, Date today) {
  return JudgeFeed(spec, LastDeliveries(tx, payer, spec.name, kJudged), today);
}

StatusOr<std::int32_t> FeedService::Declare(const FeedSpec& spec) {
  RETURN_IF_ERROR(ValidateFeedSpec(spec));
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int32_t> {
    const auto before = FindFeed(tx, payer_, spec.name);
    FeedSpec fresh = spec;
    fresh.version = before ? before->version : 1;
    if (before) {
      RETURN_IF_ERROR(CheckSameFeed(*before, spec));
      if (fresh == *before) return before->version;
      ++fresh.version;
    }
    InsertFeed(tx, payer_, fresh, now);
    return fresh.version;
  });
}

StatusOr<Delivery> FeedService::Receive(const ReceiveRequest& request) {
  if (!request.period.to || request.period.IsEmpty()) {
    return InvalidArgument("a file of feed {} needs a closed period; {} is not", request.feed,
                           request.period.ToString());
  }
  ASSIGN_OR_RETURN(const FeedSpec spec,
                   database_.Transact([&](pg::Transaction& tx) -> StatusOr<FeedSpec> {
                     if (auto found = FindFeed(tx, payer_, request.feed)) return *found;
                     return NotFound("there is no feed '{}'; declare it first", request.feed);
                   }));
  Delivery delivery{.id = ids_.Next<DeliveryTag>(),
                    .feed = spec.name,
                    .feed_version = spec.version,
                    .file_name = BaseName(request.path),
                    .period = request.period,
                    .received_at = clock_.Now(),
                    .batch_id = ids_.NextValue()};
  delivery.received_on = delivery.received_at.UtcDate();
  const StatusOr<FileDigest> digest = DigestFile(request.path);
  if (digest.ok()) {
    delivery.sha256 = digest->sha256;
    delivery.bytes = digest->bytes;
  }
  const StatusOr<Delivery> taken = digest.ok() ? Take(spec, request, delivery) : digest.status();
  if (taken.ok()) return taken;
  const auto code = RefusalOf(taken.status());
  if (!code) return taken.status();
  delivery.refused_code = std::string(RefusalCodeName(*code));
  delivery.refused_reason = StatusMessage(taken.status());
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<Delivery> {
    InsertDelivery(tx, payer_, delivery);
    return delivery;
  });
}

StatusOr<Delivery> FeedService::Take(const FeedSpec& spec, const ReceiveRequest& request,
                                     Delivery delivery) {
  if (request.period.from > delivery.received_on) {
    return FutureDate(delivery.file_name, "its period begins on", request.period.from,
                      delivery.received_on);
  }
  ASSIGN_OR_RETURN(delivery.columns, ColumnsOf(spec, request.path));
  std::vector<QuarantinedRow> rejected;
  if (spec.kind == FeedKind::kRoster) {
    RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) {
      return CheckNotDelivered(tx, payer_, spec, request, delivery);
    }));
    RETURN_IF_ERROR(ImportRoster(spec, request, delivery, rejected));
  }
  // Reading a large file takes long, and so does taking its hash again.
  const pg::TransactOptions options{.statement_timeout = std::chrono::minutes(10),
                                    .idle_timeout = std::chrono::minutes(5)};
  return database_.Transact(options, [&](pg::Transaction& tx) -> StatusOr<Delivery> {
    Delivery fresh = delivery;
    RETURN_IF_ERROR(CheckNotDelivered(tx, payer_, spec, request, fresh));
    const std::vector<Delivery> earlier = VersionsOf(tx, payer_, spec.name, request.period);
    fresh.version = earlier.empty() ? 1 : earlier.back().version + 1;
    if (spec.kind != FeedKind::kRoster) {
      ASSIGN_OR_RETURN(rejected, Import(tx, spec, request, BatchesOf(earlier), fresh));
    }
    ASSIGN_OR_RETURN(const FileDigest again, DigestFile(request.path));
    if (again.sha256 != *fresh.sha256) {
      return DataLoss("{} changed while it was read; nothing of it was recorded",
                      fresh.file_name);
    }
    InsertDelivery(tx, payer_, fresh);
    InsertQuarantine(tx, payer_, fresh.id, 0, rejected);
    return fresh;
  });
}

StatusOr<std::vector<QuarantinedRow>> FeedService::Import(
    pg::Transaction& tx, const FeedSpec& spec, const ReceiveRequest& request,
    const std::vector<std::int64_t>& supersedes, Delivery& delivery) {
  std::vector<QuarantinedRow> rejected;
  const QuarantineSink keep = [&](const QuarantinedRow& row) -> Status {
    if (rejected.size() >= kMostQuarantined) {
      return ResourceExhausted("more than {} rows of {} are rejected, the last at row {} with {}: "
                               "this is not a file of feed {}; nothing of it was recorded",
                               kMostQuarantined, delivery.file_name, row.row, row.code, spec.name);
    }
    rejected.push_back(row);
    return OkStatus();
  };
  const Recording recording{payer_, delivery.received_at, delivery.batch_id};
  FileCounts counts;
  if (IsMemberKind(spec.kind)) {
    ASSIGN_OR_RETURN(FileMapping mapping, ParseFileMapping(spec.mapping, spec.name));
    std::optional<CoverageRefresh> refresh;
    if (mapping.full) {
      refresh = CoverageRefresh{.period = request.period,
                                .batches = BatchesOfFeed(tx, payer_, spec.name),
                                .superseded = supersedes};
    }
    ASSIGN_OR_RETURN(
        const MemberImportSummary summary,
        ImportMembers(tx,
                      {.payer = payer_,
                       .path = request.path,
                       .mapping = std::move(mapping),
                       .not_after = delivery.received_on,
                       .refresh = std::move(refresh),
                       .on_issue = [&](const FileIssue& issue) -> Status {
                         if (!issue.rejected) return OkStatus();
                         return keep({.row = issue.row,
                                      .line = issue.line,
                                      .column = issue.column,
                                      .code = std::string(IssueCodeName(issue.code)),
                                      .reason = issue.reason});
                       }},
                      recording, ids_));
    counts = summary.counts;
    delivery.rows_recorded = summary.rows_added;
    delivery.note = summary.note;
  } else {
    ASSIGN_OR_RETURN(const RowMapping mapping, ParseRowMapping(spec.mapping, spec.name));
    ASSIGN_OR_RETURN(
        const RowImportResult result,
        ImportRows(tx,
                   {.recording = recording,
                    .path = request.path,
                    .mapping = &mapping,
                    .received_on = delivery.received_on,
                    .source = fmt::format("feed {} {}", spec.name, delivery.id),
                    .supersedes = supersedes},
                   keep));
    counts = result.counts;
    delivery.rows_recorded = result.recorded;
    delivery.note = result.note;
  }
  delivery.rows_in = counts.rows;
  delivery.rows_rejected = counts.rejected;
  delivery.rows_read = counts.rows - counts.rejected;
  delivery.warnings = counts.warnings;
  return rejected;
}

Status FeedService::ImportRoster(const FeedSpec& spec, const ReceiveRequest& request,
                                 Delivery& delivery, std::vector<QuarantinedRow>& rejected) {
  ASSIGN_OR_RETURN(const hierarchy::RosterMapping mapping,
                   hierarchy::ParseRosterMapping(spec.mapping, spec.name));
  const hierarchy::RosterService service(database_, clock_, ids_);
  ASSIGN_OR_RETURN(
      const hierarchy::ImportReport report,
      service.Import(payer_, request.path, mapping,
                     {.allow_rejects = true, .effective = request.period.from}));
  if (report.rejects.size() > kMostQuarantined) {
    return ResourceExhausted("{} rows of {} are rejected", report.rejects.size(),
                             delivery.file_name);
  }
  for (const hierarchy::Reject& reject : report.rejects) {
    rejected.push_back({.row = reject.row,
                        .column = reject.column,
                        .code = std::string(hierarchy::RejectCodeName(reject.code)),
                        .reason = reject.reason});
  }
  delivery.rows_in = report.counts.rows;
  delivery.rows_rejected = report.counts.rows_rejected;
  delivery.rows_read = report.counts.rows - report.counts.rows_rejected;
  delivery.rows_recorded =
      report.counts.Adds() + report.counts.Changes() + report.counts.Ends();
  return OkStatus();
}

StatusOr<std::vector<QuarantinedRow>> FeedService::Quarantine(DeliveryId delivery,
                                                              std::int32_t most) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<QuarantinedRow>> {
    if (!FindDelivery(tx, payer_, delivery)) {
      return NotFound("there is no delivery {}", delivery);
    }
    return QuarantineOf(tx, payer_, delivery, most);
  });
}

StatusOr<std::vector<Delivery>> FeedService::Deliveries(const std::string& feed,
                                                        std::int32_t most) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Delivery>> {
    return LastDeliveries(tx, payer_, feed, most);
  });
}

StatusOr<std::vector<FeedHealth>> FeedService::Health() {
  const Date today = clock_.Now().UtcDate();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<FeedHealth>> {
    std::vector<FeedHealth> health;
    for (const FeedSpec& spec : ListFeeds(tx, payer_)) {
      health.push_back(HealthOf(tx, payer_, spec, today));
    }
    return health;
  });
}

}  // namespace sluice::performance
