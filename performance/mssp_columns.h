// The columns of a Shared Savings results file, whatever a year calls them, and the reading of
// their cells. Internal to performance/mssp_results.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/mssp_results.h"

namespace sluice::performance {

enum class MsspField : std::uint8_t {
  kId,
  kName,
  kAssigned,
  kPersonYears,
  kMinimumRate,
  kSaving,
  kGenerated,
  kRelief,
  kEarned,
  kStandardMet,
  kAlternativeMet,
  kScore,
  kMaximumShare,
  kFinalShare,
  kUpdatedBenchmark,
  kBenchmark,
  kExpenditure,
  kRevenueCategory,
  kRevenueLimit,
  kTrack,
  kStart,
  kAgreementNumber,
  kGuardrail,
  kAdvanceBalance,
  kAdvanceRecouped,
  kAdvancePaid,
  kAdvancePaidRecouped,
  kCount,  // how many there are
};

// A number as printed, with what its print says about it.
struct PrintedNumber {
  Ratio value;  // a per cent sign is not yet applied
  bool percent = false;
  int decimals = 0;
};

// Reads a number tolerantly; nothing for a cell that means none, not applicable or suppressed, and
// for text that is no number.
std::optional<PrintedNumber> ReadPrintedNumber(std::string_view cell);
// Whether the cell means that there is no value: blank, "-", "N/A", "*" and the like.
bool IsAbsent(std::string_view cell);
// "1", "Y", "Yes", "X" and "true" are yes; "0", "N", "No" and "false" are no; anything else is
// nothing.
std::optional<bool> ReadFlag(std::string_view cell);
// A date with or without a time after it; two-digit years are of this century.
std::optional<Date> ReadPrintedDate(std::string_view cell);

// How a column of rates is printed.
struct RateColumn {
  MsspScale scale = MsspScale::kFraction;
  int decimals = 0;  // the most that a cell prints
  bool has_percent_signs = false;

  // The value as a fraction of 1.
  Ratio Read(const PrintedNumber& number) const;
  // Half a unit of the last printed digit, as a fraction of 1.
  Ratio HalfUnit() const;
};

// Where the columns are.
class MsspColumns {
 public:
  // InvalidArgument when a column is missing without which nothing can be computed.
  static StatusOr<MsspColumns> Find(std::span<const std::string> header, const std::string& file);

  // The cell, or "" when the file has no such column.
  std::string_view Cell(const std::vector<std::string>& row, MsspField field) const;
  bool Has(MsspField field) const { return At(field).has_value(); }
  // The header's own name of the column, for overrides; "" when there is none.
  const std::string& Name(MsspField field) const;
  // The track of a row: by the code column, else by the flag columns.
  StatusOr<MsspTrack> TrackOf(const std::vector<std::string>& row) const;

 private:
  struct TrackFlag {
    std::size_t column;
    MsspTrack track;
  };
  const std::optional<std::size_t>& At(MsspField field) const {
    return places_[static_cast<std::size_t>(field)];
  }

  std::array<std::optional<std::size_t>, static_cast<std::size_t>(MsspField::kCount)> places_;
  std::vector<std::string> names_;
  std::vector<TrackFlag> flags_;
};

// Decides scale and print of a column of rates from all its cells: above `largest_fraction` the
// column can only be per cent.
RateColumn MeasureRateColumn(const std::vector<std::vector<std::string>>& rows,
                             const MsspColumns& columns, MsspField field,
                             const Ratio& largest_fraction, const MsspReadOptions& options);

}  // namespace sluice::performance
