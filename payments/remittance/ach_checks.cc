// The checks that hold for any NACHA file (FORMATS sections 1, 2, 5 and 11).
#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/date.h"
#include "payments/remittance/ach_reader.h"

namespace sluice::payments {
namespace {

constexpr std::int64_t kHashModulus = 10'000'000'000;

constexpr std::array<std::string_view, 22> kSecCodes = {
    "ACK", "ADV", "ARC", "ATX", "BOC", "CCD", "CIE", "COR", "CTX", "DNE", "ENR",
    "IAT", "MTE", "POP", "POS", "PPD", "RCK", "SHR", "TEL", "TRC", "WEB", "XCK"};

bool IsBlankOrZero(std::string_view text) { return text.find_first_not_of(" 0") == text.npos; }

// The check digit rule, written on its own: 3 7 1 over all nine digits gives a multiple of ten.
bool PassesCheckDigit(std::string_view nine) {
  int sum = 0;
  for (std::size_t i = 0; i < nine.size(); ++i) {
    if (nine[i] < '0' || nine[i] > '9') return false;
    sum += (nine[i] - '0') * (i % 3 == 0 ? 3 : i % 3 == 1 ? 7 : 1);
  }
  return nine.size() == 9 && sum % 10 == 0;
}

bool IsSixDigitDate(std::string_view field) {
  return AchNumber(field).has_value() && ParseDate("20" + std::string(field)).ok();
}

struct Totals {
  std::int64_t records = 0;  // 6 and 7
  std::int64_t hash = 0;
  std::int64_t debits = 0;
  std::int64_t credits = 0;
};

enum class Nature { kForward, kReturn, kChange };  // kChange: notice of change

// What a transaction code does: the second digit of FORMATS section 2.
struct CodeFacts {
  bool known = false;
  bool debit = false;
  bool zero_only = false;  // prenote and zero-dollar
  bool returned = false;   // returns and notices of change
};

CodeFacts FactsOf(std::string_view code) {
  if (code[0] < '2' || code[0] > '5' || code[1] < '1' || code[1] > '9') return {};
  if (code[0] == '5' && code[1] > '6') return {};
  CodeFacts facts{.known = true};
  const char kind = code[1];
  facts.returned = kind == '1' || kind == '6';
  facts.debit = kind >= '6' || (code[0] == '5' && kind == '5');
  facts.zero_only = kind == '3' || kind == '4' || kind == '8' || kind == '9';
  if (!facts.debit && kind == '5') facts.known = false;  // 25, 35, 45 do not exist
  return facts;
}

class Checker {
 public:
  Checker(const AchDocument& document, Findings& findings)
      : document_(document), findings_(findings) {}

  void Run() {
    if (document_.header.Exists()) CheckFileHeader(document_.header);
    Totals sum;
    std::int64_t last_number = 0;
    for (const AchBatchRecord& batch : document_.batches) {
      CheckBatch(batch, last_number, sum);
    }
    if (document_.control.Exists()) CheckFileControl(document_.control, sum);
    CheckTracesUnique();
  }

