#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "payments/checks/check_file.h"

namespace sluice::payments {
namespace {

using Kind = CheckFieldKind;

constexpr int kCheckTies = 46;  // a check has one issue record
constexpr int kCannotRead = 0;

struct Piece {
  std::string text;
  std::size_t column = 1;
};

std::optional<std::int64_t> WholeNumber(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text[0] == '-' || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// "1234.56" without a sign, or whole cents.
std::optional<Money> AmountIn(std::string_view text, bool decimal) {
  std::string digits(text);
  if (decimal) {
    if (digits.size() < 4 || digits[digits.size() - 3] != '.') return std::nullopt;
    digits.erase(digits.size() - 3, 1);
  }
  const auto cents = WholeNumber(digits);
  return cents ? std::optional(Money::FromCents(*cents)) : std::nullopt;
}

// Reads along the format: each Y, M and D takes a digit, anything else stands for itself.
std::optional<Date> DateIn(std::string_view text, std::string_view format, Date near) {
  if (text.size() != format.size()) return std::nullopt;
  int year = 0, month = 0, day = 0, year_digits = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    int* const part = format[i] == 'Y'   ? &year
                      : format[i] == 'M' ? &month
                      : format[i] == 'D' ? &day
                                         : nullptr;
    if (part == nullptr) {
      if (text[i] != format[i]) return std::nullopt;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    *part = *part * 10 + (text[i] - '0');
    if (format[i] == 'Y') ++year_digits;
  }
  if (year_digits == 2) {
    const int latest = YearOf(near) + 20;
    year += latest / 100 * 100;
    if (year > latest) year -= 100;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Date(date);
}

class CheckReader {
 public:
  CheckReader(const CheckLayout& layout, std::string_view name, const AccountNumber& account,
              Date file_date)
      : layout_(layout), findings_(std::string(name)), account_(account), file_date_(file_date) {}

  ReadChecks Read(std::string_view bytes) {
    const std::vector<std::string> lines = Lines(bytes);
    const std::size_t outer = (layout_.header.empty() ? 0U : 1U) +
                              (layout_.trailer.empty() ? 0U : 1U);
    if (lines.size() < outer) {
      findings_.Add(kCannotRead, 0, "{} records; the layout {} has {} beside the checks",
                    lines.size(), layout_.name, outer);
      return {std::move(checks_), findings_.Take()};
    }
    // Details first: what header and trailer say is compared with them.
    const std::size_t first = layout_.header.empty() ? 0 : 1;
    const std::size_t last = lines.size() - (layout_.trailer.empty() ? 0 : 1);
    for (std::size_t i = first; i < last; ++i) {
      checks_.emplace_back();
      Record(layout_.detail, lines[i], i + 1);
    }
    in_details_ = false;
    if (first > 0) Record(layout_.header, lines.front(), 1);
    if (last < lines.size()) Record(layout_.trailer, lines.back(), lines.size());
    return {std::move(checks_), findings_.Take()};
  }

 private:
  std::vector<std::string> Lines(std::string_view bytes) {
    std::vector<std::string> lines;
    while (!bytes.empty()) {
      const std::size_t end = bytes.find(layout_.line_end);
      if (end == std::string_view::npos) {
        findings_.Add(kCannotRead, lines.size() + 1, "the record has no line end: it was cut");
        lines.emplace_back(bytes);
        break;
      }
      lines.emplace_back(bytes.substr(0, end));
      bytes.remove_prefix(end + layout_.line_end.size());
    }
    return lines;
  }

  std::vector<Piece> FixedPieces(const std::vector<CheckField>& fields, const std::string& line) {
    std::vector<Piece> pieces;
    std::size_t at = 0;
    for (const CheckField& field : fields) {
      std::string text = line.substr(std::min(at, line.size()), field.width);
      const auto padded = [&](char c) { return c == field.pad; };
      if (field.kind != Kind::kLiteral) {
        if (field.right) {
          text.erase(text.begin(), std::ranges::find_if_not(text, padded));
        } else {
          while (!text.empty() && padded(text.back())) text.pop_back();
        }
        // Of zeros only, one is the number.
        if (text.empty() && field.pad == '0' && field.kind != Kind::kAccount) text = "0";
      }
      pieces.push_back({std::move(text), at + 1});
      at += field.width;
    }
    return pieces;
  }

  std::optional<std::vector<Piece>> DelimitedPieces(const std::string& line, std::size_t number) {
    std::vector<Piece> pieces(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      Piece& piece = pieces.back();
      if (quoted) {
        if (c != '"') {
          piece.text += c;
        } else if (i + 1 < line.size() && line[i + 1] == '"') {
          piece.text += '"';
          ++i;
        } else {
          quoted = false;
        }
      } else if (c == '"' && layout_.quoting != CheckQuoting::kNever) {
        quoted = true;
      } else if (c == layout_.delimiter) {
        pieces.push_back({"", i + 2});
      } else {
        piece.text += c;
      }
    }
    if (!quoted) return pieces;
    findings_.Add(kCannotRead, number, "a quote is never closed");
    return std::nullopt;
  }

  void Record(const std::vector<CheckField>& fields, const std::string& line, std::size_t number) {
    std::vector<Piece> pieces;
    if (layout_.fixed) {
      if (line.size() != layout_.record_length) {
        findings_.Add(kCannotRead, number, "{} characters; the layout {} has {}", line.size(),
                      layout_.name, layout_.record_length);
        return;
      }
      pieces = FixedPieces(fields, line);
    } else {
      auto split = DelimitedPieces(line, number);
      if (!split) return;
      pieces = *std::move(split);
      if (pieces.size() != fields.size()) {
        findings_.Add(kCannotRead, number, "{} fields; the layout {} has {}", pieces.size(),
                      layout_.name, fields.size());
        return;
      }
    }
    for (std::size_t i = 0; i < fields.size(); ++i) Field(fields[i], pieces[i], number);
  }

  void Field(const CheckField& field, const Piece& piece, std::size_t line) {
    switch (field.kind) {
      case Kind::kLiteral:
        if (piece.text != Literal(field)) Wrong(field, piece, line, "is another text");
        return;
      case Kind::kAccount:
        if (!IsAccount(piece.text, field)) Wrong(field, piece, line, "is another account");
        return;
      case Kind::kFileDate:
        if (DateIn(piece.text, field.format, file_date_) != file_date_) {
          Wrong(field, piece, line, "is not the date of the file");
        }
        return;
      default:
        break;
    }
    if (in_details_) {
      DetailField(field, piece, line);
    } else {
      TotalField(field, piece, line);
    }
  }

  void DetailField(const CheckField& field, const Piece& piece, std::size_t line) {
    CheckIssue& check = checks_.back();
    if (field.kind == Kind::kSerial) {
      const auto serial = WholeNumber(piece.text);
      if (!serial || *serial == 0) Wrong(field, piece, line, "is no check number");
      check.number = serial.value_or(0);
    } else if (field.kind == Kind::kIssueDate) {
      const auto date = DateIn(piece.text, field.format, file_date_);
      if (!date) Wrong(field, piece, line, "is no date of the form " + field.format);
      check.issued_on = date.value_or(Date{});
    } else if (field.kind == Kind::kAmount) {
      const auto amount = AmountIn(piece.text, field.format == "decimal");
      if (!amount || amount->IsZero()) Wrong(field, piece, line, "is no amount");
      check.amount = amount.value_or(Money{});
    } else if (field.kind == Kind::kPayee) {
      check.payee = piece.text;
    } else if (field.kind == Kind::kIssueOrVoid) {
      check.voided = Trimmed(piece.text) == Trimmed(field.void_text);
      if (!check.voided && Trimmed(piece.text) != Trimmed(field.issue_text)) {
        Wrong(field, piece, line, "is neither an issue nor a void");
      }
    }
  }

  void TotalField(const CheckField& field, const Piece& piece, std::size_t line) {
    std::int64_t issues = 0, voids = 0;
    Money issued, voided;
    for (const CheckIssue& check : checks_) {
      ++(check.voided ? voids : issues);
      (check.voided ? voided : issued) += check.amount;
    }
    const auto count = [&](std::int64_t expected) {
      if (WholeNumber(piece.text) != expected) {
        Wrong(field, piece, line, fmt::format("does not count the {} records", expected));
      }
    };
    const auto sum = [&](Money expected) {
      if (AmountIn(piece.text, field.format == "decimal") != expected) {
        Wrong(field, piece, line, fmt::format("is not the sum {}", expected));
      }
    };
    if (field.kind == Kind::kChecks) count(issues + voids);
    if (field.kind == Kind::kIssues) count(issues);
    if (field.kind == Kind::kVoids) count(voids);
    if (field.kind == Kind::kTotal) sum(issued + voided);
    if (field.kind == Kind::kIssueTotal) sum(issued);
    if (field.kind == Kind::kVoidTotal) sum(voided);
  }

  // In a fixed record the blanks around it belong to the field.
  std::string Literal(const CheckField& field) const {
    if (!layout_.fixed) return field.value;
    std::string text = field.value;
    while (text.size() < field.width) {
      if (field.right) {
        text.insert(text.begin(), field.pad);
      } else {
        text.push_back(field.pad);
      }
    }
    return text;
  }

  // Leading zeros are padding where the layout pads with zeros.
  bool IsAccount(std::string_view shown, const CheckField& field) const {
    std::string_view own = account_.Reveal();
    if (layout_.fixed && field.pad == '0') {
      while (own.starts_with('0')) own.remove_prefix(1);
    }
    return shown == own;
  }

  static std::string_view Trimmed(std::string_view text) {
    while (text.ends_with(' ')) text.remove_suffix(1);
    while (text.starts_with(' ')) text.remove_prefix(1);
    return text;
  }

  // The text of an account is never shown.
  void Wrong(const CheckField& field, const Piece& piece, std::size_t line, std::string what) {
    const bool secret = field.kind == Kind::kAccount || field.kind == Kind::kLiteral;
    findings_.At(piece.column)
        .Add(kCheckTies, line, "column {}, {}{}: {}", piece.column, field.name,
             secret ? std::string() : " \"" + piece.text + "\"", what);
  }

  const CheckLayout& layout_;
  Findings findings_;
  const AccountNumber& account_;
  Date file_date_;
  bool in_details_ = true;
  std::vector<CheckIssue> checks_;
};

// Whether the letters and digits of `shown` are those at the start of `name`; accents may have been
// folded, so a character that is not ASCII stands for anything.
bool StartsName(std::string_view shown, std::string_view name) {
  const auto plain = [](std::string_view text) {
    std::string kept;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x80) return std::string();
      if (c >= 'a' && c <= 'z') kept += static_cast<char>(c - 'a' + 'A');
      if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) kept += c;
    }
    return kept;
  };
  const std::string expected = plain(name);
  return !shown.empty() && (expected.empty() || expected.starts_with(plain(shown)));
}

}  // namespace

