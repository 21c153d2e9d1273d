#include "payments/remittance/ach_writer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/check.h"
#include "payments/remittance/ach_layout.h"
#include "payments/remittance/ach_plan.h"

namespace sluice::payments {
namespace {

using ach::Field;

constexpr std::int64_t kMaxTraceSequence = 9'999'999;
constexpr std::int64_t kMaxBatchNumber = 9'999'999;
constexpr std::size_t kLongestRecord = ach::kRecordLength + 2;  // with CR and LF
constexpr std::int64_t kHashModulus = 10'000'000'000;

using Record = std::array<char, kLongestRecord>;

enum CharacterClass : std::uint8_t { kDigit = 1, kKey = 2, kAccount = 4, kName = 8 };

// What each byte may be used for. Names that consist of kName alone need no transliteration.
constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] = kDigit | kKey | kAccount | kName;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) classes[c] = kKey | kAccount | kName;
  for (const char c : std::string_view("&-.,/'()#+ ")) classes[static_cast<std::size_t>(c)] = kName;
  classes['-'] |= kAccount;
  return classes;
}();

bool AllOf(std::string_view text, std::uint8_t character_class) {
  std::uint8_t common = 0xFF;
  for (const char c : text) common &= kClasses[static_cast<std::uint8_t>(c)];
  return (common & character_class) != 0;
}

char* At(char* record, Field field) { return record + field.position - 1; }

// Left-justified; the rest of the field keeps the template's blanks.
void PutText(char* record, Field field, std::string_view text) {
  std::memcpy(At(record, field), text.data(), std::min(text.size(), field.length));
}

void PutChar(char* record, Field field, char c) { *At(record, field) = c; }

constexpr std::array<char, 200> kTwoDigits = [] {
  std::array<char, 200> digits{};
  for (std::size_t i = 0; i < 100; ++i) {
    digits[2 * i] = static_cast<char>('0' + i / 10);
    digits[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return digits;
}();

// Right-justified, zero-filled, `length` digits. The caller has checked that the value fits.
template <std::size_t length>
void PutDigits(char* to, std::uint64_t value) {
  std::size_t left = length;
  while (left >= 2) {
    left -= 2;
    std::memcpy(to + left, &kTwoDigits[2 * (value % 100)], 2);
    value /= 100;
  }
  if (left == 1) to[0] = static_cast<char>('0' + value % 10);
}

void PutNumber(char* record, Field field, std::int64_t value) {
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = field.length; i > 0; --i, rest /= 10) {
    At(record, field)[i - 1] = static_cast<char>('0' + rest % 10);
  }
  CHECK(rest == 0);
}

std::int64_t EightDigits(std::string_view digits) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value * 10 + (digits[i] - '0');
  return value;
}

std::string_view Words(AchDescription description) {
  switch (description) {
    case AchDescription::kHealthCareClaim:
      return "HCCLAIMPMT";
    case AchDescription::kValueBased:
      return "VBPPAYMENT";
    case AchDescription::kPayroll:
      return "PAYROLL";
    case AchDescription::kAccountVerify:
      return "ACCTVERIFY";
    case AchDescription::kReversal:
      return "REVERSAL";
  }
  CHECK(false);
}

// A batch of debits, and of credits: without the offset of a balanced file.
std::string_view ServiceClass(AchDescription description, bool balanced) {
  if (balanced) return "200";
  return description == AchDescription::kReversal ? "225" : "220";
}

Record BlankRecord(char type, LineEnd line_end) {
  Record record;
  record.fill(' ');
  record[0] = type;
  if (line_end == LineEnd::kLf) record[ach::kRecordLength] = '\n';
  if (line_end == LineEnd::kCrLf) {
    record[ach::kRecordLength] = '\r';
    record[ach::kRecordLength + 1] = '\n';
  }
  return record;
}

std::size_t WidthOf(LineEnd line_end) {
  return ach::kRecordLength + (line_end == LineEnd::kNone ? 0 : line_end == LineEnd::kLf ? 1 : 2);
}

