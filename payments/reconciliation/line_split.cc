#include "payments/reconciliation/line_split.h"

#include <array>
#include <set>
#include <utility>

#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr std::array<std::pair<BankTargetKind, std::string_view>, 9> kSplitKinds = {{
    {BankTargetKind::kFile, "file"},
    {BankTargetKind::kReturned, "return"},
    {BankTargetKind::kCheck, "check"},
    {BankTargetKind::kLine, "line"},
    {BankTargetKind::kFee, "fee"},
    {BankTargetKind::kInterest, "interest"},
    {BankTargetKind::kRefund, "refund"},
    {BankTargetKind::kOverpaid, "overpaid"},
    {BankTargetKind::kPool, "pool"},
}};

Status CheckPart(const OpenBankLine& line, const SplitPart& part,
                 const std::optional<SplitTarget>& target) {
  const std::string name = fmt::format("{} {}", SplitKindName(part.kind), part.reference);
  if (part.amount <= Money{}) {
    return InvalidArgument("{}: a part is above zero, not {}", name, part.amount);
  }
  if (line.check_paid && part.kind == BankTargetKind::kFile) {
    return InvalidArgument("{}: the line says that a check was paid, so it settles no file", name);
  }
  if (!target) {
    return InvalidArgument("{}: nothing of that kind and name is open at this account", name);
  }
  if (target->direction != BankDirection::kNone && target->direction != line.direction) {
    return InvalidArgument("{}: it takes a {}, and the line is none", name,
                           target->direction == BankDirection::kCredit ? "credit" : "debit");
  }
  if (target->open && part.amount > *target->open) {
    return InvalidArgument("{}: {} of it are open, not {}", name, *target->open, part.amount);
  }
  if (target->open && target->whole && part.amount != *target->open) {
    return InvalidArgument("{}: it is settled whole, with {}, not {}", name, *target->open,
                           part.amount);
  }
  return OkStatus();
}

}  // namespace

std::string_view SplitKindName(BankTargetKind kind) {
  for (const auto& [known, name] : kSplitKinds) {
    if (known == kind) return name;
  }
  return {};
}

StatusOr<BankTargetKind> SplitKindOf(std::string_view name) {
  std::string list;
  for (const auto& [kind, known] : kSplitKinds) {
    if (known == name) return kind;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", known);
  }
  return InvalidArgument("a part is one of {}, not '{}'", list, name);
}

bool TakesTwoPeople(std::span<const SplitPart> parts) {
  for (const SplitPart& part : parts) {
    if (part.kind > BankTargetKind::kLine) return true;
  }
  return false;
}

Status CheckSplit(const OpenBankLine& line, std::span<const SplitPart> parts,
                  std::span<const std::optional<SplitTarget>> targets) {
  CHECK(parts.size() == targets.size());
  if (parts.empty()) return InvalidArgument("say what the line is: it needs a part at least");
  Money sum;
  std::set<std::pair<BankTargetKind, std::int64_t>> seen;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    RETURN_IF_ERROR(CheckPart(line, parts[i], targets[i]));
    if (!seen.emplace(parts[i].kind, targets[i]->id).second) {
      return InvalidArgument("{} {} is named twice", SplitKindName(parts[i].kind),
                             parts[i].reference);
    }
    sum += parts[i].amount;
  }
  if (sum != line.amount) {
    return InvalidArgument("the parts add up to {}, and the line is of {}", sum, line.amount);
  }
  return OkStatus();
}

}  // namespace sluice::payments
