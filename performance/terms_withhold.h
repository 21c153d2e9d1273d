// Withholds in the terms of a contract: what is held back, on what, and what becomes of it.
//
//   1. What is posted is whole cents, per payment. The posted sum rules, not the rounded product.
//   2. A withheld balance leaves its account in three ways only: released, forfeited or expired.
//   3. Interest is stated beside the balance; it is the payer's expense, not withheld money.
//
// The account that follows from these terms is performance/withhold/account.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "performance/terms_split.h"

namespace sluice::performance {

// What the rate of a withhold is applied to. Neither takes a payment below zero.
enum class WithholdBase : std::uint8_t {
  kAfterRecoupment = 0,  // what is left of the award after an advance was recovered
  kGross = 1,            // the award itself
};

// How the days between two dates are counted for interest.
enum class DayCount : std::uint8_t {
  kActual365 = 0,  // the days there are, over 365
  kThirty360 = 1,  // months of 30 days, over 360; the 31st counts as the 30th (30E/360)
};
// Simple interest on the withheld balance from the day of each posting to the day it leaves.
struct WithholdInterest {
  Rate annual;
  DayCount day_count = DayCount::kActual365;
  Rounding mode = Rounding::kHalfAwayFromZero;
  // Whether interest on money that is forfeited or expires is paid all the same.
  bool on_forfeited = false;
  friend bool operator==(const WithholdInterest&, const WithholdInterest&) = default;
};

// A release without a score: some months after the end of the performance year the balance is
// released when the flag fact holds (or always, when none is named), and else forfeited.
struct ReleaseOnDate {
  int months_after_year = 0;
  std::string flag_fact;
  friend bool operator==(const ReleaseOnDate&, const ReleaseOnDate&) = default;
};
// What was neither released nor forfeited by then expires.
struct WithholdExpiry {
  int months_after_year = 0;
  ForfeitTo to = ForfeitTo::kPayer;
  friend bool operator==(const WithholdExpiry&, const WithholdExpiry&) = default;
};

// Holds back a share of a payment, rounded to the cent. In `Terms::payment_withhold` it is for each
// payment of the program; as a component it is for this award.
struct Withhold {
  Rate rate;
  Rounding mode = Rounding::kHalfAwayFromZero;
  std::string released_by;  // for people: what decides the release
  ForfeitTo forfeit_to = ForfeitTo::kPool;
  WithholdBase base = WithholdBase::kAfterRecoupment;
  // The payment streams that it is taken from; none: all. Only of `Terms::payment_withhold`.
  std::vector<std::string> streams;
  std::optional<WithholdInterest> interest = std::nullopt;
  // None: the settlement whose basis is the withheld balance decides.
  std::optional<ReleaseOnDate> release_on = std::nullopt;
  std::optional<WithholdExpiry> expiry = std::nullopt;
  friend bool operator==(const Withhold&, const Withhold&) = default;
};

// Gate: passes when the pay date is the date or later.
struct PayDateReached {
  Date date{};
  friend bool operator==(const PayDateReached&, const PayDateReached&) = default;
};

}  // namespace sluice::performance
