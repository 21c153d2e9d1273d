#include "core/money.h"

#include <algorithm>
#include <numeric>
#include <ostream>

#include "core/check.h"

namespace sluice {
namespace {

mpz_class ToMpz(std::int64_t value) {
  static_assert(sizeof(long) == sizeof(std::int64_t));
  return mpz_class(static_cast<long>(value));
}

// Groups the digits of a non-negative whole number in threes.
std::string Group(const std::string& digits) {
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

// The decimal expansion of |value|, cut after `decimals`, trailing zeros removed down to `keep`.
struct Decimal {
  std::string whole;
  std::string fraction;
  bool cut = false;
};

Decimal Expand(const mpq_class& value, int decimals, std::size_t keep) {
  mpz_class scale;
  mpz_ui_pow_ui(scale.get_mpz_t(), 10, static_cast<unsigned long>(decimals));
  const mpz_class scaled_numerator = abs(value.get_num()) * scale;
  mpz_class quotient, remainder;
  mpz_tdiv_qr(quotient.get_mpz_t(), remainder.get_mpz_t(), scaled_numerator.get_mpz_t(),
              value.get_den().get_mpz_t());
  const mpz_class whole = quotient / scale;
  const mpz_class fraction = quotient % scale;
  Decimal result{.whole = whole.get_str(), .fraction = fraction.get_str(), .cut = remainder != 0};
  const auto width = static_cast<std::size_t>(decimals);
  if (result.fraction.size() < width) {
    result.fraction.insert(0, width - result.fraction.size(), '0');
  }
  if (decimals == 0) result.fraction.clear();
  if (!result.cut) {
    while (result.fraction.size() > keep && result.fraction.back() == '0')
      result.fraction.pop_back();
  }
  return result;
}

std::string Join(const Decimal& decimal, bool negative, bool group) {
  std::string text = negative ? "-" : "";
  text += group ? Group(decimal.whole) : decimal.whole;
  if (!decimal.fraction.empty()) text += "." + decimal.fraction;
  if (decimal.cut) text += "...";
  return text;
}

// The same of an amount in cents, which needs no fraction.
Decimal ExpandCents(std::int64_t cents) {
  const auto bits = static_cast<std::uint64_t>(cents);
  const std::uint64_t magnitude = cents < 0 ? 0 - bits : bits;
  return {.whole = std::to_string(magnitude / 100),
          .fraction = {static_cast<char>('0' + magnitude % 100 / 10),
                       static_cast<char>('0' + magnitude % 10)}};
}

// Reads [sign] digits [. digits] into a fraction. Commas are accepted only where they set off
// groups of three: "1,50" is somebody's decimal comma, and reading it as 150 would be an error of
// factor one hundred.
bool ReadDecimal(std::string_view text, mpq_class& value) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const std::size_t comma = whole.find(',');
  const bool grouped = comma != std::string_view::npos;
  if (grouped && comma > 3) return false;
  std::string digits;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const bool comma_here = grouped && i > 0 && (whole.size() - i) % 4 == 0;
    if (comma_here != (whole[i] == ',')) return false;
    if (comma_here) continue;
    if (whole[i] < '0' || whole[i] > '9') return false;
    digits += whole[i];
  }
  for (const char c : fraction) {
    if (c < '0' || c > '9') return false;
    digits += c;
  }
  const std::size_t decimals = fraction.size();
  if (digits.empty() || digits.size() > 60) return false;
  mpz_class scale;
  mpz_ui_pow_ui(scale.get_mpz_t(), 10, decimals);
  value = mpq_class(mpz_class(digits, 10), scale);
  value.canonicalize();
  if (negative) value = -value;
  return true;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<Money> AllocateByInteger(Money total, const std::vector<mpz_class>& weights) {
  mpz_class sum = 0;
  for (const mpz_class& weight : weights) {
    CHECK(weight >= 0);
    sum += weight;
  }
  CHECK(sum > 0);
  const bool negative = total < Money();
  const mpz_class cents = abs(ToMpz(total.Cents()));

  std::vector<mpz_class> shares(weights.size());
  std::vector<mpz_class> remainders(weights.size());
  mpz_class left = cents;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const mpz_class product = cents * weights[i];
    mpz_tdiv_qr(shares[i].get_mpz_t(), remainders[i].get_mpz_t(), product.get_mpz_t(),
                sum.get_mpz_t());
    left -= shares[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; left > 0; ++i, --left) {
    CHECK(i < order.size() && remainders[order[i]] > 0);
    shares[order[i]] += 1;
  }
  std::vector<Money> result;
  result.reserve(shares.size());
  for (const mpz_class& share : shares) {
    const std::int64_t value = share.get_si();
    result.push_back(Money::FromCents(negative ? -value : value));
  }
  return result;
}

}  // namespace

StatusOr<Money> Money::Parse(std::string_view text) {
  std::string_view rest = Trim(text);
  bool negative = false;
  if (rest.size() >= 2 && rest.front() == '(' && rest.back() == ')') {
    negative = true;
    rest = Trim(rest.substr(1, rest.size() - 2));
  } else if (!rest.empty() && rest.front() == '-') {
    negative = true;
    rest.remove_prefix(1);
  }
  if (!rest.empty() && rest.front() == '$') rest.remove_prefix(1);
  mpq_class dollars;
  if (rest.empty() || rest.front() == '-' || rest.front() == '+' || !ReadDecimal(rest, dollars)) {
    return InvalidArgument("'{}' is not an amount in dollars", text);
  }
  const mpq_class cents = dollars * 100;
  if (cents.get_den() != 1) {
    return InvalidArgument("'{}' has more than two decimals; an amount is in whole cents", text);
  }
  if (!cents.get_num().fits_slong_p()) return InvalidArgument("'{}' is too large an amount", text);
  const std::int64_t value = cents.get_num().get_si();
  return FromCents(negative ? -value : value);
}

Money operator+(Money a, Money b) {
  std::int64_t sum = 0;
  CHECK(!__builtin_add_overflow(a.cents_, b.cents_, &sum));
  return Money(sum);
}

Money operator-(Money a, Money b) {
  std::int64_t difference = 0;
  CHECK(!__builtin_sub_overflow(a.cents_, b.cents_, &difference));
  return Money(difference);
}

Money operator-(Money a) { return Money() - a; }

std::string Money::ToString() const {
  return Join(ExpandCents(cents_), cents_ < 0, /*group=*/true);
}

std::string Money::ToPlainString() const {
  return Join(ExpandCents(cents_), cents_ < 0, /*group=*/false);
}

Money Abs(Money amount) { return amount < Money() ? -amount : amount; }

Money Sum(std::span<const Money> amounts) {
  Money sum;
  for (const Money amount : amounts) sum += amount;
  return sum;
}

std::string Rate::ToString() const { return Ratio(*this).ToPercentString(); }

std::string UnitPrice::ToString() const { return Exact(*this, 1).ToString(6); }

Ratio::Ratio(std::int64_t numerator, std::int64_t denominator) {
  CHECK(denominator != 0);
  value_ = mpq_class(ToMpz(numerator), ToMpz(denominator));
  value_.canonicalize();
}

StatusOr<Ratio> Ratio::Parse(std::string_view text) {
  std::string_view rest = Trim(text);
  mpq_class scale = 1;
  if (!rest.empty() && rest.back() == '%') {
    scale = mpq_class(1, 100);
    rest = Trim(rest.substr(0, rest.size() - 1));
  }
  mpq_class value;
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos) {
    mpq_class denominator;
    if (!ReadDecimal(rest.substr(0, slash), value) ||
        !ReadDecimal(rest.substr(slash + 1), denominator) || denominator == 0) {
      return InvalidArgument("'{}' is not a fraction", text);
    }
    value /= denominator;
  } else if (!ReadDecimal(rest, value)) {
    return InvalidArgument("'{}' is not a number", text);
  }
  return Ratio(mpq_class(value * scale));
}

