#include "payments/bank_account.h"

#include <array>

#include "core/check.h"

namespace sluice::payments {
namespace {

using enum BankAccountState;
using C = BankAccountCommand;

struct Transition {
  BankAccountState from;
  BankAccountCommand command;
  BankAccountState to;
};

constexpr std::array kTransitions = {
    Transition{kSubmitted, C::kStartValidation, kValidating},
    Transition{kSubmitted, C::kReject, kRejected},
    Transition{kValidating, C::kApprove, kApproved},
    Transition{kValidating, C::kReject, kRejected},
    Transition{kApproved, C::kActivate, kActive},
    Transition{kApproved, C::kReject, kRejected},
    Transition{kActive, C::kSuspend, kSuspended},
    Transition{kActive, C::kSupersede, kSuperseded},
    // A stopped account is used again only after it was validated again.
    Transition{kSuspended, C::kStartValidation, kValidating},
    Transition{kSuspended, C::kReject, kRejected},
};

constexpr std::array<std::string_view, kBankAccountStateCount> kStateNames = {
    "SUBMITTED", "VALIDATING", "APPROVED", "ACTIVE", "SUSPENDED", "SUPERSEDED", "REJECTED"};

constexpr std::array<std::string_view, kBankAccountCommandCount> kCommandNames = {
    "start validation of", "approve", "activate", "suspend", "reject", "supersede"};

}  // namespace

std::string_view BankAccountStateName(BankAccountState state) {
  const auto index = static_cast<std::size_t>(state);
  CHECK(index < kStateNames.size());
  return kStateNames[index];
}

StatusOr<BankAccountState> ApplyBankAccountCommand(BankAccountState from,
                                                   BankAccountCommand command) {
  for (const Transition& row : kTransitions) {
    if (row.from == from && row.command == command) return row.to;
  }
  return FailedPrecondition("cannot {} a bank account that is {}",
                            kCommandNames[static_cast<std::size_t>(command)],
                            BankAccountStateName(from));
}

Status CheckBankAccountApprover(const BankAccount& account, UserId approver) {
  if (account.needs_second && approver == account.submitted_by) {
    return PermissionDenied(
        "{} submitted version {} of bank account {}: another person must approve it", approver,
        account.version, account.id);
  }
  return OkStatus();
}

}  // namespace sluice::payments
