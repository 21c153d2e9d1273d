// Hits of screening as lists show them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/screening/screening_store.h"

namespace sluice::api {

// The fields of a list of hits; the last one is the id.
std::span<const ListField> ScreeningHitFields();

struct ScreeningHitPage {
  std::vector<payments::ScreeningHit> hits;
  std::string next_page_token;
};
ScreeningHitPage LoadScreeningHitPage(pg::Transaction& tx, PayerId payer, const ListPage& page);
std::optional<payments::ScreeningHit> FindScreeningHit(pg::Transaction& tx, PayerId payer,
                                                       std::int64_t hit);

}  // namespace sluice::api
