// A record of a file of rows, by the fields of its mapping. Internal to the imports of rows.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/csv.h"
#include "core/pg/database.h"
#include "performance/feeds/row_import.h"
#include "performance/program.h"

namespace sluice::performance {

// 63 bits of a SHA-256: the same texts have the same number for ever.
std::int64_t NumberOf(std::string_view kind, std::initializer_list<std::string_view> parts);

// Why a row is rejected.
struct RowFault {
  IssueCode code{};
  std::string column;
  std::string reason;
};

// The first fault is kept; fields after it read as empty values.
class RowRecord {
 public:
  // InvalidArgument for a file that was cut or lacks a column.
  static StatusOr<RowRecord> Open(const RowImportRequest& request);

  CsvReader& Reader() { return reader_; }
  std::optional<RowFault>& FaultOf() { return fault_; }
  // Set when a day is after the day the file came.
  const Status& FutureStatus() const { return future_; }

  void Begin();
  void Blame(IssueCode code, std::string_view field, std::string reason);
  std::string Text(std::string_view field);
  // A day of the row, which must not be after the day the file came when `past` says so.
  std::optional<Date> Day(std::string_view field, bool past);
  bool YesNo(std::string_view field, bool otherwise);
  // The period of the row, in which the contract has to run.
  std::optional<DateRange> Period(const Contract& contract);
  std::string ColumnOf(std::string_view field) const;
  std::string Raw() const;

 private:
  RowRecord(CsvReader reader, const RowImportRequest& request)
      : reader_(std::move(reader)),
        mapping_(*request.mapping),
        path_(request.path),
        received_on_(request.received_on) {}

  CsvReader reader_;
  const RowMapping& mapping_;
  std::string path_;
  Date received_on_;
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::optional<RowFault> fault_;
  Status future_ = OkStatus();
};

// Finds contracts, and remembers them.
class ContractLookup {
 public:
  explicit ContractLookup(pg::Transaction& tx) : tx_(tx) {}

  std::optional<Contract> Find(const std::string& text);
  // The contract of the row; blames it for one that nobody knows.
  std::optional<Contract> Of(RowRecord& record);

 private:
  pg::Transaction& tx_;
  std::map<std::string, std::optional<Contract>> contracts_;
};

}  // namespace sluice::performance
