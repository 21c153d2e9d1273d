// Funding pools: the money of a program, and the settings that say how it is paid.
//
// A pool lives in the book of its program. Its balance is in the ledger (class POOL); here are its
// name, the bank account that holds its cash, and the rules of payment.
#pragma once

#include <string>

#include "core/id.h"
#include "payments/ledger/account.h"

namespace sluice::payments {

struct Pool {
  PoolId id;
  BookId book;
  std::string name;
  BankAccountId bank_account;  // the payer's own account that holds the cash
};

}  // namespace sluice::payments
