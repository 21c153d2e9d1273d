// What the columns of a roster file mean: the mapping that an operator writes once per file layout.
//
// A mapping is a TOML file. deploy/config/aco_participants.toml and roster.toml are two examples.
//
//   name = "aco_participants"         a name for the log
//   encoding = "utf-8"                or "ascii": then any other byte refuses the file
//   date_format = "YYYY-MM-DD"        of the file; or "MM/DD/YYYY" or "YYYYMMDD"
//   ends_with_newline = true          a file that does not was cut; false by default
//   effective = 2026-01-01            the day the file speaks of; the day of the import by default
//
//   [[party]]                         a party that a row names
//   name = "practice"                 how affiliations and key_within refer to it
//   kind = "practice"
//   name_column = "practice_name"
//   name_columns = ["first", "last"]  instead: a name in several columns, joined by blanks
//   when_column = "entity_type"       the row has this party only where the cell is when_value
//   when_value = "2"
//   key = "tin"                       npi, tin, ccn, payer_assigned or name_key
//   key_column = "practice_tin"       not for name_key, whose key is the name
//   key_scope = "acme_practice"       for payer_assigned and name_key
//   key_within = "aco"                for name_key: the party in which occurrences are counted,
//                                     one of those above it
//   optional = true                   a row with an empty key has no such party; false by default
//   npi_column, tin_column, ccn_column, payer_assigned_column, payer_assigned_scope
//   line1_column, line2_column, city_column, state_column, postal_code_column
//
//   [[affiliation]]
//   parent = "aco"
//   child = "practice"
//   role = "participant"
//   from = 2026-01-01                 for all rows, or for empty cells of from_column; without it,
//                                     the effective day, or the first day that is known already
//   from_column = "start_date"
//   to_column = "end_date"            empty cells are open ends
//   to_is_last_day = true             the default; false when the day is the first after the end
//   complete = true                   what the file leaves out of a parent's children has ended on
//                                     the effective day; false by default
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/status.h"
#include "hierarchy/identifier.h"
#include "hierarchy/party.h"

namespace sluice::hierarchy {

enum class RosterDateFormat { kIso, kUs, kCompact };

// Reads a date of exactly the format; InvalidArgument names the text and the format.
StatusOr<Date> ParseRosterDate(RosterDateFormat format, std::string_view text);

// An identifier in a column of its own.
struct IdentifierColumn {
  IdentifierType type = IdentifierType::kNpi;
  std::string scope;
  std::string column;
};

// Column names; empty for none.
struct AddressColumns {
  std::string line1;
  std::string line2;
  std::string city;
  std::string state;
  std::string postal_code;
};

struct PartyRule {
  std::string name;
  PartyKind kind = PartyKind::kPractice;
  std::vector<std::string> name_columns;  // at least one; joined by blanks
  std::string when_column;                // empty: every row has the party
  std::string when_value;
  IdentifierColumn key;    // its column is empty for a name key
  std::string key_within;  // only for a name key
  bool optional = false;
  std::vector<IdentifierColumn> identifiers;  // others than the key
  AddressColumns address;
};

struct AffiliationRule {
  std::string parent;
  std::string child;
  std::string role;
  std::optional<Date> from;
  std::string from_column;
  std::string to_column;
  bool to_is_last_day = true;
  bool complete = false;
};

struct RosterMapping {
  std::string name;
  bool ascii_only = false;
  bool ends_with_newline = false;
  RosterDateFormat date_format = RosterDateFormat::kIso;
  std::optional<Date> effective;
  std::vector<PartyRule> parties;
  std::vector<AffiliationRule> affiliations;

  // Every column that the mapping reads, each once.
  std::vector<std::string> Columns() const;
};

// Reads a mapping file. InvalidArgument names file, line, key and what is expected.
StatusOr<RosterMapping> LoadRosterMapping(const std::string& path);
// The same from text; `name` stands for the file in messages.
StatusOr<RosterMapping> ParseRosterMapping(std::string_view text, const std::string& name);

// What LoadRosterMapping checks beyond single keys, for mappings made in code: references between
// parties and affiliations, scopes, kinds, keys that need columns. InvalidArgument names the rule.
Status CheckRosterMapping(const RosterMapping& mapping);

}  // namespace sluice::hierarchy
