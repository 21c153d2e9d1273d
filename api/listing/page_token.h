// Page tokens: where the next page of a list begins.
//
//   1. A token holds the sort values of the last row shown (a keyset), so rows that come in between
//      neither repeat nor hide others.
//   2. It is sealed: a caller can neither read it (sort values may be names, and tokens stand in
//      URLs) nor make one. It opens only for the same caller, payer, method, parent, filter and
//      order; the page size may change (AIP-158).
//   3. An empty token is the first page, and the only end mark is an empty next token.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto.h"
#include "core/id.h"
#include "core/status.h"

namespace sluice::api {

// Everything that a token is bound to.
struct ListQuery {
  PayerId payer;
  UserId user;
  std::string method;  // "sluice.payments.v1.RunService/ListRuns"
  std::string parent;
  std::string filter;
  std::string order_by;
  // Further arguments of the method that choose rows, by field: "as_of.day=2026-10-01".
  std::vector<std::string> others;
};

// The sort values of a row as text, in the order of the sort; the last one is its id.
using PageKey = std::vector<std::string>;

class PageTokens {
 public:
  // The key is the server's, the same for all servers of one database.
  explicit PageTokens(SecretKey key) : key_(std::move(key)) {}

  std::string Make(const ListQuery& query, const PageKey& last) const;
  // InvalidArgument, the same for every cause, for a token that was not made for this query.
  // Requires: the token is not empty.
  StatusOr<PageKey> Read(const ListQuery& query, std::string_view token) const;

 private:
  SecretKey key_;
};

inline constexpr std::int32_t kDefaultPageSize = 50;
inline constexpr std::int32_t kLargestPageSize = 1000;

// 0 is 50, more than 1,000 is 1,000, negative is InvalidArgument.
StatusOr<std::int32_t> PageSize(std::int32_t asked);

}  // namespace sluice::api
