// How the stores of this folder send many rows and read them back. Internal to the folder.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "core/pg/database.h"
#include "performance/members/member_store.h"

namespace sluice::performance {

inline constexpr std::size_t kRowsPerStatement = 20'000;

// The rows as arrays, in a vector of its own for each column because they follow three parameters.
// `positions` are the rows' places, `Key` is how many columns from the left are the key.
template <typename... Types>
struct Chunk {
  std::tuple<std::vector<Types>...> columns;
  std::vector<std::size_t> positions;

  void Add(const std::tuple<Types...>& values, std::size_t position) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (std::get<I>(columns).push_back(std::get<I>(values)), ...);
    }(std::index_sequence_for<Types...>{});
    positions.push_back(position);
  }
};

template <std::size_t... I, typename Values>
auto FirstOf(std::index_sequence<I...>, const Values& values) {
  return std::make_tuple(std::get<I>(values)...);
}

// Adds rows, at most kRowsPerStatement per statement. Rows of one statement that have one key are
// settled here: the same again is left out, another content contradicts the first.
template <std::size_t Key, typename... Types, typename T, typename Fields>
Added AddRows(pg::Transaction& tx, const pg::Query& query, const Recording& recording,
              std::span<const T> rows, const Fields& fields) {
  using Values = std::tuple<Types...>;
  constexpr auto kKeys = std::make_index_sequence<Key>{};
  Added result;
  for (std::size_t begin = 0; begin < rows.size(); begin += kRowsPerStatement) {
    const auto part = rows.subspan(begin, std::min(rows.size() - begin, kRowsPerStatement));
    Chunk<Types...> chunk;
    std::map<decltype(FirstOf(kKeys, std::declval<Values>())), Values> seen;
    for (std::size_t i = 0; i < part.size(); ++i) {
      const Values values = fields(part[i]);
      const auto [known, is_new] = seen.try_emplace(FirstOf(kKeys, values), values);
      if (is_new) {
        chunk.Add(values, begin + i);
      } else if (known->second != values) {
        result.contradictions.push_back(begin + i);
      }
    }
    const pg::Result answer = std::apply(
        [&](const auto&... column) {
          return tx.Query(query, recording.payer, recording.recorded_at, recording.batch_id,
                          column...);
        },
        chunk.columns);
    for (int i = 0; i < answer.Size(); ++i) {
      const auto value = answer[i].template Get<std::int64_t>(0);
      if (value <= 0) {
        result.rows -= value;
      } else {
        result.contradictions.push_back(chunk.positions[static_cast<std::size_t>(value - 1)]);
      }
    }
  }
  std::ranges::sort(result.contradictions);
  return result;
}

template <typename T, typename Map>
std::vector<T> ReadRows(const pg::Result& result, const Map& map) {
  std::vector<T> rows;
  rows.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) rows.push_back(map(result[i]));
  return rows;
}

}  // namespace sluice::performance
