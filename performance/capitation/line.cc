#include "performance/capitation/line.h"

#include <fmt/format.h>

#include "core/check.h"

namespace sluice::performance {
namespace {

__extension__ using Wide = __int128;

// Cents as numerator / denominator, denominator > 0.
struct Quotient {
  Wide numerator;
  Wide denominator;
};

constexpr std::int64_t kMillion = 1'000'000;

Quotient Cents(const MonthPrice& price) {
  // dollars x 10^6 to cents: / 10^4.
  return {
      Wide(price.base_millionths) * price.factor_numerator * price.weight_millionths * price.days,
      Wide(price.factor_denominator) * price.days_of * 10'000 * kMillion};
}

template <typename Integer>
std::int64_t RoundQuotient(Integer numerator, Integer denominator, Rounding mode) {
  const bool negative = numerator < 0;
  if (negative) numerator = -numerator;
  Integer whole = numerator / denominator;
  const Integer rest = numerator - whole * denominator;
  if (mode != Rounding::kTowardZero) {
    const Integer twice = rest * 2;
    const bool up =
        twice > denominator ||
        (twice == denominator && (mode == Rounding::kHalfAwayFromZero || whole % 2 != 0));
    if (up) ++whole;
  }
  return static_cast<std::int64_t>(negative ? -whole : whole);
}

std::string DayText(DayNumber day) { return FormatDate(ToDate(day)); }

}  // namespace

std::int64_t RoundToCents(const MonthPrice& price, Rounding mode) {
  // The usual month, a whole one of a member who counts in full, fits in 64 bits.
  if (price.weight_millionths == kMillion && price.days == price.days_of) {
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
    // Twice the denominator must fit too, for the comparison with the rest.
    if (!__builtin_mul_overflow(price.base_millionths, price.factor_numerator, &numerator) &&
        !__builtin_mul_overflow(price.factor_denominator, std::int64_t{20'000}, &denominator) &&
        numerator != INT64_MIN) {
      return RoundQuotient(numerator, denominator / 2, mode);
    }
  }
  const Quotient cents = Cents(price);
  return RoundQuotient(cents.numerator, cents.denominator, mode);
}

Exact ExactAmount(const MonthPrice& price) {
  return Exact(UnitPrice::FromMillionths(price.base_millionths), 1) *
         Ratio(price.factor_numerator, price.factor_denominator) *
         Ratio(price.weight_millionths, kMillion) * Ratio(price.days, price.days_of);
}

std::string PriceText(const MonthPrice& price) {
  if (price.base_millionths == 0) return "";
  const auto number = [](const Ratio& ratio) { return ratio.ToString(); };
  std::string text = number(Ratio(price.base_millionths, kMillion));
  if (price.factor_numerator != price.factor_denominator) {
    text += " x " + number(Ratio(price.factor_numerator, price.factor_denominator));
  }
  if (price.weight_millionths != kMillion) {
    text += " x " + number(Ratio(price.weight_millionths, kMillion));
  }
  if (price.days != price.days_of) text += fmt::format(" x {}/{}", price.days, price.days_of);
  return fmt::format("{} = {}", text, ExactAmount(price).ToString());
}

std::string FactText(const MemberMonthLine& line) {
  const std::string learned =
      line.learned_on == 0 ? "" : fmt::format(", learned {}", DayText(line.learned_on));
  switch (line.fact) {
    case LineFact::kCurrentMonth:
      return line.age < 0 ? "current month" : fmt::format("current month; age {}", line.age);
    case LineFact::kAdded:
      return fmt::format("add dated {}{}", DayText(line.change_day), learned);
    case LineFact::kNewborn:
      return fmt::format("newborn of {}: the birth month is payable", DayText(line.change_day));
    case LineFact::kTerminated:
      return fmt::format("term dated {}{}", DayText(line.change_day), learned);
    case LineFact::kWithdrawn:
      return "the coverage was withdrawn" + learned;
    case LineFact::kMovedTo:
      return fmt::format("moved to {} on {}{}", line.other_payee, DayText(line.change_day),
                         learned);
    case LineFact::kMovedFrom:
      return fmt::format("moved from {} on {}{}", line.other_payee, DayText(line.change_day),
                         learned);
    case LineFact::kAgeChanged:
      return fmt::format("birth date corrected: age {}, was {}{}", line.age, line.prior_age,
                         learned);
    case LineFact::kCorrected:
      return fmt::format("{}{}", ChangeReasonName(line.cause), learned);
    case LineFact::kRateChanged:
      return "the rate, the factor or the premium of the month changed";
    case LineFact::kNewMember:
      return fmt::format("new member from {}: does not count yet", DayText(line.change_day));
    case LineFact::kExcluded:
      return fmt::format("on the panel from {} with a product that the contract excludes",
                         DayText(line.change_day));
  }
  return "";
}

std::string ToText(const MemberMonthLine& line) {
  return fmt::format("{} | {} | {} | {} | {} | {} | {} | {} | {}", line.payee, line.member,
                     ToMonth(line.month).ToString(), PriceText(line.price),
                     Money::FromCents(line.new_cents), Money::FromCents(line.posted_cents),
                     Money::FromCents(line.delta_cents), FactText(line),
                     line.reason ? ReasonName(*line.reason) : "-");
}

}  // namespace sluice::performance
