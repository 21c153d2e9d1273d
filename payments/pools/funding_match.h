// Which deposit is the funding that somebody announced. Pure.
//
//   1. `reference`: the same amount, and the bank's text names the instruction's reference.
//   2. `amount`: the same amount within five banking days of the day it is expected on.
// Each over what the rule before left open; a deposit and an instruction are used once. Where more
// than one pair is possible, none is made: a person gives the instruction a better reference.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"

namespace sluice::payments {

// A credit of the bank that nothing explains yet.
struct OpenDeposit {
  std::int64_t line = 0;
  Date day{};
  Money amount;
  std::string text;  // references and text together
};

struct ExpectedFunding {
  std::int64_t instruction = 0;
  Date expected_on{};
  Money amount;
  std::string reference;  // may be empty
};

struct FundingMatch {
  std::size_t deposit = 0;   // index into the deposits
  std::size_t expected = 0;  // index into the expected ones
  std::string_view rule;
};

std::vector<FundingMatch> MatchFunding(std::span<const OpenDeposit> deposits,
                                       std::span<const ExpectedFunding> expected);

}  // namespace sluice::payments
