// Money, rates and rounding.
//
//   1. Money is a whole number of cents. Sums of Money are Money.
//   2. A product (UnitPrice * Rate * count) is Exact: no digit is lost, and it is not Money.
//   3. Round() is the only way back from Exact to Money, and it names the rounding.
//
// Exact and Ratio are fractions of unlimited size (GMP), not decimals of 128 bits: a score such as
// 3573870398576/6850081341675 has no last decimal, a mean over twenty measures outgrows 128 bits,
// and a quotient cut at some decimal can turn an exact half cent into 0.4999.... Fractions make
// "multiply first, divide once, round once" true by construction.
//
// All types are small immutable values. Overflow of Money is a bug, not an outcome: it aborts.
#pragma once

#include <fmt/format.h>
#include <gmpxx.h>

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"

namespace sluice {

// The rounding that a contract version names. The first is the default of every contract.
enum class Rounding : std::uint8_t {
  kHalfAwayFromZero = 0,
  kHalfEven = 1,
  kTowardZero = 2,
};

// An amount of US dollars, in cents. Positive is owed to the provider.
class Money {
 public:
  constexpr Money() = default;
  static constexpr Money FromCents(std::int64_t cents) { return Money(cents); }
  // Reads "1234.5", "-1,234.50", "$12" or "(12.00)": dollars with at most two decimals.
  // InvalidArgument names the text otherwise.
  static StatusOr<Money> Parse(std::string_view text);

  constexpr std::int64_t Cents() const { return cents_; }
  constexpr bool IsZero() const { return cents_ == 0; }

  friend constexpr auto operator<=>(Money, Money) = default;
  friend Money operator+(Money a, Money b);
  friend Money operator-(Money a, Money b);
  friend Money operator-(Money a);
  Money& operator+=(Money other) { return *this = *this + other; }
  Money& operator-=(Money other) { return *this = *this - other; }

  // "-1,234.50": grouped, two decimals, no currency sign.
  std::string ToString() const;
  // "-1234.50": for files; no grouping.
  std::string ToPlainString() const;

 private:
  explicit constexpr Money(std::int64_t cents) : cents_(cents) {}

