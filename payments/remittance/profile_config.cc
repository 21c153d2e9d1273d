#include "payments/remittance/profile_config.h"

namespace sluice::payments {
namespace {

Money Limit(const ConfigSection& section, std::string_view key, Money fallback) {
  return section.OptionalMoney(key).value_or(fallback);
}

// "18:00" as minutes after midnight.
int CutOff(const ConfigSection& section, int fallback) {
  const auto text = section.OptionalText("cut_off");
  if (!text) return fallback;
  const auto digit = [&](std::size_t at) { return (*text)[at] - '0'; };
  if (text->size() == 5 && (*text)[2] == ':' &&
      text->find_first_not_of("0123456789:") == std::string::npos) {
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (hour < 24 && minute < 60) return hour * 60 + minute;
  }
  section.Fault("cut_off", "must be a time of day such as \"18:00\"");
  return fallback;
}

LineEnd ReadLineEnd(const ConfigSection& section) {
  const std::string choice = section.Choice("line_end", {"lf", "crlf", "none"}, "lf");
  return choice == "crlf" ? LineEnd::kCrLf : choice == "none" ? LineEnd::kNone : LineEnd::kLf;
}

}  // namespace

BankProfile ReadBankProfile(const ConfigSection& section) {
  BankProfile bank;
  bank.immediate_destination = section.RequiredText("immediate_destination");
  bank.immediate_origin = section.RequiredText("immediate_origin");
  bank.destination_name = section.Text("destination_name", "");
  bank.origin_name = section.Text("origin_name", "");
  bank.company_name = section.RequiredText("company_name");
  bank.company_discretionary_data = section.Text("company_discretionary_data", "");
  bank.company_id = section.RequiredText("company_id");
  bank.trn_company_id = section.RequiredText("trn_company_id");
  bank.odfi_routing_number = section.RequiredText("odfi_routing_number");
  bank.funding_account = AccountNumber(section.RequiredText("funding_account"));
  bank.funding_account_kind =
      section.Choice("funding_account_kind", {"checking", "savings"}, "checking") == "savings"
          ? AccountKind::kSavings
          : AccountKind::kChecking;
  bank.line_end = ReadLineEnd(section);
  bank.balanced = section.Boolean("balanced", bank.balanced);
  bank.reject_level = section.Choice("reject_level", {"file", "batch"}, "file") == "batch"
                          ? RejectLevel::kBatch
                          : RejectLevel::kFile;
  bank.same_day = section.Boolean("same_day", bank.same_day);
  bank.entry_limit = Limit(section, "entry_limit", bank.entry_limit);
  bank.same_day_entry_limit = Limit(section, "same_day_entry_limit", bank.same_day_entry_limit);
  bank.batch_limit = Limit(section, "batch_limit", bank.batch_limit);
  bank.file_limit = Limit(section, "file_limit", bank.file_limit);
  bank.day_limit = Limit(section, "day_limit", bank.day_limit);
  bank.file_line_limit =
      section.Integer("file_line_limit", bank.file_line_limit, {.least = 10, .most = 9'999'990});
  bank.cut_off_minute = CutOff(section, bank.cut_off_minute);
  if (const Status status = CheckBankProfile(bank); !status.ok()) {
    section.Fault("immediate_destination", StatusMessage(status));
  }
  return bank;
}

PayerProfile ReadPayerProfile(const ConfigSection& section) {
  PayerProfile payer;
  payer.name = section.RequiredText("name");
  payer.tin = section.RequiredText("tin");
  payer.address = {.street = section.RequiredText("street"),
                   .city = section.RequiredText("city"),
                   .state = section.RequiredText("state"),
                   .zip = section.RequiredText("zip")};
  payer.payer_id = section.Text("payer_id", "");
  payer.service_phone = section.Text("service_phone", "");
  payer.edi_contact_name = section.RequiredText("edi_contact_name");
  payer.edi_phone = section.Text("edi_phone", "");
  payer.edi_email = section.Text("edi_email", "");
  payer.x12_qualifier = section.Text("x12_qualifier", payer.x12_qualifier);
  payer.x12_id = section.RequiredText("x12_id");
  payer.questions_text = section.Text("questions_text", "");
  return payer;
}

PlbMapping ReadPlbMapping(const ConfigSection& section) {
  PlbMapping mapping;
  for (const std::string& name : section.Keys()) {
    const std::string code = section.RequiredText(name);
    const auto kind = ParseLineKind(name);
    const Status status = kind.ok() ? mapping.Set(*kind, code) : kind.status();
    if (!status.ok()) section.Fault(name, StatusMessage(status));
  }
  return mapping;
}

}  // namespace sluice::payments
