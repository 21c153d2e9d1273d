// What the contracts of a program forfeit goes to those of them that did well.
//
//   1. The shares and what stays in the pool add up to what was forfeited, to the cent.
//   2. Every contract of the program has a line; a line of zero has its reason.
//   3. Contracts are served in the order of their ids, so the result does not depend on the order
//      of the input.
//
// The shares become awards of their own (a basis that reads the amount fact
// `kRedistributedFact`), so that they are explained, split and paid like any other.
// Source: PROGRAM_MATH 13.5; PRODUCT C17.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/terms.h"

namespace sluice::performance {

// The amount fact under which a contract's share is recorded.
inline constexpr std::string_view kRedistributedFact = "redistributed";

// The redistribution component of the terms, or nullptr.
const Redistribute* FindRedistribute(const Terms& terms);

// A contract of the program, as its settlement came out.
struct RedistributionParty {
  ContractId contract;
  Money forfeited;             // to the pool, >= 0
  std::optional<Ratio> score;  // none: it was not scored, and takes no part
  // The count fact that the rule names; none is a missing input for a contract that takes part.
  std::optional<std::int64_t> weight;
};

struct RedistributionLine {
  ContractId contract;
  Money forfeited;
  std::optional<Ratio> score;
  std::int64_t weight = 0;
  Exact exact;  // before cents and the limit
  Money amount;
  // Set exactly when the amount is zero: BELOW_THRESHOLD, NOT_REPORTED (no score), ZERO_WEIGHT,
  // POOL_EMPTY, ROUNDED_TO_ZERO.
  std::optional<ReasonCode> reason;
  bool limited = false;  // cut to the rule's most; the cents stay in the pool
};

struct ForfeitShares {
  Money forfeited;    // by all
  Money offered;      // the share of it that the rule gives away
  Money distributed;  // sum of the lines
  Money remainder;    // forfeited - distributed: stays in the pool
  std::vector<RedistributionLine> lines;
};

// InvalidArgument: a contract twice, a negative forfeit or weight. FailedPrecondition: a contract
// that takes part has no weight (MISSING_INPUT, named).
StatusOr<ForfeitShares> RedistributeForfeits(const Redistribute& rule,
                                             std::span<const RedistributionParty> parties);

// The lines as a person reads them.
std::string ToText(const ForfeitShares& redistribution);

}  // namespace sluice::performance