// Everything of an entry that can be wrong; OK means that it can be written without a further look.
Status CheckEntry(const BankProfile& profile, Date creation_date, const AchEntry& entry) {
  const std::string_view key = entry.payment_key;
  if (key.empty() || key.size() > ach::kIdentification.length || !AllOf(key, kKey)) {
    return InvalidArgument("payment key \"{}\" must be 1 to 15 of A-Z and 0-9", key);
  }
  if (entry.amount_cents < 0 || (entry.amount_cents == 0 && !entry.account_test)) {
    return InvalidArgument("payment {}: an ACH entry needs an amount above zero, not {}", key,
                           Money::FromCents(entry.amount_cents));
  }
  const bool same_day = entry.effective_date == creation_date;
  const Money limit =
      same_day ? std::min(profile.entry_limit, profile.same_day_entry_limit) : profile.entry_limit;
  if (entry.amount_cents > limit.Cents()) {
    return InvalidArgument("payment {}: amount {} is above the {}entry limit {} of the bank", key,
                           Money::FromCents(entry.amount_cents), same_day ? "same-day " : "",
                           limit);
  }
  if (entry.effective_date < creation_date || (same_day && !profile.same_day)) {
    return InvalidArgument("payment {}: effective entry date {} is too early for a file of {}", key,
                           FormatDate(entry.effective_date), FormatDate(creation_date));
  }
  if (!IsPayeeRoutingNumber(entry.routing_number)) {
    return InvalidArgument("payment {}: routing number {} fails its check digit or prefix", key,
                           entry.routing_number);
  }
  const std::string_view account = entry.account_number;
  if (account.empty() || account.size() > ach::kAccountNumber.length || !AllOf(account, kAccount) ||
      account.find_first_not_of("0-") == std::string_view::npos) {
    return InvalidArgument(
        "payment {}: the account number must be 1 to 17 of A-Z, 0-9 and hyphen and not all zeros; "
        "ask the payee's bank for its ACH form",
        key);
  }
  const bool person = entry.kind == PayeeKind::kPerson;
  if (person ? entry.description == AchDescription::kHealthCareClaim
             : entry.description == AchDescription::kPayroll) {
    return InvalidArgument("payment {}: {} does not go with a {} entry", key,
                           Words(entry.description), person ? "PPD" : "CCD");
  }
  return OkStatus();
}

Status CheckIdentity(const AchFileIdentity& identity) {
  const char modifier = identity.file_id_modifier;
  if (!((modifier >= 'A' && modifier <= 'Z') || (modifier >= '0' && modifier <= '9'))) {
    return InvalidArgument("file id modifier '{}' must be A-Z or 0-9", modifier);
  }
  if (identity.creation_minute < 0 || identity.creation_minute >= 24 * 60) {
    return InvalidArgument("creation minute {} is not within a day", identity.creation_minute);
  }
  if (identity.reference_code.size() > ach::kReferenceCode.length ||
      !AllOf(identity.reference_code, kName)) {
    return InvalidArgument("reference code \"{}\" must be at most 8 of the bank's characters",
                           identity.reference_code);
  }
  if (identity.first_trace_sequence < 1 || identity.first_batch_number < 1) {
    return InvalidArgument("trace sequence and batch number start at 1 or later");
  }
  return OkStatus();
}

class Emitter {
 public:
  Emitter(const BankProfile& profile, const AchFileIdentity& identity, AchFile& file);

  void FileHeader();
  Status Batch(const AchBatchPlan& batch, std::span<const AchEntry> entries);
  void FileControl();

 private:
  char* Append(const Record& record) {
    char* const start = at_;
    std::memcpy(start, record.data(), kLongestRecord);
    at_ += width_;
    return start;
  }
  void BatchHeader(const AchBatchPlan& batch);
  Status Entry(const AchEntry& entry, std::uint32_t index, std::int64_t& hash);
  void Offset(const AchBatchPlan& batch, std::int64_t& hash);
  void BatchControl(const AchBatchPlan& batch, std::int64_t hash);

  const BankProfile& profile_;
  const AchFileIdentity& identity_;
  AchFile& file_;
  std::size_t width_;
  char* at_;
  std::int64_t trace_;
  std::int64_t batch_number_;
  Record entry_template_;
  Record addenda_template_;
};

Emitter::Emitter(const BankProfile& profile, const AchFileIdentity& identity, AchFile& file)
    : profile_(profile),
      identity_(identity),
      file_(file),
      width_(WidthOf(profile.line_end)),
      at_(file.bytes.Data()),
      trace_(identity.first_trace_sequence),
      batch_number_(identity.first_batch_number),
      entry_template_(BlankRecord('6', profile.line_end)),
      addenda_template_(BlankRecord('7', profile.line_end)) {
  PutText(entry_template_.data(), ach::kTraceNumber,
          std::string_view(profile.odfi_routing_number).substr(0, 8));
  PutText(addenda_template_.data(), ach::kAddendaType, "05");
  PutText(addenda_template_.data(), ach::kAddendaSequence, "0001");
}

