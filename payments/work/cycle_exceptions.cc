#include "payments/work/cycle_exceptions.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "core/check.h"
#include "payments/payee_store.h"
#include "payments/payment_rules_store.h"
#include "payments/pluck.h"
#include "payments/run_store.h"
#include "performance/award_override.h"
#include "performance/recalculation/override_store.h"

namespace sluice::payments {
namespace {

CycleExceptionKind KindOfHold(HoldReason hold) {
  switch (hold) {
    case HoldReason::kNoPayee:
      return CycleExceptionKind::kNoPayee;
    case HoldReason::kNoBankAccount:
    case HoldReason::kUnvalidated:
    case HoldReason::kSuspended:
    case HoldReason::kWrongOwnership:
    case HoldReason::kAccountChanged:
      return CycleExceptionKind::kNoAccount;
    case HoldReason::kNoTaxForm:
      return CycleExceptionKind::kNoTaxForm;
    case HoldReason::kAboveAchLimit:
    case HoldReason::kOverCap:
      return CycleExceptionKind::kOverCap;
    case HoldReason::kDuplicate:
      return CycleExceptionKind::kDuplicate;
    case HoldReason::kBelowMinimum:
      return CycleExceptionKind::kSmall;
    default:
      return CycleExceptionKind::kHeld;
  }
}

// The text of a reason is "what: to do" where there is something to do.
std::pair<std::string, std::string> SplitText(std::string_view text) {
  const auto colon = text.find(": ");
  if (colon == std::string_view::npos) return {std::string(text), "wait"};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 2))};
}

CycleException OfHold(HoldReason hold, Money amount, std::string name, const std::string& note) {
  auto [what, to_do] = SplitText(HoldReasonText(hold));
  if (!note.empty()) what += " (" + note + ")";
  return {.kind = KindOfHold(hold),
          .name = std::move(name),
          .amount = amount,
          .hold = hold,
          .what = std::move(what),
          .to_do = std::move(to_do)};
}

std::string NameOf(const RunLine& line, const ExceptionFacts& facts) {
  if (line.payee) {
    const auto name = facts.names.find(*line.payee);
    if (name != facts.names.end()) return name->second;
  }
  return fmt::format("party {}", facts.lines.at(line.obligation).owner.party);
}

// Overrides behind the awards of a run, from the contracts' side.
std::vector<CycleException> OverridesOf(pg::Transaction& tx, const Cycle& cycle, Instant now,
                                        const std::map<ContractId, std::string>& contracts) {
  const std::vector<ContractId> ids =
      Pluck(contracts, [](const auto& contract) { return contract.first; });
  std::vector<CycleException> found;
  for (const auto& [contract, overrides] :
       performance::OverridesInEffect(tx, ids, cycle.period, now)) {
    for (const performance::OverrideInEffect& entry : overrides) {
      const auto stored = performance::FindAwardOverride(tx, contract, entry.id);
      CHECK(stored.has_value());
      found.push_back(
          {.kind = CycleExceptionKind::kOverridden,
           .name = contracts.at(contract),
           .amount = entry.amount,
           .what = fmt::format("calculated {}, overridden to {} by {}, approved by {}: {}",
                               stored->calculated, entry.amount, entry.author, entry.approver,
                               entry.reason),
           .to_do = fmt::format("nothing; override {} can be withdrawn", entry.id)});
    }
  }
  return found;
}

}  // namespace

std::string_view CycleExceptionName(CycleExceptionKind kind) {
  constexpr std::array<std::string_view, kCycleExceptionKinds> kNames = {
      "held",   "over cap",   "duplicate",     "negative",  "no payee",
      "no W-9", "no account", "below minimum", "overridden"};
  const auto index = static_cast<std::size_t>(kind);
  CHECK(index < kNames.size());
  return kNames[index];
}

std::map<CycleExceptionKind, ExceptionTotal> TotalsOf(std::span<const CycleException> exceptions) {
  std::map<CycleExceptionKind, ExceptionTotal> totals;
  for (const CycleException& exception : exceptions) {
    ExceptionTotal& total = totals[exception.kind];
    ++total.count;
    total.amount += exception.amount;
  }
  return totals;
}

