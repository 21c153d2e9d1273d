// Reads BAI2 balance reports: what the bank booked on our deposit accounts on a day.
//
//   1. Lines are read one by one, none longer than kMaxBai2Line. A record may run on over 88
//      records, several may stand on one line, and text may run on without an 88.
//   2. Every control total and record count (49, 98, 99) is recomputed. One that is wrong stops the
//      whole file: nothing of it is used.
//   3. Amounts are cents. Type codes 100-399 and 920-959 are credits, 400-699 and 960-999 debits;
//      a line of any other code has no direction and is not used by itself.
//   4. Where the bank gives the day's totals (100, 400) or its balances (010, 015), the lines must
//      add up to them, by direction: the control totals do not see a credit that became a debit.
//      An account where they do not is not used; the others are.
//   5. Only a statement of a past day is money: status 1, and not marked as of the same day. Others
//      are read and shown.
//   6. Account numbers are secrets; messages show the last four characters.
// Source: FORMATS section 10.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "payments/inbound/fault.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

inline constexpr std::size_t kMaxBai2Line = 4'096;

// The numbers are stored.
enum class BankDirection : std::int16_t { kNone = 0, kCredit = 1, kDebit = 2 };
// The direction that a type code gives.
BankDirection DirectionOf(std::string_view type_code);

// Money by day of availability, from the funds type of an amount.
struct Bai2Availability {
  std::int64_t days = 0;  // after the statement's date; -1: on value_date
  Money amount;
  friend bool operator==(const Bai2Availability&, const Bai2Availability&) = default;
};
struct Bai2Funds {
  char type = ' ';                      // 0, 1, 2, S, V, D, Z; blank: not said
  std::vector<Bai2Availability> parts;  // S and D
  std::optional<Date> value_date;       // V
};

// A balance or total of the day (03 and its 88s).
struct Bai2Summary {
  std::string type_code;
  std::optional<Money> amount;  // none: the bank gave no amount
  std::optional<std::int64_t> count;
  Bai2Funds funds;
};

// One booked line (16).
struct Bai2Line {
  std::size_t record = 0;  // line of the file on which it starts
  std::string type_code;
  BankDirection direction = BankDirection::kNone;
  Money amount;
  Bai2Funds funds;
  std::string bank_reference, customer_reference;
  std::string text;
};

struct Bai2Account {
  std::size_t record = 0;
  AccountNumber number;
  std::string currency;  // of the account, else of its group, else USD
  std::vector<Bai2Summary> summaries;
  std::vector<Bai2Line> lines;
  std::string stop_reason;  // not empty: its lines are not used (rule 4)

  // The first summary with this code that has an amount.
  std::optional<Money> Find(std::string_view type_code) const;
};

struct Bai2Group {
  std::size_t record = 0;
  std::string receiver, originator;
  char status = '1';  // 1 update, 2 deletion, 3 correction, 4 test
  std::optional<Date> as_of;
  std::string currency;
  char modifier = ' ';  // 1 interim and 2 final of a past day, 3 interim and 4 final of the same
  std::vector<Bai2Account> accounts;

  // Whether its lines are booked money (rule 5).
  bool IsBooked() const {
    return status == '1' && (modifier == ' ' || modifier == '1' || modifier == '2');
  }
};

struct Bai2File {
  std::string sender, receiver, file_id;
  std::string created;  // YYMMDD
  std::vector<Bai2Group> groups;
  std::vector<InboundFault> faults;
};

Bai2File ReadBai2(std::string_view bytes);

}  // namespace sluice::payments
