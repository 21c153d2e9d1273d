// The layout of a bank's file of issued checks (positive pay), as data.
//
// There is no standard: each bank has its own. A layout is a TOML file:
//
//   name = "Fixed 100"
//   format = "fixed"            # or "delimited"
//   record_length = 100         # fixed: every record has this many characters
//   delimiter = ","             # delimited
//   quote = "when_needed"       # delimited: when_needed, always, never
//   line_end = "crlf"           # crlf, lf
//
//   [[detail]]                  # the fields of a check, in their order; [[header]] and
//   field = "serial"            # [[trailer]] likewise, where the bank wants such records
//   start = 16                  # fixed: where it begins, from 1; a gap is an error
//   width = 10                  # fixed: characters; delimited: the most it may have
//   justify = "right"           # left or right
//   pad = "0"
//
// field: literal (value = "..."), account, serial, issue_date, amount, payee, kind (of a check:
//   issue = "I", void = "V"), file_date, checks, issues, voids (how many), total, issue_total,
//   void_total (of amounts).
// A date says its format: "YYYYMMDD", "MMDDYY", "MM/DD/YYYY" ... ; an amount says "cents" (an
// implied decimal point) or "decimal".
//
// Rules: a number that does not fit is refused, never cut; a name is cut. A layout that could not
// be read back (a number padded on the right with a digit, a detail without serial, amount, date or
// kind) is refused when it is loaded.
// Source: FORMATS 10.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "core/status.h"

namespace sluice::payments {

enum class CheckFieldKind : std::uint8_t {
  kLiteral,
  kAccount,
  kSerial,
  kIssueDate,
  kAmount,
  kPayee,
  kIssueOrVoid,
  kFileDate,
  kChecks,
  kIssues,
  kVoids,
  kTotal,
  kIssueTotal,
  kVoidTotal,
};

struct CheckField {
  CheckFieldKind kind = CheckFieldKind::kLiteral;
  std::string name;       // as the layout has it, for messages
  std::size_t start = 1;  // fixed: from 1
  std::size_t width = 0;  // delimited: the most, 0 for no limit
  bool right = false;     // justified to the right
  char pad = ' ';
  std::string format;  // of a date, or "cents" or "decimal" of an amount
  std::string value;   // of a literal
  std::string issue_text, void_text;
};

enum class CheckQuoting : std::uint8_t { kWhenNeeded, kAlways, kNever };

struct CheckLayout {
  std::string name;
  bool fixed = true;
  std::size_t record_length = 0;  // fixed
  char delimiter = ',';
  CheckQuoting quoting = CheckQuoting::kWhenNeeded;
  std::string line_end = "\r\n";
  std::vector<CheckField> header, detail, trailer;  // header and trailer may be empty
};

// Faults are reported by Config::Finish() with their place in the file.
CheckLayout ReadCheckLayout(const ConfigSection& section);
// The layout of a file of its own. `name` is for the messages.
StatusOr<CheckLayout> ParseCheckLayout(std::string_view text, const std::string& name);
StatusOr<CheckLayout> LoadCheckLayout(const std::string& path);

}  // namespace sluice::payments
