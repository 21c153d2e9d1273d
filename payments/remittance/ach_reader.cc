#include "payments/remittance/ach_reader.h"

#include <algorithm>

namespace sluice::payments {
namespace {

constexpr std::size_t kLength = ach::kRecordLength;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }
bool AllAre(std::string_view text, char c) { return text.find_first_not_of(c) == text.npos; }

enum LineEndKind : std::size_t { kLf = 0, kCrLf = 1, kNone = 2 };

// Cuts the bytes into records of 94 characters, repairing what can be repaired.
class LineReader {
 public:
  LineReader(AchDocument& document, Findings& findings)
      : document_(document), findings_(findings) {}

  std::vector<AchRecord> Read(std::string_view bytes) {
    if (bytes.starts_with(kByteOrderMark)) {
      findings_.Add(1, 1, "the file starts with a byte order mark");
      bytes.remove_prefix(kByteOrderMark.size());
    }
    records_.reserve(bytes.size() / (kLength + 1) + 1);
    // Without a line end in the first two records this is a stream of records.
    if (std::min(bytes.find('\n'), bytes.size()) >= 2 * kLength) {
      while (bytes.ends_with('\n') || bytes.ends_with('\r')) bytes.remove_suffix(1);
      Stream(bytes);
    } else {
      Lines(bytes);
    }
    const auto& ends = document_.line_ends;
    if ((ends[kLf] > 0) + (ends[kCrLf] > 0) > 1) {
      findings_.AddTolerable(1, 0, "line ends are mixed: {} LF, {} CRLF", ends[kLf], ends[kCrLf]);
    }
    return std::move(records_);
  }

 private:
  void Lines(std::string_view bytes) {
    std::size_t blank = 0;  // blank lines not yet known to be at the end
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      std::string_view line = bytes.substr(0, end);
      bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
      LineEndKind kind = end == bytes.npos ? kNone : kLf;
      if (line.ends_with('\r')) {
        line.remove_suffix(1);
        kind = kCrLf;
      }
      ++number_;
      if (AllAre(line, ' ')) {
        findings_.AddTolerable(1, number_, "the line is blank");
        ++blank;
        continue;
      }
      document_.lines += blank + 1;
      blank = 0;
      ++document_.line_ends[kind];
      Add(line);
    }
    if (blank > 0) {
      findings_.AddTolerable(5, number_, "{} blank lines after the last block", blank);
    }
  }

  // A file without line ends: records of 94 bytes one after the other.
  void Stream(std::string_view bytes) {
    while (!bytes.empty()) {
      ++number_;
      ++document_.lines;
      ++document_.line_ends[kNone];
      Add(bytes.substr(0, kLength));
      bytes.remove_prefix(std::min(kLength, bytes.size()));
    }
  }

  void Add(std::string_view line) {
    const auto bad = std::ranges::find_if_not(line, IsPrintable);
    if (bad != line.end()) {
      findings_.At(static_cast<std::size_t>(bad - line.begin()) + 1)
          .Add(2, number_, "byte {:02X} at column {} is outside 20-7E",
               static_cast<unsigned char>(*bad), bad - line.begin() + 1);
    }
    if (line.size() < kLength) {
      findings_.AddTolerable(1, number_, "the record has {} bytes, not 94", line.size());
      std::string& copy = document_.repaired.emplace_back(line);
      copy.resize(kLength, ' ');
      line = copy;
    } else if (line.size() > kLength) {
      const bool blanks = AllAre(line.substr(kLength), ' ');
      if (blanks) {
        findings_.AddTolerable(1, number_, "the record has {} bytes, not 94", line.size());
      } else {
        findings_.Add(1, number_, "the record has {} bytes, not 94", line.size());
      }
      line = line.substr(0, kLength);
    }
    records_.push_back({line, number_});
  }

  AchDocument& document_;
  Findings& findings_;
  std::vector<AchRecord> records_;
  std::size_t number_ = 0;
};

// Puts records into the grammar 1 {5 {6 {7}} 8} 9 and padding.
class Grammar {
 public:
  Grammar(AchDocument& document, Findings& findings) : document_(document), findings_(findings) {}

  void Read(const std::vector<AchRecord>& records) {
    for (const AchRecord& record : records) {
      if (document_.control.Exists()) {
        AfterControl(record);
        continue;
      }
      switch (record.text[0]) {
        case '1':
          FileHeader(record);
          break;
        case '5':
          BatchHeader(record);
          break;
        case '6':
          Entry(record);
          break;
        case '7':
          Addenda(record);
          break;
        case '8':
          BatchControl(record);
          break;
        case '9':
          FileControl(record);
          break;
        default:
          findings_.Add(4, record.line, "unknown record type '{}'",
                        record.text[0] >= ' ' && record.text[0] <= '~' ? record.text[0] : '?');
      }
    }
    Finish();
  }

