// A payee's bank account as the payer's staff see it: versions, states, last four digits.
//
// The number itself is not here: it is sealed in the vault (bank_account_vault.h). Each change is a
// new version. A version is paid only while it is ACTIVE, and at most one version of a payee is
// ACTIVE; the one before it becomes SUPERSEDED at the same instant. A version is approved only with
// a proof (enrollment/account_proof.h); the table refuses the rest.
// Source: LEDGER_RELIABILITY_SECURITY 8.1 and 8.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "payments/ledger/account.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

// The numbers are stored; they never change.
enum class BankAccountState : std::int16_t {
  kSubmitted = 0,
  kValidating = 1,  // prenote or micro-entries are out
  kApproved = 2,    // validated and approved by a second person; waits for its date
  kActive = 3,
  kSuspended = 4,  // stopped by a person; never paid
  kSuperseded = 5,
  kRejected = 6,
};
inline constexpr int kBankAccountStateCount = 7;

enum class BankAccountCommand : std::int16_t {
  kStartValidation = 0,
  kApprove = 1,
  kActivate = 2,
  kSuspend = 3,
  kReject = 4,
  kSupersede = 5,
};
inline constexpr int kBankAccountCommandCount = 6;

// One version of one account.
struct BankAccount {
  BankAccountId id;
  std::int32_t version = 1;
  PayeeId payee;
  BankAccountState state = BankAccountState::kSubmitted;
  AccountOwnership ownership = AccountOwnership::kBusiness;
  AccountKind kind = AccountKind::kChecking;
  std::string last4;
  Date effective_from{};
  UserId submitted_by;
  Instant recorded_at;
  std::string institution_name;  // by the directory; empty without one
  std::string holder_name;       // whose account it is
  bool is_first = false;         // the payee had no account when it was submitted
  std::int32_t risk_score = 0;   // enrollment/account_risk.h
  std::string risk_reasons;
  bool needs_second = true;              // another person than who submitted it approves it
  std::optional<std::int32_t> proof_no;  // what proves it; none: it is not proved
  std::optional<Date> hold_until;        // a change that was approved is used from here
};

std::string_view BankAccountStateName(BankAccountState state);

// The state after `command`; FailedPrecondition when the move does not exist.
StatusOr<BankAccountState> ApplyBankAccountCommand(BankAccountState from,
                                                   BankAccountCommand command);

// The second person rule: who submitted a version neither approves nor activates it, unless it is a
// first account of low risk.
Status CheckBankAccountApprover(const BankAccount& account, UserId approver);

}  // namespace sluice::payments
