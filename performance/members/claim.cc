#include "performance/members/claim.h"

#include "core/check.h"

namespace sluice::performance {

std::string_view ClaimKindName(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::kProfessional:
      return "professional";
    case ClaimKind::kInstitutional:
      return "institutional";
  }
  CHECK(false);
  return {};
}

std::string_view ClaimStatusName(ClaimStatus status) {
  switch (status) {
    case ClaimStatus::kFinal:
      return "final";
    case ClaimStatus::kDenied:
      return "denied";
    case ClaimStatus::kReversed:
      return "reversed";
  }
  CHECK(false);
  return {};
}

StatusOr<ClaimKind> ParseClaimKind(std::string_view name) {
  for (const ClaimKind kind : {ClaimKind::kProfessional, ClaimKind::kInstitutional}) {
    if (ClaimKindName(kind) == name) return kind;
  }
  return InvalidArgument("'{}' is no kind of claim; use professional or institutional", name);
}

StatusOr<ClaimStatus> ParseClaimStatus(std::string_view name) {
  for (const ClaimStatus status :
       {ClaimStatus::kFinal, ClaimStatus::kDenied, ClaimStatus::kReversed}) {
    if (ClaimStatusName(status) == name) return status;
  }
  return InvalidArgument("'{}' is no status of a claim; use final, denied or reversed", name);
}

Money AllowedElsePaid(const std::optional<Money>& allowed, const std::optional<Money>& paid) {
  if (allowed && !allowed->IsZero()) return *allowed;
  return paid.value_or(Money());
}

}  // namespace sluice::performance
