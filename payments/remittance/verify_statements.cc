// Reads statements (PDF) and tables (CSV) back for the checks across files.
#include <algorithm>

#include "core/csv.h"
#include "payments/remittance/pdf_text.h"
#include "payments/remittance/verify_parts.h"

namespace sluice::payments {
namespace {

// "$1,234.50" or "-$1,234.50".
std::optional<Money> DollarText(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (!text.starts_with('$')) return std::nullopt;
  const auto amount = Money::Parse(text);
  if (!amount.ok()) return std::nullopt;
  return negative ? -*amount : *amount;
}

// One statement of a PDF: its pages in order.
class PdfStatement {
 public:
  PdfStatement(std::size_t first_page, Findings& findings) : findings_(findings) {
    statement_.file = findings.File();
    statement_.place = first_page;
  }

  void AddPage(const PdfPage& page, std::size_t number) {
    for (const std::string& text : page.texts) texts_.push_back(text);
    ++pages_;
    const std::string footer = page.texts.empty() ? "" : page.texts.back();
    if (!footer.starts_with(fmt::format("Page {} of ", pages_))) {
      findings_.Add(42, number, "the page number is \"{}\", expected page {}", footer, pages_);
    }
    last_footer_ = footer;
    footer_keys_.push_back(page.texts.size() < 2 ? "" : page.texts[page.texts.size() - 2]);
  }

  ReadStatement Finish() {
    if (last_footer_ != fmt::format("Page {} of {}", pages_, pages_)) {
      findings_.Add(42, statement_.place, "the statement's last page says \"{}\"", last_footer_);
    }
    statement_.key = After("Payment number");
    statement_.payee = After("Paid to");
    const std::string deposited = After("Deposited to");
    if (const std::size_t at = deposited.find("ending "); at != deposited.npos) {
      statement_.account_ending = deposited.substr(at + 7);
    }
    statement_.date = After("Deposit date");
    if (statement_.date.empty()) statement_.date = After("Statement date");
    statement_.trace_number = After("Bank trace number");
    const auto paid = DollarText(After("Amount paid"));
    if (!paid || statement_.key.empty()) {
      findings_.Add(42, statement_.place, "amount paid or payment number is missing");
    }
    statement_.paid = paid.value_or(Money());
    for (const std::string& text : footer_keys_) {
      if (!text.starts_with("Payment " + statement_.key + " ")) {
        findings_.Add(42, statement_.place, "payment {}: a page's footer says \"{}\"",
                      statement_.key, text);
      }
    }
    ReadLines();
    CheckTotal();
    return std::move(statement_);
  }

 private:
  std::string After(std::string_view label) const {
    const auto found = std::ranges::find(texts_, label);
    return found == texts_.end() || found + 1 == texts_.end() ? "" : *(found + 1);
  }

  void ReadLines() {
    Money sum;
    std::optional<Money> amount;  // the last one before the reference, perhaps on the page before
    for (const std::string& text : texts_) {
      constexpr std::string_view kReference = "Reference ";
      if (const auto shown = DollarText(text)) amount = shown;
      if (!text.starts_with(kReference) || !amount) continue;
      const std::string rest = text.substr(kReference.size());
      statement_.lines.push_back({rest.substr(0, rest.find(' ')), "", *amount});
      sum += *amount;
      amount.reset();
    }
    if (sum != statement_.paid) {
      findings_.Add(42, statement_.place, "payment {}: lines add up to {} but {} was paid",
                    statement_.key, sum, statement_.paid);
    }
  }

  // The summary's last row: earned, withheld, offsets, net.
  void CheckTotal() {
    const auto total = std::ranges::find(texts_, "Total");
    std::vector<Money> amounts;
    if (total != texts_.end()) {
      for (auto text = total + 1; text != texts_.end() && amounts.size() < 4; ++text) {
        const auto amount = DollarText(*text);
        if (!amount) break;
        amounts.push_back(*amount);
      }
    }
    if (amounts.size() != 4 || amounts[0] + amounts[1] + amounts[2] != amounts[3] ||
        amounts[3] != statement_.paid) {
      findings_.Add(42, statement_.place, "payment {}: the summary's total does not add up to {}",
                    statement_.key, statement_.paid);
    }
  }

