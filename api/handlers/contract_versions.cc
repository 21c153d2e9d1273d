// sluice.performance.v1.ContractService: the life of a version, from its submission to its end.
// Each is one guarded move, answered with the version as it stands afterward.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/contract_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "hierarchy/hierarchy_service.h"
#include "payments/pool_funding.h"
#include "performance/contracts/contract_service.h"
#include "performance/contracts/contract_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::ContractFile;
using performance::ContractService;
using performance::ContractState;

// One call of the use case, about the version that was locked.
using VersionWork = std::function<Status(ContractService&, const VersionPlace&)>;

struct VersionCall {
  std::string name;
  std::string etag;
  std::string reason;  // for the audit log; may be empty
  bool validate_only = false;
  // The state that the version must be in, where the use case would take others, too.
  std::optional<ContractState> only_from = std::nullopt;
};

StatusOr<v1::ContractVersion> ChangeVersion(Call& call, const VersionCall& asked,
                                            const VersionWork& work) {
  ASSIGN_OR_RETURN(const VersionPlace place, VersionPlaceOf(asked.name));
  return call.Change<v1::ContractVersion>(
      {.before = [&](pg::Transaction& tx) -> StatusOr<v1::ContractVersion> {
         performance::LockContract(tx, place.contract);
         ASSIGN_OR_RETURN(const ContractFile file, LoadFileFor(tx, call, place));
         if (asked.only_from && file.state != *asked.only_from) {
           return FailedPrecondition("version {} of contract {} is {}, and not in {}",
                                     file.version.version, place.contract,
                                     performance::StateName(file.state),
                                     performance::StateName(*asked.only_from));
         }
         return VersionMessage(call.Payer(), file);
       },
       .work = [&](const pg::Database& database) -> Status {
         payments::PoolFunding funding;
         ContractService contracts(database, call.Payer(), call.Clock(), call.Ids(), funding);
         return work(contracts, place);
       },
       .after = [&](pg::Transaction& tx) { return LoadVersionMessage(tx, call, place); },
       .etag = asked.etag,
       .validate_only = asked.validate_only,
       .reason = asked.reason});
}

StatusOr<v1::ContractVersion> SubmitContract(Call& call, const v1::SubmitContractRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  std::vector<UserId> approvers;
  for (int i = 0; i < request.approvers_size(); ++i) {
    ASSIGN_OR_RETURN(approvers.emplace_back(),
                     ReadReference<UserTag>(call, fmt::format("approvers[{}]", i),
                                            request.approvers(i), "users"));
  }
  return ChangeVersion(call,
                       {.name = request.name(), .etag = request.etag(), .reason = request.reason()},
                       [&](ContractService& contracts, const VersionPlace& place) {
                         return contracts.Submit(place.contract, place.version, call.User(),
                                                 request.reason(), approvers);
                       });
}

StatusOr<v1::ContractVersion> ApproveContract(Call& call,
                                              const v1::ApproveContractRequest& request) {
  if (!call.Actor().human) return PermissionDenied("a service approves nothing");
  ASSIGN_OR_RETURN(const Digest seen, ReadDigest("seen_sha256", request.seen_sha256()));
  return ChangeVersion(
      call, {.name = request.name(), .etag = request.etag(), .reason = request.comment()},
      [&](ContractService& contracts, const VersionPlace& place) {
        return contracts
            .Approve({.contract = place.contract,
                      .version = place.version,
                      .actor = call.User(),
                      .seen = seen,
                      .comment = request.comment(),
                      .incentive_plan = std::nullopt})
            .status();
      });
}

StatusOr<v1::ContractVersion> ReturnContract(Call& call, const v1::ReturnContractRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return ChangeVersion(call,
                       {.name = request.name(),
                        .etag = request.etag(),
                        .reason = request.reason(),
                        .only_from = ContractState::kReview},
                       [&](ContractService& contracts, const VersionPlace& place) {
                         return contracts.Move({.contract = place.contract,
                                                .version = place.version,
                                                .to = ContractState::kDraft,
                                                .actor = call.User(),
                                                .reason = request.reason(),
                                                .effective_on = std::nullopt});
                       });
}

