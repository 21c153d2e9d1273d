#include "payments/inbound/fault.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr std::string_view kAskBank = "ask the bank for a corrected file; keep this one";
constexpr std::string_view kWatch = "nothing: written down so that the bank can be told";
constexpr std::string_view kByPerson = "a person reads the record and settles it with the bank";

struct CheckRule {
  int check;
  std::string_view code;
  std::string_view rule;
  FaultScope scope;         // of a forward batch
  FaultScope return_scope;  // of a batch of returns or notices of change
  std::string_view advice;
};

using enum FaultScope;

// FORMATS section 5 says what the operator rejects whole, by batch and by entry; section 7 what
// banks send all the same.
constexpr std::array kRules = {
    CheckRule{1, "record_length", "Nacha: records of 94 bytes", kBatch, kBatch, kAskBank},
    CheckRule{2, "invalid_character", "Nacha: bytes 20-7E", kBatch, kBatch, kAskBank},
    CheckRule{3, "file_structure", "Nacha: one 1 record first, one 9 record last", kFile, kFile,
              kAskBank},
    CheckRule{4, "record_sequence", "Nacha: 1 {5 {6 {7}} 8} 9", kBatch, kBatch, kAskBank},
    CheckRule{5, "padding", "Nacha: blocks of ten records, padded with nines", kFile, kDeviation,
              kWatch},
    CheckRule{6, "file_header_constant", "Nacha: record size 094, blocking 10, format 1", kFile,
              kFile, kAskBank},
    CheckRule{7, "sending_point", "Nacha: immediate destination and origin", kDeviation, kDeviation,
              kWatch},
    CheckRule{8, "creation_date", "Nacha: creation date and time", kFile, kFile, kAskBank},
    CheckRule{9, "service_class", "Nacha: service class 200, 220, 225", kBatch, kBatch, kAskBank},
    CheckRule{10, "company", "Nacha: company name, description and id are not blank", kBatch,
              kBatch, kAskBank},
    CheckRule{11, "code_combination", "Nacha: SEC and transaction codes", kBatch, kBatch, kAskBank},
    CheckRule{13, "effective_date", "Nacha: effective entry date", kDeviation, kDeviation, kWatch},
    CheckRule{14, "settlement_date", "Nacha: settlement date", kDeviation, kDeviation, kWatch},
    CheckRule{15, "batch_identity", "Nacha: ODFI and batch number, the same in 5 and 8", kBatch,
              kBatch, kAskBank},
    CheckRule{16, "routing_number", "Nacha R28: check digit of the RDFI", kRecord, kRecord,
              kByPerson},
    CheckRule{17, "account_number", "Nacha: the account is not blank", kRecord, kDeviation,
              kByPerson},
    CheckRule{18, "amount", "Nacha R19: amount", kRecord, kRecord, kByPerson},
    CheckRule{19, "receiver_name", "Nacha R26: name of the receiver", kRecord, kDeviation,
              kByPerson},
    CheckRule{21, "trace_number", "Nacha: traces ascend and begin with the batch's ODFI", kBatch,
              kBatch, kAskBank},
    CheckRule{22, "addenda", "Nacha R25: addenda indicator, type and count", kRecord, kRecord,
              kByPerson},
    CheckRule{23, "addenda_sequence", "Nacha R25: addenda sequence", kDeviation, kDeviation,
              kWatch},
    CheckRule{25, "batch_control_totals", "Nacha: batch control = entries; format check 49", kFile,
              kFile, kAskBank},
    CheckRule{26, "file_control_totals", "Nacha: file control = batches; format check 49", kFile,
              kFile, kAskBank},
    CheckRule{29, "x12_characters", "X12: ISA and delimiters", kFile, kFile, kAskBank},
    CheckRule{30, "x12_envelope", "X12: control numbers and counts", kFile, kFile, kAskBank},
    CheckRule{31, "x12_version", "X12: GS01 and GS08", kFile, kFile, kAskBank},
    CheckRule{35, "x12_date", "X12: dates and times", kFile, kFile, kAskBank},
    CheckRule{48, "return_code", "Nacha: return and change codes", kDeviation, kDeviation,
              kByPerson},
};

const CheckRule& RuleOfCheck(int check) {
  const auto found = std::ranges::find(kRules, check, &CheckRule::check);
  CHECK(found != kRules.end());
  return *found;
}

}  // namespace

std::string_view FaultScopeName(FaultScope scope) {
  constexpr std::array<std::string_view, 4> kNames = {"deviation", "record", "batch", "file"};
  const auto index = static_cast<std::size_t>(scope);
  CHECK(index < kNames.size());
  return kNames[index];
}

std::string InboundFault::ToString() const {
  std::string place = record == 0 ? "file" : fmt::format("record {}", record);
  if (position != 0) place += fmt::format(" position {}", position);
  const std::string effect = scope == FaultScope::kDeviation
                                 ? "accepted"
                                 : fmt::format("{} is not applied", FaultScopeName(scope));
  return fmt::format("{}: {}: {} [{}; rule: {}; what to do: {}]", place, code, message, effect,
                     rule, advice);
}

FaultScope WorstOf(const std::vector<InboundFault>& faults) {
  FaultScope worst = FaultScope::kDeviation;
  for (const InboundFault& fault : faults) worst = std::max(worst, fault.scope);
  return worst;
}

InboundFault FaultOf(const Finding& finding, bool returns) {
  const CheckRule& rule = RuleOfCheck(finding.check);
  InboundFault fault{.scope = returns ? rule.return_scope : rule.scope,
                     .code = std::string(rule.code),
                     .rule = std::string(rule.rule),
                     .record = finding.place,
                     .position = finding.column,
                     .message = finding.message,
                     .advice = std::string(rule.advice)};
  if (!finding.code.empty()) fault.code = finding.code;
  // Outer records and wrong counts of records: banks send returns without or with them (FORMATS 7).
  const bool outer = finding.code == "no_file_header" || finding.code == "no_file_control" ||
                     finding.code == "no_batch_control" || finding.code == "entry_count";
  if (finding.tolerable || (returns && outer)) {
    fault.scope = FaultScope::kDeviation;
  } else if (finding.code == "bank_reject") {
    fault.scope = FaultScope::kDeviation;
  } else if (finding.code == "amount_not_numeric") {
    fault.scope = FaultScope::kBatch;
  }
  if (fault.scope == FaultScope::kDeviation && finding.code != "unknown_code") {
    fault.advice = kWatch;
  }
  return fault;
}

}  // namespace sluice::payments
