#include "api/handlers/account_watch_list_store.h"

#include <array>
#include <utility>

namespace sluice::api {
namespace {

using payments::AccountAlert;
using payments::PayeeNotice;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kAlertKinds = {{
    {"SHARED", 1},
    {"NOBODY_TO_TELL", 2},
    {"CONTACTS_CHANGED", 3},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kNoticeStates = {{
    {"WAITS", 0},
    {"SENT", 1},
    {"FAILED", 2},
    {"SENDING", 3},
    {"UNKNOWN", 4},
}};

constexpr ListField kPayee{
    .name = "payee", .type = FieldType::kId, .column = "r.payee_id", .prefix = PayeeTag::kPrefix};

constexpr std::array kAlertFields = {
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kAlertKinds},
    kPayee,
    ListField{
        .name = "cleared", .type = FieldType::kBoolean, .column = "(r.cleared_by IS NOT NULL)"},
    ListField{.name = "raise_time",
              .type = FieldType::kInstant,
              .column = "r.raised_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.alert_id",
              .prefix = kAccountAlertPrefix,
              .sortable = true},
};

constexpr std::array kNoticeFields = {
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kNoticeStates},
    kPayee,
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.notice_id",
              .prefix = kAccountNoticePrefix,
              .sortable = true},
};

constexpr std::array kSharedFields = {
    ListField{.name = "number", .column = "r.number", .sortable = true},
};

constexpr char kAlertsSql[] = R"sql(
  SELECT r.alert_id, r.kind, r.payee_id, r.account_id, r.version, r.other_payee_id, r.detail,
    r.raised_at, r.cleared_by
  FROM payments.bank_account_alert AS r
  WHERE r.payer_id = $1)sql";

constexpr pg::Query kFindAlert{"api_find_account_alert", R"sql(
  SELECT alert_id, kind, payee_id, account_id, version, other_payee_id, detail, raised_at,
    cleared_by
  FROM payments.bank_account_alert
  WHERE payer_id = $1 AND alert_id = $2
)sql"};

// Kind 1: another bank account was entered.
constexpr char kNoticesSql[] = R"sql(
  SELECT r.notice_id, r.payee_id, r.channel, r.address, r.recipient, r.state
  FROM payments.payee_notice AS r
  WHERE r.payer_id = $1 AND r.kind = 1)sql";

constexpr char kSharedSql[] = R"sql(
  SELECT r.number, r.last4, r.payees
  FROM (
    SELECT encode(s.blind_index, 'hex') AS number, min(s.last4) AS last4,
      array_agg(DISTINCT s.payee_id ORDER BY s.payee_id) AS payees
    FROM payments.bank_account_secret AS s
    WHERE s.payer_id = $1
    GROUP BY s.blind_index
    HAVING count(DISTINCT s.payee_id) > 1
  ) AS r
  WHERE TRUE)sql";

AccountAlert AlertOf(const pg::Row& row) {
  return {.id = row.Get<std::int64_t>(0),
          .kind = static_cast<payments::AccountAlertKind>(row.Get<std::int16_t>(1)),
          .payee = row.Get<PayeeId>(2),
          .account = row.Get<payments::BankAccountId>(3),
          .version = row.Get<std::int32_t>(4),
          .other = row.Get<std::optional<PayeeId>>(5),
          .detail = row.Get<std::string>(6),
          .raised_at = row.Get<Instant>(7),
          .cleared_by = row.Get<std::optional<UserId>>(8)};
}

}  // namespace

std::span<const ListField> AccountAlertFields() { return kAlertFields; }

AccountAlertPage LoadAccountAlertPage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kAlertsSql, {pg::Encode(payer)});
  AccountAlertPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.alerts.push_back(AlertOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const AccountAlert& last = loaded.alerts.back();
    if (field == "raise_time") return last.raised_at;
    return last.id;
  });
  return loaded;
}

std::optional<AccountAlert> FindAccountAlert(pg::Transaction& tx, PayerId payer,
                                             std::int64_t alert) {
  const pg::Result rows = tx.Query(kFindAlert, payer, alert);
  return rows.Empty() ? std::nullopt : std::optional(AlertOf(rows[0]));
}

std::span<const ListField> AccountNoticeFields() { return kNoticeFields; }

AccountNoticePage LoadAccountNoticePage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kNoticesSql, {pg::Encode(payer)});
  AccountNoticePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    PayeeNotice notice;
    notice.id = row.Get<std::int64_t>(0);
    notice.payee = row.Get<PayeeId>(1);
    notice.channel = static_cast<payments::NoticeChannel>(row.Get<std::int16_t>(2));
    notice.address = row.Get<std::string>(3);
    notice.recipient = row.Get<std::string>(4);
    notice.state = static_cast<payments::NoticeState>(row.Get<std::int16_t>(5));
    loaded.notices.push_back(std::move(notice));
  }
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.notices.back().id; });
  return loaded;
}

std::span<const ListField> SharedNumberFields() { return kSharedFields; }

SharedNumberPage LoadSharedNumberPage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kSharedSql, {pg::Encode(payer)});
  SharedNumberPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.numbers.push_back(
        {.last4 = rows[i].Get<std::string>(1), .payees = rows[i].Get<std::vector<PayeeId>>(2)});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view) -> FilterValue {
    return rows[page.Shown(rows) - 1].Get<std::string>(0);
  });
  return loaded;
}

}  // namespace sluice::api
