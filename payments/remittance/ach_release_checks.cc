// What our own ACH files must obey beyond the rules for everybody's (FORMATS section 11).
#include <algorithm>
#include <unordered_set>

#include "core/calendar.h"
#include "payments/remittance/verify_parts.h"

namespace sluice::payments {
namespace {

bool IsEmitted(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(" &-.,/'()#+*~").find(c) != std::string_view::npos;
}
bool IsKeyCharacter(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(std::string_view text) { return text.find_first_not_of(' ') == text.npos; }

std::optional<Date> SixDigitDate(std::string_view field) {
  if (!AchNumber(field)) return std::nullopt;
  const auto date = ParseDate("20" + std::string(field));
  return date.ok() ? std::optional(*date) : std::nullopt;
}

// "TRN*1*<1 to 50>*1<9 digits>[*...]~" and nothing behind it.
bool IsTrn(std::string_view text) {
  if (!text.starts_with("TRN*1*") || !text.ends_with('~')) return false;
  text.remove_prefix(6);
  text.remove_suffix(1);
  if (text.find('~') != text.npos) return false;
  const std::size_t star = text.find('*');
  if (star == text.npos || star == 0 || star > 50) return false;
  const std::string_view company = text.substr(star + 1);
  return company.size() >= 10 && company[0] == '1' &&
         std::ranges::all_of(company.substr(0, 10), IsDigit) &&
         (company.size() == 10 || company[10] == '*');
}

class ReleaseChecker {
 public:
  ReleaseChecker(const AchDocument& document, const std::optional<BankProfile>& profile,
                 Findings& findings)
      : document_(document), profile_(profile), findings_(findings) {
    if (document.header.Exists()) created_ = SixDigitDate(document.header.Get(ach::kCreationDate));
  }

  std::vector<VerifiedEntry> Run() {
    CheckLineEnds();
    if (document_.header.Exists()) CheckFileHeader(document_.header);
    entries_.reserve(document_.entries.size());
    for (const AchBatchRecord& batch : document_.batches) {
      if (batch.header.Exists()) CheckBatch(batch);
    }
    if (document_.control.Exists()) {
      const AchRecord& control = document_.control;
      CheckEmitted(control);
      if (!IsBlank(control.Get(ach::kFileReserved))) {
        findings_.Add(26, control.line, "columns 56-94 of the file control must be blank");
      }
      const auto credits = AchNumber(control.Get(ach::kFileCredits));
      if (profile_ && credits.value_or(0) > profile_->file_limit.Cents()) {
        findings_.Add(18, control.line, "the file is above the bank's limit {}",
                      profile_->file_limit);
      }
      CheckBalance(control);
    }
    if (profile_ && static_cast<std::int64_t>(document_.lines) > profile_->file_line_limit) {
      findings_.Add(18, 0, "{} lines are above the bank's limit {}", document_.lines,
                    profile_->file_line_limit);
    }
    return std::move(entries_);
  }

 private:
  void Equal(int check, std::size_t line, std::string_view field, std::string_view is,
             std::string_view expected) {
    if (AchText(is) != AchText(expected)) {
      findings_.Add(check, line, "{} is \"{}\" but the bank profile says \"{}\"", field, is,
                    expected);
    }
  }

  void CheckLineEnds() {
    const auto& ends = document_.line_ends;
    if (ends[2] > 0 && document_.lines > ends[2]) {
      findings_.Add(1, document_.lines, "the last line has no line end");
    }
    if (!profile_ || document_.lines == 0) return;
    const auto wanted = static_cast<std::size_t>(profile_->line_end);
    if (ends[wanted] != document_.lines) {
      findings_.Add(1, 0, "{} of {} lines do not end as the bank profile says",
                    document_.lines - ends[wanted], document_.lines);
    }
  }

  void CheckEmitted(const AchRecord& record) {
    const auto bad = std::ranges::find_if_not(record.text, IsEmitted);
    if (bad != record.text.end()) {
      findings_.Add(2, record.line, "'{}' at column {} is not in the character set that we emit",
                    *bad, bad - record.text.begin() + 1);
    }
  }

  void CheckFileHeader(const AchRecord& header) {
    CheckEmitted(header);
    if (IsBlank(header.Get(ach::kCreationTime))) {
      findings_.Add(8, header.line, "creation time is blank; it is part of the duplicate key");
    }
    if (!profile_) return;
    if (header.Get(ach::kImmediateDestination) != profile_->immediate_destination) {
      findings_.Add(7, header.line, "immediate destination is \"{}\", the profile says \"{}\"",
                    header.Get(ach::kImmediateDestination), profile_->immediate_destination);
    }
    if (header.Get(ach::kImmediateOrigin) != profile_->immediate_origin) {
      findings_.Add(7, header.line, "immediate origin is \"{}\", the profile says \"{}\"",
                    header.Get(ach::kImmediateOrigin), profile_->immediate_origin);
    }
  }

  void CheckBatch(const AchBatchRecord& batch) {
    const AchRecord& header = batch.header;
    CheckEmitted(header);
    sec_ = header.Get(ach::kSecCode);
    description_ = AchText(header.Get(ach::kEntryDescription));
    if (sec_ != "CCD" && sec_ != "PPD" && sec_ != "CTX") {
      findings_.Add(11, header.line, "SEC code {}: we send CCD, PPD and CTX only", sec_);
    }
    CheckDescription(header);
    if (header.Get(ach::kOriginatorStatus) != "1") {
      findings_.Add(14, header.line, "originator status is '{}', must be 1",
                    header.Get(ach::kOriginatorStatus));
    }
    if (profile_) {
      Equal(10, header.line, "company id", header.Get(ach::kCompanyId), profile_->company_id);
      Equal(10, header.line, "company name", header.Get(ach::kCompanyName), profile_->company_name);
      Equal(15, header.line, "ODFI", header.Get(ach::kBatchOdfi),
            std::string_view(profile_->odfi_routing_number).substr(0, 8));
    }
    same_day_ = CheckEffectiveDate(header);
    for (std::size_t i = 0; i < batch.entry_count; ++i) {
      CheckEntry(header, document_.entries[batch.first_entry + i]);
    }
    if (!batch.control.Exists()) return;
    CheckEmitted(batch.control);
    if (!IsBlank(batch.control.Get(ach::kControlReserved))) {
      findings_.Add(14, batch.control.line, "columns 55-79 of the batch control must be blank");
    }
    const auto credits = AchNumber(batch.control.Get(ach::kControlCredits));
    if (profile_ && credits.value_or(0) > profile_->batch_limit.Cents()) {
      findings_.Add(18, batch.control.line, "the batch is above the bank's limit {}",
                    profile_->batch_limit);
    }
  }

  void CheckDescription(const AchRecord& header) {
    if (description_ == "HCCLAIMPMT" && sec_ != "CCD") {
      findings_.Add(12, header.line, "HCCLAIMPMT on {}; it is for CCD only", sec_);
    }
    if (description_.starts_with("PAYROLL") && sec_ != "PPD") {
      findings_.Add(12, header.line, "PAYROLL on {}; it is for PPD only", sec_);
    }
    if (description_ == "REVERSAL" || description_ == "ACCTVERIFY" ||
        description_ == "RETRY PYMT" || description_ == "RETURN FEE") {
      findings_.Add(12, header.line, "the reserved word {} in a payment file", description_);
    }
  }

  // True for a same-day batch.
  bool CheckEffectiveDate(const AchRecord& header) {
    const std::string_view field = header.Get(ach::kEffectiveDate);
    const auto date = SixDigitDate(field);
    if (!date || !created_) return false;  // found elsewhere
    const Date processing = BankingDayOnOrAfter(*created_);
    if (!IsBankingDay(*date)) {
      findings_.Add(13, header.line, "effective entry date {} is not a banking day",
                    FormatDate(*date));
    } else if (*date < processing || *date > AddBankingDays(processing, 2)) {
      findings_.Add(13, header.line,
                    "effective entry date {} is outside 0 to 2 banking days after {}",
                    FormatDate(*date), FormatDate(processing));
    }
    if (profile_ && *date == *created_) CheckCutOff(header);
    return *date == processing;
  }

  void CheckCutOff(const AchRecord& header) {
    const auto time = AchNumber(document_.header.Get(ach::kCreationTime));
    if (time && *time / 100 * 60 + *time % 100 > profile_->cut_off_minute) {
      findings_.Add(13, header.line, "a same-day batch in a file made after the bank's cut-off");
    }
  }

  void CheckEntry(const AchRecord& header, const AchEntryRecord& entry) {
    const AchRecord& record = entry.record;
    CheckEmitted(record);
    const std::string_view code = record.Get(ach::kTransactionCode);
    const bool debit = code[1] >= '5';
    const std::string_view account = record.Get(ach::kAccountNumber);
    if (account[0] == ' ' || AchText(account).find(' ') != std::string_view::npos) {
      findings_.Add(17, record.line, "account number is not left-justified without blanks");
    }
    if (!std::ranges::all_of(AchText(account),
                             [](char c) { return IsKeyCharacter(c) || c == '-'; })) {
      findings_.Add(17, record.line, "account number holds a character other than A-Z 0-9 -");
    }
    if (code != "22" && code != "32" && !debit) {
      findings_.Add(11, record.line, "transaction code {} is not for a payment", code);
    }
    CheckRouting(record);
    const Money amount = Money::FromCents(AchNumber(record.Get(ach::kAmount)).value_or(0));
    CheckLimits(record, amount, debit);
    CheckKey(record);
    const std::string_view trn = CheckTrn(entry, debit);
    entries_.push_back({.file = findings_.File(),
                        .line = record.line,
                        .key = AchText(record.Get(ach::kIdentification)),
                        .name = AchText(record.Get(ach::kReceiverName)),
                        .routing_number = record.text.substr(ach::kRdfi.position - 1, 9),
                        .account = AchText(account),
                        .code = code,
                        .trace = record.Get(ach::kTraceNumber),
                        .sec = sec_,
                        .description = description_,
                        .company_id = header.Get(ach::kCompanyId),
                        .effective_date = header.Get(ach::kEffectiveDate),
                        .trn = trn,
                        .amount = amount,
                        .offset = debit});
  }

  void CheckRouting(const AchRecord& record) {
    const auto prefix = AchNumber(record.text.substr(ach::kRdfi.position - 1, 2));
    const bool allowed =
        prefix && ((*prefix >= 1 && *prefix <= 12) || (*prefix >= 21 && *prefix <= 32) ||
                   (*prefix >= 61 && *prefix <= 72));
    if (!allowed) {
      findings_.Add(16, record.line, "routing number {} has a prefix that no payee has",
                    record.text.substr(ach::kRdfi.position - 1, 9));
    }
  }

  void CheckLimits(const AchRecord& record, Money amount, bool debit) {
    if (!profile_ || debit) return;
    if (amount > profile_->entry_limit) {
      findings_.Add(18, record.line, "amount {} is above the entry limit {}", amount,
                    profile_->entry_limit);
    }
    if (same_day_ && amount > profile_->same_day_entry_limit) {
      findings_.Add(13, record.line, "amount {} is above the same-day limit {}", amount,
                    profile_->same_day_entry_limit);
    }
    if (same_day_ && !profile_->same_day) {
      findings_.Add(13, record.line, "a same-day entry, which the bank profile does not allow");
    }
  }

  void CheckKey(const AchRecord& record) {
    const std::string_view key = AchText(record.Get(ach::kIdentification));
    if (key.empty() || !std::ranges::all_of(key, IsKeyCharacter)) {
      findings_.Add(20, record.line, "identification number \"{}\" is not a payment key", key);
    } else if (!keys_.insert(key).second) {
      findings_.Add(20, record.line, "payment {} occurs twice in the file", key);
    }
  }

  std::string_view CheckTrn(const AchEntryRecord& entry, bool debit) {
    const std::size_t line = entry.record.line;
    if (entry.addenda_count == 0) {
      if (sec_ == "CCD" && !debit) {
        findings_.Add(12, line, "a {} entry of a CCD batch needs one TRN addenda", description_);
      }
      return {};
    }
    const AchRecord& addenda = document_.addenda[entry.first_addenda];
    CheckEmitted(addenda);
    const std::string_view text = AchText(addenda.Get(ach::kPaymentInformation));
    if (!IsTrn(text)) {
      findings_.Add(24, addenda.line, "addenda \"{}\" is not a TRN segment with its terminator",
                    text);
    }
    return text;
  }

  void CheckBalance(const AchRecord& control) {
    const auto debits = AchNumber(control.Get(ach::kFileDebits)).value_or(0);
    const auto credits = AchNumber(control.Get(ach::kFileCredits)).value_or(0);
    const bool balanced = debits != 0;
    if (profile_ && balanced != profile_->balanced) {
      findings_.Add(27, control.line, "the file is {}balanced, the bank profile says otherwise",
                    balanced ? "" : "not ");
    }
    if (balanced && debits != credits) {
      findings_.Add(27, control.line, "debits {} do not balance credits {}",
                    Money::FromCents(debits), Money::FromCents(credits));
    }
  }

  const AchDocument& document_;
  const std::optional<BankProfile>& profile_;
  Findings& findings_;
  std::optional<Date> created_;
  std::string_view sec_;
  std::string_view description_;
  bool same_day_ = false;
  std::unordered_set<std::string_view> keys_;
  std::vector<VerifiedEntry> entries_;
};

}  // namespace

std::vector<VerifiedEntry> CheckAchRelease(const AchDocument& document,
                                           const std::optional<BankProfile>& profile,
                                           Findings& findings) {
  return ReleaseChecker(document, profile, findings).Run();
}

}  // namespace sluice::payments
