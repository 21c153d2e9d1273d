#include "performance/members/member.h"

#include <array>

#include "core/check.h"

namespace sluice::performance {
namespace {

struct NamedKind {
  ChoiceKind kind;
  std::string_view name;
};
constexpr std::array<NamedKind, 3> kKinds = {{{ChoiceKind::kMemberSelected, "member_selected"},
                                              {ChoiceKind::kAutoAssigned, "auto_assigned"},
                                              {ChoiceKind::kVoluntary, "voluntary"}}};

}  // namespace

std::string_view ChoiceKindName(ChoiceKind kind) {
  for (const NamedKind& named : kKinds) {
    if (named.kind == kind) return named.name;
  }
  CHECK(false);
  return {};
}

StatusOr<ChoiceKind> ParseChoiceKind(std::string_view name) {
  for (const NamedKind& named : kKinds) {
    if (named.name == name) return named.kind;
  }
  return InvalidArgument(
      "'{}' is no kind of choice; use member_selected, auto_assigned or voluntary", name);
}

}  // namespace sluice::performance
