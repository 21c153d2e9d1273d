// What people look at when bank accounts change, as lists show it. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/enrollment/account_proof.h"
#include "payments/notices/notice.h"

namespace sluice::api {

inline constexpr std::string_view kAccountAlertPrefix = "alr";
inline constexpr std::string_view kAccountNoticePrefix = "ntc";

struct AccountAlertPage {
  std::vector<payments::AccountAlert> alerts;
  std::string next_page_token;
};
std::span<const ListField> AccountAlertFields();
AccountAlertPage LoadAccountAlertPage(pg::Transaction& tx, PayerId payer, const ListPage& page);
std::optional<payments::AccountAlert> FindAccountAlert(pg::Transaction& tx, PayerId payer,
                                                       std::int64_t alert);

// Notices of changes of accounts, without their text.
struct AccountNoticePage {
  std::vector<payments::PayeeNotice> notices;
  std::string next_page_token;
};
std::span<const ListField> AccountNoticeFields();
AccountNoticePage LoadAccountNoticePage(pg::Transaction& tx, PayerId payer, const ListPage& page);

// A number that several payees have, whatever the state of their accounts.
struct SharedNumber {
  std::string last4;
  std::vector<PayeeId> payees;
};
struct SharedNumberPage {
  std::vector<SharedNumber> numbers;
  std::string next_page_token;
};
std::span<const ListField> SharedNumberFields();
SharedNumberPage LoadSharedNumberPage(pg::Transaction& tx, PayerId payer, const ListPage& page);

}  // namespace sluice::api
