// sluice.performance.v1.OverrideService
#include <functional>
#include <optional>
#include <string>

#include "api/handlers/handlers.h"
#include "api/handlers/override_list_store.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "performance/recalculation/override_service.h"
#include "sluice/performance/v1/award.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::AwardOverride;
using performance::OverrideId;
using performance::OverrideService;
using performance::OverrideView;

struct OverridePlace {
  ContractId contract;
  OverrideId id;
};

StatusOr<OverridePlace> OverrideAt(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  OverridePlace place;
  ASSIGN_OR_RETURN(place.contract, path.Get<ContractTag>("contracts"));
  ASSIGN_OR_RETURN(place.id, path.Get<performance::OverrideTag>("overrides"));
  return place;
}

// States are numbered one further: the contract's 0 is "not said".
v1::Override MessageOf(PayerId payer, const OverrideView& view) {
  const AwardOverride& entry = view.entry;
  v1::Override to;
  to.set_name(fmt::format("{}/overrides/{}", ContractNameOf(payer, entry.contract), entry.id));
  SetDays(*to.mutable_period(), entry.period);
  if (entry.party != PartyId()) to.set_party(PartyName(payer, entry.party));
  if (entry.under != PartyId()) to.set_under(PartyName(payer, entry.under));
  Set(*to.mutable_amount(), entry.amount);
  to.set_reason(entry.reason);
  Set(*to.mutable_calculated(), entry.calculated);
  if (view.calculated_now) Set(*to.mutable_calculated_now(), *view.calculated_now);
  to.set_state(static_cast<v1::OverrideState>(static_cast<int>(entry.State()) + 1));
  to.set_author(UserName(payer, entry.author));
  if (!entry.steps.empty()) to.set_decided_by(UserName(payer, entry.steps.back().actor));
  Set(*to.mutable_create_time(), entry.proposed_at);
  to.set_etag(fmt::format("\"{}-{}\"", entry.id, entry.steps.size()));
  return to;
}

StatusOr<v1::Override> LoadOverrideMessage(pg::Transaction& tx, PayerId payer,
                                           const OverridePlace& place) {
  ASSIGN_OR_RETURN(const OverrideView view,
                   performance::ViewOverride(tx, place.contract, place.id));
  return MessageOf(payer, view);
}

StatusOr<v1::Override> GetOverride(Call& call, const v1::GetOverrideRequest& request) {
  ASSIGN_OR_RETURN(const OverridePlace place, OverrideAt(request.name()));
  return call.Read(
      [&](pg::Transaction& tx) { return LoadOverrideMessage(tx, call.Payer(), place); });
}

StatusOr<v1::ListOverridesResponse> ListOverrides(Call& call,
                                                  const v1::ListOverridesRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  ASSIGN_OR_RETURN(const ContractId contract, path.Get<ContractTag>("contracts"));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     OverrideFields(), "create_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListOverridesResponse> {
    RETURN_IF_ERROR(FindContractFor(tx, call, contract).status());
    const OverridePage loaded = LoadOverridePage(tx, contract, page);
    v1::ListOverridesResponse response;
    for (const OverrideId id : loaded.overrides) {
      ASSIGN_OR_RETURN(*response.add_overrides(),
                       LoadOverrideMessage(tx, call.Payer(), {contract, id}));
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<performance::NewOverride> ReadOverride(Call& call, const v1::Override& from) {
  performance::NewOverride entry{.contract = {},
                                 .period = {},
                                 .party = {},
                                 .under = {},
                                 .amount = Money::FromCents(from.amount().cents()),
                                 .reason = from.reason(),
                                 .id = call.Ids().Next<performance::OverrideTag>()};
  if (!from.has_amount()) {
    return WrongFields({{"override.amount", "is required: what takes the place"}});
  }
  ASSIGN_OR_RETURN(entry.period, ReadPeriod("override.period", from.period()));
  if (!from.party().empty()) {
    ASSIGN_OR_RETURN(entry.party,
                     ReadReference<PartyTag>(call, "override.party", from.party(), "parties"));
  }
  if (!from.under().empty()) {
    ASSIGN_OR_RETURN(entry.under,
                     ReadReference<PartyTag>(call, "override.under", from.under(), "parties"));
  }
  return entry;
}

StatusOr<v1::Override> ProposeOverride(Call& call, const v1::ProposeOverrideRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  ASSIGN_OR_RETURN(performance::NewOverride entry, ReadOverride(call, request.override()));
  ASSIGN_OR_RETURN(entry.contract, path.Get<ContractTag>("contracts"));
  return call.Change<v1::Override>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return OverrideService(database, call.Clock(), call.Ids())
                 .Propose(entry, call.User())
                 .status();
           },
       .after =
           [&](pg::Transaction& tx) {
             return LoadOverrideMessage(tx, call.Payer(), {entry.contract, entry.id});
           },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = entry.reason});
}

