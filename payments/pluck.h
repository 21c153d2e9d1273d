// Turns rows into the columns that unnest() takes: one array per field.
#pragma once

#include <cstdint>
#include <functional>
#include <ranges>
#include <type_traits>
#include <vector>

namespace sluice::payments {

// One value per row: Pluck(payees, &Payee::name).
template <std::ranges::input_range Rows, typename Projection>
auto Pluck(const Rows& rows, Projection projection) {
  using Value = std::remove_cvref_t<
      std::invoke_result_t<Projection&, std::ranges::range_reference_t<const Rows&>>>;
  std::vector<Value> column;
  if constexpr (std::ranges::sized_range<const Rows>) column.reserve(std::ranges::size(rows));
  for (const auto& row : rows) column.push_back(std::invoke(projection, row));
  return column;
}

// The stored number of an enumeration.
template <typename Enum>
constexpr std::int16_t Stored(Enum value) {
  return static_cast<std::int16_t>(value);
}

}  // namespace sluice::payments
