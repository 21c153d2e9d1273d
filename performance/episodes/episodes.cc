// Episodes priced and summed.
#include "performance/episodes/episodes.h"

#include <algorithm>

namespace sluice::performance {
namespace {

// The target price of each cell and type, and what the terms ask for to have one.
class Pricer {
 public:
  Pricer(const EpisodeSum& terms, const EpisodeInputs& inputs) : terms_(terms), inputs_(inputs) {
    for (const BaselineMean& mean : inputs.baseline) {
      means_[{mean.cell, mean.year, mean.own}] = mean.mean;
    }
    for (const EpisodeMember& member : inputs.members) risks_[member.member_id] = member.risk;
  }

  StatusOr<Exact> TargetOf(const EpisodeLine& line) const {
    ASSIGN_OR_RETURN(Exact target, BaselineMeanOf(line.cell));
    if (terms_.target.risk_adjusted) {
      const std::optional<Ratio>& risk = risks_.at(line.member_id);
      if (!risk) return FailedPrecondition("the risk factor of member {}", line.member_id);
      target = target * *risk;
    }
    if (terms_.target.trended) {
      ASSIGN_OR_RETURN(const Ratio trend, FactorOf(inputs_.trend, line.type, "trend",
                                                   terms_.target.trend_limit));
      target = target * trend;
    }
    if (terms_.target.normalized) {
      ASSIGN_OR_RETURN(const Ratio factor,
                       FactorOf(inputs_.normalization, line.type, "normalization",
                                terms_.target.normalization_limit));
      target = target * factor;
    }
    ASSIGN_OR_RETURN(const Rate discount, DiscountOf(line.type));
    return target * (Ratio(1) - Ratio(discount));
  }

  StatusOr<Exact> PostBoundOf(const EpisodeLine& line) const {
    const auto found = inputs_.post_bound.find(line.type);
    if (found == inputs_.post_bound.end()) {
      return FailedPrecondition("the bound of post-episode spending of {}", line.type);
    }
    return Exact(found->second);
  }

 private:
  StatusOr<Exact> WeightedMean(const std::string& cell, bool own) const {
    Exact mean;
    for (const BaselineYear& year : terms_.target.baseline) {
      const auto found = means_.find({cell, year.year, own});
      if (found == means_.end()) {
        return NotFound("the {} baseline of cell {} in {}", own ? "own" : "regional", cell,
                        year.year);
      }
      mean = mean + found->second * year.weight;
    }
    return mean;
  }

  StatusOr<Exact> BaselineMeanOf(const std::string& cell) const {
    const Ratio own(terms_.target.own_share);
    Exact mean;
    if (!own.IsZero()) {
      ASSIGN_OR_RETURN(const Exact of_entity, WeightedMean(cell, true));
      mean = of_entity * own;
    }
    if (own != Ratio(1)) {
      ASSIGN_OR_RETURN(const Exact of_region, WeightedMean(cell, false));
      mean = mean + of_region * (Ratio(1) - own);
    }
    return mean;
  }

  static StatusOr<Ratio> FactorOf(const std::map<std::string, Ratio>& factors,
                                  const std::string& type, std::string_view what,
                                  const std::optional<Rate>& limit) {
    const auto found = factors.find(type);
    if (found == factors.end()) return FailedPrecondition("the {} of {}", what, type);
    if (!limit) return found->second;
    const Ratio lowest = Ratio(1) - Ratio(*limit);
    const Ratio highest = Ratio(1) + Ratio(*limit);
    if (found->second < lowest) return lowest;
    return found->second > highest ? highest : found->second;
  }

  StatusOr<Rate> DiscountOf(const std::string& type) const {
    if (!terms_.target.discount_bands.empty()) {
      if (!inputs_.quality_score) return FailedPrecondition("{}", kEpisodeQuality);
      const DiscountBand* band = FindDiscountBand(terms_.target, *inputs_.quality_score);
      if (band == nullptr) {
        return FailedPrecondition("{} (no discount band reaches down to {})", kEpisodeQuality,
                                  inputs_.quality_score->ToString());
      }
      return band->discount;
    }
    for (const EpisodeDefinition& definition : terms_.definitions) {
      if (definition.type == type) return definition.discount;
    }
    return Internal("no definition of {}", type);
  }

