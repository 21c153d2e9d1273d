// The names of the facts through which the lines of capitation runs reach the award: a run records
// them for the contract and month, and for each payee as a participant; the calculator reads them.
#pragma once

#include <string>
#include <string_view>

namespace sluice::performance {

// Of the contract, and of each payee: the sum of the lines posted in the month's runs (amount), how
// many member-months they add and take back in all (count).
inline constexpr std::string_view kMonthsTotalFact = "member_months.total";
inline constexpr std::string_view kMonthsCountFact = "member_months.count";
// Of the contract: lines that the runs of the month posted (count), the parts of the total for the
// month itself and for earlier ones (amounts), and the SHA-256 over the lines (text).
inline constexpr std::string_view kMonthsLinesFact = "member_months.lines";
inline constexpr std::string_view kMonthsCurrentFact = "member_months.current";
inline constexpr std::string_view kMonthsRetroFact = "member_months.retro";
inline constexpr std::string_view kMonthsDigestFact = "member_months.digest";
// Of the contract while the month cannot be calculated (text): a reason code, ": ", and the member
// and month that lack something. Retracted by the run that succeeds.
inline constexpr std::string_view kMonthsBlockedFact = "member_months.blocked";
// Of each payee: what it is owed (+) or owes (-) after its deductions (amount).
inline constexpr std::string_view kPayeeNetFact = "member_months.net";

// What a deduction took from all payees, and from one payee (amount): "deducted.withhold",
// "deducted.recoupment", "deducted." and the name of an adjustment.
inline std::string DeductedFact(std::string_view deduction) {
  return "deducted." + std::string(deduction);
}
// What was due and is carried to the next month (amount, >= 0): "carried.recoupment", ...
inline std::string CarriedFact(std::string_view deduction) {
  return "carried." + std::string(deduction);
}

}  // namespace sluice::performance
