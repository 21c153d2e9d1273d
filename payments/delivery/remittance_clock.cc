#include "payments/delivery/remittance_clock.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>

#include "core/calendar.h"
#include "core/check.h"

namespace sluice::payments {
namespace {

std::string DaysInWords(int days) {
  const int count = std::abs(days);
  return fmt::format("{} business day{}", count, count == 1 ? "" : "s");
}

RemittanceVerdict VerdictOn(bool delivered, int days) {
  if (!delivered) {
    return days > kRemittanceDays ? RemittanceVerdict::kMissing : RemittanceVerdict::kWaiting;
  }
  if (days > kRemittanceDays) return RemittanceVerdict::kLate;
  return days < -kRemittanceDays ? RemittanceVerdict::kEarly : RemittanceVerdict::kOnTime;
}

std::string TextOf(const TimedRemittance& timed) {
  const RemittanceTime& remittance = timed.remittance;
  const std::string money = FormatDate(remittance.effective_date);
  if (!remittance.delivered_on) {
    if (timed.verdict == RemittanceVerdict::kWaiting) {
      return fmt::format("not delivered yet; the money settles on {}", money);
    }
    return fmt::format("not delivered {} after the money of {}: deliver it, and tell the payee",
                       DaysInWords(timed.days), money);
  }
  const std::string told = FormatDate(*remittance.delivered_on);
  if (timed.days == 0) return fmt::format("delivered on {}, with the money of {}", told, money);
  const std::string text =
      fmt::format("delivered on {}, {} {} the money of {}", told, DaysInWords(timed.days),
                  timed.days > 0 ? "after" : "before", money);
  if (!IsException(timed.verdict)) return text;
  return fmt::format("{}: outside {}; keep the reason for the auditor", text,
                     DaysInWords(kRemittanceDays));
}

}  // namespace

std::string_view RemittanceVerdictName(RemittanceVerdict verdict) {
  static constexpr std::array<std::string_view, 5> kNames = {"missing", "late", "early", "waiting",
                                                             "on time"};
  const auto index = static_cast<std::size_t>(verdict);
  CHECK(index < kNames.size());
  return kNames[index];
}

std::vector<TimedRemittance> TimeRemittances(std::span<const RemittanceTime> remittances,
                                             Date today) {
  std::vector<TimedRemittance> timed;
  timed.reserve(remittances.size());
  for (const RemittanceTime& remittance : remittances) {
    TimedRemittance entry{.remittance = remittance};
    entry.days =
        BankingDaysBetween(remittance.effective_date, remittance.delivered_on.value_or(today));
    entry.verdict = VerdictOn(remittance.delivered_on.has_value(), entry.days);
    entry.text = TextOf(entry);
    timed.push_back(std::move(entry));
  }
  std::ranges::sort(timed, {}, [](const TimedRemittance& entry) {
    return std::tuple(entry.verdict, std::string_view(entry.remittance.payment_key));
  });
  return timed;
}

}  // namespace sluice::payments
