// SQL of the payment rules. No rules.
#pragma once

#include <vector>

#include "payments/payee_store.h"
#include "payments/payment_rules.h"

namespace sluice::payments {

// AlreadyExists as pg::Error when two people add the same version.
void InsertPaymentRules(pg::Transaction& tx, BookId book, const PaymentRulesVersion& version,
                        const Recorded& recorded);
// By version; the dates do not fall.
std::vector<PaymentRulesVersion> LoadPaymentRules(pg::Transaction& tx, BookId book);
// The program under the newest version that holds on the date.
ProgramPayments ProgramOn(pg::Transaction& tx, const ProgramPayments& program, Date date);

}  // namespace sluice::payments
