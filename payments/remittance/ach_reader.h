// Reads NACHA files from their bytes: our own before they leave, and what banks send back.
//
// Tolerant: trimmed or overlong lines, CRLF, a stream without line ends, missing padding and
// missing outer records are repaired as far as possible, and every repair is a finding. Shares
// nothing with the writer but the table of columns (ach_layout.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "payments/remittance/ach_layout.h"
#include "payments/remittance/finding.h"

namespace sluice::payments {

// One record of 94 characters; `text` points into the file's bytes or into a repaired copy.
struct AchRecord {
  std::string_view text;
  std::size_t line = 0;  // 0: there is no such record

  bool Exists() const { return line != 0; }
  std::string_view Get(ach::Field field) const {
    return text.substr(field.position - 1, field.length);
  }
};

// A 6 record and its 7 records, which are document.addenda[first_addenda, + addenda_count).
struct AchEntryRecord {
  AchRecord record;
  std::size_t first_addenda = 0;
  std::size_t addenda_count = 0;
};

// A batch and its entries, document.entries[first_entry, + entry_count).
struct AchBatchRecord {
  AchRecord header;   // may not exist
  AchRecord control;  // may not exist
  std::size_t first_entry = 0;
  std::size_t entry_count = 0;
};

struct AchDocument {
  AchRecord header;   // may not exist
  AchRecord control;  // may not exist
  std::vector<AchBatchRecord> batches;
  std::vector<AchEntryRecord> entries;
  std::vector<AchRecord> addenda;
  std::size_t lines = 0;                 // all lines, padding included, trailing blank lines not
  std::size_t padding = 0;               // lines of nines after the file control
  std::size_t line_ends[3] = {0, 0, 0};  // LF, CRLF, none
  std::deque<std::string> repaired;      // owns the text of repaired records
};

// The records of the file. Findings of checks 1 to 5 go to `findings`. `bytes` must outlive the
// document.
AchDocument ReadAch(std::string_view bytes, Findings& findings);

// The checks that hold for any NACHA file, whoever made it: 6, 9 to 11, 13 to 26 as far as they
// need no bank profile, and the codes and traces of returns and notices of change (48). A stream
// without line ends is a deviation unless the bank wants it (`stream_expected`).
void CheckAchContent(const AchDocument& document, Findings& findings, bool stream_expected = false);

// What an inbound reader decides: true when no finding is worse than tolerable.
bool IsAcceptable(const Findings& findings);

// Whether a bank sent one of our own entries back with its reject code in the place of the trace
// number ("REJ0", four digits of the code, seven of our trace): not a NACHA return.
bool IsBankReject(const AchRecord& entry);

// The number in a field of digits; nothing when it holds anything else.
std::optional<std::int64_t> AchNumber(std::string_view field);
// The text without trailing blanks.
std::string_view AchText(std::string_view field);

}  // namespace sluice::payments
