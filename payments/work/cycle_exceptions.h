// The lines and payees of a calculated run that a person looks at before it is submitted.
//
//   1. Everything that is not paid is in the list, and so is everything that is owed by a payee or
//      was overridden by people.
//   2. An entry names the line or the payee, the amount, the rule and what to do. What it takes to
//      settle it is in `payments/`: CycleService::ReleaseLine, payee and account services, or a new
//      version of the award.
// Source: LEDGER_RELIABILITY_SECURITY 5.1, PRODUCT Q02, M16.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/line_holds.h"
#include "payments/obligation_store.h"

namespace sluice::payments {

enum class CycleExceptionKind : std::uint8_t {
  kHeld,        // by a person, compliance or onboarding
  kOverCap,     // the line, or the payment above the limit of its rail
  kDuplicate,   // the same member, activity and period in another contract
  kNegative,    // owed by the payee
  kNoPayee,     // nobody is enrolled for the share
  kNoTaxForm,   // no W-9
  kNoAccount,   // no bank account that may be paid
  kSmall,       // below the minimum payment
  kOverridden,  // people put another amount in the place of the calculated one
};
inline constexpr int kCycleExceptionKinds = 9;
// "over cap".
std::string_view CycleExceptionName(CycleExceptionKind kind);

struct CycleException {
  CycleExceptionKind kind{};
  std::optional<ObligationId> line;  // else it is of the payee, or of an award
  std::optional<PayeeId> payee;
  std::string name;  // of the payee, the party or the contract
  Money amount;      // not paid, owed, or paid in the place of what was calculated
  HoldReason hold = HoldReason::kNone;
  std::string what;
  std::string to_do;
};

struct ExceptionTotal {
  std::int64_t count = 0;
  Money amount;
};
std::map<CycleExceptionKind, ExceptionTotal> TotalsOf(std::span<const CycleException> exceptions);

// What the pure part needs to know.
struct ExceptionFacts {
  std::map<ObligationId, ObligationRow> lines;  // of the plan
  std::map<ObligationId, LineHold> line_holds;  // with their notes
  std::map<PayeeId, std::string> names;         // of the payees
  Date next_offset{};                           // nothing is taken for what is owed before it
};
// Of the plan: by kind, then by amount from the largest, then by line and payee.
std::vector<CycleException> ExceptionsOf(const RunPlan& plan, const ExceptionFacts& facts);

// Of the newest revision of a run, with the overrides behind its awards. NotFound when there is no
// such run; FailedPrecondition when it was not calculated yet.
StatusOr<std::vector<CycleException>> ListExceptions(const pg::Database& database,
                                                     const ProgramPayments& program, RunId run,
                                                     Instant now);

}  // namespace sluice::payments
