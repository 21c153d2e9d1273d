#include "payments/inbound/sent_entries.h"

#include "payments/remittance/ach_reader.h"

namespace sluice::payments {
namespace {

// Empty when every part of the key is equal; else what differs.
std::string Difference(const InboundItemRow& item, const SentEntry& entry) {
  const bool reject = item.kind == ItemKind::kReject;
  const bool change = item.kind == ItemKind::kChange || item.kind == ItemKind::kChangeRefused;
  if (!reject && item.original_trace != entry.trace) {
    return fmt::format("trace {} is not {}", item.original_trace, entry.trace);
  }
  if (item.original_rdfi != entry.rdfi) {
    return fmt::format("the original RDFI {} is not {}, where it was sent", item.original_rdfi,
                       entry.rdfi);
  }
  if (!change && item.amount != entry.amount) {
    return fmt::format("the amount {} is not the {} that was sent", item.amount, entry.amount);
  }
  if (item.company_id != entry.company_id) {
    return fmt::format("the company id \"{}\" is not \"{}\"", item.company_id, entry.company_id);
  }
  return {};
}

}  // namespace

std::int64_t TraceSequenceOf(std::string_view trace) {
  if (trace.size() != 15) return -1;
  return AchNumber(trace.substr(8)).value_or(-1);
}

StatusOr<std::vector<SentEntry>> ReadSentEntries(std::string_view name, std::string_view bytes) {
  Findings findings{std::string(name)};
  const AchDocument document = ReadAch(bytes, findings);
  if (!IsAcceptable(findings)) return DataLoss("{} is not a file that the reader accepts", name);
  std::vector<SentEntry> entries;
  for (const AchBatchRecord& batch : document.batches) {
    for (std::size_t i = 0; i < batch.entry_count; ++i) {
      const AchRecord& record = document.entries[batch.first_entry + i].record;
      const auto amount = AchNumber(record.Get(ach::kAmount));
      if (!amount || !batch.header.Exists()) {
        return DataLoss("{} line {} is not an entry that we wrote", name, record.line);
      }
      entries.push_back({.trace = std::string(record.Get(ach::kTraceNumber)),
                         .rdfi = std::string(record.Get(ach::kRdfi)),
                         .company_id = std::string(batch.header.Get(ach::kCompanyId)),
                         .payment_key = std::string(AchText(record.Get(ach::kIdentification))),
                         .amount = Money::FromCents(*amount)});
    }
  }
  return entries;
}

void SentIndex::Add(SentEntry entry) {
  const std::int64_t sequence = TraceSequenceOf(entry.trace);
  by_sequence_.emplace(sequence, std::move(entry));
}

SentMatch SentIndex::Find(const InboundItemRow& item) const {
  const auto [first, last] = by_sequence_.equal_range(TraceSequenceOf(item.original_trace));
  std::vector<const SentEntry*> equal;
  std::string reason;
  for (auto at = first; at != last; ++at) {
    std::string difference = Difference(item, at->second);
    if (difference.empty()) {
      equal.push_back(&at->second);
    } else if (reason.empty()) {
      reason = std::move(difference);
    }
  }
  if (equal.size() > 1) {
    std::erase_if(equal,
                  [&](const SentEntry* entry) { return entry->payment_key != item.reference; });
    if (equal.size() != 1) {
      return {nullptr, "several payments have this trace, amount and bank: a person chooses"};
    }
  }
  if (equal.size() == 1) return {equal.front(), {}};
  if (reason.empty()) {
    reason = fmt::format("no payment of ours has trace {}", item.original_trace);
  }
  return {nullptr, std::move(reason)};
}

}  // namespace sluice::payments
