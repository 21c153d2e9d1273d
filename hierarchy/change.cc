#include "hierarchy/change.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/check.h"
#include "hierarchy/dated_graph.h"

namespace sluice::hierarchy {
namespace {

auto DetailKey(const PartyDetail& detail) { return std::tie(detail.party, detail.valid_from); }
auto IdentifierKey(const PartyIdentifier& span) {
  return std::tie(span.identifier, span.valid.from);
}
auto AffiliationKey(const Affiliation& span) {
  return std::tie(span.parent, span.child, span.role, span.valid.from);
}

// Both lists in the order of the key; where both hold a key, the new word wins.
template <typename T, typename Key>
std::vector<T> MergeSpans(const std::vector<T>& known, const std::vector<T>& added, Key key) {
  std::vector<T> merged;
  merged.reserve(known.size() + added.size());
  merged.insert(merged.end(), added.begin(), added.end());
  merged.insert(merged.end(), known.begin(), known.end());
  std::ranges::stable_sort(merged, {}, key);
  const auto same = std::ranges::unique(merged, {}, key);
  merged.erase(same.begin(), same.end());
  if constexpr (requires(const T& span) { span.withdrawn; }) std::erase_if(merged, &T::withdrawn);
  return merged;
}

// One check of one change. Each Check... appends what it finds.
class Checker {
 public:
  Checker(const Knowledge& known, const ChangeSet& change, std::size_t limit)
      : known_(known), change_(change), limit_(limit) {}

  std::vector<Finding> Run() {
    CheckDuplicates();
    CollectParties();
    CheckDetails();
    CheckIdentifiers();
    CheckAffiliations();
    // Overlaps and cycles are looked for in what the change would make known, which makes sense
    // only of spans that are well formed.
    if (!findings_.empty()) return std::move(findings_);
    CheckIdentifierConflicts();
    CheckNpis();
    CheckOverlapsAndCycles();
    std::ranges::stable_sort(findings_, {}, &Finding::problem);
    return std::move(findings_);
  }

 private:
  template <typename... Args>
  void Add(Problem problem, fmt::format_string<Args...> format, Args&&... args) {
    if (findings_.size() >= limit_) return;
    findings_.push_back({problem, fmt::format(format, std::forward<Args>(args)...)});
  }

  // The name that the change or else what is known gives the party. Indexed at the first use: a
  // good change needs no names.
  std::string Name(PartyId party) {
    if (names_.empty()) {
      for (const PartyDetail& detail : change_.details) names_.emplace(detail.party, &detail);
      for (const PartyDetail& detail : known_.details) names_.emplace(detail.party, &detail);
    }
    const auto found = names_.find(party);
    if (found == names_.end()) return party.ToString();
    return fmt::format("{} ({})", found->second->name, party);
  }

  template <typename T, typename Key, typename Describe>
  void CheckTwice(const std::vector<T>& given, Key key, Describe describe) {
    std::vector<const T*> sorted;
    sorted.reserve(given.size());
    for (const T& one : given) sorted.push_back(&one);
    const auto by_key = [&](const T* one) { return key(*one); };
    std::ranges::stable_sort(sorted, {}, by_key);
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      if (by_key(sorted[i]) == by_key(sorted[i - 1])) {
        Add(Problem::kDuplicate, "{} is given twice in one change", describe(*sorted[i]));
      }
    }
  }

  void CheckDuplicates() {
    CheckTwice(
        change_.parties, [](const Party& party) { return party.id; },
        [](const Party& party) { return party.id.ToString(); });
    CheckTwice(change_.details, DetailKey, [this](const PartyDetail& detail) {
      return fmt::format("the name of {} from {}", Name(detail.party),
                         FormatDate(detail.valid_from));
    });
    CheckTwice(change_.identifiers, IdentifierKey, [](const PartyIdentifier& span) {
      return fmt::format("{} from {}", span.identifier.ToString(), FormatDate(span.valid.from));
    });
    CheckTwice(change_.affiliations, AffiliationKey, [this](const Affiliation& span) {
      return fmt::format("{} > {} as {} from {}", Name(span.parent), Name(span.child), span.role,
                         FormatDate(span.valid.from));
    });
  }

