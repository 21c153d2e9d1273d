#include "payments/screening/watch_list.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "core/csv.h"

namespace sluice::payments {
namespace {

constexpr std::array<std::string_view, kListSources> kSourceNames = {"sdn", "leie"};
constexpr std::string_view kSdnHeader =
    "ent_num,sdn_name,sdn_type,program,title,call_sign,vess_type,tonnage,grt,vess_flag,vess_owner,"
    "remarks\n";
constexpr std::string_view kAltHeader = "ent_num,alt_num,alt_type,alt_name,alt_remarks\n";
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// "-0-" is nothing.
std::string ValueOf(std::string_view field) {
  const std::string_view text = Trimmed(field);
  return text == "-0-" ? std::string() : std::string(text);
}

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    std::size_t size = 1;
    if (lead >= 0x80) size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (size == 0 || i + size > text.size()) return false;
    for (std::size_t k = 1; k < size; ++k) {
      if ((static_cast<std::uint8_t>(text[i + k]) & 0xC0U) != 0x80U) return false;
    }
    i += size;
  }
  return true;
}

// Older files are Latin-1. The end-of-file byte of old systems goes.
std::string AsUtf8(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (text.ends_with('\x1A') || text.ends_with('\0')) text.remove_suffix(1);
  if (IsUtf8(text)) return std::string(text);
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0U | (byte >> 6U));
      utf8 += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return utf8;
}

bool AreDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Date> CivilDate(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok() || year < 1850) return std::nullopt;
  return Date(date);
}

