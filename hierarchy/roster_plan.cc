#include "hierarchy/roster_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/check.h"
#include "hierarchy/dated_graph.h"

namespace sluice::hierarchy {
namespace {

// What is known or planned of a party.
struct PartyState {
  PartyKind kind = PartyKind::kPractice;
  bool is_new = false;
  bool detail_changed = false;
  std::string name;
  Address address;
  Date from{};                    // of a new party: the first day anything is said of it
  std::vector<Identifier> held;   // those that hold on the effective day or later
  std::vector<Identifier> added;  // of these, the planned ones
  std::int64_t stated_row = 0;    // the first row that names it
};

struct Span {
  DateRange valid;
  bool is_new = false;
  bool withdrawn = false;
  DateRange known;              // before this file, unless new
  std::int64_t stated_row = 0;  // the row that states it
};

using EdgeKey = std::tuple<PartyId, PartyId, std::string>;
using Spans = std::map<EdgeKey, std::vector<Span>>;

// A party as one row has it.
struct RowParty {
  const PartyRule* rule = nullptr;
  bool present = false;
  std::optional<PartyId> id;            // none when new
  std::vector<Identifier> identifiers;  // the key first
  std::string name;
  Address address;
};

// An affiliation as one row has it.
struct RowEdge {
  std::size_t parent = 0;  // positions among the row's parties
  std::size_t child = 0;
  const AffiliationRule* rule = nullptr;
  DateRange valid;
  bool repeats = false;  // an earlier row says it
};

std::string KeyText(const Identifier& identifier) {
  return fmt::format("{}|{}|{}", static_cast<int>(identifier.type), identifier.scope,
                     identifier.value);
}

Address ReadAddress(const RosterFile& file, const RosterRow& row, const AddressColumns& columns) {
  return {std::string(file.Cell(row, columns.line1)), std::string(file.Cell(row, columns.line2)),
          std::string(file.Cell(row, columns.city)), std::string(file.Cell(row, columns.state)),
          std::string(file.Cell(row, columns.postal_code))};
}

class Planner {
 public:
  Planner(const RosterFile& file, const RosterMapping& mapping, const Knowledge& known,
          Date effective, const std::function<PartyId()>& next_id)
      : file_(file), mapping_(mapping), effective_(effective), next_id_(next_id) {
    IndexParties(known);
    IndexIdentifiers(known);
    for (const Affiliation& span : known.affiliations) {
      spans_[{span.parent, span.child, span.role}].push_back(
          {span.valid, false, false, span.valid});
    }
  }

  // Rejects rows that would close a cycle, with the known affiliations as they stand in `spans`,
  // the outcome of planning without this.
  void WatchCycles(const Spans& spans) {
    watch_cycles_ = true;
    for (const auto& [key, list] : spans) {
      for (const Span& span : list) {
        if (span.is_new || span.withdrawn) continue;
        // A row that lengthens a span must be judged; one that shortens it may make room.
        const bool longer = span.known.to && (!span.valid.to || *span.valid.to > *span.known.to);
        graph_.Add(std::get<0>(key), std::get<1>(key), longer ? span.known : span.valid);
      }
    }
  }

  void Run() {
    for (const RosterRow& row : file_.rows) PlanRow(row);
    if (rejects_.empty()) EndAbsent();
  }

  bool HasCycle() const {
    std::vector<Affiliation> all;
    for (const auto& [key, list] : spans_) {
      for (const Span& span : list) {
        all.push_back({std::get<0>(key), std::get<1>(key), {}, span.valid, span.withdrawn});
      }
    }
    return FindCycle(all).has_value();
  }

  const Spans& PlannedSpans() const { return spans_; }

  RosterPlan Take();

