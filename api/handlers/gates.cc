// sluice.ops.v1.GateService. Gates are the payer's own, as the feeds are.
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/detail_values.h"
#include "api/handlers/gate_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "performance/feeds/gate_service.h"
#include "performance/program_store.h"
#include "sluice/ops/v1/feed.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::ops::v1;

using performance::DataGate;
using performance::GateCheck;
using performance::GateKind;
using performance::GateService;

std::string GateParent(PayerId payer, ProgramId program) {
  return fmt::format("payers/{}/programs/{}", payer, program);
}

StatusOr<ProgramId> ProgramIn(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<ProgramTag>("programs");
}

// The numbers of the contract are those that are stored.
v1::Gate GateMessage(PayerId payer, const DataGate& gate) {
  v1::Gate to;
  to.set_name(fmt::format("{}/gates/{}", GateParent(payer, gate.program), gate.name));
  to.set_display_name(gate.name);
  to.set_feed(fmt::format("payers/{}/feeds/{}", payer, gate.feed));
  to.set_kind(static_cast<v1::GateKind>(gate.kind));
  if (gate.kind == GateKind::kRejectedShare) {
    to.set_ratio_limit(gate.ratio_limit.ToFractionString());
  }
  to.set_count_limit(gate.count_limit);
  return to;
}

StatusOr<DataGate> ReadGate(ProgramId program, const v1::Gate& from) {
  if (!v1::GateKind_IsValid(from.kind()) || from.kind() == 0) {
    return WrongFields({{"gate.kind", "is none of the kinds of gates"}});
  }
  DataGate gate{.program = program,
                .name = from.display_name(),
                .kind = static_cast<GateKind>(from.kind()),
                .ratio_limit = {},
                .count_limit = from.count_limit()};
  const StatusOr<ResourcePath> path = ResourcePath::Parse(from.feed());
  const StatusOr<std::string> feed =
      path.ok() ? path->GetText("feeds") : StatusOr<std::string>(path.status());
  if (!feed.ok()) return WrongFields({{"gate.feed", "is written payers/{payer}/feeds/{feed}"}});
  gate.feed = *feed;
  if (!from.ratio_limit().empty()) {
    const StatusOr<Ratio> limit = Ratio::Parse(from.ratio_limit());
    if (!limit.ok()) return WrongFields({{"gate.ratio_limit", "is a fraction: 1/100"}});
    gate.ratio_limit = *limit;
  }
  return gate;
}

StatusOr<v1::Gate> LoadGate(pg::Transaction& tx, PayerId payer, ProgramId program,
                            const std::string& name) {
  for (const DataGate& gate : performance::GatesOf(tx, payer, program)) {
    if (gate.name == name) return GateMessage(payer, gate);
  }
  return NotFound("program {} has no gate '{}'", program, name);
}

StatusOr<v1::Gate> SetGate(Call& call, const v1::SetGateRequest& request) {
  ASSIGN_OR_RETURN(const ProgramId program, ProgramIn(request.parent()));
  ASSIGN_OR_RETURN(const DataGate gate, ReadGate(program, request.gate()));
  return call.Change<v1::Gate>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return GateService(database, call.Payer(), call.Clock(), call.Ids()).Set(gate);
           },
       .after = [&](pg::Transaction& tx) { return LoadGate(tx, call.Payer(), program, gate.name); },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

// Answered with the gate as it was.
StatusOr<v1::Gate> RemoveGate(Call& call, const v1::RemoveGateRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ProgramId program, ProgramIn(request.name()));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const std::string name, path.GetText("gates"));
  v1::Gate removed;
  return call.Change<v1::Gate>(
      {.before = [&](pg::Transaction& tx) -> StatusOr<v1::Gate> {
         ASSIGN_OR_RETURN(removed, LoadGate(tx, call.Payer(), program, name));
         return removed;
       },
       .work =
           [&](const pg::Database& database) {
             return GateService(database, call.Payer(), call.Clock(), call.Ids())
                 .Remove(program, name);
           },
       .after = [&](pg::Transaction&) -> StatusOr<v1::Gate> { return removed; },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.reason()});
}

// The arguments of a list without a filter.
ListQuery OrderedQueryOf(const Call& call, const v1::ListGatesRequest& request) {
  ListQuery query = PlainQueryOf(call, request);
  query.order_by = request.order_by();
  return query;
}