std::vector<CycleException> ExceptionsOf(const RunPlan& plan, const ExceptionFacts& facts) {
  std::vector<CycleException> exceptions;
  for (const RunPayee& payee : plan.payees) {
    if (payee.hold == HoldReason::kNone) continue;
    const auto name = facts.names.find(payee.payee);
    exceptions.push_back(OfHold(payee.hold, payee.net,
                                name == facts.names.end() ? payee.payee.ToString() : name->second,
                                payee.hold_note));
    exceptions.back().payee = payee.payee;
  }
  for (const RunLine& line : plan.lines) {
    if (line.hold != HoldReason::kNone) {
      const auto hold = facts.line_holds.find(line.obligation);
      const bool same = hold != facts.line_holds.end() && hold->second.reason == line.hold;
      exceptions.push_back(
          OfHold(line.hold, line.amount, NameOf(line, facts), same ? hold->second.note : ""));
    } else if (line.posting == LinePosting::kRecoup) {
      exceptions.push_back(
          {.kind = CycleExceptionKind::kNegative,
           .name = NameOf(line, facts),
           .amount = line.amount,
           .what = "owed by the payee: becomes a receivable with this run, and is never debited",
           .to_do = fmt::format("nothing; it is taken from payments from {} on, or by a plan that "
                                "is agreed with the payee",
                                FormatDate(facts.next_offset))});
    } else {
      continue;
    }
    exceptions.back().line = line.obligation;
    exceptions.back().payee = line.payee;
  }
  std::ranges::stable_sort(exceptions, {}, [](const CycleException& exception) {
    return std::tuple(exception.kind, -Abs(exception.amount).Cents());
  });
  return exceptions;
}

StatusOr<std::vector<CycleException>> ListExceptions(const pg::Database& database,
                                                     const ProgramPayments& program, RunId run,
                                                     Instant now) {
  return database.ForPayer(program.payer)
      .Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<CycleException>> {
        const auto found = FindRun(tx, program.book, run);
        if (!found) return NotFound("there is no run {} in book {}", run, program.book);
        if (found->revision == 0) {
          return FailedPrecondition("run {} was not calculated yet", run);
        }
        const RunPlan plan = LoadPlan(tx, *found);
        ExceptionFacts facts;
        std::vector<ObligationRow> rows =
            LoadObligations(tx, program.book, Pluck(plan.lines, &RunLine::obligation));
        const auto decisions = LoadLineDecisions(tx, program.book, [&] {
          std::set<AwardId> awards;
          for (const ObligationRow& row : rows) awards.insert(row.award);
          return std::vector(awards.begin(), awards.end());
        }());
        facts.line_holds = FindLineHolds(tx, program.payer, program.book, rows, decisions);
        std::set<PayeeId> payees;
        for (const RunLine& line : plan.lines) {
          if (line.payee) payees.insert(*line.payee);
        }
        for (const Payee& payee : LoadPayees(tx, std::vector(payees.begin(), payees.end()))) {
          facts.names.emplace(payee.id, payee.name);
        }
        const int notice = ProgramOn(tx, program, found->business_date).plan.recoup_notice_days;
        facts.next_offset = found->business_date + Days(std::max(notice, 1));
        for (ObligationRow& row : rows) facts.lines.emplace(row.id, std::move(row));

        std::vector<CycleException> exceptions = ExceptionsOf(plan, facts);
        const auto cycle = FindCycle(tx, program.book, found->cycle);
        CHECK(cycle.has_value());
        std::map<ContractId, std::string> contracts;
        for (const CollectedAward& award : LoadAwardsOfCycle(tx, program.book, cycle->id)) {
          contracts.emplace(award.contract, award.contract_name);
        }
        std::ranges::move(OverridesOf(tx, *cycle, now, contracts), std::back_inserter(exceptions));
        return exceptions;
      });
}

}  // namespace sluice::payments