  const EpisodeSum& terms_;
  const EpisodeInputs& inputs_;
  std::map<std::tuple<std::string, int, bool>, Exact> means_;
  std::map<std::int64_t, std::optional<Ratio>> risks_;
};

// The entity's own episodes in the baseline years of the terms.
std::int64_t BaselineVolume(const EpisodeSum& terms, const EpisodeInputs& inputs) {
  std::int64_t volume = 0;
  for (const BaselineMean& mean : inputs.baseline) {
    for (const BaselineYear& year : terms.target.baseline) {
      if (mean.own && mean.year == year.year) volume += mean.episodes;
    }
  }
  return volume;
}

constexpr std::string_view kPaidPrefix = "paid_in_episodes.";

std::string Field(const Exact& amount) { return amount.ToFractionString(); }

}  // namespace

StatusOr<EpisodeRun> RunEpisodes(const EpisodeSum& terms, const EpisodeInputs& inputs) {
  EpisodeRun run;
  ASSIGN_OR_RETURN(run.lines, CollectEpisodes(terms, inputs));
  const Pricer pricer(terms, inputs);
  EpisodeTotals& totals = run.totals;
  for (EpisodeLine& line : run.lines) {
    ++totals.opened;
    if (!line.counted) {
      ++run.reasons[*line.reason];
      continue;
    }
    ++totals.counted;
    ASSIGN_OR_RETURN(line.target, pricer.TargetOf(line));
    line.result = line.target - line.winsorized;
    if (line.result.IsZero()) line.reason = ReasonCode::kNoSavings;
    totals.target = totals.target + line.target;
    totals.actual = totals.actual + line.winsorized;
    if (line.overlapped) totals.overlap_result = totals.overlap_result + line.result;
    if (terms.post_episode_days) {
      ASSIGN_OR_RETURN(const Exact bound, pricer.PostBoundOf(line));
      totals.post_spending = totals.post_spending + line.post_spending;
      totals.post_bound = totals.post_bound + bound;
    }
  }
  totals.baseline = BaselineVolume(terms, inputs);
  totals.quality_score = inputs.quality_score;
  run.digest = Sha256(AsBytes(LinesText(run.lines)));
  return run;
}

Facts FactsOfRun(const EpisodeSum& terms, const EpisodeRun& run) {
  Facts facts;
  facts.Set(kEpisodeTarget, run.totals.target);
  facts.Set(kEpisodeActual, run.totals.actual);
  facts.SetCount(kEpisodeOpened, run.totals.opened);
  facts.SetCount(kEpisodeCounted, run.totals.counted);
  facts.SetCount(kEpisodeBaseline, run.totals.baseline);
  facts.Set(kEpisodeOverlap, run.totals.overlap_result);
  if (terms.post_episode_days) {
    facts.Set(kEpisodePost, run.totals.post_spending);
    facts.Set(kEpisodePostBound, run.totals.post_bound);
  }
  if (run.totals.quality_score) facts.SetRatio(kEpisodeQuality, *run.totals.quality_score);
  facts.SetText(kEpisodeLines, ToHex(run.digest));
  return facts;
}

std::string PaidInEpisodes(ContractId contract) {
  return std::string(kPaidPrefix) + contract.ToString();
}

std::optional<ContractId> BundleOf(std::string_view fact) {
  if (!fact.starts_with(kPaidPrefix)) return std::nullopt;
  const StatusOr<ContractId> contract = ContractId::Parse(fact.substr(kPaidPrefix.size()));
  return contract.ok() ? std::optional(*contract) : std::nullopt;
}

StatusOr<Ratio> PaidPart(const EpisodeSum& terms, const EpisodeTotals& totals, int year) {
  // A prospective budget is paid whatever quality and limits would make of the difference.
  if (terms.payment == EpisodePayment::kProspective) return Ratio(1);
  ASSIGN_OR_RETURN(const EpisodeReconciliation whole, ReconcileEpisodes(terms, totals, year));
  return whole.sum.IsZero() ? Ratio(0) : whole.after_limit / whole.sum;
}

Exact ResultOn(const EpisodeLine& line, std::span<const DateRange> days) {
  const auto on = [&](Date day) {
    return std::ranges::any_of(days, [&](const DateRange& range) { return range.Contains(day); });
  };
  Exact all;
  Exact within;
  for (const EpisodeServiceLine& service : line.services) {
    if (!service.counted) continue;
    all = all + service.amount;
    if (on(service.service_from)) within = within + service.amount;
  }
  if (!line.counted) return Exact();
  if (all.IsZero()) return on(line.anchor_from) ? line.result : Exact();
  return line.result * (within / all);
}

Date PeriodDayOf(const EpisodeSum& terms, const EpisodeLine& line) {
  return terms.period_day == EpisodePeriodDay::kAnchorStart ? line.anchor_from
                                                            : *line.window.to - Days(1);
}

std::map<std::pair<std::string, std::string>, ProviderEpisodes> EpisodesByProvider(
    std::span<const EpisodeLine> lines) {
  std::map<std::pair<std::string, std::string>, ProviderEpisodes> sums;
  for (const EpisodeLine& line : lines) {
    if (!line.counted) continue;
    ProviderEpisodes& sum = sums[{line.type, line.anchor_npi}];
    ++sum.counted;
    if (line.result.Sign() >= 0) ++sum.within_target;
    sum.target = sum.target + line.target;
    sum.actual = sum.actual + line.winsorized;
  }
  return sums;
}

std::string LinesText(std::span<const EpisodeLine> lines) {
  std::string text;
  for (const EpisodeLine& line : lines) {
    text += fmt::format("episode\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t", line.member_id, line.type,
                        line.cell, line.anchor_claim, line.anchor_npi,
                        FormatDate(line.anchor_from), FormatDate(line.anchor_to),
                        FormatDate(line.window.from), FormatDate(*line.window.to));
    text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", Field(line.spending),
                        Field(line.excluded), Field(line.winsorized), Field(line.target),
                        Field(line.result), Field(line.post_spending),
                        line.counted ? "counted" : "excluded",
                        line.overlapped ? "overlapped" : "own",
                        line.reason ? ReasonName(*line.reason) : "-", line.detail);
    for (const EpisodeServiceLine& service : line.services) {
      text += fmt::format("service\t{}\t{}\t{}\t{}\t{}\t{}\n", service.claim_number,
                          service.line_number, FormatDate(service.service_from), service.code,
                          Field(service.amount), service.counted ? "counted" : "excluded");
    }
  }
  return text;
}

}  // namespace sluice::performance