  Findings& findings_;
  ReadStatement statement_;
  std::vector<std::string> texts_;
  std::size_t pages_ = 0;
  std::string last_footer_;
  std::vector<std::string> footer_keys_;  // the left footer of each page
};

// Reads the rows of one CSV and reports what cannot be read.
class Table {
 public:
  Table(CsvReader reader, Findings& findings) : reader_(std::move(reader)), findings_(findings) {}

  bool Has(std::string_view column) const { return reader_.FindColumn(column).has_value(); }
  bool Next() {
    while (reader_.Next()) {
      if (!reader_.IsBad()) return true;
      findings_.Add(0, Line(), "{}", reader_.Error().reason);
    }
    if (!reader_.Outcome().ok()) findings_.Add(0, 0, "{}", StatusMessage(reader_.Outcome()));
    return false;
  }
  std::size_t Line() const { return static_cast<std::size_t>(reader_.LineNumber()); }
  std::string Text(std::string_view column) const {
    const auto at = reader_.FindColumn(column);
    return at ? std::string(reader_[*at]) : std::string();
  }
  Money Amount(std::string_view column) {
    const auto amount = Money::Parse(Text(column));
    if (!amount.ok()) {
      findings_.Add(0, Line(), "column {}: \"{}\" is not an amount", column, Text(column));
      return {};
    }
    return *amount;
  }
  Date Day(std::string_view column) {
    const auto date = ParseDate(Text(column));
    if (!date.ok()) {
      findings_.Add(0, Line(), "column {}: \"{}\" is not a date", column, Text(column));
      return {};
    }
    return *date;
  }

