// The bank of the demo's payer, invented like everything else: it keeps the deposit accounts, says
// by previous-day statement what happened on them, and brings back an entry that a payee's bank
// refused. It knows of the product what a bank knows: the bytes of its files.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::demo {

// A booked line as BAI2 has it: type, and what the bank writes about it.
struct DemoBankLine {
  std::string type;  // below 400 a credit
  Money amount;
  std::string bank_reference, customer_reference, text;
};

// BAI2 types of what the demo's bank books.
inline constexpr const char* kIncomingTransfer = "195";
inline constexpr const char* kAchReturnCredit = "257";
inline constexpr const char* kAchSettlement = "466";
inline constexpr const char* kCheckPaid = "475";

class DemoBank {
 public:
  void Book(Date day, const std::string& account_number, DemoBankLine line);
  // BAI2 of a day: every account that something happened on. Empty when nothing did.
  std::string Statement(Date day);

 private:
  std::map<Date, std::map<std::string, std::vector<DemoBankLine>>> days_;
  std::map<std::string, Money> balances_;
};

// A NACHA file of `day` with the return of one entry of `ach`, which carries the payment key.
// NotFound when it has no such entry.
StatusOr<std::string> ReturnOf(std::string_view ach, std::string_view payment_key,
                               std::string_view code, Date day);

}  // namespace sluice::demo
