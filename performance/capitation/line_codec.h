// Lines of a run as bytes, in the order of their members: some ten bytes for an ordinary line.
//
//   block  = version (1 byte), run month (varint), number of lines (varint), lines
//   line   = flags, member less the former line's member, payee, month, price, age, amounts, and
//            for a line that is more than "posted nothing before, new is the delta" its reason,
//            fact, cause, dates, other payee
//
// Numbers are varints of seven bits, signed ones zigzag. Payees and prices repeat: each has a table
// of slots that writer and reader fill in the same way, so that a repetition is one or two bytes.
// The same lines have the same bytes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "core/status.h"
#include "performance/capitation/line.h"

namespace sluice::performance {

struct LineBlock {
  std::int64_t first_member = 0;
  std::int64_t last_member = 0;
  std::int32_t lines = 0;
  std::int64_t delta_cents = 0;
  Bytes content;
};

namespace internal {
// What writer and reader remember of a block.
struct LineSlots {
  static constexpr std::size_t kPayees = 256;
  static constexpr std::size_t kPrices = 1024;
  std::array<std::int64_t, kPayees> payees{};
  std::array<MonthPrice, kPrices> prices{};
  std::int64_t member = 0;

  static std::size_t PayeeSlot(std::int64_t payee);
  static std::size_t PriceSlot(const MonthPrice& price);
};
}  // namespace internal

class LineWriter {
 public:
  explicit LineWriter(MonthNumber run_month);
  // Requires: members do not fall.
  void Add(const MemberMonthLine& line);
  std::int32_t Lines() const { return block_.lines; }
  // The block so far; the writer begins another one.
  LineBlock Take();

 private:
  MonthNumber run_month_;
  LineBlock block_;
  Bytes lines_;
  internal::LineSlots slots_;
};

// Reads the lines of one block. The bytes outlive the reader.
class LineReader {
 public:
  // DataLoss when the bytes are no block.
  static StatusOr<LineReader> Open(ByteView content);
  // False at the end. DataLoss when the bytes do not hold a line.
  StatusOr<bool> Next(MemberMonthLine& line);
  MonthNumber RunMonth() const { return run_month_; }

 private:
  LineReader() = default;
  std::uint64_t Varint();
  std::int64_t Signed();
  bool ReadPayee(std::int64_t& payee);
  bool ReadPrice(MonthPrice& price);
  void ReadChange(MemberMonthLine& line);

  ByteView rest_;
  bool broken_ = false;
  MonthNumber run_month_ = 0;
  std::uint64_t left_ = 0;
  internal::LineSlots slots_;
};

}  // namespace sluice::performance