  void CollectParties() {
    kinds_.reserve(known_.parties.size() + change_.parties.size());
    for (const Party& party : known_.parties) kinds_.emplace(party.id, party.kind);
    std::unordered_set<PartyId> named;
    for (const PartyDetail& detail : change_.details) named.insert(detail.party);
    for (const Party& party : change_.parties) {
      if (kinds_.contains(party.id)) {
        Add(Problem::kDuplicate, "{} exists already", Name(party.id));
      }
      kinds_.emplace(party.id, party.kind);
      if (!named.contains(party.id)) {
        Add(Problem::kBadName, "{} is added without a name", party.id);
      }
    }
  }

  bool CheckKnown(PartyId party) {
    if (kinds_.contains(party)) return true;
    Add(Problem::kUnknownParty, "there is no party {}; add it first or in the same change", party);
    return false;
  }

  void CheckDetails() {
    for (const PartyDetail& detail : change_.details) {
      CheckKnown(detail.party);
      for (const Status& status : {CheckPartyName(detail.name), CheckAddress(detail.address)}) {
        if (!status.ok()) Add(Problem::kBadName, "{}: {}", detail.party, StatusMessage(status));
      }
    }
  }

  // The span must have a day, and a withdrawn one must be known.
  template <typename T, typename Key>
  void CheckSpans(const std::vector<T>& given, const std::vector<T>& known, Key key) {
    std::vector<const T*> sorted;
    const auto by_key = [&](const T* span) { return key(*span); };
    if (std::ranges::any_of(given, &T::withdrawn)) {
      for (const T& span : known) sorted.push_back(&span);
      std::ranges::sort(sorted, {}, by_key);
    }
    for (const T& span : given) {
      if (span.valid.IsEmpty()) {
        Add(Problem::kEmptyRange, "{}: the end {} is not after the first day {}", Describe(span),
            FormatDate(*span.valid.to), FormatDate(span.valid.from));
      }
      if (span.withdrawn && !std::ranges::binary_search(sorted, key(span), {}, by_key)) {
        Add(Problem::kNothingToWithdraw, "{}: nothing known starts on {}", Describe(span),
            FormatDate(span.valid.from));
      }
    }
  }

  std::string Describe(const PartyIdentifier& span) { return span.identifier.ToString(); }
  std::string Describe(const Affiliation& span) {
    return fmt::format("{} > {} as {}", Name(span.parent), Name(span.child), span.role);
  }

  void CheckIdentifiers() {
    for (const PartyIdentifier& span : change_.identifiers) {
      CheckKnown(span.party);
      const Identifier& given = span.identifier;
      const auto canonical = MakeIdentifier(given.type, given.scope, given.value);
      if (!canonical.ok()) {
        Add(Problem::kBadIdentifier, "{}: {}", Name(span.party), StatusMessage(canonical.status()));
      } else if (*canonical != given) {
        Add(Problem::kBadIdentifier, "{}: the {} is not in its canonical form", Name(span.party),
            IdentifierTypeName(given.type));
      }
    }
    CheckSpans(change_.identifiers, known_.identifiers, IdentifierKey);
  }

  void CheckAffiliations() {
    for (const Affiliation& span : change_.affiliations) {
      const Status form = CheckRole(span.role);
      if (!form.ok()) Add(Problem::kBadRole, "{}", StatusMessage(form));
      const bool both_known = CheckKnown(span.parent) && CheckKnown(span.child);
      if (!both_known || span.withdrawn) continue;
      const PartyKind parent = kinds_.at(span.parent);
      const PartyKind child = kinds_.at(span.child);
      if (!MayContain(parent, child)) {
        Add(Problem::kKindNotAllowed, "{}: a party of kind {} cannot belong to one of kind {}",
            Describe(span), PartyKindName(child), PartyKindName(parent));
      }
    }
    CheckSpans(change_.affiliations, known_.affiliations, AffiliationKey);
  }

