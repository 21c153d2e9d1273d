// Rows of operations. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "api/operations/operation.h"
#include "core/pg/database.h"

namespace sluice::api {

// The one of this job that has not ended.
std::optional<OperationId> FindOperationOfJob(pg::Transaction& tx, PayerId payer,
                                              const std::string& job);
// False when another one of the job has not ended.
bool InsertOperation(pg::Transaction& tx, PayerId payer, const Operation& operation);

std::optional<Operation> FindOperation(pg::Transaction& tx, PayerId payer, OperationId id);
// Locked until the transaction ends.
std::optional<Operation> LockOperation(pg::Transaction& tx, PayerId payer, OperationId id);
// The same; none, too, while somebody else has it locked.
std::optional<Operation> LockFreeOperation(pg::Transaction& tx, PayerId payer, OperationId id);

// Those of these methods that have not ended, may be begun now, and whose lease nobody has, the
// oldest first.
std::vector<OperationId> LoadDueOperations(pg::Transaction& tx, PayerId payer,
                                           std::span<const std::string> methods, Instant now,
                                           std::int32_t most);

// Phase and items of one that runs.
void SetProgress(pg::Transaction& tx, PayerId payer, const Operation& operation);
// Also state and attempts; `not_before` is when it may be begun.
void SetWaitingOrRunning(pg::Transaction& tx, PayerId payer, const Operation& operation,
                         Instant not_before);
void SetCancelRequested(pg::Transaction& tx, PayerId payer, OperationId id);
// State, end and result.
void SetEnded(pg::Transaction& tx, PayerId payer, const Operation& operation);

// Fields that a list filters and orders by.
std::span<const ListField> OperationFields();
struct OperationPage {
  std::vector<Operation> operations;
  std::string next_page_token;
};
// Of these methods.
OperationPage LoadOperationPage(pg::Transaction& tx, PayerId payer,
                                std::span<const std::string> methods, const ListPage& page);

}  // namespace sluice::api