 private:
  CsvReader reader_;
  Findings& findings_;
};

void ReadControlTable(Table& table, ReadTables& tables) {
  tables.has_control = true;
  while (table.Next()) {
    ReadControl row;
    row.line = table.Line();
    row.key = table.Text("payment_number");
    row.method = table.Text("method");
    row.payee_kind = table.Text("payee_kind");
    row.payee = table.Text("payee");
    row.routing_number = table.Text("routing_number");
    row.account_ending = table.Text("account_ending");
    row.account_kind = table.Text("account_kind");
    row.disbursed = table.Amount("disbursed");
    row.date = table.Day("date");
    row.has_835 = table.Text("has_835") == "YES";
    row.ach_file = table.Text("ach_file");
    row.x12_file = table.Text("remittance_file");
    row.statement_file = table.Text("statement_file");
    tables.controls.push_back(std::move(row));
  }
}

void ReadStatementTable(Table& table, ReadTables& tables, Findings& findings) {
  const std::size_t first = tables.statements.size();
  while (table.Next()) {
    const std::string type = table.Text("row_type");
    if (type == "PAYMENT") {
      tables.statements.push_back({.file = findings.File(),
                                   .place = table.Line(),
                                   .key = table.Text("payment_number"),
                                   .payee = table.Text("payee"),
                                   .account_ending = table.Text("account_ending"),
                                   .date = table.Text("date"),
                                   .trace_number = table.Text("trace_number"),
                                   .paid = table.Amount("amount"),
                                   .lines = {}});
    } else if (type == "LINE") {
      if (tables.statements.size() == first ||
          tables.statements.back().key != table.Text("payment_number")) {
        findings.Add(42, table.Line(), "a line without its payment row");
        continue;
      }
      tables.statements.back().lines.push_back(
          {table.Text("reference"), table.Text("plb_code"), table.Amount("amount")});
    }
  }
  for (std::size_t i = first; i < tables.statements.size(); ++i) {
    const ReadStatement& statement = tables.statements[i];
    Money sum;
    for (const StatementLine& line : statement.lines) sum += line.amount;
    if (sum != statement.paid) {
      findings.Add(42, statement.place, "payment {}: lines add up to {} but {} was paid",
                   statement.key, sum, statement.paid);
    }
  }
}

void ReadRosterTable(Table& table, ReadTables& tables, Findings& findings) {
  while (table.Next()) {
    const Money paid = table.Amount("paid");
    if (table.Amount("earned") + table.Amount("withheld") + table.Amount("offsets") != paid) {
      findings.Add(42, table.Line(), "earned, withheld and offsets do not add up to {}", paid);
    }
    tables.rosters.push_back({.file = findings.File(),
                              .place = table.Line(),
                              .key = table.Text("payment_number"),
                              .payee = table.Text("payee"),
                              .account_ending = table.Text("account_ending"),
                              .date = table.Text("date"),
                              .trace_number = table.Text("trace_number"),
                              .paid = paid,
                              .lines_complete = false,
                              .lines = {}});
  }
}

ReportedFile& FileRow(ReadTables& tables, const Table& table) {
  const std::string name = table.Text("item");
  for (ReportedFile& file : tables.reported_files) {
    if (file.name == name) return file;
  }
  tables.reported_files.push_back({.line = table.Line(), .name = name});
  tables.reported_files.back().kind = table.Text("detail");
  return tables.reported_files.back();
}

void ReadReportTotal(Table& table, ReadTables& tables) {
  if (table.Text("detail") != "all") return;
  if (table.Text("item") == "disbursed") tables.reported_total = table.Amount("amount");
  if (table.Text("item") == "held") tables.reported_held = table.Amount("amount");
}

void ReadReportTable(Table& table, ReadTables& tables, Findings& findings) {
  tables.has_report = true;
  while (table.Next()) {
    const std::string section = table.Text("section");
    if (section == "PAYMENT") {
      tables.reported_payments.push_back({.file = findings.File(),
                                          .place = table.Line(),
                                          .key = table.Text("item"),
                                          .paid = table.Amount("amount"),
                                          .lines_complete = false,
                                          .lines = {}});
    } else if (section == "FILE") {
      FileRow(tables, table).amount = table.Amount("amount");
    } else if (section == "FILE_SHA256") {
      ReportedFile& file = FileRow(tables, table);
      file.size = AchNumber(table.Text("count"));
      file.sha256 = table.Text("text");
    } else if (section == "TOTAL") {
      ReadReportTotal(table, tables);
    } else if (section == "PROGRAM" && table.Text("detail") == "paid") {
      tables.reported_program_paid += table.Amount("amount");
    } else if (section == "PROGRAM" && table.Text("detail") == "held") {
      tables.reported_program_held += table.Amount("amount");
    } else if (section == "HELD") {
      tables.reported_held_lines += table.Amount("amount");
    }
  }
}

}  // namespace

std::vector<ReadStatement> ReadStatementPdf(std::string_view bytes, Findings& findings) {
  const auto pages = ReadPdfText(bytes);
  std::vector<ReadStatement> statements;
  if (!pages.ok()) {
    findings.Add(0, 0, "the PDF cannot be read back: {}", StatusMessage(pages.status()));
    return statements;
  }
  std::optional<PdfStatement> open;
  for (std::size_t i = 0; i < pages->size(); ++i) {
    const PdfPage& page = (*pages)[i];
    if (!page.texts.empty() && page.texts.front() == "Remittance statement") {
      if (open) statements.push_back(open->Finish());
      open.emplace(i + 1, findings);
    }
    if (!open) {
      findings.Add(42, i + 1, "the page belongs to no statement");
      continue;
    }
    open->AddPage(page, i + 1);
  }
  if (open) statements.push_back(open->Finish());
  return statements;
}

void ReadTable(const std::string& name, std::string_view bytes, ReadTables& tables,
               Findings& findings) {
  auto reader = CsvReader::FromText(std::string(bytes), name);
  if (!reader.ok()) {
    findings.Add(0, 0, "{}", StatusMessage(reader.status()));
    return;
  }
  Table table(std::move(*reader), findings);
  if (table.Has("disbursed") && table.Has("ach_file")) {
    ReadControlTable(table, tables);
  } else if (table.Has("row_type") && table.Has("payment_number")) {
    ReadStatementTable(table, tables, findings);
  } else if (table.Has("payment_number") && table.Has("earned")) {
    ReadRosterTable(table, tables, findings);
  } else if (table.Has("section") && table.Has("item")) {
    ReadReportTable(table, tables, findings);
  } else {
    while (table.Next()) {
    }
  }
}

}  // namespace sluice::payments