 private:
  void CheckFileHeader(const AchRecord& header) {
    const std::size_t line = header.line;
    Expect(6, header, "priority code", ach::kPriorityCode, "01");
    Expect(6, header, "record size", ach::kRecordSize, "094");
    Expect(6, header, "blocking factor", ach::kBlocking, "10");
    Expect(6, header, "format code", ach::kFormatCode, "1");
    const char modifier = header.Get(ach::kFileIdModifier)[0];
    if (!((modifier >= 'A' && modifier <= 'Z') || (modifier >= '0' && modifier <= '9'))) {
      findings_.At(ach::kFileIdModifier.position)
          .Add(6, line, "file id modifier '{}' is not A-Z or 0-9", modifier);
    }
    std::string_view destination = header.Get(ach::kImmediateDestination);
    destination.remove_prefix(std::min(destination.find_first_not_of(' '), destination.size()));
    if (!PassesCheckDigit(AchText(destination))) {
      findings_.At(ach::kImmediateDestination.position)
          .Add(7, line, "immediate destination \"{}\" is not a routing number with its check digit",
               destination);
    }
    if (IsBlankOrZero(header.Get(ach::kImmediateOrigin))) {
      findings_.At(ach::kImmediateOrigin.position)
          .Add(7, line, "immediate origin is blank or zeros");
    }
    if (!IsSixDigitDate(header.Get(ach::kCreationDate))) {
      findings_.At(ach::kCreationDate.position)
          .Add(8, line, "creation date \"{}\" is not a date", header.Get(ach::kCreationDate));
    }
    const std::string_view time = header.Get(ach::kCreationTime);
    const auto number = AchNumber(time);
    if (AchText(time).empty()) return;  // optional; ours is always filled (release checks)
    if (!number || *number / 100 > 23 || *number % 100 > 59) {
      findings_.At(ach::kCreationTime.position)
          .Add(8, line, "creation time \"{}\" is not a time of day", time);
    }
  }

  void Expect(int check, const AchRecord& record, std::string_view name, ach::Field field,
              std::string_view expected) {
    if (record.Get(field) != expected) {
      findings_.At(field.position)
          .Add(check, record.line, "{} is \"{}\", must be \"{}\"", name, record.Get(field),
               expected);
    }
  }

  Nature NatureOf(const AchBatchRecord& batch) const {
    if (batch.header.Exists() && batch.header.Get(ach::kSecCode) == "COR") return Nature::kChange;
    for (std::size_t i = 0; i < batch.entry_count; ++i) {
      const AchEntryRecord& entry = document_.entries[batch.first_entry + i];
      for (std::size_t k = 0; k < entry.addenda_count; ++k) {
        const AchRecord& addenda = document_.addenda[entry.first_addenda + k];
        if (addenda.Get(ach::kAddendaType) == "99") return Nature::kReturn;
        if (addenda.Get(ach::kAddendaType) == "98") return Nature::kChange;
      }
    }
    return Nature::kForward;
  }

  void CheckBatchHeader(const AchBatchRecord& batch, Nature nature) {
    const AchRecord& header = batch.header;
    const std::size_t line = header.line;
    const std::string_view service = header.Get(ach::kServiceClass);
    if (service != "200" && service != "220" && service != "225" && service != "280") {
      findings_.At(ach::kServiceClass.position)
          .Add(9, line, "service class \"{}\" is not 200, 220 or 225", service);
    }
    if (IsBlankOrZero(header.Get(ach::kCompanyName))) {
      findings_.At(ach::kCompanyName.position).Add(10, line, "company name is blank or zeros");
    }
    if (IsBlankOrZero(header.Get(ach::kEntryDescription))) {
      findings_.At(ach::kEntryDescription.position)
          .Add(10, line, "company entry description is blank or zeros");
    }
    if (IsBlankOrZero(header.Get(ach::kCompanyId))) {
      findings_.At(ach::kCompanyId.position)
          .Add(10, line, "company identification is blank or zeros");
    }
    const std::string_view sec = header.Get(ach::kSecCode);
    if (!std::ranges::binary_search(kSecCodes, sec)) {
      findings_.At(ach::kSecCode.position)
          .Add(11, line, "SEC code \"{}\" does not exist or is not in upper case", sec);
    }
    const std::string_view effective = header.Get(ach::kEffectiveDate);
    if (nature == Nature::kForward && !IsSixDigitDate(effective)) {
      findings_.At(ach::kEffectiveDate.position)
          .AddTolerable(13, line, "effective entry date \"{}\" is not a calendar date", effective);
    }
    if (nature == Nature::kForward && !AchText(header.Get(ach::kSettlementDate)).empty()) {
      findings_.At(ach::kSettlementDate.position)
          .AddTolerable(14, line, "settlement date \"{}\" must be blank",
                        header.Get(ach::kSettlementDate));
    }
    if (!AchNumber(header.Get(ach::kBatchOdfi))) {
      findings_.At(ach::kBatchOdfi.position)
          .Add(15, line, "ODFI \"{}\" is not 8 digits", header.Get(ach::kBatchOdfi));
    }
  }

