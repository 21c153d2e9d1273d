// What the demo tells a finance person, as values and as text.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/money.h"

namespace sluice::demo {

// The folder of the demo's output that holds what the bank sent.
inline constexpr const char* kFromBank = "from-bank";

// A line about what a cycle's awards are made of: member-months, events, episodes.
struct DetailLine {
  std::string label;
  std::string value;
  std::string note;
};

// One program's cycle.
struct ProgramReport {
  std::string name;
  std::string stream;
  std::string lan_category;
  std::string business_date;
  std::int64_t contracts = 0;
  std::int64_t blocked = 0;  // contracts without a result
  Money earned;              // gross awards
  Money losses;              // owed by contract parties, negative
  Money recouped;            // recovered for advances
  Money withheld;            // from these awards, until a later settlement
  Money restated;            // what changed about earlier periods
  Money settled_before;      // of these awards, paid or taken by an earlier cycle
  Money owed;                // taken back: payees owe it from now on
  std::vector<DetailLine> detail;
  Money withheld_base;       // withheld from the year's payments
  Money released;            // of that, earned back
  Money forfeited;           // of that, not earned
  Money offset;              // taken for what payees owe
  Money paid;
  std::int64_t payees_paid = 0;
  Money held;
  std::int64_t payees_held = 0;
  std::map<std::string, std::pair<std::int64_t, Money>> held_reasons;
  std::map<std::string, std::int64_t> zero_reasons;
  Money pool_funded;
  Money pool_left;
  std::string run_state;
  std::string digest;  // what the approvers signed, hex
  std::string effective_date;
};

// One published amount that ours does not equal to a dollar.
struct PublishedDifference {
  std::string holder;
  std::string ours;
  std::string published;
  std::string allowed;  // what the rounding of the published inputs allows
};

struct DemoReport {
  std::string payer;
  std::string business_date;
  std::vector<std::string> notes;
  std::vector<ProgramReport> programs;
  std::int64_t compared = 0;
  std::int64_t equal_to_a_dollar = 0;
  std::vector<PublishedDifference> differences;
  std::int64_t statements = 0;   // of the bank, and their lines
  std::int64_t statement_lines = 0;
  std::string return_line;       // the payment that came back, and what became of it
  std::string files_line;   // what the independent reader says
  std::string ledger_line;  // what the independent verifier says
  std::string out;
  std::int64_t packages = 0;
  std::string example_package;
  std::string example_statement;
};

// The summary as printed at the end of the demo; about a screen and a half.
std::string ToText(const DemoReport& report);

}  // namespace sluice::demo
