// When money that nobody took is the business of a state: the clock of unclaimed property. Pure.
//
//   1. The rules are data, by state and date: how many months money lies before it is dormant, how
//      many days before that its owner is written to, and the day by which it is reported. None
//      ship with the product: counsel confirms them, and whoever loads them names the source.
//   2. The state is that of the owner's address. Where no rule of it is loaded, nothing is
//      dormant, and the list says so.
//   3. The clock runs from the first payment that the owner did not take, and anew from the day
//      that the owner was last heard of.
// Source: PRODUCT R06; FORMATS 10.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::payments {

struct DormancyRule {
  std::string state;  // two capital letters
  Date from{};        // in force from this day, until the next rule of the state
  std::int32_t months = 36;
  std::int32_t letter_days = 90;  // before it is dormant
  unsigned report_month = 11;     // reported by this day of the year after it became dormant
  unsigned report_day = 1;
  std::string source;  // who says so: the statute, or counsel's letter
};

// "state,from,months,letter_days,report_by,source" with report_by as "11-01". The first fault is
// refused by row and column, and nothing of the file is taken.
StatusOr<std::vector<DormancyRule>> ReadDormancyRules(std::string text, const std::string& name);

enum class DormancyStage { kNoRule, kRunning, kLetterDue, kDormant };
// "NO_RULE", "RUNNING", "LETTER_DUE", "DORMANT".
std::string_view DormancyStageName(DormancyStage stage);

// What nobody took, as far as the clock is concerned.
struct UntakenMoney {
  std::string state;               // of the owner's address
  Date since{};                    // the first payment that was not taken
  std::optional<Date> heard_of;    // the owner's last word
  std::optional<Date> written_to;  // the last letter to the owner
};

struct DormancyClock {
  DormancyStage stage = DormancyStage::kNoRule;
  Date letter_from{};  // the letter is due from this day, until it is written
  Date dormant_on{};
  Date report_by{};
  std::string source;
};
// Where the clock stands on a day.
DormancyClock DormancyOn(std::span<const DormancyRule> rules, const UntakenMoney& money,
                         Date today);

// The letter to an owner before its money becomes dormant.
struct DueDiligenceLetter {
  std::string payer, payer_address, payer_phone;
  std::string owner;
  std::vector<std::string> owner_address;
  std::vector<std::string> payments;  // "check 1001 of March 2, 2026"
  Money amount;
  std::string state;
  Date written_on{};
  Date answer_by{};
};
std::string WriteDueDiligenceLetter(const DueDiligenceLetter& letter);

}  // namespace sluice::payments