  void CheckBatch(const AchBatchRecord& batch, std::int64_t& last_number, Totals& sum) {
    const Nature nature = NatureOf(batch);
    const bool headed = batch.header.Exists();
    if (headed) CheckBatchHeader(batch, nature);
    if (headed) {
      const auto number = AchNumber(batch.header.Get(ach::kBatchNumber));
      if (!number) {
        findings_.At(ach::kBatchNumber.position)
            .Add(15, batch.header.line, "batch number \"{}\" is not numeric",
                 batch.header.Get(ach::kBatchNumber));
      } else if (*number <= last_number && nature == Nature::kForward) {
        findings_.At(ach::kBatchNumber.position)
            .AddTolerable(15, batch.header.line, "batch number {} does not ascend", *number);
      }
      last_number = number.value_or(last_number);
    }
    Totals totals;
    std::int64_t last_trace = -1;
    bool forward = false;
    bool returned = false;
    for (std::size_t i = 0; i < batch.entry_count; ++i) {
      const AchEntryRecord& entry = document_.entries[batch.first_entry + i];
      CheckEntry(batch, nature, entry, totals, last_trace);
      (HasReturnAddenda(entry) ? returned : forward) = true;
    }
    if (forward && returned) {
      findings_.Add(4, batch.header.line, "forward entries and returns are mixed in the batch");
    }
    if (batch.control.Exists()) {
      CheckBatchControl(batch, totals);
    } else {
      const std::size_t line = batch.header.line;
      findings_.Code("no_batch_control")
          .Add(15, line, "no batch control repeats the ODFI and batch number");
      findings_.Code("no_batch_control")
          .Add(26, line, "no batch control: the file control cannot be the sum of batches");
    }
    sum.records += totals.records;
    sum.hash += totals.hash % kHashModulus;
    sum.debits += totals.debits;
    sum.credits += totals.credits;
  }

  bool HasReturnAddenda(const AchEntryRecord& entry) const {
    for (std::size_t k = 0; k < entry.addenda_count; ++k) {
      const std::string_view type =
          document_.addenda[entry.first_addenda + k].Get(ach::kAddendaType);
      if (type == "98" || type == "99") return true;
    }
    return false;
  }

  void CheckCode(const AchBatchRecord& batch, Nature nature, const AchRecord& record,
                 const CodeFacts& facts) {
    const std::string_view code = record.Get(ach::kTransactionCode);
    if (!facts.known) {
      findings_.At(ach::kTransactionCode.position)
          .Add(11, record.line, "transaction code \"{}\" does not exist", code);
      return;
    }
    if (nature == Nature::kForward && facts.returned) {
      findings_.At(ach::kTransactionCode.position)
          .Add(11, record.line, "transaction code {} is for returns and notices only", code);
    }
    if (nature == Nature::kChange && !facts.returned) {
      findings_.At(ach::kTransactionCode.position)
          .Add(11, record.line, "transaction code {} does not go with COR", code);
    }
    if (!batch.header.Exists()) return;
    const std::string_view service = batch.header.Get(ach::kServiceClass);
    if ((service == "220" && facts.debit) || (service == "225" && !facts.debit)) {
      findings_.At(ach::kTransactionCode.position)
          .Add(9, record.line, "transaction code {} in a batch of class {}", code, service);
    }
  }

