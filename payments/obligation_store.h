// Rows of collected awards, obligations, and the content of run revisions. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/obligation.h"
#include "payments/payee.h"
#include "payments/run_digest.h"
#include "payments/run_plan.h"

namespace sluice::payments {

// An obligation as stored.
struct ObligationRow {
  ObligationId id;
  CycleId cycle;
  AwardId award;
  std::int32_t award_version = 0;
  ObligationComponent component{};
  std::int32_t position = 0;
  ContractId contract;
  std::int32_t performance_year = 0;
  ShareOwner owner;
  std::optional<PayeeId> payee;
  Money amount;
  // Taken from it when it is recognized; of an amount that is owed, negative: what the reserve
  // gives back of it.
  Money withhold;
  Bytes split_steps;
  ObligationState state{};
  bool recognized = false;
  // Whose it is without any preference, where a preference gave it to another payee.
  std::optional<PayeeId> routed_from = std::nullopt;
};

// What the obligation takes out of its payee's reserve when it is posted.
inline Money PromisedOfReserve(const ObligationRow& row) {
  if (row.component == ObligationComponent::kWithholdRelease) return row.amount;
  return row.withhold < Money{} ? -row.withhold : Money{};
}

// A payee's reserve of a performance year.
struct ReserveKey {
  PayeeId payee;
  std::int32_t performance_year = 0;
  friend auto operator<=>(const ReserveKey&, const ReserveKey&) = default;
};
// What obligations of the book that are not posted yet will take out of the reserves.
std::map<ReserveKey, Money> LoadPromisedReserves(pg::Transaction& tx, BookId book);

struct CollectedVersion {
  AwardId award;
  std::int32_t version = 0;
  Digest hash{};
};

void InsertCollectedAwards(pg::Transaction& tx, const Cycle& cycle,
                           std::span<const AwardToPay> awards, std::span<const Money> accrued,
                           Instant at);
// The versions of these awards that this book has collected, by award and version.
std::vector<CollectedVersion> LoadCollectedVersions(pg::Transaction& tx, BookId book,
                                                    std::span<const AwardId> awards);

void InsertObligations(pg::Transaction& tx, BookId book, std::span<const ObligationRow> rows,
                       Instant at);
// Locks them, by id.
std::vector<ObligationRow> LockObligationsOfAwards(pg::Transaction& tx, BookId book,
                                                   std::span<const AwardId> awards);
// What a run may take up: not recognized or held, in no other run that is under way, by id.
std::vector<ObligationRow> LockOpenObligations(pg::Transaction& tx, BookId book, RunId run);
std::vector<ObligationRow> LockObligations(pg::Transaction& tx, BookId book,
                                           std::span<const ObligationId> ids);
std::vector<ObligationRow> LoadObligations(pg::Transaction& tx, BookId book,
                                           std::span<const ObligationId> ids);

struct ObligationMove {
  ObligationId id;
  ObligationState from{};
  ObligationState to{};
  std::optional<PayeeId> payee;
  bool recognized = false;
  std::optional<PayeeId> routed_from = std::nullopt;  // none: as it was
};
// FailedPrecondition when one of them is not in its `from` state any more.
Status MoveObligations(pg::Transaction& tx, BookId book, std::span<const ObligationMove> moves);

// What other runs that are under way will take from a payee's receivable.
std::map<PayeeId, Money> LoadPromisedOffsets(pg::Transaction& tx, BookId book, RunId run);

// What was offset, and withheld for the tax authority, on payments of these obligations that came
// back or were voided, by payee. It stands; only what was sent is owed again.
struct TakenBefore {
  Money offset;
  Money tax;
};
std::map<PayeeId, TakenBefore> LoadTakenBefore(pg::Transaction& tx, BookId book,
                                               std::span<const ObligationId> obligations);

void InsertPlan(pg::Transaction& tx, const Run& run, const RunPlan& plan);
RunPlan LoadPlan(pg::Transaction& tx, const Run& run);
// The part of the plan that is about these payees.
RunPlan LoadPlanOf(pg::Transaction& tx, const Run& run, std::span<const PayeeId> payees);
// These payees of the plan, by payee.
std::vector<RunPayee> LoadRunPayees(pg::Transaction& tx, const Run& run,
                                    std::span<const PayeeId> payees);
std::vector<DigestAward> LoadDigestAwards(pg::Transaction& tx, const Run& run);

// How an award version is explained on statements.
struct CollectedAward {
  AwardId award;
  std::int32_t version = 0;
  ContractId contract;
  std::string stream;
  LineKind line_kind{};
  std::string contract_name, holder_name, program_name, period_text;
  std::int32_t performance_year = 0;
  Money award_amount;
  Money withheld;
  std::string zero_reason;
  std::vector<ExplanationStep> steps;
};
std::vector<CollectedAward> LoadCollectedAwards(pg::Transaction& tx, BookId book,
                                                std::span<const AwardId> awards);
// All of a cycle, latest version of each award, by award; without the steps.
std::vector<CollectedAward> LoadAwardsOfCycle(pg::Transaction& tx, BookId book, CycleId cycle);

}  // namespace sluice::payments
