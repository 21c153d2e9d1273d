#include "payments/pools/pool_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertTransfer{"payments_insert_pool_transfer", R"sql(
  INSERT INTO payments.pool_transfer (book_id, transfer_id, from_pool_id, to_pool_id, amount_cents,
    reason, requested_by, requested_at, state, decision)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')
)sql"};

constexpr pg::Query kLockTransfer{"payments_lock_pool_transfer", R"sql(
  SELECT transfer_id, from_pool_id, to_pool_id, amount_cents, reason, requested_by, requested_at,
    state, decided_by, decision
  FROM payments.pool_transfer
  WHERE book_id = $1 AND transfer_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kLoadTransfers{"payments_load_pool_transfers", R"sql(
  SELECT transfer_id, from_pool_id, to_pool_id, amount_cents, reason, requested_by, requested_at,
    state, decided_by, decision
  FROM payments.pool_transfer
  WHERE book_id = $1 AND (state = 0 OR $2)
  ORDER BY transfer_id
)sql"};

constexpr pg::Query kDecideTransfer{"payments_decide_pool_transfer", R"sql(
  UPDATE payments.pool_transfer
  SET state = $3, decision = $4, decided_by = $5, decided_at = $6
  WHERE book_id = $1 AND transfer_id = $2 AND state = 0
)sql"};

constexpr pg::Query kInsertFunding{"payments_insert_funding_instruction", R"sql(
  INSERT INTO payments.funding_instruction (book_id, instruction_id, pool_id, amount_cents,
    expected_on, reference, recorded_by, recorded_at, state, line_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, NULL)
)sql"};

constexpr pg::Query kLockFunding{"payments_lock_expected_funding", R"sql(
  SELECT instruction_id, pool_id, amount_cents, expected_on, reference, state, line_id
  FROM payments.funding_instruction
  WHERE book_id = $1 AND state = 0
  ORDER BY instruction_id
  FOR UPDATE
)sql"};

constexpr pg::Query kFindFunding{"payments_find_funding", R"sql(
  SELECT instruction_id, pool_id, amount_cents, expected_on, reference, state, line_id
  FROM payments.funding_instruction
  WHERE book_id = $1 AND instruction_id = $2
)sql"};

constexpr pg::Query kLoadFunding{"payments_load_expected_funding", R"sql(
  SELECT instruction_id, pool_id, amount_cents, expected_on, reference, state, line_id
  FROM payments.funding_instruction
  WHERE book_id = $1 AND state = 0
  ORDER BY instruction_id
)sql"};

constexpr pg::Query kCloseFunding{"payments_close_funding_instruction", R"sql(
  UPDATE payments.funding_instruction
  SET state = $3, line_id = $4
  WHERE book_id = $1 AND instruction_id = $2 AND state = 0
)sql"};

PoolTransferRow TransferOf(const pg::Row& row) {
  return {.id = row.Get<PoolTransferId>(0),
          .from = row.Get<PoolId>(1),
          .to = row.Get<PoolId>(2),
          .amount = row.Get<Money>(3),
          .reason = row.Get<std::string>(4),
          .requested_by = row.Get<UserId>(5),
          .requested_at = row.Get<Instant>(6),
          .state = static_cast<PoolTransferState>(row.Get<std::int16_t>(7)),
          .decided_by = row.Get<std::optional<UserId>>(8),
          .decision = row.Get<std::string>(9)};
}

std::vector<FundingRow> FundingOf(const pg::Result& result) {
  std::vector<FundingRow> rows;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({.id = row.Get<FundingId>(0),
                    .pool = row.Get<PoolId>(1),
                    .amount = row.Get<Money>(2),
                    .expected_on = row.Get<Date>(3),
                    .reference = row.Get<std::string>(4),
                    .state = static_cast<FundingState>(row.Get<std::int16_t>(5)),
                    .line = row.Get<std::optional<std::int64_t>>(6)});
  }
  return rows;
}

}  // namespace

void InsertPoolTransfer(pg::Transaction& tx, BookId book, const PoolTransferRow& row) {
  tx.Execute(kInsertTransfer, book, row.id, row.from, row.to, row.amount, row.reason,
             row.requested_by, row.requested_at);
}

std::optional<PoolTransferRow> LockPoolTransfer(pg::Transaction& tx, BookId book,
                                                PoolTransferId id) {
  const pg::Result result = tx.Query(kLockTransfer, book, id);
  if (result.Size() == 0) return std::nullopt;
  return TransferOf(result[0]);
}

std::vector<PoolTransferRow> LoadPoolTransfers(pg::Transaction& tx, BookId book, bool all) {
  const pg::Result result = tx.Query(kLoadTransfers, book, all);
  std::vector<PoolTransferRow> rows;
  for (int i = 0; i < result.Size(); ++i) rows.push_back(TransferOf(result[i]));
  return rows;
}

void DecidePoolTransfer(pg::Transaction& tx, BookId book, PoolTransferId id,
                        PoolTransferState state, const std::string& decision,
                        const Recorded& recorded) {
  tx.Execute(kDecideTransfer, book, id, Stored(state), decision, recorded.by, recorded.at);
}

void InsertFunding(pg::Transaction& tx, BookId book, const FundingRow& row,
                   const Recorded& recorded) {
  tx.Execute(kInsertFunding, book, row.id, row.pool, row.amount, row.expected_on, row.reference,
             recorded.by, recorded.at);
}

std::vector<FundingRow> LockExpectedFunding(pg::Transaction& tx, BookId book) {
  return FundingOf(tx.Query(kLockFunding, book));
}

std::optional<FundingRow> FindFunding(pg::Transaction& tx, BookId book, FundingId id) {
  std::vector<FundingRow> rows = FundingOf(tx.Query(kFindFunding, book, id));
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<FundingRow> LoadExpectedFunding(pg::Transaction& tx, BookId book) {
  return FundingOf(tx.Query(kLoadFunding, book));
}

bool CloseFunding(pg::Transaction& tx, BookId book, FundingId id, FundingState state,
                  std::optional<std::int64_t> line) {
  return tx.Execute(kCloseFunding, book, id, Stored(state), line) == 1;
}

}  // namespace sluice::payments
