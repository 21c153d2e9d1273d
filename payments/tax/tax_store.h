// Rows of tax forms, TIN matches, backup withholding, boxes and taxable payments. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/payee_store.h"
#include "payments/sealed_bytes.h"
#include "payments/tax/backup_withholding.h"
#include "payments/tax/tax_form.h"
#include "payments/tax/tax_totals.h"

namespace sluice::payments {

// A form with its sealed number.
struct SealedTaxForm {
  CertifiedTaxpayer taxpayer;  // with a blind index
  SealedBytes tin;
};
// The number of rows that were new: a form of a payee and day is stored once.
std::int64_t InsertTaxForms(pg::Transaction& tx, PayerId payer,
                            std::span<const SealedTaxForm> forms, const Recorded& recorded);
// By payee and date.
std::vector<CertifiedTaxpayer> LoadTaxForms(pg::Transaction& tx, std::span<const PayeeId> payees);
// The number of the enrolled payee, when a newer form certifies another.
void SetEnrolledTin(pg::Transaction& tx, PayeeId payee, const SecretString& tin,
                    const Recorded& recorded);

// A sealed number. Only the role sluice_files may read it.
struct SealedTin {
  PayeeId payee;
  Date certified_on{};
  SealedBytes sealed;
};
std::vector<SealedTin> LoadSealedTins(pg::Transaction& tx, std::span<const PayeeId> payees);
// Binds a sealed number to its form.
Bytes TinAad(PayerId payer, PayeeId payee, Date certified_on);

struct TinMatchRow {
  PayeeId payee;
  Date certified_on{};  // of the form that was checked
  Date checked_on{};
  std::int16_t code = 0;  // tin_match.h
};
void InsertTinMatches(pg::Transaction& tx, PayerId payer, std::span<const TinMatchRow> rows,
                      const Recorded& recorded);
// The newest of each payee.
std::vector<TinMatchRow> LoadTinMatches(pg::Transaction& tx, PayerId payer);

struct BackupRow {
  std::int64_t id = 0;
  PayeeId payee;
  BackupReason reason{};
  std::string note;
  Date effective_from{};
  UserId started_by;
  std::optional<Date> ended_from;
};
// FailedPrecondition when one of the payee is open.
Status InsertBackup(pg::Transaction& tx, PayerId payer, const BackupRow& row,
                    const Recorded& recorded);
// By payee and beginning.
std::vector<BackupRow> LoadBackups(pg::Transaction& tx, PayerId payer);
std::optional<BackupRow> LockOpenBackup(pg::Transaction& tx, PayerId payer, PayeeId payee);
void EndBackup(pg::Transaction& tx, PayerId payer, const BackupRow& row, Date from,
               const std::string& note, const Recorded& recorded);

// What the law sets, by date.
std::vector<TaxParameter> LoadTaxParameters(pg::Transaction& tx);

// False when the book and role have one from that date already.
bool InsertTaxBox(pg::Transaction& tx, const ProgramTaxBox& box, const Recorded& recorded);
std::vector<ProgramTaxBox> LoadTaxBoxes(pg::Transaction& tx);

// The payments of a range that stand, of these payees or of all when there are none.
std::vector<TaxablePayment> LoadTaxablePayments(pg::Transaction& tx, const DateRange& range,
                                                std::span<const PayeeId> payees);
// With their forms. All of the payer when `payees` is empty.
std::map<PayeeId, TaxPayee> LoadTaxPayees(pg::Transaction& tx, PayerId payer,
                                          std::span<const PayeeId> payees);

// Those of the payees who are subject to backup withholding on the date, because a payee of the
// same taxpayer is. FailedPrecondition when no rate is on file for the date.
StatusOr<std::map<PayeeId, BackupWithholding>> FindBackupWithholding(
    pg::Transaction& tx, PayerId payer, std::span<const PayeeId> payees, Date date);

}  // namespace sluice::payments