  void CheckAmount(Nature nature, const AchRecord& record, const CodeFacts& facts, Totals& totals) {
    const auto amount = AchNumber(record.Get(ach::kAmount));
    if (!amount) {
      findings_.At(ach::kAmount.position)
          .Code("amount_not_numeric")
          .Add(18, record.line, "amount \"{}\" is not numeric", record.Get(ach::kAmount));
      return;
    }
    const bool must_be_zero = facts.zero_only || nature == Nature::kChange;
    if (nature != Nature::kReturn && facts.known && must_be_zero != (*amount == 0)) {
      findings_.At(ach::kAmount.position)
          .Add(18, record.line, "amount {} does not go with transaction code {}", *amount,
               record.Get(ach::kTransactionCode));
    }
    (facts.debit ? totals.debits : totals.credits) += *amount;
  }

  void CheckEntry(const AchBatchRecord& batch, Nature nature, const AchEntryRecord& entry,
                  Totals& totals, std::int64_t& last_trace) {
    const AchRecord& record = entry.record;
    totals.records += 1 + static_cast<std::int64_t>(entry.addenda_count);
    const CodeFacts facts = FactsOf(record.Get(ach::kTransactionCode));
    CheckCode(batch, nature, record, facts);
    CheckAmount(nature, record, facts, totals);

    const std::string_view routing = record.text.substr(ach::kRdfi.position - 1, 9);
    const auto rdfi = AchNumber(record.Get(ach::kRdfi));
    if (!rdfi) {
      findings_.At(ach::kRdfi.position)
          .Add(16, record.line, "RDFI \"{}\" is not 8 digits", record.Get(ach::kRdfi));
    } else {
      totals.hash += *rdfi;
      if (!PassesCheckDigit(routing)) {
        findings_.At(ach::kRdfi.position)
            .Add(16, record.line, "routing number {} fails its check digit", routing);
      }
    }
    if (IsBlankOrZero(record.Get(ach::kAccountNumber))) {
      findings_.At(ach::kAccountNumber.position)
          .Add(17, record.line, "account number is blank or zeros");
    }
    const bool ctx = batch.header.Exists() && (batch.header.Get(ach::kSecCode) == "CTX" ||
                                               batch.header.Get(ach::kSecCode) == "ATX");
    const std::string_view name = record.Get(ctx ? ach::kCtxReceiverName : ach::kReceiverName);
    if (IsBlankOrZero(name))
      findings_.At(ach::kReceiverName.position)
          .Add(19, record.line, "receiver name is blank or zeros");
    CheckTrace(batch, record, last_trace);
    CheckAddenda(batch, nature, entry, ctx);
  }

  void CheckTrace(const AchBatchRecord& batch, const AchRecord& record, std::int64_t& last_trace) {
    const std::string_view field = record.Get(ach::kTraceNumber);
    const auto trace = AchNumber(field);
    if (!trace) {
      findings_.At(ach::kTraceNumber.position)
          .Code(IsBankReject(record) ? "bank_reject" : "")
          .Add(21, record.line, "trace number \"{}\" is not numeric", field);
      return;
    }
    if (*trace <= last_trace) {
      findings_.At(ach::kTraceNumber.position)
          .AddTolerable(21, record.line, "trace number {} does not ascend", field);
    }
    last_trace = *trace;
    if (batch.header.Exists() && field.substr(0, 8) != batch.header.Get(ach::kBatchOdfi)) {
      findings_.At(ach::kTraceNumber.position)
          .Add(21, record.line, "trace number {} does not start with the batch's ODFI {}", field,
               batch.header.Get(ach::kBatchOdfi));
    }
  }

