// What a person says a line of a bank statement is: one thing or several that add up to it. Pure.
//
//   1. The parts are above zero and add up to the line. Each is open, of the line's direction, and
//      there once. A file may be settled in part; a check, a return and another line only whole.
//   2. A line that says a check was paid is never a payment file.
//   3. Parts that settle what was approved before (files, checks, returns, a line against a line)
//      take one person. Parts that move the money of a pool or a payee take two.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "payments/inbound/bank_match.h"

namespace sluice::payments {

// The name that people give a kind: "file", "return", "check", "line", "fee", "interest", "refund",
// "overpaid", "pool". Empty for kinds that are no part of a split.
std::string_view SplitKindName(BankTargetKind kind);
// The reverse. InvalidArgument lists the names.
StatusOr<BankTargetKind> SplitKindOf(std::string_view name);

// A part as a person gives it. The reference: of a file its name, of a return its payment key, of a
// check its number, of a line its id, of fee, interest and pool a pool's name, of refund and
// overpaid a payee's id.
struct SplitPart {
  BankTargetKind kind{};
  std::string reference;
  Money amount;
};

// What a part's reference stands for, when it is open.
struct SplitTarget {
  std::int64_t id = 0;
  BankDirection direction = BankDirection::kNone;  // of lines that it takes; none: either
  std::optional<Money> open;                       // none: any amount
  bool whole = false;                              // only all of it
};

bool TakesTwoPeople(std::span<const SplitPart> parts);

// Ok, or InvalidArgument with the rule and the part. `targets` are those of the parts, in their
// order; none where nothing is open under the reference.
Status CheckSplit(const OpenBankLine& line, std::span<const SplitPart> parts,
                  std::span<const std::optional<SplitTarget>> targets);

}  // namespace sluice::payments
