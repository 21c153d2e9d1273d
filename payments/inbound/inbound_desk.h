// What people decide about things that came back: items that are theirs to deal with, and payments
// that may be paid again. It needs neither the bytes of files nor the key of account numbers.
// Source: LEDGER_RELIABILITY_SECURITY 6.3 (inbound).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/inbound/inbound_store.h"
#include "payments/inbound/returned_payment.h"

namespace sluice::payments {

// The payer's treasury book, in which files are kept; none before the first file.
std::optional<BookId> FindHomeBook(pg::Transaction& tx);

class InboundDesk {
 public:
  InboundDesk(const pg::Database& app, PayerId payer, Clock& clock)
      : app_(app.ForPayer(payer)), payer_(payer), clock_(clock) {}

  // A person dealt with an item: what was done is kept. FailedPrecondition when it is not open.
  Status Resolve(InboundFileId file, std::int32_t item_no, const std::string& note, Actor actor);

  struct Decision {
    std::string note;
    std::optional<Actor> second;  // where the case needs two people
    bool pay_again = true;        // false: closed without being paid again
  };
  // Clears a returned payment: its obligations are payable again and the next run pays them, by
  // whatever account the payee then has. Its hold is cleared with it.
  Status DecideReturned(BookId book, DisbursementId payment, const Decision& decision, Actor actor);

 private:
  pg::Database app_;
  PayerId payer_;
  Clock& clock_;
};

}  // namespace sluice::payments
