// What leaves the system: one payment to one payee, complete enough to write its ACH entry, its
// 835, its statement and its roster row without asking anything else.
//
//   1. One payment = one EFT = one 835 transaction = one TRN (FORMATS section 0, decision 3). The
//      payment key is the TRN reference, the identification number of the ACH entry and the number
//      printed on the statement.
//   2. Signs are the payee's: a positive line adds to the payment, a negative line takes from it.
//      The sum of the lines is the amount. The 835 turns the sign round by itself (PLB).
//   3. Everything is plain data. The writers of this folder are pure functions of these structs:
//      the same structs give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/secret.h"
#include "core/status.h"

namespace sluice::payments {

// A bank account number in the clear. It cannot be formatted, streamed or compared, and its memory
// is wiped when it goes. Only the writers of bank files call Reveal().
class AccountNumber {
 public:
  AccountNumber() = default;
  explicit AccountNumber(std::string digits) : digits_(std::move(digits)) {}

  std::string_view Reveal() const { return digits_.Reveal(); }
  bool IsEmpty() const { return digits_.Reveal().empty(); }
  // The last four characters, or fewer when there are fewer; what people may see.
  std::string_view LastFour() const;

 private:
  SecretString digits_;
};

// Whom the money is for. Organizations are paid by CCD, persons by PPD.
enum class PayeeKind : std::uint8_t { kOrganization = 0, kPerson = 1 };

enum class AccountKind : std::uint8_t { kChecking = 0, kSavings = 1 };

// Who owns the account. A CCD entry must not go to a consumer account (FORMATS section 3).
enum class AccountOwnership : std::uint8_t { kBusiness = 0, kConsumer = 1 };

// How the payment leaves. kNone is a payment of zero: an 835 and a statement, but no bank entry.
// The number of a check is its payment key.
enum class PaymentMethod : std::uint8_t { kAch = 0, kNone = 1, kCheck = 2 };
// "ACH", "NONE", "CHK".
std::string_view PaymentMethodName(PaymentMethod method);

struct PostalAddress {
  std::string street;
  std::string city;
  std::string state;  // two letters
  std::string zip;    // 5 or 9 digits; a hyphen is dropped where a format wants digits
};

// The payer as its payees and their systems know it.
struct PayerProfile {
  std::string name;  // 835 N1*PR and the head of the statement
  std::string tin;   // 9 digits; TRN03 is "1" followed by it
  PostalAddress address;
  std::string payer_id;          // 835 REF*2U; may be empty
  std::string service_phone;     // 10 digits; 835 PER*CX and the statement
  std::string edi_contact_name;  // 835 PER*BL, required
  std::string edi_phone;         // 10 digits
  std::string edi_email;
  std::string x12_qualifier = "ZZ";  // ISA05
  std::string x12_id;                // ISA06 and GS02, at most 15 characters
  // One sentence on the statement: how and until when a line can be questioned. May be empty.
  std::string questions_text;
};

struct PayeeDetails {
  PayeeKind kind = PayeeKind::kOrganization;
  std::string payee_id;  // the payer's own id of the payee; PLB01 when there is no NPI
  std::string name;
  PostalAddress address;
  std::string tin;             // 9 digits; may be empty for a person
  std::string npi;             // 10 digits; empty when the payee has none
  bool is_provider = false;    // a health care provider: gets an 835 when it is an organization
  std::string routing_number;  // 9 digits
  AccountNumber account;
  AccountKind account_kind = AccountKind::kChecking;
  AccountOwnership account_ownership = AccountOwnership::kBusiness;
};

// What a line is, in the words of the contract. plb_mapping.h turns it into an 835 reason code.
// The values are stored; never renumber.
enum class LineKind : std::uint8_t {
  kCapitation = 0,            // PMPM
  kCapitationRetro = 1,       // retroactive attribution, either sign
  kCareCoordination = 2,      // care coordination fee
  kQualityBonus = 3,          // quality incentive
  kProviderIncentive = 4,     // other incentive plan
  kSharedSavingsInterim = 5,  // interim settlement
  kSharedSavingsFinal = 6,    // final settlement
  kLumpSum = 7,               // pass-through or lump-sum settlement
  kAdvance = 8,               // advance or periodic interim payment
  kAdvanceRecovery = 9,       // its recovery, negative
  kWithhold = 10,             // kept back, negative
  kWithholdRelease = 11,      // paid out of an earlier withhold
  kDownsideLoss = 12,         // shared loss, negative
  kOverpaymentRecovery = 13,  // recoupment, negative
  kOverpaymentCredit = 14,    // a recoupment credited back
  kBalanceForwardOut = 15,    // moves a negative rest to a later advice: positive here
  kBalanceForwardIn = 16,     // applies what an earlier advice forwarded: negative
  kInterest = 17,             // interest paid
  kBackupWithholding = 18,    // IRS backup withholding, negative
  kLevy = 19,                 // levy or garnishment, negative
  kAffiliateOffset = 20,      // debt of another entity under the same TIN, negative
  kAdjustment = 21,           // anything else, either sign
  kPenalty = 22,              // of an incentive that can take as well, negative
};
inline constexpr std::size_t kLineKinds = 23;

// One step of an explanation, in words and numbers that a practice manager can follow:
// {"Shared savings rate", "50 %", "quality score 84.2 % reaches the standard"}.
struct ExplanationStep {
  std::string label;
  std::string value;
  std::string note;  // may be empty
};

// One line of a payment.
struct RemittanceLine {
  std::string reference;  // 1-50 of A-Z 0-9 -; unique in the payment; the same in the 835
  LineKind kind = LineKind::kAdjustment;
  Money amount;             // not zero; positive pays, negative takes
  std::string description;  // "Shared savings 2024, your share"
  std::string program;      // "Medicare Shared Savings 2024"
  std::string contract;     // contract number or name; lines are grouped by program and contract
  std::string contract_holder;  // the ACO or IPA that holds the contract
  std::string period;           // "January 1 to December 31, 2024"
  // What the contract holder was awarded before the split, and how it came about.
  Money contract_award;
  std::vector<ExplanationStep> award_steps;
  // From the award of the contract to this payee's share of it.
  std::vector<ExplanationStep> split_steps;
  std::string reason;  // for a reduction or a hold: the reason in words; may be empty
};

struct OutboundPayment {
  std::string payment_key;  // 1-15 of A-Z 0-9; TRN02; unique per payer for ever
  PaymentMethod method = PaymentMethod::kAch;
  PayeeDetails payee;
  Money amount;         // >= 0; zero exactly when method is kNone
  Date effective_date;  // the effective entry date (a banking day)
  // The trace number of its ACH entry, by which a bank finds the deposit. Empty before the entry
  // has one, and where there is none.
  std::string trace_number;
  // Program setting: may this payment carry HCCLAIMPMT (FORMATS section 3)?
  bool health_care_eft_allowed = true;
  // Program setting: is this compensation for a person's work? Then PPD says PAYROLL.
  bool compensation = true;
  std::vector<RemittanceLine> lines;
};

// True when the payment is accompanied by an 835: the payee is an organization that is a provider.
bool HasRemittance835(const OutboundPayment& payment);

// "TRN*1*<payment key>*1<payer TIN>~": the same bytes in the ACH addenda and in the 835.
std::string TrnSegment(std::string_view payment_key, std::string_view company_id);

// InvalidArgument names the payment and the first rule that it breaks: key, payee kind against
// account ownership, amount against method and against the sum of lines, line references.
Status CheckPayment(const OutboundPayment& payment);

}  // namespace sluice::payments