ReadChecks ReadCheckFile(const CheckLayout& layout, std::string_view name, std::string_view bytes,
                         const AccountNumber& account, Date file_date) {
  return CheckReader(layout, name, account, file_date).Read(bytes);
}

std::vector<Finding> VerifyCheckFile(const CheckLayout& layout, std::string_view name,
                                     std::string_view bytes, const AccountNumber& account,
                                     Date file_date, std::span<const CheckIssue> expected) {
  ReadChecks read = ReadCheckFile(layout, name, bytes, account, file_date);
  std::vector<Finding> findings = std::move(read.findings);
  const auto add = [&](std::string message) {
    findings.push_back(
        {.check = kCheckTies, .file = std::string(name), .message = std::move(message)});
  };
  const bool named = std::ranges::find(layout.detail, Kind::kPayee, &CheckField::kind) !=
                     layout.detail.end();
  std::map<std::int64_t, const CheckIssue*> wanted;
  for (const CheckIssue& check : expected) wanted.emplace(check.number, &check);
  for (const CheckIssue& check : read.checks) {
    const auto found = wanted.find(check.number);
    if (found == wanted.end()) {
      add(fmt::format("check {} is told twice, or was not issued", check.number));
      continue;
    }
    const CheckIssue& issue = *found->second;
    if (check.amount != issue.amount) {
      add(fmt::format("check {}: amount {} instead of {}", check.number, check.amount,
                      issue.amount));
    }
    if (check.issued_on != issue.issued_on) {
      add(fmt::format("check {}: date {} instead of {}", check.number, FormatDate(check.issued_on),
                      FormatDate(issue.issued_on)));
    }
    if (check.voided != issue.voided) {
      add(fmt::format("check {}: told as {}", check.number, check.voided ? "void" : "issued"));
    }
    if (named && !StartsName(check.payee, issue.payee)) {
      add(fmt::format("check {}: payee \"{}\" instead of \"{}\"", check.number, check.payee,
                      issue.payee));
    }
    wanted.erase(found);
  }
  for (const auto& [number, check] : wanted) {
    add(fmt::format("check {} is missing", number));
  }
  return findings;
}

}  // namespace sluice::payments