 private:
  void IndexParties(const Knowledge& known);
  void IndexIdentifiers(const Knowledge& known);
  std::string Name(PartyId party) const {
    return fmt::format("{} ({})", states_.at(party).name, party);
  }
  std::optional<PartyId> FindHolder(const Identifier& identifier) const {
    const auto found = holders_.find(KeyText(identifier));
    if (found == holders_.end()) return std::nullopt;
    return found->second;
  }

  void PlanRow(const RosterRow& row);
  template <typename... Args>
  void Refuse(std::string_view column, RejectCode code, fmt::format_string<Args...> format,
              Args&&... args) {
    row_rejects_.push_back({row_->number, std::string(column), code,
                            fmt::format(format, std::forward<Args>(args)...)});
  }
  std::string_view Cell(std::string_view column) const { return file_.Cell(*row_, column); }

  RowParty ReadParty(const PartyRule& rule);
  std::optional<Identifier> ReadKey(const PartyRule& rule);
  void ReadIdentifiers(const PartyRule& rule, RowParty& party);
  void CheckAgainstState(const RowParty& party);
  void CheckNew(const RowParty& party);
  std::optional<std::size_t> FindPresent(std::string_view rule_name) const;
  PartyId EndId(std::size_t position) const;

  std::optional<Date> ReadDate(const std::string& column, std::string_view text);
  void ReadEdge(const AffiliationRule& rule);
  bool FitSpan(const RowEdge& edge, bool end_stated, RowEdge& fitted);
  void CheckCycles();
  bool IsDuplicate() const;

  void CommitParty(RowParty& party, Date from);
  void CommitEdge(const RowEdge& edge);
  void EndAbsent();

  const RosterFile& file_;
  const RosterMapping& mapping_;
  Date effective_;
  const std::function<PartyId()>& next_id_;

  std::unordered_map<PartyId, PartyState> states_;
  std::vector<PartyId> touched_;  // new or changed, in the order of the file
  std::unordered_map<std::string, PartyId> holders_;
  std::map<std::pair<std::string, std::string>, int> occurrences_;
  Spans spans_;
  std::vector<std::set<PartyId>> stated_parents_;  // per affiliation rule
  bool watch_cycles_ = false;
  DatedGraph graph_;
  std::vector<Reject> rejects_;
  std::int64_t rejected_rows_ = 0;

