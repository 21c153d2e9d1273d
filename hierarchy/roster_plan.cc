#include "hierarchy/roster_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/check.h"
#include "hierarchy/dated_graph.h"
#include "hierarchy/roster_draft.h"

namespace sluice::hierarchy {
namespace {

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

// A nine-digit ZIP code without its dash, as the national provider file writes it, gets one.
std::string PostalCode(std::string_view text) {
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (text.size() != 9 || !digits) return std::string(text);
  return fmt::format("{}-{}", text.substr(0, 5), text.substr(5));
}

Address ReadAddress(const RosterFile& file, const RosterRow& row, const AddressColumns& columns) {
  return {std::string(file.Cell(row, columns.line1)), std::string(file.Cell(row, columns.line2)),
          std::string(file.Cell(row, columns.city)), std::string(file.Cell(row, columns.state)),
          PostalCode(file.Cell(row, columns.postal_code))};
}

class Planner {
 public:
  Planner(const RosterFile& file, const RosterMapping& mapping, const Knowledge& known,
          Date effective, const std::function<PartyId()>& next_id)
      : file_(file),
        mapping_(mapping),
        effective_(effective),
        next_id_(next_id),
        draft_(known, effective),
        stated_parents_(mapping.affiliations.size()) {}

  // Rejects rows that would close a cycle, with the known affiliations as they stand in `spans`,
  // the outcome of planning without this.
  void WatchCycles(const DraftSpans& spans) {
    watch_cycles_ = true;
    for (const auto& [key, list] : spans) {
      for (const DraftSpan& span : list) {
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

  const RosterDraft& Draft() const { return draft_; }

  RosterPlan Take();

 private:
  void PlanRow(const RosterRow& row);
  template <typename... Args>
  void Refuse(std::string_view column, RejectCode code, fmt::format_string<Args...> format,
              Args&&... args) {
    row_rejects_.push_back({row_->number, std::string(column), code,
                            fmt::format(format, std::forward<Args>(args)...)});
  }
  std::string_view Cell(std::string_view column) const { return file_.Cell(*row_, column); }
  // The name of the rule's party: its columns, those that are not empty, joined by blanks.
  std::string NameCell(const PartyRule& rule) const;

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

  void Commit();
  void EndAbsent();

  const RosterFile& file_;
  const RosterMapping& mapping_;
  Date effective_;
  const std::function<PartyId()>& next_id_;

  RosterDraft draft_;
  std::map<std::pair<std::string, std::string>, int> occurrences_;
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
      if (party.present) earlier = std::max(earlier, draft_.State(*party.id).stated_row);
    }
    for (const RowEdge& edge : edges_) {
      const EdgeKey key{EndId(edge.parent), EndId(edge.child), edge.rule->role};
      for (const DraftSpan& span : *draft_.FindSpans(key)) {
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
  Commit();
}

void Planner::Commit() {
  std::vector<Date> from(parties_.size(), effective_);
  for (const RowEdge& edge : edges_) {
    for (const std::size_t end : {edge.parent, edge.child}) {
      from[end] = std::min(from[end], edge.valid.from);
    }
  }
  for (std::size_t i = 0; i < parties_.size(); ++i) {
    RowParty& party = parties_[i];
    if (!party.present) continue;
    // A party known by name keeps the spelling it came with: its name is its key.
    const bool keeps_name = party.id && party.rule->key.type == IdentifierType::kNameKey;
    party.id = draft_.Add(
        {row_->number, party.rule->kind, std::move(party.identifiers),
         keeps_name ? std::string() : std::move(party.name), std::move(party.address), from[i]},
        next_id_);
  }
  for (const RowEdge& edge : edges_) {
    const PartyId parent = EndId(edge.parent);
    const PartyId child = EndId(edge.child);
    stated_parents_[static_cast<std::size_t>(edge.rule - mapping_.affiliations.data())].insert(
        parent);
    if (edge.repeats) continue;
    draft_.Add({parent, child, edge.rule->role}, edge.valid, row_->number);
    if (watch_cycles_) graph_.Add(parent, child, edge.valid);
  }
}

std::string Planner::NameCell(const PartyRule& rule) const {
  std::string name;
  for (const std::string& column : rule.name_columns) {
    const std::string_view part = Cell(column);
    if (part.empty()) continue;
    if (!name.empty()) name += ' ';
    name += part;
  }
  return name;
}

RowParty Planner::ReadParty(const PartyRule& rule) {
  RowParty party;
  party.rule = &rule;
  const bool by_name = rule.key.type == IdentifierType::kNameKey;
  const std::string& key_column = by_name ? rule.name_columns.front() : rule.key.column;
  if (!rule.when_column.empty() && Cell(rule.when_column) != rule.when_value) return party;
  if (Cell(key_column).empty()) {
    if (!rule.optional) {
      Refuse(key_column, RejectCode::kMissingValue, "the {} needs its {}", rule.name,
             by_name ? "name" : IdentifierTypeName(rule.key.type));
    }
    return party;
  }
  party.name = NameCell(rule);
  if (!party.name.empty()) {
    const Status form = CheckPartyName(party.name);
    if (!form.ok()) {
      Refuse(rule.name_columns.front(), RejectCode::kBadName, "{}", StatusMessage(form));
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
  party.id = draft_.FindHolder(*key);
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
        ++occurrences_[{std::string(Cell(within->key.column)), FoldName(NameCell(rule))}];
    return Identifier{rule.key.type, rule.key.scope, NameKey(NameCell(rule), occurrence)};
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
    const auto holder = draft_.FindHolder(*identifier);
    if (holder && holder != party.id) {
      Refuse(column.column, RejectCode::kIdentifierConflict,
             "{} belongs to {}, and {} names {}; decide which is right, parties are never merged",
             identifier->ToString(), draft_.Name(*holder), party.identifiers[0].ToString(),
             party.id ? draft_.Name(*party.id) : "a new party");
    }
    party.identifiers.push_back(*std::move(identifier));
  }
}

void Planner::CheckAgainstState(const RowParty& party) {
  const PartyState& state = draft_.State(*party.id);
  const PartyRule& rule = *party.rule;
  if (state.kind != rule.kind) {
    Refuse(rule.key.column, RejectCode::kKindMismatch,
           "{} belongs to {}, a party of kind {}, not {}", party.identifiers[0].ToString(),
           draft_.Name(*party.id), PartyKindName(state.kind), PartyKindName(rule.kind));
  }
  for (const Identifier& given : party.identifiers) {
    for (const Identifier& held : state.held) {
      if (held.type != given.type || held.scope != given.scope || held == given) continue;
      Refuse("", RejectCode::kIdentifierConflict,
             "{} has {} and the row gives {}; end the one before the other begins",
             draft_.Name(*party.id), held.ToString(), given.ToString());
    }
  }
  if (state.stated_row == 0) return;
  if (!party.name.empty() && FoldName(party.name) != FoldName(state.name)) {
    Refuse(rule.name_columns.front(), RejectCode::kConflictingValue,
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
    Refuse(rule.name_columns.front(), RejectCode::kMissingValue, "the {} is new and needs a name",
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
  const auto* const known = draft_.FindSpans({EndId(*parent), EndId(*child), rule.role});
  if (!from && known != nullptr) {
    for (const DraftSpan& span : *known) {
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
  const auto* const found =
      draft_.FindSpans({EndId(edge.parent), EndId(edge.child), edge.rule->role});
  if (found == nullptr) return true;
  for (const DraftSpan& span : *found) {
    if (span.valid.from != edge.valid.from) continue;
    if (!end_stated) fitted.valid.to = span.valid.to;
    fitted.repeats = span.stated_row > 0 && span.valid == fitted.valid;
  }
  for (const DraftSpan& span : *found) {
    const bool same = span.valid.from == fitted.valid.from;
    if (same ? span.stated_row == 0 || fitted.repeats : !span.valid.Overlaps(fitted.valid))
      continue;
    const std::string where =
        span.stated_row > 0 ? fmt::format("stated in row {}", span.stated_row) : "known";
    Refuse(edge.rule->from_column, RejectCode::kOverlappingAffiliation,
           "{} > {} as {} is {} {}, and this row says {}; end the first before the second begins, "
           "or give both the same first day",
           draft_.Name(EndId(edge.parent)), draft_.Name(EndId(edge.child)), edge.rule->role, where,
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
        path += party.Value() > 0 ? draft_.Name(party)
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
    const PartyState& state = draft_.State(*party.id);
    if (state.stated_row == 0) return false;
    if (party.address != Address() && state.address == Address()) return false;
    for (const Identifier& identifier : party.identifiers) {
      if (std::ranges::count(state.held, identifier) == 0) return false;
    }
  }
  return any && std::ranges::all_of(edges_, &RowEdge::repeats);
}

void Planner::EndAbsent() {
  for (std::size_t i = 0; i < mapping_.affiliations.size(); ++i) {
    const AffiliationRule& rule = mapping_.affiliations[i];
    if (!rule.complete) continue;
    const auto child = std::ranges::find(mapping_.parties, rule.child, &PartyRule::name);
    draft_.EndUnstated(stated_parents_[i], child->kind, rule.role);
  }
}

RosterPlan Planner::Take() {
  RosterPlan plan;
  draft_.Emit(plan.change, plan.counts);
  plan.counts.rows = static_cast<std::int64_t>(file_.rows.size());
  plan.counts.rows_rejected = rejected_rows_;
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
  if (!planner.Draft().HasCycle()) return planner.Take();
  // Rare, so it may be slow: plan again, edge by edge, to tell which rows are to blame.
  Planner watchful(file, mapping, known, effective, next_id);
  watchful.WatchCycles(planner.Draft().Spans());
  watchful.Run();
  return watchful.Take();
}

}  // namespace sluice::hierarchy
