// Payments, and those that came back, as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/handlers/money_names.h"
#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/disbursement.h"
#include "payments/inbound/returned_payment.h"
#include "payments/obligation.h"

namespace sluice::api {

struct PaymentRow {
  BookId book;
  payments::DisbursementId id;
  ProgramId program;
  payments::CycleId cycle;
  payments::RunId run;
  PayeeId payee;
  std::string key;
  Money amount;
  payments::Rail rail{};
  std::string last4;  // of the account; may be empty
  Date effective_date{};
  payments::DisbursementState state{};
  std::vector<payments::ObligationId> lines;
  std::optional<payments::DisbursementId> successor;
  PaymentParties parties;
};

// The fields of a list of payments; the last one is the id.
std::span<const ListField> PaymentFields();

struct PaymentPage {
  std::vector<PaymentRow> payments;
  std::string next_page_token;
};
// Of payees of these parties; unset: of all.
PaymentPage LoadPaymentPage(pg::Transaction& tx, const std::optional<std::vector<PartyId>>& among,
                            const ListPage& page);
std::optional<PaymentRow> FindPayment(pg::Transaction& tx, payments::DisbursementId payment);

struct ReturnedRow {
  BookId book;
  payments::ReturnedPayment payment;
  std::optional<Instant> decided_at;
  PaymentParties parties;
};

std::span<const ListField> ReturnedFields();

struct ReturnedPage {
  std::vector<ReturnedRow> payments;
  std::string next_page_token;
};
ReturnedPage LoadReturnedPage(pg::Transaction& tx, const std::optional<std::vector<PartyId>>& among,
                              const ListPage& page);
enum class ReturnedLock { kNo, kYes };
std::optional<ReturnedRow> FindReturned(pg::Transaction& tx, payments::DisbursementId payment,
                                        ReturnedLock lock);

}  // namespace sluice::api
