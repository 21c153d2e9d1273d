// What each taxpayer was paid in a calendar year, by form and box: the 1099 figures.
//
//   1. A payment counts in the year of its date. One that was voided, rejected or returned does not
//      count; its money counts when it is paid again, with the tax that was withheld of it.
//   2. The amount is what was paid or withheld for the tax authority. What was offset recovers an
//      earlier payment and is no part of it; it is listed beside.
//   3. Amounts add up by payer, taxpayer, form and box, whatever the program or payee. They are
//      reported from the threshold of the year on, and always when tax was withheld.
// Source: FORMATS 10.4 (confirm with counsel), PRODUCT R01, M07.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/secret.h"
#include "payments/tax/backup_withholding.h"
#include "payments/tax/tax_form.h"

namespace sluice::payments {

// One payment that stands.
struct TaxablePayment {
  PayeeId payee;
  BookId book;
  Date paid_on{};
  Money paid;
  Money tax;     // withheld of it, also when it was first sent
  Money offset;  // taken for what the payee owed
};

// A payee for these reports.
struct TaxPayee {
  PayeeId id;
  std::string role;
  std::string name;                      // as enrolled
  std::string tin;                       // as enrolled: where no form says another
  std::vector<CertifiedTaxpayer> forms;  // by date
};

struct TaxTotal {
  std::string taxpayer;  // the key that payees of one taxpayer share
  PayeeId payee;         // the one that was paid last, whose form names the taxpayer
  Date certified_on{};   // of that form; the epoch where there is none
  TinKind tin_kind = TinKind::kEin;
  std::string tin_last4;
  std::string name;
  std::string business_name;
  TaxBox box;
  std::int64_t payments = 0;
  Money amount;  // paid and withheld: what the box says
  Money tax;     // federal tax withheld: box 4
  Money offset;
  bool reported = false;
  std::string reason;  // why it is not reported
};

// By name, form and box. FailedPrecondition when no parameter is in force in the year.
StatusOr<std::vector<TaxTotal>> SumTaxYear(int year, std::span<const TaxablePayment> payments,
                                           const std::map<PayeeId, TaxPayee>& payees,
                                           std::span<const ProgramTaxBox> boxes,
                                           std::span<const TaxParameter> parameters);

// The key of the taxpayer who is paid on the date.
std::string TaxpayerKey(const TaxPayee& payee, Date date);

// The payer as the forms name it.
struct ReportingPayer {
  std::string name;
  std::string tin;
};
// One row per total, with a header. TINs are masked but for their last four digits, unless `tins`
// (by taxpayer) holds them.
std::string WriteTaxCsv(int year, const ReportingPayer& payer, std::span<const TaxTotal> totals,
                        const std::map<std::string, SecretString>& tins);

}  // namespace sluice::payments
