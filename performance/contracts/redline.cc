#include "performance/contracts/redline.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "performance/contracts/list_pairing.h"

namespace sluice::performance {
namespace {

// --- Comparing ----------------------------------------------------------------------------------

class Comparison {
 public:
  std::vector<TermChange> Take() { return std::move(changes_); }

  void Compare(const TermNode& before, const std::string& old_path, const TermNode& after,
               const std::string& path) {
    CHECK(before.kind == after.kind);
    switch (before.kind) {
      case TermKind::kMessage:
        return CompareMessages(before, old_path, after, path);
      case TermKind::kList:
        return CompareLists(before, old_path, after, path);
      default:
        if (before.value != after.value) {
          Add(ChangeKind::kChanged, old_path, path, &before, &after);
        }
    }
  }

 private:
  void Add(ChangeKind kind, const std::string& old_path, const std::string& path,
           const TermNode* before, const TermNode* after) {
    changes_.push_back(TermChange{.kind = kind, .old_path = old_path, .path = path});
    if (before != nullptr) changes_.back().before = *before;
    if (after != nullptr) changes_.back().after = *after;
  }

  void CompareMessages(const TermNode& before, const std::string& old_path, const TermNode& after,
                       const std::string& path) {
    for (const TermNode& was : before.children) {
      if (after.Find(was.name) == nullptr) {
        const std::string field = FieldPath(old_path, was.name);
        Add(ChangeKind::kRemoved, field, field, &was, nullptr);
      }
    }
    for (const TermNode& is : after.children) {
      const std::string field = FieldPath(path, is.name);
      if (const TermNode* was = before.Find(is.name)) {
        Compare(*was, FieldPath(old_path, is.name), is, field);
      } else {
        Add(ChangeKind::kAdded, old_path, field, nullptr, &is);
      }
    }
  }

  void CompareLists(const TermNode& before, const std::string& old_path, const TermNode& after,
                    const std::string& path) {
    const ListPairing pairing = PairElements(before, after);
    for (const std::size_t i : pairing.removed) {
      const std::string place = ElementPath(old_path, i);
      Add(ChangeKind::kRemoved, place, place, &before.children[i], nullptr);
    }
    std::map<std::size_t, std::pair<std::size_t, bool>> from;
    for (std::size_t k = 0; k < pairing.pairs.size(); ++k) {
      from.emplace(pairing.pairs[k].second,
                   std::make_pair(pairing.pairs[k].first, bool(pairing.moved[k])));
    }
    for (std::size_t j = 0; j < after.children.size(); ++j) {
      const TermNode& is = after.children[j];
      const std::string place = ElementPath(path, j);
      const auto found = from.find(j);
      if (found == from.end()) {
        Add(ChangeKind::kAdded, old_path, place, nullptr, &is);
        continue;
      }
      const auto& [i, moved] = found->second;
      const std::string old_place = ElementPath(old_path, i);
      const TermNode& was = before.children[i];
      if (moved) Add(ChangeKind::kMoved, old_place, place, &was, &is);
      Compare(was, old_place, is, place);
    }
  }

  std::vector<TermChange> changes_;
};

// --- Applying -----------------------------------------------------------------------------------

// The changes by where they act: removed and moved away by old path, the rest by new path.
class Application {
 public:
  explicit Application(std::span<const TermChange> changes) {
    for (const TermChange& change : changes) {
      switch (change.kind) {
        case ChangeKind::kAdded:
          added_.emplace(change.path, &change);
          break;
        case ChangeKind::kRemoved:
          removed_.insert(change.old_path);
          break;
        case ChangeKind::kChanged:
          changed_.emplace(change.path, &change);
          break;
        case ChangeKind::kMoved:
          moved_to_.emplace(change.path, &change);
          moved_from_.insert(change.old_path);
          break;
      }
    }
    left_ = changes.size();
  }

  StatusOr<TermNode> Apply(const TermNode& before, const std::string& old_path,
                           const std::string& path) {
    if (before.IsLeaf()) return ApplyToLeaf(before, path);
    TermNode after = before;
    after.children.clear();
    RETURN_IF_ERROR(before.kind == TermKind::kMessage ? FillMessage(before, old_path, path, after)
                                                      : FillList(before, old_path, path, after));
    return after;
  }
  // How many changes found no place.
  std::size_t Left() const { return left_; }

