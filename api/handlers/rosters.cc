// sluice.hierarchy.v1.RosterImportService
#include <optional>
#include <string>

#include "api/handlers/handlers.h"
#include "api/handlers/operation_messages.h"
#include "api/handlers/roster_jobs.h"
#include "api/handlers/roster_list_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "hierarchy/roster_mapping.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::hierarchy::v1;
namespace ops1 = ::sluice::ops::v1;

// A dry run is made while the caller waits: it writes nothing, and its result is the answer.
StatusOr<ops1::Operation> ImportRoster(Call& call, const v1::ImportRosterRequest& request) {
  const auto mapping = hierarchy::ParseRosterMapping(request.mapping(), "mapping");
  if (!mapping.ok()) return WrongFields({{"mapping", StatusMessage(mapping.status())}});
  if (request.validate_only()) {
    ASSIGN_OR_RETURN(const v1::RosterImport planned, Import({.database = call.Reading(),
                                                             .payer = call.Payer(),
                                                             .sender = call.User(),
                                                             .clock = call.Clock(),
                                                             .ids = call.Ids(),
                                                             .upload_key = call.UploadKey()},
                                                            request));
    ops1::Operation operation;
    operation.mutable_metadata()->set_method(call.Method());
    operation.set_done(true);
    operation.mutable_response()->PackFrom(planned);
    return operation;
  }
  return Begin(call, request,
               {.target = request.upload(),
                .job = "rosterImports",
                .check = [&](pg::Transaction& tx) -> Status {
                  return CheckUploadIsThere(tx, call.Payer(), request.upload(), call.User(),
                                            call.Now());
                }});
}

StatusOr<v1::RosterImport> GetRosterImport(Call& call, const v1::GetRosterImportRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const auto id, path.Get<hierarchy::RosterImportTag>("rosterImports"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::RosterImport> {
    const auto record = hierarchy::FindRosterImport(tx, call.Payer(), id);
    if (!record) return NotFound("there is no roster import {}", id);
    return RosterImportMessage(call.Payer(), *record);
  });
}

StatusOr<v1::ListRosterImportsResponse> ListRosterImports(
    Call& call, const v1::ListRosterImportsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     RosterImportFields(), "create_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListRosterImportsResponse> {
    const RosterImportPage loaded = LoadRosterImportPage(tx, call.Payer(), page);
    v1::ListRosterImportsResponse response;
    for (const hierarchy::RosterImportRecord& record : loaded.imports) {
      *response.add_roster_imports() = RosterImportMessage(call.Payer(), record);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

}  // namespace

void ServeRosters(Methods& methods) {
  const std::string service = "sluice.hierarchy.v1.RosterImportService.";
  methods.Serve<v1::ImportRosterRequest, ops1::Operation>(service + "ImportRoster", ImportRoster);
  methods.Serve<v1::GetRosterImportRequest, v1::RosterImport>(service + "GetRosterImport",
                                                              GetRosterImport);
  methods.Serve<v1::ListRosterImportsRequest, v1::ListRosterImportsResponse>(
      service + "ListRosterImports", ListRosterImports);
}

}  // namespace sluice::api
