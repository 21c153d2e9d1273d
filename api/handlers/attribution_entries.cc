// sluice.performance.v1.AttributionListService: what is in a version of a list, and why.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/attribution_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/attribution/attribution_service.h"
#include "performance/program_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::AttributionRow;

StatusOr<v1::ListAttributionEntriesResponse> ListAttributionEntries(
    Call& call, const v1::ListAttributionEntriesRequest& request) {
  ASSIGN_OR_RETURN(const ListPlace place, ListPlaceOf(request.parent()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(ListView view, ViewOfList(call, reach, place, request.version()));
  ListQuery query = QueryOf(call, request);
  query.others = {fmt::format("version={}", request.version())};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     AttributionEntryFields(), "member"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListAttributionEntriesResponse> {
    ASSIGN_OR_RETURN(const ListHead head, RequireListHead(tx, view));
    view.version = head.version;
    const AttributionEntryPage loaded = LoadAttributionEntryPage(tx, view, page);
    v1::ListAttributionEntriesResponse response;
    for (const AttributionEntryRow& row : loaded.entries) {
      SetEntry(*response.add_attribution_entries(), call.Payer(), place.contract,
               MemberName(call.Payer(), row.member_number), row.entry);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::ListUnattributedMembersResponse> ListUnattributedMembers(
    Call& call, const v1::ListUnattributedMembersRequest& request) {
  ASSIGN_OR_RETURN(const ListPlace place, ListPlaceOf(request.parent()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(const ListView view, ViewOfList(call, reach, place, request.version()));
  ListQuery query = PlainQueryOf(call, request);
  query.others = {fmt::format("version={}", request.version())};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     UnattributedMemberFields(), "member"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListUnattributedMembersResponse> {
    ASSIGN_OR_RETURN(const ListHead head, RequireListHead(tx, view));
    v1::ListUnattributedMembersResponse response;
    if (!head.run) return response;  // of before runs were named
    const UnattributedPage loaded = LoadUnattributedPage(tx, view, *head.run, page);
    for (const UnattributedRow& row : loaded.rows) {
      v1::UnattributedMember& to = *response.add_unattributed_members();
      to.set_member(MemberName(call.Payer(), row.member_number));
      for (Month month = Month::Of(row.months.from); month.FirstDay() < *row.months.to;
           month = month + 1) {
        to.add_months(month.ToString());
      }
      to.set_reason(row.reason);
      to.set_detail(row.detail);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// The contracts of a program, by what stands below whom on the version's hierarchy.
class ContractsByPlace {
 public:
  ContractsByPlace(std::vector<performance::Contract> contracts,
                   const hierarchy::HierarchySnapshot& hierarchy)
      : contracts_(std::move(contracts)), hierarchy_(hierarchy) {}

  // The contract that answers for the place in the month; none when the program has none.
  std::optional<ContractId> Of(const performance::AttributedTo& to, Month month) const {
    const std::optional<PartyId> place = to.practice ? to.practice : to.provider;
    if (!place) return std::nullopt;
    std::vector<PartyId> above = hierarchy_.Ancestors(*place);
    above.push_back(*place);
    for (const performance::Contract& contract : contracts_) {
      if (contract.effective.Contains(month.FirstDay()) &&
          std::ranges::find(above, contract.party) != above.end()) {
        return contract.id;
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<performance::Contract> contracts_;
  const hierarchy::HierarchySnapshot& hierarchy_;
};

// What the explanation is worked out from, and of which months the caller may have it.
struct ExplainInputs {
  performance::StoredList stored;
  NamedMember member;
  std::vector<performance::Contract> contracts;  // of the program, the list's own first
  std::optional<std::vector<DateRange>> shown;   // unset: every day
};

StatusOr<ExplainInputs> LoadExplainInputs(pg::Transaction& tx, const Call& call, ListView view,
                                          const std::string& member) {
  ExplainInputs inputs;
  ASSIGN_OR_RETURN(const ListHead head, RequireListHead(tx, view));
  view.version = head.version;
  const StatusOr<std::vector<NamedMember>> members =
      ReadMembers(tx, call.Payer(), {{"member", member}});
  if (view.among) {
    // Who sees a part learns of no other member whether the payer has them.
    if (!members.ok()) return PermissionDenied("{}", kDeniedText);
    inputs.shown.emplace();
    for (const performance::ListEntry& entry : LoadEntriesOfMember(tx, view, members->front().id)) {
      if (!entry.inactive) inputs.shown->push_back(entry.attributed);
    }
    if (inputs.shown->empty()) return PermissionDenied("{}", kDeniedText);
  }
  RETURN_IF_ERROR(members.status());
  inputs.member = members->front();
  auto stored =
      performance::ReadList(tx, view.contract, view.period_from, head.version, call.Now());
  if (!stored) return NotFound("the version was made after the call began; ask again");
  inputs.stored = *std::move(stored);
  const std::vector<ContractId> own = {view.contract};
  for (performance::Contract& contract : performance::FindContracts(tx, own)) {
    const ProgramId program = contract.program;
    inputs.contracts.push_back(std::move(contract));
    for (performance::Contract& other : performance::ContractsOfProgram(tx, program)) {
      if (other.id != view.contract) inputs.contracts.push_back(std::move(other));
    }
  }
  return inputs;
}

bool IsShown(const ExplainInputs& inputs, Month month) {
  if (!inputs.shown) return true;
  return std::ranges::any_of(*inputs.shown, [&](const DateRange& days) {
    return days.Overlaps({month.FirstDay(), month.End()});
  });
}

StatusOr<v1::ExplainAttributionResponse> ExplainAttribution(
    Call& call, const v1::ExplainAttributionRequest& request) {
  ASSIGN_OR_RETURN(const ListPlace place, ListPlaceOf(request.name()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(const ListView view, ViewOfList(call, reach, place, request.version()));
  ASSIGN_OR_RETURN(const ExplainInputs inputs, call.Read([&](pg::Transaction& tx) {
    return LoadExplainInputs(tx, call, view, request.member());
  }));
  const hierarchy::HierarchyService hierarchies(call.Reading(), call.Clock());
  ASSIGN_OR_RETURN(const auto hierarchy,
                   hierarchies.PinnedSnapshot(call.Payer(), inputs.stored.origin.hierarchy));
  performance::AttributionService service(call.Reading(), call.Clock(), call.Ids());
  ASSIGN_OR_RETURN(std::vector<AttributionRow> rows,
                   service.Why(place.contract, place.period_from, inputs.stored.list.version,
                               inputs.member.id, hierarchy));
  const ContractsByPlace contracts(inputs.contracts, hierarchy);
  v1::ExplainAttributionResponse response;
  for (AttributionRow& row : rows) {
    if (!IsShown(inputs, row.month)) continue;
    const bool attributed = row.reason == performance::UnattributedReason::kNone;
    if (attributed && !reach.Shows(row.to.practice, row.to.provider)) continue;
    v1::AttributionMonth& to = *response.add_months();
    to.set_month(row.month.ToString());
    if (attributed) {
      const std::optional<ContractId> contract = contracts.Of(row.to, row.month);
      if (contract) to.set_contract(NameOfContract(call.Payer(), *contract));
      if (row.to.provider) to.set_provider(PartyName(call.Payer(), *row.to.provider));
    }
    // What others billed is not for who sees a part.
    if (!reach.IsWhole()) {
      row.to.winner.reset();
      row.detail.clear();
    }
    to.set_explanation(performance::Explain(row));
  }
  return response;
}

}  // namespace

void ServeAttributionEntries(Methods& methods) {
  const std::string service = "sluice.performance.v1.AttributionListService.";
  methods.Serve<v1::ListAttributionEntriesRequest, v1::ListAttributionEntriesResponse>(
      service + "ListAttributionEntries", ListAttributionEntries, Narrowing::kByHandler);
  // Who belongs to nobody is nobody's but the payer's.
  methods.Serve<v1::ListUnattributedMembersRequest, v1::ListUnattributedMembersResponse>(
      service + "ListUnattributedMembers", ListUnattributedMembers);
  methods.Serve<v1::ExplainAttributionRequest, v1::ExplainAttributionResponse>(
      service + "ExplainAttribution", ExplainAttribution, Narrowing::kByHandler);
}

}  // namespace sluice::api
