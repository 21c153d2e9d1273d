#include "performance/terms_episodes.h"

#include <array>
#include <set>

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 5> kFieldNames = {"procedure", "DRG", "revenue code",
                                                         "principal diagnosis", "place of service"};
constexpr std::array<std::string_view, 3> kDefinitionNames = {"R-7", "nearest rank", "next above"};
constexpr int kLongestWindow = 731;
constexpr std::int64_t kWhole = 1'000'000;

bool IsShare(Rate rate) { return rate.Millionths() >= 0 && rate.Millionths() <= kWhole; }

Status CheckCodes(const std::vector<ClaimCode>& codes, std::string_view where) {
  for (const ClaimCode& code : codes) {
    if (code.code.empty() || code.code == "*") {
      return InvalidArgument("{} has a {} without a code; leave it out", where,
                             ClaimCodeFieldName(code.field));
    }
  }
  return OkStatus();
}

Status CheckWinsorizing(const Winsorizing& w, std::string_view where) {
  if ((w.low_percentile && w.low_amount) || (w.high_percentile && w.high_amount)) {
    return InvalidArgument("{}: a bound is a percentile or an amount, not both", where);
  }
  for (const auto& percentile : {w.low_percentile, w.high_percentile}) {
    if (percentile && (percentile->Sign() < 0 || *percentile > Ratio(1))) {
      return InvalidArgument("{}: a percentile is 0 to 1, not {}", where, percentile->ToString());
    }
  }
  const bool crossed = (w.low_percentile && w.high_percentile &&
                        *w.low_percentile > *w.high_percentile) ||
                       (w.low_amount && w.high_amount && *w.low_amount > *w.high_amount);
  if (crossed) return InvalidArgument("{}: the low bound is above the high one", where);
  if ((w.low_amount && *w.low_amount < Money()) || (w.high_amount && *w.high_amount < Money())) {
    return InvalidArgument("{}: a bound is not below zero", where);
  }
  return OkStatus();
}

Status CheckDefinition(const EpisodeDefinition& definition) {
  const std::string where = fmt::format("episode {}", definition.type);
  if (definition.type.empty() || definition.name.empty()) {
    return InvalidArgument("an episode needs a type and a name");
  }
  // The type becomes part of the names of facts.
  for (const char c : definition.type) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-';
    if (!plain) return InvalidArgument("{}: a type is letters, digits, '_' and '-'", where);
  }
  if (definition.anchors.empty()) return InvalidArgument("{} has no anchor", where);
  for (const EpisodeAnchor& anchor : definition.anchors) {
    RETURN_IF_ERROR(CheckCodes({anchor.code}, where));
    if (anchor.code.field != ClaimCodeField::kProcedure &&
        anchor.code.field != ClaimCodeField::kDrg) {
      return InvalidArgument("{}: an anchor is a procedure or a DRG, not a {}", where,
                             ClaimCodeFieldName(anchor.code.field));
    }
    if (anchor.cell.empty()) return InvalidArgument("{}: an anchor needs its price cell", where);
  }
  RETURN_IF_ERROR(CheckCodes(definition.included, where));
  RETURN_IF_ERROR(CheckCodes(definition.excluded, where));
  if (definition.days_before < 0 || definition.days_after < 0 ||
      definition.days_before + definition.days_after > kLongestWindow) {
    return InvalidArgument("{}: the window is {} days before to {} after; 0 to {} in all", where,
                           definition.days_before, definition.days_after, kLongestWindow);
  }
  if (!IsShare(definition.discount)) {
    return InvalidArgument("{}: a discount is 0 to 100 %, not {}", where,
                           definition.discount.ToString());
  }
  return CheckWinsorizing(definition.winsorizing, where);
}

Status CheckBands(const std::vector<DiscountBand>& bands) {
  for (std::size_t i = 0; i < bands.size(); ++i) {
    if (!IsShare(bands[i].discount)) {
      return InvalidArgument("a discount by quality is 0 to 100 %, not {}",
                             bands[i].discount.ToString());
    }
    if (i == 0) continue;
    const DiscountBand& before = bands[i - 1];
    const bool later = bands[i].from > before.from ||
                       (bands[i].from == before.from && bands[i].above && !before.above);
    if (!later) {
      return InvalidArgument("discount bands ascend: {} follows {}", bands[i].from.ToString(),
                             before.from.ToString());
    }
  }
  return OkStatus();
}

