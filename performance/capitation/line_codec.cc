#include "performance/capitation/line_codec.h"

#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::uint8_t kVersion = 1;

constexpr unsigned kSameMonth = 1;  // of the run
constexpr unsigned kPlain = 2;      // nothing posted before, new is the delta, no reason
constexpr unsigned kPayable = 4;
constexpr unsigned kWasPayable = 8;
constexpr unsigned kSlotPayee = 16;  // the payee is in its slot
constexpr unsigned kSlotPrice = 32;
constexpr unsigned kAtMinimum = 64;  // with a price that is written out
constexpr unsigned kClamped = 128;

void PutVarint(Bytes& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

void PutSigned(Bytes& out, std::int64_t value) {
  PutVarint(out,
            (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

bool IsPlain(const MemberMonthLine& line) {
  return line.posted_cents == 0 && line.new_cents == line.delta_cents && !line.reason &&
         line.fact == LineFact::kCurrentMonth && line.cause == ChangeReason::kEnrollment &&
         line.prior_age == -1 && line.change_day == 0 && line.learned_on == 0 &&
         line.other_payee == PartyId();
}

void PutPrice(Bytes& out, const MonthPrice& price) {
  PutSigned(out, price.base_millionths);
  PutSigned(out, price.factor_numerator);
  PutSigned(out, price.factor_denominator);
  PutSigned(out, price.weight_millionths);
  PutSigned(out, price.days);
  PutSigned(out, price.days_of);
  PutSigned(out, price.version);
  PutSigned(out, price.cell);
}

}  // namespace

namespace internal {

std::size_t LineSlots::PayeeSlot(std::int64_t payee) {
  return static_cast<std::size_t>((static_cast<std::uint64_t>(payee) * 0x9E3779B97F4A7C15U) >> 56);
}

std::size_t LineSlots::PriceSlot(const MonthPrice& price) {
  std::uint64_t hash = static_cast<std::uint64_t>(price.base_millionths);
  const auto mix = [&](std::int64_t value) {
    hash = (hash ^ static_cast<std::uint64_t>(value)) * 0x9E3779B97F4A7C15U;
  };
  mix(price.factor_numerator);
  mix(price.factor_denominator);
  mix(price.weight_millionths);
  mix(price.days * 64 + price.days_of);
  mix(price.version * 65'536 + price.cell);
  return static_cast<std::size_t>(hash >> 54);
}

}  // namespace internal

LineWriter::LineWriter(MonthNumber run_month) : run_month_(run_month) {}

void LineWriter::Add(const MemberMonthLine& line) {
  if (block_.lines == 0) {
    block_.first_member = slots_.member = line.member;
  }
  CHECK(line.member >= slots_.member);
  ++block_.lines;
  block_.last_member = line.member;
  block_.delta_cents += line.delta_cents;

  const std::size_t payee_slot = internal::LineSlots::PayeeSlot(line.payee.Value());
  const std::size_t price_slot = internal::LineSlots::PriceSlot(line.price);
  std::int64_t& payee = slots_.payees[payee_slot];
  MonthPrice& price = slots_.prices[price_slot];
  const bool plain = IsPlain(line);
  const bool known_payee = payee == line.payee.Value();
  const bool known_price = price == line.price;
  lines_.push_back(static_cast<std::uint8_t>(
      (line.month == run_month_ ? kSameMonth : 0U) | (plain ? kPlain : 0U) |
      (line.payable ? kPayable : 0U) | (line.was_payable ? kWasPayable : 0U) |
      (known_payee ? kSlotPayee : 0U) | (known_price ? kSlotPrice : 0U) |
      (line.price.at_minimum ? kAtMinimum : 0U) | (line.price.clamped ? kClamped : 0U)));
  PutVarint(lines_,
            static_cast<std::uint64_t>(line.member) - static_cast<std::uint64_t>(slots_.member));
  slots_.member = line.member;
  if (known_payee) {
    PutVarint(lines_, payee_slot);
  } else {
    PutSigned(lines_, payee = line.payee.Value());
  }
  if (line.month != run_month_) PutSigned(lines_, run_month_ - line.month);
  if (known_price) {
    PutVarint(lines_, price_slot);
  } else {
    PutPrice(lines_, price = line.price);
  }
  PutSigned(lines_, line.age);
  PutSigned(lines_, line.new_cents);
  if (plain) return;
  PutSigned(lines_, line.posted_cents);
  PutSigned(lines_, line.delta_cents);
  PutVarint(lines_, line.reason ? static_cast<std::uint64_t>(*line.reason) : 0);
  lines_.push_back(static_cast<std::uint8_t>(line.fact));
  lines_.push_back(static_cast<std::uint8_t>(line.cause));
  PutSigned(lines_, line.prior_age);
  PutSigned(lines_, line.change_day);
  PutSigned(lines_, line.learned_on);
  PutSigned(lines_, line.other_payee.Value());
}

LineBlock LineWriter::Take() {
  LineBlock block = std::exchange(block_, LineBlock{});
  block.content.reserve(lines_.size() + 24);
  block.content.push_back(kVersion);
  PutSigned(block.content, run_month_);
  PutVarint(block.content, static_cast<std::uint64_t>(block.lines));
  PutSigned(block.content, block.first_member);
  block.content.insert(block.content.end(), lines_.begin(), lines_.end());
  lines_.clear();
  slots_ = internal::LineSlots();
  return block;
}

std::uint64_t LineReader::Varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  broken_ = true;
  return 0;
}

std::int64_t LineReader::Signed() {
  const std::uint64_t value = Varint();
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

StatusOr<LineReader> LineReader::Open(ByteView content) {
  LineReader reader;
  reader.rest_ = content;
  if (content.empty() || content.front() != kVersion) {
    return DataLoss("a block of member-month lines is not of version {}", kVersion);
  }
  reader.rest_ = content.subspan(1);
  reader.run_month_ = static_cast<MonthNumber>(reader.Signed());
  reader.left_ = reader.Varint();
  reader.slots_.member = reader.Signed();
  if (reader.broken_) return DataLoss("a block of member-month lines is cut off");
  return reader;
}

bool LineReader::ReadPayee(std::int64_t& payee) {
  payee = Signed();
  slots_.payees[internal::LineSlots::PayeeSlot(payee)] = payee;
  return !broken_;
}

bool LineReader::ReadPrice(MonthPrice& price) {
  price.base_millionths = Signed();
  price.factor_numerator = Signed();
  price.factor_denominator = Signed();
  price.weight_millionths = static_cast<std::int32_t>(Signed());
  price.days = static_cast<std::int16_t>(Signed());
  price.days_of = static_cast<std::int16_t>(Signed());
  price.version = static_cast<std::int16_t>(Signed());
  price.cell = static_cast<std::int16_t>(Signed());
  slots_.prices[internal::LineSlots::PriceSlot(price)] = price;
  return !broken_;
}

void LineReader::ReadChange(MemberMonthLine& line) {
  line.posted_cents = Signed();
  line.delta_cents = Signed();
  const std::uint64_t reason = Varint();
  if (reason != 0) line.reason = static_cast<ReasonCode>(reason);
  line.fact = static_cast<LineFact>(Varint());
  line.cause = static_cast<ChangeReason>(Varint());
  line.prior_age = static_cast<std::int16_t>(Signed());
  line.change_day = static_cast<DayNumber>(Signed());
  line.learned_on = static_cast<DayNumber>(Signed());
  line.other_payee = PartyId(Signed());
}

StatusOr<bool> LineReader::Next(MemberMonthLine& line) {
  if (left_ == 0) {
    if (!rest_.empty()) return DataLoss("a block of member-month lines has more than its lines");
    return false;
  }
  --left_;
  const auto flags = static_cast<unsigned>(rest_.empty() ? 0 : rest_.front());
  if (!rest_.empty()) rest_ = rest_.subspan(1);
  line = MemberMonthLine{};
  slots_.member = static_cast<std::int64_t>(static_cast<std::uint64_t>(slots_.member) + Varint());
  line.member = slots_.member;
  std::int64_t payee = 0;
  if ((flags & kSlotPayee) != 0) {
    payee = slots_.payees[Varint() % internal::LineSlots::kPayees];
  } else {
    ReadPayee(payee);
  }
  line.payee = PartyId(payee);
  line.month = run_month_;
  if ((flags & kSameMonth) == 0) line.month -= static_cast<MonthNumber>(Signed());
  if ((flags & kSlotPrice) != 0) {
    line.price = slots_.prices[Varint() % internal::LineSlots::kPrices];
  } else {
    line.price.at_minimum = (flags & kAtMinimum) != 0;
    line.price.clamped = (flags & kClamped) != 0;
    ReadPrice(line.price);
  }
  line.payable = (flags & kPayable) != 0;
  line.was_payable = (flags & kWasPayable) != 0;
  line.age = static_cast<std::int16_t>(Signed());
  line.new_cents = Signed();
  line.delta_cents = line.new_cents;
  if ((flags & kPlain) == 0) ReadChange(line);
  if (broken_) return DataLoss("a block of member-month lines is cut off");
  return true;
}

}  // namespace sluice::performance