  void CheckAddenda(const AchBatchRecord& batch, Nature nature, const AchEntryRecord& entry,
                    bool ctx) {
    const AchRecord& record = entry.record;
    const std::string_view indicator = record.Get(ach::kAddendaIndicator);
    if (indicator != (entry.addenda_count > 0 ? "1" : "0")) {
      findings_.At(ach::kAddendaIndicator.position)
          .Add(22, record.line, "addenda indicator is '{}' but the entry has {} addenda", indicator,
               entry.addenda_count);
    }
    const std::string_view sec =
        batch.header.Exists() ? batch.header.Get(ach::kSecCode) : std::string_view();
    if (nature == Nature::kForward && (sec == "CCD" || sec == "PPD") && entry.addenda_count > 1) {
      findings_.Add(22, record.line, "{} addenda on a {} entry", entry.addenda_count, sec);
    }
    if (ctx && nature == Nature::kForward &&
        AchNumber(record.Get(ach::kCtxAddendaCount)).value_or(-1) !=
            static_cast<std::int64_t>(entry.addenda_count)) {
      findings_.At(ach::kCtxAddendaCount.position)
          .Add(22, record.line, "addenda count \"{}\" but the entry has {} addenda",
               record.Get(ach::kCtxAddendaCount), entry.addenda_count);
    }
    std::int64_t sequence = 0;
    for (std::size_t k = 0; k < entry.addenda_count; ++k) {
      const AchRecord& addenda = document_.addenda[entry.first_addenda + k];
      const std::string_view type = addenda.Get(ach::kAddendaType);
      if (type == "05") {
        CheckPaymentAddenda(record, addenda, ++sequence);
      } else if (type == "98" || type == "99") {
        CheckReturnAddenda(record, addenda, type == "98");
      } else if (sec != "POS" && sec != "SHR" && sec != "MTE" && sec != "IAT") {
        findings_.At(ach::kAddendaType.position)
            .Add(22, addenda.line, "addenda type \"{}\" is not 05", type);
      }
    }
  }

  void CheckPaymentAddenda(const AchRecord& entry, const AchRecord& addenda,
                           std::int64_t sequence) {
    const std::string_view field = addenda.Get(ach::kAddendaSequence);
    if (AchNumber(field).value_or(-1) != sequence) {
      findings_.At(ach::kAddendaSequence.position)
          .AddTolerable(23, addenda.line, "addenda sequence \"{}\" must be {:04}", field, sequence);
    }
    const std::string_view parent = addenda.Get(ach::kAddendaEntrySequence);
    if (parent != entry.Get(ach::kTraceNumber).substr(8)) {
      findings_.At(ach::kAddendaEntrySequence.position)
          .AddTolerable(23, addenda.line, "addenda names trace \"{}\" but its entry has {}", parent,
                        entry.Get(ach::kTraceNumber));
    }
  }

  void CheckReturnAddenda(const AchRecord& entry, const AchRecord& addenda, bool change) {
    const std::string_view code = addenda.Get(ach::kReturnCode);
    const auto number = AchNumber(code.substr(1));
    const bool known =
        number && (change ? code[0] == 'C' && ((*number >= 1 && *number <= 9) ||
                                               (*number >= 13 && *number <= 14) ||
                                               (*number >= 61 && *number <= 69))
                          : code[0] == 'R' && ((*number >= 1 && *number <= 53) ||
                                               (*number >= 61 && *number <= 62) ||
                                               (*number >= 67 && *number <= 77) ||
                                               (*number >= 80 && *number <= 85) || *number == 90));
    if (!known)
      findings_.At(ach::kReturnCode.position)
          .Code("unknown_code")
          .Add(48, addenda.line, "unknown code \"{}\": work item", code);
    // Dishonored returns (R61 and later) go out with a forward code.
    const std::string_view transaction = entry.Get(ach::kTransactionCode);
    if (known && !change && *number < 61 && !FactsOf(transaction).returned) {
      findings_.At(ach::kTransactionCode.position)
          .AddTolerable(48, entry.line, "return entry keeps the forward code {}", transaction);
    }
    if (!change && addenda.Get(ach::kReturnTrace) != entry.Get(ach::kTraceNumber)) {
      findings_.At(ach::kReturnTrace.position)
          .AddTolerable(48, addenda.line, "trace {} of the addenda is not the entry's {}",
                        addenda.Get(ach::kReturnTrace), entry.Get(ach::kTraceNumber));
    }
  }

