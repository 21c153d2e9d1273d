#include <algorithm>

#include "performance/program_store.h"
#include "performance/savings/recalibration.h"
#include "performance/savings/recalibration_store.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

std::string_view NameOf(AcknowledgingSide side) {
  return side == AcknowledgingSide::kPayer ? "payer" : "provider";
}

struct Inputs {
  Terms terms;
  Facts facts;
};

StatusOr<Inputs> LoadInputs(pg::Transaction& tx, ContractId contract, const DateRange& period,
                            Instant known_at) {
  const std::vector<ContractId> ids = {contract};
  const std::vector<TermsRow> rows = TermsOn(tx, ids, period.from, known_at);
  if (rows.empty() || rows.front().state != TermsState::kInForce) {
    return FailedPrecondition("contract {} has no terms in force on {}", contract,
                              FormatDate(period.from));
  }
  Inputs inputs;
  ASSIGN_OR_RETURN(inputs.terms, DecodeTerms(rows.front().content));
  ASSIGN_OR_RETURN(auto facts, LoadFacts(tx, ids, period, known_at));
  inputs.facts = std::move(facts[contract].own);
  return inputs;
}

StatusOr<Recalibration> Need(pg::Transaction& tx, ContractId contract, std::int64_t id) {
  ASSIGN_OR_RETURN(std::optional<Recalibration> found, FindRecalibration(tx, contract, id));
  if (!found) return NotFound("contract {} has no recalibration {}", contract, id);
  return *std::move(found);
}

Status CheckAcknowledged(const std::vector<Acknowledgment>& given) {
  for (const AcknowledgingSide side : {AcknowledgingSide::kPayer, AcknowledgingSide::kProvider}) {
    const bool found = std::any_of(given.begin(), given.end(),
                                   [&](const Acknowledgment& a) { return a.side == side; });
    if (!found) {
      return FailedPrecondition("the {} has not acknowledged the statement", NameOf(side));
    }
  }
  return OkStatus();
}

}  // namespace

StatusOr<Recalibration> RecalibrationService::Propose(const Proposal& proposal) {
  if (!proposal.dates.period.to || proposal.dates.period.IsEmpty()) {
    return InvalidArgument("a recalibration needs a closed period");
  }
  const Instant now = clock_.Now();
  Recalibration row{.id = ids_.NextValue(),
                    .contract = proposal.contract,
                    .period = proposal.dates.period,
                    .before = proposal.before,
                    .after = proposal.after,
                    .restated = proposal.restated,
                    .known_at = now};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<Recalibration> {
    ASSIGN_OR_RETURN(const Inputs inputs,
                     LoadInputs(tx, proposal.contract, proposal.dates.period, now));
    ASSIGN_OR_RETURN(const EffectStatement effect,
                     DescribeRecalibration(proposal.before, proposal.after, inputs.terms,
                                           inputs.facts, proposal.restated, proposal.dates));
    row.statement = effect.text;
    row.statement_sha256 = effect.Hash();
    InsertRecalibration(tx, row, now);
    return row;
  });
}

Status RecalibrationService::Acknowledge(ContractId contract, std::int64_t recalibration,
                                         AcknowledgingSide side, const std::string& actor,
                                         const Digest& statement_sha256) {
  if (actor.empty()) return InvalidArgument("an acknowledgment names who gives it");
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(const Recalibration row, Need(tx, contract, recalibration));
    if (row.statement_sha256 != statement_sha256) {
      return InvalidArgument("the digest is of another statement; read this one again");
    }
    for (const Acknowledgment& given : AcknowledgmentsOf(tx, contract, recalibration)) {
      if (given.side == side) return OkStatus();
    }
    InsertAcknowledgment(
        tx, contract, recalibration,
        {.side = side, .actor = actor, .statement_sha256 = statement_sha256, .recorded_at = now});
    return OkStatus();
  });
}

Status RecalibrationService::Apply(ContractId contract, std::int64_t recalibration) {
  const Instant now = clock_.Now();
  const std::int64_t batch = ids_.NextValue();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(const Recalibration row, Need(tx, contract, recalibration));
    if (FindApplication(tx, contract, recalibration)) return OkStatus();
    RETURN_IF_ERROR(CheckAcknowledged(AcknowledgmentsOf(tx, contract, recalibration)));
    ASSIGN_OR_RETURN(const Inputs then, LoadInputs(tx, contract, row.period, row.known_at));
    ASSIGN_OR_RETURN(const Inputs present, LoadInputs(tx, contract, row.period, now));
    if (then.facts != present.facts || then.terms != present.terms) {
      return FailedPrecondition(
          "facts or terms of {} changed after the statement was made; make a new one",
          row.period.ToString());
    }
    const std::vector<FactSet> sets = {
        {.contract = contract, .period = row.period, .facts = row.restated}};
    const std::int64_t count = InsertFacts(tx, sets, now, batch, "risk model " + row.after.name);
    InsertApplication(tx, contract, recalibration, static_cast<std::int32_t>(count), now);
    return OkStatus();
  });
}

StatusOr<std::string> RecalibrationService::Statement(ContractId contract,
                                                      std::int64_t recalibration) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Recalibration row, Need(tx, contract, recalibration));
    std::string text = row.statement;
    for (const Acknowledgment& given : AcknowledgmentsOf(tx, contract, recalibration)) {
      text += fmt::format("acknowledged by the {}: {}, {}\n", NameOf(given.side), given.actor,
                          given.recorded_at.ToString());
    }
    const std::optional<Instant> applied = FindApplication(tx, contract, recalibration);
    text += applied ? fmt::format("counts since {}\n", applied->ToString())
                    : std::string("does not count yet\n");
    return text;
  });
}

}  // namespace sluice::performance
