#include "payments/inbound/account_test_answer.h"

#include <algorithm>
#include <string>

#include "payments/enrollment/account_test_service.h"
#include "payments/inbound/return_codes.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

std::string MeaningOf(const InboundItemRow& item) {
  if (item.kind == ItemKind::kChange) {
    const ChangeCodeRule* rule = FindChangeCode(item.code);
    return fmt::format("{}{}: the bank corrected the account; submit it again as the notice says",
                       item.code, rule == nullptr ? "" : fmt::format(" {}", rule->meaning));
  }
  const ReturnCodeRule* rule = FindReturnCode(item.code);
  return fmt::format("{}{}", item.code, rule == nullptr ? "" : fmt::format(" {}", rule->meaning));
}

bool IsAbout(const InboundItemRow& item, const TestEntry& entry) {
  return item.original_trace == entry.trace && item.original_rdfi == entry.rdfi &&
         item.company_id == entry.company_id;
}

}  // namespace

std::vector<ItemMove> ApplyAccountTestAnswers(pg::Transaction& tx, PayerId payer,
                                              std::span<const InboundItemRow> items,
                                              const Recorded& recorded) {
  std::vector<ItemMove> moves;
  const std::vector<TestEntry> entries =
      FindTestEntries(tx, payer, Pluck(items, &InboundItemRow::original_trace));
  for (const InboundItemRow& item : items) {
    const auto entry =
        std::ranges::find_if(entries, [&](const TestEntry& sent) { return IsAbout(item, sent); });
    if (entry == entries.end()) continue;
    const std::string why = MeaningOf(item);
    moves.push_back({.file = item.file,
                     .item_no = item.item_no,
                     .to = ItemState::kApplied,
                     .reason = fmt::format("test of a bank account: {}; {}", why,
                                           FailAccountTest(tx, payer, entry->test, why, recorded)),
                     .target_id = entry->test});
  }
  return moves;
}

}  // namespace sluice::payments
