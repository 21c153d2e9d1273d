// The remittance clock: how far the money and its remittance lie apart. Pure.
//
// An 835 reaches its receiver no sooner than 3 business days before and no later than 3 business
// days after the day on which the payment settles. The time of every pair is known from what is
// stored: the effective date of the payment, and the day on which the 835 was delivered. Whatever
// lies outside, or is not there when the days are over, is an exception.
// Source: PRODUCT R05; FORMATS 8 (rule 370).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "payments/routing/preference.h"

namespace sluice::payments {

inline constexpr int kRemittanceDays = 3;  // business days

// A payment by ACH and what tells its payee of it.
struct RemittanceTime {
  std::string payment_key;
  PayeeId payee;
  std::string payee_name;
  Money amount;
  Date effective_date{};
  RemittanceDelivery way = RemittanceDelivery::kClearinghouse;
  std::string file;  // the 835; empty where there is none
  std::optional<Date> delivered_on;
};

// The numbers are an order: from the worst.
enum class RemittanceVerdict : std::uint8_t {
  kMissing = 0,  // not delivered, and the days are over
  kLate = 1,
  kEarly = 2,
  kWaiting = 3,  // not delivered, and there is time
  kOnTime = 4,
};
// "missing", "late", "early", "waiting", "on time".
std::string_view RemittanceVerdictName(RemittanceVerdict verdict);
constexpr bool IsException(RemittanceVerdict verdict) {
  return verdict < RemittanceVerdict::kWaiting;
}

struct TimedRemittance {
  RemittanceTime remittance;
  RemittanceVerdict verdict = RemittanceVerdict::kWaiting;
  int days = 0;      // business days from the money to the remittance, or to today; may be negative
  std::string text;  // one sentence with what to do
};

// The worst first, then by payment key.
std::vector<TimedRemittance> TimeRemittances(std::span<const RemittanceTime> remittances,
                                             Date today);

}  // namespace sluice::payments
