// The redline of two versions of terms: what changed, field by field, as data and as text.
//
//   1. It works on the tree of the terms (performance/terms_tree.h), so that every kind of
//      component is compared, those without a line of code here too.
//   2. An element of a list is followed when it moves or changes: equal elements are paired first,
//      then those of one kind that share most of their values; what is left was removed or added.
//   3. The changes are complete: ApplyChanges(before, changes) is the tree after.
//   4. A change names the version that made it, when the versions between are given, and with it
//      who made it and why.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "performance/terms_tree.h"

namespace sluice::performance {

enum class ChangeKind : std::uint8_t {
  kAdded = 0,
  kRemoved = 1,
  kChanged = 2,  // the value of a leaf
  kMoved = 3,    // an element to another place of its list; changes in it stand beside it
};
// "added", "removed", "changed", "moved".
std::string_view ChangeKindName(ChangeKind kind);

// One version of a contract's terms, for a redline over several.
struct TermsEdition {
  std::int32_t version = 0;
  UserId author;
  std::string comment;
  Instant recorded_at;
  TermNode tree;
};

struct TermChange {
  ChangeKind kind = ChangeKind::kChanged;
  std::string old_path;  // where it was; of something added the list or message it came to
  std::string path;      // where it is; of something removed where it was
  std::optional<TermNode> before;  // of added: none
  std::optional<TermNode> after;   // of removed: none
  // The version that made the change, its author and comment; 0 when the redline was made of two
  // trees alone.
  std::int32_t version = 0;
  UserId author;
  std::string comment;

  friend bool operator==(const TermChange&, const TermChange&) = default;
};

// What turns one tree into the other, in the order of the tree after; what was removed stands
// where its message or list does.
std::vector<TermChange> CompareTerms(const TermNode& before, const TermNode& after);
// The tree after. InvalidArgument when the changes are not of this tree.
StatusOr<TermNode> ApplyChanges(const TermNode& before, std::span<const TermChange> changes);

// The redline of the first and the last edition, each change with the edition between them that
// made it. Requires: two editions or more, by version.
std::vector<TermChange> Redline(std::span<const TermsEdition> editions);

// A value for a person: "40 %", "$1,234.00", "yes", "gain only"; of a message or list its fields.
std::string DisplayValue(const TermNode& node);
// The redline as a document of plain text, one numbered entry for a change. Ends with a newline.
std::string RedlineText(std::string_view title, std::span<const TermChange> changes);

}  // namespace sluice::performance
