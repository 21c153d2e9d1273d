// Rows of inbound files: the file, its deliveries, its sealed bytes, its faults and its items. No
// rules. `home` is the payer's treasury book.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/inbound/fault.h"
#include "payments/inbound/inbound_file.h"
#include "payments/payee_store.h"
#include "payments/sealed_bytes.h"

namespace sluice::payments {

void InsertInboundFile(pg::Transaction& tx, BookId home, const InboundFileRow& file,
                       const Digest& sha256, const SealedBytes& content);
// One more delivery of the same bytes.
void InsertInboundDelivery(pg::Transaction& tx, BookId home, InboundFileId file,
                           const std::string& name, const Recorded& recorded);
std::optional<InboundFileRow> FindInboundFile(pg::Transaction& tx, BookId home, InboundFileId file);
std::optional<InboundFileRow> FindInboundByFingerprint(pg::Transaction& tx, BookId home,
                                                       const Digest& fingerprint);
std::optional<InboundFileRow> LockInboundFile(pg::Transaction& tx, BookId home, InboundFileId file);
// Newest first.
std::vector<InboundFileRow> LoadInboundFiles(pg::Transaction& tx, BookId home, std::int32_t limit);
void SetInboundKind(pg::Transaction& tx, BookId home, InboundFileId file, InboundKind kind);
void SetInboundState(pg::Transaction& tx, BookId home, InboundFileId file, InboundState state,
                     const std::string& reason);

struct InboundContent {
  Digest sha256{};
  SealedBytes sealed;
};
// Only the role sluice_files may run it.
std::optional<InboundContent> FindInboundContent(pg::Transaction& tx, BookId home,
                                                 InboundFileId file);

void InsertInboundFaults(pg::Transaction& tx, BookId home, InboundFileId file,
                         std::span<const InboundFault> faults);
std::vector<InboundFault> LoadInboundFaults(pg::Transaction& tx, BookId home, InboundFileId file);

void InsertInboundItems(pg::Transaction& tx, BookId home, std::span<const InboundItemRow> items,
                        const Recorded& recorded);
// By item number.
std::vector<InboundItemRow> LoadInboundItems(pg::Transaction& tx, BookId home, InboundFileId file);
std::optional<InboundItemRow> FindInboundItem(pg::Transaction& tx, BookId home, InboundFileId file,
                                              std::int32_t item_no);
// Every item in one of the states, by file and number.
std::vector<InboundItemRow> LoadItemsInState(pg::Transaction& tx, BookId home,
                                             std::span<const ItemState> states);
// Items of other files with one of the keys.
std::vector<InboundItemRow> FindItemsByKey(pg::Transaction& tx, BookId home, InboundFileId not_of,
                                           std::span<const Digest> keys);

// Files that are staged and have no staged item left become applied.
void FinishStagedFiles(pg::Transaction& tx, BookId home);

struct ItemMove {
  InboundFileId file;
  std::int32_t item_no = 0;
  ItemState to{};
  std::string reason;
  std::optional<BookId> target_book;
  std::optional<std::int64_t> target_id;
  std::optional<Date> due_on;
};
void MoveItems(pg::Transaction& tx, BookId home, std::span<const ItemMove> moves,
               const Recorded& recorded);

}  // namespace sluice::payments