Ratio Ratio::Of(Money numerator, Money denominator) {
  return Ratio(numerator.Cents(), denominator.Cents());
}

Ratio operator/(const Ratio& a, const Ratio& b) {
  CHECK(!b.IsZero());
  return Ratio(mpq_class(a.value_ / b.value_));
}

std::string Ratio::ToString(int decimals) const {
  return Join(Expand(value_, decimals, 0), Sign() < 0, /*group=*/false);
}

std::string Ratio::ToPercentString(int decimals) const {
  return Join(Expand(mpq_class(value_ * 100), decimals, 0), Sign() < 0, /*group=*/false) + " %";
}

Exact::Exact(Money amount) : dollars_(ToMpz(amount.Cents()), 100) { dollars_.canonicalize(); }

Exact::Exact(UnitPrice price, std::int64_t count)
    : dollars_(ToMpz(price.Millionths()) * ToMpz(count), 1'000'000) {
  dollars_.canonicalize();
}

StatusOr<Exact> Exact::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(const Ratio value, Ratio::Parse(text));
  return Exact(value.value_);
}

Ratio operator/(const Exact& a, const Exact& b) {
  CHECK(!b.IsZero());
  return Ratio(mpq_class(a.dollars_ / b.dollars_));
}

std::string Exact::ToString(int decimals) const {
  return Join(Expand(dollars_, decimals, 2), Sign() < 0, /*group=*/true);
}

Exact Abs(const Exact& amount) { return amount.Sign() < 0 ? -amount : amount; }

Money Round(const Exact& amount, Rounding mode) {
  const mpq_class cents = abs(amount.dollars_) * 100;
  mpz_class quotient, remainder;
  mpz_tdiv_qr(quotient.get_mpz_t(), remainder.get_mpz_t(), cents.get_num().get_mpz_t(),
              cents.get_den().get_mpz_t());
  const int against_half = cmp(mpz_class(remainder * 2), cents.get_den());
  bool up = false;
  switch (mode) {
    case Rounding::kHalfAwayFromZero:
      up = against_half >= 0;
      break;
    case Rounding::kHalfEven:
      up = against_half > 0 || (against_half == 0 && mpz_odd_p(quotient.get_mpz_t()) != 0);
      break;
    case Rounding::kTowardZero:
      break;
  }
  if (up) quotient += 1;
  CHECK(quotient.fits_slong_p());
  const std::int64_t value = quotient.get_si();
  return Money::FromCents(amount.Sign() < 0 ? -value : value);
}

std::vector<Money> Allocate(Money total, std::span<const std::int64_t> weights) {
  std::vector<mpz_class> integers;
  integers.reserve(weights.size());
  for (const std::int64_t weight : weights) integers.push_back(ToMpz(weight));
  return AllocateByInteger(total, integers);
}

std::vector<Money> Allocate(Money total, std::span<const Ratio> weights) {
  mpz_class common = 1;
  for (const Ratio& weight : weights) common = lcm(common, weight.Denominator());
  std::vector<mpz_class> integers;
  integers.reserve(weights.size());
  for (const Ratio& weight : weights) {
    integers.push_back(weight.Numerator() * (common / weight.Denominator()));
  }
  return AllocateByInteger(total, integers);
}

std::ostream& operator<<(std::ostream& out, Money amount) { return out << amount.ToString(); }
std::ostream& operator<<(std::ostream& out, const Ratio& ratio) {
  return out << ratio.ToFractionString();
}
std::ostream& operator<<(std::ostream& out, const Exact& amount) {
  return out << amount.ToFractionString();
}

}  // namespace sluice
