// Attribution lists and their entries as messages. Internal to handlers of attribution.
#pragma once

#include <string>
#include <vector>

#include "api/handlers/attribution_list_store.h"
#include "api/handlers/contract_reach.h"
#include "api/handlers/member_names.h"
#include "api/service/call.h"
#include "performance/attribution/list.h"
#include "sluice/performance/v1/attribution_list.pb.h"

namespace sluice::api {

// "payers/pyr_1/contracts/ctr_2/attributionLists/2026-01-01": a contract and the first day of a
// period.
struct ListPlace {
  ContractId contract;
  Date period_from{};
};
StatusOr<ListPlace> ListPlaceOf(const std::string& name);
std::string ListName(PayerId payer, const ListPlace& place);

// What the caller may see of a version; 0 is the newest.
StatusOr<ListView> ViewOfList(const Call& call, const ContractReach& reach, const ListPlace& place,
                              std::int32_t version);
// NotFound when there is no such version; of a caller who sees a part, PermissionDenied.
StatusOr<ListHead> RequireListHead(pg::Transaction& tx, const ListView& view);
StatusOr<performance::v1::AttributionList> LoadListMessage(pg::Transaction& tx,
                                                           const ListView& view);

void SetEntry(performance::v1::AttributionEntry& to, PayerId payer, ContractId contract,
              const std::string& member_name, const performance::ListEntry& entry);
// The entries of a request, whose members are read by `ReadMembers`. InvalidArgument names fields:
// "add[0].plan". With `key_only`, as it is enough to name an entry: member, plan and first day.
StatusOr<std::vector<performance::ListEntry>> ReadEntries(
    pg::Transaction& tx, PayerId payer, const std::string& field,
    const std::vector<const performance::v1::AttributionEntry*>& entries, bool key_only = false);

}  // namespace sluice::api
