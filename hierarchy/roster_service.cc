#include "hierarchy/roster_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>

#include "hierarchy/hierarchy_service.h"
#include "hierarchy/hierarchy_store.h"

namespace sluice::hierarchy {
namespace {

// A roster is planned in memory; a larger file is not a roster.
constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 29;

StatusOr<std::string> ReadFile(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return NotFound("{}: there is no such file; check the path", path);
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kMaxFileBytes) {
    return InvalidArgument("{}: the file has more than {} bytes or no size; split it", path,
                           kMaxFileBytes);
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(size))) {
    return NotFound("{}: the file cannot be read; check its permissions", path);
  }
  return text;
}

// What one import is about, fixed before its transaction begins.
struct Job {
  PayerId payer;
  const RosterMapping& mapping;
  const RosterFile& file;
  const ImportOptions& options;
  std::string name;
  Digest sha256{};
  Date effective{};
};

struct Planned {
  RosterPlan plan;
  Head head;
};

StatusOr<Planned> Plan(pg::Transaction& tx, const Job& job, const Head& head, IdGenerator& ids) {
  const Knowledge known = LoadKnowledge(tx, job.payer, head.version);
  RosterPlan plan =
      PlanRoster(job.file, job.mapping, known, job.effective, [&] { return ids.Next<PartyTag>(); });
  if (!plan.rejects.empty() && !job.options.allow_rejects && !job.options.dry_run) {
    ImportReport report;
    report.counts = plan.counts;
    report.rejects = std::move(plan.rejects);
    return InvalidArgument(
        "{}: nothing was applied, because rows are rejected; correct them, or "
        "allow rejects to apply the others\n{}",
        job.name, report.ToText());
  }
  // What rows cannot see: a rule broken by the file and what is known together.
  const std::vector<Finding> findings = CheckChange(known, plan.change);
  if (!findings.empty()) {
    return Annotate(FindingsStatus(findings), fmt::format("{}: nothing was applied", job.name));
  }
  return Planned{std::move(plan), head};
}

ImportReport Report(const Job& job, Planned planned) {
  ImportReport report;
  report.counts = planned.plan.counts;
  report.rejects = std::move(planned.plan.rejects);
  report.file_sha256 = job.sha256;
  report.version = planned.head.version;
  return report;
}

StatusOr<ImportReport> Apply(pg::Transaction& tx, const Job& job, Clock& clock, IdGenerator& ids) {
  const Head head = LockHead(tx, job.payer);
  const Instant recorded_at =
      job.options.recorded_at.value_or(std::max(clock.Now(), head.recorded_at));
  if (recorded_at < head.recorded_at) {
    return FailedPrecondition(
        "{}: the import says it was learned at {}, before the last change at "
        "{}; what was known then is settled, so record it later",
        job.name, recorded_at.ToString(), head.recorded_at.ToString());
  }
  ASSIGN_OR_RETURN(Planned planned, Plan(tx, job, head, ids));
  RosterImportRecord record;
  record.id = ids.Next<RosterImportTag>();
  record.recorded_at = recorded_at;
  record.mapping = job.mapping.name;
  record.file_name = job.name;
  record.file_sha256 = job.sha256;
  record.counts = planned.plan.counts;
  const std::size_t kept = std::min(planned.plan.rejects.size(), kMostKeptRejects);
  record.rejects.assign(planned.plan.rejects.begin(),
                        planned.plan.rejects.begin() + static_cast<std::ptrdiff_t>(kept));
  if (!planned.plan.change.Empty()) {
    planned.head = {head.version + 1, recorded_at};
    record.version = planned.head.version;
    const std::string source = fmt::format("roster {}", record.id);
    InsertChange(tx, job.payer, {planned.head.version, recorded_at, source}, planned.plan.change);
  }
  InsertRosterImport(tx, job.payer, record);
  ImportReport report = Report(job, std::move(planned));
  report.applied = true;
  report.import = record.id;
  return report;
}

}  // namespace

std::string ImportReport::ToText(std::size_t max_rejects) const {
  std::string text = fmt::format(
      "rows {}, adds {} (parties {}, identifiers {}, affiliations {}), changes {} (parties {}, "
      "affiliations {}), ends {}, rejects {}\n",
      counts.rows, counts.Adds(), counts.parties_added, counts.identifiers_added,
      counts.affiliations_added, counts.Changes(), counts.parties_changed,
      counts.affiliations_changed, counts.Ends(), counts.rows_rejected);
  for (std::size_t i = 0; i < std::min(max_rejects, rejects.size()); ++i) {
    text += rejects[i].ToString() + "\n";
  }
  if (rejects.size() > max_rejects) {
    text += fmt::format("and {} more reasons\n", rejects.size() - max_rejects);
  }
  return text;
}

RosterService::RosterService(pg::Database database, Clock& clock, IdGenerator& ids)
    : database_(std::move(database)), clock_(clock), ids_(ids) {}

StatusOr<ImportReport> RosterService::Import(PayerId payer, const std::string& path,
                                             const RosterMapping& mapping,
                                             const ImportOptions& options) const {
  ASSIGN_OR_RETURN(std::string text, ReadFile(path));
  const std::string name = std::filesystem::path(path).filename().string();
  return ImportText(payer, std::move(text), name, mapping, options);
}

StatusOr<ImportReport> RosterService::ImportText(PayerId payer, std::string text,
                                                 const std::string& name,
                                                 const RosterMapping& mapping,
                                                 const ImportOptions& options) const {
  RETURN_IF_ERROR(CheckRosterMapping(mapping));
  const Digest sha256 = Sha256(AsBytes(text));
  ASSIGN_OR_RETURN(const RosterFile file, ReadRoster(std::move(text), name, mapping));
  Job job{payer, mapping, file, options, name, sha256, Date()};
  if (options.effective) {
    job.effective = *options.effective;
  } else {
    job.effective = mapping.effective.value_or(clock_.Now().UtcDate());
  }
  pg::TransactOptions bounds;
  bounds.idle_timeout = std::chrono::seconds(60);  // planning happens between two statements
  if (!options.dry_run) {
    return database_.ForPayer(payer).Transact(
        bounds, [&](pg::Transaction& tx) { return Apply(tx, job, clock_, ids_); });
  }
  bounds.isolation = pg::Isolation::kRepeatableRead;
  bounds.read_only = true;
  return database_.ForPayer(payer).Transact(
      bounds, [&](pg::Transaction& tx) -> StatusOr<ImportReport> {
        ASSIGN_OR_RETURN(Planned planned, Plan(tx, job, ReadHead(tx, payer), ids_));
        return Report(job, std::move(planned));
      });
}

}  // namespace sluice::hierarchy
