// The same member, activity and period paid in two contracts of a payer, whatever their programs.
//
//   1. Both earned something: an event that a rule of its own contract refused pays nothing and is
//      no duplicate.
//   2. Periods overlap, the kind and the code are the same, and so is the member. Of each contract
//      and period the newest calculation counts.
// What follows for a line is in line_decision.h. Source: PRODUCT M16.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::payments {

// An event that earned something.
struct PaidActivity {
  ContractId contract;
  std::string program;  // its name
  DateRange period;     // of the calculation
  std::int64_t member = 0;
  std::int16_t kind = 0;
  std::string code;
  PartyId practice;
  PartyId provider;
  Date service_date{};
  std::string earned;  // an exact amount, as the calculation stored it
};

struct DuplicateActivity {
  PaidActivity here;
  PaidActivity there;

  // "member M-17, 99496 in 2026-01-01 to 2026-03-31 also earned 50 in Care coordination (ctr_...),
  // on 2026-02-03". `member` is the payer's own number.
  std::string ToString(const std::string& member_number) const;
};

// Each event of `here` that some other contract pays as well, once. `there` may include `here`.
std::vector<DuplicateActivity> FindDuplicates(std::span<const PaidActivity> here,
                                              std::span<const PaidActivity> there);

// The paid activities of these contracts in periods that overlap `period`; of these members in all
// contracts of the payer.
std::vector<PaidActivity> LoadPaidActivities(pg::Transaction& tx,
                                             std::span<const ContractId> contracts,
                                             const DateRange& period);
std::vector<PaidActivity> LoadPaidActivitiesOf(pg::Transaction& tx,
                                               std::span<const std::int64_t> members,
                                               const DateRange& period);
// The payer's own numbers of members.
std::map<std::int64_t, std::string> LoadMemberNumbers(pg::Transaction& tx, PayerId payer,
                                                      std::span<const std::int64_t> members);

}  // namespace sluice::payments