// One decision about it. Of two at once the second is told that another came first.
StatusOr<v1::Override> Decide(
    Call& call, const std::string& name, const std::string& etag, const std::string& reason,
    const std::function<Status(OverrideService&, const OverridePlace&)>& work) {
  ASSIGN_OR_RETURN(const OverridePlace place, OverrideAt(name));
  const auto load = [&](pg::Transaction& tx) {
    return LoadOverrideMessage(tx, call.Payer(), place);
  };
  return call.Change<v1::Override>({.before = load,
                                    .work =
                                        [&](const pg::Database& database) {
                                          OverrideService overrides(database, call.Clock(),
                                                                    call.Ids());
                                          return work(overrides, place);
                                        },
                                    .after = load,
                                    .etag = etag,
                                    .validate_only = false,
                                    .reason = reason});
}

StatusOr<v1::Override> ApproveOverride(Call& call, const v1::ApproveOverrideRequest& request) {
  if (!call.Actor().human) return PermissionDenied("a service approves nothing");
  return Decide(call, request.name(), request.etag(), "",
                [&](OverrideService& overrides, const OverridePlace& place) {
                  return overrides.Approve(place.contract, place.id, call.User()).status();
                });
}

StatusOr<v1::Override> RejectOverride(Call& call, const v1::RejectOverrideRequest& request) {
  if (!call.Actor().human) return PermissionDenied("a service approves nothing");
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Decide(
      call, request.name(), request.etag(), request.reason(),
      [&](OverrideService& overrides, const OverridePlace& place) {
        return overrides.Reject(place.contract, place.id, call.User(), request.reason()).status();
      });
}

StatusOr<v1::Override> WithdrawOverride(Call& call, const v1::WithdrawOverrideRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Decide(
      call, request.name(), request.etag(), request.reason(),
      [&](OverrideService& overrides, const OverridePlace& place) {
        return overrides.Withdraw(place.contract, place.id, call.User(), request.reason()).status();
      });
}

}  // namespace

void ServeOverrides(Methods& methods) {
  const std::string service = "sluice.performance.v1.OverrideService.";
  methods.Serve<v1::GetOverrideRequest, v1::Override>(service + "GetOverride", GetOverride);
  methods.Serve<v1::ListOverridesRequest, v1::ListOverridesResponse>(service + "ListOverrides",
                                                                     ListOverrides);
  methods.Serve<v1::ProposeOverrideRequest, v1::Override>(service + "ProposeOverride",
                                                          ProposeOverride);
  methods.Serve<v1::ApproveOverrideRequest, v1::Override>(service + "ApproveOverride",
                                                          ApproveOverride);
  methods.Serve<v1::RejectOverrideRequest, v1::Override>(service + "RejectOverride",
                                                         RejectOverride);
  methods.Serve<v1::WithdrawOverrideRequest, v1::Override>(service + "WithdrawOverride",
                                                           WithdrawOverride);
}

}  // namespace sluice::api
