#include "api/handlers/dispute_messages.h"

#include "api/handlers/attribution_messages.h"
#include "api/handlers/detail_values.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "performance/attribution/dispute_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::Dispute;
using performance::DisputeAction;
using performance::DisputeId;

constexpr std::string_view kBulkPrefix = "blk";

void SetSteps(v1::Dispute& to, PayerId payer, const Dispute& dispute) {
  for (const performance::Evidence& piece : dispute.evidence) {
    v1::Evidence& added = *to.add_evidence();
    added.set_kind(piece.kind);
    added.set_reference(piece.reference);
    added.set_sha256(ToHex(piece.sha256));
  }
  for (const DisputeAction& step : dispute.history) {
    v1::DisputeStep& added = *to.add_steps();
    added.set_event(std::string(performance::DisputeEventName(step.event)));
    added.set_actor(ActorName(payer, step.actor));
    added.set_reason(step.reason);
    Set(*added.mutable_record_time(), step.at);
  }
}

}  // namespace

StatusOr<DisputePlace> DisputePlaceOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  DisputePlace place;
  ASSIGN_OR_RETURN(place.contract, path.Get<ContractTag>("contracts"));
  ASSIGN_OR_RETURN(place.dispute, path.Get<performance::DisputeTag>("disputes"));
  return place;
}

std::string DisputeName(PayerId payer, const DisputePlace& place) {
  return fmt::format("{}/disputes/{}", NameOfContract(payer, place.contract), place.dispute);
}

// The numbers of the contract are those that are stored.
v1::Dispute DisputeMessage(PayerId payer, const Dispute& dispute, const MemberNames& members,
                           Instant now) {
  v1::Dispute to;
  to.set_name(DisputeName(payer, {dispute.contract, dispute.id}));
  WriteDays(*to.mutable_period(), dispute.period);
  to.set_against_version(dispute.against_version);
  to.set_operation(static_cast<v1::DisputeOperation>(dispute.operation));
  performance::ListEntry entry = dispute.entry;
  entry.basis.clear();
  SetEntry(*to.mutable_entry(), payer, dispute.contract, members.Of(entry.member_id), entry);
  to.mutable_entry()->clear_change();  // it is not compared with any version
  to.set_reason_code(dispute.reason_code);
  to.set_filer(ActorName(payer, dispute.filer));
  if (dispute.bulk_id) to.set_bulk(FormatId(kBulkPrefix, *dispute.bulk_id));
  if (dispute.refiled_from) {
    to.set_refiled_from(DisputeName(payer, {dispute.contract, *dispute.refiled_from}));
  }
  to.set_state(static_cast<v1::DisputeState>(dispute.state));
  to.set_owner(ActorName(payer, dispute.owner));
  if (dispute.due) Set(*to.mutable_due(), *dispute.due);
  if (const auto end = performance::ClockEnd(dispute, now)) Set(*to.mutable_clock_end(), *end);
  to.set_decision_reason(dispute.decision_reason);
  to.set_decision_rule(dispute.decision_rule);
  to.set_applied_in_version(dispute.applied_in_version.value_or(0));
  SetSteps(to, payer, dispute);
  to.set_etag(fmt::format("\"{}-{}\"", dispute.id, dispute.history.size()));
  return to;
}

StatusOr<Dispute> FindDisputeAt(pg::Transaction& tx, const ContractReach& reach, DisputeId id,
                                Instant now) {
  ASSIGN_OR_RETURN(const std::optional<Dispute> found,
                   performance::ReadDispute(tx, reach.Contract(), id));
  if (!found && reach.IsWhole()) {
    return NotFound("contract {} has no dispute {}", reach.Contract(), id);
  }
  if (!found || !reach.Shows(found->entry.practice, found->entry.provider)) {
    return PermissionDenied("{}", kDeniedText);
  }
  return performance::AsOfClock(*found, now);
}

StatusOr<v1::Dispute> LoadDisputeMessage(pg::Transaction& tx, PayerId payer,
                                         const ContractReach& reach, DisputeId id, Instant now) {
  ASSIGN_OR_RETURN(const Dispute dispute, FindDisputeAt(tx, reach, id, now));
  return DisputeMessage(payer, dispute, MemberNames::Load(tx, payer, {dispute.entry.member_id}),
                        now);
}

StatusOr<std::vector<performance::Evidence>> ReadEvidence(
    const std::string& field, const google::protobuf::RepeatedPtrField<v1::Evidence>& evidence) {
  std::vector<performance::Evidence> read;
  for (const v1::Evidence& piece : evidence) {
    const std::string at = fmt::format("{}[{}]", field, read.size());
    const StatusOr<Digest> sha256 = ReadDigest(at + ".sha256", piece.sha256());
    if (!sha256.ok()) {
      return WrongFields({{at + ".sha256", "is the document's SHA-256 in 64 hexadecimal digits"}});
    }
    read.push_back({.kind = piece.kind(), .reference = piece.reference(), .sha256 = *sha256});
  }
  return read;
}

}  // namespace sluice::api
