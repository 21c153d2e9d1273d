// Completion factors: what was incurred and is not paid yet.
//
//   1. A triangle of paid cost by incurred month and lag gives age-to-age factors, weighted by
//      volume; the completion factor of lag k is 1 / the product of the factors from k on.
//   2. Ultimate = paid / factor. Below the factor that the terms name, paid + (1 - factor) x
//      expected (Bornhuetter-Ferguson), because a small factor blows up what little was paid.
//   3. Large claims stay out of the triangle and are added as they are.
//   4. The factors are frozen with the settlement: they have a text and a digest, and a later
//      version that does not say otherwise uses the same ones.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/facts.h"
#include "performance/terms_savings.h"

namespace sluice::performance {

// Paid in one month for what was incurred in another.
struct PaidCell {
  Month incurred;
  int lag = 0;  // months from the incurred month to the month of payment
  Money paid;   // in that month alone; may be negative
};

struct CompletionFactors {
  Month valuation;             // the last month of payments that they rest on
  std::vector<Ratio> factors;  // by lag, 0 first; the last is 1

  // Canonical text, which Parse reads back, and its digest.
  std::string ToText() const;
  static StatusOr<CompletionFactors> Parse(std::string_view text);
  Digest Hash() const;
  // The factor of a lag; 1 beyond the last.
  Ratio At(int lag) const;
  friend bool operator==(const CompletionFactors&, const CompletionFactors&) = default;
};

// InvalidArgument names the cell when a lag is negative or a payment lies after the valuation;
// FailedPrecondition names the lag for which no incurred month gives a factor (nothing was paid).
StatusOr<CompletionFactors> FindCompletionFactors(const Completion& terms,
                                                  std::span<const PaidCell> triangle,
                                                  Month valuation);

struct CompletedMonth {
  Month incurred;
  int lag = 0;
  Money paid;
  Ratio factor;
  bool by_expected = false;  // Bornhuetter-Ferguson
  Exact ultimate;
};

struct CompletedCost {
  std::vector<CompletedMonth> months;  // by incurred month
  Money paid;
  Money large_claims;
  Exact ultimate;  // of the months, and the large claims
  Digest factors_digest{};

  // "paid", "expenditure" (completed), "large_claims", and "completion_factors" with the digest.
  Facts ToFacts() const;
};

// Completes the cost that was paid by `valuation` for the months of `period`. `expected` is read
// only where it stands in. FailedPrecondition names a month whose expected cost is missing.
StatusOr<CompletedCost> CompleteCost(const Completion& terms, const CompletionFactors& factors,
                                     std::span<const PaidCell> triangle, Month valuation,
                                     const DateRange& period,
                                     const std::map<Month, Money>& expected, Money large_claims);

}  // namespace sluice::performance
