#include "payments/inbound/ach_inbound.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/check.h"
#include "payments/inbound/return_codes.h"
#include "payments/remittance/ach_reader.h"

namespace sluice::payments {
namespace {

bool AllAre(std::string_view text, char c) {
  return !text.empty() && text.find_first_not_of(c) == text.npos;
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view Trimmed(std::string_view text) {
  text = AchText(text);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text;
}

std::optional<Date> SixDigitDate(std::string_view field) {
  if (!IsDigits(field)) return std::nullopt;
  const auto date = ParseDate("20" + std::string(field));
  if (!date.ok()) return std::nullopt;
  return *date;
}

bool IsDebitCode(std::string_view code) {
  return code[1] >= '6' || (code[0] == '5' && code[1] == '5');
}

// One file of a delivery: its items, and its findings as faults with a scope.
class FileReader {
 public:
  FileReader(const AchDocument& document, std::size_t line_offset, AchInboundFile& file)
      : document_(document), offset_(line_offset), file_(file) {}

  void Read(const Findings& findings) {
    if (document_.header.Exists()) {
      file_.origin = Trimmed(document_.header.Get(ach::kImmediateOrigin));
      file_.created = document_.header.Get(ach::kCreationDate);
    }
    all_returns_ = !document_.batches.empty();
    for (std::size_t i = 0; i < document_.batches.size(); ++i) {
      returns_.push_back(IsReturnBatch(document_.batches[i]));
      all_returns_ = all_returns_ && returns_.back();
    }
    file_.empty = IsEmpty();
    for (const Finding& finding : findings.All()) AddFault(finding);
    if (findings.IsCut()) {
      Stop(FaultScope::kFile, "too_many_faults", "a reader keeps a few hundred faults", 0,
           "the file has more faults than are written down");
    }
    if (document_.batches.empty() && !file_.empty) {
      Stop(FaultScope::kFile, "no_entries", "Nacha: a file holds batches", 0,
           "there is no batch in the file, and it does not say that it is empty");
    }
    for (std::size_t i = 0; i < document_.batches.size(); ++i) ReadBatch(i);
    SpreadFaults();
  }

 private:
  // Only a control of zeros says that nothing was meant to be there.
  bool IsEmpty() const {
    if (!document_.batches.empty() || !document_.entries.empty()) return false;
    if (!document_.header.Exists() || !document_.control.Exists()) return false;
    const AchRecord& control = document_.control;
    for (const ach::Field field : {ach::kFileBatchCount, ach::kFileEntryCount, ach::kFileHash,
                                   ach::kFileDebits, ach::kFileCredits}) {
      if (AchNumber(control.Get(field)).value_or(-1) != 0) return false;
    }
    return true;
  }

  bool IsReturnBatch(const AchBatchRecord& batch) const {
    for (std::size_t i = 0; i < batch.entry_count; ++i) {
      const AchEntryRecord& entry = document_.entries[batch.first_entry + i];
      if (!IsBankReject(entry.record) && ReturnAddenda(entry) == nullptr) return false;
    }
    return batch.entry_count > 0;
  }

  // The last 98 or 99 of an entry: a contested return repeats the two before it.
  const AchRecord* ReturnAddenda(const AchEntryRecord& entry) const {
    const AchRecord* last = nullptr;
    for (std::size_t k = 0; k < entry.addenda_count; ++k) {
      const AchRecord& addenda = document_.addenda[entry.first_addenda + k];
      const std::string_view type = addenda.Get(ach::kAddendaType);
      if (type == "98" || type == "99") last = &addenda;
    }
    return last;
  }

  std::size_t FirstLine(std::size_t batch) const {
    const AchBatchRecord& row = document_.batches[batch];
    return row.header.Exists() ? row.header.line : document_.entries[row.first_entry].record.line;
  }

  // The batch that holds a line; the number of batches when it is outside all of them.
  std::size_t BatchOf(std::size_t line) const {
    std::size_t found = document_.batches.size();
    for (std::size_t i = 0; i < document_.batches.size() && FirstLine(i) <= line; ++i) found = i;
    if (found == document_.batches.size()) return found;
    const AchBatchRecord& batch = document_.batches[found];
    const bool ended = batch.control.Exists() && line > batch.control.line;
    return ended ? document_.batches.size() : found;
  }

  void AddFault(const Finding& finding) {
    const std::size_t batch = BatchOf(finding.place);
    const bool inside = finding.place != 0 && batch < document_.batches.size();
    const bool returns = inside ? returns_[batch] : all_returns_;
    InboundFault fault = FaultOf(finding, returns);
    // A delivery without entries moves no money; whatever else is odd about it is a deviation.
    if (file_.empty) fault.scope = FaultScope::kDeviation;
    if (!inside && fault.scope >= FaultScope::kRecord) fault.scope = FaultScope::kFile;
    fault.record += finding.place == 0 ? 0 : offset_;
    if (fault.scope == FaultScope::kBatch) batch_stops_.push_back({batch, fault.message});
    if (fault.scope == FaultScope::kRecord) record_stops_.push_back({finding.place, fault.message});
    file_.faults.push_back(std::move(fault));
  }

  void Stop(FaultScope scope, std::string code, std::string rule, std::size_t record,
            std::string message) {
    file_.faults.push_back({.scope = scope,
                            .code = std::move(code),
                            .rule = std::move(rule),
                            .record = record,
                            .message = std::move(message),
                            .advice = "ask the bank for a corrected file; keep this one"});
  }

  void ReadBatch(std::size_t index) {
    const AchBatchRecord& batch = document_.batches[index];
    if (!batch.control.Exists() && !document_.control.Exists()) {
      const std::string message = "neither a batch control nor a file control vouches for it";
      Stop(FaultScope::kBatch, "no_control_totals", "format check 49: control totals recomputed",
           FirstLine(index) + offset_, message);
      batch_stops_.push_back({index, message});
    }
    for (std::size_t i = 0; i < batch.entry_count; ++i) {
      ReadEntry(index, document_.entries[batch.first_entry + i]);
    }
  }

  void ReadEntry(std::size_t index, const AchEntryRecord& entry) {
    const AchBatchRecord& batch = document_.batches[index];
    const AchRecord& record = entry.record;
    AchItem item;
    item.record = record.line + offset_;
    item.batch = index + 1;
    item.amount = Money::FromCents(AchNumber(record.Get(ach::kAmount)).value_or(0));
    item.identification = MaskedUnlessKey(Trimmed(record.Get(ach::kIdentification)));
    item.debit = IsDebitCode(record.Get(ach::kTransactionCode));
    item.entry_trace = Trimmed(record.Get(ach::kTraceNumber));
    if (batch.header.Exists()) item.company_id = batch.header.Get(ach::kCompanyId);
    if (IsBankReject(record)) {
      item.kind = AchItemKind::kReject;
      item.code = record.Get(ach::kTraceNumber).substr(4, 4);
      // The bank kept our sequence and put its code where the ODFI was.
      item.original_trace =
          std::string(8, ' ') + std::string(record.Get(ach::kTraceNumber).substr(8));
      item.original_rdfi = record.Get(ach::kRdfi);
    } else if (const AchRecord* addenda = ReturnAddenda(entry); addenda != nullptr) {
      ReadReturn(*addenda, item);
    }
    last_line_[record.line] = record.line + entry.addenda_count;
    file_.items.push_back(std::move(item));
  }

  static void ReadReturn(const AchRecord& addenda, AchItem& item) {
    item.code = addenda.Get(ach::kReturnCode);
    item.original_trace = addenda.Get(ach::kOriginalTrace);
    item.original_rdfi = addenda.Get(ach::kOriginalRdfi);
    const bool change = addenda.Get(ach::kAddendaType) == "98";
    const ReturnCodeRule* rule = FindReturnCode(item.code);
    const ChangeCodeRule* changed = FindChangeCode(item.code);
    item.known_code = change ? changed != nullptr : rule != nullptr;
    if (change) {
      item.kind = changed != nullptr && changed->refusal ? AchItemKind::kChangeRefused
                                                         : AchItemKind::kChange;
      item.corrected = SecretString(std::string(addenda.Get(ach::kCorrectedData)));
      return;
    }
    item.kind = rule == nullptr ? AchItemKind::kReturn : rule->kind;
    if (item.kind == AchItemKind::kReturn) {
      item.information = MaskDigits(Trimmed(addenda.Get(ach::kReturnInformation)));
      item.death = SixDigitDate(addenda.Get(ach::kDateOfDeath));
    } else {
      item.disputed_trace = Trimmed(addenda.Get(ach::kDisputedReturnTrace));
    }
  }

  // Ours are 13 letters and digits; somebody else's field may hold anything.
  static std::string MaskedUnlessKey(std::string_view text) {
    const bool key = text.size() == 13 && std::ranges::all_of(text, [](char c) {
                       return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                     });
    return key ? std::string(text) : MaskDigits(text);
  }

  void SpreadFaults() {
    std::string file_reason;
    for (const InboundFault& fault : file_.faults) {
      if (fault.scope == FaultScope::kFile && file_reason.empty()) file_reason = fault.message;
    }
    for (AchItem& item : file_.items) {
      const std::size_t line = item.record - offset_;
      for (const auto& [at, message] : record_stops_) {
        if (at >= line && at <= last_line_[line]) Raise(item, FaultScope::kRecord, message);
      }
      for (const auto& [batch, message] : batch_stops_) {
        if (batch + 1 == item.batch) Raise(item, FaultScope::kBatch, message);
      }
      if (!file_reason.empty()) Raise(item, FaultScope::kFile, file_reason);
    }
  }

  static void Raise(AchItem& item, FaultScope scope, const std::string& reason) {
    if (scope <= item.stopped) return;
    item.stopped = scope;
    item.stop_reason = reason;
  }

  struct LineStop {
    std::size_t line;
    std::string message;
  };
  struct BatchStop {
    std::size_t batch;
    std::string message;
  };

  const AchDocument& document_;
  std::size_t offset_;
  AchInboundFile& file_;
  std::vector<bool> returns_;
  bool all_returns_ = false;
  std::vector<BatchStop> batch_stops_;
  std::vector<LineStop> record_stops_;
  std::map<std::size_t, std::size_t> last_line_;  // of each entry with its addenda
};

bool StartsFile(std::string_view record) { return record.starts_with("101"); }

}  // namespace

std::string_view AchItemKindName(AchItemKind kind) {
  constexpr std::array<std::string_view, 8> kNames = {"",
                                                      "return",
                                                      "notice of change",
                                                      "dishonored return",
                                                      "contested return",
                                                      "refused NOC",
                                                      "bank reject",
                                                      "entry"};
  const auto index = static_cast<std::size_t>(kind);
  CHECK(index > 0 && index < kNames.size());
  return kNames[index];
}

std::string MaskDigits(std::string_view text) {
  std::string masked;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    // Hyphens and single blanks do not hide a number.
    std::size_t digits = 0;
    for (; end < text.size(); ++end) {
      const char c = text[end];
      if (c >= '0' && c <= '9') {
        ++digits;
      } else if (digits == 0 || (c != '-' && c != ' ') || end + 1 == text.size() ||
                 text[end + 1] < '0' || text[end + 1] > '9') {
        break;
      }
    }
    if (digits > 5) {
      masked += "*" + std::string(text.substr(end - 4, 4));
      i = end;
    } else if (end > i) {
      masked += text.substr(i, end - i);
      i = end;
    } else {
      const char c = text[i++];
      masked += c >= ' ' && c <= '~' ? c : '?';
    }
  }
  return masked;
}

std::vector<AchPart> SplitAchDelivery(std::string_view bytes) {
  std::vector<AchPart> parts;
  std::size_t start = 0, start_line = 1, line = 0;
  bool closed = false;  // a file control was seen
  const bool stream = std::min(bytes.find('\n'), bytes.size()) >= 2 * ach::kRecordLength;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t end =
        stream ? std::min(at + ach::kRecordLength, bytes.size()) : bytes.find('\n', at);
    if (end == bytes.npos) end = bytes.size();
    const std::string_view record = bytes.substr(at, end - at);
    ++line;
    if (closed && StartsFile(record)) {
      parts.push_back({bytes.substr(start, at - start), start_line});
      start = at;
      start_line = line;
      closed = false;
    } else if (record.starts_with('9') && !AllAre(AchText(record), '9')) {
      closed = true;
    }
    at = stream ? end : end + 1;
  }
  parts.push_back({bytes.substr(start), start_line});
  return parts;
}

std::vector<AchInboundFile> ReadInboundAch(std::string_view name, std::string_view bytes) {
  std::vector<AchInboundFile> files;
  for (const AchPart& part : SplitAchDelivery(bytes)) {
    AchInboundFile file{.first_line = part.line};
    Findings findings{std::string(name)};
    const AchDocument document = ReadAch(part.bytes, findings);
    CheckAchContent(document, findings);
    FileReader(document, part.line - 1, file).Read(findings);
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace sluice::payments
