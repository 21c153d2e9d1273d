// Rows of notices. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/notices/notice.h"

namespace sluice::payments {

// All of them wait. A second notice of the same cause to the same address is not stored.
void InsertNotices(pg::Transaction& tx, PayerId payer, std::span<const PayeeNotice> notices,
                   Instant at);
// Those in one of the states, by id; at most `limit`.
std::vector<PayeeNotice> LoadNotices(pg::Transaction& tx, PayerId payer,
                                     std::span<const NoticeState> states, std::int32_t limit);
// What waits for a message or was begun, by id, after an id; at most `limit`.
std::vector<PayeeNotice> LoadMailAfter(pg::Transaction& tx, PayerId payer, std::int64_t after,
                                       std::int32_t limit);
std::optional<PayeeNotice> FindNotice(pg::Transaction& tx, PayerId payer, std::int64_t notice);
std::optional<PayeeNotice> LockNotice(pg::Transaction& tx, PayerId payer, std::int64_t notice);

// Where a notice goes from where it is.
struct NoticeMove {
  std::int64_t notice = 0;
  NoticeState from = NoticeState::kWaits;
  NoticeState to = NoticeState::kSent;
  std::string detail;
};
// False when somebody else moved it: its state or the time of its last move is another one.
bool MoveNotice(pg::Transaction& tx, PayerId payer, const NoticeMove& move,
                std::optional<Instant> moved_before, Instant at);

}  // namespace sluice::payments
