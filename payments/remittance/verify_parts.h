// The parts of verify_files: what the readers take out of each kind of file, and the checks that
// compare them. Internal to the verifier.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "payments/remittance/ach_reader.h"
#include "payments/remittance/bank_profile.h"
#include "payments/remittance/finding.h"
#include "payments/remittance/remittance_835_reader.h"

namespace sluice::payments {

// An entry of one of our ACH files with the facts of its batch. Views point into the file's bytes.
struct VerifiedEntry {
  std::string_view file;
  std::size_t line = 0;
  std::string_view key;  // identification number
  std::string_view name;
  std::string_view routing_number;
  std::string_view account;
  std::string_view code;
  std::string_view trace;
  std::string_view sec;
  std::string_view description;
  std::string_view company_id;
  std::string_view effective_date;  // YYMMDD
  std::string_view trn;             // addenda text; empty without addenda
  Money amount;
  bool offset = false;  // the balancing debit of a batch
};

// The release checks of one ACH file: what our own files must obey beyond the rules for all (1, 2,
// 7 to 20, 24, 26, 27), with the profile where one is given.
std::vector<VerifiedEntry> CheckAchRelease(const AchDocument& document,
                                           const std::optional<BankProfile>& profile,
                                           Findings& findings);

struct StatementLine {
  std::string reference;
  std::string plb_code;  // CSV only
  Money amount;
};

// A payment as a statement shows it, PDF or CSV.
struct ReadStatement {
  std::string file;
  std::size_t place = 0;
  std::string key;
  std::string payee;
  std::string account_ending;
  std::string date;          // as printed
  std::string trace_number;  // of the deposit; empty where it shows none
  Money paid;
  bool lines_complete = true;  // false for the roster, which shows no lines
  std::vector<StatementLine> lines;
};

// The statements of a PDF, from its text. Findings 42 for sums, page numbers and missing parts.
std::vector<ReadStatement> ReadStatementPdf(std::string_view bytes, Findings& findings);

// One row of cycle_control.csv: what the ledger says.
struct ReadControl {
  std::size_t line = 0;
  std::string key, payee, routing_number, account_ending, account_kind;
  std::string method, payee_kind, ach_file, x12_file, statement_file;
  Money disbursed;
  Date date{};
  bool has_835 = false;
};

// A file that the cycle report lists.
struct ReportedFile {
  std::size_t line = 0;
  std::string name, kind;
  std::optional<Money> amount;       // row FILE
  std::optional<std::int64_t> size;  // row FILE_SHA256
  std::string sha256;
};

// What the CSV files of a directory say.
struct ReadTables {
  bool has_control = false;
  bool has_report = false;
  std::vector<ReadControl> controls;
  std::vector<ReadStatement> statements;  // from statement CSVs
  std::vector<ReadStatement> rosters;
  std::vector<ReportedFile> reported_files;
  std::vector<ReadStatement> reported_payments;  // key and paid only
  std::optional<Money> reported_total;
  // What the report's other rows add up to: paid and held by program, and the held lines.
  Money reported_program_paid, reported_program_held, reported_held_lines;
  std::optional<Money> reported_held;  // row TOTAL,held,all
};

// Reads one CSV, told by its header; a CSV of another kind only has to be well formed.
void ReadTable(const std::string& name, std::string_view bytes, ReadTables& tables,
               Findings& findings);

struct VerifiedRemittance {
  std::string_view file;
  Remittance remittance;
};

struct VerifiedFile {
  std::string name;
  std::string bytes;
};

// Everything that was read from a directory.
struct VerifiedDirectory {
  std::vector<VerifiedFile> files;
  std::vector<VerifiedEntry> entries;
  std::vector<VerifiedRemittance> remittances;
  std::vector<ReadStatement> pdf_statements;
  ReadTables tables;
};

// Checks 27, 28, 41 to 47 and the statements against the ledger's control file, with CheckReport.
std::vector<Finding> CheckAcross(const VerifiedDirectory& directory);

// The cycle report: its seal, the size and SHA-256 of every file of the directory, and its amounts
// against the files and the ledger (27, 28, 47). No byte of any file may change unseen: the report
// names the hash of each file, and its last row the hash of its own rows.
std::vector<Finding> CheckReport(const VerifiedDirectory& directory);

}  // namespace sluice::payments
