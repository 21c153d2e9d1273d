// Rows of transfers between pools and of funding instructions. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/payee_store.h"
#include "payments/pool.h"

namespace sluice::payments {

struct PoolTransferTag {
  static constexpr std::string_view kPrefix = "ptr";
};
using PoolTransferId = Id<PoolTransferTag>;
struct FundingTag {
  static constexpr std::string_view kPrefix = "fnd";
};
using FundingId = Id<FundingTag>;

// The numbers are stored.
enum class PoolTransferState : std::int16_t {
  kRequested = 0,
  kPosted = 1,
  kRejected = 2,
  kShort = 3,  // the pool had not enough when it was approved
};

struct PoolTransferRow {
  PoolTransferId id;
  PoolId from;
  PoolId to;
  Money amount;
  std::string reason;
  UserId requested_by;
  Instant requested_at;
  PoolTransferState state = PoolTransferState::kRequested;
  std::optional<UserId> decided_by;
  std::string decision;
};
void InsertPoolTransfer(pg::Transaction& tx, BookId book, const PoolTransferRow& row);
std::optional<PoolTransferRow> LockPoolTransfer(pg::Transaction& tx, BookId book,
                                                PoolTransferId id);
// By id; without those that were decided, unless `all`.
std::vector<PoolTransferRow> LoadPoolTransfers(pg::Transaction& tx, BookId book, bool all);
void DecidePoolTransfer(pg::Transaction& tx, BookId book, PoolTransferId id,
                        PoolTransferState state, const std::string& decision,
                        const Recorded& recorded);

enum class FundingState : std::int16_t { kExpected = 0, kMatched = 1, kWithdrawn = 2 };

struct FundingRow {
  FundingId id;
  PoolId pool;
  Money amount;
  Date expected_on{};
  std::string reference;
  FundingState state = FundingState::kExpected;
  std::optional<std::int64_t> line;  // of the bank's statement
};
void InsertFunding(pg::Transaction& tx, BookId book, const FundingRow& row,
                   const Recorded& recorded);
// Locks those that are expected, by id.
std::vector<FundingRow> LockExpectedFunding(pg::Transaction& tx, BookId book);
std::optional<FundingRow> FindFunding(pg::Transaction& tx, BookId book, FundingId id);
std::vector<FundingRow> LoadExpectedFunding(pg::Transaction& tx, BookId book);
// False when it is not expected any more.
bool CloseFunding(pg::Transaction& tx, BookId book, FundingId id, FundingState state,
                  std::optional<std::int64_t> line);

}  // namespace sluice::payments
