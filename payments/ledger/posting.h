// The posting engine: what a batch of journals does to a book. Pure: no clock, no database, no
// randomness; the same snapshot and journals give the same batch.
//
//   1. Journals are applied in order. Limits are checked after each journal, so one refusal does
//      not spoil its neighbors: a refused journal leaves no trace but its own row.
//   2. The rule a journal breaks is named by the first PostStatus in the order of the enum; within
//      one rule, by the first line.
//   3. A hold is resolved at most once. At or after its expiry it can only be expired.
//   4. A counter that overflows is a bug and stops the process.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "payments/ledger/account.h"
#include "payments/ledger/journal.h"

namespace sluice::payments {

// The answer to one journal. Checked in this order. The numbers are stored; names never change.
enum class PostStatus : std::int16_t {
  kAccepted = 0,

  // Malformed: the same body always fails; nothing is stored under the id.
  kIdMissing = 1,
  kActorMissing = 2,
  kEventUnknown = 3,
  kNothingToPost = 4,  // neither transfers nor a limit, or both, or a limit of another event
  kTooManyTransfers = 5,
  kTransferKindUnknown = 6,
  kAccountClassUnknown = 7,
  kOwnerKeyInvalid = 8,
  kSameAccountTwice = 9,
  kAmountNotPositive = 10,
  kAmountTooLarge = 11,
  kExpiryNotAllowed = 12,  // only a hold has an expiry
  kHoldMissing = 13,       // a resolving line names no hold
  kHoldNotAllowed = 14,    // another line names one
  kLineNotOfEvent = 15,    // not a row of the posting table
  kHalvesUnbalanced = 16,  // the journal would break identities F and C
  kLimitNotAllowed = 17,   // a negative overdraft, or an account class without a limit

  // The id was used before with another body. The first body stays.
  kIdReused = 50,

  // State-dependent: stored under the id for ever.
  kCorrectedUnknown = 100,  // the journal named by `corrects` was never accepted
  kAlreadyCorrected = 101,
  kPeriodClosed = 102,
  kHoldNotFound = 103,
  kHoldAccountsDiffer = 104,
  kHoldAmountExceeded = 105,  // more than the hold, or a void or expiry of another amount
  kHoldAlreadyResolved = 106,
  kHoldExpired = 107,
  kHoldNotExpired = 108,
  kExceedsCredits = 109,  // L1: more debits than the account's credits and overdraft
  kExceedsDebits = 110,   // L2
};

// "EXCEEDS_CREDITS".
std::string_view PostStatusName(PostStatus status);
bool IsMalformed(PostStatus status);
bool IsStateDependent(PostStatus status);

// Why a journal was refused, with what the message needs. Stored with the refusal.
struct Refusal {
  PostStatus status = PostStatus::kAccepted;
  std::int32_t line = 0;  // counted from 1; 0 when the whole journal is meant
  AccountKey account;     // the account whose limit broke, when one did
  Money short_by;         // by how much, when a limit broke

  friend bool operator==(const Refusal&, const Refusal&) = default;
};
// For people: names the line, the account, the amount and what to do.
std::string Describe(const Refusal& refusal, const Journal& journal);

// The malformed class, found without any state. Nothing when the journal is well formed.
std::optional<Refusal> FindMalformation(const Journal& journal);

// A pending transfer and what became of it.
struct Hold {
  std::int64_t batch_seq = 0;
  std::int32_t position = 0;
  AccountKey debit;
  AccountKey credit;
  Money amount;
  std::optional<Instant> expires_at;
  bool resolved = false;
};

// What the engine must know about a journal named by `corrects`.
struct CorrectedJournal {
  bool accepted = false;
  bool corrected = false;
};

// The part of a book that a batch touches.
struct BookSnapshot {
  BookId book;
  std::int64_t last_batch_seq = 0;
  Instant sealed_at;  // of the batch to be made: max(now, last + 1)
  std::optional<Date> closed_through;
  std::vector<AccountBalance> accounts;  // those that exist
  std::map<HoldRef, Hold> holds;
  std::map<Uuid, CorrectedJournal> corrected;
};

struct PostedTransfer {
  std::int32_t position = 0;  // in the batch, from 1
  std::int32_t journal_ordinal = 0;
  TransferKind kind{};
  Event event{};
  std::int64_t debit_account_id = 0;
  std::int64_t credit_account_id = 0;
  Money amount;
  Date effective_date{};
  std::optional<Instant> expires_at;
  std::int64_t pending_batch_seq = 0;  // of the hold it resolves; 0 for none
  std::int32_t pending_position = 0;
};

struct PostedJournal {
  std::int32_t ordinal = 0;         // in the batch, from 1, in the order given
  std::int32_t first_position = 0;  // of its transfers; the next one to come when it has none
  std::int32_t line_count = 0;      // transfers posted; 0 when refused
  Refusal refusal;                  // status kAccepted when accepted
};

struct OpenedAccount {
  std::int64_t account_id = 0;
  AccountKey key;
};

struct PostedResolution {
  std::int64_t pending_batch_seq = 0;
  std::int32_t pending_position = 0;
  std::int32_t position = 0;  // of the resolving transfer, in this batch
  TransferKind outcome{};
  Money posted;  // 0 for a void or an expiry
};

struct PostedLimit {
  std::int32_t ordinal = 0;  // of its journal
  std::int64_t account_id = 0;
  Money overdraft;
};

// What to write. The accounts are all that some accepted journal touched, by account id, with their
// new balances; those opened are the last `opened.size()` of them.
struct PostedBatch {
  std::int64_t batch_seq = 0;
  Instant sealed_at;
  std::optional<Date> closed_through;
  std::vector<PostedJournal> journals;  // one per journal given
  std::vector<PostedTransfer> transfers;
  std::vector<OpenedAccount> opened;
  std::vector<PostedResolution> resolutions;
  std::vector<PostedLimit> limits;
  std::vector<AccountBalance> touched;
};

// Account ids grow with the batch: batch_seq x 2^20 + the account's number in the batch. Unique in
// the book because batches are numbered under the head's lock; nothing needs to be generated.
inline constexpr std::int64_t kAccountsPerBatch = 1 << 20;

// Applies well-formed journals with distinct ids to the snapshot.
// Requires: FindMalformation() finds nothing; every account, hold and corrected journal that the
// journals name is in the snapshot if it exists.
PostedBatch Post(const BookSnapshot& snapshot, std::span<const Journal> journals);

}  // namespace sluice::payments