 private:
  StatusOr<TermNode> ApplyToLeaf(const TermNode& before, const std::string& path) {
    const auto change = changed_.find(path);
    if (change == changed_.end()) return before;
    if (*change->second->before != before) {
      return InvalidArgument("{} is '{}', and not what the change was made of", path, before.value);
    }
    --left_;
    return *change->second->after;
  }

  Status FillMessage(const TermNode& before, const std::string& old_path, const std::string& path,
                     TermNode& after) {
    for (const TermNode& field : before.children) {
      const std::string old_field = FieldPath(old_path, field.name);
      if (removed_.contains(old_field)) {
        --left_;
        continue;
      }
      ASSIGN_OR_RETURN(after.children.emplace_back(),
                       Apply(field, old_field, FieldPath(path, field.name)));
    }
    // Fields that came; then all in the order of their message.
    const std::string prefix = path.empty() ? "" : path + ".";
    for (auto at = added_.lower_bound(prefix); at != added_.end() && at->first.starts_with(prefix);
         ++at) {
      const std::string_view rest = std::string_view(at->first).substr(prefix.size());
      if (rest.find_first_of(".[") != std::string_view::npos) continue;
      after.children.push_back(*at->second->after);
      --left_;
    }
    std::ranges::stable_sort(after.children, {}, &TermNode::order);
    return OkStatus();
  }

  Status FillList(const TermNode& before, const std::string& old_path, const std::string& path,
                  TermNode& after) {
    std::vector<std::size_t> staying;
    std::size_t size = 0;
    for (std::size_t i = 0; i < before.children.size(); ++i) {
      const std::string place = ElementPath(old_path, i);
      if (removed_.contains(place)) {
        --left_;
        continue;
      }
      ++size;
      if (!moved_from_.contains(place)) staying.push_back(i);
    }
    for (std::size_t j = 0; added_.contains(ElementPath(path, j)) || j < size; ++j) {
      if (added_.contains(ElementPath(path, j))) ++size;
    }
    auto next = staying.begin();
    for (std::size_t j = 0; j < size; ++j) {
      const std::string place = ElementPath(path, j);
      if (const auto added = added_.find(place); added != added_.end()) {
        after.children.push_back(*added->second->after);
        --left_;
        continue;
      }
      std::size_t from = 0;
      if (const auto moved = moved_to_.find(place); moved != moved_to_.end()) {
        ASSIGN_OR_RETURN(from, PositionIn(*moved->second, old_path, before));
        --left_;
      } else if (next == staying.end()) {
        return InvalidArgument("{} has no element for place {}", path, j);
      } else {
        from = *next++;
      }
      ASSIGN_OR_RETURN(after.children.emplace_back(),
                       Apply(before.children[from], ElementPath(old_path, from), place));
    }
    return OkStatus();
  }

  static StatusOr<std::size_t> PositionIn(const TermChange& moved, const std::string& old_path,
                                          const TermNode& list) {
    for (std::size_t i = 0; i < list.children.size(); ++i) {
      if (ElementPath(old_path, i) == moved.old_path) return i;
    }
    return InvalidArgument("{} did not move within {}", moved.old_path, old_path);
  }

