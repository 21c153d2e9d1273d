#include "performance/savings/completion.h"

#include <algorithm>

namespace sluice::performance {
namespace {

constexpr std::string_view kFirstLine = "completion-factors 1 ";

int MonthsBetween(Month from, Month to) {
  return (to.Year() - from.Year()) * 12 + static_cast<int>(to.Number()) -
         static_cast<int>(from.Number());
}

// Paid up to each lag, by incurred month; as long as the valuation has seen.
using Cumulative = std::map<Month, std::vector<Money>>;

StatusOr<Cumulative> Accumulate(std::span<const PaidCell> triangle, Month valuation) {
  Cumulative rows;
  for (const PaidCell& cell : triangle) {
    if (cell.lag < 0) {
      return InvalidArgument("{}: paid {} months before it was incurred", cell.incurred.ToString(),
                             -cell.lag);
    }
    const int seen = MonthsBetween(cell.incurred, valuation);
    if (cell.lag > seen) {
      return InvalidArgument("{} lag {}: paid after the valuation month {}",
                             cell.incurred.ToString(), cell.lag, valuation.ToString());
    }
    std::vector<Money>& row = rows[cell.incurred];
    row.resize(static_cast<std::size_t>(seen) + 1);
    row[static_cast<std::size_t>(cell.lag)] += cell.paid;
  }
  for (auto& [month, row] : rows) {
    for (std::size_t lag = 1; lag < row.size(); ++lag) row[lag] += row[lag - 1];
  }
  return rows;
}

}  // namespace

StatusOr<CompletionFactors> FindCompletionFactors(const Completion& terms,
                                                  std::span<const PaidCell> triangle,
                                                  Month valuation) {
  ASSIGN_OR_RETURN(const Cumulative rows, Accumulate(triangle, valuation));
  std::size_t lags = 0;
  for (const auto& [month, row] : rows) lags = std::max(lags, row.size());
  if (lags == 0) return InvalidArgument("a triangle without payments gives no factors");
  CompletionFactors result{.valuation = valuation, .factors = {Ratio(1)}};
  // From the oldest lag to the newest: the product grows by one age-to-age factor each.
  Ratio product(1);
  for (std::size_t lag = lags - 1; lag-- > 0;) {
    Money from;
    Money to;
    int taken = 0;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
      if (row->second.size() <= lag + 1) continue;
      if (terms.latest_months > 0 && taken == terms.latest_months) break;
      from += row->second[lag];
      to += row->second[lag + 1];
      ++taken;
    }
    if (from <= Money() || to <= Money()) {
      return FailedPrecondition("lag {}: no cost was paid by then, so it has no factor to the next",
                                lag);
    }
    product = product * Ratio::Of(to, from);
    result.factors.push_back(Ratio(1) / product);
  }
  std::reverse(result.factors.begin(), result.factors.end());
  return result;
}

StatusOr<CompletedCost> CompleteCost(const Completion& terms, const CompletionFactors& factors,
                                     std::span<const PaidCell> triangle, Month valuation,
                                     const DateRange& period,
                                     const std::map<Month, Money>& expected, Money large_claims) {
  if (!period.to) return InvalidArgument("cost is completed for a closed period");
  ASSIGN_OR_RETURN(const Cumulative rows, Accumulate(triangle, valuation));
  CompletedCost result{.large_claims = large_claims,
                       .ultimate = Exact(large_claims),
                       .factors_digest = factors.Hash()};
  for (Month month = Month::Of(period.from); month.FirstDay() < *period.to; month = month + 1) {
    const int lag = MonthsBetween(month, valuation);
    if (lag < 0) {
      return InvalidArgument("{} lies after the valuation month {}", month.ToString(),
                             valuation.ToString());
    }
    const auto row = rows.find(month);
    CompletedMonth line{.incurred = month,
                        .lag = lag,
                        .paid = row == rows.end() ? Money() : row->second.back(),
                        .factor = factors.At(lag)};
    if (line.factor < terms.expected_below) {
      const auto found = expected.find(month);
      if (found == expected.end()) {
        return FailedPrecondition("{}: its completion factor is {}; state the expected cost",
                                  month.ToString(), line.factor.ToString());
      }
      line.by_expected = true;
      line.ultimate = Exact(line.paid) + Exact(found->second) * (Ratio(1) - line.factor);
    } else {
      line.ultimate = Exact(line.paid) * (Ratio(1) / line.factor);
    }
    result.paid += line.paid;
    result.ultimate = result.ultimate + line.ultimate;
    result.months.push_back(std::move(line));
  }
  return result;
}

Facts CompletedCost::ToFacts() const {
  Facts facts;
  facts.SetAmount("paid", paid);
  facts.SetAmount("large_claims", large_claims);
  facts.Set("expenditure", ultimate);
  facts.SetText("completion_factors", ToHex(factors_digest));
  return facts;
}

Ratio CompletionFactors::At(int lag) const {
  const auto place = static_cast<std::size_t>(std::max(lag, 0));
  return place < factors.size() ? factors[place] : Ratio(1);
}

std::string CompletionFactors::ToText() const {
  std::string text = fmt::format("{}{}\n", kFirstLine, valuation.ToString());
  for (const Ratio& factor : factors) text += factor.ToFractionString() + "\n";
  return text;
}

StatusOr<CompletionFactors> CompletionFactors::Parse(std::string_view text) {
  CompletionFactors result;
  if (!text.starts_with(kFirstLine)) {
    return InvalidArgument("completion factors begin with '{}<month>'", kFirstLine);
  }
  int line = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return InvalidArgument("the last line is cut");
    const std::string_view content = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (++line == 1) {
      ASSIGN_OR_RETURN(result.valuation, Month::Parse(content.substr(kFirstLine.size())));
      continue;
    }
    StatusOr<Ratio> factor = Ratio::Parse(content);
    if (!factor.ok()) return Annotate(factor.status(), fmt::format("line {}", line));
    if (factor->Sign() <= 0) return InvalidArgument("line {}: a factor is above zero", line);
    result.factors.push_back(*std::move(factor));
  }
  if (result.factors.empty() || result.ToText() != text) {
    return InvalidArgument("completion factors are not in their canonical form");
  }
  return result;
}

Digest CompletionFactors::Hash() const { return Sha256(AsBytes(ToText())); }

}  // namespace sluice::performance
