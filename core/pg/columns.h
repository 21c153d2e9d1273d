// Many rows for one statement: one array for each column, for
//   INSERT INTO t (a, b) SELECT a, b FROM unnest($1::bigint[], $2::text[]) AS r (a, b)
//
// COPY would be the other way in, but PostgreSQL refuses COPY FROM on a table with row-level
// security. The caller bounds how many rows it gathers.
#pragma once

#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "core/pg/database.h"

namespace sluice::pg {

// The types are those of core/pg/value.h, optional for a column that may be NULL.
template <typename... Types>
class Columns {
 public:
  void Reserve(std::size_t rows) {
    std::apply([&](auto&... column) { (column.reserve(rows), ...); }, columns_);
  }
  void Add(Types... values) {
    std::apply([&](auto&... column) { (column.push_back(std::move(values)), ...); }, columns_);
  }
  std::size_t Rows() const { return std::get<0>(columns_).size(); }
  void Clear() {
    std::apply([](auto&... column) { (column.clear(), ...); }, columns_);
  }
  // Runs the statement with the columns as $1, $2, ... and returns the number of rows it touched.
  std::int64_t Execute(Transaction& tx, const Query& query) const {
    return std::apply([&](const auto&... column) { return tx.Execute(query, column...); },
                      columns_);
  }

 private:
  std::tuple<std::vector<Types>...> columns_;
};

}  // namespace sluice::pg
