// Builds NACHA files record by record for tests: totals are right unless a test breaks them.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::payments::testing {

// `text` cut or filled with blanks to `width`.
inline std::string Fill(std::string_view text, std::size_t width) {
  std::string field(text.substr(0, width));
  field.resize(width, ' ');
  return field;
}

// The nine digits of an RDFI with its check digit.
inline std::string WithCheckDigit(const std::string& eight) {
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i)
    sum += (eight[i] - '0') * (i % 3 == 0 ? 3 : i % 3 == 1 ? 7 : 1);
  return eight + static_cast<char>('0' + (10 - sum % 10) % 10);
}

struct SampleEntry {
  std::string code = "21";
  std::string rdfi = "09100001";  // of the 6 record: in a return, our own bank
  std::int64_t cents = 0;
  std::string identification = "PAYMENTKEY001";
  std::string name = "RIVERSIDE ACO LLC";
  std::string trace = "111111110000001";
  std::vector<std::string> addenda;  // whole records
  std::string account = "998877665";
};

struct SampleReturn {
  std::string reason = "R03";
  std::string original_trace = "091000010000001";
  std::string original_rdfi = "11111111";
  std::int64_t cents = 147'500;
  std::string trace = "111111110000001";
  std::string information;
  std::string death;
  std::string identification = "PAYMENTKEY001";
  std::string code = "21";
};

inline SampleEntry Returned(const SampleReturn& row) {
  SampleEntry entry{.code = row.code,
                    .cents = row.cents,
                    .identification = row.identification,
                    .trace = row.trace};
  entry.addenda = {"799" + Fill(row.reason, 3) + Fill(row.original_trace, 15) + Fill(row.death, 6) +
                   Fill(row.original_rdfi, 8) + Fill(row.information, 44) + Fill(row.trace, 15)};
  return entry;
}

inline SampleEntry Changed(const std::string& code, const std::string& original_trace,
                           const std::string& original_rdfi, const std::string& corrected,
                           const std::string& trace = "111111110000009") {
  SampleEntry entry{.code = "21", .cents = 0, .trace = trace};
  entry.addenda = {"798" + code + Fill(original_trace, 15) + Fill("", 6) + Fill(original_rdfi, 8) +
                   Fill(corrected, 29) + Fill("", 15) + Fill(trace, 15)};
  return entry;
}

struct SampleBatch {
  std::string service = "200";
  std::string company_id = "1123456789";
  std::string sec = "CCD";
  std::string odfi = "11111111";
  std::int64_t number = 1;
  std::vector<SampleEntry> entries;
};

struct SampleFile {
  std::vector<SampleBatch> batches;
  std::string end = "\n";
  bool header = true;
  bool control = true;
  bool batch_controls = true;
  bool padding = true;
  char modifier = 'A';
};

inline std::string Write(const SampleFile& file) {
  std::vector<std::string> lines;
  if (file.header) {
    lines.push_back(Fill("101 0910000191123456789261006" + std::string("0830") + file.modifier +
                             "094101" + Fill("EXAMPLE HEALTH PLAN", 23) + Fill("FIRST BANK", 23),
                         94));
  }
  std::int64_t records = 0, hash = 0, debits = 0, credits = 0;
  for (const SampleBatch& batch : file.batches) {
    lines.push_back(Fill("5" + batch.service + Fill("EXAMPLE HLTHPLAN", 16) + Fill("", 20) +
                             Fill(batch.company_id, 10) + Fill(batch.sec, 3) +
                             Fill("HCCLAIMPMT", 10) + Fill("261001", 6) + "261005" + "278" + "1" +
                             batch.odfi + fmt::format("{:07}", batch.number),
                         94));
    std::int64_t in_batch = 0, batch_hash = 0, batch_debits = 0, batch_credits = 0;
    for (const SampleEntry& entry : batch.entries) {
      lines.push_back("6" + entry.code + WithCheckDigit(entry.rdfi) + Fill(entry.account, 17) +
                      fmt::format("{:010}", entry.cents) + Fill(entry.identification, 15) +
                      Fill(entry.name, 22) + "  " + (entry.addenda.empty() ? "0" : "1") +
                      Fill(entry.trace, 15));
      for (const std::string& addenda : entry.addenda) lines.push_back(Fill(addenda, 94));
      in_batch += 1 + static_cast<std::int64_t>(entry.addenda.size());
      batch_hash += std::stoll(entry.rdfi);
      (entry.code[1] >= '6' ? batch_debits : batch_credits) += entry.cents;
    }
    if (file.batch_controls) {
      lines.push_back("8" + batch.service +
                      fmt::format("{:06}{:010}{:012}{:012}", in_batch, batch_hash % 10'000'000'000,
                                  batch_debits, batch_credits) +
                      Fill(batch.company_id, 10) + Fill("", 25) + batch.odfi +
                      fmt::format("{:07}", batch.number));
    }
    records += in_batch;
    hash += batch_hash;
    debits += batch_debits;
    credits += batch_credits;
  }
  if (file.control) {
    lines.push_back(Fill(
        fmt::format("9{:06}{:06}{:08}{:010}{:012}{:012}", file.batches.size(),
                    (lines.size() + 1 + 9) / 10, records, hash % 10'000'000'000, debits, credits),
        94));
  }
  while (file.padding && lines.size() % 10 != 0) lines.push_back(std::string(94, '9'));
  std::string bytes;
  for (const std::string& line : lines) bytes += line + file.end;
  return bytes;
}

}  // namespace sluice::payments::testing