Status RequireProgram(pg::Transaction& tx, ProgramId program) {
  if (performance::FindProgram(tx, program)) return OkStatus();
  return NotFound("there is no program {}", program);
}

StatusOr<v1::ListGatesResponse> ListGates(Call& call, const v1::ListGatesRequest& request) {
  ASSIGN_OR_RETURN(const ProgramId program, ProgramIn(request.parent()));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), OrderedQueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     GateFields(), "display_name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListGatesResponse> {
    RETURN_IF_ERROR(RequireProgram(tx, program));
    const std::vector<DataGate> gates = performance::GatesOf(tx, call.Payer(), program);
    const GatePage chosen = ChooseGates(tx, gates, page);
    v1::ListGatesResponse response;
    for (const std::size_t place : chosen.places) {
      *response.add_gates() = GateMessage(call.Payer(), gates[place]);
    }
    response.set_next_page_token(chosen.next_page_token);
    return response;
  });
}

v1::GateCheck CheckMessage(PayerId payer, const GateCheck& check) {
  const std::string parent = GateParent(payer, check.program);
  v1::GateCheck to;
  to.set_name(fmt::format("{}/gateChecks/{}", parent, check.check_id));
  to.set_gate(fmt::format("{}/gates/{}", parent, check.gate));
  to.set_passed(check.passed);
  to.set_detail(check.detail);
  if (check.overridden_by) to.set_overridden_by(UserName(payer, *check.overridden_by));
  to.set_override_reason(check.override_reason);
  return to;
}

StatusOr<v1::ListGateChecksResponse> ListGateChecks(Call& call,
                                                    const v1::ListGateChecksRequest& request) {
  ASSIGN_OR_RETURN(const ProgramId program, ProgramIn(request.parent()));
  ASSIGN_OR_RETURN(const DateRange period, ReadClosedDays("period", request.period()));
  ListQuery query = QueryOf(call, request);
  query.others = {"period=" + period.ToString()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     GateCheckFields(), "gate"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListGateChecksResponse> {
    RETURN_IF_ERROR(RequireProgram(tx, program));
    const std::vector<GateCheck> checks =
        performance::NewestChecks(tx, call.Payer(), program, period);
    const GatePage chosen = ChooseGateChecks(tx, checks, page);
    v1::ListGateChecksResponse response;
    for (const std::size_t place : chosen.places) {
      *response.add_gate_checks() = CheckMessage(call.Payer(), checks[place]);
    }
    response.set_next_page_token(chosen.next_page_token);
    return response;
  });
}

StatusOr<std::int64_t> CheckNumberIn(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const std::string text, path.GetText("gateChecks"));
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) {
    return WrongFields({{"name", "ends in the number of the check"}});
  }
  return number;
}

StatusOr<v1::GateCheck> OverrideGateCheck(Call& call, const v1::OverrideGateCheckRequest& request) {
  if (!call.Actor().human) return PermissionDenied("a service approves nothing");
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ProgramId program, ProgramIn(request.name()));
  ASSIGN_OR_RETURN(const std::int64_t number, CheckNumberIn(request.name()));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::GateCheck> {
    const auto check = performance::FindCheck(tx, call.Payer(), program, number);
    if (!check) return NotFound("program {} has no check {}", program, number);
    return CheckMessage(call.Payer(), *check);
  };
  return call.Change<v1::GateCheck>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return GateService(database, call.Payer(), call.Clock(), call.Ids())
                 .Override(program, number, call.User(), request.reason());
           },
       .after = load,
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.reason()});
}

}  // namespace

void ServeGates(Methods& methods) {
  const std::string service = "sluice.ops.v1.GateService.";
  methods.Serve<v1::SetGateRequest, v1::Gate>(service + "SetGate", SetGate);
  methods.Serve<v1::RemoveGateRequest, v1::Gate>(service + "RemoveGate", RemoveGate);
  methods.Serve<v1::ListGatesRequest, v1::ListGatesResponse>(service + "ListGates", ListGates);
  methods.Serve<v1::ListGateChecksRequest, v1::ListGateChecksResponse>(service + "ListGateChecks",
                                                                       ListGateChecks);
  methods.Serve<v1::OverrideGateCheckRequest, v1::GateCheck>(service + "OverrideGateCheck",
                                                             OverrideGateCheck);
}

}  // namespace sluice::api