  void CheckIdentifierConflicts() {
    if (change_.identifiers.empty()) return;
    auto merged = MergeSpans(known_.identifiers, change_.identifiers, IdentifierKey);
    for (std::size_t i = 1; i < merged.size(); ++i) {
      const PartyIdentifier& a = merged[i - 1];
      const PartyIdentifier& b = merged[i];
      if (a.identifier != b.identifier || !a.valid.Overlaps(b.valid)) continue;
      Add(Problem::kIdentifierConflict,
          "{} belongs to {} {} and to {} {}; end the one or correct the other",
          a.identifier.ToString(), Name(a.party), a.valid.ToString(), Name(b.party),
          b.valid.ToString());
    }
    std::ranges::sort(merged, {}, [](const PartyIdentifier& span) {
      return std::tie(span.party, span.identifier.type, span.identifier.scope, span.valid.from);
    });
    for (std::size_t i = 1; i < merged.size(); ++i) {
      const PartyIdentifier& a = merged[i - 1];
      const PartyIdentifier& b = merged[i];
      const bool same_numbering = a.party == b.party && a.identifier.type == b.identifier.type &&
                                  a.identifier.scope == b.identifier.scope;
      if (!same_numbering || a.identifier == b.identifier || !a.valid.Overlaps(b.valid)) continue;
      Add(Problem::kIdentifierConflict, "{} has {} {} and {} {}; end the first before the second",
          Name(a.party), a.identifier.ToString(), a.valid.ToString(), b.identifier.ToString(),
          b.valid.ToString());
    }
  }

  void CheckNpis() {
    std::unordered_set<PartyId> with_npi;
    for (const PartyIdentifier& span : change_.identifiers) {
      if (span.identifier.type == IdentifierType::kNpi) with_npi.insert(span.party);
    }
    for (const Party& party : change_.parties) {
      if (!NeedsNpi(party.kind) || with_npi.contains(party.id)) continue;
      Add(Problem::kNpiRequired, "{} is a {} and has no NPI; give one, or add the person as {}",
          Name(party.id), PartyKindName(party.kind), PartyKindName(PartyKind::kOfficeEmployee));
    }
  }

  void CheckOverlapsAndCycles() {
    if (change_.affiliations.empty()) return;
    const auto merged = MergeSpans(known_.affiliations, change_.affiliations, AffiliationKey);
    for (std::size_t i = 1; i < merged.size(); ++i) {
      const Affiliation& a = merged[i - 1];
      const Affiliation& b = merged[i];
      const bool same_edge = a.parent == b.parent && a.child == b.child && a.role == b.role;
      if (!same_edge || !a.valid.Overlaps(b.valid)) continue;
      Add(Problem::kOverlappingAffiliation,
          "{} is stated {} and {}; end the first before the "
          "second begins",
          Describe(a), a.valid.ToString(), b.valid.ToString());
    }
    if (const auto cycle = FindCycle(merged)) {
      std::string path;
      for (const PartyId party : cycle->parties) {
        path += path.empty() ? Name(party) : " > " + Name(party);
      }
      Add(Problem::kCycle,
          "on {} the hierarchy would contain itself: {}; end one of these "
          "affiliations first",
          FormatDate(cycle->day), path);
    }
  }

  const Knowledge& known_;
  const ChangeSet& change_;
  std::size_t limit_;
  std::unordered_map<PartyId, PartyKind> kinds_;
  std::unordered_map<PartyId, const PartyDetail*> names_;
  std::vector<Finding> findings_;
};

// The name on the day: the last detail that has begun, or else the first there is.
const PartyDetail& DetailOn(std::span<const PartyDetail> of_party, Date day) {
  const auto next = std::ranges::upper_bound(of_party, day, {}, &PartyDetail::valid_from);
  return next == of_party.begin() ? of_party.front() : *std::prev(next);
}

}  // namespace

