#include "payments/inbound/inbound_file.h"

#include <array>

#include "core/check.h"

namespace sluice::payments {

std::string_view InboundStateName(InboundState state) {
  constexpr std::array<std::string_view, 6> kNames = {"STORED",      "STAGED", "APPLIED",
                                                      "QUARANTINED", "EMPTY",  "FOR_PEOPLE"};
  const auto index = static_cast<std::size_t>(state);
  CHECK(index < kNames.size());
  return kNames[index];
}

std::string_view ItemKindName(ItemKind kind) {
  switch (kind) {
    case ItemKind::kGroupAnswer:
      return "999";
    case ItemKind::kInterchangeAnswer:
      return "TA1";
    case ItemKind::kStatement:
      return "statement";
    case ItemKind::kBankLine:
      return "bank line";
    case ItemKind::kBalance:
      return "balance";
    default:
      return AchItemKindName(static_cast<AchItemKind>(kind));
  }
}

std::string_view ItemStateName(ItemState state) {
  constexpr std::array<std::string_view, 9> kNames = {"STAGED",      "APPLIED",   "SUSPENSE",
                                                      "QUARANTINED", "DUPLICATE", "WORK_ITEM",
                                                      "NOTED",       "REPLACED",  "RESOLVED"};
  const auto index = static_cast<std::size_t>(state);
  CHECK(index < kNames.size());
  return kNames[index];
}

bool IsOpen(ItemState state) {
  return state == ItemState::kStaged || state == ItemState::kSuspense ||
         state == ItemState::kQuarantined || state == ItemState::kWorkItem;
}

Digest ItemKeyOf(const InboundItemRow& item, std::int32_t occurrence) {
  CanonicalWriter key("sluice.inbound_item.v1");
  key.I64(static_cast<std::int64_t>(item.kind))
      .Text(item.code)
      .Amount(item.amount)
      .U8(item.debit ? 1 : 0)
      .Text(item.original_trace)
      .Text(item.original_rdfi)
      .Text(item.company_id)
      .Text(item.reference)
      .Text(item.other_reference)
      .I64(occurrence)
      .I64(item.occurred_on ? item.occurred_on->time_since_epoch().count() : 0);
  if (item.account_blind) key.Raw(*item.account_blind);
  return key.Hash();
}

}  // namespace sluice::payments
