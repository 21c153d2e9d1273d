#include "performance/contracts/clauses_models.h"
#include "performance/contracts/term_words.h"

namespace sluice::performance {
namespace {

void WriteTrend(const TermReader& trend, std::string_view what) {
  const std::string rule = trend.Raw("rule");
  std::string text = fmt::format("{} are not trended", what);
  if (rule == "TREND_RULE_STATED") {
    text = fmt::format("{} grow by {}", what, trend.Value("growth_millionths"));
  } else if (rule == "TREND_RULE_BLENDED") {
    const std::string fact = trend.Raw("national_weight_fact");
    text = fmt::format(
        "{} grow by national and regional growth, the national one with a weight of "
        "{}",
        what,
        fact.empty() ? trend.Ratio("national_weight")
                     : "the " + trend.Fact("national_weight_fact"));
  }
  // Kept in the terms though only a blended trend reads it.
  if (const std::string weight = trend.Raw("national_weight");
      rule != "TREND_RULE_BLENDED" && weight != "0" && !weight.empty()) {
    text += fmt::format("; a national weight of {} is not used", RatioWords(weight));
  }
  if (const std::string flat = trend.Raw("flat_share"); flat != "0" && !flat.empty()) {
    text += fmt::format("; {} of it grows by the same dollars for everybody", RatioWords(flat));
  }
  trend.Say(Capital(text + "."));
  trend.Rest("trend");
}

void WriteRiskRatios(const TermReader& risk) {
  std::vector<std::string> years;
  if (risk.Flag("base_years")) years.emplace_back("the base years");
  if (risk.Flag("performance_year")) years.emplace_back("the performance year");
  const std::string cap = risk.Raw("cap");
  std::string text = years.empty() ? "the benchmark is not adjusted for risk"
                                   : fmt::format(
                                         "the benchmark is adjusted by the growth of risk "
                                         "to {}",
                                         JoinWords(years, "and"));
  if (cap == "RISK_CAP_NONE") {
    text += ", of any size";
  } else {
    text += fmt::format(", which is {} at most {}{}",
                        cap == "RISK_CAP_PER_TYPE" ? "for each enrollment type" : "in all",
                        risk.Ratio("highest_growth"),
                        risk.Flag("add_demographic_growth") ? " and the demographic growth" : "");
  }
  const std::string fall = risk.Raw("lowest_fall");
  if (!fall.empty()) text += fmt::format(", and falls by at most {}", RatioWords(fall));
  risk.Say(Capital(text + "."));
  risk.Rest("risk adjustment");
}

void WriteRebase(const TermReader& rebase) {
  rebase.Say(fmt::format(
      "After {} years the benchmark is set again: {} of it is the Party's own cost and {} the "
      "region's, {} of what was saved is returned to it, and it changes by no less than {}; a "
      "decline beyond {} is shown.",
      rebase.Raw("agreement_years"), rebase.Ratio("own_weight"), rebase.Ratio("regional_weight"),
      rebase.Ratio("savings_returned"), rebase.Ratio("lowest_change"),
      rebase.Ratio("flag_decline")));
  rebase.Rest("rebasing");
}

void WriteHistorical(const TermReader& target) {
  std::vector<std::string> years;
  for (const TermReader& year : target.Elements("years")) {
    const std::string growth = year.Value("growth_millionths");
    years.push_back(fmt::format("{} with a weight of {}{}", year.Raw("name"), year.Ratio("weight"),
                                growth == "0 %" ? "" : fmt::format(" growing by {}", growth)));
    year.Rest("base year");
  }
  target.Say(fmt::format("The benchmark is what the members cost in base years: {}.",
                         JoinWords(years, "and")));
  target.Say("types", fmt::format("It is computed for each enrollment type: {}.",
                                  JoinWords(target.Texts("types"), "and")));
  if (target.Has("trend")) WriteTrend(target.Sub("trend"), "the base years up to the last one");
  if (target.Has("update"))
    WriteTrend(target.Sub("update"), "the years from the last base year on");
  if (target.Has("risk")) WriteRiskRatios(target.Sub("risk"));
  if (target.Has("regional")) {
    const TermReader regional = target.Sub("regional");
    regional.Say(fmt::format(
        "Of the difference to the region, {} is added where the Party costs less and {} taken off "
        "where it costs more, at most {} and {} of the national amount.",
        regional.Ratio("share_below"), regional.Ratio("share_above"), regional.Ratio("highest"),
        regional.Ratio("lowest")));
    regional.Rest("regional adjustment");
  }
  if (target.Has("prior_savings")) {
    const TermReader prior = target.Sub("prior_savings");
    prior.Say(fmt::format("Of earlier savings {} is added, at most {} of the national amount.",
                          prior.Ratio("share"), prior.Ratio("highest")));
    prior.Rest("prior savings");
  }
  if (target.Has("rebase")) WriteRebase(target.Sub("rebase"));
  target.Rest("historical benchmark");
}

void WriteBenchmarkTarget(const TermReader& basis) {
  const std::string kind = basis.Chosen();
  if (kind == "historical") return WriteHistorical(basis.Sub(kind));
  if (kind == "per_member") {
    const TermReader target = basis.Sub(kind);
    const std::string fact = target.Raw("price_fact");
    target.Say(fmt::format(
        "The benchmark is {} for each of the {}.",
        fact.empty() ? target.Value("price_millionths") : "the " + target.Fact("price_fact"),
        target.Fact("count_fact")));
    return target.Rest("target per member");
  }
  if (kind == "stated") {
    const TermReader target = basis.Sub(kind);
    target.Say(fmt::format("The benchmark is the {}, as announced.", target.Fact("fact")));
    target.Rest("stated target");
  }
}

void WriteBenchmarkAdjustment(const TermReader& adjustment) {
  const std::string kind = adjustment.Chosen();
  std::string text = "it is changed as stated in this Article";
  if (!kind.empty()) {
    const TermReader term = adjustment.Sub(kind);
    if (kind == "per_member") {
      text = fmt::format("{} is added for each of the {}", term.Value("price_millionths"),
                         term.Fact("count_fact"));
    } else if (kind == "discount") {
      text = fmt::format("{} is taken off", term.Value("rate_millionths"));
    } else if (kind == "quality_withhold") {
      text = fmt::format("{} is taken off, of which the {} is earned back",
                         term.Value("rate_millionths"), term.Fact("score_fact"));
    } else if (kind == "paid_elsewhere") {
      std::vector<std::string> facts;
      for (const std::string& fact : term.Texts("facts")) {
        facts.push_back("the " + term.Out().Fact(fact, term.PathOf("facts")));
      }
      text = fmt::format("what other programs paid for the same members is taken off: {}",
                         JoinWords(facts, "and"));
    }
    term.Rest(FieldWords(kind));
  }
  const std::string clause = adjustment.Raw("clause");
  adjustment.Say(fmt::format("Then, for \"{}\", {}{}.", adjustment.Raw("name"), text,
                             clause.empty() ? "" : fmt::format(" ({})", clause)));
  adjustment.Rest("change of the benchmark");
}

void WriteTruncation(const TermReader& truncation) {
  const std::string rule = truncation.Raw("rule");
  const std::string percentile = truncation.Ratio("percentile");
  const std::string definition =
      Choice(truncation, "definition",
             {{"PERCENTILE_RULE_NEAREST_RANK", "by nearest rank"},
              {"PERCENTILE_RULE_INTERPOLATED", "between two values (R-7)"},
              {"PERCENTILE_RULE_NEXT_ABOVE", "at the next value"}});
  std::string text = "What one person costs counts whole";
  if (rule == "TRUNCATION_RULE_PERCENTILE") {
    text = fmt::format("What one person costs counts up to the percentile {} of {}, taken {}",
                       percentile, truncation.Raw("population"), definition);
  } else {
    if (rule == "TRUNCATION_RULE_FIXED") {
      text = fmt::format("What one person costs counts up to {} a year",
                         truncation.Value("threshold_cents"));
    }
    // Kept in the terms though only the other rule reads it.
    if (percentile != "0" || definition != "by nearest rank") {
      text += fmt::format(" (a percentile {}, taken {}, is not used)", percentile, definition);
    }
  }
  truncation.Say(fmt::format(
      "{}{}.", text,
      truncation.Flag("annualize") ? ", where a part of a year is compared as a whole one" : ""));
  truncation.Rest("truncation");
}

void WriteStopLoss(const TermReader& stop_loss) {
  stop_loss.Say(fmt::format(
      "Above {} for one person, {} of the cost is covered{}, for a charge of {} per member and "
      "month, which is added to {}.",
      stop_loss.Value("attachment_cents"), stop_loss.Value("covered_millionths"),
      stop_loss.Has("maximum_cents") ? fmt::format(", at most {}", stop_loss.Value("maximum_cents"))
                                     : "",
      stop_loss.Value("pooling_charge_millionths"),
      Choice(
          stop_loss, "charge_side",
          {{"POOLING_SIDE_ACTUAL", "the actual cost"},
           {"POOLING_SIDE_TARGET", "the benchmark"},
           {"POOLING_SIDE_ACTUAL_AND_BASE_YEARS", "the actual cost and that of each base year"}})));
  stop_loss.Rest("stop-loss");
}

void WriteDetail(const TermReader& detail) {
  if (detail.Has("truncation")) WriteTruncation(detail.Sub("truncation"));
  if (detail.Has("stop_loss")) WriteStopLoss(detail.Sub("stop_loss"));
  if (detail.Has("completion")) {
    const TermReader completion = detail.Sub("completion");
    const std::string months = completion.Raw("latest_months");
    completion.Say(fmt::format(
        "What was incurred and is not paid yet is added by completion factors over {}; below a "
        "factor of {} the expected cost stands in.",
        months == "0" ? "all months" : fmt::format("the latest {} months", months),
        completion.Ratio("expected_below")));
    completion.Rest("completion");
  }
  if (detail.Has("exposure")) {
    const TermReader exposure = detail.Sub("exposure");
    exposure.Say(fmt::format(
        "A member who joins by day {} counts in that month; the first {} months do not count, and "
        "the {} after them count {}.",
        exposure.Raw("last_joining_day"), exposure.Raw("waiting_months"),
        exposure.Raw("reduced_months"), exposure.Ratio("reduced_weight")));
    exposure.Rest("exposure");
  }
  if (const std::vector<std::string> out = detail.Texts("excluded_products"); !out.empty()) {
    detail.Say("excluded_products",
               fmt::format("Months in which only {} covers a member do not count, nor what they "
                           "cost.",
                           JoinWords(out, "or")));
  }
  detail.Rest("cost of members");
}

}  // namespace

void WriteBenchmark(const TermReader& basis) {
  const std::string actual = basis.Fact("actual_fact");
  const std::string name = basis.Raw("target_name");
  basis.Say(fmt::format(
      "The Settlement Value begins as the benchmark{} less the {}; a positive result is a gain and "
      "a "
      "negative result is a loss.",
      name.empty() ? "" : fmt::format(" (later the {})", basis.Fact("target_name")), actual));
  WriteBenchmarkTarget(basis);
  for (const TermReader& adjustment : basis.Elements("adjustments")) {
    WriteBenchmarkAdjustment(adjustment);
  }
  if (basis.Has("announcement")) {
    const TermReader announced = basis.Sub("announcement");
    announced.Say(fmt::format(
        "There is no settlement unless the benchmark was announced, on the {} and in the {}{}.",
        announced.Fact("date_fact"), announced.Fact("source_fact"),
        announced.Has("latest_day")
            ? fmt::format(", at most {} days after the period began", announced.Raw("latest_day"))
            : ""));
    announced.Rest("announcement");
  }
  if (basis.Has("detail")) WriteDetail(basis.Sub("detail"));
}

}  // namespace sluice::performance
