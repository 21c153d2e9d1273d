// The hash chain of a book: every batch is sealed by a hash over its content and the hash before
// it, so that a change, removal, insertion or cut tail is found and located.
//
//   body_hash = SHA-256(canonical bytes of opened accounts, journals, transfers, limits and
//               resolutions, in order)
//   hash      = SHA-256(version, book, batch number, previous hash, body_hash, sealed at,
//               number of journals, number of transfers)
//
// The canonical form is version 1 and never changes; another form is another version. A chain
// begins with a hash of 32 zero bytes. Test vectors: tests/ledger/chain_test.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "payments/ledger/journal.h"
#include "payments/ledger/posting.h"

namespace sluice::payments {

inline constexpr std::int16_t kChainVersion = 1;

// What a batch is sealed with.
struct BatchSeal {
  BookId book;
  std::int64_t batch_seq = 0;
  Digest prev_hash{};
  Digest body_hash{};
  Instant sealed_at;
  std::int32_t journal_count = 0;
  std::int32_t transfer_count = 0;
};
Digest HashOfSeal(const BatchSeal& seal);

// The body hash of a batch: what Post() made of `journals` (in the same order), with the body hash
// of each journal. Stored refusals are covered too.
Digest HashOfBody(const PostedBatch& batch, std::span<const Journal> journals,
                  std::span<const Digest> body_hashes);

// What is stored of a refused journal: its body and why it was refused.
Bytes EncodeRefused(const Journal& journal, const Refusal& refusal);
struct RefusedJournal {
  Journal journal;
  Refusal refusal;
};
// DataLoss when the bytes are not a refusal.
StatusOr<RefusedJournal> DecodeRefused(const Uuid& id, ByteView bytes);

// The head of a chain.
struct ChainHead {
  BookId book;
  std::int64_t batch_seq = 0;
  Digest hash{};
  Instant sealed_at;
  friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

// One line of text for storage that database administrators cannot alter and for the run report:
// "sluice-head v1 bok_... 17 2026-10-05T12:00:00.000000Z 9f86d0...". A signature, where there is
// one, is made over exactly these bytes.
std::string ExportHead(const ChainHead& head);
// InvalidArgument names what is wrong with the text.
StatusOr<ChainHead> ParseHead(std::string_view text);

}  // namespace sluice::payments
