#include "api/handlers/notice_list_store.h"

#include <array>

#include "core/check.h"
#include "payments/notices/notice_store.h"

namespace sluice::api {
namespace {

using payments::PayeeNotice;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kNoticeStates = {{
    {"WAITS", 0},
    {"SENT", 1},
    {"FAILED", 2},
    {"SENDING", 3},
    {"UNKNOWN", 4},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kNoticeKinds = {{
    {"ACCOUNT_CHANGE", 1},
    {"OFFSET", 2},
    {"TEST_DEPOSITS", 3},
    {"REVERSAL", 4},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 2> kNoticeChannels = {{
    {"EMAIL", 1},
    {"PHONE", 2},
}};

const std::array kNoticeFields = {
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kNoticeStates},
    ListField{.name = "kind", .type = FieldType::kEnum, .column = "r.kind", .names = kNoticeKinds},
    ListField{.name = "channel",
              .type = FieldType::kEnum,
              .column = "r.channel",
              .names = kNoticeChannels},
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix},
    ListField{.name = "create_time",
              .type = FieldType::kInstant,
              .column = "r.recorded_at",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.notice_id",
              .prefix = NoticeTag::kPrefix,
              .sortable = true},
};

constexpr char kNoticesSql[] = R"sql(
  SELECT r.notice_id
  FROM payments.payee_notice AS r
  WHERE r.payer_id = $1)sql";

}  // namespace

std::span<const ListField> NoticeFields() { return kNoticeFields; }

NoticePage LoadNoticePage(pg::Transaction& tx, PayerId payer, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kNoticesSql, {pg::Encode(payer)});
  NoticePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    auto notice = payments::FindNotice(tx, payer, rows[i].Get<std::int64_t>(0));
    CHECK(notice.has_value());
    loaded.notices.push_back(*std::move(notice));
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const PayeeNotice& last = loaded.notices.back();
    if (field == "create_time") return last.recorded_at;
    return last.id;
  });
  return loaded;
}

}  // namespace sluice::api
