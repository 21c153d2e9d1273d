// The return and change codes of Nacha as data: what each means and what we do about it.
//
// Source: FORMATS section 6 (list verified there; the actions are ours). A code that is not here is
// still taken: the money moves, the account is stopped, and a person looks at it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "core/secret.h"
#include "core/status.h"
#include "payments/inbound/ach_inbound.h"

namespace sluice::payments {

// What follows from a return; several may. The bits are stored.
enum class ReturnAction : std::int16_t {
  kStop = 1,             // the bank account is disabled
  kHold = 2,             // the payee's money is held until a person clears it
  kRepay = 4,            // may be paid again, with a new trace and a new TRN, after correction
  kReenroll = 8,         // the payee has to give an account again
  kCompliance = 16,      // compliance reviews it; it is never paid again by itself
  kDuplicateCheck = 32,  // look for a double send before anything is paid again
  kFraud = 64,           // a fraud case when the bank says QUESTIONABLE
  kEstate = 128,         // somebody died: the estate is asked
  kOurDefect = 256,      // our data or software was wrong: fix it first
  kWorkItem = 512,       // a person decides
};

// A set of actions.
class ReturnActions {
 public:
  constexpr ReturnActions() = default;
  constexpr ReturnActions(std::initializer_list<ReturnAction> actions) {
    for (const ReturnAction action : actions) bits_ |= static_cast<int>(action);
  }
  static constexpr ReturnActions FromStored(std::int16_t bits) {
    ReturnActions actions;
    actions.bits_ = bits;
    return actions;
  }

  constexpr bool Has(ReturnAction action) const { return (bits_ & static_cast<int>(action)) != 0; }
  constexpr std::int16_t ToStored() const { return static_cast<std::int16_t>(bits_); }
  constexpr ReturnActions Plus(ReturnActions more) const {
    ReturnActions both;
    both.bits_ = bits_ | more.bits_;
    return both;
  }
  // "STOP, HOLD, re-enroll".
  std::string ToString() const;
  friend constexpr bool operator==(ReturnActions, ReturnActions) = default;

 private:
  int bits_ = 0;
};

struct ReturnCodeRule {
  std::string_view code;  // "R03"
  AchItemKind kind = AchItemKind::kReturn;
  std::string_view meaning;
  ReturnActions credit;     // what we do when a credit of ours comes back
  bool debit_only = false;  // about debits; for a credit a person looks at it
  std::string_view advice;  // one sentence
};
// The codes of the table, in order.
std::span<const ReturnCodeRule> ReturnCodes();
// Null for a code that is not in the table.
const ReturnCodeRule* FindReturnCode(std::string_view code);

// What follows from a return of one of our credits: the table's row; for a code that is not in it,
// STOP, HOLD and a work item. `information` is the text of the returning bank: QUESTIONABLE on R17
// makes it a fraud case.
ReturnActions ActionsFor(std::string_view code, std::string_view information);

// A part of the 29 columns of corrected data; length 0: not in this code.
struct CorrectedField {
  std::size_t position = 0;  // from 1
  std::size_t length = 0;
};
struct ChangeCodeRule {
  std::string_view code;  // "C01"
  std::string_view meaning;
  CorrectedField routing, account, transaction, name, identification;
  bool work_item = false;  // nothing that we may change by ourselves
  bool stop = false;       // C14: the account must not be paid by this rail
  bool refusal = false;    // C61 to C69: our refusal of a change, refused
};
std::span<const ChangeCodeRule> ChangeCodes();
const ChangeCodeRule* FindChangeCode(std::string_view code);

// What a notice of change says, out of its columns. Empty: not said.
struct CorrectedData {
  std::string routing_number;
  SecretString account_number;
  std::string transaction_code;
  std::string name;
  std::string identification;
  // What was not where the table has it and was read all the same.
  std::string deviation;
};
// Reads by column, never by splitting on blanks. InvalidArgument names the field that is missing or
// wrong, never its value: then a person reads the record. Requires: `columns` holds 29 characters.
StatusOr<CorrectedData> ReadCorrectedData(const ChangeCodeRule& rule, std::string_view columns);

}  // namespace sluice::payments