  void CheckBatchControl(const AchBatchRecord& batch, const Totals& totals) {
    const AchRecord& control = batch.control;
    const std::size_t line = control.line;
    Recount(25, control, "entry/addenda count", ach::kControlEntryCount, totals.records);
    Recount(25, control, "entry hash", ach::kControlHash, totals.hash % kHashModulus);
    Recount(25, control, "total debits", ach::kControlDebits, totals.debits);
    Recount(25, control, "total credits", ach::kControlCredits, totals.credits);
    if (!batch.header.Exists()) return;
    const AchRecord& header = batch.header;
    Expect(9, control, "service class", ach::kServiceClass, header.Get(ach::kServiceClass));
    Expect(15, control, "ODFI", ach::kBatchOdfi, header.Get(ach::kBatchOdfi));
    Expect(15, control, "batch number", ach::kBatchNumber, header.Get(ach::kBatchNumber));
    if (control.Get(ach::kControlCompanyId) != header.Get(ach::kCompanyId)) {
      findings_.At(ach::kControlCompanyId.position)
          .AddTolerable(25, line, "company id \"{}\" is not the header's \"{}\"",
                        control.Get(ach::kControlCompanyId), header.Get(ach::kCompanyId));
    }
  }

  void Recount(int check, const AchRecord& record, std::string_view name, ach::Field field,
               std::int64_t counted) {
    if (AchNumber(record.Get(field)).value_or(-1) == counted) return;
    const bool is_count = field.position == ach::kControlEntryCount.position ||
                          field.position == ach::kFileEntryCount.position;
    findings_.At(field.position)
        .Code(is_count ? "entry_count" : "")
        .Add(check, record.line, "{} says \"{}\" but recounting gives {}", name, record.Get(field),
             counted);
  }

  void CheckFileControl(const AchRecord& control, const Totals& sum) {
    const std::size_t line = control.line;
    Recount(26, control, "batch count", ach::kFileBatchCount,
            static_cast<std::int64_t>(document_.batches.size()));
    constexpr std::size_t kBlock = ach::kBlockingFactor;
    const auto blocks = static_cast<std::int64_t>((document_.lines + kBlock - 1) / kBlock);
    const std::string_view block_count = control.Get(ach::kFileBlockCount);
    if (AchNumber(block_count).value_or(-1) != blocks) {
      findings_.At(ach::kFileBlockCount.position)
          .AddTolerable(26, line, "block count says \"{}\" but the file has {} blocks", block_count,
                        blocks);
    }
    Recount(26, control, "entry/addenda count", ach::kFileEntryCount, sum.records);
    Recount(26, control, "entry hash", ach::kFileHash, sum.hash % kHashModulus);
    Recount(26, control, "total debits", ach::kFileDebits, sum.debits);
    Recount(26, control, "total credits", ach::kFileCredits, sum.credits);
  }

  // A bank may send a trace twice; we never do.
  void CheckTracesUnique() {
    std::vector<std::pair<std::string_view, std::size_t>> traces;
    traces.reserve(document_.entries.size());
    for (const AchEntryRecord& entry : document_.entries) {
      traces.emplace_back(entry.record.Get(ach::kTraceNumber), entry.record.line);
    }
    std::ranges::sort(traces);
    for (std::size_t i = 1; i < traces.size(); ++i) {
      if (traces[i].first == traces[i - 1].first) {
        findings_.AddTolerable(21, traces[i].second, "trace number {} occurs twice in the file",
                               traces[i].first);
      }
    }
  }

  const AchDocument& document_;
  Findings& findings_;
};

}  // namespace

void CheckAchContent(const AchDocument& document, Findings& findings, bool stream_expected) {
  if (document.line_ends[2] > 1 && !stream_expected) {
    findings.AddTolerable(1, 0, "the file has no line ends");
  }
  Checker(document, findings).Run();
}

}  // namespace sluice::payments
