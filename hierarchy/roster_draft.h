// What is known and what a roster file would make of it, while the file is being planned. Used by
// roster_plan.cc only; the rules for rows are there.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "hierarchy/change.h"
#include "hierarchy/roster_plan.h"

namespace sluice::hierarchy {

// What is known or planned of a party.
struct PartyState {
  PartyKind kind = PartyKind::kPractice;
  bool is_new = false;
  bool detail_changed = false;
  std::string name;  // on the effective day
  Address address;
  Date from{};                    // of a new party: the first day anything is said of it
  std::vector<Identifier> held;   // those that hold on the effective day or later
  std::vector<Identifier> added;  // of these, the planned ones
  std::int64_t stated_row = 0;    // the first row that names it, 0 for none
};

// One span of an affiliation, known or planned.
struct DraftSpan {
  DateRange valid;
  bool is_new = false;
  bool withdrawn = false;
  DateRange known;              // before this file, unless new
  std::int64_t stated_row = 0;  // the row that states it, 0 for none
};

using EdgeKey = std::tuple<PartyId, PartyId, std::string>;  // parent, child, role
using DraftSpans = std::map<EdgeKey, std::vector<DraftSpan>>;

// What a row that is not rejected says of a party.
struct PartyStatement {
  std::int64_t row = 0;
  PartyKind kind = PartyKind::kPractice;
  std::vector<Identifier> identifiers;  // the key first
  std::string name;                     // empty to leave it as it is
  Address address;                      // empty to leave it as it is
  Date from{};                          // the first day the row speaks of
};

class RosterDraft {
 public:
  RosterDraft(const Knowledge& known, Date effective);

  // The party that a value names, now or, if it has ended, last.
  std::optional<PartyId> FindHolder(const Identifier& identifier) const;
  // Requires: the party is known or planned.
  const PartyState& State(PartyId party) const { return states_.at(party); }
  // "Elm Practice (pty_...)"
  std::string Name(PartyId party) const;
  // Null when there is none.
  const std::vector<DraftSpan>* FindSpans(const EdgeKey& key) const;
  const DraftSpans& Spans() const { return spans_; }
  // Whether the spans as planned have a cycle on any day.
  bool HasCycle() const;

  PartyId Add(const PartyStatement& statement, const std::function<PartyId()>& next_id);
  void Add(const EdgeKey& key, const DateRange& valid, std::int64_t row);
  // Ends on the effective day what holds then, has the role and a child of the kind, belongs to
  // one of the parents, and is not stated by the file.
  void EndUnstated(const std::set<PartyId>& parents, PartyKind child_kind, std::string_view role);

  // The planned changes and their counts, but for the counts of rows.
  void Emit(ChangeSet& change, ImportCounts& counts) const;

 private:
  void IndexDetails(const Knowledge& known);
  void IndexIdentifiers(const Knowledge& known);

  Date effective_;
  std::unordered_map<PartyId, PartyState> states_;
  std::vector<PartyId> touched_;  // new or changed, in the order of the file
  std::unordered_map<std::string, PartyId> holders_;
  DraftSpans spans_;
};

}  // namespace sluice::hierarchy
