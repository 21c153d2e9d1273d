// The tax office's work: W-9s, TIN matching, backup withholding, boxes, and the year's totals.
//
//   1. A number of a taxpayer is sealed when its form is recorded. The service cannot open it;
//      Tins() can, through the role that builds files, and is called only to file with the
//      authority.
//   2. Backup withholding is ended by another person than the one who began it; the table refuses
//      it, too.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/key_provider.h"
#include "payments/tax/tax_store.h"
#include "payments/tax/tin_match.h"

namespace sluice::payments {

// A payee as the tax office looks at it.
struct TaxStanding {
  TaxPayee payee;
  std::optional<TinMatchRow> match;  // of its newest form; none: not asked yet
  std::optional<BackupRow> backup;   // in force or begun
};

class TaxService {
 public:
  TaxService(const pg::Database& database, PayerId payer, const KeyProvider& keys, Clock& clock,
             IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), keys_(keys), clock_(clock), ids_(ids) {}

  // Records W-9s; one that is recorded already changes nothing. InvalidArgument for a day that has
  // not come or a number that cannot be one, NotFound for an unknown payee, AlreadyExists for
  // another form of the payee on the same day. The newest form's number becomes the payee's.
  Status RecordForms(std::span<const TaxForm> forms, Actor actor);

  // FailedPrecondition when the payee is subject to it already.
  Status StartBackup(PayeeId payee, BackupReason reason, Date from, const std::string& note,
                     Actor actor);
  // PermissionDenied for the person who began it. After a first B-notice a W-9 of a later day is
  // needed.
  Status EndBackup(PayeeId payee, Date from, const std::string& note, Actor actor);

  // AlreadyExists when the program has one for the role from that date.
  Status SetBox(const ProgramTaxBox& box, Actor actor);

  // How many payees have a newest form that was not answered yet.
  StatusOr<std::int64_t> CountUnmatched();
  // The question for all payees whose newest form was not answered yet. `files` signs in as a
  // member of sluice_files.
  StatusOr<SecretString> AskTinMatches(const pg::Database& files);
  // Records the answer; the number of them that are no match.
  StatusOr<std::int64_t> RecordTinMatches(std::string_view answer, Date checked_on, Actor actor);

  // By payee; those with a form or withholding.
  StatusOr<std::vector<TaxStanding>> Standings();
  StatusOr<std::vector<TaxTotal>> Year(int year);
  // The numbers of the taxpayers of these totals, by taxpayer.
  StatusOr<std::map<std::string, SecretString>> Tins(const pg::Database& files,
                                                     std::span<const TaxTotal> totals);

 private:
  StatusOr<std::vector<SealedTaxForm>> SealForms(std::span<const TaxForm> forms);

  pg::Database database_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::payments
