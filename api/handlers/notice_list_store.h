// Notices as lists show them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/notices/notice.h"

namespace sluice::api {

// What a notice's name begins with.
struct NoticeTag {
  static constexpr std::string_view kPrefix = "ntc";
};
using NoticeId = Id<NoticeTag>;

std::span<const ListField> NoticeFields();

struct NoticePage {
  std::vector<payments::PayeeNotice> notices;
  std::string next_page_token;
};
NoticePage LoadNoticePage(pg::Transaction& tx, PayerId payer, const ListPage& page);

}  // namespace sluice::api
