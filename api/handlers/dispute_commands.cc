// sluice.performance.v1.DisputeService: what drafts disputes and moves them. Each step is answered
// with the dispute as it stands afterward.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/attribution_messages.h"
#include "api/handlers/dispute_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "performance/attribution/dispute_service.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::Dispute;
using performance::DisputeAction;
using performance::DisputeEvent;
using performance::DisputeService;

StatusOr<std::vector<performance::DisputeDraft>> ReadDrafts(
    Call& call, const v1::DraftDisputesRequest& request) {
  constexpr int kMostDrafts = 1000;
  if (request.drafts_size() > kMostDrafts) {
    return WrongFields({{"drafts", "has at most 1,000 at once"}});
  }
  std::vector<const v1::AttributionEntry*> entries;
  for (const v1::DisputeDraft& draft : request.drafts()) entries.push_back(&draft.entry());
  ASSIGN_OR_RETURN(const std::vector<performance::ListEntry> read,
                   call.Read([&](pg::Transaction& tx) {
                     return ReadEntries(tx, call.Payer(), "drafts", entries);
                   }));
  std::vector<performance::DisputeDraft> drafts;
  for (int i = 0; i < request.drafts_size(); ++i) {
    const v1::DisputeDraft& from = request.drafts(i);
    const std::string at = fmt::format("drafts[{}]", i);
    if (!v1::DisputeOperation_IsValid(from.operation()) || from.operation() == 0) {
      return WrongFields({{at + ".operation", "is ADD, REMOVE or CHANGE"}});
    }
    performance::DisputeDraft draft{
        .operation = static_cast<performance::DisputeOperation>(from.operation()),
        .entry = read[static_cast<std::size_t>(i)],
        .reason_code = from.reason_code(),
        .id = call.Ids().Next<performance::DisputeTag>()};
    ASSIGN_OR_RETURN(draft.evidence, ReadEvidence(at + ".evidence", from.evidence()));
    if (from.has_provisional_effect()) {
      draft.provisional_effect = Money::FromCents(from.provisional_effect().cents());
    }
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

StatusOr<v1::DraftDisputesResponse> DraftDisputes(Call& call,
                                                  const v1::DraftDisputesRequest& request) {
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  ASSIGN_OR_RETURN(const Date period_from, ReadDate("period_from", request.period_from()));
  ASSIGN_OR_RETURN(const std::vector<performance::DisputeDraft> drafts, ReadDrafts(call, request));
  return call.Change<v1::DraftDisputesResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return DisputeService(database, call.Clock(), call.Ids())
                 .Draft(reach.Contract(), period_from, drafts, call.User().ToString())
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::DraftDisputesResponse> {
         v1::DraftDisputesResponse response;
         for (const performance::DisputeDraft& draft : drafts) {
           ASSIGN_OR_RETURN(
               *response.add_disputes(),
               LoadDisputeMessage(tx, call.Payer(), reach, draft.id.value(), call.Now()));
         }
         return response;
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

// Takes a step. Where its clock moved the dispute first and the step was refused for it, that is
// what is kept of the attempt.
StatusOr<v1::Dispute> Act(Call& call, const std::string& name, const std::string& etag,
                          DisputeAction action) {
  ASSIGN_OR_RETURN(const DisputePlace place, DisputePlaceOf(name));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  action.actor = call.User().ToString();
  action.at = call.Now();
  const auto load = [&](pg::Transaction& tx) {
    return LoadDisputeMessage(tx, call.Payer(), reach, place.dispute, call.Now());
  };
  return call.Change<v1::Dispute>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return DisputeService(database, call.Clock(), call.Ids())
                 .Act(place.contract, place.dispute, action)
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::Dispute> {
         ASSIGN_OR_RETURN(const Dispute dispute,
                          FindDisputeAt(tx, reach, place.dispute, call.Now()));
         const bool taken = !dispute.history.empty() &&
                            dispute.history.back().event == action.event &&
                            dispute.history.back().actor == action.actor;
         if (taken) return load(tx);
         DisputeAction again = action;
         if (!dispute.history.empty()) {
           again.at = std::max(action.at, dispute.history.back().at);
         }
         RETURN_IF_ERROR(performance::TryAction(tx, dispute, again).status());
         return Internal("the step of dispute {} is not there", place.dispute);
       },
       .etag = etag,
       .validate_only = false,
       .reason = action.reason});
}

StatusOr<v1::Dispute> FileDispute(Call& call, const v1::FileDisputeRequest& request) {
  DisputeAction action{.event = DisputeEvent::kFile};
  ASSIGN_OR_RETURN(action.evidence, ReadEvidence("evidence", request.evidence()));
  return Act(call, request.name(), request.etag(), std::move(action));
}

StatusOr<v1::Dispute> AssignDispute(Call& call, const v1::AssignDisputeRequest& request) {
  DisputeAction action{.event = DisputeEvent::kAssign};
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.owner()));
  ASSIGN_OR_RETURN(const UserId owner, path.Get<UserTag>("users"));
  action.owner = owner.ToString();
  ASSIGN_OR_RETURN(action.due, ReadDate("due", request.due()));
  return Act(call, request.name(), request.etag(), std::move(action));
}

