// How entries fall into batches and batches into files, before a byte is written.
#pragma once

#include <cstdint>
#include <vector>

#include "payments/remittance/ach_writer.h"

namespace sluice::payments {

struct AchBatchPlan {
  PayeeKind kind = PayeeKind::kOrganization;
  AchDescription description = AchDescription::kValueBased;
  Date effective_date{};
  std::vector<std::uint32_t> entries;  // indexes, in the order added
  std::int64_t records = 0;            // types 6 and 7, the offset of a balanced batch included
  std::int64_t amount_cents = 0;
};

// Adds entries one by one and opens a new batch whenever a header value changes or a control field
// or limit would overflow. Batches stand in the order of their first entry.
class AchPlan {
 public:
  explicit AchPlan(const BankProfile& profile);

  void Add(const AchEntry& entry, std::uint32_t index);
  // Lines of the file with its padding.
  std::int64_t Lines() const;
  std::int64_t AmountCents() const { return amount_cents_; }
  const std::vector<AchBatchPlan>& Batches() const { return batches_; }
  // True when the file would still be within the bank's limits with this entry added.
  bool Fits(const AchEntry& entry) const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // The open batch for this entry, or kNone.
  std::size_t FindOpen(const AchEntry& entry) const;

  std::int64_t batch_limit_cents_;
  std::int64_t file_limit_cents_;
  std::int64_t line_limit_;
  std::int64_t offset_records_;  // 1 for a balanced file
  std::vector<AchBatchPlan> batches_;
  std::vector<std::size_t> open_;  // the batches that still take entries, one per header value
  std::int64_t records_ = 0;
  std::int64_t amount_cents_ = 0;
};

// Records that an entry takes: itself and, for a payment to an organization, its TRN addenda.
inline std::int64_t RecordsOf(const AchEntry& entry) {
  return entry.kind == PayeeKind::kOrganization && !entry.account_test ? 2 : 1;
}

}  // namespace sluice::payments
