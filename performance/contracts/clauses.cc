// The articles of the components whose words a lawyer would choose. What has no words here is
// stated field by field (clause_writer.cc).
#include <functional>
#include <map>

#include "performance/contracts/clause_writer.h"
#include "performance/contracts/clauses_models.h"
#include "performance/contracts/clauses_quality.h"
#include "performance/contracts/clauses_split.h"
#include "performance/contracts/term_words.h"

namespace sluice::performance {
namespace {

constexpr std::string_view kUnsigned = "the Settlement Value, taken without its sign,";

std::string Note(const TermReader& term, std::string_view field = "note") {
  const std::string note = term.Raw(field);
  return note.empty() ? "" : fmt::format(", and the statement notes {}", note);
}

void WriteBasis(const TermReader& basis) {
  const std::string kind = basis.Chosen();
  const std::string zero = basis.Raw("zero_reason");
  if (!kind.empty()) {
    const TermReader term = basis.Sub(kind);
    if (kind == "target_minus_actual") {
      term.Say(
          fmt::format("The Settlement Value begins as the {} less the {}; a positive result "
                      "is a gain and a negative result is a loss.",
                      term.Fact("target_fact"), term.Fact("actual_fact")));
    } else if (kind == "withheld_balance") {
      term.Say(
          fmt::format("The Settlement Value begins as the posted balance of the {} account: "
                      "what was held back and may now be earned.",
                      term.Fact("fact")));
    } else if (kind == "percent_of_fact") {
      term.Say(fmt::format("The Settlement Value begins as {} of the {}.",
                           term.Value("rate_millionths"), term.Fact("fact")));
    } else if (kind == "fixed_amount") {
      term.Say(fmt::format("The Settlement Value begins as the agreed amount of {}.",
                           term.Value("amount_cents")));
    } else if (kind == "price_times_count") {
      term.Say(fmt::format("The Settlement Value begins as {} for each of the {}.",
                           term.Value("price_millionths"), term.Fact("count_fact")));
    } else if (!WriteModelBasis(kind, term)) {
      term.Say(fmt::format("The Settlement Value begins as the {}, which is found as follows.",
                           FieldWords(kind)));
    }
    term.Rest(FieldWords(kind));
  }
  basis.Say("zero_reason", fmt::format("If the Settlement Value begins at zero, nothing is due and "
                                       "the statement gives the reason {}.",
                                       zero));
}

std::string TableWords(const TermReader& table) {
  std::string text = fmt::format("the rate that the statutory table {} gives for the {}",
                                 table.Raw("table"), table.Fact("count_fact"));
  if (!table.Raw("below_table_fact").empty()) {
    text +=
        fmt::format(" or, where that table has no rate, the {}", table.Fact("below_table_fact"));
  }
  table.Rest("statutory table");
  return text;
}

std::string ThresholdWords(const TermReader& threshold) {
  const std::string kind = threshold.Chosen();
  if (kind == "fixed") return threshold.Ratio("fixed");
  if (kind == "table") return TableWords(threshold.Sub("table"));
  if (kind == "elected") {
    const TermReader elected = threshold.Sub("elected");
    std::vector<std::string> rates;
    for (const std::string& rate : elected.Texts("elections")) rates.push_back(RatioWords(rate));
    std::string text = fmt::format("the {} where the Party elected {}, and otherwise {}",
                                   elected.Fact("elected_fact"), JoinWords(rates, "or"),
                                   TableWords(elected.Sub("table")));
    elected.Rest("election");
    return text;
  }
  threshold.Rest("threshold");
  return "the threshold stated in this Article";
}

std::string TestWords(const std::string& kind, const TermReader& test) {
  if (kind == "conditions_hold") return ConditionWords(test.Elements("conditions"));
  if (kind == "value_at_least") {
    const std::string reference = test.Fact("reference_fact");
    return fmt::format("{} is at least {} of the {}", kUnsigned,
                       ThresholdWords(test.Sub("threshold")), reference);
  }
  if (kind == "all_reported") return "every measure of the Quality Score has been reported";
  if (kind == "count_at_threshold") {
    return fmt::format("at least {} of the scored measures are at their threshold or better",
                       test.Value("minimum"));
  }
  if (kind == "in_standing") {
    return fmt::format("the Party is in good standing on the {}, from its {} on and until its {}",
                       test.Value("day"), test.Fact("from_fact"), test.Fact("to_fact"));
  }
  if (kind == "score_at_least") {
    const std::string domain = test.Raw("domain");
    return fmt::format("the {} is at least {}",
                       domain.empty() ? "Quality Score" : fmt::format("score of \"{}\"", domain),
                       test.Ratio("minimum"));
  }
  if (kind == "attained_in_each_domain") {
    return fmt::format(
        "at least {} of the scored measures of every domain are at their threshold "
        "or better",
        test.Value("minimum"));
  }
  if (kind == "pay_date_reached") {
    return fmt::format("the date of payment is {} or later", test.Value("date"));
  }
  if (kind == "never_passes") return "nothing: no Settlement Value passes this Article";
  return fmt::format("the {} stated in this Article", FieldWords(kind));
}

void WriteOnFail(const TermReader& on_fail) {
  const std::vector<TermReader> factors = on_fail.Elements("factors");
  for (const TermReader& factor : factors) {
    const std::vector<TermReader> when = factor.Elements("when");
    const std::string side = factor.Value("side");
    factor.Say(
        fmt::format("If it does not hold{}, the next rate applied to {} is multiplied by {}{}{}.",
                    when.empty() ? "" : fmt::format(", and {}", ConditionWords(when)),
                    side == "both" ? "a gain or a loss" : "a " + side, factor.Raw("factor"),
                    factor.Flag("times_score") ? " and by the Quality Score" : "", Note(factor)));
    factor.Rest("factor");
  }
  const std::string gain = on_fail.Raw("gain_reason");
  const std::string loss = on_fail.Raw("loss_reason");
  const std::string reasons =
      gain == loss ? fmt::format("the reason {}", gain)
                   : fmt::format("the reason {} for a gain and {} for a loss", gain, loss);
  const std::string otherwise =
      factors.empty() ? "If it does not hold" : "If it does not hold and none of the above applies";
  if (const std::string note = on_fail.Raw("note_only"); !note.empty()) {
    on_fail.Say(
        fmt::format("{}, the Settlement Value is unchanged and the statement notes {}; "
                    "were it ever to become zero here, it would give {}.",
                    otherwise, note, reasons));
  } else {
    on_fail.Say(fmt::format("{}, the Settlement Value becomes zero and the statement gives {}.",
                            otherwise, reasons));
  }
  on_fail.Rest("failure of this condition");
}

void WriteGate(const TermReader& gate) {
  const std::string name = gate.Raw("name");
  const std::string side = SidePrefix(gate);
  const std::string kind = gate.Chosen();
  if (!kind.empty()) {
    const TermReader test = gate.Sub(kind);
    const std::string words = TestWords(kind, test);
    test.Say(Capital(fmt::format("{}this Article (\"{}\") requires that {}.", side, name, words)));
    test.Rest(FieldWords(kind));
  }
  if (gate.Has("on_fail")) WriteOnFail(gate.Sub("on_fail"));
}

std::string RateWords(const TermReader& option) {
  const std::string kind = option.Chosen();
  if (kind == "fixed_millionths") return option.Value(kind);
  if (kind.empty()) return "the rate stated in this Article";
  const TermReader rule = option.Sub(kind);
  std::string text = fmt::format("the {} stated in this Article", FieldWords(kind));
  if (kind == "times_score") {
    text = fmt::format("{} of the {}", rule.Value("maximum_millionths"), ScoreName(rule));
  } else if (kind == "complement_of_score") {
    text = fmt::format("one less {} of the {}, but not below {} nor above {}",
                       rule.Value("maximum_millionths"), ScoreName(rule),
                       rule.Value("lowest_millionths"), rule.Value("highest_millionths"));
  } else if (kind == "by_score") {
    text = CurveWords(rule);
  }
  rule.Rest(FieldWords(kind));
  return text;
}

void WriteRate(const TermReader& rate) {
  const std::string side = SidePrefix(rate);
  bool first = true;
  for (const TermReader& option : rate.Elements("cases")) {
    const std::vector<TermReader> when = option.Elements("when");
    const std::string condition = when.empty() ? "" : fmt::format("if {}, ", ConditionWords(when));
    option.Say(Capital(fmt::format("{}{}{}the Settlement Value is multiplied by {}{}.", side,
                                   first ? "" : "otherwise, ", condition, RateWords(option),
                                   Note(option))));
    option.Rest("case");
    first = false;
  }
  rate.Say("otherwise", Capital(fmt::format("{}if no case of this Article applies, the Settlement "
                                            "Value becomes zero and the statement gives the reason "
                                            "{}.",
                                            side, rate.Raw("otherwise"))));
}

void WriteCorridor(const TermReader& corridor) {
  corridor.Say(Capital(fmt::format(
      "{}{} is divided into bands, each measured as a share of the {}, and the Party keeps a share "
      "of each band, of no more and no less than what lies in it.",
      SidePrefix(corridor), kUnsigned, corridor.Fact("reference_fact"))));
  std::string from = "zero";
  for (const TermReader& band : corridor.Elements("bands")) {
    const std::string up_to = band.Raw("up_to");
    const std::string end = up_to.empty() ? "without limit" : "up to " + RatioWords(up_to);
    band.Say(fmt::format("Of what lies from {} {}, the Party keeps {}.", from, end,
                         band.Value("share_millionths")));
    band.Rest("band");
    from = RatioWords(up_to);
  }
}

void WriteReduction(const TermReader& reduction) {
  const std::string first_date = reduction.Raw("first_pay_date_fact");
  reduction.Say(Capital(fmt::format(
      "{}the Settlement Value is reduced by the percentage that the statutory table {} states for "
      "the {}{}.",
      SidePrefix(reduction), reduction.Raw("table"),
      first_date.empty() ? "date of payment" : reduction.Fact("first_pay_date_fact"),
      Note(reduction))));
}

std::string LimitWords(const TermReader& limit) {
  std::string text = "the amount stated in this Article";
  const bool fixed = limit.Has("fixed_cents");
  if (fixed) {
    text = limit.Value("fixed_cents");
  } else if (limit.Has("share_of")) {
    const TermReader share = limit.Sub("share_of");
    text = fmt::format("{} of the {}", share.Value("rate_millionths"), share.Fact("fact"));
    share.Rest("limit");
  }
  const bool ignore = limit.Raw("when_absent") == "WHEN_ABSENT_IGNORE";
  if (ignore) {
    text += ", left out while that is not known";
  } else if (!fixed) {
    text += ", and there is no settlement while that is not known";
  }
  if (const std::vector<TermReader> when = limit.Elements("when"); !when.empty()) {
    text += fmt::format(", if {}", ConditionWords(when));
  }
  const std::string note = Note(limit);
  return note.empty() ? text : text + note + " when this binds";
}

void WriteCap(const TermReader& cap) {
  cap.Say(Capital(fmt::format("{}{} is at most the least of the limits of this Article.",
                              SidePrefix(cap), kUnsigned)));
  for (const TermReader& limit : cap.Elements("limits")) {
    limit.Say(fmt::format("The limit is {}.", LimitWords(limit)));
    limit.Rest("limit");
  }
}

void WriteFloor(const TermReader& floor) {
  if (!floor.Has("limit")) return;
  const TermReader limit = floor.Sub("limit");
  limit.Say(Capital(fmt::format("{}{} is at least {}; a Settlement Value of zero stays zero.",
                                SidePrefix(floor), kUnsigned, LimitWords(limit))));
  limit.Rest("floor");
}

void WriteRelief(const TermReader& relief) {
  if (relief.Has("fraction_fact")) {
    relief.Say(
        fmt::format("A loss is reduced by the share of it that the {} states, and never "
                    "below zero.",
                    relief.Fact("fraction_fact")));
    return;
  }
  if (!relief.Has("amount")) return;
  const TermReader amount = relief.Sub("amount");
  const std::string portion =
      amount.Raw("portion_fact").empty()
          ? ""
          : fmt::format(" multiplied by the {}", amount.Fact("portion_fact"));
  amount.Say(fmt::format("A loss is reduced by the {}{}, and never below zero.",
                         amount.Fact("fact"), portion));
  amount.Rest("relief");
}

void WriteRounding(const TermReader& rounding) {
  rounding.Say(
      fmt::format("The Settlement Value is rounded once, here and nowhere else, to a "
                  "multiple of {}, {}.",
                  rounding.Value("unit_cents"), RoundingWords(rounding)));
}

void WriteRecoupment(const TermReader& recoupment) {
  recoupment.Say(
      fmt::format("The {} is recovered from a positive award, of which at most {} is "
                  "taken; the award itself stays as stated.",
                  recoupment.Fact("balance_fact"), recoupment.Value("maximum_millionths")));
}

struct Article {
  std::string_view heading;
  std::function<void(const TermReader&)> write;
};

const std::map<std::string, Article, std::less<>>& Articles() {
  static const std::map<std::string, Article, std::less<>> articles = {
      {"basis", {"Where the Settlement Value Begins", WriteBasis}},
      {"gate", {"Condition", WriteGate}},
      {"score", {"Quality Score", WriteScore}},
      {"rate", {"Share of the Party", WriteRate}},
      {"corridor", {"Corridor", WriteCorridor}},
      {"reduction", {"Statutory Reduction", WriteReduction}},
      {"cap", {"Limit", WriteCap}},
      {"floor", {"Guaranteed Minimum", WriteFloor}},
      {"relief", {"Relief from Losses", WriteRelief}},
      {"rounding", {"Rounding", WriteRounding}},
      {"recoupment", {"Recovery of Advances", WriteRecoupment}},
      {"withhold",
       {"Amount Held Back", [](const TermReader& term) { WriteHeldBack(term, "the award"); }}},
      {"split", {"Division among Members", WriteSplit}},
      {"adjustment", {"Deduction", WriteAdjustment}},
      {"interim", {"Interim Settlement", WriteInterim}},
      {"delta", {"What Was Already Paid", WriteDelta}},
      {"carry_forward", {"Deficits of Earlier Years", WriteCarryForward}},
      {"redistribute", {"Sharing What Others Forfeit", WriteRedistribute}}};
  return articles;
}

}  // namespace

void WriteComponent(const TermReader& component) {
  const std::string kind = component.Chosen();
  const auto article = Articles().find(kind);
  std::string heading =
      article == Articles().end() ? TitleWords(kind) : std::string(article->second.heading);
  if (kind == "gate") heading += ": " + TitleWords(component.Sub(kind).Raw("name"));
  component.Out().BeginArticle(std::move(heading), component.Path());
  if (!kind.empty()) {
    const TermReader term = component.Sub(kind);
    if (article != Articles().end()) article->second.write(term);
    term.Rest(FieldWords(kind));
  }
  if (const std::string clause = component.Raw("clause"); !clause.empty()) {
    component.Say("clause", fmt::format("This Article implements {}.", clause));
  }
  component.Rest("component");
}

void WriteOperations(const TermReader& operations) {
  operations.Out().BeginArticle("Funding, Dates and Data", operations.Path());
  if (const std::string pool = operations.Raw("funding_pool"); !pool.empty()) {
    operations.Say("funding_pool", fmt::format("Payments are made from the pool \"{}\".", pool));
  }
  for (const TermReader& rule : operations.Elements("schedule")) {
    const std::string window = rule.Raw("window_days");
    const std::string kind = rule.Value("kind");
    rule.Say(
        fmt::format("The {}{} is due every {}, {} days after the {} day of what it covers{}{}.",
                    rule.Raw("name"), kind == rule.Raw("name") ? "" : fmt::format(" ({})", kind),
                    rule.Value("every"), rule.Value("due_days"),
                    rule.Raw("due_from") == "DUE_FROM_START" ? "first" : "last",
                    rule.Flag("banking_day") ? ", or on the next banking day" : "",
                    window == "0" ? "" : fmt::format(", and is open for {} days", window)));
    rule.Rest("date");
  }
  for (const TermReader& level : operations.Elements("service_levels")) {
    level.Say(fmt::format(
        "The {} delivers the feed \"{}\" for every {} within {} days of its last day; more than {} "
        "late "
        "or missing in a performance period is a breach, which the {} indicator states.",
        level.Raw("owed_by") == "OWED_BY_PAYER" ? "Payer" : "Party", level.Raw("feed"),
        level.Value("every"), level.Value("due_days"), level.Value("tolerated"),
        level.Fact("breach_fact")));
    level.Rest("service level");
  }
  if (operations.Flag("target_announcement_required")) {
    operations.Say("target_announcement_required",
                   "No year is settled whose target was not announced, with its date and source.");
  }
  operations.Rest("operation of this contract");
}

}  // namespace sluice::performance
