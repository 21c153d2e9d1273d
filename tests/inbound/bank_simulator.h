// A bank for tests: takes our released ACH file and makes of it what a bank sends back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "payments/remittance/ach_reader.h"
#include "tests/inbound/ach_sample.h"

namespace sluice::payments::testing {

// An entry of our file, as the bank that returns it sees it.
struct BankEntry {
  std::string trace, rdfi, odfi, company_id, identification, name, code, account, sec;
  std::int64_t cents = 0;
};

inline std::vector<BankEntry> EntriesOf(const std::string& ach) {
  Findings findings("released.ach");
  const AchDocument document = ReadAch(ach, findings);
  std::vector<BankEntry> entries;
  for (const AchBatchRecord& batch : document.batches) {
    for (std::size_t i = 0; i < batch.entry_count; ++i) {
      const AchRecord& record = document.entries[batch.first_entry + i].record;
      const auto text = [&](ach::Field field) { return std::string(record.Get(field)); };
      entries.push_back({.trace = text(ach::kTraceNumber),
                         .rdfi = text(ach::kRdfi),
                         .odfi = std::string(batch.header.Get(ach::kBatchOdfi)),
                         .company_id = std::string(batch.header.Get(ach::kCompanyId)),
                         .identification = text(ach::kIdentification),
                         .name = text(ach::kReceiverName),
                         .code = text(ach::kTransactionCode),
                         .account = std::string(AchText(record.Get(ach::kAccountNumber))),
                         .sec = std::string(batch.header.Get(ach::kSecCode)),
                         .cents = AchNumber(record.Get(ach::kAmount)).value_or(0)});
    }
  }
  return entries;
}

// What the receiving bank does with an entry.
struct BankAnswer {
  BankEntry entry;
  std::string code;            // R03, C01
  std::string corrected = {};  // of a notice of change
  std::string information = {};
};

// One batch per answer, as returning banks do: each bank has its own traces.
inline SampleFile AnswersOf(const std::vector<BankAnswer>& answers) {
  SampleFile file;
  for (const BankAnswer& answer : answers) {
    const bool change = answer.code[0] == 'C';
    const std::string trace =
        answer.entry.rdfi + fmt::format("{:07}", 100 + static_cast<int>(file.batches.size()));
    SampleEntry entry = change ? Changed(answer.code, answer.entry.trace, answer.entry.rdfi,
                                         answer.corrected, trace)
                               : Returned({.reason = answer.code,
                                           .original_trace = answer.entry.trace,
                                           .original_rdfi = answer.entry.rdfi,
                                           .cents = answer.entry.cents,
                                           .trace = trace,
                                           .information = answer.information,
                                           .identification = answer.entry.identification});
    entry.rdfi = answer.entry.odfi;
    entry.identification = answer.entry.identification;
    entry.name = answer.entry.name;
    entry.account = answer.entry.account;
    // Of a credit 21 and 31, of a debit 26 and 36.
    entry.code = std::string(1, answer.entry.code[0]) + (answer.entry.code[1] == '7' ? "6" : "1");
    SampleBatch batch{.company_id = answer.entry.company_id,
                      .sec = change ? "COR" : answer.entry.sec,
                      .odfi = answer.entry.rdfi,
                      .number = static_cast<std::int64_t>(file.batches.size()) + 1,
                      .entries = {entry}};
    file.batches.push_back(std::move(batch));
  }
  return file;
}

}  // namespace sluice::payments::testing
