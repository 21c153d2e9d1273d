#include "payments/checks/check_layout.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "payments/checks/check_issue.h"

namespace sluice::payments {
namespace {

using Kind = CheckFieldKind;

struct KindRow {
  std::string_view name;
  Kind kind;
};
constexpr std::array kKinds = {KindRow{"literal", Kind::kLiteral},
                               KindRow{"account", Kind::kAccount},
                               KindRow{"serial", Kind::kSerial},
                               KindRow{"issue_date", Kind::kIssueDate},
                               KindRow{"amount", Kind::kAmount},
                               KindRow{"payee", Kind::kPayee},
                               KindRow{"kind", Kind::kIssueOrVoid},
                               KindRow{"file_date", Kind::kFileDate},
                               KindRow{"checks", Kind::kChecks},
                               KindRow{"issues", Kind::kIssues},
                               KindRow{"voids", Kind::kVoids},
                               KindRow{"total", Kind::kTotal},
                               KindRow{"issue_total", Kind::kIssueTotal},
                               KindRow{"void_total", Kind::kVoidTotal}};

bool IsOfCheck(Kind kind) {
  return kind == Kind::kSerial || kind == Kind::kIssueDate || kind == Kind::kAmount ||
         kind == Kind::kPayee || kind == Kind::kIssueOrVoid;
}

bool IsOfFile(Kind kind) {
  return !IsOfCheck(kind) && kind != Kind::kLiteral && kind != Kind::kAccount;
}

bool IsDateKind(Kind kind) { return kind == Kind::kIssueDate || kind == Kind::kFileDate; }

bool IsAmountKind(Kind kind) {
  return kind == Kind::kAmount || kind == Kind::kTotal || kind == Kind::kIssueTotal ||
         kind == Kind::kVoidTotal;
}

bool IsNumberKind(Kind kind) {
  return IsAmountKind(kind) || IsDateKind(kind) || kind == Kind::kSerial ||
         kind == Kind::kAccount || kind == Kind::kChecks || kind == Kind::kIssues ||
         kind == Kind::kVoids;
}

// Year, month and day each once, and signs between them.
bool IsDateFormat(std::string format) {
  for (const std::string_view token : {"YYYY", "YY", "MM", "DD"}) {
    const std::size_t at = format.find(token);
    if (token == "YY" && format.find('Y') == std::string::npos) continue;
    if (at == std::string::npos) {
      if (token == "YYYY") continue;
      return false;
    }
    format.erase(at, token.size());
  }
  return std::ranges::none_of(
      format, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  for (const KindRow& row : kKinds) names.emplace_back(row.name);
  return names;
}

char OneCharacter(const ConfigSection& section, std::string_view key, std::string_view fallback) {
  const std::string text = section.Text(key, fallback);
  if (text.size() == 1 && text[0] >= ' ' && text[0] <= '~') return text[0];
  if (text == "\t") return '\t';
  section.Fault(key, "must be one printable character");
  return fallback[0];
}

void ReadContent(const ConfigSection& section, CheckField& field) {
  if (field.kind == Kind::kLiteral) {
    field.value = section.Text("value", "");
    if (field.width == 0) field.width = field.value.size();
    if (field.value.size() > field.width) section.Fault("value", "is longer than its width");
  }
  if (IsDateKind(field.kind)) {
    field.format = section.RequiredText("format");
    if (!IsDateFormat(field.format)) {
      section.Fault("format", "must have year, month and day once: YYYYMMDD, MMDDYY, MM/DD/YYYY");
    } else if (field.width == 0) {
      field.width = field.format.size();
    } else if (field.width < field.format.size()) {
      section.Fault("width", fmt::format("a date of {} does not fit", field.format));
    }
  }
  if (IsAmountKind(field.kind)) {
    field.format = section.Choice("format", {"cents", "decimal"}, "cents");
  }
  if (field.kind == Kind::kIssueOrVoid) {
    field.issue_text = section.Text("issue", "");
    field.void_text = section.Text("void", "");
    if (field.issue_text == field.void_text) {
      section.Fault("void", "issue and void must be told apart");
    }
    const std::size_t longest = std::max(field.issue_text.size(), field.void_text.size());
    if (field.width == 0) field.width = longest;
    if (field.width < longest) section.Fault("width", "issue or void does not fit");
  }
}

CheckField ReadField(const ConfigSection& section, bool fixed) {
  CheckField field;
  field.name = section.Choice("field", KindNames(), "literal");
  const auto row = std::ranges::find(kKinds, field.name, &KindRow::name);
  field.kind = row == kKinds.end() ? Kind::kLiteral : row->kind;
  field.width = static_cast<std::size_t>(section.Integer("width", 0, {.least = 0, .most = 1'000}));
  if (fixed) {
    field.start =
        static_cast<std::size_t>(section.RequiredInteger("start", {.least = 1, .most = 2'000}));
  }
  const bool number = IsNumberKind(field.kind);
  field.right = section.Choice("justify", {"left", "right"}, number ? "right" : "left") == "right";
  field.pad = OneCharacter(section, "pad", number && !IsDateKind(field.kind) ? "0" : " ");
  ReadContent(section, field);
  if (fixed && field.width == 0) section.Fault("width", "a field of a fixed record needs a width");
  const bool digit = field.pad >= '0' && field.pad <= '9';
  if (fixed && number && digit && (!field.right || field.pad != '0')) {
    section.Fault("pad", "a number padded with digits other than zeros before it reads back as "
                         "another number");
  }
  if (fixed && field.kind == Kind::kPayee && field.pad != ' ') {
    section.Fault("pad", "a name is padded with blanks");
  }
  return field;
}

std::vector<CheckField> ReadRecord(const ConfigSection& section, const CheckLayout& layout,
                                   std::string_view key) {
  const bool detail = key == "detail";
  std::vector<CheckField> fields;
  std::size_t next = 1;
  for (const ConfigSection& part : section.Sections(key)) {
    CheckField field = ReadField(part, layout.fixed);
    if (detail && IsOfFile(field.kind)) {
      part.Fault("field", fmt::format("{} belongs in a header or trailer", field.name));
    }
    if (!detail && IsOfCheck(field.kind)) {
      part.Fault("field", fmt::format("{} belongs in a detail record", field.name));
    }
    if (layout.fixed && field.start != next) {
      part.Fault("start", fmt::format("the field before ends at {}: this one must start at {}; "
                                      "fill a gap with a literal",
                                      next - 1, next));
    }
    next = field.start + field.width;
    fields.push_back(std::move(field));
  }
  if (layout.fixed && !fields.empty() && next - 1 != layout.record_length) {
    section.Fault(key, fmt::format("its fields end at {}, the record at {}", next - 1,
                                   layout.record_length));
  }
  return fields;
}

// The first characters of a record tell what it is; a detail may not look like a header.
void CheckDetail(const ConfigSection& section, const CheckLayout& layout) {
  for (const Kind needed : {Kind::kSerial, Kind::kAmount, Kind::kIssueDate, Kind::kIssueOrVoid}) {
    const auto count = std::ranges::count(layout.detail, needed, &CheckField::kind);
    if (count == 1) continue;
    const auto row = std::ranges::find(kKinds, needed, &KindRow::kind);
    section.Fault("detail", fmt::format("needs the field {} once", row->name));
  }
}

}  // namespace

std::string_view CheckStateName(CheckState state) {
  static constexpr std::array<std::string_view, 5> kNames = {"OUTSTANDING", "PAID", "VOID",
                                                             "STALE", "SPOILED"};
  return kNames.at(static_cast<std::size_t>(state));
}

CheckLayout ReadCheckLayout(const ConfigSection& section) {
  CheckLayout layout;
  layout.name = section.RequiredText("name");
  layout.fixed = section.Choice("format", {"fixed", "delimited"}, "fixed") == "fixed";
  layout.line_end = section.Choice("line_end", {"crlf", "lf"}, "crlf") == "lf" ? "\n" : "\r\n";
  if (layout.fixed) {
    layout.record_length = static_cast<std::size_t>(
        section.RequiredInteger("record_length", {.least = 1, .most = 2'000}));
  } else {
    layout.delimiter = OneCharacter(section, "delimiter", ",");
    const std::string quote =
        section.Choice("quote", {"when_needed", "always", "never"}, "when_needed");
    layout.quoting = quote == "always"  ? CheckQuoting::kAlways
                     : quote == "never" ? CheckQuoting::kNever
                                        : CheckQuoting::kWhenNeeded;
  }
  layout.header = ReadRecord(section, layout, "header");
  layout.detail = ReadRecord(section, layout, "detail");
  layout.trailer = ReadRecord(section, layout, "trailer");
  CheckDetail(section, layout);
  return layout;
}

StatusOr<CheckLayout> ParseCheckLayout(std::string_view text, const std::string& name) {
  ASSIGN_OR_RETURN(const Config config, Config::FromText(text, name));
  CheckLayout layout = ReadCheckLayout(config.Root());
  RETURN_IF_ERROR(config.Finish());
  return layout;
}

StatusOr<CheckLayout> LoadCheckLayout(const std::string& path) {
  ASSIGN_OR_RETURN(const Config config, Config::Load(path));
  CheckLayout layout = ReadCheckLayout(config.Root());
  RETURN_IF_ERROR(config.Finish());
  return layout;
}

}  // namespace sluice::payments
