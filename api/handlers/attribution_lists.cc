// sluice.performance.v1.AttributionListService: versions of lists, what changes them, and files of
// them. What is in a version is in attribution_entries.cc.
//
// Who sees a part of the payer sees published versions only, and of them their own entries.
#include <google/protobuf/util/json_util.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/attribution_messages.h"
#include "api/handlers/detail_values.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/attribution/attribution_service.h"
#include "performance/attribution/method_codec.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::AttributionService;

AttributionService Attribution(Call& call, const pg::Database& database) {
  return AttributionService(database, call.Clock(), call.Ids());
}

StatusOr<hierarchy::HierarchySnapshot> HierarchyOn(Call& call, Date day) {
  return hierarchy::HierarchyService(call.Reading(), call.Clock())
      .Snapshot(call.Payer(), {.day = day, .known_at = std::nullopt});
}

StatusOr<v1::SetAttributionMethodResponse> SetAttributionMethod(
    Call& call, const v1::SetAttributionMethodRequest& request) {
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  ASSIGN_OR_RETURN(const DateRange days, ReadDays("effective", request.effective()));
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(request.method(), &json).ok()) {
    return WrongFields({{"method", "cannot be read"}});
  }
  ASSIGN_OR_RETURN(const performance::AttributionMethod method, performance::MethodFromJson(json));
  const performance::DisputeRules rules{
      .filing_days = request.dispute_rules().filing_days(),
      .decision_days = request.dispute_rules().decision_days(),
      .silence_accepts = request.dispute_rules().silence_accepts()};
  return call.Change<v1::SetAttributionMethodResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return Attribution(call, database)
                 .SetMethod(reach.Contract(), days, method, rules, call.User().ToString())
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::SetAttributionMethodResponse> {
         v1::SetAttributionMethodResponse response;
         response.set_version(performance::NewestMethodVersion(tx, reach.Contract()));
         return response;
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

StatusOr<v1::AttributionList> GetAttributionList(Call& call,
                                                 const v1::GetAttributionListRequest& request) {
  ASSIGN_OR_RETURN(const ListPlace place, ListPlaceOf(request.name()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(const ListView view, ViewOfList(call, reach, place, request.version()));
  return call.Read([&](pg::Transaction& tx) { return LoadListMessage(tx, view); });
}

struct ListChangeCall {
  std::string name;
  std::string etag;
  std::string reason;
  bool validate_only = false;
};
using ListWork = std::function<Status(AttributionService&, const ListPlace&)>;

StatusOr<v1::AttributionList> ChangeNewest(Call& call, const ListChangeCall& change,
                                           const ListWork& work) {
  ASSIGN_OR_RETURN(const ListPlace place, ListPlaceOf(change.name));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(const ListView view, ViewOfList(call, reach, place, 0));
  const auto load = [&](pg::Transaction& tx) { return LoadListMessage(tx, view); };
  return call.Change<v1::AttributionList>({.before = load,
                                           .work =
                                               [&](const pg::Database& database) {
                                                 AttributionService service =
                                                     Attribution(call, database);
                                                 return work(service, place);
                                               },
                                           .after = load,
                                           .etag = change.etag,
                                           .validate_only = change.validate_only,
                                           .reason = change.reason});
}

std::vector<const v1::AttributionEntry*> Pointers(
    const google::protobuf::RepeatedPtrField<v1::AttributionEntry>& entries) {
  std::vector<const v1::AttributionEntry*> pointers;
  for (const v1::AttributionEntry& entry : entries) pointers.push_back(&entry);
  return pointers;
}

StatusOr<v1::AttributionList> ChangeAttributionList(
    Call& call, const v1::ChangeAttributionListRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(
      const performance::ListEdit edit,
      call.Read([&](pg::Transaction& tx) -> StatusOr<performance::ListEdit> {
        performance::ListEdit read;
        ASSIGN_OR_RETURN(read.add, ReadEntries(tx, call.Payer(), "add", Pointers(request.add())));
        ASSIGN_OR_RETURN(const std::vector<performance::ListEntry> removed,
                         ReadEntries(tx, call.Payer(), "remove", Pointers(request.remove()), true));
        for (const performance::ListEntry& entry : removed) read.remove.push_back(entry.Key());
        return read;
      }));
  return ChangeNewest(call,
                      {.name = request.name(),
                       .etag = request.etag(),
                       .reason = request.reason(),
                       .validate_only = request.validate_only()},
                      [&](AttributionService& service, const ListPlace& place) {
                        return service
                            .Change(place.contract, place.period_from, edit, call.User().ToString())
                            .status();
                      });
}

StatusOr<v1::AttributionList> PublishAttributionList(
    Call& call, const v1::PublishAttributionListRequest& request) {
  return ChangeNewest(call, {.name = request.name(), .etag = request.etag(), .reason = ""},
                      [&](AttributionService& service, const ListPlace& place) {
                        return service
                            .PublishList(place.contract, place.period_from, call.User().ToString())
                            .status();
                      });
}

// The newest audit of the newest version for the month, as it is stored.
StatusOr<v1::AuditAttributionListResponse> LoadAudit(pg::Transaction& tx, const Call& call,
                                                     const ListView& view, Month month) {
  ASSIGN_OR_RETURN(const ListHead head, RequireListHead(tx, view));
  performance::AttributionList list;
  list.contract = view.contract;
  list.period = head.period;
  list.version = head.version;
  const std::vector<performance::Finding> findings = performance::ReadFindings(tx, list, month);
  std::vector<std::int64_t> members;
  for (const performance::Finding& finding : findings) members.push_back(finding.member_id);
  const MemberNames names = MemberNames::Load(tx, call.Payer(), members);
  v1::AuditAttributionListResponse response;
  std::int64_t lost = 0;
  for (const performance::Finding& finding : findings) {
    v1::AttributionFinding& to = *response.add_findings();
    to.set_code(std::string(performance::FindingKindName(finding.kind)));
    to.set_member(names.Of(finding.member_id));
    to.set_detail(finding.detail);
    if (finding.kind == performance::FindingKind::kDropped && finding.detail.empty()) ++lost;
  }
  response.set_members_lost(lost);
  ASSIGN_OR_RETURN(const std::vector<performance::StoredAudit> audits,
                   performance::ReadAudits(tx, view.contract, view.period_from));
  for (const performance::StoredAudit& audit : audits) {
    if (audit.version != head.version || audit.month != month) continue;
    response.set_members_before(audit.erosion.members_before);
    response.set_members_after(audit.erosion.members_after);
  }
  return response;
}

StatusOr<v1::AuditAttributionListResponse> AuditAttributionList(
    Call& call, const v1::AuditAttributionListRequest& request) {
  ASSIGN_OR_RETURN(const ListPlace place, ListPlaceOf(request.name()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(const ListView view, ViewOfList(call, reach, place, 0));
  ASSIGN_OR_RETURN(const Month month, ReadMonth("month", request.month()));
  ASSIGN_OR_RETURN(const auto at_start, HierarchyOn(call, month.FirstDay()));
  ASSIGN_OR_RETURN(const auto at_end, HierarchyOn(call, month.End() - Days(1)));
  return call.Change<v1::AuditAttributionListResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return Attribution(call, database)
                 .Audit(place.contract, place.period_from, month, at_end,
                        performance::ClosuresIn(at_start, month), call.User().ToString())
                 .status();
           },
       .after = [&](pg::Transaction& tx) { return LoadAudit(tx, call, view, month); },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

StatusOr<v1::ExportAttributionListResponse> ExportAttributionList(
    Call& call, const v1::ExportAttributionListRequest& request) {
  ASSIGN_OR_RETURN(const ListPlace place, ListPlaceOf(request.name()));
  if (!v1::AttributionListFormat_IsValid(request.format())) {
    return WrongFields({{"format", "is none of the formats"}});
  }
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(const ListView view, ViewOfList(call, reach, place, 0));
  ASSIGN_OR_RETURN(const ListHead head,
                   call.Read([&](pg::Transaction& tx) { return RequireListHead(tx, view); }));
  ASSIGN_OR_RETURN(const auto hierarchy, HierarchyOn(call, *head.period.to - Days(1)));
  const performance::ListExport options{.version = head.version,
                                        .shows =
                                            [&](const performance::ListEntry& entry) {
                                              return reach.Shows(entry.practice, entry.provider);
                                            },
                                        .masks_tins = true};
  AttributionService service = Attribution(call, call.Reading());
  const bool fhir = request.format() == v1::ATTRIBUTION_LIST_FORMAT_FHIR_NDJSON;
  ASSIGN_OR_RETURN(std::string content,
                   fhir
                       ? service.ExportNdjson(place.contract, place.period_from, hierarchy, options)
                       : service.ExportCsv(place.contract, place.period_from, hierarchy, options));
  v1::ExportAttributionListResponse response;
  response.set_file_name(fmt::format("attribution_{}_{}_v{}.{}", place.contract,
                                     FormatDate(place.period_from), head.version,
                                     fhir ? "ndjson" : "csv"));
  response.set_content(std::move(content));
  return response;
}

}  // namespace

void ServeAttributionLists(Methods& methods) {
  const std::string service = "sluice.performance.v1.AttributionListService.";
  methods.Serve<v1::SetAttributionMethodRequest, v1::SetAttributionMethodResponse>(
      service + "SetAttributionMethod", SetAttributionMethod);
  methods.Serve<v1::GetAttributionListRequest, v1::AttributionList>(
      service + "GetAttributionList", GetAttributionList, Narrowing::kByHandler);
  methods.Serve<v1::ChangeAttributionListRequest, v1::AttributionList>(
      service + "ChangeAttributionList", ChangeAttributionList);
  methods.Serve<v1::PublishAttributionListRequest, v1::AttributionList>(
      service + "PublishAttributionList", PublishAttributionList);
  methods.Serve<v1::AuditAttributionListRequest, v1::AuditAttributionListResponse>(
      service + "AuditAttributionList", AuditAttributionList);
  methods.Serve<v1::ExportAttributionListRequest, v1::ExportAttributionListResponse>(
      service + "ExportAttributionList", ExportAttributionList, Narrowing::kByHandler);
}

}  // namespace sluice::api
