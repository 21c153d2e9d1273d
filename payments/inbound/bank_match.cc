#include "payments/inbound/bank_match.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>

#include "core/calendar.h"

namespace sluice::payments {
namespace {

constexpr int kWindow = 5;              // banking days
constexpr std::size_t kMostParts = 16;  // of a sum that is searched for

int DaysApart(Date a, Date b) {
  return std::abs(BankingDaysBetween(std::min(a, b), std::max(a, b)));
}

// The one subset of amounts that adds up to `total`; nothing when there is none or more than one.
// All of them together count first: a bank that sums up a day sums up all of it.
std::optional<std::vector<std::size_t>> OnlySubset(const std::vector<Money>& amounts, Money total) {
  if (amounts.size() < 2) return std::nullopt;
  std::vector<std::size_t> all;
  Money sum;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    sum += amounts[i];
    all.push_back(i);
  }
  if (sum == total) return all;
  if (sum < total || amounts.size() > kMostParts) return std::nullopt;
  std::optional<std::vector<std::size_t>> found;
  for (std::uint32_t bits = 1; bits < (1U << amounts.size()); ++bits) {
    Money part;
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      if ((bits >> i & 1U) == 0) continue;
      part += amounts[i];
      members.push_back(i);
    }
    if (part != total || members.size() < 2) continue;
    if (found) return std::nullopt;
    found = std::move(members);
  }
  return found;
}

