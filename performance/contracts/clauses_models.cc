#include "performance/contracts/clauses_models.h"

#include "performance/contracts/term_words.h"

namespace sluice::performance {
namespace {

std::string Ages(const TermReader& term) {
  const std::string from = term.Raw("age_from");
  const std::string to = term.Raw("age_to");
  return to.empty() ? fmt::format("aged {} and older", from)
                    : fmt::format("aged {} to {}", from, to);
}

std::string RoundingOf(const TermReader& term, std::string_view field) {
  return Choice(term, field,
                {{"LINE_ROUNDING_MODE_HALF_AWAY_FROM_ZERO", "a half cent going away from zero"},
                 {"LINE_ROUNDING_MODE_HALF_EVEN", "a half cent going to the even neighbor"},
                 {"LINE_ROUNDING_MODE_TOWARD_ZERO", "any part of a cent being dropped"}});
}

// ---- Member-months ----

void WriteCell(const TermReader& cell) {
  std::string who = Choice(cell, "sex",
                           {{"CELL_SEX_ANY", "members"},
                            {"CELL_SEX_FEMALE", "women and girls"},
                            {"CELL_SEX_MALE", "men and boys"}});
  who += " " + Ages(cell);
  for (const char* field : {"product", "region", "tier"}) {
    if (const std::string text = cell.Raw(field); !text.empty()) {
      who += fmt::format(", of {} \"{}\"", field, text);
    }
  }
  cell.Say(fmt::format("Cell \"{}\": {} for {}.", cell.Raw("label"), cell.Value("price_millionths"),
                       who));
  cell.Rest("rate cell");
}

void WriteRates(const TermReader& rates) {
  rates.Say(fmt::format(
      "The price of a member-month is that of the rate cell which fits the member's age, sex, "
      "product, region and tier; members {} are covered, and a covered member without a cell stops "
      "the settlement.",
      Ages(rates)));
  for (const TermReader& version : rates.Elements("versions")) {
    version.Say(fmt::format("These are the rate cells of {} and the months after it.",
                            version.Raw("from")));
    for (const TermReader& cell : version.Elements("cells")) WriteCell(cell);
    version.Rest("rate version");
  }
  rates.Rest("rates");
}

void WriteMonthRule(const TermReader& month) {
  const std::string method = month.Raw("method");
  const std::string day = month.Raw("day");
  const std::string length = month.Raw("month_length") == "MONTH_LENGTH_THIRTY"
                                 ? "a month of thirty days"
                                 : "the days of the month";
  std::string text = "A month is payable when the member is on the panel on its first day";
  if (method == "MONTH_METHOD_FIFTEEN_THIRTY") {
    text = fmt::format(
        "A change dated on day 1 to {} counts for its own month, and a later one for "
        "the month after",
        day);
  } else if (method == "MONTH_METHOD_SNAPSHOT") {
    text = fmt::format(
        "A month is payable when the member is on the panel on its day {}, or on its "
        "last day where it is shorter",
        day);
  } else if (method == "MONTH_METHOD_DAILY") {
    text = "A month is payable in proportion to the days on the panel";
  }
  if (month.Flag("newborn_from_birth_month")) {
    text += "; a newborn on the panel in the month of birth is payable for that month";
  }
  month.Say(text + ".");
  // Only the rule by a day of change asks what the date of a termination is.
  const bool last_covered = month.Raw("end_dated") == "END_DAY_LAST_COVERED";
  if (method == "MONTH_METHOD_FIFTEEN_THIRTY" || last_covered) {
    month.Say("end_dated", fmt::format("A termination is dated by {}.",
                                       last_covered ? "the last covered day"
                                                    : "the first day without coverage"));
  }
  if (method != "MONTH_METHOD_FIFTEEN_THIRTY" && method != "MONTH_METHOD_SNAPSHOT" && day != "15") {
    month.Say("day", fmt::format("Day {} is kept for a rule by day.", day));
  }
  if (method == "MONTH_METHOD_DAILY" || length != "the days of the month") {
    month.Say("month_length", fmt::format("Days are counted over {}.", length));
  }
  month.Rest("month rule");
}

void WriteRisk(const TermReader& risk) {
  const std::string factor =
      Choice(risk, "kind",
             {{"RISK_KIND_NONE", "no risk factor"},
              {"RISK_KIND_MEMBER", "the member's risk score"},
              {"RISK_KIND_MEMBER_NORMALIZED", "the member's risk score over the mean of the plan"},
              {"RISK_KIND_PANEL", "the mean risk of the payee's panel over the mean of the plan"}});
  risk.Say(fmt::format("The price is multiplied by {}.", factor));
  if (risk.Has("most_below_millionths")) {
    risk.Say("most_below_millionths", fmt::format("The factor is at least one less {}.",
                                                  risk.Value("most_below_millionths")));
  }
  if (risk.Has("most_above_millionths")) {
    risk.Say("most_above_millionths",
             fmt::format("The factor is at most one and {}.", risk.Value("most_above_millionths")));
  }
  risk.Rest("risk factor");
}

void WriteRetro(const TermReader& rule) {
  const std::string product = rule.Raw("product");
  const bool any_reason = !rule.Has("reason");
  std::string what = any_reason ? "a change" : fmt::format("a change by {}", rule.Value("reason"));
  if (!product.empty()) what += fmt::format(" for members of product \"{}\"", product);
  rule.Say(Capital(
      rule.Has("days")
          ? fmt::format("{} is paid or taken back for months that began within {} days before the "
                        "run.",
                        what, rule.Raw("days"))
          : fmt::format("{} is paid or taken back however far it reaches back.", what)));
  rule.Rest("reach of changes");
}

void WriteMemberMonths(const TermReader& sum) {
  sum.Say(
      "The Settlement Value begins as the sum, over members and months, of what each payee is owed "
      "for its panel; a month that was paid is calculated again when something about it is "
      "learned, "
      "and the difference is paid or taken back.");
  const std::string base = sum.Chosen();
  if (base == "rates") {
    WriteRates(sum.Sub(base));
  } else if (base == "percent_of_premium") {
    const TermReader premium = sum.Sub(base);
    premium.Say(fmt::format("The price of a member-month is {} of the premium received for it.",
                            premium.Value("rate_millionths")));
    premium.Rest("share of premium");
  }
  sum.Say("age_day", fmt::format("Ages are taken on {}.",
                                 Choice(sum, "age_day",
                                        {{"AGE_DAY_FIRST_OF_MONTH", "the first day of the month"},
                                         {"AGE_DAY_LAST_OF_MONTH", "the last day of the month"},
                                         {"AGE_DAY_FIRST_OF_YEAR", "January 1 of the year"}})));
  if (sum.Has("month")) WriteMonthRule(sum.Sub("month"));
  const std::vector<std::string> weights = sum.Texts("new_member_weight_millionths");
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum.Say("new_member_weight_millionths",
            fmt::format("Payable month {} of a member who joins counts with {} millionths.", i + 1,
                        weights[i]));
  }
  if (sum.Has("risk")) WriteRisk(sum.Sub("risk"));
  if (sum.Has("minimum_millionths")) {
    sum.Say("minimum_millionths",
            fmt::format("A member-month is paid at least {}.", sum.Value("minimum_millionths")));
  }
  if (const std::vector<std::string> out = sum.Texts("excluded_products"); !out.empty()) {
    std::vector<std::string> names;
    for (const std::string& product : out) names.push_back(fmt::format("\"{}\"", product));
    sum.Say("excluded_products",
            fmt::format("Nothing is paid for members of product {}.", JoinWords(names, "or")));
  }
  for (const TermReader& rule : sum.Elements("retro")) WriteRetro(rule);
  if (const std::string first = sum.Raw("first_month"); !first.empty()) {
    sum.Say("first_month", fmt::format("Months before {} were settled elsewhere.", first));
  }
  sum.Say("rounding",
          fmt::format("{} is rounded to the cent, {}.",
                      Choice(sum, "rounding",
                             {{"LINE_ROUNDING_PER_MEMBER_MONTH", "Each member-month"},
                              {"LINE_ROUNDING_PER_TOTAL", "Each payee's sum of a run"}}),
                      RoundingOf(sum, "rounding_mode")));
}

// ---- Activities ----

void WritePrice(const TermReader& price, bool points) {
  const std::string kind =
      Choice(price, "kind",
             {{"ACTIVITY_KIND_CLAIM_CODE", "procedure"},
              {"ACTIVITY_KIND_GAP_CLOSED", "closed care gap"},
              {"ACTIVITY_KIND_ADT_EVENT", "admission, discharge or transfer message"},
              {"ACTIVITY_KIND_ASSESSMENT", "assessment"},
              {"ACTIVITY_KIND_CPT_II", "performance code"}});
  const std::string evidence =
      Choice(price, "evidence",
             {{"EVIDENCE_RULE_NONE", "it is its own evidence"},
              {"EVIDENCE_RULE_REFERENCE", "a document or claim must be named"},
              {"EVIDENCE_RULE_ACCEPTED", "a reviewer must have accepted its evidence"}});
  const std::string to = price.Value("effective_to");
  std::string worth = price.Value("price_millionths");
  if (points && worth.starts_with('$')) worth = worth.substr(1) + " points";
  price.Say(fmt::format(
      "A {} \"{}\" counts for \"{}\" and earns {}, with a day of service from {} on{}; {}.", kind,
      price.Raw("code"), price.Raw("measure"), worth, price.Value("effective_from"),
      to.empty() ? "" : " and before " + to, evidence));
  price.Rest("price");
}

void WriteCutoff(const TermReader& cutoff) {
  const std::string channel = cutoff.Raw("channel");
  const std::string what = channel.empty() ? "Evidence of every other channel"
                                           : fmt::format("Evidence of channel \"{}\"", channel);
  const std::string by = cutoff.Chosen();
  if (by == "on_day") {
    const TermReader day = cutoff.Sub(by);
    day.Say(
        fmt::format("{} counts when it is received by month {}, day {}, {} years after the "
                    "performance period.",
                    what, day.Raw("month"), day.Raw("day"), day.Raw("years_after")));
    day.Rest("cut-off");
  } else {
    cutoff.Say(fmt::format("{} counts when it is received within {} days of the service.", what,
                           cutoff.Raw("days_after_service")));
  }
  cutoff.Rest("cut-off");
}

void WriteActivityCap(const TermReader& cap) {
  const std::string measure = cap.Raw("measure");
  std::vector<std::string> most;
  if (cap.Has("amount_cents")) most.push_back(cap.Value("amount_cents"));
  if (cap.Has("events")) most.push_back(cap.Raw("events") + " activities");
  cap.Say(fmt::format("{}{} counts at most {} in {}; what is above it stays with the Payer.",
                      Capital(Choice(cap, "scope",
                                     {{"CAP_SCOPE_MEMBER", "each member"},
                                      {"CAP_SCOPE_PROVIDER", "each provider"},
                                      {"CAP_SCOPE_CONTRACT", "this contract"}})),
                      measure.empty() ? "" : fmt::format(", for \"{}\" alone,", measure),
                      JoinWords(most, "and"),
                      Choice(cap, "period",
                             {{"CAP_PERIOD_YEAR", "a calendar year"},
                              {"CAP_PERIOD_QUARTER", "a calendar quarter"},
                              {"CAP_PERIOD_MONTH", "a calendar month"},
                              {"CAP_PERIOD_WHOLE", "the performance period"}})));
  cap.Rest("cap");
}

void WriteActivities(const TermReader& sum) {
  sum.Say("The Settlement Value begins as the sum of what the activities of the period earn.");
  const bool points = sum.Has("point_value_millionths");
  for (const TermReader& price : sum.Elements("prices")) WritePrice(price, points);
  std::vector<std::string> key;
  for (const std::string& field : sum.Texts("key")) {
    constexpr std::string_view kPrefix = "ACTIVITY_KEY_FIELD_";
    key.push_back(Words(field.starts_with(kPrefix) ? std::string_view(field).substr(kPrefix.size())
                                                   : std::string_view(field)));
  }
  sum.Say("key", fmt::format("Of activities with the same {}, the first one with valid evidence "
                             "counts.",
                             JoinWords(key, "and")));
  for (const TermReader& cutoff : sum.Elements("cutoffs")) WriteCutoff(cutoff);
  for (const TermReader& cap : sum.Elements("caps")) WriteActivityCap(cap);
  if (points) {
    sum.Say("point_value_millionths",
            fmt::format("A point is worth {}.", sum.Value("point_value_millionths")));
  }
  if (const std::vector<std::string> out = sum.Texts("excluded_products"); !out.empty()) {
    sum.Say("excluded_products",
            fmt::format("Nothing is earned for a member whom only {} covers on the day of service.",
                        JoinWords(out, "or")));
  }
}

}  // namespace

