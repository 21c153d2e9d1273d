// The two files that describe a cycle beside the payments themselves.
//
// cycle_control.csv is what the LEDGER says was disbursed, one row per payment: verify_files.h ties
// every other file to it, to the cent. Fill it from ledger transfers and stored rows, never from
// the structs that the file writers were given, or the check proves nothing.
// cycle_report.csv is what a finance person reads: programs, payees, held lines, ledger totals. It
// is also the manifest of the directory: each file with its size and SHA-256, the control file
// included, and as its last row the SHA-256 of all rows above it. So a byte of any file that
// changes after the release is found. (A seal against accidents and careless hands: who rewrites
// the report with its seal has to be stopped by the rights on the directory.)
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

inline constexpr std::string_view kCycleControlName = "cycle_control.csv";
inline constexpr std::string_view kCycleReportName = "cycle_report.csv";

struct CycleControlRow {
  std::string payment_key;
  PaymentMethod method = PaymentMethod::kAch;
  PayeeKind kind = PayeeKind::kOrganization;
  std::string payee_name;      // as approved
  std::string routing_number;  // of the approved account; empty for kNone
  std::string account_last_four;
  AccountKind account_kind = AccountKind::kChecking;
  Money disbursed;  // the ledger's DISBURSE amount
  Date effective_date;
  bool has_835 = false;
  std::string ach_file;  // file names in the same directory; empty where there is none
  std::string x12_file;
  std::string statement_file;  // the PDF
};

// Rows in the order given.
std::string WriteCycleControlCsv(std::span<const CycleControlRow> rows);

// A run of a program. What it recognizes is what payees are owed by it: awards, and the differences
// of restated ones. recognized + carried - withheld - offsets - taxes = paid + held.
struct CycleReportProgram {
  std::string name;
  std::int64_t contracts = 0;
  Money earned, withheld, released, losses, offsets, taxes, paid;
  Money recognized;      // of this run
  Money carried;         // recognized by an earlier run and not paid then
  Money owed_by_payees;  // taken back by this run: receivables that later payments are offset with
  std::int64_t payees = 0;
  std::int64_t held = 0;
  Money held_amount;
};

struct CycleReportHeld {
  std::string program, payee, reason_code, reason;
  Money amount;
};

struct CycleReportAccount {  // a ledger account and its balance after the release
  std::string book, account;
  Money balance;
};

struct CycleReportFile {
  std::string name, kind;  // kind: ACH, 835, PDF, CSV
  std::int64_t entries = 0;
  Money amount;
  std::int64_t bytes = 0;
  std::string sha256;  // lower-case hex
};

struct CycleReport {
  std::string payer, cycle, run;
  Date business_date;
  std::vector<CycleReportProgram> programs;
  std::vector<CycleControlRow> payments;
  std::vector<CycleReportHeld> held;
  std::vector<CycleReportAccount> accounts;
  std::vector<CycleReportFile> files;
};

// Rows "section,item,detail,count,amount,text": CYCLE, PROGRAM, PAYMENT, HELD, LEDGER, FILE,
// FILE_SHA256, TOTAL, SEAL. The report must list every file of the directory but itself.
std::string WriteCycleReportCsv(const CycleReport& report);

}  // namespace sluice::payments