  // The row that is being planned.
  const RosterRow* row_ = nullptr;
  std::vector<RowParty> parties_;
  std::vector<RowEdge> edges_;
  std::vector<Reject> row_rejects_;
};

void Planner::IndexParties(const Knowledge& known) {
  states_.reserve(known.parties.size() + file_.rows.size());
  for (const Party& party : known.parties) states_[party.id].kind = party.kind;
  // The name on the effective day: the last detail that has begun, or else the first there is.
  std::unordered_map<PartyId, Date> chosen;
  for (const PartyDetail& detail : known.details) {
    const auto [at, first] = chosen.try_emplace(detail.party, detail.valid_from);
    const bool begun = detail.valid_from <= effective_;
    const bool better = at->second <= effective_ ? begun && detail.valid_from >= at->second
                                                 : detail.valid_from <= at->second;
    if (!first && !better) continue;
    at->second = detail.valid_from;
    states_[detail.party].name = detail.name;
    states_[detail.party].address = detail.address;
  }
}

void Planner::IndexIdentifiers(const Knowledge& known) {
  std::vector<const PartyIdentifier*> sorted;
  for (const PartyIdentifier& span : known.identifiers) sorted.push_back(&span);
  std::ranges::sort(sorted, {}, [](const PartyIdentifier* span) { return span->valid.from; });
  for (const PartyIdentifier* span : sorted) {
    const bool ended = span->valid.to && *span->valid.to <= effective_;
    // A value that ended still tells whom it named, unless it names another party since.
    holders_[KeyText(span->identifier)] = span->party;
    if (!ended) states_[span->party].held.push_back(span->identifier);
  }
  // Where a later span has another holder, the holder on the day counts.
  for (const PartyIdentifier* span : sorted) {
    if (span->valid.Contains(effective_)) holders_[KeyText(span->identifier)] = span->party;
  }
}

void Planner::PlanRow(const RosterRow& row) {
  row_ = &row;
  parties_.clear();
  edges_.clear();
  row_rejects_.clear();
  for (const PartyRule& rule : mapping_.parties) parties_.push_back(ReadParty(rule));
  if (row_rejects_.empty()) {
    for (const AffiliationRule& rule : mapping_.affiliations) ReadEdge(rule);
  }
  if (row_rejects_.empty() && watch_cycles_) CheckCycles();
  if (row_rejects_.empty() && IsDuplicate()) {
    std::int64_t earlier = 0;
    for (const RowParty& party : parties_) {
      if (party.present) earlier = std::max(earlier, states_.at(*party.id).stated_row);
    }
    for (const RowEdge& edge : edges_) {
      const EdgeKey key{EndId(edge.parent), EndId(edge.child), edge.rule->role};
      for (const Span& span : spans_.at(key)) {
        if (span.valid == edge.valid) earlier = std::max(earlier, span.stated_row);
      }
    }
    Refuse("", RejectCode::kDuplicateRow, "row {} says all of this already; remove one", earlier);
  }
  if (!row_rejects_.empty()) {
    ++rejected_rows_;
    std::ranges::move(row_rejects_, std::back_inserter(rejects_));
    return;
  }
  std::vector<Date> from(parties_.size(), effective_);
  for (const RowEdge& edge : edges_) {
    for (const std::size_t end : {edge.parent, edge.child}) {
      from[end] = std::min(from[end], edge.valid.from);
    }
  }
  for (std::size_t i = 0; i < parties_.size(); ++i) {
    if (parties_[i].present) CommitParty(parties_[i], from[i]);
  }
  for (const RowEdge& edge : edges_) CommitEdge(edge);
}

RowParty Planner::ReadParty(const PartyRule& rule) {
  RowParty party;
  party.rule = &rule;
  const bool by_name = rule.key.type == IdentifierType::kNameKey;
  const std::string& key_column = by_name ? rule.name_column : rule.key.column;
  if (Cell(key_column).empty()) {
    if (!rule.optional) {
      Refuse(key_column, RejectCode::kMissingValue, "the {} needs its {}", rule.name,
             by_name ? "name" : IdentifierTypeName(rule.key.type));
    }
    return party;
  }
  party.name = std::string(Cell(rule.name_column));
  if (!party.name.empty()) {
    const Status form = CheckPartyName(party.name);
    if (!form.ok()) {
      Refuse(rule.name_column, RejectCode::kBadName, "{}", StatusMessage(form));
      return party;
    }
  }
  party.address = ReadAddress(file_, *row_, rule.address);
  const Status address = CheckAddress(party.address);
  if (!address.ok()) {
    Refuse("", RejectCode::kBadName, "{}", StatusMessage(address));
    party.address = Address();
  }
  auto key = ReadKey(rule);
  if (!key) return party;
  party.present = true;
  party.id = FindHolder(*key);
  party.identifiers.push_back(*std::move(key));
  ReadIdentifiers(rule, party);
  if (party.id) {
    CheckAgainstState(party);
  } else {
    CheckNew(party);
  }
  return party;
}

std::optional<Identifier> Planner::ReadKey(const PartyRule& rule) {
  if (rule.key.type == IdentifierType::kNameKey) {
    // Counted in every row, also a rejected one: the occurrence is the row's place in the file.
    const auto within = std::ranges::find(mapping_.parties, rule.key_within, &PartyRule::name);
    const int occurrence =
        ++occurrences_[{std::string(Cell(within->key.column)), FoldName(Cell(rule.name_column))}];
    return Identifier{rule.key.type, rule.key.scope, NameKey(Cell(rule.name_column), occurrence)};
  }
  auto key = MakeIdentifier(rule.key.type, rule.key.scope, Cell(rule.key.column));
  if (key.ok()) return *std::move(key);
  Refuse(rule.key.column, RejectCode::kBadIdentifier, "{}", StatusMessage(key.status()));
  return std::nullopt;
}

void Planner::ReadIdentifiers(const PartyRule& rule, RowParty& party) {
  for (const IdentifierColumn& column : rule.identifiers) {
    if (Cell(column.column).empty()) continue;
    auto identifier = MakeIdentifier(column.type, column.scope, Cell(column.column));
    if (!identifier.ok()) {
      Refuse(column.column, RejectCode::kBadIdentifier, "{}", StatusMessage(identifier.status()));
      continue;
    }
    const auto holder = FindHolder(*identifier);
    if (holder && holder != party.id) {
      Refuse(column.column, RejectCode::kIdentifierConflict,
             "{} belongs to {}, and {} names {}; decide which is right, parties are never merged",
             identifier->ToString(), Name(*holder), party.identifiers[0].ToString(),
             party.id ? Name(*party.id) : "a new party");
    }
    party.identifiers.push_back(*std::move(identifier));
  }
}

void Planner::CheckAgainstState(const RowParty& party) {
  const PartyState& state = states_.at(*party.id);
  const PartyRule& rule = *party.rule;
  if (state.kind != rule.kind) {
    Refuse(rule.key.column, RejectCode::kKindMismatch,
           "{} belongs to {}, a party of kind {}, not {}", party.identifiers[0].ToString(),
           Name(*party.id), PartyKindName(state.kind), PartyKindName(rule.kind));
  }
  for (const Identifier& given : party.identifiers) {
    for (const Identifier& held : state.held) {
      if (held.type != given.type || held.scope != given.scope || held == given) continue;
      Refuse("", RejectCode::kIdentifierConflict,
             "{} has {} and the row gives {}; end the one before the other begins", Name(*party.id),
             held.ToString(), given.ToString());
    }
  }
  if (state.stated_row == 0) return;
  if (!party.name.empty() && FoldName(party.name) != FoldName(state.name)) {
    Refuse(rule.name_column, RejectCode::kConflictingValue,
           "the {} is called '{}' here and '{}' in row {}; make them one", rule.name, party.name,
           state.name, state.stated_row);
  }
  if (party.address != Address() && state.address != Address() && party.address != state.address) {
    Refuse("", RejectCode::kConflictingValue,
           "the address of the {} '{}' is another one in row {}; make them one", rule.name,
           state.name, state.stated_row);
  }
}

void Planner::CheckNew(const RowParty& party) {
  const PartyRule& rule = *party.rule;
  if (party.name.empty()) {
    Refuse(rule.name_column, RejectCode::kMissingValue, "the {} is new and needs a name",
           rule.name);
  }
  const bool has_npi =
      std::ranges::count(party.identifiers, IdentifierType::kNpi, &Identifier::type) > 0;
  if (NeedsNpi(rule.kind) && !has_npi) {
    Refuse("", RejectCode::kNpiRequired,
           "the {} '{}' is new and has no NPI; give one, or load the person as {}", rule.name,
           party.name, PartyKindName(PartyKind::kOfficeEmployee));
  }
}

std::optional<std::size_t> Planner::FindPresent(std::string_view rule_name) const {
  for (std::size_t i = 0; i < parties_.size(); ++i) {
    if (parties_[i].present && parties_[i].rule->name == rule_name) return i;
  }
  return std::nullopt;
}

// The row's new parties have no ids yet; for one row, any that nobody else has will do.
PartyId Planner::EndId(std::size_t position) const {
  return parties_[position].id.value_or(PartyId(-1 - static_cast<std::int64_t>(position)));
}

std::optional<Date> Planner::ReadDate(const std::string& column, std::string_view text) {
  const auto date = ParseRosterDate(mapping_.date_format, text);
  if (date.ok()) return *date;
  Refuse(column, RejectCode::kBadDate, "{}", StatusMessage(date.status()));
  return std::nullopt;
}

void Planner::ReadEdge(const AffiliationRule& rule) {
  const auto parent = FindPresent(rule.parent);
  const auto child = FindPresent(rule.child);
  if (!parent || !child) return;
  if (EndId(*parent) == EndId(*child) ||
      parties_[*parent].identifiers[0] == parties_[*child].identifiers[0]) {
    Refuse("", RejectCode::kCycle, "the {} and the {} are one party, {}", rule.parent, rule.child,
           parties_[*child].name);
    return;
  }
  std::optional<Date> from = rule.from;
  if (const auto cell = Cell(rule.from_column); !cell.empty()) {
    from = ReadDate(rule.from_column, cell);
    if (!from) return;
  }
  std::optional<Date> to;
  if (const auto cell = Cell(rule.to_column); !cell.empty()) {
    to = ReadDate(rule.to_column, cell);
    if (!to) return;
    if (rule.to_is_last_day) *to += Days(1);
  }
  RowEdge edge{*parent, *child, &rule, {from.value_or(effective_), to}, false};
  const auto known = spans_.find({EndId(*parent), EndId(*child), rule.role});
  if (!from && known != spans_.end()) {
    for (const Span& span : known->second) {
      if (span.valid.Contains(effective_)) edge.valid.from = span.valid.from;
    }
  }
  if (edge.valid.IsEmpty()) {
    Refuse(rule.to_column, RejectCode::kEmptyRange,
           "the affiliation begins on {} and would end before; correct one of the dates",
           FormatDate(edge.valid.from));
    return;
  }
  RowEdge fitted = edge;
  if (FitSpan(edge, !rule.to_column.empty(), fitted)) edges_.push_back(fitted);
}

// Finds the known or planned span that the edge speaks of. Where the file has no column for the
// end, the known end stays. False when the edge overlaps another span.
bool Planner::FitSpan(const RowEdge& edge, bool end_stated, RowEdge& fitted) {
  const auto found = spans_.find({EndId(edge.parent), EndId(edge.child), edge.rule->role});
  if (found == spans_.end()) return true;
  for (const Span& span : found->second) {
    if (span.valid.from != edge.valid.from) continue;
    if (!end_stated) fitted.valid.to = span.valid.to;
    fitted.repeats = span.stated_row > 0 && span.valid == fitted.valid;
  }
  for (const Span& span : found->second) {
    const bool same = span.valid.from == fitted.valid.from;
    if (same ? span.stated_row == 0 || fitted.repeats : !span.valid.Overlaps(fitted.valid))
      continue;
    const std::string where =
        span.stated_row > 0 ? fmt::format("stated in row {}", span.stated_row) : "known";
    Refuse(edge.rule->from_column, RejectCode::kOverlappingAffiliation,
           "{} > {} as {} is {} {}, and this row says {}; end the first before the second begins, "
           "or give both the same first day",
           Name(EndId(edge.parent)), Name(EndId(edge.child)), edge.rule->role, where,
           span.valid.ToString(), fitted.valid.ToString());
    return false;
  }
  return true;
}

void Planner::CheckCycles() {
  std::vector<PartyId> added;
  for (const RowEdge& edge : edges_) {
    if (edge.repeats) continue;
    const PartyId parent = EndId(edge.parent);
    const PartyId child = EndId(edge.child);
    const auto cycle = graph_.WouldClose(parent, child, edge.valid);
    if (cycle) {
      std::string path;
      for (const PartyId party : cycle->parties) {
        path += path.empty() ? "" : " > ";
        path += party.Value() > 0 ? Name(party)
                                  : parties_[static_cast<std::size_t>(-1 - party.Value())].name;
      }
      Refuse("", RejectCode::kCycle, "on {} the hierarchy would contain itself: {}",
             FormatDate(cycle->day), path);
      break;
    }
    graph_.Add(parent, child, edge.valid);
    added.push_back(parent);
  }
  for (auto parent = added.rbegin(); parent != added.rend(); ++parent) graph_.RemoveLast(*parent);
}

bool Planner::IsDuplicate() const {
  bool any = false;
  for (const RowParty& party : parties_) {
    if (!party.present) continue;
    any = true;
    if (party.rule->key.type == IdentifierType::kNameKey || !party.id) return false;
    const PartyState& state = states_.at(*party.id);
    if (state.stated_row == 0) return false;
    if (party.address != Address() && state.address == Address()) return false;
    for (const Identifier& identifier : party.identifiers) {
      if (std::ranges::count(state.held, identifier) == 0) return false;
    }
  }
  return any && std::ranges::all_of(edges_, &RowEdge::repeats);
}

void Planner::CommitParty(RowParty& party, Date from) {
  // An earlier party of the row may have been the same new one.
  if (!party.id) party.id = FindHolder(party.identifiers[0]);
  if (!party.id) {
    party.id = next_id_();
    PartyState& state = states_[*party.id];
    state.kind = party.rule->kind;
    state.is_new = true;
    state.name = party.name;
    state.address = party.address;
    state.from = from;
    touched_.push_back(*party.id);
  }
  PartyState& state = states_.at(*party.id);
  state.from = std::min(state.from, from);
  const bool first = state.stated_row == 0;
  if (first) state.stated_row = row_->number;

  const bool new_name = first && !party.name.empty() && party.name != state.name &&
                        party.rule->key.type != IdentifierType::kNameKey;
  const bool new_address = party.address != Address() && party.address != state.address;
  if (new_name) state.name = party.name;
  if (new_address) state.address = party.address;
  const std::size_t added_before = state.added.size();
  for (const Identifier& identifier : party.identifiers) {
    if (std::ranges::count(state.held, identifier) > 0) continue;
    state.held.push_back(identifier);
    state.added.push_back(identifier);
    holders_[KeyText(identifier)] = *party.id;
  }
  if (state.is_new) return;
  const bool untouched = !state.detail_changed && added_before == 0;
  state.detail_changed = state.detail_changed || new_name || new_address;
  if (untouched && (state.detail_changed || !state.added.empty())) touched_.push_back(*party.id);
}

void Planner::CommitEdge(const RowEdge& edge) {
  const PartyId parent = EndId(edge.parent);
  const PartyId child = EndId(edge.child);
  const auto rule = static_cast<std::size_t>(edge.rule - mapping_.affiliations.data());
  stated_parents_.resize(mapping_.affiliations.size());
  stated_parents_[rule].insert(parent);
  if (edge.repeats) return;
  if (watch_cycles_) graph_.Add(parent, child, edge.valid);
  std::vector<Span>& list = spans_[{parent, child, edge.rule->role}];
  const auto same = std::ranges::find_if(
      list, [&](const Span& span) { return span.valid.from == edge.valid.from; });
  if (same == list.end()) {
    list.push_back({edge.valid, true, false, {}, row_->number});
  } else {
    same->valid = edge.valid;
    same->stated_row = row_->number;
  }
}

void Planner::EndAbsent() {
  stated_parents_.resize(mapping_.affiliations.size());
  for (std::size_t i = 0; i < mapping_.affiliations.size(); ++i) {
    const AffiliationRule& rule = mapping_.affiliations[i];
    if (!rule.complete) continue;
    const PartyKind kind = std::ranges::find(mapping_.parties, rule.child, &PartyRule::name)->kind;
    for (auto& [key, list] : spans_) {
      const auto& [parent, child, role] = key;
      if (role != rule.role || !stated_parents_[i].contains(parent)) continue;
      if (states_.at(child).kind != kind) continue;
      for (Span& span : list) {
        if (span.stated_row > 0 || !span.valid.Contains(effective_)) continue;
        // A span of no day is none: what would have begun on the effective day never was.
        span.withdrawn = span.valid.from == effective_;
        if (!span.withdrawn) span.valid.to = effective_;
      }
    }
  }
}

RosterPlan Planner::Take() {
  RosterPlan plan;
  ImportCounts& counts = plan.counts;
  counts.rows = static_cast<std::int64_t>(file_.rows.size());
  counts.rows_rejected = rejected_rows_;
  for (const PartyId id : touched_) {
    const PartyState& state = states_.at(id);
    const Date from = state.is_new ? state.from : effective_;
    if (state.is_new) plan.change.parties.push_back({id, state.kind});
    if (state.is_new || state.detail_changed) {
      plan.change.details.push_back({id, from, state.name, state.address});
    }
    for (const Identifier& identifier : state.added) {
      plan.change.identifiers.push_back({id, identifier, DateRange::From(from), false});
    }
    counts.parties_added += state.is_new ? 1 : 0;
    counts.parties_changed += !state.is_new && state.detail_changed ? 1 : 0;
    if (!state.is_new) counts.identifiers_added += static_cast<std::int64_t>(state.added.size());
  }
  for (const auto& [key, list] : spans_) {
    for (const Span& span : list) {
      if (!span.is_new && !span.withdrawn && span.valid == span.known) continue;
      const bool ends = span.withdrawn || (!span.is_new && span.valid.to &&
                                           (!span.known.to || *span.valid.to < *span.known.to));
      ++(span.is_new ? counts.affiliations_added
         : ends      ? counts.affiliations_ended
                     : counts.affiliations_changed);
      plan.change.affiliations.push_back(
          {std::get<0>(key), std::get<1>(key), std::get<2>(key), span.valid, span.withdrawn});
    }
  }
  plan.rejects = std::move(rejects_);
  return plan;
}

}  // namespace

std::string_view RejectCodeName(RejectCode code) {
  switch (code) {
    case RejectCode::kMissingValue:
      return "MISSING_VALUE";
    case RejectCode::kBadName:
      return "BAD_NAME";
    case RejectCode::kBadIdentifier:
      return "BAD_IDENTIFIER";
    case RejectCode::kIdentifierConflict:
      return "IDENTIFIER_CONFLICT";
    case RejectCode::kKindMismatch:
      return "KIND_MISMATCH";
    case RejectCode::kConflictingValue:
      return "CONFLICTING_VALUE";
    case RejectCode::kNpiRequired:
      return "NPI_REQUIRED";
    case RejectCode::kBadDate:
      return "BAD_DATE";
    case RejectCode::kEmptyRange:
      return "EMPTY_RANGE";
    case RejectCode::kOverlappingAffiliation:
      return "OVERLAPPING_AFFILIATION";
    case RejectCode::kDuplicateRow:
      return "DUPLICATE_ROW";
    case RejectCode::kCycle:
      return "CYCLE";
  }
  CHECK(false);
}

std::string Reject::ToString() const {
  const std::string place =
      column.empty() ? fmt::format("row {}", row) : fmt::format("row {} column '{}'", row, column);
  return fmt::format("{}: {}: {}", place, RejectCodeName(code), reason);
}

RosterPlan PlanRoster(const RosterFile& file, const RosterMapping& mapping, const Knowledge& known,
                      Date effective, const std::function<PartyId()>& next_id) {
  Planner planner(file, mapping, known, effective, next_id);
  planner.Run();
  if (!planner.HasCycle()) return planner.Take();
  // Rare, so it may be slow: plan again, edge by edge, to tell which rows are to blame.
  Planner watchful(file, mapping, known, effective, next_id);
  watchful.WatchCycles(planner.PlannedSpans());
  watchful.Run();
  return watchful.Take();
}

}  // namespace sluice::hierarchy