void Emitter::FileHeader() {
  char* const record = Append(BlankRecord('1', profile_.line_end));
  PutText(record, ach::kPriorityCode, "01");
  PutText(record, ach::kImmediateDestination, profile_.immediate_destination);
  PutText(record, ach::kImmediateOrigin, profile_.immediate_origin);
  PutText(record, ach::kCreationDate, FormatDateSixDigits(identity_.creation_date));
  const int minute = identity_.creation_minute;
  PutNumber(record, ach::kCreationTime, minute / 60 * 100 + minute % 60);
  PutChar(record, ach::kFileIdModifier, identity_.file_id_modifier);
  PutText(record, ach::kRecordSize, "094");
  PutText(record, ach::kBlocking, "10");
  PutText(record, ach::kFormatCode, "1");
  PutText(record, ach::kDestinationName, BankText(profile_.destination_name));
  PutText(record, ach::kOriginName, BankText(profile_.origin_name));
  PutText(record, ach::kReferenceCode, identity_.reference_code);
}

void Emitter::BatchHeader(const AchBatchPlan& batch) {
  char* const record = Append(BlankRecord('5', profile_.line_end));
  PutText(record, ach::kServiceClass, ServiceClass(batch.description, profile_.balanced));
  PutText(record, ach::kCompanyName, BankText(profile_.company_name));
  PutText(record, ach::kCompanyDiscretionary, BankText(profile_.company_discretionary_data));
  PutText(record, ach::kCompanyId, profile_.company_id);
  PutText(record, ach::kSecCode, batch.kind == PayeeKind::kPerson ? "PPD" : "CCD");
  PutText(record, ach::kEntryDescription, Words(batch.description));
  PutText(record, ach::kDescriptiveDate, FormatDateSixDigits(identity_.creation_date));
  PutText(record, ach::kEffectiveDate, FormatDateSixDigits(batch.effective_date));
  PutText(record, ach::kOriginatorStatus, "1");
  PutText(record, ach::kBatchOdfi, std::string_view(profile_.odfi_routing_number).substr(0, 8));
  PutNumber(record, ach::kBatchNumber, batch_number_);
}

Status Emitter::Entry(const AchEntry& entry, std::uint32_t index, std::int64_t& hash) {
  char* const record = Append(entry_template_);
  // 22 and 32: credit; 23 and 33: prenotification; 27 and 37: debit.
  const bool prenote = entry.account_test && entry.amount_cents == 0;
  const bool debit = entry.description == AchDescription::kReversal;
  PutChar(record, ach::kTransactionCode, entry.account_kind == AccountKind::kSavings ? '3' : '2');
  *(At(record, ach::kTransactionCode) + 1) = prenote ? '3' : debit ? '7' : '2';
  std::memcpy(At(record, ach::kRdfi), entry.routing_number.data(), 9);  // with its check digit
  PutText(record, ach::kAccountNumber, entry.account_number);
  PutDigits<10>(At(record, ach::kAmount), static_cast<std::uint64_t>(entry.amount_cents));
  PutText(record, ach::kIdentification, entry.payment_key);
  if (!entry.receiver_name.empty() && AllOf(entry.receiver_name, kName)) {
    PutText(record, ach::kReceiverName, entry.receiver_name);
  } else {
    PutText(record, ach::kReceiverName, BankText(entry.receiver_name));
  }
  const std::string_view name(At(record, ach::kReceiverName), ach::kReceiverName.length);
  if (name.find_first_not_of(" 0") == std::string_view::npos) {
    return InvalidArgument("payment {}: nothing of the receiver's name \"{}\" can be written",
                           entry.payment_key, entry.receiver_name);
  }
  const bool addenda = RecordsOf(entry) > 1;
  PutChar(record, ach::kAddendaIndicator, addenda ? '1' : '0');
  PutDigits<7>(At(record, ach::kTraceNumber) + 8, static_cast<std::uint64_t>(trace_));
  if (addenda) {
    char* const line = Append(addenda_template_);
    char* text = At(line, ach::kPaymentInformation);
    std::memcpy(text, "TRN*1*", 6);
    text += 6;
    std::memcpy(text, entry.payment_key.data(), entry.payment_key.size());
    text += entry.payment_key.size();
    *text = '*';
    std::memcpy(text + 1, profile_.trn_company_id.data(), 10);
    text[11] = '~';
    std::memcpy(At(line, ach::kAddendaEntrySequence), At(record, ach::kTraceNumber) + 8, 7);
  }
  hash += EightDigits(entry.routing_number);
  file_.placements.push_back(
      {index, static_cast<std::int32_t>(trace_), static_cast<std::int32_t>(batch_number_)});
  ++trace_;
  return OkStatus();
}

