#include <utility>

#include "payments/checks/check_file.h"
#include "payments/remittance/ach_writer.h"

namespace sluice::payments {
namespace {

using Kind = CheckFieldKind;

struct Sums {
  std::int64_t issues = 0, voids = 0;
  Money issued, voided;
};

std::string DateText(const std::string& format, Date date) {
  const std::chrono::year_month_day day(date);
  std::string text = format;
  const auto put = [&](std::string_view token, const std::string& value) {
    const std::size_t at = text.find(token);
    if (at != std::string::npos) text.replace(at, token.size(), value);
  };
  const std::string year = fmt::format("{:04}", static_cast<int>(day.year()));
  put("YYYY", year);
  put("YY", year.substr(2));
  put("MM", fmt::format("{:02}", static_cast<unsigned>(day.month())));
  put("DD", fmt::format("{:02}", static_cast<unsigned>(day.day())));
  return text;
}

class CheckWriter {
 public:
  CheckWriter(const CheckLayout& layout, const AccountNumber& account, Date file_date)
      : layout_(layout), account_(account), file_date_(file_date) {}

  StatusOr<std::string> Write(std::span<const CheckIssue> checks) {
    for (const CheckIssue& check : checks) {
      if (check.number <= 0 || check.amount <= Money{}) {
        return InvalidArgument("check {} of {} needs a number and an amount above zero",
                               check.number, check.amount);
      }
      (check.voided ? sums_.voids : sums_.issues) += 1;
      (check.voided ? sums_.voided : sums_.issued) += check.amount;
    }
    if (!layout_.header.empty()) RETURN_IF_ERROR(Record(layout_.header, nullptr));
    for (const CheckIssue& check : checks) RETURN_IF_ERROR(Record(layout_.detail, &check));
    if (!layout_.trailer.empty()) RETURN_IF_ERROR(Record(layout_.trailer, nullptr));
    return std::move(bytes_);
  }

 private:
  Status Record(const std::vector<CheckField>& fields, const CheckIssue* check) {
    bool first = true;
    for (const CheckField& field : fields) {
      std::string text = Text(field, check);
      const bool name = field.kind == Kind::kPayee;
      if (name && field.width > 0 && text.size() > field.width) text.resize(field.width);
      if (name && text.empty()) {
        return InvalidArgument("check {}: nothing of the payee's name can be written",
                               check->number);
      }
      if (field.width > 0 && text.size() > field.width) {
        return InvalidArgument("{}the field {} needs {} characters; the layout {} has {} for it",
                               check ? fmt::format("check {}: ", check->number) : std::string(),
                               field.name, text.size(), layout_.name, field.width);
      }
      if (layout_.fixed) {
        const std::string filling(field.width - text.size(), field.pad);
        bytes_ += field.right ? filling + text : text + filling;
      } else {
        if (!first) bytes_ += layout_.delimiter;
        bytes_ += Quoted(std::move(text));
      }
      first = false;
    }
    bytes_ += layout_.line_end;
    return OkStatus();
  }

  std::string Quoted(std::string text) const {
    const bool needed = text.find(layout_.delimiter) != std::string::npos ||
                        text.find('"') != std::string::npos;
    if (layout_.quoting == CheckQuoting::kNever) {
      for (char& c : text) {
        if (c == layout_.delimiter || c == '"') c = ' ';
      }
      return text;
    }
    if (layout_.quoting == CheckQuoting::kWhenNeeded && !needed) return text;
    std::string quoted = "\"";
    for (const char c : text) {
      if (c == '"') quoted += '"';
      quoted += c;
    }
    return quoted + '"';
  }

  static std::string AmountText(const CheckField& field, Money amount) {
    return field.format == "decimal" ? amount.ToPlainString() : std::to_string(amount.Cents());
  }

  std::string Text(const CheckField& field, const CheckIssue* check) const {
    switch (field.kind) {
      case Kind::kLiteral:
        return field.value;
      case Kind::kAccount:
        return std::string(account_.Reveal());
      case Kind::kSerial:
        return std::to_string(check->number);
      case Kind::kIssueDate:
        return DateText(field.format, check->issued_on);
      case Kind::kAmount:
        return AmountText(field, check->amount);
      case Kind::kPayee:
        return BankText(check->payee);
      case Kind::kIssueOrVoid:
        return check->voided ? field.void_text : field.issue_text;
      case Kind::kFileDate:
        return DateText(field.format, file_date_);
      case Kind::kChecks:
        return std::to_string(sums_.issues + sums_.voids);
      case Kind::kIssues:
        return std::to_string(sums_.issues);
      case Kind::kVoids:
        return std::to_string(sums_.voids);
      case Kind::kTotal:
        return AmountText(field, sums_.issued + sums_.voided);
      case Kind::kIssueTotal:
        return AmountText(field, sums_.issued);
      case Kind::kVoidTotal:
        return AmountText(field, sums_.voided);
    }
    return {};
  }

  const CheckLayout& layout_;
  const AccountNumber& account_;
  Date file_date_;
  Sums sums_;
  std::string bytes_;
};

}  // namespace

StatusOr<std::string> WriteCheckFile(const CheckLayout& layout, const AccountNumber& account,
                                     Date file_date, std::span<const CheckIssue> checks) {
  return CheckWriter(layout, account, file_date).Write(checks);
}

}  // namespace sluice::payments