StatusOr<v1::Dispute> AskDispute(Call& call, const v1::AskDisputeRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Act(call, request.name(), request.etag(),
             {.event = DisputeEvent::kAsk, .reason = request.reason()});
}

StatusOr<v1::Dispute> AnswerDispute(Call& call, const v1::AnswerDisputeRequest& request) {
  DisputeAction action{.event = DisputeEvent::kAnswer};
  ASSIGN_OR_RETURN(action.evidence, ReadEvidence("evidence", request.evidence()));
  return Act(call, request.name(), request.etag(), std::move(action));
}

StatusOr<v1::Dispute> DecideDispute(Call& call, const v1::DecideDisputeRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  const bool accepts = request.decision() == v1::DISPUTE_STATE_ACCEPTED;
  if (!accepts && request.decision() != v1::DISPUTE_STATE_REJECTED) {
    return WrongFields({{"decision", "is ACCEPTED or REJECTED"}});
  }
  return Act(call, request.name(), request.etag(),
             {.event = accepts ? DisputeEvent::kAccept : DisputeEvent::kReject,
              .reason = request.reason(),
              .rule = request.rule()});
}

StatusOr<v1::Dispute> WithdrawDispute(Call& call, const v1::WithdrawDisputeRequest& request) {
  return Act(call, request.name(), request.etag(), {.event = DisputeEvent::kWithdraw});
}

StatusOr<v1::Dispute> RefileDispute(Call& call, const v1::RefileDisputeRequest& request) {
  ASSIGN_OR_RETURN(const DisputePlace place, DisputePlaceOf(request.name()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(const std::vector<performance::Evidence> evidence,
                   ReadEvidence("evidence", request.evidence()));
  const auto id = call.Ids().Next<performance::DisputeTag>();
  return call.Change<v1::Dispute>({.before = nullptr,
                                   .work =
                                       [&](const pg::Database& database) {
                                         return DisputeService(database, call.Clock(), call.Ids())
                                             .FileAgain(place.contract, place.dispute, evidence, id)
                                             .status();
                                       },
                                   .after =
                                       [&](pg::Transaction& tx) {
                                         return LoadDisputeMessage(tx, call.Payer(), reach, id,
                                                                   call.Now());
                                       },
                                   .etag = std::nullopt,
                                   .validate_only = false,
                                   .reason = ""});
}

}  // namespace

void ServeDisputeCommands(Methods& methods) {
  const std::string service = "sluice.performance.v1.DisputeService.";
  methods.Serve<v1::DraftDisputesRequest, v1::DraftDisputesResponse>(service + "DraftDisputes",
                                                                     DraftDisputes);
  methods.Serve<v1::FileDisputeRequest, v1::Dispute>(service + "FileDispute", FileDispute);
  methods.Serve<v1::AssignDisputeRequest, v1::Dispute>(service + "AssignDispute", AssignDispute);
  methods.Serve<v1::AskDisputeRequest, v1::Dispute>(service + "AskDispute", AskDispute);
  methods.Serve<v1::AnswerDisputeRequest, v1::Dispute>(service + "AnswerDispute", AnswerDispute);
  methods.Serve<v1::DecideDisputeRequest, v1::Dispute>(service + "DecideDispute", DecideDispute);
  methods.Serve<v1::WithdrawDisputeRequest, v1::Dispute>(service + "WithdrawDispute",
                                                         WithdrawDispute);
  methods.Serve<v1::RefileDisputeRequest, v1::Dispute>(service + "RefileDispute", RefileDispute);
}

}  // namespace sluice::api
