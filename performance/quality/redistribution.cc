#include "performance/quality/redistribution.h"

#include <algorithm>

namespace sluice::performance {
namespace {

Status CheckParties(const Redistribute& rule, std::span<const RedistributionParty> parties) {
  for (std::size_t i = 0; i < parties.size(); ++i) {
    const RedistributionParty& party = parties[i];
    if (i > 0 && parties[i - 1].contract == party.contract) {
      return InvalidArgument("contract {} is listed twice", party.contract.ToString());
    }
    if (party.forfeited < Money()) {
      return InvalidArgument("contract {} forfeits {}; a forfeit is not negative",
                             party.contract.ToString(), party.forfeited.ToString());
    }
    if (party.weight && *party.weight < 0) {
      return InvalidArgument("contract {} has {} {}; a weight is not negative",
                             party.contract.ToString(), *party.weight, rule.weight_fact);
    }
    if (party.score && *party.score >= rule.minimum_score && !party.weight) {
      return FailedPrecondition("{} of contract {} (record this count for the period)",
                                rule.weight_fact, party.contract.ToString());
    }
  }
  return OkStatus();
}

// Why a contract takes no part, or nothing when it does.
std::optional<ReasonCode> Excluded(const Redistribute& rule, const RedistributionParty& party) {
  if (!party.score) return ReasonCode::kNotReported;
  if (*party.score < rule.minimum_score) return ReasonCode::kBelowThreshold;
  if (*party.weight == 0) return ReasonCode::kZeroWeight;
  return std::nullopt;
}

void Settle(const Redistribute& rule, Money share, RedistributionLine& line) {
  line.amount = share;
  if (rule.most && share > *rule.most) {
    line.amount = *rule.most;
    line.limited = true;
  }
  if (line.amount.IsZero()) {
    line.reason = line.exact.IsZero() ? ReasonCode::kPoolEmpty : ReasonCode::kRoundedToZero;
  }
}

}  // namespace

const Redistribute* FindRedistribute(const Terms& terms) {
  for (const Component& component : terms.components) {
    if (const auto* rule = std::get_if<Redistribute>(&component.rule)) return rule;
  }
  return nullptr;
}

StatusOr<ForfeitShares> RedistributeForfeits(const Redistribute& rule,
                                             std::span<const RedistributionParty> parties) {
  std::vector<RedistributionParty> ordered(parties.begin(), parties.end());
  std::sort(ordered.begin(), ordered.end(),
            [](const auto& a, const auto& b) { return a.contract < b.contract; });
  RETURN_IF_ERROR(CheckParties(rule, ordered));

  ForfeitShares result;
  std::vector<std::int64_t> weights;
  Ratio total_weight;
  for (const RedistributionParty& party : ordered) {
    result.forfeited += party.forfeited;
    RedistributionLine line{.contract = party.contract,
                            .forfeited = party.forfeited,
                            .score = party.score,
                            .weight = party.weight.value_or(0),
                            .reason = Excluded(rule, party)};
    weights.push_back(line.reason ? 0 : line.weight);
    total_weight = total_weight + Ratio(weights.back());
    result.lines.push_back(std::move(line));
  }
  // What is kept back of a share is kept in whole cents: the pool gives away no fraction.
  result.offered = Round(Exact(result.forfeited) * rule.share, Rounding::kTowardZero);
  if (!total_weight.IsZero()) {
    const std::vector<Money> shares = Allocate(result.offered, weights);
    for (std::size_t i = 0; i < result.lines.size(); ++i) {
      RedistributionLine& line = result.lines[i];
      if (line.reason) continue;
      line.exact = Exact(result.offered) * (Ratio(weights[i]) / total_weight);
      Settle(rule, shares[i], line);
      result.distributed += line.amount;
    }
  }
  result.remainder = result.forfeited - result.distributed;
  return result;
}

std::string ToText(const ForfeitShares& redistribution) {
  std::string text =
      fmt::format("Forfeited: {}\nOffered: {}\n", redistribution.forfeited, redistribution.offered);
  for (const RedistributionLine& line : redistribution.lines) {
    text += fmt::format(
        "  {}: score {}, weight {}, exact {}, share {}{}\n", line.contract.ToString(),
        line.score ? line.score->ToString() : "none", line.weight, line.exact.ToString(),
        line.amount,
        line.reason
            ? fmt::format(", {}", ReasonName(*line.reason))
            : (line.limited ? fmt::format(", {}", ReasonName(ReasonCode::kCapApplied)) : ""));
  }
  text += fmt::format("Distributed: {}\nStays in the pool: {}\n", redistribution.distributed,
                      redistribution.remainder);
  return text;
}

}  // namespace sluice::performance
