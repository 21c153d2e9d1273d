// Terms as a plain tree of named values: what a redline, a contract's text and a template walk.
//
//   1. The tree has every field of the published message (proto/sluice/performance/v1/terms.proto)
//      by its name there, found by reflection: a new kind of component is in it without code here.
//   2. A field that can be absent (a message, a oneof, an optional) is in the tree when it is set.
//      Any other field is always there, with its default when nothing else was said.
//   3. A path names a node: "components[4].rate.cases[0].fixed_millionths". Positions in lists
//      count from 0, as in the JSON form. The path of the whole is empty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "performance/terms.h"

namespace sluice::performance {

enum class TermKind : std::uint8_t {
  kMessage = 0,
  kList = 1,
  kText = 2,
  kNumber = 3,  // a whole number
  kFlag = 4,    // "true" or "false"
  kChoice = 5,  // one of the names of an enum, "SIDE_GAIN"
};

struct TermNode {
  std::string name;  // the field; empty for the whole and for an element of a list
  TermKind kind = TermKind::kMessage;
  std::string type;   // of a message or choice: its type, "RateCase"; of a list: its elements'
  std::string value;  // of a leaf, in its one spelling
  // Of a message its fields in the order of the published file, of a list its elements.
  std::vector<TermNode> children;
  std::int32_t order = 0;    // of a field: its place in the published message
  bool alternative = false;  // one of several fields of which exactly one is there (a oneof)
  // Which version of a contract said this, and a number that follows the node from version to
  // version; 0 where nobody asked. See contracts/redline.h. Not part of equality, as the two above.
  std::int32_t since = 0;
  std::int64_t origin = 0;

  bool IsLeaf() const { return kind != TermKind::kMessage && kind != TermKind::kList; }
  // The field of a message; nullptr when it is not there.
  const TermNode* Find(std::string_view field) const;

  friend bool operator==(const TermNode& a, const TermNode& b) {
    return a.name == b.name && a.kind == b.kind && a.value == b.value && a.type == b.type &&
           a.children == b.children;
  }
};

TermNode TermsToTree(const Terms& terms);
// The reverse; validates. InvalidArgument names the field that is not known, or is not of its type.
StatusOr<Terms> TermsFromTree(const TermNode& tree);

// "a.b" or "b" below the whole; "a[3]".
std::string FieldPath(std::string_view path, std::string_view field);
std::string ElementPath(std::string_view path, std::size_t position);
// The node of a path, or nullptr. The second form lets the value of a leaf be set.
const TermNode* FindTerm(const TermNode& tree, std::string_view path);
TermNode* FindTerm(TermNode& tree, std::string_view path);

// The leaves below a node, each with its path, in order.
struct TermLeaf {
  std::string path;
  const TermNode* node = nullptr;
};
std::vector<TermLeaf> Leaves(const TermNode& node, std::string_view path = "");

}  // namespace sluice::performance
