// sluice.performance.v1.DisputeService: what is read of disputes. What moves them is in
// dispute_commands.cc.
//
// A dispute is shown as it stands now, with what its clock has done since its last step.
#include <string>
#include <vector>

#include "api/handlers/dispute_list_store.h"
#include "api/handlers/dispute_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "performance/attribution/dispute_letter.h"
#include "performance/attribution/dispute_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::Dispute;

StatusOr<v1::Dispute> GetDispute(Call& call, const v1::GetDisputeRequest& request) {
  ASSIGN_OR_RETURN(const DisputePlace place, DisputePlaceOf(request.name()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  return call.Read([&](pg::Transaction& tx) {
    return LoadDisputeMessage(tx, call.Payer(), reach, place.dispute, call.Now());
  });
}

// Those of the contract that the caller may see, as they stand now.
StatusOr<std::vector<Dispute>> LoadSeen(pg::Transaction& tx, const ContractReach& reach,
                                        Instant now) {
  ASSIGN_OR_RETURN(const std::vector<Dispute> all,
                   performance::ReadDisputesOf(tx, reach.Contract()));
  std::vector<Dispute> seen;
  for (const Dispute& dispute : all) {
    if (!reach.Shows(dispute.entry.practice, dispute.entry.provider)) continue;
    ASSIGN_OR_RETURN(Dispute now_is, performance::AsOfClock(dispute, now));
    seen.push_back(std::move(now_is));
  }
  return seen;
}

StatusOr<v1::ListDisputesResponse> ListDisputes(Call& call,
                                                const v1::ListDisputesRequest& request) {
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     DisputeFields(), "due"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListDisputesResponse> {
    ASSIGN_OR_RETURN(const std::vector<Dispute> disputes, LoadSeen(tx, reach, call.Now()));
    const DisputePage chosen = ChooseDisputes(tx, disputes, page);
    std::vector<std::int64_t> members;
    for (const std::size_t place : chosen.places) {
      members.push_back(disputes[place].entry.member_id);
    }
    const MemberNames names = MemberNames::Load(tx, call.Payer(), members);
    v1::ListDisputesResponse response;
    for (const std::size_t place : chosen.places) {
      *response.add_disputes() = DisputeMessage(call.Payer(), disputes[place], names, call.Now());
    }
    response.set_next_page_token(chosen.next_page_token);
    return response;
  });
}

StatusOr<v1::RenderDisputeLetterResponse> RenderDisputeLetter(
    Call& call, const v1::RenderDisputeLetterRequest& request) {
  ASSIGN_OR_RETURN(const DisputePlace place, DisputePlaceOf(request.name()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  ASSIGN_OR_RETURN(const Dispute dispute, call.Read([&](pg::Transaction& tx) {
    return FindDisputeAt(tx, reach, place.dispute, call.Now());
  }));
  ASSIGN_OR_RETURN(const performance::Letter letter, performance::DecisionLetter(dispute));
  v1::RenderDisputeLetterResponse response;
  response.set_subject(letter.subject);
  response.set_text(letter.text);
  return response;
}

}  // namespace

void ServeDisputes(Methods& methods) {
  const std::string service = "sluice.performance.v1.DisputeService.";
  methods.Serve<v1::GetDisputeRequest, v1::Dispute>(service + "GetDispute", GetDispute,
                                                    Narrowing::kByHandler);
  methods.Serve<v1::ListDisputesRequest, v1::ListDisputesResponse>(
      service + "ListDisputes", ListDisputes, Narrowing::kByHandler);
  methods.Serve<v1::RenderDisputeLetterRequest, v1::RenderDisputeLetterResponse>(
      service + "RenderDisputeLetter", RenderDisputeLetter, Narrowing::kByHandler);
}

}  // namespace sluice::api
