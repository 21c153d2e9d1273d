// The office of notices: sends what waits, and takes what people know of messages.
//
//   1. A message is marked as begun, in a transaction of its own, before the other side may have
//   it.
//      Of two that send at once, one has it and the other goes on.
//   2. What was begun and not finished within kNoticeLease was interrupted: what became of it is
//      looked for. Where that cannot be known the notice is unknown, and people decide; it is never
//      sent again by itself.
//   3. Mail that the other side cannot take now ends the round: what waits, waits for the next one.
//   4. A notice of an offset that was sent starts the days of notice of what it tells of, unless
//      the payee knew before (payments/recoup).
//   5. Telephone numbers are called by people, who say so with Mark.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/notices/mail_channel.h"
#include "payments/notices/notice_store.h"

namespace sluice::payments {

// How long a message may take. After it nobody is at work with it any more.
inline constexpr std::int64_t kNoticeLeaseMicros = 15 * 60 * std::int64_t{1'000'000};

struct MailRound {
  std::int32_t sent = 0;
  std::int32_t refused = 0;
  std::int32_t unknown = 0;
  std::int32_t waiting = 0;  // put off, or with somebody else
  std::string stopped;       // why the round ended early; empty: it did not
};

// What people know of a notice.
enum class NoticeVerdict {
  kSent,    // it was told: of one that waits, failed or is unknown
  kFailed,  // it cannot be told: of one that waits or is unknown
  kAgain,   // it was not told, and is sent again: of one that failed or is unknown
};

class NoticeService {
 public:
  NoticeService(const pg::Database& database, PayerId payer, sluice::Clock& clock)
      : database_(database.ForPayer(payer)), payer_(payer), clock_(clock) {}

  // Sends what waits, by id. A status other than ok: the database, or a notice that cannot be
  // prepared; what was sent before it stays sent.
  StatusOr<MailRound> Send(MailChannel& channel, Actor actor);

  // Those that wait, were begun, failed or are unknown, by id; or all.
  StatusOr<std::vector<PayeeNotice>> List(bool all, std::int32_t limit = 1'000);
  // InvalidArgument without how it is known; NotFound; FailedPrecondition for a notice that is in
  // another state.
  Status Mark(std::int64_t notice, NoticeVerdict verdict, const std::string& how, Actor actor);

 private:
  Status SendOne(MailChannel& channel, const PayeeNotice& notice, Actor actor, MailRound& round);
  // The state that it has now, if it is still as it was.
  StatusOr<bool> Begin(const PayeeNotice& notice, Instant at);
  Status Conclude(const PayeeNotice& notice, const MailResult& result, Instant begun_at,
                  Actor actor, MailRound& round);
  Status StartNoticeDays(pg::Transaction& tx, const PayeeNotice& notice, Instant at,
                         std::string_view how, UserId by);

  pg::Database database_;
  PayerId payer_;
  sluice::Clock& clock_;
};

}  // namespace sluice::payments