bool WriteModelBasis(const std::string& kind, const TermReader& term) {
  if (kind == "member_month_sum") {
    WriteMemberMonths(term);
  } else if (kind == "activity_sum") {
    WriteActivities(term);
  } else if (kind == "episode_sum") {
    WriteEpisodes(term);
  } else if (kind == "benchmark_minus_actual") {
    WriteBenchmark(term);
  } else {
    return false;
  }
  return true;
}

void WriteAdjustment(const TermReader& adjustment) {
  const std::string kind = adjustment.Chosen();
  std::string due = "the amount stated in this Article";
  if (kind == "share_of_value") {
    const TermReader share = adjustment.Sub(kind);
    due = fmt::format("{} of the Settlement Value, {}", share.Value("rate_millionths"),
                      RoundingOf(share, "mode"));
    share.Rest("share");
  } else if (kind == "price_per_unit") {
    const TermReader price = adjustment.Sub(kind);
    due = fmt::format("{} for each of the {}, {}", price.Value("price_millionths"),
                      price.Fact("count_fact"), RoundingOf(price, "mode"));
    price.Rest("price");
  } else if (kind == "amount_fact") {
    due = fmt::format("the {}", adjustment.Fact(kind));
  }
  adjustment.Say(
      fmt::format("As a {} (\"{}\"), {} is taken from the Settlement Value, but at most {} of it; "
                  "what does not fit is carried to the next period. {}",
                  Choice(adjustment, "kind",
                         {{"ADJUSTMENT_KIND_PASS_THROUGH_REDUCTION", "reduction that is passed on"},
                          {"ADJUSTMENT_KIND_CARVE_OUT", "charge for carved-out services"},
                          {"ADJUSTMENT_KIND_ADMINISTRATION_FEE", "fee for administration"},
                          {"ADJUSTMENT_KIND_REINSURANCE_PREMIUM", "premium for reinsurance"},
                          {"ADJUSTMENT_KIND_RECOVERY", "recovery of an earlier payment"}}),
                  adjustment.Raw("name"), due, adjustment.Value("maximum_millionths"),
                  adjustment.Flag("of_losses") ? "Of a loss the same is taken."
                                               : "Of a loss nothing is taken."));
}

