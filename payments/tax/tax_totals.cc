#include "payments/tax/tax_totals.h"

#include <algorithm>
#include <sstream>
#include <tuple>

#include "core/check.h"
#include "core/csv.h"

namespace sluice::payments {
namespace {

struct OpenTotal {
  TaxTotal total;
  Date last_paid{};
  TaxClassification classification = TaxClassification::kUnstated;
  std::string exempt_code;
};

// The newest payment names the taxpayer; of several on one day the first payee's does.
void NameTaxpayer(OpenTotal& open, const TaxPayee& payee, const TaxablePayment& payment) {
  const bool newer = payment.paid_on > open.last_paid ||
                     (payment.paid_on == open.last_paid && payee.id < open.total.payee);
  if (open.total.payments > 0 && !newer) return;
  open.last_paid = payment.paid_on;
  TaxTotal& total = open.total;
  total.payee = payee.id;
  total.name = payee.name;
  total.business_name.clear();
  total.tin_last4 = payee.tin.size() < 4 ? payee.tin : payee.tin.substr(payee.tin.size() - 4);
  const CertifiedTaxpayer* const form = TaxpayerOn(payee.forms, payment.paid_on);
  if (form == nullptr) return;
  total.certified_on = form->certified_on;
  total.tin_kind = form->tin_kind;
  if (!form->tin_last4.empty()) total.tin_last4 = form->tin_last4;
  if (!form->legal_name.empty()) total.name = form->legal_name;
  total.business_name = form->business_name;
  open.classification = form->classification;
  open.exempt_code = form->exempt_code;
}

void DecideReport(OpenTotal& open, const TaxParameter& parameter) {
  TaxTotal& total = open.total;
  const std::string exempt = ExemptBecause(total.box, open.classification, open.exempt_code);
  if (total.tax > Money{}) {
    total.reported = true;
  } else if (!exempt.empty()) {
    total.reason = exempt;
  } else if (total.amount < parameter.threshold) {
    total.reason = fmt::format("below {}", parameter.threshold);
  } else {
    total.reported = true;
  }
}

}  // namespace

std::string TaxpayerKey(const TaxPayee& payee, Date date) {
  const CertifiedTaxpayer* const form = TaxpayerOn(payee.forms, date);
  return form != nullptr && form->blind_index ? ToHex(*form->blind_index) : payee.tin;
}

StatusOr<std::vector<TaxTotal>> SumTaxYear(int year, std::span<const TaxablePayment> payments,
                                           const std::map<PayeeId, TaxPayee>& payees,
                                           std::span<const ProgramTaxBox> boxes,
                                           std::span<const TaxParameter> parameters) {
  const TaxParameter* const parameter = TaxParameterOn(parameters, MakeDate(year, 1, 1));
  if (parameter == nullptr) {
    return FailedPrecondition("no reporting threshold is on file for {}: add it first", year);
  }
  std::map<std::pair<std::string, TaxBox>, OpenTotal> open;
  for (const TaxablePayment& payment : payments) {
    if (YearOf(payment.paid_on) != year) continue;
    const TaxPayee& payee = payees.at(payment.payee);
    const std::string taxpayer = TaxpayerKey(payee, payment.paid_on);
    const TaxBox box = TaxBoxOn(boxes, payment.book, payee.role, payment.paid_on);
    OpenTotal& sum = open[{taxpayer, box}];
    NameTaxpayer(sum, payee, payment);
    sum.total.taxpayer = taxpayer;
    sum.total.box = box;
    ++sum.total.payments;
    sum.total.amount += payment.paid + payment.tax;
    sum.total.tax += payment.tax;
    sum.total.offset += payment.offset;
  }
  std::vector<TaxTotal> totals;
  for (auto& [key, sum] : open) {
    DecideReport(sum, *parameter);
    totals.push_back(std::move(sum.total));
  }
  std::ranges::sort(totals, {}, [](const TaxTotal& total) {
    return std::tie(total.name, total.taxpayer, total.box);
  });
  return totals;
}

std::string WriteTaxCsv(int year, const ReportingPayer& payer, std::span<const TaxTotal> totals,
                        const std::map<std::string, SecretString>& tins) {
  std::ostringstream text;
  CsvWriter out(text, {.crlf = false});
  out.AddRow({"tax_year", "payer_name", "payer_tin", "name", "business_name", "tin_kind", "tin",
              "form", "box", "amount", "federal_tax_withheld", "offsets", "payments", "reported",
              "reason"});
  for (const TaxTotal& total : totals) {
    const auto known = tins.find(total.taxpayer);
    const std::string tin =
        known == tins.end() ? "*****" + total.tin_last4 : std::string(known->second.Reveal());
    const std::vector<std::string> row = {std::to_string(year),
                                          payer.name,
                                          payer.tin,
                                          total.name,
                                          total.business_name,
                                          std::string(TinKindName(total.tin_kind)),
                                          tin,
                                          total.box.form,
                                          std::to_string(total.box.box),
                                          total.amount.ToPlainString(),
                                          total.tax.ToPlainString(),
                                          total.offset.ToPlainString(),
                                          std::to_string(total.payments),
                                          total.reported ? "YES" : "NO",
                                          total.reason};
    out.AddRow(std::span<const std::string>(row));
  }
  return text.str();
}

}  // namespace sluice::payments
