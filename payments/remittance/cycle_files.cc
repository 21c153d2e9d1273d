#include "payments/remittance/cycle_files.h"

#include <map>
#include <sstream>

#include "core/bytes.h"
#include "core/csv.h"

namespace sluice::payments {
namespace {

constexpr std::string_view kControlHeader[] = {
    "payment_number", "method",          "payee_kind",    "payee", "routing_number",
    "account_ending", "account_kind",    "disbursed",     "date",  "has_835",
    "ach_file",       "remittance_file", "statement_file"};

constexpr std::string_view kReportHeader[] = {"section", "item",   "detail",
                                              "count",   "amount", "text"};

using Row = std::vector<std::string>;

class Report {
 public:
  Report() : out_(text_, {.crlf = false}) {
    out_.AddRow(std::span<const std::string_view>(kReportHeader));
  }
  void Add(std::string_view section, std::string item, std::string detail, std::string count,
           std::string amount, std::string text) {
    out_.AddRow(Row{std::string(section), std::move(item), std::move(detail), std::move(count),
                    std::move(amount), std::move(text)});
  }
  void Amount(std::string_view section, const std::string& item, std::string detail, Money amount) {
    Add(section, item, std::move(detail), "", amount.ToPlainString(), "");
  }
  void Count(std::string_view section, const std::string& item, std::string detail,
             std::int64_t count) {
    Add(section, item, std::move(detail), std::to_string(count), "", "");
  }
  // The rows and, as the last one, the seal over them.
  std::string TakeSealed() {
    const std::string rows = text_.str();
    Add("SEAL", std::string(kCycleReportName), "SHA-256", std::to_string(rows.size()), "",
        ToHex(Sha256(AsBytes(rows))));
    return text_.str();
  }

 private:
  std::ostringstream text_;
  CsvWriter out_;
};

void AddProgram(Report& out, const CycleReportProgram& program) {
  out.Count("PROGRAM", program.name, "contracts", program.contracts);
  out.Amount("PROGRAM", program.name, "earned", program.earned);
  out.Amount("PROGRAM", program.name, "withheld", program.withheld);
  out.Amount("PROGRAM", program.name, "released", program.released);
  out.Amount("PROGRAM", program.name, "losses", program.losses);
  out.Amount("PROGRAM", program.name, "recognized", program.recognized);
  out.Amount("PROGRAM", program.name, "carried", program.carried);
  out.Amount("PROGRAM", program.name, "owed_by_payees", program.owed_by_payees);
  out.Amount("PROGRAM", program.name, "offsets", program.offsets);
  if (!program.taxes.IsZero()) out.Amount("PROGRAM", program.name, "taxes", program.taxes);
  out.Amount("PROGRAM", program.name, "paid", program.paid);
  out.Count("PROGRAM", program.name, "payees", program.payees);
  out.Add("PROGRAM", program.name, "held", std::to_string(program.held),
          program.held_amount.ToPlainString(), "");
}

void AddTotals(Report& out, const CycleReport& report) {
  std::map<std::string, std::pair<std::int64_t, Money>> held;
  Money held_sum;
  for (const CycleReportHeld& line : report.held) {
    auto& [count, amount] = held[line.reason_code];
    ++count;
    amount += line.amount;
    held_sum += line.amount;
  }
  for (const auto& [code, sum] : held) {
    out.Add("TOTAL", "held", code, std::to_string(sum.first), sum.second.ToPlainString(), "");
  }
  out.Add("TOTAL", "held", "all", std::to_string(report.held.size()), held_sum.ToPlainString(), "");
  Money disbursed;
  for (const CycleControlRow& row : report.payments) disbursed += row.disbursed;
  out.Add("TOTAL", "disbursed", "all", std::to_string(report.payments.size()),
          disbursed.ToPlainString(), "");
}

}  // namespace

std::string WriteCycleControlCsv(std::span<const CycleControlRow> rows) {
  std::ostringstream text;
  CsvWriter out(text, {.crlf = false});
  out.AddRow(std::span<const std::string_view>(kControlHeader));
  for (const CycleControlRow& row : rows) {
    out.AddRow(Row{row.payment_key, std::string(PaymentMethodName(row.method)),
                   row.kind == PayeeKind::kPerson ? "PERSON" : "ORGANIZATION", row.payee_name,
                   row.routing_number, row.account_last_four,
                   row.account_kind == AccountKind::kSavings ? "SAVINGS" : "CHECKING",
                   row.disbursed.ToPlainString(), FormatDate(row.effective_date),
                   row.has_835 ? "YES" : "NO", row.ach_file, row.x12_file, row.statement_file});
  }
  return text.str();
}

std::string WriteCycleReportCsv(const CycleReport& report) {
  Report out;
  out.Add("CYCLE", report.cycle, "payer", "", "", report.payer);
  out.Add("CYCLE", report.cycle, "run", "", "", report.run);
  out.Add("CYCLE", report.cycle, "business_date", "", "", FormatDate(report.business_date));
  for (const CycleReportProgram& program : report.programs) AddProgram(out, program);
  for (const CycleControlRow& row : report.payments) {
    out.Add("PAYMENT", row.payment_key, std::string(PaymentMethodName(row.method)), "1",
            row.disbursed.ToPlainString(), row.payee_name);
  }
  for (const CycleReportHeld& line : report.held) {
    out.Add("HELD", line.program, line.reason_code, "1", line.amount.ToPlainString(),
            line.payee + ": " + line.reason);
  }
  for (const CycleReportAccount& account : report.accounts) {
    out.Amount("LEDGER", account.book, account.account, account.balance);
  }
  for (const CycleReportFile& file : report.files) {
    out.Add("FILE", file.name, file.kind, std::to_string(file.entries), file.amount.ToPlainString(),
            "");
    out.Add("FILE_SHA256", file.name, file.kind, std::to_string(file.bytes), "", file.sha256);
  }
  AddTotals(out, report);
  return out.TakeSealed();
}

}  // namespace sluice::payments