void Emitter::Offset(const AchBatchPlan& batch, std::int64_t& hash) {
  char* const record = Append(entry_template_);
  const bool credit = batch.description == AchDescription::kReversal;
  PutChar(record, ach::kTransactionCode,
          profile_.funding_account_kind == AccountKind::kSavings ? '3' : '2');
  *(At(record, ach::kTransactionCode) + 1) = credit ? '2' : '7';
  PutText(record, ach::kRdfi, profile_.odfi_routing_number.substr(0, 8));
  PutChar(record, ach::kCheckDigit, profile_.odfi_routing_number[8]);
  PutText(record, ach::kAccountNumber, profile_.funding_account.Reveal());
  PutNumber(record, ach::kAmount, batch.amount_cents);
  PutText(record, ach::kIdentification, fmt::format("OFFSET{:07}", batch_number_));
  PutText(record, ach::kReceiverName, BankText(profile_.company_name));
  PutChar(record, ach::kAddendaIndicator, '0');
  PutDigits<7>(At(record, ach::kTraceNumber) + 8, static_cast<std::uint64_t>(trace_++));
  hash += EightDigits(profile_.odfi_routing_number);
  (credit ? file_.credits : file_.debits) += Money::FromCents(batch.amount_cents);
}

void Emitter::BatchControl(const AchBatchPlan& batch, std::int64_t hash) {
  char* const record = Append(BlankRecord('8', profile_.line_end));
  const bool debits = batch.description == AchDescription::kReversal;
  PutText(record, ach::kServiceClass, ServiceClass(batch.description, profile_.balanced));
  PutNumber(record, ach::kControlEntryCount, batch.records);
  PutNumber(record, ach::kControlHash, hash % kHashModulus);
  PutNumber(record, ach::kControlDebits, debits || profile_.balanced ? batch.amount_cents : 0);
  PutNumber(record, ach::kControlCredits, !debits || profile_.balanced ? batch.amount_cents : 0);
  PutText(record, ach::kControlCompanyId, profile_.company_id);
  PutText(record, ach::kBatchOdfi, std::string_view(profile_.odfi_routing_number).substr(0, 8));
  PutNumber(record, ach::kBatchNumber, batch_number_);
}

Status Emitter::Batch(const AchBatchPlan& batch, std::span<const AchEntry> entries) {
  BatchHeader(batch);
  std::int64_t hash = 0;
  for (const std::uint32_t index : batch.entries) {
    RETURN_IF_ERROR(Entry(entries[index], index, hash));
  }
  if (profile_.balanced) Offset(batch, hash);
  BatchControl(batch, hash);
  file_.batch_count += 1;
  file_.entry_count +=
      static_cast<std::int64_t>(batch.entries.size()) + (profile_.balanced ? 1 : 0);
  file_.entry_addenda_count += batch.records;
  file_.entry_hash = (file_.entry_hash + hash % kHashModulus) % kHashModulus;
  const bool debits = batch.description == AchDescription::kReversal;
  (debits ? file_.debits : file_.credits) += Money::FromCents(batch.amount_cents);
  ++batch_number_;
  return OkStatus();
}

void Emitter::FileControl() {
  char* const record = Append(BlankRecord('9', profile_.line_end));
  PutNumber(record, ach::kFileBatchCount, file_.batch_count);
  PutNumber(record, ach::kFileBlockCount, file_.block_count);
  PutNumber(record, ach::kFileEntryCount, file_.entry_addenda_count);
  PutNumber(record, ach::kFileHash, file_.entry_hash);
  PutNumber(record, ach::kFileDebits, file_.debits.Cents());
  PutNumber(record, ach::kFileCredits, file_.credits.Cents());

  Record padding = BlankRecord('9', profile_.line_end);
  std::fill_n(padding.begin(), ach::kRecordLength, '9');
  const char* const start = file_.bytes.Data();
  const std::size_t whole =
      static_cast<std::size_t>(file_.block_count) * ach::kBlockingFactor * width_;
  while (static_cast<std::size_t>(at_ - start) < whole) Append(padding);
  file_.bytes.SetSize(whole);
  file_.next_trace_sequence = trace_;
}

