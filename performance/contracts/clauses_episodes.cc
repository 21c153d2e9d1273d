#include "performance/contracts/clauses_models.h"
#include "performance/contracts/term_words.h"

namespace sluice::performance {
namespace {

std::string CodeWords(const TermReader& code) {
  const std::string text =
      fmt::format("{} \"{}\"",
                  Choice(code, "field",
                         {{"CLAIM_CODE_FIELD_PROCEDURE", "procedure"},
                          {"CLAIM_CODE_FIELD_DRG", "diagnosis-related group"},
                          {"CLAIM_CODE_FIELD_REVENUE", "revenue code"},
                          {"CLAIM_CODE_FIELD_DIAGNOSIS", "principal diagnosis"},
                          {"CLAIM_CODE_FIELD_PLACE_OF_SERVICE", "place of service"}}),
                  code.Raw("code"));
  code.Rest("code");
  return text;
}

std::string CodesWords(const std::vector<TermReader>& codes) {
  std::vector<std::string> words;
  for (const TermReader& code : codes) words.push_back(CodeWords(code));
  return JoinWords(words, "or");
}

void WriteWinsorizing(const TermReader& bounds) {
  std::vector<std::string> sides;
  const auto side = [&](const char* percentile, const char* amount, const char* words) {
    if (const std::string p = bounds.Raw(percentile); !p.empty()) {
      sides.push_back(fmt::format("{} the percentile {}", words, RatioWords(p)));
    }
    if (bounds.Has(amount)) sides.push_back(fmt::format("{} {}", words, bounds.Value(amount)));
  };
  side("low_percentile", "low_amount_cents", "raised to");
  side("high_percentile", "high_amount_cents", "cut at");
  const std::string definition = bounds.Value("definition");
  if (sides.empty() && definition == "interpolated") return;
  bounds.Say(fmt::format("What one episode costs is {}; a percentile is taken {}.",
                         sides.empty() ? "taken as it is" : JoinWords(sides, "and"),
                         Choice(bounds, "definition",
                                {{"PERCENTILE_DEFINITION_INTERPOLATED", "between two values (R-7)"},
                                 {"PERCENTILE_DEFINITION_NEAREST_RANK", "by nearest rank"},
                                 {"PERCENTILE_DEFINITION_NEXT_ABOVE", "at the next value"}})));
  bounds.Rest("bounds");
}

void WriteDefinition(const TermReader& definition) {
  const std::string type = definition.Raw("type");
  definition.Say(fmt::format(
      "A \"{}\" episode (type {}) lasts from {} days before the first day of its anchor to {} days "
      "after its last; {} is taken off its target.",
      definition.Raw("name"), type, definition.Raw("days_before"), definition.Raw("days_after"),
      definition.Value("discount_millionths")));
  for (const TermReader& anchor : definition.Elements("anchors")) {
    const std::string code = anchor.Has("code") ? CodeWords(anchor.Sub("code")) : "a claim";
    anchor.Say(
        fmt::format("It is opened by {}, and priced by cell \"{}\".", code, anchor.Raw("cell")));
    anchor.Rest("anchor");
  }
  if (const auto codes = definition.Elements("included"); !codes.empty()) {
    definition.Say("included",
                   fmt::format("Only these services belong to it: {}.", CodesWords(codes)));
  }
  if (const auto codes = definition.Elements("excluded"); !codes.empty()) {
    definition.Say("excluded",
                   fmt::format("These services do not belong to it: {}.", CodesWords(codes)));
  }
  if (definition.Has("winsorizing")) WriteWinsorizing(definition.Sub("winsorizing"));
  definition.Rest("episode " + type);
}

void WriteTarget(const TermReader& target) {
  std::vector<std::string> years;
  for (const TermReader& year : target.Elements("baseline")) {
    years.push_back(fmt::format("{} with {}", year.Raw("year"), year.Value("weight_millionths")));
    year.Rest("baseline year");
  }
  std::vector<std::string> factors;
  const auto limited = [&](const char* field) {
    return target.Has(field) ? fmt::format(" held within {} of one", target.Value(field))
                             : std::string();
  };
  if (target.Flag("risk_adjusted")) factors.emplace_back("the risk of the member");
  if (target.Flag("trended")) factors.push_back("the trend" + limited("trend_limit_millionths"));
  if (target.Flag("normalized")) {
    factors.push_back("the normalization" + limited("normalization_limit_millionths"));
  }
  target.Say(fmt::format(
      "The target of an episode is the mean of its cell in the baseline, {}, {} of it the Party's "
      "own and the rest the region's{}, less the discount.",
      JoinWords(years, "and"), target.Value("own_share_millionths"),
      factors.empty() ? "" : ", times " + JoinWords(factors, "and")));
  for (const TermReader& band : target.Elements("discount_bands")) {
    band.Say(fmt::format("From a quality score {} {}, the discount is {}{}.",
                         band.Flag("above") ? "above" : "of", band.Ratio("from"),
                         band.Value("discount_millionths"),
                         band.Flag("no_gain") ? ", and a gain is not paid" : ""));
    band.Rest("discount band");
  }
  target.Rest("target price");
}

void WriteEpisodeRules(const TermReader& sum) {
  const ChoiceTexts interruptions = {
      {"EPISODE_INTERRUPTION_KEEP", "leaves the episode as it is"},
      {"EPISODE_INTERRUPTION_EXCLUDE", "takes the episode out when it is within its days"},
      {"EPISODE_INTERRUPTION_EXCLUDE_IN_ANCHOR",
       "takes the episode out when it is on a day of the anchor"}};
  sum.Say("overlap",
          fmt::format("The dollars of a member whom another program has too belong to {}.",
                      sum.Raw("overlap") == "EPISODE_OVERLAP_EXCLUDED" ? "that program"
                                                                       : "the episode first"));
  sum.Say("death", fmt::format("A death {}.", Choice(sum, "death", interruptions)));
  sum.Say("coverage_lost",
          fmt::format("A day without coverage {}.", Choice(sum, "coverage_lost", interruptions)));
  sum.Say("period_day",
          fmt::format("An episode belongs to the period that holds the {}{}.",
                      sum.Raw("period_day") == "EPISODE_PERIOD_DAY_WINDOW_END"
                          ? "last of its days"
                          : "first day of its anchor",
                      sum.Flag("prorate_stays")
                          ? "; of a stay across an edge only the days inside belong to it"
                          : ""));
  if (sum.Has("post_episode_days")) {
    sum.Say("post_episode_days",
            fmt::format("What the {} days after an episode cost above their bound is repaid.",
                        sum.Raw("post_episode_days")));
  }
}

}  // namespace

void WriteEpisodes(const TermReader& sum) {
  const std::string payment = sum.Raw("payment");
  if (payment == "EPISODE_PAYMENT_PROSPECTIVE") {
    sum.Say(
        "The Settlement Value begins as the sum of the targets of the Party's episodes, paid "
        "instead of claims.");
  } else if (payment == "EPISODE_PAYMENT_BUDGET") {
    sum.Say(
        "The budgets of accepted episodes are paid in advance, instead of claims: the Settlement "
        "Value begins as their sum. In the final settlement it begins as what the episodes cost "
        "and, on top, the sum of what each should have cost less what it did cost; of it, what was "
        "paid in advance is paid already, and what was paid too much is owed.");
  } else {
    sum.Say(
        "The Settlement Value begins as the sum, over the Party's episodes, of what each should "
        "have cost less what it did cost; a negative result is a loss.");
  }
  for (const TermReader& definition : sum.Elements("definitions")) WriteDefinition(definition);
  if (sum.Has("target")) WriteTarget(sum.Sub("target"));
  if (sum.Has("quality")) {
    const TermReader quality = sum.Sub("quality");
    quality.Say(
        fmt::format("Quality moves the sum: of a gain up to {} is lost and of a loss up to {} is "
                    "spared, by the "
                    "score, of which {} is the highest.",
                    quality.Value("gain_at_most_millionths"),
                    quality.Value("loss_at_most_millionths"), quality.Raw("maximum")));
    quality.Rest("quality");
  }
  for (const TermReader& limit : sum.Elements("limits")) {
    limit.Say(fmt::format(
        "From {} on, at most {} of the sum of targets is paid and at most {} is "
        "owed.",
        limit.Raw("from_year"), limit.Value("gain_millionths"), limit.Value("loss_millionths")));
    limit.Rest("stop limit");
  }
  if (sum.Has("low_volume")) {
    const TermReader low = sum.Sub("low_volume");
    low.Say(fmt::format("With fewer than {} episodes in the {}, {}.", low.Raw("minimum"),
                        low.Flag("of_baseline") ? "Party's own baseline" : "period",
                        low.Raw("effect") == "LOW_VOLUME_EFFECT_NO_LOSS"
                            ? "a gain is paid and a loss is not owed"
                            : "nothing is paid or owed"));
    low.Rest("low volume");
  }
  WriteEpisodeRules(sum);
}

}  // namespace sluice::performance