void ChangeSet::AddParty(Party party, std::string_view name, Date from,
                         std::span<const Identifier> given) {
  parties.push_back(party);
  details.push_back({party.id, from, std::string(name), {}});
  for (const Identifier& identifier : given) {
    identifiers.push_back({party.id, identifier, DateRange::From(from), false});
  }
}

void ChangeSet::AddAffiliation(PartyId parent, PartyId child, std::string_view role,
                               DateRange valid) {
  affiliations.push_back({parent, child, std::string(role), valid, false});
}

StatusOr<HierarchySnapshot> Knowledge::AsOf(Date day) const {
  std::vector<SnapshotParty> on_day;
  on_day.reserve(parties.size());
  std::unordered_map<PartyId, std::size_t> position;
  position.reserve(parties.size());
  for (const Party& party : parties) {
    position.emplace(party.id, on_day.size());
    on_day.push_back({party.id, party.kind, {}, {}});
  }
  std::vector<PartyDetail> sorted = details;
  std::ranges::sort(sorted, {}, DetailKey);
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    while (end < sorted.size() && sorted[end].party == sorted[i].party) ++end;
    const auto found = position.find(sorted[i].party);
    if (found != position.end()) {
      on_day[found->second].name = DetailOn(std::span(sorted).subspan(i, end - i), day).name;
    }
    i = end;
  }
  for (const PartyIdentifier& span : identifiers) {
    const auto found = position.find(span.party);
    if (found == position.end() || !span.valid.Contains(day)) continue;
    on_day[found->second].identifiers.push_back(span.identifier);
  }
  std::vector<SnapshotEdge> edges;
  for (const Affiliation& span : affiliations) {
    if (span.valid.Contains(day)) edges.push_back({span.parent, span.child, span.role, span.valid});
  }
  return HierarchySnapshot::Make({day, version}, std::move(on_day), std::move(edges));
}

std::string Knowledge::NameOf(PartyId party) const {
  const PartyDetail* latest = nullptr;
  for (const PartyDetail& detail : details) {
    if (detail.party != party) continue;
    if (latest == nullptr || detail.valid_from > latest->valid_from) latest = &detail;
  }
  return latest ? fmt::format("{} ({})", latest->name, party) : party.ToString();
}

std::string_view ProblemName(Problem problem) {
  switch (problem) {
    case Problem::kDuplicate:
      return "DUPLICATE";
    case Problem::kUnknownParty:
      return "UNKNOWN_PARTY";
    case Problem::kBadName:
      return "BAD_NAME";
    case Problem::kBadIdentifier:
      return "BAD_IDENTIFIER";
    case Problem::kIdentifierConflict:
      return "IDENTIFIER_CONFLICT";
    case Problem::kNpiRequired:
      return "NPI_REQUIRED";
    case Problem::kKindNotAllowed:
      return "KIND_NOT_ALLOWED";
    case Problem::kBadRole:
      return "BAD_ROLE";
    case Problem::kEmptyRange:
      return "EMPTY_RANGE";
    case Problem::kNothingToWithdraw:
      return "NOTHING_TO_WITHDRAW";
    case Problem::kOverlappingAffiliation:
      return "OVERLAPPING_AFFILIATION";
    case Problem::kCycle:
      return "CYCLE";
  }
  CHECK(false);
}

std::vector<Finding> CheckChange(const Knowledge& known, const ChangeSet& change,
                                 std::size_t limit) {
  return Checker(known, change, limit).Run();
}

Knowledge Merge(const Knowledge& known, const ChangeSet& change, std::int64_t version) {
  Knowledge merged;
  merged.version = version;
  merged.parties = known.parties;
  merged.parties.insert(merged.parties.end(), change.parties.begin(), change.parties.end());
  std::ranges::sort(merged.parties, {}, &Party::id);
  merged.details = MergeSpans(known.details, change.details, DetailKey);
  merged.identifiers = MergeSpans(known.identifiers, change.identifiers, IdentifierKey);
  merged.affiliations = MergeSpans(known.affiliations, change.affiliations, AffiliationKey);
  return merged;
}

}  // namespace sluice::hierarchy
