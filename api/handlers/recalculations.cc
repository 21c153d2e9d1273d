// sluice.performance.v1.RecalculationService, but for the work itself, which is an operation.
#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/award_messages.h"
#include "api/handlers/change_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "performance/recalculation/recalculation_service.h"
#include "performance/recalculation/recalculation_store.h"
#include "sluice/performance/v1/award.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::ChangeEvent;
using performance::ChangeEventId;
using performance::RecalculationService;
using performance::ScanSummary;

StatusOr<v1::ScanChangesResponse> ScanChanges(Call& call, const v1::ScanChangesRequest&) {
  ScanSummary scan;
  return call.Change<v1::ScanChangesResponse>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         RecalculationService changes(database, call.Payer(), call.Clock(), call.Ids());
         // In one transaction: what is noticed and what is answered are recorded together.
         return database.Transact(RecalculationService::ScanOptions(),
                                  [&](pg::Transaction& tx) -> Status {
                                    ASSIGN_OR_RETURN(scan, changes.ScanIn(tx));
                                    return OkStatus();
                                  });
       },
       .after = [&](pg::Transaction&) -> StatusOr<v1::ScanChangesResponse> {
         v1::ScanChangesResponse response;
         response.set_events(scan.events);
         response.set_queued(scan.queued);
         response.set_frozen(scan.frozen);
         response.set_no_rule(scan.no_rule);
         response.set_next_run(scan.next_run);
         response.set_seen(scan.seen);
         return response;
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

// Verdicts have the numbers that are stored.
void SetChange(v1::Change& to, PayerId payer, const ChangeEvent& event) {
  to.set_name(fmt::format("payers/{}/changes/{}", payer, event.id));
  std::string kind(performance::EditKindName(event.kind));
  std::ranges::transform(kind, kind.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  to.set_kind(kind);
  to.set_source(event.source);
  if (event.contract) to.set_contract(ContractNameOf(payer, *event.contract));
  if (event.party) to.set_party(PartyName(payer, *event.party));
  SetDays(*to.mutable_affected(), event.affected);
  to.set_cause(event.cause);
  Set(*to.mutable_record_time(), event.recorded_at);
  Set(*to.mutable_notice_time(), event.noticed_at);
}

// The edits with what was decided about each, and what each changed.
std::vector<v1::Change> ChangeMessages(pg::Transaction& tx, PayerId payer,
                                       const std::vector<ChangeEvent>& events) {
  std::vector<v1::Change> messages;
  std::map<ChangeEventId, std::size_t> place;
  std::vector<ChangeEventId> ids;
  for (const ChangeEvent& event : events) {
    place[event.id] = messages.size();
    ids.push_back(event.id);
    SetChange(messages.emplace_back(), payer, event);
  }
  const std::vector<ContractId> contracts = performance::ContractsOfPayer(tx, payer);
  for (const performance::ChangeDecision& decision :
       performance::DecisionsOfEvents(tx, contracts, ids)) {
    v1::ChangeDecision& added = *messages[place.at(decision.event)].add_decisions();
    added.set_contract(ContractNameOf(payer, decision.contract));
    SetDays(*added.mutable_period(), decision.period);
    added.set_verdict(static_cast<v1::ChangeVerdict>(decision.judgment.verdict));
    added.set_reason(decision.judgment.reason);
  }
  for (const auto& [event, awards] : performance::AwardsOfEvents(tx, contracts, ids)) {
    for (const performance::AwardKey& award : awards) {
      messages[place.at(event)].add_awards(AwardVersionNameOf(payer, award));
    }
  }
  return messages;
}

StatusOr<v1::Change> GetChange(Call& call, const v1::GetChangeRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const ChangeEventId id, path.Get<performance::ChangeEventTag>("changes"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Change> {
    const std::vector<ChangeEvent> found = performance::EventsById(tx, call.Payer(), {&id, 1});
    if (found.empty()) return NotFound("there is no change {}", id);
    return ChangeMessages(tx, call.Payer(), found).front();
  });
}

StatusOr<v1::ListChangesResponse> ListChanges(Call& call, const v1::ListChangesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     ChangeFields(), "notice_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListChangesResponse> {
    const ChangePage loaded = LoadChangePage(tx, call.Payer(), page);
    v1::ListChangesResponse response;
    for (v1::Change& change : ChangeMessages(tx, call.Payer(), loaded.changes)) {
      *response.add_changes() = std::move(change);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::ListRecalculationsResponse> ListRecalculations(
    Call& call, const v1::ListRecalculationsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     RecalculationFields(), "create_time"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListRecalculationsResponse> {
    const RecalculationPage loaded = LoadRecalculationPage(tx, call.Payer(), call.Now(), page);
    v1::ListRecalculationsResponse response;
    for (const RecalculationRow& row : loaded.recalculations) {
      v1::Recalculation& to = *response.add_recalculations();
      to.set_name(fmt::format("payers/{}/recalculations/{}", call.Payer(), row.id));
      to.set_contract(ContractNameOf(call.Payer(), row.contract));
      SetDays(*to.mutable_period(), row.period);
      to.set_state(static_cast<v1::RecalculationState>(static_cast<int>(row.state) + 1));
      to.set_attempts(row.attempts);
      if (row.state != performance::RecalculationState::kDone) to.set_last_failure(row.detail);
      Set(*to.mutable_create_time(), row.queued_at);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// --- Rules ---

// A payer that has set none has the default ones, which have no text of their own.
StatusOr<v1::ChangeRules> LoadRulesMessage(pg::Transaction& tx, PayerId payer) {
  const auto stored = performance::NewestChangeRules(tx, payer);
  v1::ChangeRules to;
  to.set_name(fmt::format("payers/{}/changeRules", payer));
  if (stored) {
    to.set_version(stored->version);
    to.set_toml(stored->content);
  }
  to.set_etag(fmt::format("\"{}-{}\"", payer, to.version()));
  return to;
}

StatusOr<v1::ChangeRules> GetChangeRules(Call& call, const v1::GetChangeRulesRequest&) {
  return call.Read([&](pg::Transaction& tx) { return LoadRulesMessage(tx, call.Payer()); });
}

StatusOr<v1::ChangeRules> SetChangeRules(Call& call, const v1::SetChangeRulesRequest& request) {
  const auto load = [&](pg::Transaction& tx) { return LoadRulesMessage(tx, call.Payer()); };
  return call.Change<v1::ChangeRules>({.before = load,
                                       .work =
                                           [&](const pg::Database& database) {
                                             return RecalculationService(database, call.Payer(),
                                                                         call.Clock(), call.Ids())
                                                 .SetRules(request.toml(), call.User().ToString())
                                                 .status();
                                           },
                                       .after = load,
                                       .etag = request.etag(),
                                       .validate_only = request.validate_only(),
                                       .reason = ""});
}

}  // namespace

void ServeRecalculations(Methods& methods) {
  const std::string service = "sluice.performance.v1.RecalculationService.";
  methods.Serve<v1::ScanChangesRequest, v1::ScanChangesResponse>(service + "ScanChanges",
                                                                 ScanChanges);
  methods.Serve<v1::GetChangeRequest, v1::Change>(service + "GetChange", GetChange);
  methods.Serve<v1::ListChangesRequest, v1::ListChangesResponse>(service + "ListChanges",
                                                                 ListChanges);
  methods.Serve<v1::ListRecalculationsRequest, v1::ListRecalculationsResponse>(
      service + "ListRecalculations", ListRecalculations);
  methods.Serve<v1::GetChangeRulesRequest, v1::ChangeRules>(service + "GetChangeRules",
                                                            GetChangeRules);
  methods.Serve<v1::SetChangeRulesRequest, v1::ChangeRules>(service + "SetChangeRules",
                                                            SetChangeRules);
}

}  // namespace sluice::api