Status CheckTarget(const TargetPrice& target) {
  if (target.baseline.empty()) return InvalidArgument("a target price needs a baseline year");
  std::int64_t sum = 0;
  std::set<int> years;
  for (const BaselineYear& year : target.baseline) {
    if (!years.insert(year.year).second) {
      return InvalidArgument("the baseline year {} is listed twice", year.year);
    }
    if (!IsShare(year.weight) || year.weight == Rate()) {
      return InvalidArgument("the weight of {} must be above 0 and at most 100 %", year.year);
    }
    sum += year.weight.Millionths();
  }
  if (sum != kWhole) {
    return InvalidArgument("the weights of the baseline years sum to {}, not 100 %",
                           Rate::FromMillionths(sum).ToString());
  }
  if (!IsShare(target.own_share)) return InvalidArgument("own_share is 0 to 100 %");
  for (const auto& limit : {target.trend_limit, target.normalization_limit}) {
    if (limit && !IsShare(*limit)) return InvalidArgument("the limit of a factor is 0 to 100 %");
  }
  if ((target.trend_limit && !target.trended) ||
      (target.normalization_limit && !target.normalized)) {
    return InvalidArgument("a factor that is not used has a limit");
  }
  return CheckBands(target.discount_bands);
}

Status CheckLimits(const std::vector<StopLimit>& limits) {
  for (std::size_t i = 0; i < limits.size(); ++i) {
    if (!IsShare(limits[i].gain) || !IsShare(limits[i].loss)) {
      return InvalidArgument("the stop limits of {} are 0 to 100 %", limits[i].from_year);
    }
    if (i > 0 && limits[i].from_year <= limits[i - 1].from_year) {
      return InvalidArgument("stop limits ascend by year: {} follows {}", limits[i].from_year,
                             limits[i - 1].from_year);
    }
  }
  return OkStatus();
}

}  // namespace

std::string_view ClaimCodeFieldName(ClaimCodeField field) {
  return kFieldNames.at(static_cast<std::size_t>(field));
}

std::string_view PercentileDefinitionName(PercentileDefinition definition) {
  return kDefinitionNames.at(static_cast<std::size_t>(definition));
}

Status ValidateEpisodes(const EpisodeSum& episodes) {
  if (episodes.definitions.empty()) return InvalidArgument("an episode sum needs a definition");
  std::set<std::string> types;
  for (const EpisodeDefinition& definition : episodes.definitions) {
    RETURN_IF_ERROR(CheckDefinition(definition));
    if (!types.insert(definition.type).second) {
      return InvalidArgument("the episode {} is defined twice", definition.type);
    }
  }
  RETURN_IF_ERROR(CheckTarget(episodes.target));
  if (episodes.quality) {
    if (episodes.quality->maximum.Sign() <= 0) {
      return InvalidArgument("the highest quality score must be above zero");
    }
    if (!IsShare(episodes.quality->gain_at_most) || !IsShare(episodes.quality->loss_at_most)) {
      return InvalidArgument("quality moves a side by 0 to 100 %");
    }
  }
  RETURN_IF_ERROR(CheckLimits(episodes.limits));
  if (episodes.low_volume && episodes.low_volume->minimum <= 0) {
    return InvalidArgument("the minimum of a low-volume rule must be above zero");
  }
  if (episodes.post_episode_days &&
      (*episodes.post_episode_days <= 0 || *episodes.post_episode_days > kLongestWindow)) {
    return InvalidArgument("post-episode days are 1 to {}", kLongestWindow);
  }
  const bool reconciles = episodes.quality || !episodes.limits.empty() ||
                          episodes.post_episode_days || !episodes.target.discount_bands.empty();
  if (episodes.payment == EpisodePayment::kProspective && reconciles) {
    return InvalidArgument(
        "a prospective budget is the sum of targets: quality, limits and post-episode days belong "
        "to a retrospective reconciliation");
  }
  return OkStatus();
}

std::string DescribeEpisodes(const EpisodeSum& episodes) {
  std::string text = "episodes";
  for (std::size_t i = 0; i < episodes.definitions.size(); ++i) {
    const EpisodeDefinition& definition = episodes.definitions[i];
    text += fmt::format("{} {} (-{} to +{} days)", i == 0 ? "" : ",", definition.type,
                        definition.days_before, definition.days_after);
  }
  if (episodes.payment == EpisodePayment::kProspective) return text + ": sum of target prices";
  text += episodes.payment == EpisodePayment::kBudget
              ? ": the budget in advance; when final, actual and the sum of target minus actual"
              : ": sum of target minus actual";
  if (episodes.quality) text += ", then quality";
  if (!episodes.limits.empty()) text += ", then the stop limit";
  if (episodes.post_episode_days) text += ", less post-episode spending above its bound";
  return text;
}

const DiscountBand* FindDiscountBand(const TargetPrice& target, const Ratio& score) {
  const DiscountBand* found = nullptr;
  for (const DiscountBand& band : target.discount_bands) {
    if (score > band.from || (!band.above && score == band.from)) found = &band;
  }
  return found;
}

const StopLimit* FindStopLimit(const EpisodeSum& episodes, int year) {
  const StopLimit* found = nullptr;
  for (const StopLimit& limit : episodes.limits) {
    if (limit.from_year <= year) found = &limit;
  }
  return found;
}

}  // namespace sluice::performance
