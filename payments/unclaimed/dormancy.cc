#include "payments/unclaimed/dormancy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "core/check.h"
#include "core/csv.h"

namespace sluice::payments {
namespace {

std::optional<std::int32_t> Number(std::string_view text, std::int32_t least, std::int32_t most) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < least || number > most) return std::nullopt;
  return number;
}

// "11-01": a day that every year has.
bool ReadDayOfYear(std::string_view text, DormancyRule& rule) {
  if (text.size() != 5 || text[2] != '-') return false;
  const auto month = Number(text.substr(0, 2), 1, 12);
  const auto day = Number(text.substr(3), 1, 31);
  if (!month || !day) return false;
  rule.report_month = static_cast<unsigned>(*month);
  rule.report_day = static_cast<unsigned>(*day);
  constexpr int kShortYear = 2025;
  return std::chrono::year_month_day(std::chrono::year(kShortYear),
                                     std::chrono::month(rule.report_month),
                                     std::chrono::day(rule.report_day))
      .ok();
}

// The last day of the month where the month is too short.
Date MonthsLater(Date date, std::int32_t months) {
  using std::chrono::year_month_day;
  year_month_day later = year_month_day(date) + std::chrono::months(months);
  if (!later.ok()) later = later.year() / later.month() / std::chrono::last;
  return Date(later);
}

struct RuledDay {
  const DormancyRule* rule = nullptr;
  Date dormant_on{};
};
// Money becomes dormant under the rule that is in force on that very day.
RuledDay DormantDay(std::span<const DormancyRule> rules, const std::string& state, Date since) {
  std::vector<const DormancyRule*> own;
  for (const DormancyRule& rule : rules) {
    if (rule.state == state) own.push_back(&rule);
  }
  std::ranges::sort(own, {}, &DormancyRule::from);
  RuledDay found;
  for (const DormancyRule* rule : own) {
    if (found.rule != nullptr && found.dormant_on < rule->from) break;
    found = {rule, std::max(MonthsLater(since, rule->months), rule->from)};
  }
  return found;
}

}  // namespace

StatusOr<std::vector<DormancyRule>> ReadDormancyRules(std::string text, const std::string& name) {
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::FromText(std::move(text), name));
  ASSIGN_OR_RETURN(const std::size_t state, reader.Column("state"));
  ASSIGN_OR_RETURN(const std::size_t from, reader.Column("from"));
  ASSIGN_OR_RETURN(const std::size_t months, reader.Column("months"));
  ASSIGN_OR_RETURN(const std::size_t letter_days, reader.Column("letter_days"));
  ASSIGN_OR_RETURN(const std::size_t report_by, reader.Column("report_by"));
  ASSIGN_OR_RETURN(const std::size_t source, reader.Column("source"));
  std::vector<DormancyRule> rules;
  while (reader.Next()) {
    if (reader.IsBad()) return reader.Error().ToStatus();
    const auto refuse = [&](std::size_t column, const char* reason) {
      return reader.BadValue(column, reason).ToStatus();
    };
    DormancyRule rule{.state = std::string(reader[state]), .source = std::string(reader[source])};
    const bool letters =
        std::ranges::all_of(rule.state, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (rule.state.size() != 2 || !letters) return refuse(state, "a state is two capital letters");
    const auto day = ParseDate(reader[from]);
    if (!day.ok()) return refuse(from, "a date is written 2026-07-01");
    rule.from = *day;
    const auto lies = Number(reader[months], 1, 1'200);
    if (!lies) return refuse(months, "from 1 to 1200 months");
    rule.months = *lies;
    const auto before = Number(reader[letter_days], 0, 3'650);
    if (!before) return refuse(letter_days, "from 0 to 3650 days before it is dormant");
    rule.letter_days = *before;
    if (!ReadDayOfYear(reader[report_by], rule)) {
      return refuse(report_by, "a day of every year, written 11-01");
    }
    if (rule.source.empty()) return refuse(source, "say who says so: the statute or a letter");
    const auto same = [&](const DormancyRule& other) {
      return other.state == rule.state && other.from == rule.from;
    };
    if (std::ranges::any_of(rules, same)) return refuse(from, "the state has a rule of this day");
    rules.push_back(std::move(rule));
  }
  RETURN_IF_ERROR(reader.Outcome());
  if (rules.empty()) return InvalidArgument("{} holds no rules", name);
  return rules;
}

std::string_view DormancyStageName(DormancyStage stage) {
  static constexpr std::array<std::string_view, 4> kNames = {"NO_RULE", "RUNNING", "LETTER_DUE",
                                                             "DORMANT"};
  const auto index = static_cast<std::size_t>(stage);
  CHECK(index < kNames.size());
  return kNames[index];
}

DormancyClock DormancyOn(std::span<const DormancyRule> rules, const UntakenMoney& money,
                         Date today) {
  const Date since = std::max(money.since, money.heard_of.value_or(money.since));
  const auto [rule, dormant_on] = DormantDay(rules, money.state, since);
  if (rule == nullptr) return {};
  DormancyClock clock{
      .stage = DormancyStage::kRunning, .dormant_on = dormant_on, .source = rule->source};
  clock.letter_from = clock.dormant_on - Days(rule->letter_days);
  const Date in_its_year = MakeDate(YearOf(clock.dormant_on), rule->report_month, rule->report_day);
  clock.report_by = MonthsLater(in_its_year, 12);
  const bool written = money.written_to && *money.written_to >= clock.letter_from;
  if (today >= clock.dormant_on) {
    clock.stage = DormancyStage::kDormant;
  } else if (today >= clock.letter_from && !written) {
    clock.stage = DormancyStage::kLetterDue;
  }
  return clock;
}

std::string WriteDueDiligenceLetter(const DueDiligenceLetter& letter) {
  std::string text = fmt::format("{}\n{}\n\n{}\n\n{}\n", letter.payer, letter.payer_address,
                                 FormatDateLong(letter.written_on), letter.owner);
  for (const std::string& line : letter.owner_address) text += line + "\n";
  text += fmt::format(
      "\nMoney of yours that was not taken: ${}\n\nWe owe you ${}, which we tried to pay:\n\n",
      letter.amount, letter.amount);
  for (const std::string& payment : letter.payments) text += "  " + payment + "\n";
  text += fmt::format(
      "\nThe money is still with us. Tell us by {} how you want to be paid{}. If we do not hear\n"
      "from you, the law of your state ({}) obliges us to hand the money over to the state as\n"
      "unclaimed property. You could then claim it from the state.\n",
      FormatDateLong(letter.answer_by),
      letter.payer_phone.empty() ? "" : ", by telephone " + letter.payer_phone, letter.state);
  return text;
}

}  // namespace sluice::payments
