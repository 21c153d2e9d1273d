// Whom a notice goes to: the contacts of its payee that are on file.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/notices/notice.h"

namespace sluice::payments {

// What is to be written to a payee.
struct NoticeDraft {
  NoticeKind kind = NoticeKind::kOffset;
  PayeeId payee;
  std::optional<BankAccountId> account = std::nullopt;
  std::optional<std::int32_t> version = std::nullopt;
  std::optional<OffsetCause> offset = std::nullopt;
  std::string about = {};  // what tells it from others of the account: the key of a payment
  std::string body;
};

// Stores a notice for each address: the e-mail addresses of the contacts for finance, or of all
// contacts where none of those has one; the telephone numbers, where there is no e-mail address at
// all. A payee without contacts gets none. Ids derive from cause and address, so that a restarted
// release stores the same ones. The payees that somebody is written to for.
std::set<PayeeId> WriteToContacts(pg::Transaction& tx, PayerId payer,
                                  std::span<const NoticeDraft> drafts, Instant at);

}  // namespace sluice::payments
