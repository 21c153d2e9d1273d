#include "performance/contracts/readiness.h"

#include <algorithm>

#include "core/check.h"
#include "performance/contracts/contract_state.h"
#include "performance/terms_codec.h"
#include "performance/terms_tree.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

class Check {
 public:
  explicit Check(const ReadinessInput& input) : input_(input), terms_(input.version.terms) {}

  std::vector<ReadinessFinding> Run() {
    if (const Status valid = ValidateTerms(terms_); !valid.ok()) {
      Add(ReadinessProblem::kTermsInvalid,
          fmt::format("the terms break a rule: {}; edit them", StatusMessage(valid)));
    }
    CheckDays();
    CheckSigned();
    CheckContacts();
    CheckTarget();
    CheckSplit();
    CheckFunding();
    CheckClauses();
    return std::move(findings_);
  }

 private:
  void Add(ReadinessProblem problem, std::string message) {
    findings_.push_back({problem, std::move(message)});
  }

  void CheckDays() {
    const DateRange& outer = input_.contract.effective;
    const DateRange& inner = input_.version.effective;
    const bool ends_within = !outer.to || (inner.to && *inner.to <= *outer.to);
    if (inner.from >= outer.from && ends_within) return;
    Add(ReadinessProblem::kOutsideContract,
        fmt::format("the version holds {}, the contract {}; edit the days of the version",
                    inner.ToString(), outer.ToString()));
  }

  void CheckSigned() {
    for (const ContractSide side : {ContractSide::kPayer, ContractSide::kParty}) {
      const auto found = std::ranges::find(input_.signatures, side, &ContractSignature::side);
      if (found != input_.signatures.end() && found->terms_sha256 == HashTerms(terms_)) continue;
      Add(ReadinessProblem::kNotSigned,
          fmt::format("the {} has not signed these terms; have it sign version {}",
                      side == ContractSide::kPayer ? "payer" : "party", input_.version.version));
    }
  }

  void CheckContacts() {
    for (const PartyId party : {PartyId(), input_.contract.party}) {
      if (!hierarchy::ActiveContacts(input_.contacts, party, input_.today).empty()) continue;
      Add(ReadinessProblem::kNoContact,
          fmt::format("{} has no contact that is active on {}; record one",
                      party == PartyId() ? "the payer" : input_.hierarchy.NameOf(party),
                      FormatDate(input_.today)));
    }
  }

  void CheckTarget() {
    if (!HasTarget(terms_) || input_.target_announced) return;
    Add(ReadinessProblem::kTargetNotAnnounced,
        fmt::format("the terms have a target and none is announced for {}; announce it with its "
                    "date and source",
                    YearOf(input_.version.effective.from)));
  }

  void CheckSplit() {
    const Split* split = FindSplit(terms_);
    if (split == nullptr) return;
    std::vector<PartyId> generation = {input_.contract.party};
    if (input_.hierarchy.Find(input_.contract.party) == nullptr) {
      return Add(ReadinessProblem::kSplitReachesNobody,
                 fmt::format("the contract's party {} is not in the hierarchy on {}; add it",
                             input_.contract.party, FormatDate(input_.hierarchy.Header().as_of)));
    }
    for (std::size_t level = 1; level <= split->levels.size(); ++level) {
      std::vector<PartyId> next;
      for (const PartyId party : generation) {
        for (const hierarchy::SnapshotEdge& edge : input_.hierarchy.Children(party)) {
          next.push_back(edge.child);
        }
      }
      if (next.empty()) {
        return Add(
            ReadinessProblem::kSplitReachesNobody,
            fmt::format("the split has {} generations, and nobody is {} below {} on {}; add "
                        "the affiliations or edit the split",
                        split->levels.size(), level, input_.hierarchy.NameOf(input_.contract.party),
                        FormatDate(input_.hierarchy.Header().as_of)));
      }
      std::ranges::sort(next);
      next.erase(std::unique(next.begin(), next.end()), next.end());
      generation = std::move(next);
    }
  }

  void CheckFunding() {
    const bool payment =
        terms_.operations && std::ranges::any_of(terms_.operations->schedule, [](const auto& rule) {
          return rule.kind == ScheduleKind::kPayment || rule.kind == ScheduleKind::kSettlement ||
                 rule.kind == ScheduleKind::kInterim;
        });
    if (!payment) {
      Add(ReadinessProblem::kNoSchedule,
          "no payment has a due date; add a payment or settlement to the schedule of the terms");
    }
    if (!terms_.operations || terms_.operations->funding_pool.empty()) {
      Add(ReadinessProblem::kNotFunded,
          "the terms name no funding pool; name the pool of the program that pays");
    } else if (!input_.pool_exists) {
      Add(ReadinessProblem::kNotFunded,
          fmt::format("the program has no pool '{}'; open it, or name another",
                      terms_.operations->funding_pool));
    }
  }

  // Each step of an award cites its clause: a statement without one explains nothing.
  void CheckClauses() {
    for (std::size_t i = 0; i < terms_.components.size(); ++i) {
      const Component& component = terms_.components[i];
      if (!component.clause.empty()) continue;
      Add(ReadinessProblem::kNoClause,
          fmt::format("component {} ({}) names no clause; name the section that it implements",
                      i + 1, ComponentName(component.rule)));
    }
  }

  const ReadinessInput& input_;
  const Terms& terms_;
  std::vector<ReadinessFinding> findings_;
};

}  // namespace

std::string_view ProblemName(ReadinessProblem problem) {
  switch (problem) {
    case ReadinessProblem::kTermsInvalid:
      return "TERMS_INVALID";
    case ReadinessProblem::kOutsideContract:
      return "OUTSIDE_CONTRACT";
    case ReadinessProblem::kNotSigned:
      return "NOT_SIGNED";
    case ReadinessProblem::kNoContact:
      return "NO_CONTACT";
    case ReadinessProblem::kTargetNotAnnounced:
      return "TARGET_NOT_ANNOUNCED";
    case ReadinessProblem::kSplitReachesNobody:
      return "SPLIT_REACHES_NOBODY";
    case ReadinessProblem::kNoSchedule:
      return "NO_SCHEDULE";
    case ReadinessProblem::kNotFunded:
      return "NOT_FUNDED";
    case ReadinessProblem::kNoClause:
      return "NO_CLAUSE";
  }
  CHECK(false);
}

std::vector<ReadinessFinding> CheckReadiness(const ReadinessInput& input) {
  return Check(input).Run();
}

Status ReadinessStatus(std::span<const ReadinessFinding> findings) {
  if (findings.empty()) return OkStatus();
  std::string text = "the contract cannot become active:";
  for (const ReadinessFinding& finding : findings) {
    text += fmt::format("\n  {}: {}", ProblemName(finding.problem), finding.message);
  }
  return FailedPrecondition("{}", text);
}

bool HasTarget(const Terms& terms) {
  const TermNode tree = TermsToTree(terms);
  const TermNode* basis = FindTerm(tree, "components[0].basis");
  if (basis == nullptr) return false;
  return std::ranges::any_of(Leaves(*basis), [](const TermLeaf& leaf) {
    return leaf.node->name == "target_fact" || leaf.node->name == "benchmark_fact" ||
           leaf.path.starts_with("benchmark_minus_actual");
  });
}

}  // namespace sluice::performance
