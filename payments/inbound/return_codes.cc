#include "payments/inbound/return_codes.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/check.h"
#include "payments/remittance/bank_profile.h"

namespace sluice::payments {
namespace {

using K = AchItemKind;
using A = ReturnAction;

constexpr std::string_view kDebitAdvice =
    "about a debit; for a credit of ours a person looks at it";
constexpr std::string_view kNotOurs = "not a kind of entry that we send: a person looks at it";

constexpr ReturnCodeRule Debit(std::string_view code, std::string_view meaning) {
  return {code, K::kReturn, meaning, {A::kHold, A::kWorkItem}, true, kDebitAdvice};
}
constexpr ReturnCodeRule Foreign(std::string_view code, std::string_view meaning) {
  return {code, K::kReturn, meaning, {A::kHold, A::kWorkItem}, false, kNotOurs};
}
constexpr ReturnCodeRule Credit(std::string_view code, std::string_view meaning,
                                ReturnActions actions, std::string_view advice) {
  return {code, K::kReturn, meaning, actions, false, advice};
}
constexpr ReturnCodeRule Dishonor(std::string_view code, std::string_view meaning) {
  return {code,           K::kDishonored, meaning,
          {A::kWorkItem}, false,          "our bank sent the return back: two people un-apply it"};
}
constexpr ReturnCodeRule Contest(std::string_view code, std::string_view meaning) {
  return {code,    K::kContested,
          meaning, {A::kWorkItem},
          false,   "final inside ACH: the return counts; two people apply it again"};
}

constexpr std::string_view kReenrollAdvice =
    "the account is stopped; ask the payee for another one, then pay again";
constexpr std::string_view kDefectAdvice = "our data or software was wrong: fix it, then pay again";

constexpr std::array kReturnCodes = {
    Debit("R01", "insufficient funds"),
    Credit("R02", "account closed", {A::kStop, A::kHold, A::kReenroll, A::kRepay}, kReenrollAdvice),
    Credit("R03", "no account, or unable to locate it",
           {A::kStop, A::kHold, A::kReenroll, A::kRepay},
           "the account is stopped; verify name and account with the payee, then pay again"),
    Credit("R04", "invalid account number structure", {A::kStop, A::kRepay},
           "correct the account number, then pay again"),
    Debit("R05", "corporate debit to a consumer account"),
    Credit("R06", "returned at our bank's request", {A::kRepay, A::kWorkItem},
           "close the recall; the money is recovered"),
    Debit("R07", "authorization revoked"),
    Debit("R08", "payment stopped"),
    Debit("R09", "uncollected funds"),
    Debit("R10", "originator unknown or not authorized"),
    Debit("R11", "not according to the authorization, or improper reversal"),
    Credit("R12", "branch sold to another bank", {A::kStop, A::kRepay},
           "obtain the new routing and account number, then pay again"),
    Credit("R13", "invalid ACH routing number", {A::kStop, A::kRepay},
           "correct the routing number, then pay again"),
    Credit("R14", "representative payee deceased or unable", {A::kStop, A::kHold, A::kEstate},
           "the estate is asked before anything is paid"),
    Credit("R15", "beneficiary or account holder deceased", {A::kStop, A::kHold, A::kEstate},
           "the estate is asked before anything is paid"),
    Credit("R16", "account frozen, or returned by OFAC instruction",
           {A::kStop, A::kHold, A::kCompliance}, "compliance reviews it; never paid by itself"),
    Credit("R17", "file edit criteria; QUESTIONABLE: suspected fraud",
           {A::kHold, A::kFraud, A::kWorkItem}, "read what the bank wrote before anything is paid"),
    Credit("R18", "improper effective entry date", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Credit("R19", "amount field error", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Credit("R20", "non-transaction account", {A::kStop, A::kReenroll, A::kRepay}, kReenrollAdvice),
    Credit("R21", "invalid company identification", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Credit("R22", "invalid individual identification", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Credit("R23", "credit refused by the receiver", {A::kHold, A::kWorkItem},
           "contact the payee: there may be a dispute about an overpayment"),
    Credit("R24", "duplicate entry", {A::kHold, A::kDuplicateCheck},
           "check for a double send before anything is paid again; do not reverse as well"),
    Credit("R25", "addenda error", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Credit("R26", "mandatory field error", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Credit("R27", "trace number error", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Credit("R28", "routing number check digit error", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Debit("R29", "corporate receiver: not authorized"),
    Foreign("R30", "RDFI does not take part in check truncation"),
    Credit("R31", "permissible late return, agreed by our bank", {A::kHold, A::kWorkItem},
           "accepted; what follows is decided by the reason behind it"),
    Credit("R32", "RDFI does not settle", {A::kHold}, "pay by another rail"),
    Foreign("R33", "return of an XCK entry"),
    Credit("R34", "limited participation DFI", {A::kStop, A::kReenroll, A::kRepay},
           kReenrollAdvice),
    Credit("R35", "improper debit entry", {A::kRepay, A::kOurDefect}, kDefectAdvice),
    Credit("R36", "improper credit entry for the SEC code", {A::kRepay, A::kOurDefect},
           kDefectAdvice),
    Foreign("R37", "source document presented"),
    Foreign("R38", "stop payment on source document"),
    Foreign("R39", "improper source document"),
    Foreign("R40", "return of an ENR entry by an agency"),
    Foreign("R41", "invalid transaction code in an ENR entry"),
    Foreign("R42", "routing number or check digit error in an ENR entry"),
    Foreign("R43", "invalid account number in an ENR entry"),
    Foreign("R44", "invalid individual id in an ENR entry"),
    Foreign("R45", "invalid name in an ENR entry"),
    Foreign("R46", "invalid representative payee in an ENR entry"),
    Foreign("R47", "duplicate ENR entry"),
    Foreign("R50", "state law affecting RCK acceptance"),
    Foreign("R51", "ineligible RCK item"),
    Foreign("R52", "stop payment on an RCK item"),
    Foreign("R53", "item and RCK entry presented"),
    Dishonor("R61", "misrouted return"),
    Dishonor("R62", "return of an erroneous or reversing debit"),
    Dishonor("R67", "duplicate return"),
    Dishonor("R68", "untimely return"),
    Dishonor("R69", "field error in a return"),
    Dishonor("R70", "permissible return not accepted"),
    Contest("R71", "misrouted dishonored return"),
    Contest("R72", "untimely dishonored return"),
    Contest("R73", "timely original return"),
    Contest("R74", "corrected return"),
    Contest("R75", "return is not a duplicate"),
    Contest("R76", "no errors found"),
    Contest("R77", "non-acceptance of R62"),
    Foreign("R80", "IAT coding error"),
    Foreign("R81", "not a participant in the IAT program"),
    Foreign("R82", "invalid foreign receiving bank"),
    Foreign("R83", "foreign receiving bank unable to settle"),
    Foreign("R84", "not processed by the gateway"),
    Credit("R85", "wrongly coded outbound international payment", {A::kStop, A::kWorkItem},
           "review whether the payment leaves the country: IAT is not supported"),
    Credit("R90", "returned for the sanctions obligations of the RDFI",
           {A::kStop, A::kHold, A::kCompliance}, "compliance reviews it; never paid by itself"),
};

constexpr std::array kChangeCodes = {
    ChangeCodeRule{.code = "C01", .meaning = "account number", .account = {1, 17}},
    ChangeCodeRule{.code = "C02", .meaning = "routing number", .routing = {1, 9}},
    ChangeCodeRule{.code = "C03",
                   .meaning = "routing and account number",
                   .routing = {1, 9},
                   .account = {13, 17}},
    ChangeCodeRule{.code = "C04", .meaning = "name", .name = {1, 22}, .work_item = true},
    ChangeCodeRule{.code = "C05", .meaning = "transaction code", .transaction = {1, 2}},
    ChangeCodeRule{.code = "C06",
                   .meaning = "account number and transaction code",
                   .account = {1, 17},
                   .transaction = {21, 2}},
    ChangeCodeRule{.code = "C07",
                   .meaning = "routing number, account number and transaction code",
                   .routing = {1, 9},
                   .account = {10, 17},
                   .transaction = {27, 2}},
    ChangeCodeRule{.code = "C08", .meaning = "foreign receiving bank (IAT)", .work_item = true},
    ChangeCodeRule{.code = "C09",
                   .meaning = "individual identification number",
                   .identification = {1, 22},
                   .work_item = true},
    ChangeCodeRule{.code = "C13", .meaning = "addenda format error", .work_item = true},
    ChangeCodeRule{.code = "C14", .meaning = "SEC must be IAT", .work_item = true, .stop = true},
    ChangeCodeRule{
        .code = "C61", .meaning = "misrouted change", .work_item = true, .refusal = true},
    ChangeCodeRule{
        .code = "C62", .meaning = "incorrect trace number", .work_item = true, .refusal = true},
    ChangeCodeRule{
        .code = "C63", .meaning = "incorrect company id", .work_item = true, .refusal = true},
    ChangeCodeRule{
        .code = "C64", .meaning = "incorrect individual id", .work_item = true, .refusal = true},
    ChangeCodeRule{
        .code = "C65", .meaning = "bad corrected data", .work_item = true, .refusal = true},
    ChangeCodeRule{.code = "C66",
                   .meaning = "incorrect discretionary data",
                   .work_item = true,
                   .refusal = true},
    ChangeCodeRule{.code = "C67",
                   .meaning = "routing number not from the original",
                   .work_item = true,
                   .refusal = true},
    ChangeCodeRule{.code = "C68",
                   .meaning = "account number not from the original",
                   .work_item = true,
                   .refusal = true},
    ChangeCodeRule{
        .code = "C69", .meaning = "incorrect transaction code", .work_item = true, .refusal = true},
};

std::string_view Part(std::string_view columns, const CorrectedField& field) {
  return field.length == 0 ? std::string_view() : columns.substr(field.position - 1, field.length);
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool IsCreditCode(std::string_view code) {
  // Credits to checking and savings, live, prenote, or as a return carries them.
  constexpr std::array<std::string_view, 8> kCodes = {"21", "22", "23", "24",
                                                      "31", "32", "33", "34"};
  return std::ranges::find(kCodes, code) != kCodes.end();
}

// The code where the table has it; else exactly one two-digit token to the right of the account.
StatusOr<std::string> TransactionCode(const ChangeCodeRule& rule, std::string_view columns,
                                      std::string& deviation) {
  std::string_view code = Trimmed(Part(columns, rule.transaction));
  if (code.empty() && rule.account.length > 0) {
    std::string_view rest = columns.substr(rule.account.position - 1 + rule.account.length);
    std::vector<std::string_view> tokens;
    while (!(rest = Trimmed(rest)).empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      tokens.push_back(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    if (tokens.size() == 1) {
      code = tokens.front();
      deviation = "the transaction code is not in its columns";
    }
  }
  if (code.size() != 2 || !IsCreditCode(code)) {
    return InvalidArgument("{}: columns {} to {} hold no transaction code of a credit", rule.code,
                           rule.transaction.position,
                           rule.transaction.position + rule.transaction.length - 1);
  }
  return std::string(code);
}

}  // namespace

std::string ReturnActions::ToString() const {
  static constexpr std::array<std::pair<ReturnAction, std::string_view>, 10> kNames = {{
      {A::kStop, "STOP"},
      {A::kHold, "HOLD"},
      {A::kCompliance, "compliance"},
      {A::kFraud, "fraud case"},
      {A::kDuplicateCheck, "duplicate check"},
      {A::kEstate, "estate"},
      {A::kReenroll, "re-enroll"},
      {A::kOurDefect, "fix our data"},
      {A::kRepay, "REPAY"},
      {A::kWorkItem, "work item"},
  }};
  std::string text;
  for (const auto& [action, name] : kNames) {
    if (!Has(action)) continue;
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

std::span<const ReturnCodeRule> ReturnCodes() { return kReturnCodes; }

const ReturnCodeRule* FindReturnCode(std::string_view code) {
  const auto found = std::ranges::find(kReturnCodes, code, &ReturnCodeRule::code);
  return found == kReturnCodes.end() ? nullptr : &*found;
}

ReturnActions ActionsFor(std::string_view code, std::string_view information) {
  const ReturnCodeRule* rule = FindReturnCode(code);
  if (rule == nullptr) return {A::kStop, A::kHold, A::kWorkItem};
  if (!rule->credit.Has(A::kFraud)) return rule->credit;
  const bool questionable = information.find("QUESTIONABLE") != information.npos;
  if (questionable) return {A::kStop, A::kHold, A::kFraud};
  return {A::kHold, A::kWorkItem};
}

std::span<const ChangeCodeRule> ChangeCodes() { return kChangeCodes; }

const ChangeCodeRule* FindChangeCode(std::string_view code) {
  const auto found = std::ranges::find(kChangeCodes, code, &ChangeCodeRule::code);
  return found == kChangeCodes.end() ? nullptr : &*found;
}

StatusOr<CorrectedData> ReadCorrectedData(const ChangeCodeRule& rule, std::string_view columns) {
  CHECK(columns.size() == 29);
  CorrectedData data;
  if (rule.routing.length > 0) {
    data.routing_number = Trimmed(Part(columns, rule.routing));
    if (!IsPayeeRoutingNumber(data.routing_number)) {
      return InvalidArgument("{}: columns {} to {} hold no routing number with its check digit",
                             rule.code, rule.routing.position,
                             rule.routing.position + rule.routing.length - 1);
    }
  }
  if (rule.account.length > 0) {
    // Blanks and hyphens inside belong to how the bank prints it, not to the number.
    std::string digits;
    for (const char c : Trimmed(Part(columns, rule.account))) {
      if (c != ' ' && c != '-') digits += c;
    }
    const bool usable =
        !digits.empty() && digits.find_first_not_of('0') != digits.npos &&
        std::ranges::all_of(digits, [](char c) {
          return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        });
    data.account_number = SecretString(std::move(digits));
    if (!usable) {
      return InvalidArgument("{}: columns {} to {} hold no account number", rule.code,
                             rule.account.position,
                             rule.account.position + rule.account.length - 1);
    }
  }
  if (rule.transaction.length > 0) {
    ASSIGN_OR_RETURN(data.transaction_code, TransactionCode(rule, columns, data.deviation));
  }
  data.name = Trimmed(Part(columns, rule.name));
  data.identification = Trimmed(Part(columns, rule.identification));
  return data;
}

}  // namespace sluice::payments
