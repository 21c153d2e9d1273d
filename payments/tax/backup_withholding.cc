#include "payments/tax/backup_withholding.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr std::array<std::string_view, 4> kBackupReasons = {"no-tin", "first-b-notice",
                                                            "second-b-notice", "c-notice"};

}  // namespace

std::string_view BackupReasonName(BackupReason reason) {
  const auto index = static_cast<std::size_t>(reason);
  CHECK(index < kBackupReasons.size());
  return kBackupReasons[index];
}

StatusOr<BackupReason> ParseBackupReason(std::string_view name) {
  const auto* const found = std::ranges::find(kBackupReasons, name);
  if (found == kBackupReasons.end()) {
    return InvalidArgument(
        "backup withholding begins for no-tin, first-b-notice, second-b-notice or c-notice, not "
        "'{}'",
        name);
  }
  return static_cast<BackupReason>(found - kBackupReasons.begin());
}

const TaxParameter* TaxParameterOn(std::span<const TaxParameter> parameters, Date date) {
  const TaxParameter* in_force = nullptr;
  for (const TaxParameter& parameter : parameters) {
    if (parameter.effective_from <= date) in_force = &parameter;
  }
  return in_force;
}

bool IsBackupDue(const BackupWithholding& facts, Money payment) {
  return facts.reported_before || facts.reportable_before + payment >= facts.threshold;
}

Money BackupTax(const BackupWithholding& facts, Money payment, Money taken_before) {
  CHECK(payment >= Money{} && taken_before >= Money{});
  const Money due =
      Round(Exact(payment + taken_before) * facts.rate, Rounding::kHalfAwayFromZero) - taken_before;
  return std::clamp(due, Money{}, payment);
}

}  // namespace sluice::payments
