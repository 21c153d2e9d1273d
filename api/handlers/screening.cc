// sluice.payments.v1.ScreeningService
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/payee_reach.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/screening_list_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/screening/screening_service.h"
#include "sluice/payments/v1/compliance.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::ScreeningDecision;
using payments::ScreeningHit;
using payments::ScreeningHitId;
using payments::ScreeningOutcome;

v1::ScreeningHitState StateMessage(payments::HitState state) {
  return static_cast<v1::ScreeningHitState>(static_cast<int>(state) + 1);
}

v1::ScreeningHit MessageOf(pg::Transaction& tx, PayerId payer, const ScreeningHit& hit) {
  v1::ScreeningHit to;
  to.set_name(fmt::format("payers/{}/screeningHits/{}", payer, ScreeningHitId(hit.id)));
  to.set_payee(PayeeName(payer, hit.payee));
  to.set_source(static_cast<v1::ScreeningSource>(static_cast<int>(hit.source) + 1));
  to.set_listed_name(hit.listed_name);
  to.set_payee_name(hit.payee_name);
  to.set_score(hit.score);
  to.set_reason(hit.reason);
  to.set_state(StateMessage(hit.state));
  for (const ScreeningDecision& decision : payments::LoadDecisions(tx, payer, hit.id)) {
    v1::ScreeningDecision& added = *to.add_decisions();
    added.set_decision(StateMessage(decision.state));
    added.set_note(decision.note);
    added.set_actor(UserName(payer, decision.decided_by));
    Set(*added.mutable_record_time(), decision.decided_at);
  }
  Set(*to.mutable_find_time(), hit.found_at);
  to.set_etag(fmt::format("\"{}-{}\"", ScreeningHitId(hit.id), to.decisions_size()));
  return to;
}

StatusOr<ScreeningHitId> HitIdOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<payments::ScreeningTag>("screeningHits");
}

StatusOr<v1::ScreeningHit> LoadHitMessage(pg::Transaction& tx, PayerId payer, ScreeningHitId id,
                                          Locked locked) {
  const std::optional<ScreeningHit> hit = locked == Locked::kYes
                                              ? payments::LockHit(tx, payer, id.Value())
                                              : FindScreeningHit(tx, payer, id.Value());
  if (!hit) return NotFound("there is no hit {}", id);
  return MessageOf(tx, payer, *hit);
}

StatusOr<v1::ScreeningHit> GetScreeningHit(Call& call, const v1::GetScreeningHitRequest& request) {
  ASSIGN_OR_RETURN(const ScreeningHitId id, HitIdOf(request.name()));
  return call.Read(
      [&](pg::Transaction& tx) { return LoadHitMessage(tx, call.Payer(), id, Locked::kNo); });
}

StatusOr<v1::ListScreeningHitsResponse> ListScreeningHits(
    Call& call, const v1::ListScreeningHitsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page,
                   ListPage::Of(call.Tokens(), QueryOf(call, request),
                                {request.page_size(), request.page_token()}, ScreeningHitFields(),
                                "holds desc, find_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListScreeningHitsResponse> {
    const ScreeningHitPage loaded = LoadScreeningHitPage(tx, call.Payer(), page);
    v1::ListScreeningHitsResponse response;
    for (const ScreeningHit& hit : loaded.hits) {
      *response.add_screening_hits() = MessageOf(tx, call.Payer(), hit);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::ScreeningHit> DecideScreeningHit(Call& call,
                                              const v1::DecideScreeningHitRequest& request) {
  ASSIGN_OR_RETURN(const ScreeningHitId id, HitIdOf(request.name()));
  if (request.decision() != v1::SCREENING_HIT_STATE_NOT_THE_SAME &&
      request.decision() != v1::SCREENING_HIT_STATE_THE_SAME) {
    return WrongFields(
        {{"decision", "is SCREENING_HIT_STATE_NOT_THE_SAME or SCREENING_HIT_STATE_THE_SAME"}});
  }
  const auto decision = static_cast<payments::HitState>(static_cast<int>(request.decision()) - 1);
  const auto load = [&](pg::Transaction& tx) {
    return LoadHitMessage(tx, call.Payer(), id, Locked::kYes);
  };
  return call.Change<v1::ScreeningHit>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return payments::ScreeningService(database, call.Payer(), call.Clock(), call.Ids())
                 .Decide(id, decision, request.note(), call.Actor());
           },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = request.note()});
}

