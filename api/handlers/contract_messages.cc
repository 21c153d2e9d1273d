#include "api/handlers/contract_messages.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string_view>

#include "api/access/decision.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "core/bytes.h"
#include "core/check.h"
#include "performance/contracts/contract_service.h"
#include "performance/terms_codec.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::ContractFile;
using performance::ContractMove;
using performance::ContractState;

v1::ContractState StateMessage(ContractState state) {
  return static_cast<v1::ContractState>(static_cast<int>(state));
}

// Rule 1.
std::set<std::int32_t> ApprovedOnce(const std::vector<ContractMove>& moves) {
  std::set<std::int32_t> versions;
  for (const ContractMove& move : moves) {
    if (move.to == ContractState::kApproved) versions.insert(move.version);
  }
  return versions;
}

bool SeesAll(const Call& call) { return !call.WhichParties().has_value(); }

void SetMove(v1::ContractMove& to, PayerId payer, const ContractMove& move) {
  to.set_from(StateMessage(move.from));
  to.set_to(StateMessage(move.to));
  Set(*to.mutable_effective_on(), move.effective_on);
  to.set_actor(UserName(payer, move.actor));
  to.set_reason(move.reason);
  Set(*to.mutable_record_time(), move.at);
}

void SetApproval(v1::ContractVersion& to, PayerId payer, const performance::ApprovalRound& round) {
  for (const UserId approver : round.approvers) to.add_approvers(UserName(payer, approver));
  for (const performance::ContractApproval& approval : round.approvals) {
    v1::ContractApproval& added = *to.add_approvals();
    added.set_step(approval.step);
    added.set_approver(UserName(payer, approval.approver));
    added.set_approved_by(UserName(payer, approval.approved_by));
    added.set_terms_sha256(ToHex(approval.sha256));
    added.set_comment(approval.comment);
    added.set_warnings(approval.warnings);
    Set(*added.mutable_record_time(), approval.at);
  }
}

void SetSignature(v1::ContractSignature& to, PayerId payer,
                  const performance::ContractSignature& signature) {
  to.set_side(static_cast<v1::ContractSide>(signature.side));
  to.set_signer(UserName(payer, signature.signer));
  to.set_signer_name(signature.name);
  to.set_signer_title(signature.title);
  to.set_terms_sha256(ToHex(signature.terms_sha256));
  to.set_record_sha256(ToHex(signature.record_sha256));
  Set(*to.mutable_record_time(), signature.at);
}

// The values that were filled in, "name=value" a line.
void SetTemplateUse(v1::TemplateUse& to, PayerId payer, const performance::ContractVersion& from) {
  to.set_template_(fmt::format("payers/{}/contractTemplates/{}", payer, from.made_from.id));
  to.set_version(from.made_from.version);
  std::string_view rest = from.parameters;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) {
      (*to.mutable_values())[std::string(line.substr(0, equals))] = line.substr(equals + 1);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace

StatusOr<VersionPlace> VersionPlaceOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  VersionPlace place;
  ASSIGN_OR_RETURN(place.contract, path.Get<ContractTag>("contracts"));
  const std::string_view text = std::string_view(name).substr(name.rfind('/') + 1);
  if (text == "latest") return place;
  const auto [rest, fault] = std::from_chars(text.data(), text.data() + text.size(), place.version);
  if (fault == std::errc() && rest == text.data() + text.size() && place.version > 0) return place;
  return WrongFields({{"name", "ends in versions/ and a number from 1, or versions/latest"}});
}

std::string ContractEtag(ContractId contract, const std::vector<ContractMove>& moves) {
  return fmt::format("\"{}-{}\"", contract, moves.empty() ? 0 : moves.back().number);
}

v1::Contract ContractMessage(const Call& call, const ContractRow& row) {
  const performance::Contract& contract = row.contract;
  v1::Contract to;
  to.set_name(ContractNameOf(call.Payer(), contract.id));
  to.set_program(ProgramNameOf(call.Payer(), contract.program));
  to.set_party(PartyName(call.Payer(), contract.party));
  SetDays(*to.mutable_effective(), contract.effective);
  std::map<std::int32_t, ContractState> states;
  for (const ContractMove& move : row.moves) states[move.version] = move.to;
  const std::set<std::int32_t> approved = ApprovedOnce(row.moves);
  for (auto version = row.versions.rbegin(); version != row.versions.rend(); ++version) {
    if (!SeesAll(call) && !approved.contains(version->version)) continue;
    v1::ContractVersionSummary& added = *to.add_versions();
    added.set_version(version->version);
    added.set_state(StateMessage(states[version->version]));
    added.set_author(UserName(call.Payer(), version->author));
    added.set_comment(version->comment);
    Set(*added.mutable_record_time(), version->recorded_at);
    if (states[version->version] == ContractState::kActive) {
      to.set_active_version(version->version);
    }
  }
  to.set_etag(ContractEtag(contract.id, row.moves));
  return to;
}

