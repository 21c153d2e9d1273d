#include "api/handlers/roster_jobs.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "api/handlers/upload_store.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "hierarchy/roster_mapping.h"
#include "hierarchy/roster_service.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::hierarchy::v1;

using google::protobuf::Any;

StatusOr<StoredUpload> UploadOf(pg::Transaction& tx, PayerId payer, const std::string& name,
                                UserId sender, Instant now) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const PayerId named, path.Get<PayerTag>("payers"));
  ASSIGN_OR_RETURN(const UploadId id, path.Get<UploadTag>("uploads"));
  auto upload = FindUpload(tx, payer, id, sender, now);
  if (!upload || named != payer) {
    return FailedPrecondition("{} is no file that you uploaded in the last day; upload it again",
                              name);
  }
  return *std::move(upload);
}

v1::RosterImport OfDryRun(const hierarchy::ImportReport& report, const std::string& file_name,
                          PayerId payer) {
  hierarchy::RosterImportRecord record{.file_name = file_name,
                                       .file_sha256 = report.file_sha256,
                                       .counts = report.counts,
                                       .version = report.version};
  const auto kept = std::min(report.rejects.size(), hierarchy::kMostKeptRejects);
  record.rejects.assign(report.rejects.begin(),
                        report.rejects.begin() + static_cast<std::ptrdiff_t>(kept));
  v1::RosterImport message = RosterImportMessage(payer, record);
  message.clear_name();
  message.clear_create_time();
  message.set_applied(false);
  return message;
}

StatusOr<Any> ImportRoster(JobContext& job, const SecretKey& upload_key) {
  ASSIGN_OR_RETURN(const auto request, job.ReadRequest<v1::ImportRosterRequest>());
  RETURN_IF_ERROR(job.Report("importing"));
  ASSIGN_OR_RETURN(const v1::RosterImport imported, Import({.database = job.Database(),
                                                            .payer = job.Payer(),
                                                            .sender = job.Actor().user,
                                                            .clock = job.Clock(),
                                                            .ids = job.Ids(),
                                                            .upload_key = upload_key},
                                                           request));
  Any result;
  result.PackFrom(imported);
  return result;
}

}  // namespace

Status CheckUploadIsThere(pg::Transaction& tx, PayerId payer, const std::string& upload,
                          UserId sender, Instant now) {
  return UploadOf(tx, payer, upload, sender, now).status();
}

v1::RosterImport RosterImportMessage(PayerId payer, const hierarchy::RosterImportRecord& record) {
  v1::RosterImport to;
  to.set_name(fmt::format("payers/{}/rosterImports/{}", payer, record.id));
  to.set_file_name(record.file_name);
  to.set_file_sha256(ToHex(record.file_sha256));
  to.set_applied(true);
  to.set_rows(record.counts.rows);
  to.set_parties_added(record.counts.parties_added);
  to.set_parties_changed(record.counts.parties_changed);
  to.set_identifiers_added(record.counts.identifiers_added);
  to.set_affiliations_added(record.counts.affiliations_added);
  to.set_affiliations_changed(record.counts.affiliations_changed);
  to.set_affiliations_ended(record.counts.affiliations_ended);
  to.set_rows_rejected(record.counts.rows_rejected);
  for (const hierarchy::Reject& reject : record.rejects) {
    v1::RosterReject& added = *to.add_rejects();
    added.set_row(reject.row);
    added.set_column(reject.column);
    added.set_code(static_cast<v1::RosterRejectCode>(static_cast<int>(reject.code) + 1));
    added.set_reason(reject.reason);
  }
  to.set_version(record.version.value_or(0));
  Set(*to.mutable_create_time(), record.recorded_at);
  return to;
}

StatusOr<v1::RosterImport> Import(const RosterWork& work, const v1::ImportRosterRequest& request) {
  ASSIGN_OR_RETURN(const hierarchy::RosterMapping mapping,
                   hierarchy::ParseRosterMapping(request.mapping(), "mapping"));
  hierarchy::ImportOptions options{.dry_run = request.validate_only(),
                                   .allow_rejects = request.allow_rejects(),
                                   .effective = std::nullopt,
                                   .recorded_at = std::nullopt};
  if (request.has_effective_on()) {
    ASSIGN_OR_RETURN(options.effective, ReadDate("effective_on", request.effective_on()));
  }
  ASSIGN_OR_RETURN(const StoredUpload upload,
                   work.database.Transact({.read_only = true}, [&](pg::Transaction& tx) {
                     return UploadOf(tx, work.payer, request.upload(), work.sender,
                                     work.clock.Now());
                   }));
  ASSIGN_OR_RETURN(std::string content, OpenUpload(work.upload_key, work.payer, upload));
  const hierarchy::RosterService rosters(work.database, work.clock, work.ids);
  ASSIGN_OR_RETURN(
      const hierarchy::ImportReport report,
      rosters.ImportText(work.payer, std::move(content), upload.file_name, mapping, options));
  if (!report.applied) return OfDryRun(report, upload.file_name, work.payer);
  ASSIGN_OR_RETURN(
      const auto record,
      work.database.ForPayer(work.payer)
          .Transact(
              {.read_only = true},
              [&](pg::Transaction& tx) -> StatusOr<std::optional<hierarchy::RosterImportRecord>> {
                return hierarchy::FindRosterImport(tx, work.payer, report.import);
              }));
  if (!record) return Internal("the roster import is not there");
  v1::RosterImport message = RosterImportMessage(work.payer, *record);
  message.set_version(report.version);
  return message;
}

Jobs RosterJobs(const SecretKey& upload_key) {
  return {{"sluice.hierarchy.v1.RosterImportService/ImportRoster",
           [upload_key](JobContext& job) { return ImportRoster(job, upload_key); }}};
}

}  // namespace sluice::api
