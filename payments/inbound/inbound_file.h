// A file that came in, and its items, as stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "payments/inbound/ach_inbound.h"
#include "payments/inbound/inbound_kind.h"

namespace sluice::payments {

struct InboundFileTag {
  static constexpr std::string_view kPrefix = "inb";
};
using InboundFileId = Id<InboundFileTag>;

// The numbers are stored.
enum class InboundState : std::int16_t {
  kStored = 0,       // the bytes are safe; not read yet
  kStaged = 1,       // read; items wait to be applied
  kApplied = 2,      // every item is applied, or waits for a person
  kQuarantined = 3,  // nothing of it is used
  kEmpty = 4,        // the bank had nothing for us
  kForPeople = 5,    // a report without items
};
std::string_view InboundStateName(InboundState state);

// What an item is: 1 to 7 as AchItemKind. The numbers are stored.
enum class ItemKind : std::int16_t {
  kReturn = 1,
  kChange = 2,
  kDishonored = 3,
  kContested = 4,
  kChangeRefused = 5,
  kReject = 6,
  kForward = 7,
  kGroupAnswer = 20,        // 999, one per functional group
  kInterchangeAnswer = 21,  // TA1
  kStatement = 40,          // one account's day of a balance report
  kBankLine = 41,
  kBalance = 42,  // a summary amount of a statement
};
std::string_view ItemKindName(ItemKind kind);

enum class ItemState : std::int16_t {
  kStaged = 0,
  kApplied = 1,
  kSuspense = 2,     // its counterpart is not known yet; looked for again at every apply
  kQuarantined = 3,  // a fault of the record, its batch or its file
  kDuplicate = 4,    // the same entry came in another file
  kWorkItem = 5,     // a person decides
  kNoted = 6,        // nothing to do
  kReplaced = 7,     // quarantined or waiting; the same entry came again in a good file
  kResolved = 8,     // a person dealt with it
};
std::string_view ItemStateName(ItemState state);
// Whether somebody still has to deal with it.
bool IsOpen(ItemState state);

struct InboundFileRow {
  InboundFileId id;
  Digest fingerprint{};
  std::string name;
  InboundKind kind = InboundKind::kUnknown;
  InboundState state = InboundState::kStored;
  std::int64_t size = 0;
  std::string reason;
  UserId received_by;
  Instant received_at;
};

struct InboundItemRow {
  InboundFileId file;
  std::int32_t item_no = 0;
  ItemKind kind{};
  std::int64_t record_no = 0;
  Digest key{};  // ItemKeyOf
  std::string code;
  Money amount;
  bool debit = false;
  std::string original_trace, original_rdfi, company_id;
  std::string reference;        // the payment key; a bank's reference; a control number
  std::string other_reference;  // trace of a return, its own or the disputed one's; a customer's
  std::string information;
  std::optional<Date> occurred_on;  // of a death; of a statement: its day
  std::optional<Digest> account_blind;
  std::string account_last4;
  ItemState state = ItemState::kStaged;
  std::string reason;
  std::optional<BookId> target_book;
  std::optional<std::int64_t> target_id;  // a disbursement, a payment file, a bank line
  std::optional<Date> due_on;
};

// What makes two items the same fact, wherever they stand: the kind, code, match key, references
// and, for lines of a statement, the occurrence among equal ones.
Digest ItemKeyOf(const InboundItemRow& item, std::int32_t occurrence);

}  // namespace sluice::payments
