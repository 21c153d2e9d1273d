#include "payments/remittance/statement_csv.h"

#include <sstream>
#include <string_view>
#include <vector>

#include "core/csv.h"
#include "payments/remittance/statement_model.h"

namespace sluice::payments {
namespace {

// One column more or fewer is a change of a published format.
constexpr std::string_view kStatementHeader[] = {
    "row_type",        "payment_number", "payer",       "payee",    "payee_npi",      "date",
    "account_ending",  "reference",      "kind",        "plb_code", "program",        "contract",
    "contract_holder", "period",         "description", "amount",   "contract_award", "label",
    "value",           "note",           "trace_number"};

constexpr std::string_view kRosterHeader[] = {
    "payment_number", "payee_id", "payee",    "payee_npi", "payee_kind", "date",  "method",
    "account_ending", "earned",   "withheld", "offsets",   "paid",       "lines", "trace_number"};

using Row = std::vector<std::string>;

// The columns that every row of a payment repeats, so that each row can be filtered by itself.
Row Start(std::string_view type, const PayerProfile& payer, const OutboundPayment& payment) {
  Row row(std::size(kStatementHeader));
  row[0] = type;
  row[1] = payment.payment_key;
  row[2] = payer.name;
  row[3] = payment.payee.name;
  row[4] = payment.payee.npi;
  row[5] = FormatDate(payment.effective_date);
  row[6] = payment.payee.account.LastFour();
  row[20] = payment.trace_number;
  return row;
}

void AddSteps(CsvWriter& out, std::string_view type, const Row& line,
              const std::vector<ExplanationStep>& steps) {
  for (const ExplanationStep& step : steps) {
    Row row = line;
    row[0] = type;
    row[15].clear();
    row[16].clear();
    row[17] = step.label;
    row[18] = step.value;
    row[19] = step.note;
    out.AddRow(row);
  }
}

void AddLine(CsvWriter& out, const PayerProfile& payer, const PlbMapping& mapping,
             const OutboundPayment& payment, const RemittanceLine& line) {
  Row row = Start("LINE", payer, payment);
  row[7] = line.reference;
  row[8] = LineKindName(line.kind);
  if (HasRemittance835(payment)) row[9] = mapping.CodeOf(line.kind);
  row[10] = line.program;
  row[11] = line.contract;
  row[12] = line.contract_holder;
  row[13] = line.period;
  row[14] = line.description;
  row[15] = line.amount.ToPlainString();
  row[16] = line.contract_award.ToPlainString();
  row[19] = line.reason;
  out.AddRow(row);
  AddSteps(out, "AWARD_STEP", row, line.award_steps);
  AddSteps(out, "SPLIT_STEP", row, line.split_steps);
}

}  // namespace

StatusOr<std::string> WriteStatementCsv(const PayerProfile& payer, const PlbMapping& mapping,
                                        std::span<const OutboundPayment> payments) {
  std::ostringstream text;
  CsvWriter out(text, {.crlf = false});
  out.AddRow(std::span<const std::string_view>(kStatementHeader));
  for (const OutboundPayment& payment : payments) {
    RETURN_IF_ERROR(CheckPayment(payment));
    Row row = Start("PAYMENT", payer, payment);
    row[15] = payment.amount.ToPlainString();
    out.AddRow(row);
    for (const RemittanceLine& line : payment.lines) AddLine(out, payer, mapping, payment, line);
  }
  return text.str();
}

StatusOr<std::string> WriteRosterCsv(std::span<const OutboundPayment> payments) {
  std::ostringstream text;
  CsvWriter out(text, {.crlf = false});
  out.AddRow(std::span<const std::string_view>(kRosterHeader));
  for (const OutboundPayment& payment : payments) {
    RETURN_IF_ERROR(CheckPayment(payment));
    const StatementSums sums = SumLines(payment);
    out.AddRow(Row{
        payment.payment_key, payment.payee.payee_id, payment.payee.name, payment.payee.npi,
        payment.payee.kind == PayeeKind::kPerson ? "PERSON" : "ORGANIZATION",
        FormatDate(payment.effective_date), std::string(PaymentMethodName(payment.method)),
        std::string(payment.payee.account.LastFour()), sums.earned.ToPlainString(),
        sums.withheld.ToPlainString(), sums.offsets.ToPlainString(), payment.amount.ToPlainString(),
        std::to_string(payment.lines.size()), payment.trace_number});
  }
  return text.str();
}

}  // namespace sluice::payments
