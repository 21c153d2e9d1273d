#include "performance/contracts/opened_contract.h"

#include <algorithm>

#include "performance/contracts/contract_store.h"

namespace sluice::performance {

ContractState ContractService::Opened::StateOf(std::int32_t version) const {
  ContractState state = ContractState::kNone;
  for (const ContractMove& move : moves) {
    if (move.version == version) state = move.to;
  }
  return state;
}

StatusOr<const ContractVersion*> ContractService::Opened::Find(std::int32_t version) const {
  if (versions.empty()) {
    return NotFound("contract {} has no life cycle; its terms were added directly", contract.id);
  }
  if (version == 0) return &versions.back();
  const auto found = std::ranges::find(versions, version, &ContractVersion::version);
  if (found != versions.end()) return &*found;
  return NotFound("contract {} has no version {}; it has 1 to {}", contract.id, version,
                  versions.back().version);
}

const ContractVersion* ContractService::Opened::Active() const {
  for (const ContractVersion& version : versions) {
    if (StateOf(version.version) == ContractState::kActive) return &version;
  }
  return nullptr;
}

std::vector<UserId> ContractService::Opened::AuthorsOf(std::int32_t version) const {
  std::int32_t settled = 0;  // the last version before it that was active
  for (const ContractMove& move : moves) {
    if (move.version < version && move.to == ContractState::kActive) {
      settled = std::max(settled, move.version);
    }
  }
  std::vector<UserId> authors;
  for (const ContractVersion& v : versions) {
    if (v.version > settled && v.version <= version) authors.push_back(v.author);
  }
  return authors;
}

std::int32_t ContractService::Opened::RoundOf(std::int32_t version) const {
  std::int32_t round = 0;
  for (const ContractMove& move : moves) {
    if (move.version == version && move.to == ContractState::kReview) round = move.number;
  }
  return round;
}

Status ContractService::Opened::Move(pg::Transaction& tx, ContractMove move) {
  if (move.reason.empty()) {
    return InvalidArgument("a move of a contract needs a reason; say why");
  }
  move.from = StateOf(move.version);
  RETURN_IF_ERROR(Annotate(CheckMove(move.from, move.to),
                           fmt::format("contract {}, version {}", contract.id, move.version)));
  move.number = moves.empty() ? 1 : moves.back().number + 1;
  InsertMove(tx, contract.id, move);
  moves.push_back(std::move(move));
  return OkStatus();
}

}  // namespace sluice::performance
