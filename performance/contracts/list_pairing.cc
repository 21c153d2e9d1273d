#include "performance/contracts/list_pairing.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
// Beyond so many comparisons, what is left of two long lists is paired in order.
constexpr std::size_t kMostComparisons = 40'000;

// One text per element: equal texts are equal elements.
std::string Print(const TermNode& node) {
  std::string text;
  for (const TermLeaf& leaf : Leaves(node)) {
    text +=
        leaf.path + '=' + std::to_string(leaf.node->value.size()) + ':' + leaf.node->value + ';';
  }
  return text;
}

// What an element is: its alternatives that were chosen. Elements of different kinds, a gate and a
// cap, are never one element that changed.
std::string Kind(const TermNode& node) {
  std::string kind = node.type;
  for (const TermNode& child : node.children) {
    if (child.alternative) kind += "/" + child.name;
  }
  return kind;
}

class Pairing {
 public:
  Pairing(const TermNode& before, const TermNode& after)
      : before_(before.children),
        after_(after.children),
        to_(before_.size(), kNone),
        from_(after_.size(), kNone) {
    for (const TermNode& node : before_) before_print_.push_back(Print(node));
    for (const TermNode& node : after_) after_print_.push_back(Print(node));
  }

  ListPairing Find() {
    PairEqualEnds();
    PairEqual();
    PairAlike();
    return Result();
  }

 private:
  void Pair(std::size_t i, std::size_t j) {
    to_[i] = j;
    from_[j] = i;
  }

  void PairEqualEnds() {
    std::size_t i = 0;
    while (i < before_.size() && i < after_.size() && before_print_[i] == after_print_[i]) {
      Pair(i, i);
      ++i;
    }
    std::size_t a = before_.size();
    std::size_t b = after_.size();
    while (a > i && b > i && before_print_[a - 1] == after_print_[b - 1]) Pair(--a, --b);
  }

  // Equal elements wherever they stand, the first with the first.
  void PairEqual() {
    std::unordered_map<std::string, std::vector<std::size_t>> places;
    for (std::size_t j = after_.size(); j-- > 0;) {
      if (from_[j] == kNone) places[after_print_[j]].push_back(j);
    }
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (to_[i] != kNone) continue;
      const auto found = places.find(before_print_[i]);
      if (found == places.end() || found->second.empty()) continue;
      Pair(i, found->second.back());
      found->second.pop_back();
    }
  }

  // Elements of one kind, those first that share most.
  void PairAlike() {
    std::vector<std::size_t> old_left;
    std::vector<std::size_t> new_left;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (to_[i] == kNone) old_left.push_back(i);
    }
    for (std::size_t j = 0; j < after_.size(); ++j) {
      if (from_[j] == kNone) new_left.push_back(j);
    }
    if (old_left.size() * new_left.size() > kMostComparisons) {
      PairInOrder(old_left, new_left);
      return;
    }
    struct Candidate {
      std::size_t shared, i, j;
    };
    std::vector<Candidate> candidates;
    for (const std::size_t i : old_left) {
      for (const std::size_t j : new_left) {
        if (Kind(before_[i]) != Kind(after_[j])) continue;
        const std::size_t shared = Shared(before_[i], after_[j]);
        // A value alone has nothing to share: values are paired in order.
        if (shared > 0 || before_[i].IsLeaf()) candidates.push_back({shared, i, j});
      }
    }
    std::ranges::stable_sort(
        candidates, [](const Candidate& a, const Candidate& b) { return a.shared > b.shared; });
    for (const Candidate& candidate : candidates) {
      if (to_[candidate.i] == kNone && from_[candidate.j] == kNone) Pair(candidate.i, candidate.j);
    }
  }

  void PairInOrder(const std::vector<std::size_t>& old_left,
                   const std::vector<std::size_t>& new_left) {
    std::size_t next = 0;
    for (const std::size_t i : old_left) {
      std::size_t at = next;
      while (at < new_left.size() && Kind(before_[i]) != Kind(after_[new_left[at]])) ++at;
      if (at == new_left.size()) continue;
      Pair(i, new_left[at]);
      next = at + 1;
    }
  }

  // How many values two elements have in common. A name or id counts most: it says which it is.
  static std::size_t Shared(const TermNode& a, const TermNode& b) {
    std::map<std::string, std::string> values;
    for (const TermLeaf& leaf : Leaves(a)) values.emplace(leaf.path, leaf.node->value);
    std::size_t shared = 0;
    for (const TermLeaf& leaf : Leaves(b)) {
      const auto found = values.find(leaf.path);
      if (found == values.end() || found->second != leaf.node->value) continue;
      const bool names = leaf.path == "id" || leaf.path.ends_with(".id") || leaf.path == "name" ||
                         leaf.path.ends_with(".name") || leaf.path == "feed";
      shared += names && !leaf.node->value.empty() ? 100U : 1U;
    }
    return shared;
  }

  ListPairing Result() const {
    ListPairing result;
    for (std::size_t i = 0; i < to_.size(); ++i) {
      if (to_[i] == kNone) {
        result.removed.push_back(i);
      } else {
        result.pairs.emplace_back(i, to_[i]);
      }
    }
    for (std::size_t j = 0; j < from_.size(); ++j) {
      if (from_[j] == kNone) result.added.push_back(j);
    }
    result.moved = Moved(result.pairs);
    return result;
  }

  // All but a longest increasing subsequence of the new positions.
  static std::vector<bool> Moved(const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
    std::vector<std::size_t> tails;  // the pair that ends the best run of each length
    std::vector<std::size_t> former(pairs.size(), kNone);
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const auto place = std::ranges::lower_bound(tails, pairs[k].second, {},
                                                  [&](std::size_t at) { return pairs[at].second; });
      if (place != tails.begin()) former[k] = *(place - 1);
      if (place == tails.end()) {
        tails.push_back(k);
      } else {
        *place = k;
      }
    }
    std::vector<bool> moved(pairs.size(), true);
    if (tails.empty()) return moved;
    for (std::size_t k = tails.back(); k != kNone; k = former[k]) moved[k] = false;
    return moved;
  }

  const std::vector<TermNode>& before_;
  const std::vector<TermNode>& after_;
  std::vector<std::string> before_print_;
  std::vector<std::string> after_print_;
  std::vector<std::size_t> to_;
  std::vector<std::size_t> from_;
};

}  // namespace

ListPairing PairElements(const TermNode& before, const TermNode& after) {
  CHECK(before.kind == TermKind::kList && after.kind == TermKind::kList);
  return Pairing(before, after).Find();
}

}  // namespace sluice::performance
