// The W-9 of a payee: whom the taxpayer certified to be, on which day, and what follows for the
// reports of a year.
//
//   1. A form holds from its date until the next one of the payee. A payment counts for the
//      taxpayer of the form that holds on its date; before the first form, for that of the first.
//   2. The taxpayer's number (TIN) is sealed. In the clear there are its last four digits and a
//      blind index, by which payees of one taxpayer are found.
//   3. Which form and box a program's payments go to is an attribute of the program, and may differ
//      by the role in which a payee is paid.
// Source: FORMATS 10.4 (confirm with counsel), PRODUCT R01.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/secret.h"
#include "core/status.h"

namespace sluice::payments {

// The owner of the ledger's account TAX_WITHHELD.
inline constexpr std::string_view kTaxAuthority = "irs";

// The box that is ticked. The numbers are stored.
enum class TaxClassification : std::int16_t {
  kUnstated = 0,    // only name and TIN were certified
  kIndividual = 1,  // or sole proprietor, or LLC of one member
  kCCorporation = 2,
  kSCorporation = 3,
  kPartnership = 4,
  kTrust = 5,
  kOther = 6,  // for instance a government
};
std::string_view TaxClassificationName(TaxClassification classification);
StatusOr<TaxClassification> ParseTaxClassification(std::string_view name);

enum class TinKind : std::int16_t { kEin = 0, kSsn = 1 };
std::string_view TinKindName(TinKind kind);

// What a taxpayer certified. `tin` may be left empty: then it is the one that the payee is enrolled
// with, as are the name, and the kind of number by what the payee is.
struct TaxForm {
  PayeeId payee;
  Date certified_on{};
  SecretString tin;  // 9 digits
  std::optional<TinKind> tin_kind = std::nullopt;
  std::string legal_name;
  std::string business_name;  // doing business as; may be empty
  TaxClassification classification = TaxClassification::kUnstated;
  std::string exempt_code;  // 1 to 13, or empty
};
// InvalidArgument names the payee, the field and the rule, never the number. Requires: complete.
Status CheckTaxForm(const TaxForm& form);

// The form as people see it.
struct CertifiedTaxpayer {
  PayeeId payee;
  Date certified_on{};
  TinKind tin_kind = TinKind::kEin;
  std::string tin_last4;
  std::optional<Digest> blind_index;  // none on forms of which only the date is known
  std::string legal_name;
  std::string business_name;
  TaxClassification classification = TaxClassification::kUnstated;
  std::string exempt_code;
};
// Of one payee's forms, by date, the one that holds on the date. Null when there are none.
const CertifiedTaxpayer* TaxpayerOn(std::span<const CertifiedTaxpayer> forms, Date date);

// The form and box that a payment is reported in.
struct TaxBox {
  std::string form = "1099-MISC";  // or 1099-NEC
  int box = 6;                     // medical and health care payments
  friend auto operator<=>(const TaxBox&, const TaxBox&) = default;
};
// InvalidArgument lists the boxes that there are.
Status CheckTaxBox(const TaxBox& box);
// From when a program's payments go to which box; for payees of a role, or of all without one.
struct ProgramTaxBox {
  BookId book;
  std::string role;
  Date effective_from{};
  TaxBox box;
  std::string reason;
};
// The newest of the book on the date, the role's own first. Without any: the default.
TaxBox TaxBoxOn(std::span<const ProgramTaxBox> boxes, BookId book, const std::string& role,
                Date date);

// Why payments in this box to such a taxpayer are not reported, or empty when they are.
std::string ExemptBecause(const TaxBox& box, TaxClassification classification,
                          const std::string& exempt_code);

}  // namespace sluice::payments
