#include "api/handlers/attribution_messages.h"

#include <utility>

#include "api/handlers/detail_values.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::ListEntry;

std::string ListEtag(const ListView& view, const ListHead& head) {
  return fmt::format("\"{}-{}-{}-{}-{}\"", view.contract, FormatDate(view.period_from),
                     head.version, static_cast<int>(head.status), head.last_change);
}

}  // namespace

StatusOr<ListPlace> ListPlaceOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ListPlace place;
  ASSIGN_OR_RETURN(place.contract, path.Get<ContractTag>("contracts"));
  ASSIGN_OR_RETURN(const std::string day, path.GetText("attributionLists"));
  const StatusOr<Date> from = ParseDate(day);
  if (!from.ok() || FormatDate(*from) != day) {
    return InvalidArgument("an attribution list is named by its period's first day: 2026-01-01");
  }
  place.period_from = *from;
  return place;
}

std::string ListName(PayerId payer, const ListPlace& place) {
  return fmt::format("{}/attributionLists/{}", NameOfContract(payer, place.contract),
                     FormatDate(place.period_from));
}

StatusOr<ListView> ViewOfList(const Call& call, const ContractReach& reach, const ListPlace& place,
                              std::int32_t version) {
  if (version < 0) return WrongFields({{"version", "is 0 for the newest, or counts from 1"}});
  ListView view{.payer = call.Payer(),
                .contract = place.contract,
                .period_from = place.period_from,
                .version = std::nullopt,
                .party = reach.Party(),
                .among = reach.Among(),
                .roots = reach.Roots()};
  if (version > 0) view.version = version;
  return view;
}

StatusOr<ListHead> RequireListHead(pg::Transaction& tx, const ListView& view) {
  const std::optional<ListHead> head = LoadListHead(tx, view);
  if (head) return *head;
  if (view.among) return PermissionDenied("{}", kDeniedText);
  return NotFound("contract {} has no{} attribution list for the period from {}", view.contract,
                  view.version ? fmt::format(" version {} of the", *view.version) : "",
                  FormatDate(view.period_from));
}

StatusOr<v1::AttributionList> LoadListMessage(pg::Transaction& tx, const ListView& view) {
  ASSIGN_OR_RETURN(const ListHead head, RequireListHead(tx, view));
  v1::AttributionList to;
  to.set_name(ListName(view.payer, {view.contract, view.period_from}));
  WriteDays(*to.mutable_period(), head.period);
  to.set_version(head.version);
  to.set_status(static_cast<v1::AttributionListStatus>(head.status));
  to.set_active_members(head.active_members);
  to.set_unattributed_members(head.unattributed_members);
  Set(*to.mutable_known_at(), head.known_at);
  to.set_etag(ListEtag(view, head));
  return to;
}

void SetEntry(v1::AttributionEntry& to, PayerId payer, ContractId contract,
              const std::string& member_name, const ListEntry& entry) {
  to.set_member(member_name);
  to.set_plan(entry.plan);
  WriteDays(*to.mutable_attributed(), entry.attributed);
  if (entry.provider) to.set_provider(PartyName(payer, *entry.provider));
  if (entry.practice) to.set_practice(PartyName(payer, *entry.practice));
  to.set_change(static_cast<v1::AttributionChange>(entry.change));
  to.set_inactive(entry.inactive);
  to.set_basis(entry.basis);
  if (entry.dispute) {
    to.set_dispute(fmt::format("{}/disputes/{}", NameOfContract(payer, contract), *entry.dispute));
  }
}

StatusOr<std::vector<ListEntry>> ReadEntries(
    pg::Transaction& tx, PayerId payer, const std::string& field,
    const std::vector<const v1::AttributionEntry*>& entries, bool key_only) {
  std::vector<std::pair<std::string, std::string>> names;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    names.emplace_back(fmt::format("{}[{}].member", field, i), entries[i]->member());
  }
  ASSIGN_OR_RETURN(const std::vector<NamedMember> members, ReadMembers(tx, payer, names));
  std::vector<ListEntry> read;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const v1::AttributionEntry& from = *entries[i];
    const std::string at = fmt::format("{}[{}]", field, i);
    ListEntry entry{.member_id = members[i].id, .plan = from.plan()};
    if (key_only) {
      ASSIGN_OR_RETURN(entry.attributed.from,
                       ReadDate(at + ".attributed.from", from.attributed().from()));
    } else {
      ASSIGN_OR_RETURN(entry.attributed, ReadClosedDays(at + ".attributed", from.attributed()));
      ASSIGN_OR_RETURN(entry.provider, ReadPartyIfThere(at + ".provider", from.provider()));
      ASSIGN_OR_RETURN(entry.practice, ReadPartyIfThere(at + ".practice", from.practice()));
    }
    read.push_back(std::move(entry));
  }
  return read;
}

}  // namespace sluice::api
