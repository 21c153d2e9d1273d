// The deficit account of one entity in one program: losses that are carried forward, and what
// later gains recovered of them.
//
//   1. A lot is the deficit of one year. Entries are only ever added; a lot's entries sum to what
//   is
//      outstanding of it. The balance is the sum of the lots.
//   2. A gain recovers min(balance, maximum share of the gain), oldest lot first. The award says
//   how
//      much (component carry_forward); the account books what the award says, and for a later
//      version of the award only the difference.
//   3. Interest falls due on each anniversary of the lot; what is outstanding on the day a lot
//      expires is forgiven. Both are entries.
//   4. Lots move to another entity by an explicit link only, whole and with their dates.
//
// Pure: performance/savings/deficit_service.h stores it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award_store.h"
#include "performance/terms_savings.h"

namespace sluice::performance {

enum class DeficitKind : std::uint8_t {
  kOpened = 0,
  kRecovered = 1,
  kInterest = 2,
  kExpired = 3,
  kMovedOut = 4,
  kMovedIn = 5,
};
// "opened", "recovered", "interest", "expired", "moved out", "moved in".
std::string_view DeficitKindName(DeficitKind kind);

struct DeficitEntry {
  std::int64_t lot = 0;
  DeficitKind kind = DeficitKind::kOpened;
  Money amount;  // positive raises the deficit; never zero
  Date effective_on{};
  Date opened_on{};  // of the lot
  std::optional<Date> expires_on;
  std::optional<AwardKey> award;     // the version that caused it
  std::optional<std::int64_t> link;  // of a move
  std::string memo;
  friend bool operator==(const DeficitEntry&, const DeficitEntry&) = default;
};

struct DeficitLot {
  std::int64_t lot = 0;
  Date opened_on{};
  std::optional<Date> expires_on;
  Money outstanding;
};
// The lots that are not settled, oldest first (then by lot).
std::vector<DeficitLot> OpenLots(std::span<const DeficitEntry> entries);
Money BalanceOf(std::span<const DeficitEntry> entries);
// The balance as if the award (all its versions) had not been booked: what the award is calculated
// from. With `through`, of what was effective by that day.
Money BalanceWithout(std::span<const DeficitEntry> entries, AwardId award,
                     std::optional<Date> through = std::nullopt);

// What a version of an award says about the deficit.
struct DeficitPosting {
  AwardKey award;
  Date effective_on{};  // the pay date
  Money recovered;      // from a gain, >= 0
  Money carried;        // a loss that was not collected, >= 0
};
// The entries that bring the account to what the newest version says; none when it already is.
// `new_lot` is the id of the lot that a carried loss opens. FailedPrecondition when more would be
// recovered than is outstanding: the award was calculated from another balance.
// InvalidArgument when an amount is negative.
StatusOr<std::vector<DeficitEntry>> PlanPosting(std::span<const DeficitEntry> entries,
                                                const CarryForward& terms,
                                                const DeficitPosting& posting,
                                                std::int64_t new_lot);

// Interest and expiry up to and including a day that are not booked yet. Asking twice gives nothing
// the second time.
std::vector<DeficitEntry> PlanAccrual(std::span<const DeficitEntry> entries,
                                      const CarryForward& terms, Date through);

// The statement of an account as people read it: each entry with the balance after it.
std::string StatementOf(std::string_view title, std::span<const DeficitEntry> entries);

}  // namespace sluice::performance
