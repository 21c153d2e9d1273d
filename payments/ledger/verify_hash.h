// What the auditor hashes: batches, seals and requests, written down a second time from the stored
// rows (chain.h and journal.h say what the canonical form is).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "payments/ledger/verify_store.h"

namespace sluice::payments::audit {

// A hold as the replay saw it.
struct SeenHold {
  TransferRow transfer;
  Uuid journal_id{};
  std::int32_t line = 0;
};

// The rows of one batch.
struct BatchContent {
  const BatchRow* batch = nullptr;
  std::vector<const AccountRow*> opened;
  std::vector<const JournalRow*> journals;
  std::vector<const TransferRow*> transfers;
  std::vector<const LimitRow*> limits;
};

// The hash over the rows of a batch, and the one that seals it.
Digest BodyHash(const BatchContent& content);
Digest SealHash(BookId book, const BatchRow& batch);

// The request inside a stored refusal: a tag, then the request's own bytes, each with a length.
// Zero bytes when it is not that.
Digest RefusedRequest(const Bytes& refused);

// What a request names beyond its own rows; null for what does not exist.
struct RequestContext {
  std::function<const AccountRow*(std::int64_t account_id)> account;
  std::function<const SeenHold*(std::int64_t batch_seq, std::int32_t position)> hold;
};
// The hash of the request that an accepted journal was, rebuilt from its lines. `limit` is what the
// journal set, or null. Zero bytes when its lines are not there.
Digest AcceptedRequest(const BatchContent& content, const JournalRow& journal,
                       const LimitRow* limit, const RequestContext& context);

}  // namespace sluice::payments::audit
