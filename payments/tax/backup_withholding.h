// Backup withholding: what a payer has to keep back for the tax authority when a taxpayer's name
// and number are in doubt.
//
//   1. It begins with a notice (TIN missing, first or second B-notice, C-notice) and lasts until a
//      person other than the one who began it records why it ends.
//   2. It is due once the taxpayer's payments of the calendar year reach the reporting threshold of
//      that year, or when the year before did. All payees of one taxpayer count together.
//   3. What is withheld is the rate times what would be paid, after offsets, to the nearest cent.
//      It is taken once: money that comes back and is paid again is not taxed again.
// Source: 26 U.S.C. 3406, FORMATS 10.4 (confirm with counsel).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::payments {

// Why it begins. The numbers are stored.
enum class BackupReason : std::int16_t {
  kNoTin = 0,          // none was given, or it cannot be one
  kFirstBNotice = 1,   // CP2100: name and TIN do not fit; ends with a new W-9
  kSecondBNotice = 2,  // within three years; ends with the authority's own proof
  kCNotice = 3,        // underreported; ends when the authority says so
};
std::string_view BackupReasonName(BackupReason reason);
StatusOr<BackupReason> ParseBackupReason(std::string_view name);

// The numbers that the law sets, from a date on.
struct TaxParameter {
  Date effective_from{};
  Money threshold;   // payments of a year to one taxpayer are reported from this amount on
  Rate backup_rate;  // of backup withholding
  std::string source;
};
// The newest that is in force on the date; null before the first. Requires: by date.
const TaxParameter* TaxParameterOn(std::span<const TaxParameter> parameters, Date date);

// What the plan of a run has to know of a payee who is subject to it.
struct BackupWithholding {
  std::string taxpayer;  // the same for all payees of one taxpayer
  Rate rate;
  Money threshold;
  Money reportable_before;       // of the calendar year, to the taxpayer
  bool reported_before = false;  // the year before reached its threshold
};

// Whether tax is due when the taxpayer is paid `payment` now.
bool IsBackupDue(const BackupWithholding& facts, Money payment);
// The tax on a payment, of which `taken_before` was taken when it was sent the first time and came
// back. Requires: payment >= 0. The result is from zero to the payment.
Money BackupTax(const BackupWithholding& facts, Money payment, Money taken_before);

}  // namespace sluice::payments
