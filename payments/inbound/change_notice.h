// Notices of change: what a bank says is wrong with an account becomes a proposed version of it.
//
//   1. A notice changes no account by itself. It proposes a version that goes SUBMITTED,
//      VALIDATING, APPROVED, ACTIVE like every change, with a second person; until then the old one
//      stays in use. Nacha wants it within six banking days or before the next entry, whichever is
//      later: that day is kept and shown.
//   2. Corrected data is read by column out of the sealed file, merged with the sealed account, and
//      sealed again: it is in no other row, no message and no log.
//   3. A notice about an account that is no longer in use, or that has been proposed already,
//      changes nothing. What cannot be read is a work item.
// Source: FORMATS 6 (NOC), LEDGER_RELIABILITY_SECURITY 6.3.
#pragma once

#include <string>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/disbursement.h"
#include "payments/inbound/inbound_store.h"
#include "payments/inbound/return_codes.h"
#include "payments/payee_service.h"

namespace sluice::payments {

// A notice and the payment that it is about.
struct ReceivedChange {
  BookId home;
  InboundItemRow item;
  BookId book;
  Disbursement payment;
  SecretString columns;  // the 29 columns of corrected data
  Instant received_at;
};

class ChangeNotices {
 public:
  // `app` signs in as a member of sluice_app, `files` as a member of sluice_files.
  ChangeNotices(const pg::Database& app, const pg::Database& files, PayerId payer,
                const KeyProvider& keys, Clock& clock, IdGenerator& ids);

  // Proposes the corrected version and keeps the notice; what becomes of the item. Repeating it
  // proposes nothing again.
  StatusOr<ItemMove> Apply(const ReceivedChange& change, Date today, Actor actor);

 private:
  StatusOr<std::optional<std::int32_t>> Propose(const ReceivedChange& change,
                                                const CorrectedData& data, Date today, Actor actor,
                                                std::string& note);
  StatusOr<std::optional<BankAccount>> Current(const ReceivedChange& change);
  Status StopAccount(const BankAccount& account, Date today, Actor actor);

  pg::Database app_;
  pg::Database files_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
  PayeeService payees_;
};

}  // namespace sluice::payments
