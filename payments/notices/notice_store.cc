#include "payments/notices/notice_store.h"

#include <utility>

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertNotices{"payments_insert_payee_notices", R"sql(
  INSERT INTO payments.payee_notice (payer_id, notice_id, kind, payee_id, account_id, version,
    book_id, run_id, notice_days, channel, address, recipient, body, state, detail, recorded_at)
  SELECT $1, u.id, u.kind, u.payee, u.account, u.version, u.book, u.run, u.days, u.channel,
    u.address, u.recipient, u.body, 0, '', $2
  FROM unnest ($3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::int[], $8::bigint[],
    $9::bigint[], $10::int[], $11::smallint[], $12::text[], $13::text[], $14::text[])
    AS u (id, kind, payee, account, version, book, run, days, channel, address, recipient, body)
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kLoadNotices{"payments_load_payee_notices", R"sql(
  SELECT notice_id, kind, payee_id, account_id, version, book_id, run_id, notice_days, channel,
    address, recipient, body, state, detail, recorded_at, moved_at
  FROM payments.payee_notice
  WHERE payer_id = $1 AND state = ANY ($2::smallint[])
  ORDER BY notice_id
  LIMIT $3
)sql"};

// Channel 1 is e-mail; states 0 and 3: waits, sending.
constexpr pg::Query kLoadMail{"payments_load_payee_mail", R"sql(
  SELECT notice_id, kind, payee_id, account_id, version, book_id, run_id, notice_days, channel,
    address, recipient, body, state, detail, recorded_at, moved_at
  FROM payments.payee_notice
  WHERE payer_id = $1 AND channel = 1 AND state IN (0, 3) AND notice_id > $2
  ORDER BY notice_id
  LIMIT $3
)sql"};

constexpr pg::Query kFindNotice{"payments_find_payee_notice", R"sql(
  SELECT notice_id, kind, payee_id, account_id, version, book_id, run_id, notice_days, channel,
    address, recipient, body, state, detail, recorded_at, moved_at
  FROM payments.payee_notice
  WHERE payer_id = $1 AND notice_id = $2
)sql"};

constexpr pg::Query kLockNotice{"payments_lock_payee_notice", R"sql(
  SELECT notice_id, kind, payee_id, account_id, version, book_id, run_id, notice_days, channel,
    address, recipient, body, state, detail, recorded_at, moved_at
  FROM payments.payee_notice
  WHERE payer_id = $1 AND notice_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kMoveNotice{"payments_move_payee_notice", R"sql(
  UPDATE payments.payee_notice
  SET state = $4, detail = $5, moved_at = CASE WHEN $4::smallint = 0 THEN NULL
    ELSE $7::timestamptz END
  WHERE payer_id = $1 AND notice_id = $2 AND state = $3
    AND moved_at IS NOT DISTINCT FROM $6::timestamptz
)sql"};

PayeeNotice NoticeOf(const pg::Row& row) {
  PayeeNotice notice{.id = row.Get<std::int64_t>(0),
                     .kind = static_cast<NoticeKind>(row.Get<std::int16_t>(1)),
                     .payee = row.Get<PayeeId>(2),
                     .account = row.Get<std::optional<BankAccountId>>(3),
                     .version = row.Get<std::optional<std::int32_t>>(4),
                     .channel = static_cast<NoticeChannel>(row.Get<std::int16_t>(8)),
                     .address = row.Get<std::string>(9),
                     .recipient = row.Get<std::string>(10),
                     .body = row.Get<std::string>(11),
                     .state = static_cast<NoticeState>(row.Get<std::int16_t>(12)),
                     .detail = row.Get<std::string>(13),
                     .recorded_at = row.Get<Instant>(14),
                     .moved_at = row.Get<std::optional<Instant>>(15)};
  if (const auto run = row.Get<std::optional<RunId>>(6)) {
    notice.offset = OffsetCause{
        .book = row.Get<BookId>(5), .run = *run, .notice_days = row.Get<std::int32_t>(7)};
  }
  return notice;
}

std::vector<PayeeNotice> PayeeNoticesOf(const pg::Result& result) {
  std::vector<PayeeNotice> notices;
  for (int i = 0; i < result.Size(); ++i) notices.push_back(NoticeOf(result[i]));
  return notices;
}

// A part of the cause of each offset; none for other notices.
template <typename Value>
auto OfOffset(std::span<const PayeeNotice> notices, Value OffsetCause::*part) {
  std::vector<std::optional<Value>> values;
  for (const PayeeNotice& notice : notices) {
    values.push_back(notice.offset ? std::optional((*notice.offset).*part) : std::nullopt);
  }
  return values;
}

}  // namespace

void InsertNotices(pg::Transaction& tx, PayerId payer, std::span<const PayeeNotice> notices,
                   Instant at) {
  if (notices.empty()) return;
  tx.Execute(kInsertNotices, payer, at, Pluck(notices, &PayeeNotice::id),
             Pluck(notices, [](const PayeeNotice& notice) { return Stored(notice.kind); }),
             Pluck(notices, &PayeeNotice::payee), Pluck(notices, &PayeeNotice::account),
             Pluck(notices, &PayeeNotice::version), OfOffset(notices, &OffsetCause::book),
             OfOffset(notices, &OffsetCause::run), OfOffset(notices, &OffsetCause::notice_days),
             Pluck(notices, [](const PayeeNotice& notice) { return Stored(notice.channel); }),
             Pluck(notices, &PayeeNotice::address), Pluck(notices, &PayeeNotice::recipient),
             Pluck(notices, &PayeeNotice::body));
}

std::vector<PayeeNotice> LoadNotices(pg::Transaction& tx, PayerId payer,
                                     std::span<const NoticeState> states, std::int32_t limit) {
  std::vector<std::int16_t> numbers;
  for (const NoticeState state : states) numbers.push_back(Stored(state));
  return PayeeNoticesOf(tx.Query(kLoadNotices, payer, numbers, limit));
}

std::vector<PayeeNotice> LoadMailAfter(pg::Transaction& tx, PayerId payer, std::int64_t after,
                                       std::int32_t limit) {
  return PayeeNoticesOf(tx.Query(kLoadMail, payer, after, limit));
}

std::optional<PayeeNotice> FindNotice(pg::Transaction& tx, PayerId payer, std::int64_t notice) {
  std::vector<PayeeNotice> found = PayeeNoticesOf(tx.Query(kFindNotice, payer, notice));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<PayeeNotice> LockNotice(pg::Transaction& tx, PayerId payer, std::int64_t notice) {
  std::vector<PayeeNotice> found = PayeeNoticesOf(tx.Query(kLockNotice, payer, notice));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

bool MoveNotice(pg::Transaction& tx, PayerId payer, const NoticeMove& move,
                std::optional<Instant> moved_before, Instant at) {
  return tx.Execute(kMoveNotice, payer, move.notice, Stored(move.from), Stored(move.to),
                    move.detail, moved_before, at) == 1;
}

}  // namespace sluice::payments
