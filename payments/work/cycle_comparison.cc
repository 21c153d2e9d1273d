#include "payments/work/cycle_comparison.h"

#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "payments/payee_store.h"
#include "payments/run_store.h"
#include "payments/work/work_store.h"

namespace sluice::payments {
namespace {

// What a payee has from one contract in one run.
struct Part {
  bool has_share = false;
  Money share;
  Money award;
  std::map<ObligationComponent, Money> others;
};
struct Pair {
  std::string contract_name;
  Part before, now;
};

void Add(const ComparedLine& line, Part& part) {
  if (line.component != ObligationComponent::kShare) {
    part.others[line.component] += line.amount;
    return;
  }
  part.has_share = true;
  part.share += line.amount;
  part.award = line.award;
}

std::string_view WordsOf(ObligationComponent component) {
  switch (component) {
    case ObligationComponent::kShare:
      return "share";
    case ObligationComponent::kWithholdRelease:
      return "released withhold";
    case ObligationComponent::kRestatement:
      return "restatement";
    case ObligationComponent::kWithholdInterest:
      return "interest on a withhold";
    case ObligationComponent::kLateInterest:
      return "interest for paying late";
  }
  return "line";
}

std::string TextOfShare(const Pair& pair) {
  if (!pair.before.has_share) return fmt::format("{} is new", pair.contract_name);
  if (!pair.now.has_share) return fmt::format("{} pays nothing more", pair.contract_name);
  if (pair.before.award != pair.now.award) {
    return fmt::format("award of {}: {} -> {}", pair.contract_name, pair.before.award,
                       pair.now.award);
  }
  return fmt::format("part of the award of {}, which is {} as before", pair.contract_name,
                     pair.now.award);
}

void AddCauses(ContractId contract, const Pair& pair, PayeeComparison& comparison) {
  const auto add = [&](Money amount, std::string text) {
    if (!amount.IsZero()) comparison.causes.push_back({contract, amount, std::move(text)});
  };
  add(pair.now.share - pair.before.share, TextOfShare(pair));
  for (const auto& [component, amount] : pair.before.others) {
    add(-amount,
        fmt::format("{} of {} in the last run, not again", WordsOf(component), pair.contract_name));
  }
  for (const auto& [component, amount] : pair.now.others) {
    add(amount, fmt::format("{} of {}", WordsOf(component), pair.contract_name));
  }
}

}  // namespace

std::vector<PayeeComparison> CompareRuns(std::span<const ComparedLine> before,
                                         std::span<const ComparedLine> now) {
  std::map<std::pair<PayeeId, std::string>, std::map<ContractId, Pair>> pairs;
  const auto pair_of = [&](const ComparedLine& line) -> Pair& {
    Pair& pair = pairs[{line.payee, line.stream}][line.contract];
    pair.contract_name = line.contract_name;
    return pair;
  };
  for (const ComparedLine& line : before) Add(line, pair_of(line).before);
  for (const ComparedLine& line : now) Add(line, pair_of(line).now);
  const auto total = [](const Part& part) {
    Money sum = part.share;
    for (const auto& [component, amount] : part.others) sum += amount;
    return sum;
  };
  std::vector<PayeeComparison> comparisons;
  for (const auto& [key, contracts] : pairs) {
    PayeeComparison comparison{.payee = key.first, .stream = key.second};
    Money explained;
    for (const auto& [contract, pair] : contracts) {
      comparison.before += total(pair.before);
      comparison.now += total(pair.now);
      AddCauses(contract, pair, comparison);
    }
    for (const ComparisonCause& cause : comparison.causes) explained += cause.amount;
    CHECK(explained == comparison.Difference());
    comparisons.push_back(std::move(comparison));
  }
  return comparisons;
}

StatusOr<CycleComparison> CompareWithLast(const pg::Database& database,
                                          const ProgramPayments& program, RunId run) {
  return database.ForPayer(program.payer)
      .Transact([&](pg::Transaction& tx) -> StatusOr<CycleComparison> {
        const auto found = FindRun(tx, program.book, run);
        if (!found) return NotFound("there is no run {} in book {}", run, program.book);
        if (found->revision == 0) {
          return FailedPrecondition("run {} was not calculated yet", run);
        }
        CycleComparison comparison{.run = *found};
        std::vector<ComparedLine> before;
        if (const auto last = FindRunBefore(tx, *found)) {
          comparison.previous = FindRun(tx, program.book, *last);
          CHECK(comparison.previous.has_value());
          before = LoadComparedLines(tx, *comparison.previous);
          comparison.previous_cycle =
              FindCycle(tx, program.book, comparison.previous->cycle).value().name;
        }
        comparison.payees = CompareRuns(before, LoadComparedLines(tx, *found));
        std::set<PayeeId> ids;
        for (const PayeeComparison& payee : comparison.payees) ids.insert(payee.payee);
        std::map<PayeeId, std::string> names;
        for (Payee& payee : LoadPayees(tx, std::vector(ids.begin(), ids.end()))) {
          names.emplace(payee.id, std::move(payee.name));
        }
        for (PayeeComparison& payee : comparison.payees) payee.name = names[payee.payee];
        return comparison;
      });
}

}  // namespace sluice::payments