  std::int64_t cents_ = 0;
};

Money Abs(Money amount);
Money Sum(std::span<const Money> amounts);

// A contract percentage, in millionths: 2 % is 20,000.
class Rate {
 public:
  constexpr Rate() = default;
  static constexpr Rate FromMillionths(std::int64_t millionths) { return Rate(millionths); }
  static constexpr Rate FromPercent(std::int64_t percent) { return Rate(percent * 10'000); }

  constexpr std::int64_t Millionths() const { return millionths_; }
  friend constexpr auto operator<=>(Rate, Rate) = default;
  // "42.2125 %".
  std::string ToString() const;

 private:
  explicit constexpr Rate(std::int64_t millionths) : millionths_(millionths) {}
  std::int64_t millionths_ = 0;
};

// A price in millionths of a dollar, for instance a PMPM rate.
class UnitPrice {
 public:
  constexpr UnitPrice() = default;
  static constexpr UnitPrice FromMillionths(std::int64_t millionths) {
    return UnitPrice(millionths);
  }

  constexpr std::int64_t Millionths() const { return millionths_; }
  friend constexpr auto operator<=>(UnitPrice, UnitPrice) = default;
  std::string ToString() const;

 private:
  explicit constexpr UnitPrice(std::int64_t millionths) : millionths_(millionths) {}
  std::int64_t millionths_ = 0;
};

class Exact;

// An exact fraction without a unit: a score, a minimum savings rate, a share.
class Ratio {
 public:
  Ratio() = default;
  // Requires: denominator != 0.
  Ratio(std::int64_t numerator, std::int64_t denominator);
  explicit Ratio(std::int64_t whole) : value_(static_cast<long>(whole)) {}
  explicit Ratio(Rate rate) : Ratio(rate.Millionths(), 1'000'000) {}
  // Reads a decimal ("0.8503", "-1.5"), a percentage ("6.46%") or a fraction ("2721/3200"),
  // exactly.
  static StatusOr<Ratio> Parse(std::string_view text);
  // The quotient of two amounts. Requires: denominator not zero.
  static Ratio Of(Money numerator, Money denominator);

  const mpq_class& Value() const { return value_; }
  const mpz_class& Numerator() const { return value_.get_num(); }
  const mpz_class& Denominator() const { return value_.get_den(); }

  bool IsZero() const { return sgn(value_) == 0; }
  // -1, 0 or 1.
  int Sign() const { return sgn(value_); }

  friend Ratio operator+(const Ratio& a, const Ratio& b) {
    return Ratio(mpq_class(a.value_ + b.value_));
  }
  friend Ratio operator-(const Ratio& a, const Ratio& b) {
    return Ratio(mpq_class(a.value_ - b.value_));
  }
  friend Ratio operator-(const Ratio& a) { return Ratio(mpq_class(-a.value_)); }
  friend Ratio operator*(const Ratio& a, const Ratio& b) {
    return Ratio(mpq_class(a.value_ * b.value_));
  }
  // Requires: b is not zero.
  friend Ratio operator/(const Ratio& a, const Ratio& b);
  friend bool operator==(const Ratio& a, const Ratio& b) { return a.value_ == b.value_; }
  friend std::strong_ordering operator<=>(const Ratio& a, const Ratio& b) {
    return cmp(a.value_, b.value_) <=> 0;
  }

  // "2721/3200", or "1" for a whole number. Parse() reads it back.
  std::string ToFractionString() const { return value_.get_str(); }
  // Decimal, cut (not rounded) after `decimals`; an ellipsis follows when digits were cut.
  std::string ToString(int decimals = 10) const;
  // As a percentage, for people: "50 %", "3.0860861... %".
  std::string ToPercentString(int decimals = 7) const;

 private:
  friend class Exact;
  friend Ratio operator/(const Exact& a, const Exact& b);
  explicit Ratio(mpq_class value) : value_(std::move(value)) {}

  mpq_class value_;
};

// An exact number of dollars: the product of money, prices, rates and counts before rounding.
class Exact {
 public:
  Exact() = default;
  explicit Exact(Money amount);
  // price x count.
  Exact(UnitPrice price, std::int64_t count);
  // Reads what ToFractionString() wrote (dollars).
  static StatusOr<Exact> Parse(std::string_view text);

  bool IsZero() const { return sgn(dollars_) == 0; }
  int Sign() const { return sgn(dollars_); }

  friend Exact operator+(const Exact& a, const Exact& b) {
    return Exact(mpq_class(a.dollars_ + b.dollars_));
  }
  friend Exact operator-(const Exact& a, const Exact& b) {
    return Exact(mpq_class(a.dollars_ - b.dollars_));
  }
  friend Exact operator-(const Exact& a) { return Exact(mpq_class(-a.dollars_)); }
  friend Exact operator*(const Exact& a, const Ratio& b) {
    return Exact(mpq_class(a.dollars_ * b.Value()));
  }
  friend Exact operator*(const Exact& a, Rate b) { return a * Ratio(b); }
  // The quotient of two amounts. Requires: b is not zero.
  friend Ratio operator/(const Exact& a, const Exact& b);
  friend bool operator==(const Exact& a, const Exact& b) { return a.dollars_ == b.dollars_; }
  friend std::strong_ordering operator<=>(const Exact& a, const Exact& b) {
    return cmp(a.dollars_, b.dollars_) <=> 0;
  }

  std::string ToFractionString() const { return dollars_.get_str(); }
  // Dollars with at least two decimals, grouped, cut after `decimals` with an ellipsis when digits
  // were cut: "118,175.160125", "17,646.506008...".
  std::string ToString(int decimals = 12) const;

 private:
  friend Money Round(const Exact& amount, Rounding mode);
  explicit Exact(mpq_class dollars) : dollars_(std::move(dollars)) {}

  mpq_class dollars_;
};

Exact Abs(const Exact& amount);

// The amount in whole cents. Symmetric: Round(-x) == -Round(x).
Money Round(const Exact& amount, Rounding mode);

// Splits `total` in proportion to `weights` so that the shares add up to `total` exactly.
//
// Each share is its proportional amount rounded toward zero; the cents left over go one each
// to the largest remainders, and to the earlier weight on a tie. A zero weight receives zero.
// A negative total is split as its absolute value and negated.
// Requires: every weight >= 0 and at least one > 0.
std::vector<Money> Allocate(Money total, std::span<const std::int64_t> weights);
std::vector<Money> Allocate(Money total, std::span<const Ratio> weights);

std::ostream& operator<<(std::ostream& out, Money amount);
std::ostream& operator<<(std::ostream& out, const Ratio& ratio);
std::ostream& operator<<(std::ostream& out, const Exact& amount);

}  // namespace sluice

template <>
struct fmt::formatter<sluice::Money> : fmt::formatter<std::string> {
  template <typename Context>
  auto format(sluice::Money amount, Context& context) const {
    return fmt::formatter<std::string>::format(amount.ToString(), context);
  }
};
