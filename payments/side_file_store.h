// Rows of ACH files that pay nobody (side_file.h). No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"
#include "payments/disbursement.h"
#include "payments/payee_store.h"
#include "payments/sealed_bytes.h"

namespace sluice::payments {

// The numbers are stored.
enum class SideFileKind : std::int16_t { kAccountTests = 1, kReversals = 2 };
enum class SideFileState : std::int16_t {
  kBuilding = 0,
  kReady = 1,
  kDelivering = 2,
  kDelivered = 3,
  kUnknown = 4,
};

struct SideFile {
  PaymentFileId id;
  BookId book;
  SideFileKind kind{};
  std::string name;
  Instant created_at;
  std::int16_t modifier = 0;
  std::int64_t first_trace = 0;
  Date effective_date{};
  std::int32_t entry_count = 0;
  std::optional<Money> total;  // once it is built
  SideFileState state = SideFileState::kBuilding;
};
void InsertSideFile(pg::Transaction& tx, PayerId payer, const SideFile& file,
                    const Recorded& recorded);
// The first of the book and kind that is not delivered, locked. One of unknown outcome is none.
std::optional<SideFile> LockUnfinishedSideFile(pg::Transaction& tx, PayerId payer, BookId book,
                                               SideFileKind kind);
// False when it is not in the state `from` any more.
bool MoveSideFile(pg::Transaction& tx, PayerId payer, PaymentFileId file, SideFileState from,
                  SideFileState to);

// What only the role sluice_files writes and reads.
struct SideFileContent {
  Digest sha256{};
  SealedBytes sealed;
};
// BUILDING to READY. False when somebody else built it.
bool StoreSideFile(pg::Transaction& tx, PayerId payer, PaymentFileId file,
                   const SideFileContent& content, Money total);
std::optional<SideFileContent> FindSideFileContent(pg::Transaction& tx, PayerId payer,
                                                   PaymentFileId file);

}  // namespace sluice::payments