void WriteInterim(const TermReader& interim) {
  interim.Say(
      fmt::format("While the {} is \"interim\", {} of the result is paid{}; when it is \"final\", "
                  "all of it is.",
                  interim.Fact("stage_fact"), interim.Value("pay_millionths"),
                  interim.Flag("upward_only") ? ", and a loss is not collected" : " or collected"));
}

void WriteDelta(const TermReader& delta) {
  std::vector<std::string> names;
  for (const std::string& fact : delta.Texts("posted_facts")) {
    names.push_back("the " + delta.Out().Fact(fact, delta.PathOf("posted_facts")));
  }
  delta.Say("posted_facts",
            fmt::format("What was paid for the period outside this settlement is taken off: {}.",
                        JoinWords(names, "and")));
}

void WriteCarryForward(const TermReader& carry) {
  carry.Say(
      fmt::format("The {}, the deficit of earlier years, is taken from a gain, of which at "
                  "most {} is taken.",
                  carry.Fact("balance_fact"), carry.Value("maximum_millionths")));
  carry.Say("carry_losses", carry.Flag("carry_losses")
                                ? "A loss is added to that deficit instead of being collected."
                                : "A loss is collected.");
  if (carry.Has("expires_after_years")) {
    carry.Say("expires_after_years",
              fmt::format("A deficit expires after {} years.", carry.Raw("expires_after_years")));
  }
  if (carry.Raw("yearly_interest_millionths") != "0") {
    carry.Say("yearly_interest_millionths",
              fmt::format("What is outstanding bears {} of interest a year.",
                          carry.Value("yearly_interest_millionths")));
  }
}

void WriteRedistribute(const TermReader& redistribute) {
  redistribute.Say(fmt::format(
      "Of what the contracts of the program forfeit, {} is shared, by {}, among those with a score "
      "of at least {}{}.",
      redistribute.Value("share_millionths"), redistribute.Fact("weight_fact"),
      redistribute.Ratio("minimum_score"),
      redistribute.Has("most_cents")
          ? fmt::format(", none of which receives more than {}", redistribute.Value("most_cents"))
          : ""));
}

}  // namespace sluice::performance
