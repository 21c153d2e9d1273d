#include "performance/contracts/clauses_quality.h"

#include "performance/contracts/term_words.h"

namespace sluice::performance {
namespace {

std::string StepsWords(const TermReader& rule, std::string_view at) {
  std::vector<std::string> steps;
  for (const TermReader& step : rule.Elements("steps")) {
    steps.push_back(fmt::format("{} from {}{} on", step.Raw("points"), at, step.Ratio("at")));
    step.Rest("step");
  }
  return JoinWords(steps, "and");
}

std::string Better(const TermReader& rule) {
  return rule.Flag("lower_is_better") ? "; a lower rate is better" : "";
}

// Where improvement begins.
std::string BaselineWords(const TermReader& baseline) {
  const std::string rate = baseline.Raw("rate");
  const std::string measure = baseline.Raw("measure");
  const std::string from = baseline.Value("period_from");
  const std::string to = baseline.Value("period_to");
  std::string text = rate.empty() ? fmt::format("the result of \"{}\"", measure)
                                  : fmt::format("the agreed rate of {}", RatioWords(rate));
  if (!rate.empty() && !measure.empty()) text += fmt::format(" of \"{}\"", measure);
  if (!from.empty() || !to.empty()) text += fmt::format(" from {} to before {}", from, to);
  baseline.Rest("baseline");
  return text;
}

void WritePercentile(const TermReader& rule, const std::string& id) {
  const std::string fact = rule.Raw("peers_fact");
  rule.Say(fmt::format(
      "Measure \"{}\" earns points by its percentile among {}, {}, found {}: {}; a rate equal to a "
      "percentile {}{}.",
      id, rule.Raw("peer_group"),
      fact.empty() ? "by the dated rates below" : "by the " + rule.Fact("peers_fact"),
      rule.Raw("method") == "PERCENTILE_METHOD_NEAREST_RANK" ? "by nearest rank"
                                                             : "between two values (R-7)",
      StepsWords(rule, "percentile "),
      rule.Raw("ties") == "TIE_RULE_FALLS_SHORT" ? "falls short of it" : "reaches it",
      Better(rule)));
  for (const TermReader& peers : rule.Elements("peers")) {
    std::vector<std::string> rates;
    for (const std::string& rate : peers.Texts("rates")) rates.push_back(RatioWords(rate));
    peers.Say(fmt::format("From {} on the rates of the peers are {}.", peers.Value("from"),
                          JoinWords(rates, "and")));
    peers.Rest("peers");
  }
}

void WriteAttainOrImprove(const TermReader& rule, const std::string& id) {
  const std::string baseline =
      rule.Has("baseline") ? BaselineWords(rule.Sub("baseline")) : "its baseline";
  rule.Say(fmt::format(
      "Measure \"{}\" earns the better of two: {} points at the target, {} times the way from "
      "threshold to target and {} more before it; or, by improvement over {}, {} times the way to "
      "the "
      "target and {} more, at most {}.",
      id, rule.Raw("full"), rule.Raw("attainment_span"), rule.Raw("attainment_start"), baseline,
      rule.Raw("improvement_span"), rule.Raw("improvement_start"), rule.Raw("improvement_most")));
}

void WriteImprovement(const TermReader& rule, const std::string& id) {
  const std::string baseline =
      rule.Has("baseline") ? BaselineWords(rule.Sub("baseline")) : "its baseline";
  rule.Say(fmt::format(
      "Measure \"{}\" earns points by {} over {}: from {}, where they begin, to {}, where they are "
      "full{}.",
      id,
      Choice(rule, "kind",
             {{"IMPROVEMENT_KIND_DIFFERENCE", "the difference"},
              {"IMPROVEMENT_KIND_RELATIVE", "the relative improvement"},
              {"IMPROVEMENT_KIND_GAP_CLOSED", "the share of the gap that was closed"}}),
      baseline, rule.Ratio("threshold"), rule.Ratio("target"), Better(rule)));
}

void WritePoints(const TermReader& points, const std::string& id) {
  const std::string kind = points.Chosen();
  if (kind.empty()) return;
  const TermReader rule = points.Sub(kind);
  if (kind == "tier") {
    rule.Say(fmt::format("Measure \"{}\" earns points by its rate{}: {}{}.", id,
                         rule.Flag("marginal") ? ", rising between the steps" : "",
                         StepsWords(rule, ""), Better(rule)));
  } else if (kind == "stars") {
    std::vector<std::string> cuts;
    for (const std::string& cut : rule.Texts("cuts")) cuts.push_back(RatioWords(cut));
    rule.Say(fmt::format("Measure \"{}\" earns stars by its rate, two stars and more from {} on{}.",
                         id, JoinWords(cuts, "and"), Better(rule)));
  } else if (kind == "percentile") {
    WritePercentile(rule, id);
  } else if (kind == "attain_or_improve") {
    WriteAttainOrImprove(rule, id);
  } else if (kind == "improvement") {
    WriteImprovement(rule, id);
  } else if (kind == "reporting") {
    rule.Say(
        fmt::format("Measure \"{}\" earns {} points for being reported.", id, rule.Raw("points")));
  }
  rule.Rest(FieldWords(kind));
}

void WriteExtension(const TermReader& extension, const std::string& id) {
  if (extension.Has("points")) WritePoints(extension.Sub("points"), id);
  if (const std::string domain = extension.Raw("domain"); !domain.empty()) {
    extension.Say("domain", fmt::format("It belongs to the domain \"{}\".", domain));
  }
  for (const TermReader& topped : extension.Elements("topped_out")) {
    const std::string most = topped.Raw("points_cap");
    topped.Say(
        fmt::format("From {} on, nearly everybody meeting it, it {}.", topped.Raw("from_year"),
                    most.empty() ? "leaves the score"
                                 : fmt::format("earns at most {} points", RatioWords(most))));
    topped.Rest("topped-out year");
  }
  if (const std::string rate = extension.Raw("default_rate"); !rate.empty()) {
    extension.Say("default_rate", fmt::format("Its default rate is {}.", RatioWords(rate)));
  }
  if (const std::string parent = extension.Raw("parent_measure"); !parent.empty()) {
    extension.Say("parent_measure",
                  fmt::format("The organization above has its result as \"{}\".", parent));
  }
  if (extension.Flag("hold_harmless")) {
    extension.Say("hold_harmless", "It may leave the score where it would lower it.");
  }
  if (extension.Has("evidence")) {
    const TermReader evidence = extension.Sub("evidence");
    evidence.Say(fmt::format("Its evidence counts when the {} is {} or earlier.",
                             evidence.Fact("received_fact"), evidence.Value("last_day")));
    evidence.Rest("evidence");
  }
  extension.Rest(fmt::format("measure \"{}\"", id));
}

std::string SmallWords(const TermReader& measure) {
  return Choice(
      measure, "small",
      {{"SMALL_DENOMINATOR_DROP_AND_REWEIGHT", "it leaves the score, and its weight with it"},
       {"SMALL_DENOMINATOR_SCORE_ZERO", "it counts with no points"},
       {"SMALL_DENOMINATOR_DEFAULT_RATE", "it counts with its default rate"},
       {"SMALL_DENOMINATOR_ROLL_UP",
        "it counts with the result of the organization "
        "above"}});
}

void WriteDomain(const TermReader& domain) {
  domain.Say(fmt::format(
      "The domain \"{}\" has a weight of {} and needs {} scored measures; with fewer it {}.",
      domain.Raw("name"), domain.Ratio("weight"), domain.Value("minimum_measures"),
      domain.Flag("small_is_zero") ? "counts with zero" : "leaves the score"));
  if (domain.Has("reward")) {
    const TermReader reward = domain.Sub("reward");
    reward.Say(fmt::format(
        "For measures that became better, by the {} less the {} as a share of the scored ones, it "
        "receives more points: {}.",
        reward.Fact("improved_fact"), reward.Fact("declined_fact"), StepsWords(reward, "")));
    reward.Rest("reward");
  }
  domain.Rest("domain");
}

void WriteScoreExtension(const TermReader& extension) {
  extension.Say(
      "method",
      extension.Raw("method") == "SCORE_METHOD_MEAN_POINTS"
          ? "The Quality Score is the mean of the points, by weight."
          : "The Quality Score is the points earned over the points possible, by weight.");
  for (const TermReader& domain : extension.Elements("domains")) WriteDomain(domain);
  if (const std::string scale = extension.Raw("scale"); !scale.empty()) {
    extension.Say("scale", fmt::format("It is multiplied by {}.", scale));
  }
  for (const TermReader& adjustment : extension.Elements("adjustments")) {
    adjustment.Say(fmt::format("Then the {} is added, as \"{}\".", adjustment.Fact("fact"),
                               adjustment.Raw("name")));
    adjustment.Rest("adjustment of the score");
  }
  if (const std::string unit = extension.Raw("rounding_unit"); !unit.empty()) {
    extension.Say("rounding_unit",
                  fmt::format("It is rounded to multiples of {}, a half going up.", unit));
  }
  if (const std::string lowest = extension.Raw("lowest"); !lowest.empty()) {
    extension.Say("lowest", fmt::format("It is at least {}.", lowest));
  }
  if (const std::string highest = extension.Raw("highest"); !highest.empty()) {
    extension.Say("highest", fmt::format("It is at most {}.", highest));
  }
  if (const std::string from = extension.Raw("hold_harmless_from"); !from.empty()) {
    extension.Say("hold_harmless_from",
                  fmt::format("A measure may leave where it would lower a score of {} or more.",
                              RatioWords(from)));
  }
  if (const std::string least = extension.Raw("minimum_measures"); least != "0") {
    extension.Say("minimum_measures",
                  fmt::format("With fewer than {} scored measures there is no score.", least));
  }
  extension.Rest("score");
}

}  // namespace

void WriteScore(const TermReader& score) {
  score.Say(
      "The Quality Score is the mean, by weight, of the points, from 0 to 1, that the Party "
      "earns on the measures of this Article.");
  for (const TermReader& measure : score.Elements("measures")) {
    const std::string small = SmallWords(measure);
    const std::string at = measure.Raw("points_at_threshold");
    const std::string id = measure.Raw("id");
    measure.Say(fmt::format(
        "Measure \"{}\", of weight {}, earns points in proportion from a rate of {}, where they "
        "begin at {}, to a rate of {}, where they are full; with a denominator below {} {}.",
        id, measure.Ratio("weight"), measure.Ratio("threshold"), RatioWords(at),
        measure.Ratio("target"), measure.Value("minimum_denominator"), small));
    if (measure.Has("extension")) WriteExtension(measure.Sub("extension"), id);
    measure.Rest(fmt::format("measure \"{}\"", id));
  }
  if (score.Has("extension")) WriteScoreExtension(score.Sub("extension"));
}

std::string ScoreName(const TermReader& rule) {
  return rule.Raw("score_fact").empty() ? "Quality Score" : rule.Fact("score_fact");
}

std::string CurveWords(const TermReader& curve) {
  const std::string score = ScoreName(curve);
  std::string from = curve.Ratio("from");
  for (const TermReader& piece : curve.Elements("pieces")) {
    const std::string up_to = piece.Ratio("up_to");
    piece.Say(fmt::format("From a score of {} to {}{} the curve goes from {} to {}.", from, up_to,
                          piece.Flag("including") ? ", included," : "",
                          piece.Value("at_start_millionths"), piece.Value("at_end_millionths")));
    piece.Rest("piece of the curve");
    from = up_to;
  }
  std::string text = fmt::format("the rate that the curve of this Article gives for the {}", score);
  if (!curve.Raw("gain_factor_fact").empty()) {
    const std::string most = curve.Raw("gain_factor_most");
    text += fmt::format(", a positive one times the {}{}", curve.Fact("gain_factor_fact"),
                        most.empty() ? "" : fmt::format(" of at most {}", most));
  }
  return text;
}

}  // namespace sluice::performance
