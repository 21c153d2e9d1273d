#include "payments/remittance/ach_plan.h"

#include <algorithm>

#include "payments/remittance/ach_layout.h"

namespace sluice::payments {
namespace {

// The six digits of the entry/addenda count of a batch control record.
constexpr std::int64_t kMaxBatchRecords = 999'999;
// An offset debit carries the whole batch in one amount field of ten digits.
constexpr std::int64_t kMaxEntryCents = 99'999'999'99;

std::int64_t RoundUpToBlock(std::int64_t lines) {
  constexpr auto kBlock = static_cast<std::int64_t>(ach::kBlockingFactor);
  return (lines + kBlock - 1) / kBlock * kBlock;
}

bool SameHeader(const AchBatchPlan& batch, const AchEntry& entry) {
  return batch.kind == entry.kind && batch.description == entry.description &&
         batch.effective_date == entry.effective_date;
}

}  // namespace

AchPlan::AchPlan(const BankProfile& profile)
    : batch_limit_cents_(profile.balanced ? std::min(profile.batch_limit.Cents(), kMaxEntryCents)
                                          : profile.batch_limit.Cents()),
      file_limit_cents_(profile.file_limit.Cents()),
      line_limit_(profile.file_line_limit),
      offset_records_(profile.balanced ? 1 : 0) {}

std::size_t AchPlan::FindOpen(const AchEntry& entry) const {
  for (const std::size_t at : open_) {
    const AchBatchPlan& batch = batches_[at];
    if (!SameHeader(batch, entry)) continue;
    const bool full = batch.records + RecordsOf(entry) > kMaxBatchRecords ||
                      batch.amount_cents + entry.amount_cents > batch_limit_cents_;
    return full ? kNone : at;
  }
  return kNone;
}

void AchPlan::Add(const AchEntry& entry, std::uint32_t index) {
  std::size_t at = FindOpen(entry);
  if (at == kNone) {
    std::erase_if(open_, [&](std::size_t i) { return SameHeader(batches_[i], entry); });
    at = batches_.size();
    open_.push_back(at);
    batches_.push_back({.kind = entry.kind,
                        .description = entry.description,
                        .effective_date = entry.effective_date,
                        .entries = {},
                        .records = offset_records_,
                        .amount_cents = 0});
    records_ += offset_records_;
  }
  AchBatchPlan& batch = batches_[at];
  batch.entries.push_back(index);
  batch.records += RecordsOf(entry);
  batch.amount_cents += entry.amount_cents;
  records_ += RecordsOf(entry);
  amount_cents_ += entry.amount_cents;
}

std::int64_t AchPlan::Lines() const {
  return RoundUpToBlock(records_ + 2 * static_cast<std::int64_t>(batches_.size()) + 2);
}

bool AchPlan::Fits(const AchEntry& entry) const {
  if (amount_cents_ + entry.amount_cents > file_limit_cents_) return false;
  const bool opens = FindOpen(entry) == kNone;
  const auto batches = static_cast<std::int64_t>(batches_.size()) + (opens ? 1 : 0);
  const std::int64_t records = records_ + RecordsOf(entry) + (opens ? offset_records_ : 0);
  return RoundUpToBlock(records + 2 * batches + 2) <= line_limit_;
}

}  // namespace sluice::payments