class Matcher {
 public:
  Matcher(std::span<const OpenBankLine> lines, std::span<const BankTarget> targets)
      : lines_(lines),
        targets_(targets),
        line_used_(lines.size(), false),
        target_used_(targets.size(), false) {
    for (std::size_t l = 0; l < lines.size(); ++l) line_used_[l] = lines[l].check_paid;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      target_used_[t] = targets[t].kind == BankTargetKind::kCheck;
    }
  }

  std::vector<BankMatch> Match() {
    // A cash journal that is there already comes first: the same money is never booked twice.
    Pairs("booked", [this](const OpenBankLine& line, const BankTarget& target) {
      return target.kind == BankTargetKind::kBooked && target.date == line.as_of;
    });
    Unique("booked", BankTargetKind::kBooked);
    SumOfTargets("booked", BankTargetKind::kBooked);
    Pairs("reference", [](const OpenBankLine& line, const BankTarget& target) {
      return target.kind != BankTargetKind::kBooked && Names(line, target);
    });
    Pairs("day", [](const OpenBankLine& line, const BankTarget& target) {
      return target.kind != BankTargetKind::kBooked && target.date == line.as_of;
    });
    for (const BankTargetKind kind : {BankTargetKind::kFile, BankTargetKind::kReturned,
                                      BankTargetKind::kTakenBack, BankTargetKind::kReversal}) {
      Unique("amount", kind);
      SumOfTargets("sum of several", kind);
      SumOfLines("sum of several", kind);
    }
    Netted();
    return std::move(matches_);
  }

 private:
  static bool Names(const OpenBankLine& line, const BankTarget& target) {
    return std::ranges::any_of(target.references, [&](const std::string& reference) {
      return reference.size() >= 6 && line.text.find(reference) != std::string::npos;
    });
  }

  static bool SameMoney(const OpenBankLine& line, const BankTarget& target) {
    if (line.posted && target.kind == BankTargetKind::kBooked) return false;
    return line.direction == target.direction && line.amount == target.amount;
  }

  void Take(std::size_t line, std::size_t target, Money amount, std::string_view rule) {
    line_used_[line] = true;
    target_used_[target] = true;
    matches_.push_back({line, target, amount, rule});
  }

  // Equal money under a condition: in their order, since equal ones are as good as each other.
  template <typename Condition>
  void Pairs(std::string_view rule, Condition condition) {
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      for (std::size_t t = 0; t < targets_.size() && !line_used_[l]; ++t) {
        if (target_used_[t] || !SameMoney(lines_[l], targets_[t])) continue;
        if (condition(lines_[l], targets_[t])) Take(l, t, lines_[l].amount, rule);
      }
    }
  }

  // Within the window, and neither the line nor the target has another candidate.
  void Unique(std::string_view rule, BankTargetKind kind) {
    std::map<std::size_t, std::vector<std::size_t>> of_line, of_target;
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      for (std::size_t t = 0; t < targets_.size(); ++t) {
        if (line_used_[l] || target_used_[t] || targets_[t].kind != kind) continue;
        if (!SameMoney(lines_[l], targets_[t])) continue;
        if (DaysApart(lines_[l].as_of, targets_[t].date) > kWindow) continue;
        of_line[l].push_back(t);
        of_target[t].push_back(l);
      }
    }
    for (const auto& [line, candidates] : of_line) {
      if (candidates.size() != 1 || of_target[candidates.front()].size() != 1) continue;
      Take(line, candidates.front(), lines_[line].amount, rule);
    }
  }

  std::vector<std::size_t> OpenTargets(BankTargetKind kind, BankDirection direction,
                                       Date date) const {
    std::vector<std::size_t> open;
    for (std::size_t t = 0; t < targets_.size(); ++t) {
      const BankTarget& target = targets_[t];
      if (!target_used_[t] && target.kind == kind && target.direction == direction &&
          DaysApart(date, target.date) <= kWindow) {
        open.push_back(t);
      }
    }
    return open;
  }

  void SumOfTargets(std::string_view rule, BankTargetKind kind) {
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      if (line_used_[l]) continue;
      if (lines_[l].posted && kind == BankTargetKind::kBooked) continue;
      const auto open = OpenTargets(kind, lines_[l].direction, lines_[l].as_of);
      std::vector<Money> amounts;
      for (const std::size_t target : open) amounts.push_back(targets_[target].amount);
      const auto subset = OnlySubset(amounts, lines_[l].amount);
      if (!subset) continue;
      for (const std::size_t member : *subset) {
        Take(l, open[member], targets_[open[member]].amount, rule);
      }
    }
  }

  void SumOfLines(std::string_view rule, BankTargetKind kind) {
    for (std::size_t t = 0; t < targets_.size(); ++t) {
      if (target_used_[t] || targets_[t].kind != kind) continue;
      std::map<Date, std::vector<std::size_t>> by_day;
      for (std::size_t l = 0; l < lines_.size(); ++l) {
        if (line_used_[l] || lines_[l].direction != targets_[t].direction) continue;
        if (DaysApart(lines_[l].as_of, targets_[t].date) > kWindow) continue;
        by_day[lines_[l].as_of].push_back(l);
      }
      for (const auto& [day, open] : by_day) {
        std::vector<Money> amounts;
        for (const std::size_t line : open) amounts.push_back(lines_[line].amount);
        const auto subset = OnlySubset(amounts, targets_[t].amount);
        if (!subset) continue;
        for (const std::size_t member : *subset) {
          Take(open[member], t, lines_[open[member]].amount, rule);
        }
        break;
      }
    }
  }

  // A debit that is less than its file by exactly some returns.
  void Netted() {
    for (std::size_t l = 0; l < lines_.size(); ++l) {
      const OpenBankLine& line = lines_[l];
      if (line_used_[l] || line.direction != BankDirection::kDebit) continue;
      const auto files = OpenTargets(BankTargetKind::kFile, BankDirection::kDebit, line.as_of);
      const auto returns =
          OpenTargets(BankTargetKind::kReturned, BankDirection::kCredit, line.as_of);
      std::vector<Money> amounts;
      for (const std::size_t target : returns) amounts.push_back(targets_[target].amount);
      struct Choice {
        std::size_t file;
        std::vector<std::size_t> kept;
      };
      std::vector<Choice> choices;
      for (const std::size_t file : files) {
        const Money missing = targets_[file].amount - line.amount;
        if (missing <= Money{}) continue;
        for (std::size_t i = 0; i < amounts.size(); ++i) {
          if (amounts[i] == missing) choices.push_back({file, {i}});
        }
        if (const auto subset = OnlySubset(amounts, missing)) choices.push_back({file, *subset});
      }
      if (choices.size() != 1) continue;
      Take(l, choices.front().file, line.amount, "netted");
      for (const std::size_t kept : choices.front().kept) {
        Take(l, returns[kept], amounts[kept], "netted");
        matches_.back().netted = true;
      }
    }
  }

  std::span<const OpenBankLine> lines_;
  std::span<const BankTarget> targets_;
  std::vector<bool> line_used_, target_used_;
  std::vector<BankMatch> matches_;
};

}  // namespace

std::vector<BankMatch> MatchBankLines(std::span<const OpenBankLine> lines,
                                      std::span<const BankTarget> targets) {
  return Matcher(lines, targets).Match();
}

}  // namespace sluice::payments
