// Disputes as messages, and drafts of them back. Internal to handlers of disputes.
#pragma once

#include <string>
#include <vector>

#include "api/handlers/contract_reach.h"
#include "api/handlers/member_names.h"
#include "api/service/call.h"
#include "performance/attribution/dispute.h"
#include "sluice/performance/v1/attribution_list.pb.h"

namespace sluice::api {

// "payers/pyr_1/contracts/ctr_2/disputes/dsp_3".
struct DisputePlace {
  ContractId contract;
  performance::DisputeId dispute;
};
StatusOr<DisputePlace> DisputePlaceOf(const std::string& name);
std::string DisputeName(PayerId payer, const DisputePlace& place);

performance::v1::Dispute DisputeMessage(PayerId payer, const performance::Dispute& dispute,
                                        const MemberNames& members, Instant now);
// As it stands at `now`, with what its clock has done by then. NotFound for an unknown one; of a
// caller who sees a part, PermissionDenied for that and for what is not theirs.
StatusOr<performance::Dispute> FindDisputeAt(pg::Transaction& tx, const ContractReach& reach,
                                             performance::DisputeId id, Instant now);
StatusOr<performance::v1::Dispute> LoadDisputeMessage(pg::Transaction& tx, PayerId payer,
                                                      const ContractReach& reach,
                                                      performance::DisputeId id, Instant now);

// InvalidArgument names "evidence[0].sha256".
StatusOr<std::vector<performance::Evidence>> ReadEvidence(
    const std::string& field,
    const google::protobuf::RepeatedPtrField<performance::v1::Evidence>& evidence);

}  // namespace sluice::api
