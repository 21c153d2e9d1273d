#include "performance/contracts/clauses_split.h"

#include "performance/contracts/term_words.h"

namespace sluice::performance {
namespace {

std::string ForfeitWords(const TermReader& term) {
  const std::string to = term.Raw("forfeit_to");
  if (to == "FORFEIT_TO_PARENT") return "the organization above";
  if (to == "FORFEIT_TO_PAYER") return "the Payer";
  return "the others in the same pool";
}

// What a withhold may have beside its rate.
void WriteHeldTerms(const TermReader& withhold) {
  if (withhold.Raw("base") == "WITHHOLD_BASE_GROSS") {
    withhold.Say("base", "It is taken of the award before an advance is recovered.");
  }
  if (const std::vector<std::string> streams = withhold.Texts("streams"); !streams.empty()) {
    withhold.Say("streams", fmt::format("It is taken of payments of stream {} only.",
                                        JoinWords(streams, "and")));
  }
  if (withhold.Has("interest")) {
    const TermReader interest = withhold.Sub("interest");
    interest.Say(
        fmt::format("What is held bears interest of {} a year, over {}, rounded once, {}{}.",
                    interest.Value("annual_millionths"),
                    interest.Raw("day_count") == "DAY_COUNT_THIRTY_360" ? "360 days of months of 30"
                                                                        : "365 days as they pass",
                    RoundingWords(interest),
                    interest.Flag("on_forfeited") ? "; what is not released bears it too" : ""));
    interest.Rest("interest");
  }
  if (withhold.Has("release_on")) {
    const TermReader on = withhold.Sub("release_on");
    const std::string flag = on.Raw("flag_fact");
    on.Say(fmt::format(
        "It is released {} months after the performance year{}.", on.Raw("months_after_year"),
        flag.empty() ? ""
                     : fmt::format(" if the {} indicator is affirmative", on.Fact("flag_fact"))));
    on.Rest("release");
  }
  if (withhold.Has("expiry")) {
    const TermReader expiry = withhold.Sub("expiry");
    expiry.Say(fmt::format("What is still held {} months after the performance year goes to {}.",
                           expiry.Raw("months_after_year"),
                           Choice(expiry, "to",
                                  {{"FORFEIT_TO_POOL", "the others in the same pool"},
                                   {"FORFEIT_TO_PARENT", "the organization above"},
                                   {"FORFEIT_TO_PAYER", "the Payer"}})));
    expiry.Rest("expiry");
  }
}

// How much of something a score lets through: "by the Citizenship, from 50 % on 1/2, ...".
std::string FactorWords(const TermReader& factor) {
  std::string text = fmt::format("the {}", factor.Fact("fact"));
  std::vector<std::string> steps;
  for (const TermReader& step : factor.Elements("steps")) {
    steps.push_back(fmt::format("{} from {} on", step.Raw("factor"), step.Ratio("at_least")));
    step.Rest("factor step");
  }
  factor.Rest("factor");
  return steps.empty() ? text + ", from 0 to 1"
                       : fmt::format("{}, as {}", text, JoinWords(steps, "and"));
}

void WriteRefinement(const TermReader& refinement, std::string_view where) {
  if (const std::string risk = refinement.Raw("risk_name"); !risk.empty()) {
    refinement.Say("risk_name", fmt::format("The risk that weighs a member of {} is the {}.", where,
                                            refinement.Fact("risk_name")));
  }
  if (refinement.Has("quality")) {
    const TermReader quality = refinement.Sub("quality");
    quality.Say(fmt::format("The weight of a member of {} is multiplied by {}.", where,
                            FactorWords(quality)));
  }
  for (const TermReader& part : refinement.Elements("earned")) {
    part.Say(fmt::format("Of the share of a member of {}, {} is earned by {}.", where,
                         part.Value("share_millionths"),
                         part.Has("by") ? FactorWords(part.Sub("by")) : "being a member"));
    part.Rest("earned part");
  }
  if (refinement.Has("redistribution")) {
    const TermReader again = refinement.Sub("redistribution");
    std::vector<std::string> minima;
    for (const TermReader& minimum : again.Elements("when")) {
      minima.push_back(
          fmt::format("a {} of at least {}", minimum.Fact("fact"), minimum.Ratio("at_least")));
      minimum.Rest("score minimum");
    }
    again.Say(fmt::format("Of what members of {} do not earn, {} is shared among those {}.", where,
                          again.Value("share_millionths"),
                          minima.empty() ? "in standing" : "with " + JoinWords(minima, "and")));
    again.Rest("sharing of what is not earned");
  }
  for (const TermReader& share : refinement.Elements("shares")) {
    const std::string under = share.Raw("under_party_id");
    share.Say(fmt::format("Party {} receives {}{}.", share.Raw("party_id"),
                          share.Value("share_millionths"),
                          under == "0" ? "" : fmt::format(" under party {}", under)));
    share.Rest("stated share");
  }
  const std::string proration = refinement.Raw("proration");
  if (proration != "PRORATION_NONE") {
    refinement.Say(
        "proration",
        fmt::format(
            "Who was a member of {} for a part of the period counts {}.", where,
            Choice(
                refinement, "proration",
                {{"PRORATION_DAYS", "by days"},
                 {"PRORATION_MONTHS_ON_FIRST_DAY", "by the months on whose first day it was one"},
                 {"PRORATION_MONTHS_ANY_DAY", "by the months on some day of which it was one"}})));
  }
  refinement.Rest(fmt::format("division of {}", where));
}

void WriteFixedItem(const TermReader& item, std::string_view where) {
  const std::string kind = item.Chosen();
  const std::string party = item.Raw("party_id");
  const std::string amount = kind == "amount_cents" ? item.Value(kind)
                             : kind == "fact"       ? fmt::format("the {}", item.Fact(kind))
                             : kind.empty()
                                 ? "the amount stated in this Article"
                                 : fmt::format("{} of what is divided", item.Value(kind));
  item.Say(fmt::format("Before the members of {}, {} is set aside for \"{}\"{}.", where, amount,
                       item.Raw("label"), party == "0" ? "" : fmt::format(", to party {}", party)));
  item.Rest("fixed item");
}

void WriteRolePool(const TermReader& pool, std::string_view where) {
  const std::string name = pool.Raw("name");
  std::vector<std::string> who = pool.Texts("roles");
  for (const std::string& kind : pool.Texts("kinds")) who.push_back("kind " + Words(kind));
  const std::string weight = pool.Raw("weight_name");
  pool.Say(fmt::format(
      "The pool \"{}\" of {} receives {} and is for {}; it is divided by {}{}, and the share of a "
      "member without standing goes to {}.",
      name, where, pool.Value("share_millionths"), JoinWords(who, "and"), pool.Value("basis"),
      weight.empty() ? "" : fmt::format(" (the {} of each)", pool.Fact("weight_name")),
      ForfeitWords(pool)));
  if (pool.Has("floor_cents")) {
    pool.Say("floor_cents",
             fmt::format("A member of that pool receives at least {}.", pool.Value("floor_cents")));
  }
  if (pool.Has("cap_cents")) {
    pool.Say("cap_cents",
             fmt::format("A member of that pool receives at most {}.", pool.Value("cap_cents")));
  }
  if (pool.Has("refinement")) {
    WriteRefinement(pool.Sub("refinement"), fmt::format("the pool \"{}\"", name));
  }
  pool.Rest(fmt::format("pool \"{}\"", name));
}

void WriteLevelParts(const TermReader& level, std::string_view where) {
  if (level.Has("refinement")) WriteRefinement(level.Sub("refinement"), where);
  for (const TermReader& item : level.Elements("fixed_first")) WriteFixedItem(item, where);
  for (const TermReader& pool : level.Elements("pools")) WriteRolePool(pool, where);
}

}  // namespace

std::string RoundingWords(const TermReader& term) {
  const std::string mode = term.Raw("mode");
  if (mode == "ROUNDING_MODE_HALF_EVEN") return "a half going to the even neighbor";
  if (mode == "ROUNDING_MODE_TOWARD_ZERO") return "any remainder being dropped";
  return "a half going away from zero";
}

void WriteHeldBack(const TermReader& withhold, std::string_view of) {
  const std::string by = withhold.Raw("released_by");
  withhold.Say(fmt::format(
      "Of {}, {} is held back, to the cent, {}; what is not released goes to "
      "{}.",
      of, withhold.Value("rate_millionths"), RoundingWords(withhold), ForfeitWords(withhold)));
  if (!by.empty()) {
    withhold.Say("released_by", fmt::format("Its release is decided by: {}.", by));
  }
  WriteHeldTerms(withhold);
}

void WriteSplit(const TermReader& split) {
  split.Say(fmt::format(
      "The award is divided down the organization of the Party; a member must be in good standing "
      "on the {}, those take part who are members {}, and a loss is {}.",
      split.Value("standing"),
      split.Raw("membership") == "MEMBERSHIP_DURING_PERIOD" ? "on any day of the performance period"
                                                            : "on that day",
      split.Raw("losses") == "LOSS_SPLIT_MIRRORED" ? "divided as a gain would be"
                                                   : "owed by the Party alone"));
  int generation = 0;
  for (const TermReader& level : split.Elements("levels")) {
    ++generation;
    const std::string name = level.Raw("weight_name");
    const std::string basis = level.Value("basis");
    const std::string weights = basis == "equal"
                                    ? "in equal parts"
                                    : fmt::format("by {}", basis == "weights" ? "weight" : basis);
    level.Say(
        fmt::format("In generation {} below the Party, each organization keeps {} and the "
                    "rest goes to its members {}{}; the share of a member without standing "
                    "goes to {}.",
                    generation, level.Value("keep_millionths"), weights,
                    name.empty() ? "" : fmt::format(" (the {} of each)", level.Fact("weight_name")),
                    ForfeitWords(level)));
    if (level.Has("floor_cents")) {
      level.Say("floor_cents", fmt::format("A member of that generation receives at least {}.",
                                           level.Value("floor_cents")));
    }
    if (level.Has("cap_cents")) {
      level.Say("cap_cents", fmt::format("A member of that generation receives at most {}.",
                                         level.Value("cap_cents")));
    }
    WriteLevelParts(level, "that generation");
    level.Rest(fmt::format("division of generation {}", generation));
  }
}

}  // namespace sluice::performance