StatusOr<v1::Contract> LoadContractMessage(pg::Transaction& tx, const Call& call,
                                           ContractId contract) {
  ASSIGN_OR_RETURN(const performance::Contract found, FindContractFor(tx, call, contract));
  const ContractRow row = LoadContractRow(tx, found);
  if (!SeesAll(call) && !row.versions.empty() && ApprovedOnce(row.moves).empty()) {
    return PermissionDenied("{}", kDeniedText);
  }
  return ContractMessage(call, row);
}

StatusOr<std::vector<ContractFile>> LoadFilesFor(pg::Transaction& tx, const Call& call,
                                                 ContractId contract) {
  RETURN_IF_ERROR(FindContractFor(tx, call, contract).status());
  ASSIGN_OR_RETURN(std::vector<ContractFile> files,
                   performance::ContractService::HistoryIn(tx, contract));
  if (files.empty()) {
    return NotFound("contract {} has no life cycle; its terms were added directly", contract);
  }
  if (!SeesAll(call)) {
    std::erase_if(files, [](const ContractFile& file) { return ApprovedOnce(file.moves).empty(); });
    if (files.empty()) return PermissionDenied("{}", kDeniedText);
  }
  return files;
}

StatusOr<ContractFile> LoadFileFor(pg::Transaction& tx, const Call& call,
                                   const VersionPlace& place) {
  ASSIGN_OR_RETURN(std::vector<ContractFile> files, LoadFilesFor(tx, call, place.contract));
  if (place.version == 0) return std::move(files.back());
  for (ContractFile& file : files) {
    if (file.version.version == place.version) return std::move(file);
  }
  if (!SeesAll(call)) return PermissionDenied("{}", kDeniedText);
  return NotFound("contract {} has no version {}; it has 1 to {}", place.contract, place.version,
                  files.back().version.version);
}

v1::ContractVersion VersionMessage(PayerId payer, const ContractFile& file) {
  const performance::ContractVersion& version = file.version;
  v1::ContractVersion to;
  to.set_name(
      fmt::format("{}/versions/{}", ContractNameOf(payer, version.contract), version.version));
  to.set_version(version.version);
  SetDays(*to.mutable_effective(), version.effective);
  *to.mutable_terms() = TermsMessage(version.terms);
  to.set_terms_sha256(ToHex(version.sha256));
  to.set_state(StateMessage(file.state));
  if (version.made_from.id != performance::TemplateId()) {
    SetTemplateUse(*to.mutable_made_from(), payer, version);
  }
  to.set_author(UserName(payer, version.author));
  to.set_comment(version.comment);
  Set(*to.mutable_record_time(), version.recorded_at);
  for (const ContractMove& move : file.moves) SetMove(*to.add_moves(), payer, move);
  if (file.approval) SetApproval(to, payer, *file.approval);
  for (const performance::ContractSignature& signature : file.signatures) {
    SetSignature(*to.add_signatures(), payer, signature);
  }
  to.set_etag(fmt::format("\"{}-{}-{}.{}.{}\"", version.contract, version.version,
                          file.moves.empty() ? 0 : file.moves.back().number, to.approvals_size(),
                          to.signatures_size()));
  return to;
}

StatusOr<v1::ContractVersion> LoadVersionMessage(pg::Transaction& tx, const Call& call,
                                                 const VersionPlace& place) {
  ASSIGN_OR_RETURN(const ContractFile file, LoadFileFor(tx, call, place));
  return VersionMessage(call.Payer(), file);
}

v1::Terms TermsMessage(const performance::Terms& terms) {
  const Bytes bytes = performance::EncodeTerms(terms);
  v1::Terms message;
  CHECK(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  return message;
}

StatusOr<performance::Terms> ReadTermsMessage(const v1::Terms& terms) {
  return performance::ReadTerms(AsBytes(terms.SerializeAsString()));
}

}  // namespace sluice::api