// One screening, answered with what it came to.
using Screening = std::function<StatusOr<ScreeningOutcome>(pg::Transaction&)>;
StatusOr<v1::ScreeningOutcome> Screen(Call& call, const Screening& screen) {
  ScreeningOutcome outcome;
  return call.Change<v1::ScreeningOutcome>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         return database.Transact([&](pg::Transaction& tx) -> Status {
           ASSIGN_OR_RETURN(outcome, screen(tx));
           return OkStatus();
         });
       },
       .after = [&](pg::Transaction&) -> StatusOr<v1::ScreeningOutcome> {
         v1::ScreeningOutcome to;
         to.set_lists(outcome.lists);
         to.set_payees(outcome.payees);
         to.set_findings(outcome.findings);
         to.set_new_hits(static_cast<std::int32_t>(outcome.new_hits.size()));
         return to;
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

StatusOr<v1::ScreeningOutcome> RunScreening(Call& call, const v1::RunScreeningRequest& request) {
  std::vector<PayeeId> payees;
  for (const std::string& name : request.payees()) {
    ASSIGN_OR_RETURN(const PayeeId payee, PayeeIdOf(name));
    payees.push_back(payee);
  }
  return Screen(call, [&](pg::Transaction& tx) -> StatusOr<ScreeningOutcome> {
    for (const PayeeId payee : payees) {
      RETURN_IF_ERROR(FindPayeeFor(call, tx, payee).status());
    }
    return payments::ScreenOnRequest(tx, call.Payer(), payees, {call.User(), call.Now()},
                                     call.Ids());
  });
}

StatusOr<v1::ScreeningOutcome> RecordPayeeIdentity(Call& call,
                                                   const v1::RecordPayeeIdentityRequest& request) {
  if (!v1::IdentityRelation_IsValid(request.relation())) {
    return WrongFields({{"relation", "is none of the relations to a payee"}});
  }
  payments::PayeeIdentity identity{.name = request.display_name()};
  ASSIGN_OR_RETURN(identity.payee, PayeeIdOf(request.name()));
  identity.relation =
      static_cast<payments::IdentityRelation>(static_cast<int>(request.relation()) - 1);
  if (request.has_birth_date()) {
    ASSIGN_OR_RETURN(identity.born_on, ReadDate("birth_date", request.birth_date()));
  }
  return Screen(call, [&](pg::Transaction& tx) {
    return payments::RecordIdentity(tx, call.Payer(), identity, {call.User(), call.Now()},
                                    call.Ids());
  });
}

}  // namespace

void ServeScreening(Methods& methods) {
  const std::string service = "sluice.payments.v1.ScreeningService.";
  methods.Serve<v1::RunScreeningRequest, v1::ScreeningOutcome>(service + "RunScreening",
                                                               RunScreening);
  methods.Serve<v1::RecordPayeeIdentityRequest, v1::ScreeningOutcome>(
      service + "RecordPayeeIdentity", RecordPayeeIdentity);
  methods.Serve<v1::ListScreeningHitsRequest, v1::ListScreeningHitsResponse>(
      service + "ListScreeningHits", ListScreeningHits);
  methods.Serve<v1::GetScreeningHitRequest, v1::ScreeningHit>(service + "GetScreeningHit",
                                                              GetScreeningHit);
  methods.Serve<v1::DecideScreeningHitRequest, v1::ScreeningHit>(service + "DecideScreeningHit",
                                                                 DecideScreeningHit);
}

}  // namespace sluice::api
