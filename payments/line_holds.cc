#include "payments/line_holds.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "core/check.h"
#include "payments/duplicate_activity.h"
#include "payments/pluck.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kDuplicatesNamed = 3;

struct CycleLines {
  std::set<ContractId> contracts;
  std::vector<const ObligationRow*> rows;
};

// The first few in words, and how many more there are.
std::string NoteOfDuplicates(pg::Transaction& tx, PayerId payer,
                   std::span<const DuplicateActivity* const> duplicates) {
  std::vector<std::int64_t> members;
  for (const DuplicateActivity* duplicate : duplicates) members.push_back(duplicate->here.member);
  const auto numbers = LoadMemberNumbers(tx, payer, members);
  std::string note;
  for (std::size_t i = 0; i < std::min(duplicates.size(), kDuplicatesNamed); ++i) {
    const DuplicateActivity& duplicate = *duplicates[i];
    const auto number = numbers.find(duplicate.here.member);
    note += note.empty() ? "" : "; ";
    note += duplicate.ToString(number == numbers.end() ? std::to_string(duplicate.here.member)
                                                       : number->second);
  }
  if (duplicates.size() > kDuplicatesNamed) {
    note += fmt::format("; and {} more", duplicates.size() - kDuplicatesNamed);
  }
  return note;
}

bool ConcernsParty(const DuplicateActivity& duplicate, PartyId party) {
  return duplicate.here.practice == party || duplicate.here.provider == party;
}

// The duplicates that hold the line: those of its own party, or all where nobody else of the award
// has a line for them.
std::vector<const DuplicateActivity*> DuplicatesOf(const ObligationRow& row,
                                                   std::span<const ObligationRow* const> rows,
                                                   std::span<const DuplicateActivity> duplicates) {
  std::vector<const DuplicateActivity*> found;
  for (const DuplicateActivity& duplicate : duplicates) {
    if (duplicate.here.contract != row.contract) continue;
    const bool named = std::ranges::any_of(rows, [&](const ObligationRow* other) {
      return other->award == row.award && ConcernsParty(duplicate, other->owner.party);
    });
    if (!named || ConcernsParty(duplicate, row.owner.party)) found.push_back(&duplicate);
  }
  return found;
}

}  // namespace

std::map<ObligationId, LineHold> FindLineHolds(pg::Transaction& tx, PayerId payer, BookId book,
                                               std::span<const ObligationRow> open,
                                               const LineDecisions& decisions) {
  std::map<ObligationId, LineHold> holds;
  std::map<CycleId, CycleLines> fresh;
  for (const ObligationRow& row : open) {
    if (const LineDecision* hold = decisions.HoldOf(row)) {
      holds.emplace(row.id, LineHold{HoldReason::kLineByPerson, hold->reason});
    } else if (!row.recognized && row.amount > Money{}) {
      CycleLines& of_cycle = fresh[row.cycle];
      of_cycle.contracts.insert(row.contract);
      of_cycle.rows.push_back(&row);
    }
  }
  for (const auto& [id, lines] : fresh) {
    const auto cycle = FindCycle(tx, book, id);
    CHECK(cycle.has_value());
    const std::vector<ContractId> contracts(lines.contracts.begin(), lines.contracts.end());
    const auto here = LoadPaidActivities(tx, contracts, cycle->period);
    if (here.empty()) continue;
    const std::set<std::int64_t> members = [&] {
      std::set<std::int64_t> distinct;
      for (const PaidActivity& activity : here) distinct.insert(activity.member);
      return distinct;
    }();
    const auto there =
        LoadPaidActivitiesOf(tx, std::vector(members.begin(), members.end()), cycle->period);
    const auto duplicates = FindDuplicates(here, there);
    if (duplicates.empty()) continue;
    for (const ObligationRow* row : lines.rows) {
      if (decisions.AcceptanceOf(*row, LineHoldCause::kDuplicate) != nullptr) continue;
      const auto own = DuplicatesOf(*row, lines.rows, duplicates);
      if (own.empty()) continue;
      holds.emplace(row->id, LineHold{HoldReason::kDuplicate, NoteOfDuplicates(tx, payer, own)});
    }
  }
  return holds;
}

}  // namespace sluice::payments
