#include "performance/terms_tree.h"

#include <algorithm>
#include <charconv>

namespace sluice::performance {
namespace {

void AddLeaves(const TermNode& node, const std::string& path, std::vector<TermLeaf>& leaves) {
  if (node.IsLeaf()) {
    leaves.push_back({path, &node});
    return;
  }
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const TermNode& child = node.children[i];
    AddLeaves(child,
              node.kind == TermKind::kList ? ElementPath(path, i) : FieldPath(path, child.name),
              leaves);
  }
}

// Takes "[3]" off the front of the path.
std::optional<std::size_t> TakePosition(std::string_view& path) {
  const std::size_t end = path.find(']');
  if (!path.starts_with('[') || end == std::string_view::npos) return std::nullopt;
  std::size_t position = 0;
  const auto [stop, error] = std::from_chars(path.data() + 1, path.data() + end, position);
  if (error != std::errc() || stop != path.data() + end) return std::nullopt;
  path.remove_prefix(end + 1);
  return position;
}

}  // namespace

const TermNode* TermNode::Find(std::string_view field) const {
  if (kind != TermKind::kMessage) return nullptr;
  const auto found = std::ranges::find(children, field, &TermNode::name);
  return found == children.end() ? nullptr : &*found;
}

std::string FieldPath(std::string_view path, std::string_view field) {
  return path.empty() ? std::string(field) : fmt::format("{}.{}", path, field);
}

std::string ElementPath(std::string_view path, std::size_t position) {
  return fmt::format("{}[{}]", path, position);
}

const TermNode* FindTerm(const TermNode& tree, std::string_view path) {
  const TermNode* node = &tree;
  while (!path.empty()) {
    if (path.starts_with('[')) {
      const std::optional<std::size_t> position = TakePosition(path);
      if (node->kind != TermKind::kList || !position || *position >= node->children.size()) {
        return nullptr;
      }
      node = &node->children[*position];
      continue;
    }
    if (path.starts_with('.')) path.remove_prefix(1);
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    node = node->Find(path.substr(0, end));
    if (node == nullptr) return nullptr;
    path.remove_prefix(end);
  }
  return node;
}

TermNode* FindTerm(TermNode& tree, std::string_view path) {
  return const_cast<TermNode*>(FindTerm(std::as_const(tree), path));
}

std::vector<TermLeaf> Leaves(const TermNode& node, std::string_view path) {
  std::vector<TermLeaf> leaves;
  AddLeaves(node, std::string(path), leaves);
  return leaves;
}

}  // namespace sluice::performance
