#include "hierarchy/roster_draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "hierarchy/dated_graph.h"

namespace sluice::hierarchy {
namespace {

std::string KeyText(const Identifier& identifier) {
  return fmt::format("{}|{}|{}", static_cast<int>(identifier.type), identifier.scope,
                     identifier.value);
}

}  // namespace

RosterDraft::RosterDraft(const Knowledge& known, Date effective) : effective_(effective) {
  states_.reserve(known.parties.size());
  for (const Party& party : known.parties) states_[party.id].kind = party.kind;
  IndexDetails(known);
  IndexIdentifiers(known);
  for (const Affiliation& span : known.affiliations) {
    spans_[{span.parent, span.child, span.role}].push_back(
        {span.valid, false, false, span.valid, 0});
  }
}

// The name on the effective day: the last detail that has begun, or else the first there is.
void RosterDraft::IndexDetails(const Knowledge& known) {
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

void RosterDraft::IndexIdentifiers(const Knowledge& known) {
  std::vector<const PartyIdentifier*> sorted;
  for (const PartyIdentifier& span : known.identifiers) sorted.push_back(&span);
  std::ranges::sort(sorted, {}, [](const PartyIdentifier* span) { return span->valid.from; });
  for (const PartyIdentifier* span : sorted) {
    // A value that ended still tells whom it named, unless it names another party since.
    holders_[KeyText(span->identifier)] = span->party;
    const bool ended = span->valid.to && *span->valid.to <= effective_;
    if (!ended) states_[span->party].held.push_back(span->identifier);
  }
  // Where a later span has another holder, the holder on the day counts.
  for (const PartyIdentifier* span : sorted) {
    if (span->valid.Contains(effective_)) holders_[KeyText(span->identifier)] = span->party;
  }
}

std::optional<PartyId> RosterDraft::FindHolder(const Identifier& identifier) const {
  const auto found = holders_.find(KeyText(identifier));
  if (found == holders_.end()) return std::nullopt;
  return found->second;
}

std::string RosterDraft::Name(PartyId party) const {
  return fmt::format("{} ({})", State(party).name, party);
}

const std::vector<DraftSpan>* RosterDraft::FindSpans(const EdgeKey& key) const {
  const auto found = spans_.find(key);
  return found == spans_.end() ? nullptr : &found->second;
}

bool RosterDraft::HasCycle() const {
  std::vector<Affiliation> all;
  for (const auto& [key, list] : spans_) {
    for (const DraftSpan& span : list) {
      all.push_back({std::get<0>(key), std::get<1>(key), {}, span.valid, span.withdrawn});
    }
  }
  return FindCycle(all).has_value();
}

PartyId RosterDraft::Add(const PartyStatement& statement, const std::function<PartyId()>& next_id) {
  auto id = FindHolder(statement.identifiers[0]);
  if (!id) {
    id = next_id();
    touched_.push_back(*id);
    PartyState& added = states_[*id];
    added.kind = statement.kind;
    added.is_new = true;
    added.name = statement.name;
    added.address = statement.address;
    added.from = statement.from;
  }
  PartyState& state = states_.at(*id);
  state.from = std::min(state.from, statement.from);
  const bool was_touched = state.detail_changed || !state.added.empty();

  // Later rows may write the name in another case; the first one counts.
  const bool new_name =
      state.stated_row == 0 && !statement.name.empty() && statement.name != state.name;
  const bool new_address = statement.address != Address() && statement.address != state.address;
  if (new_name) state.name = statement.name;
  if (new_address) state.address = statement.address;
  if (state.stated_row == 0) state.stated_row = statement.row;
  for (const Identifier& identifier : statement.identifiers) {
    if (std::ranges::count(state.held, identifier) > 0) continue;
    state.held.push_back(identifier);
    state.added.push_back(identifier);
    holders_[KeyText(identifier)] = *id;
  }
  if (state.is_new) return *id;
  state.detail_changed = state.detail_changed || new_name || new_address;
  const bool is_touched = state.detail_changed || !state.added.empty();
  if (is_touched && !was_touched) touched_.push_back(*id);
  return *id;
}

void RosterDraft::Add(const EdgeKey& key, const DateRange& valid, std::int64_t row) {
  std::vector<DraftSpan>& list = spans_[key];
  const auto same = std::ranges::find_if(
      list, [&](const DraftSpan& span) { return span.valid.from == valid.from; });
  if (same == list.end()) {
    list.push_back({valid, true, false, {}, row});
  } else {
    same->valid = valid;
    same->stated_row = row;
  }
}

void RosterDraft::EndUnstated(const std::set<PartyId>& parents, PartyKind child_kind,
                              std::string_view role) {
  for (auto& [key, list] : spans_) {
    const auto& [parent, child, span_role] = key;
    if (span_role != role || !parents.contains(parent)) continue;
    if (State(child).kind != child_kind) continue;
    for (DraftSpan& span : list) {
      if (span.stated_row > 0 || !span.valid.Contains(effective_)) continue;
      // A span of no day is none: what would have begun on the effective day never was.
      span.withdrawn = span.valid.from == effective_;
      if (!span.withdrawn) span.valid.to = effective_;
    }
  }
}

void RosterDraft::Emit(ChangeSet& change, ImportCounts& counts) const {
  for (const PartyId id : touched_) {
    const PartyState& state = State(id);
    const Date from = state.is_new ? state.from : effective_;
    if (state.is_new) change.parties.push_back({id, state.kind});
    if (state.is_new || state.detail_changed) {
      change.details.push_back({id, from, state.name, state.address});
    }
    for (const Identifier& identifier : state.added) {
      change.identifiers.push_back({id, identifier, DateRange::From(from), false});
    }
    counts.parties_added += state.is_new ? 1 : 0;
    counts.parties_changed += !state.is_new && state.detail_changed ? 1 : 0;
    if (!state.is_new) counts.identifiers_added += static_cast<std::int64_t>(state.added.size());
  }
  for (const auto& [key, list] : spans_) {
    for (const DraftSpan& span : list) {
      if (!span.is_new && !span.withdrawn && span.valid == span.known) continue;
      const bool ends = span.withdrawn || (!span.is_new && span.valid.to &&
                                           (!span.known.to || *span.valid.to < *span.known.to));
      if (span.is_new) {
        ++counts.affiliations_added;
      } else {
        ++(ends ? counts.affiliations_ended : counts.affiliations_changed);
      }
      change.affiliations.push_back(
          {std::get<0>(key), std::get<1>(key), std::get<2>(key), span.valid, span.withdrawn});
    }
  }
}

}  // namespace sluice::hierarchy