// The whole file against the limits of the bank and of the record fields.
Status CheckPlan(const BankProfile& profile, const AchFileIdentity& identity, const AchPlan& plan,
                 std::size_t entries) {
  if (plan.Lines() > profile.file_line_limit) {
    return InvalidArgument("the file would have {} lines, above the bank's limit of {}; split it",
                           plan.Lines(), profile.file_line_limit);
  }
  if (plan.AmountCents() > profile.file_limit.Cents()) {
    return InvalidArgument("the file would carry {}, above the bank's limit of {}; split it",
                           Money::FromCents(plan.AmountCents()), profile.file_limit);
  }
  const auto batches = static_cast<std::int64_t>(plan.Batches().size());
  const auto traces = static_cast<std::int64_t>(entries) + (profile.balanced ? batches : 0);
  if (identity.first_trace_sequence + traces - 1 > kMaxTraceSequence) {
    return InvalidArgument("trace sequences {} to {} do not fit 7 digits",
                           identity.first_trace_sequence,
                           identity.first_trace_sequence + traces - 1);
  }
  if (identity.first_batch_number + batches - 1 > kMaxBatchNumber) {
    return InvalidArgument("batch numbers from {} do not fit 7 digits",
                           identity.first_batch_number);
  }
  return OkStatus();
}

}  // namespace

FileBuffer::FileBuffer(std::size_t capacity)
    : data_(std::make_unique_for_overwrite<char[]>(capacity)), capacity_(capacity) {}

AchEntry EntryOf(const OutboundPayment& payment) {
  const bool person = payment.payee.kind == PayeeKind::kPerson;
  AchDescription description = AchDescription::kValueBased;
  if (person && payment.compensation) description = AchDescription::kPayroll;
  if (HasRemittance835(payment) && payment.health_care_eft_allowed) {
    description = AchDescription::kHealthCareClaim;
  }
  return {.payment_key = payment.payment_key,
          .receiver_name = payment.payee.name,
          .routing_number = payment.payee.routing_number,
          .account_number = payment.payee.account.Reveal(),
          .amount_cents = payment.amount.Cents(),
          .effective_date = payment.effective_date,
          .description = description,
          .kind = payment.payee.kind,
          .account_kind = payment.payee.account_kind};
}

StatusOr<AchFile> WriteAchFile(const BankProfile& profile, const AchFileIdentity& identity,
                               std::span<const AchEntry> entries) {
  RETURN_IF_ERROR(CheckBankProfile(profile));
  RETURN_IF_ERROR(CheckIdentity(identity));
  if (entries.empty()) return InvalidArgument("an ACH file needs at least one entry");

  AchPlan plan(profile);
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    RETURN_IF_ERROR(CheckEntry(profile, identity.creation_date, entries[i]));
    plan.Add(entries[i], i);
  }
  RETURN_IF_ERROR(CheckPlan(profile, identity, plan, entries.size()));

  AchFile file;
  file.block_count = plan.Lines() / static_cast<std::int64_t>(ach::kBlockingFactor);
  // Records are always copied at their longest, so the last one may reach two bytes past the end.
  file.bytes = FileBuffer(static_cast<std::size_t>(plan.Lines()) * WidthOf(profile.line_end) + 2);
  file.placements.reserve(entries.size());
  Emitter emitter(profile, identity, file);
  emitter.FileHeader();
  for (const AchBatchPlan& batch : plan.Batches()) {
    RETURN_IF_ERROR(emitter.Batch(batch, entries));
  }
  emitter.FileControl();
  return file;
}

std::vector<std::size_t> SplitIntoFiles(const BankProfile& profile,
                                        std::span<const AchEntry> entries) {
  std::vector<std::size_t> counts;
  AchPlan plan(profile);
  std::size_t count = 0;
  for (const AchEntry& entry : entries) {
    if (count > 0 && !plan.Fits(entry)) {
      counts.push_back(count);
      plan = AchPlan(profile);
      count = 0;
    }
    plan.Add(entry, 0);
    ++count;
  }
  if (count > 0) counts.push_back(count);
  return counts;
}

}  // namespace sluice::payments