StatusOr<v1::ContractVersion> SignContract(Call& call, const v1::SignContractRequest& request) {
  ASSIGN_OR_RETURN(const Digest seen, ReadDigest("seen_sha256", request.seen_sha256()));
  if (!v1::ContractSide_IsValid(request.side())) {
    return WrongFields({{"side", "is none of the sides of a contract"}});
  }
  return ChangeVersion(call, {.name = request.name(), .etag = request.etag(), .reason = ""},
                       [&](ContractService& contracts, const VersionPlace& place) {
                         return contracts
                             .Sign({.contract = place.contract,
                                    .version = place.version,
                                    .side = static_cast<performance::ContractSide>(request.side()),
                                    .signer = call.User(),
                                    .name = request.signer_name(),
                                    .title = request.signer_title(),
                                    .seen = seen})
                             .status();
                       });
}

// The parties on the first day of the version.
StatusOr<hierarchy::HierarchySnapshot> HierarchyOf(Call& call, const VersionPlace& place) {
  ASSIGN_OR_RETURN(const ContractFile file,
                   call.Read([&](pg::Transaction& tx) { return LoadFileFor(tx, call, place); }));
  const hierarchy::HierarchyService service(call.Reading(), call.Clock());
  return service.Snapshot(call.Payer(),
                          {.day = file.version.effective.from, .known_at = std::nullopt});
}

StatusOr<v1::CheckContractReadinessResponse> CheckContractReadiness(
    Call& call, const v1::CheckContractReadinessRequest& request) {
  ASSIGN_OR_RETURN(const VersionPlace place, VersionPlaceOf(request.name()));
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot hierarchy, HierarchyOf(call, place));
  payments::PoolFunding funding;
  ContractService contracts(call.Reading(), call.Payer(), call.Clock(), call.Ids(), funding);
  ASSIGN_OR_RETURN(const std::vector<performance::ReadinessFinding> missing,
                   contracts.Readiness(place.contract, place.version, hierarchy));
  v1::CheckContractReadinessResponse response;
  for (const performance::ReadinessFinding& finding : missing) {
    v1::ReadinessFinding& added = *response.add_findings();
    added.set_problem(std::string(performance::ProblemName(finding.problem)));
    added.set_detail(finding.message);
  }
  return response;
}

StatusOr<v1::ContractVersion> ActivateContract(Call& call,
                                               const v1::ActivateContractRequest& request) {
  if (!call.Actor().human) return PermissionDenied("a service approves nothing");
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const VersionPlace asked, VersionPlaceOf(request.name()));
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot hierarchy, HierarchyOf(call, asked));
  return ChangeVersion(call,
                       {.name = request.name(),
                        .etag = request.etag(),
                        .reason = request.reason(),
                        .validate_only = request.validate_only()},
                       [&](ContractService& contracts, const VersionPlace& place) {
                         return contracts.Activate(place.contract, place.version, call.User(),
                                                   request.reason(), hierarchy);
                       });
}

StatusOr<v1::ContractVersion> MoveContract(Call& call, const v1::MoveContractRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  if (!v1::ContractState_IsValid(request.to())) {
    return WrongFields({{"to", "is none of the states of a contract"}});
  }
  std::optional<Date> effective_on;
  if (request.has_effective_on()) {
    ASSIGN_OR_RETURN(effective_on, ReadDate("effective_on", request.effective_on()));
  }
  return ChangeVersion(
      call, {.name = request.name(), .etag = request.etag(), .reason = request.reason()},
      [&](ContractService& contracts, const VersionPlace& place) {
        return contracts.Move({.contract = place.contract,
                               .version = place.version,
                               .to = static_cast<ContractState>(static_cast<int>(request.to())),
                               .actor = call.User(),
                               .reason = request.reason(),
                               .effective_on = effective_on});
      });
}

}  // namespace

void ServeContractVersions(Methods& methods) {
  const std::string service = "sluice.performance.v1.ContractService.";
  methods.Serve<v1::SubmitContractRequest, v1::ContractVersion>(service + "SubmitContract",
                                                                SubmitContract);
  methods.Serve<v1::ApproveContractRequest, v1::ContractVersion>(service + "ApproveContract",
                                                                 ApproveContract);
  methods.Serve<v1::ReturnContractRequest, v1::ContractVersion>(service + "ReturnContract",
                                                                ReturnContract);
  methods.Serve<v1::SignContractRequest, v1::ContractVersion>(service + "SignContract",
                                                              SignContract);
  methods.Serve<v1::CheckContractReadinessRequest, v1::CheckContractReadinessResponse>(
      service + "CheckContractReadiness", CheckContractReadiness);
  methods.Serve<v1::ActivateContractRequest, v1::ContractVersion>(service + "ActivateContract",
                                                                  ActivateContract);
  methods.Serve<v1::MoveContractRequest, v1::ContractVersion>(service + "MoveContract",
                                                              MoveContract);
}

}  // namespace sluice::api
