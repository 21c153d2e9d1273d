#include "payments/recoup/late_lines.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/check.h"
#include "payments/due_dates.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/payment_rules_store.h"
#include "payments/pluck.h"
#include "payments/recoup/late_terms_store.h"
#include "payments/recoup/recoup_store.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

// The due date of each of the lines' cycles, by the rules of the last day of its period.
std::map<CycleId, std::optional<Date>> DueDatesOfCycles(pg::Transaction& tx,
                                                        const ProgramPayments& program,
                                                        std::span<const ObligationRow> lines) {
  std::map<CycleId, std::optional<Date>> due;
  for (const ObligationRow& line : lines) {
    const auto [at, fresh] = due.try_emplace(line.cycle);
    if (!fresh) continue;
    const auto cycle = FindCycle(tx, program.book, line.cycle);
    CHECK(cycle.has_value());
    const Date last = *cycle->period.to - Days(1);
    at->second = DueDateOf(cycle->period, ProgramOn(tx, program, last).schedule);
  }
  return due;
}

// Numbers the interest lines of each award version, after those that it has.
class LinePositions {
 public:
  LinePositions(pg::Transaction& tx, BookId book, std::span<const ObligationRow> late) {
    std::set<AwardId> awards;
    for (const ObligationRow& row : late) awards.insert(row.award);
    for (const ObligationRow& row :
         LockObligationsOfAwards(tx, book, std::vector(awards.begin(), awards.end()))) {
      if (row.component != ObligationComponent::kLateInterest) continue;
      std::int32_t& last = last_[{row.award, row.award_version}];
      last = std::max(last, row.position);
    }
  }
  std::int32_t Next(const ObligationRow& row) { return ++last_[{row.award, row.award_version}]; }

 private:
  std::map<std::pair<AwardId, std::int32_t>, std::int32_t> last_;
};

Bytes StepsOf(const LateInterestRow& late, const LateInterestTerms& terms) {
  return EncodeSteps(
      {{.label = "Paid late",
        .value = fmt::format("{} day{}", late.days_late, late.days_late == 1 ? "" : "s"),
        .note = fmt::format("due {}, paid {}", FormatDateLong(late.due_on),
                            FormatDateLong(late.paid_on))},
       {.label = fmt::format("Interest on {}", late.base),
        .value = late.owed.ToString(),
        .note = fmt::format("{} a year, simple, {} days in a year ({})", terms.annual.ToString(),
                            terms.days_in_year, terms.reason)}});
}

}  // namespace

Status AddLateInterest(pg::Transaction& tx, const ProgramPayments& program, const Run& run,
                       const Recorded& recorded, IdGenerator& ids, std::vector<Journal>& journals) {
  if (!HasLateInterestTerms(tx, run.book)) return OkStatus();
  std::vector<ObligationRow> open = LockOpenObligations(tx, run.book, run.id);
  std::erase_if(open, [](const ObligationRow& row) {
    return row.recognized || !row.payee || row.component != ObligationComponent::kShare ||
           row.amount <= row.withhold;
  });
  std::set<ContractId> contracts;
  for (const ObligationRow& row : open) contracts.insert(row.contract);
  const auto terms =
      LoadLateInterestTerms(tx, run.book, std::vector(contracts.begin(), contracts.end()));
  if (terms.empty()) return OkStatus();
  std::erase_if(open, [&](const ObligationRow& row) { return !terms.contains(row.contract); });
  const auto due = DueDatesOfCycles(tx, program, open);
  const auto lines = Pluck(open, &ObligationRow::id);
  const auto made = LoadInterestMade(tx, run.book, lines);
  const auto waited = LoadOnceWithoutPayee(tx, run.book, lines);

  LinePositions positions(tx, run.book, open);
  std::vector<ObligationRow> rows;
  std::vector<LateInterestRow> interest;
  for (const ObligationRow& row : open) {
    const auto due_on = due.at(row.cycle);
    if (!due_on || std::ranges::binary_search(waited, row.id)) continue;
    const LateInterestTerms* version = TermsFor(terms.at(row.contract), *due_on);
    if (version == nullptr) continue;
    LateInterestRow late{.of = row.id,
                         .due_on = *due_on,
                         .paid_on = run.effective_date,
                         .days_late = DaysLate(*due_on, run.effective_date),
                         .base = row.amount - row.withhold,
                         .terms_version = version->version};
    late.owed = LateInterestOn(late.base, *version, late.days_late);
    const auto before = made.find(row.id);
    const Money more = late.owed - (before == made.end() ? Money{} : before->second);
    if (more <= Money{}) continue;
    ObligationRow line = row;
    line.id = ids.Next<ObligationTag>();
    line.component = ObligationComponent::kLateInterest;
    line.position = positions.Next(row);
    line.amount = more;
    line.withhold = Money{};
    line.state = ObligationState::kCalculated;
    line.split_steps = StepsOf(late, *version);
    late.line = line.id;
    journals.push_back(MakeJournal(
        {.id = DerivedUuid("accrue_late_interest", std::vector{std::to_string(run.book.Value()),
                                                               std::to_string(line.id.Value())}),
         .source_id = row.award.Value(),
         .actor = recorded.by,
         .effective_date = run.business_date},
        AccrueAward(program.program, row.contract, more)));
    interest.push_back(late);
    rows.push_back(std::move(line));
  }
  if (rows.empty()) return OkStatus();
  InsertObligations(tx, run.book, rows, recorded.at);
  InsertLateInterest(tx, run.book, interest, recorded.at);
  return OkStatus();
}

}  // namespace sluice::payments
