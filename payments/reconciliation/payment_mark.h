// The payments of a book as a payee looks for them: by number, trace number or amount, with the
// remittance that explains each, and the payee's own marker: reconciled (found in its bank) or
// pending.
//
//   1. The marker is the payee's word and moves nothing. The newest counts; a payment without a
//      marker is pending.
//   2. Only payments that the payee can know of are listed and marked: sent, and what follows.
// Source: PRODUCT Q11, Q12.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/disbursement.h"
#include "payments/run_plan.h"

namespace sluice::payments {

struct MarkedPayment {
  DisbursementId id;
  std::string key;  // its TRN; of a check its number
  PayeeId payee;
  std::string payee_name;
  Rail rail = Rail::kNone;
  Money amount;
  Date effective_date{};
  std::string trace_number;    // of its ACH entry; empty where there is none
  std::string remittance_835;  // the file that carries it; empty where there is none
  std::string statement;       // the file with its statement
  DisbursementState state{};
  bool reconciled = false;
  std::string note;
  std::optional<UserId> marked_by;  // none: never marked
  std::optional<Instant> marked_at;
};

struct MarkFilter {
  std::optional<PayeeId> payee;
  std::optional<bool> reconciled;
  std::optional<std::string> payment;       // its key
  std::optional<std::string> trace_number;  // 15 digits
  std::optional<Money> amount;
};

// "payment,payee,...,reconciled,note,marked_at": one line per payment under a header.
std::string WriteMarksCsv(std::span<const MarkedPayment> payments);

class PaymentMarks {
 public:
  PaymentMarks(const pg::Database& app, PayerId payer, BookId book, Clock& clock)
      : app_(app.ForPayer(payer)), book_(book), clock_(clock) {}

  struct Request {
    PayeeId payee;
    std::string payment;  // its key
    bool reconciled = true;
    std::string note;
  };
  // NotFound when the payee has no such payment, or it has not left.
  Status Mark(const Request& request, Actor actor);
  // By effective date and key.
  StatusOr<std::vector<MarkedPayment>> List(const MarkFilter& filter);

 private:
  pg::Database app_;
  BookId book_;
  Clock& clock_;
};

}  // namespace sluice::payments