 private:
  void NoBatchControl(std::size_t line, const char* what) {
    findings_.Code("no_batch_control").Add(4, line, "{}", what);
  }

  void FileHeader(const AchRecord& record) {
    if (document_.header.Exists()) {
      findings_.Add(3, record.line, "a second file header");
      return;
    }
    if (started_) findings_.Add(3, record.line, "the file header is not the first record");
    document_.header = record;
    started_ = true;
  }

  AchBatchRecord& OpenBatch() {
    document_.batches.push_back({});
    document_.batches.back().first_entry = document_.entries.size();
    in_batch_ = true;
    started_ = true;
    return document_.batches.back();
  }

  void BatchHeader(const AchRecord& record) {
    if (!document_.header.Exists()) {
      findings_.Code("no_file_header").Add(3, record.line, "a batch header before the file header");
    }
    if (in_batch_) NoBatchControl(record.line, "the batch before has no batch control");
    OpenBatch().header = record;
  }

  void Entry(const AchRecord& record) {
    if (!in_batch_) {
      findings_.Code("no_batch_header").Add(4, record.line, "an entry outside a batch");
      OpenBatch();
    }
    document_.entries.push_back({record, document_.addenda.size(), 0});
    ++document_.batches.back().entry_count;
  }

  void Addenda(const AchRecord& record) {
    if (!in_batch_ || document_.batches.back().entry_count == 0) {
      findings_.Add(4, record.line, "an addenda record without an entry");
      return;
    }
    document_.addenda.push_back(record);
    ++document_.entries.back().addenda_count;
  }

  void BatchControl(const AchRecord& record) {
    if (!in_batch_) {
      findings_.Add(4, record.line, "a batch control without a batch");
      return;
    }
    AchBatchRecord& batch = document_.batches.back();
    batch.control = record;
    in_batch_ = false;
    if (batch.entry_count == 0) findings_.Add(4, record.line, "the batch has no entry");
  }

  void FileControl(const AchRecord& record) {
    if (in_batch_) {
      NoBatchControl(record.line, "the batch before has no batch control");
      in_batch_ = false;
    }
    started_ = true;
    if (AllAre(record.text, '9')) {
      findings_.Add(3, record.line, "padding before the file control");
      return;
    }
    document_.control = record;
  }

  void AfterControl(const AchRecord& record) {
    if (AllAre(record.text, '9')) {
      ++document_.padding;
      if (other_after_control_) findings_.Add(5, record.line, "padding after another record");
    } else if (AllAre(record.text, '0')) {
      findings_.AddTolerable(5, record.line, "padding with zeros instead of nines");
      ++document_.padding;
    } else {
      other_after_control_ = true;
      findings_.Add(3, record.line, "a record after the file control");
      findings_.Add(4, record.line, "record type '{}' out of order", record.text[0]);
    }
  }

  void Finish() {
    if (!document_.header.Exists()) {
      findings_.Code("no_file_header").Add(3, 1, "the file has no file header");
    }
    if (!document_.control.Exists()) {
      findings_.Code("no_file_control").Add(3, document_.lines, "the file has no file control");
      if (in_batch_) NoBatchControl(document_.lines, "the last batch has no batch control");
    }
    if (document_.lines % ach::kBlockingFactor != 0) {
      findings_.AddTolerable(5, 0, "{} lines are not a multiple of 10", document_.lines);
    }
    if (document_.padding >= ach::kBlockingFactor) {
      findings_.AddTolerable(5, 0, "{} padding lines; fewer than 10 are allowed",
                             document_.padding);
    }
  }

  AchDocument& document_;
  Findings& findings_;
  bool started_ = false;
  bool in_batch_ = false;
  bool other_after_control_ = false;
};

}  // namespace

AchDocument ReadAch(std::string_view bytes, Findings& findings) {
  AchDocument document;
  const std::vector<AchRecord> records = LineReader(document, findings).Read(bytes);
  Grammar(document, findings).Read(records);
  return document;
}

bool IsAcceptable(const Findings& findings) {
  return std::ranges::all_of(findings.All(), &Finding::tolerable);
}

bool IsBankReject(const AchRecord& entry) {
  return entry.Get(ach::kTraceNumber).starts_with("REJ");
}

std::optional<std::int64_t> AchNumber(std::string_view field) {
  std::int64_t value = 0;
  for (const char c : field) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return field.empty() ? std::nullopt : std::optional(value);
}

std::string_view AchText(std::string_view field) {
  const std::size_t last = field.find_last_not_of(' ');
  return last == field.npos ? std::string_view() : field.substr(0, last + 1);
}

}  // namespace sluice::payments