int NumberOf(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// "DOB 10 Dec 1948; POB ...". A year alone, or "circa", is no day.
std::optional<Date> BirthIn(std::string_view remarks) {
  const std::size_t at = remarks.find("DOB ");
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = remarks.substr(at + 4);
  rest = rest.substr(0, rest.find_first_of(";."));
  const std::size_t first = rest.find(' ');
  const std::size_t second = rest.find(' ', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view day = rest.substr(0, first);
  const auto* const month = std::ranges::find(kMonths, rest.substr(first + 1, second - first - 1));
  const std::string_view year = rest.substr(second + 1);
  if (!AreDigits(day) || day.size() > 2 || month == kMonths.end() || !AreDigits(year) ||
      year.size() != 4) {
    return std::nullopt;
  }
  return CivilDate(NumberOf(year), static_cast<unsigned>(month - kMonths.begin()) + 1,
                   static_cast<unsigned>(NumberOf(day)));
}

// Rows of one publisher's file, whatever its form: the fields of a row, and where it stands.
struct ListRow {
  std::vector<std::string> fields;
  std::string where;
};

struct FixedField {
  std::size_t first = 0;  // from 0
  std::size_t size = 0;
};
// Number, name, type, program, remarks; number, kind and name of an alternate.
constexpr std::array<FixedField, 5> kFixedSdn = {
    {{0, 10}, {10, 350}, {360, 12}, {372, 200}, {1017, 1000}}};
constexpr std::array<FixedField, 3> kFixedAlt = {{{0, 10}, {20, 8}, {28, 350}}};
constexpr std::array<std::size_t, 5> kCsvSdn = {0, 1, 2, 3, 11};
constexpr std::array<std::size_t, 3> kCsvAlt = {0, 2, 3};

// A fixed record begins with its number in ten columns, without a comma after it.
bool IsFixed(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.size() < 29) return false;
  const std::string_view number = Trimmed(line.substr(0, 10));
  return AreDigits(number) && line.substr(0, 10).find(',') == std::string_view::npos;
}

StatusOr<std::vector<ListRow>> FixedRows(std::string_view text, std::string_view name,
                                         std::span<const FixedField> fields) {
  std::vector<ListRow> rows;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (Trimmed(line).empty()) continue;
    ListRow row{.fields = {}, .where = fmt::format("{} line {}", name, number)};
    for (const FixedField& field : fields) {
      row.fields.push_back(
          field.first >= line.size() ? "" : ValueOf(line.substr(field.first, field.size)));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

StatusOr<std::vector<ListRow>> CsvRows(std::string_view text, std::string_view name,
                                       std::string_view header,
                                       std::span<const std::size_t> columns) {
  ASSIGN_OR_RETURN(CsvReader reader,
                   CsvReader::FromText(std::string(header) + std::string(text), std::string(name)));
  std::vector<ListRow> rows;
  while (reader.Next()) {
    if (reader.IsBad()) return reader.Error().ToStatus();
    // The header is ours: the publisher's first line is 1.
    ListRow row{.fields = {}, .where = fmt::format("{} line {}", name, reader.LineNumber() - 1)};
    for (const std::size_t column : columns) row.fields.push_back(ValueOf(reader[column]));
    rows.push_back(std::move(row));
  }
  RETURN_IF_ERROR(reader.Outcome());
  return rows;
}

StatusOr<std::vector<ListRow>> SdnRows(const std::string& text) {
  if (IsFixed(text)) return FixedRows(text, "sdn.ff", kFixedSdn);
  return CsvRows(text, "sdn.csv", kSdnHeader, kCsvSdn);
}

StatusOr<std::vector<ListRow>> AltRows(const std::string& text) {
  if (text.empty()) return std::vector<ListRow>();
  if (IsFixed(text)) return FixedRows(text, "alt.ff", kFixedAlt);
  return CsvRows(text, "alt.csv", kAltHeader, kCsvAlt);
}

// What LEIE calls a person, and the main ways to write the name.
struct LeieColumns {
  std::size_t last = 0, first = 0, middle = 0, business = 0, npi = 0, born = 0, kind = 0, since = 0;
};

StatusOr<LeieColumns> ColumnsOf(const CsvReader& reader) {
  LeieColumns columns;
  ASSIGN_OR_RETURN(columns.last, reader.Column("LASTNAME"));
  ASSIGN_OR_RETURN(columns.first, reader.Column("FIRSTNAME"));
  ASSIGN_OR_RETURN(columns.middle, reader.Column("MIDNAME"));
  ASSIGN_OR_RETURN(columns.business, reader.Column("BUSNAME"));
  ASSIGN_OR_RETURN(columns.npi, reader.Column("NPI"));
  ASSIGN_OR_RETURN(columns.born, reader.Column("DOB"));
  ASSIGN_OR_RETURN(columns.kind, reader.Column("EXCLTYPE"));
  ASSIGN_OR_RETURN(columns.since, reader.Column("EXCLDATE"));
  return columns;
}

StatusOr<ListedParty> LeieParty(const CsvReader& reader, const LeieColumns& at) {
  ListedParty party{.program = std::string(Trimmed(reader[at.kind]))};
  const std::string last(Trimmed(reader[at.last]));
  const std::string first(Trimmed(reader[at.first]));
  const std::string middle(Trimmed(reader[at.middle]));
  const std::string business(Trimmed(reader[at.business]));
  party.is_person = !last.empty();
  if (party.is_person) {
    if (!middle.empty()) party.names.push_back(first + " " + middle + " " + last);
    party.names.push_back(first.empty() ? last : first + " " + last);
  }
  if (!business.empty()) party.names.push_back(business);
  if (party.names.empty()) {
    return reader.BadValue(at.last, "neither a person nor a business is named").ToStatus();
  }
  const std::string_view npi = Trimmed(reader[at.npi]);
  if (!npi.empty() && npi.find_first_not_of('0') != std::string_view::npos) {
    if (npi.size() != 10 || !AreDigits(npi)) {
      return reader.BadValue(at.npi, "an NPI has ten digits").ToStatus();
    }
    party.npi = npi;
  }
  const std::string_view born = Trimmed(reader[at.born]);
  if (!born.empty() && born.find_first_not_of('0') != std::string_view::npos) {
    if (born.size() != 8 || !AreDigits(born)) {
      return reader.BadValue(at.born, "a birth is written YYYYMMDD").ToStatus();
    }
    party.born_on =
        CivilDate(NumberOf(born.substr(0, 4)), static_cast<unsigned>(NumberOf(born.substr(4, 2))),
                  static_cast<unsigned>(NumberOf(born.substr(6))));
  }
  // The list numbers nobody: who, born when, excluded since when under what.
  party.key = fmt::format("{}|{}|{}|{}|{}", party.names.front(), party.npi, born,
                          Trimmed(reader[at.since]), party.program);
  return party;
}

}  // namespace

std::string_view ListSourceName(ListSource source) {
  return kSourceNames.at(static_cast<std::size_t>(source));
}

StatusOr<ListSource> ParseListSource(std::string_view name) {
  const auto* const found = std::ranges::find(kSourceNames, name);
  if (found == kSourceNames.end()) {
    return InvalidArgument("a list is sdn (OFAC) or leie (OIG), not '{}'", name);
  }
  return static_cast<ListSource>(found - kSourceNames.begin());
}

StatusOr<WatchList> ReadSdn(std::string_view parties, std::string_view alternates) {
  WatchList list{.source = ListSource::kSdn, .parties = {}};
  std::map<std::string, std::size_t> by_key;
  ASSIGN_OR_RETURN(const std::vector<ListRow> rows, SdnRows(AsUtf8(parties)));
  for (const ListRow& row : rows) {
    if (!AreDigits(row.fields[0])) {
      return InvalidArgument("{}: '{}' is no number of an entry", row.where, row.fields[0]);
    }
    if (row.fields[1].empty()) return InvalidArgument("{}: the entry has no name", row.where);
    if (!by_key.emplace(row.fields[0], list.parties.size()).second) {
      return InvalidArgument("{}: entry {} is there twice", row.where, row.fields[0]);
    }
    list.parties.push_back({.key = row.fields[0],
                            .is_person = row.fields[2] == "individual",
                            .names = {row.fields[1]},
                            .npi = "",
                            .born_on = BirthIn(row.fields[4]),
                            .program = row.fields[3]});
  }
  ASSIGN_OR_RETURN(const std::vector<ListRow> others, AltRows(AsUtf8(alternates)));
  for (const ListRow& row : others) {
    const auto party = by_key.find(row.fields[0]);
    if (party == by_key.end()) {
      return InvalidArgument(
          "{}: an alternate name of entry {}, which is not in the list: take both files of one day",
          row.where, row.fields[0]);
    }
    if (row.fields[2].empty()) continue;
    list.parties[party->second].names.push_back(row.fields[2]);
  }
  return list;
}

StatusOr<WatchList> ReadLeie(std::string_view text) {
  WatchList list{.source = ListSource::kLeie, .parties = {}};
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::FromText(AsUtf8(text), "leie.csv"));
  ASSIGN_OR_RETURN(const LeieColumns columns, ColumnsOf(reader));
  while (reader.Next()) {
    if (reader.IsBad()) return reader.Error().ToStatus();
    ASSIGN_OR_RETURN(ListedParty party, LeieParty(reader, columns));
    list.parties.push_back(std::move(party));
  }
  RETURN_IF_ERROR(reader.Outcome());
  return list;
}

}  // namespace sluice::payments