  std::map<std::string, const TermChange*> added_;
  std::map<std::string, const TermChange*> changed_;
  std::map<std::string, const TermChange*> moved_to_;
  std::set<std::string> removed_;
  std::set<std::string> moved_from_;
  std::size_t left_ = 0;
};

// --- Who said it --------------------------------------------------------------------------------

// Gives every node of a tree the version and a number of its own.
void Originate(TermNode& node, std::int32_t version, std::int64_t& next) {
  node.since = version;
  node.origin = ++next;
  for (TermNode& child : node.children) Originate(child, version, next);
}

// Carries from the edition before whatever is the same, and the number of whatever was followed.
void Inherit(const TermNode& before, TermNode& after) {
  after.origin = before.origin;
  if (before == after) after.since = before.since;
  if (before.kind == TermKind::kMessage) {
    for (TermNode& child : after.children) {
      const TermNode* was = before.Find(child.name);
      if (was != nullptr && was->kind == child.kind) Inherit(*was, child);
    }
  } else if (before.kind == TermKind::kList) {
    for (const auto& [i, j] : PairElements(before, after).pairs) {
      Inherit(before.children[i], after.children[j]);
    }
  }
}

// The numbers of the elements that changed their place.
std::set<std::int64_t> MovedOrigins(const TermNode& before, const TermNode& after) {
  std::set<std::int64_t> moved;
  for (const TermChange& change : CompareTerms(before, after)) {
    if (change.kind == ChangeKind::kMoved) moved.insert(change.after->origin);
  }
  return moved;
}

void CollectOrigins(const TermNode& node, std::set<std::int64_t>& origins) {
  origins.insert(node.origin);
  for (const TermNode& child : node.children) CollectOrigins(child, origins);
}

}  // namespace

std::string_view ChangeKindName(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kAdded:
      return "added";
    case ChangeKind::kRemoved:
      return "removed";
    case ChangeKind::kChanged:
      return "changed";
    case ChangeKind::kMoved:
      return "moved";
  }
  CHECK(false);
}

std::vector<TermChange> CompareTerms(const TermNode& before, const TermNode& after) {
  Comparison comparison;
  comparison.Compare(before, "", after, "");
  return comparison.Take();
}

StatusOr<TermNode> ApplyChanges(const TermNode& before, std::span<const TermChange> changes) {
  Application application(changes);
  ASSIGN_OR_RETURN(TermNode after, application.Apply(before, "", ""));
  if (application.Left() != 0) {
    return InvalidArgument("{} of {} changes have no place in these terms", application.Left(),
                           changes.size());
  }
  return after;
}

std::vector<TermChange> Redline(std::span<const TermsEdition> editions) {
  CHECK(editions.size() >= 2);
  std::int64_t next = 0;
  std::vector<TermNode> trees;
  std::vector<std::set<std::int64_t>> origins;
  std::vector<std::set<std::int64_t>> moved(1);
  for (const TermsEdition& edition : editions) {
    TermNode tree = edition.tree;
    Originate(tree, edition.version, next);
    if (!trees.empty()) {
      Inherit(trees.back(), tree);
      moved.push_back(MovedOrigins(trees.back(), tree));
    }
    CollectOrigins(tree, origins.emplace_back());
    trees.push_back(std::move(tree));
  }
  std::vector<TermChange> changes = CompareTerms(trees.front(), trees.back());
  for (TermChange& change : changes) {
    const TermsEdition* made = &editions.back();
    for (std::size_t k = 1; k < editions.size(); ++k) {
      bool here = editions[k].version == (change.after ? change.after->since : 0);
      if (change.kind == ChangeKind::kRemoved) here = !origins[k].contains(change.before->origin);
      if (change.kind == ChangeKind::kMoved) here = moved[k].contains(change.after->origin);
      if (!here) continue;
      made = &editions[k];
      break;
    }
    change.version = made->version;
    change.author = made->author;
    change.comment = made->comment;
  }
  return changes;
}

std::string RedlineText(std::string_view title, std::span<const TermChange> changes) {
  std::string text = fmt::format("{}\n", title);
  if (changes.empty()) return text + "\nNothing changed.\n";
  text += fmt::format("{} change{}\n", changes.size(), changes.size() == 1 ? "" : "s");
  int number = 0;
  for (const TermChange& change : changes) {
    text += fmt::format("\n{}. {} {}\n", ++number, ChangeKindName(change.kind), change.path);
    if (change.kind == ChangeKind::kMoved) {
      text += fmt::format("   from: {}\n", change.old_path);
    } else {
      if (change.before) text += fmt::format("   was:  {}\n", DisplayValue(*change.before));
      if (change.after) text += fmt::format("   is:   {}\n", DisplayValue(*change.after));
    }
    if (change.version != 0) {
      text += fmt::format("   by:   {}, version {}: {}\n", change.author, change.version,
                          change.comment);
    }
  }
  return text;
}

}  // namespace sluice::performance
