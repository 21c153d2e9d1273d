#include "payments/withheld_balance_source.h"

#include "payments/ledger/journal.h"
#include "payments/payee_store.h"
#include "payments/withhold_statement.h"
#include "performance/program_run/run_facts.h"

namespace sluice::payments {
namespace {

using performance::DetailContract;
using performance::DetailOutcome;
using performance::DetailScope;
using performance::FindBasis;
using performance::WithheldBalance;

// What payments and their restatements put into the reserve; what a forfeit gave back to it was in
// it before.
Money TakenBy(const performance::WithholdStatement& reserve) {
  Money taken;
  for (const performance::WithholdLine& line : reserve.lines) {
    const bool by_payment = line.post.move == performance::WithholdMove::kTaken &&
                            line.post.reference != EventName(Event::kForfeitWithhold);
    if (by_payment) taken += line.post.amount;
  }
  return taken;
}

// Nothing when this book never withheld anything from the party.
StatusOr<std::optional<Money>> WithheldFrom(pg::Transaction& tx, BookId book,
                                            const DetailScope& scope,
                                            const DetailContract& contract) {
  const PartyId party = contract.contract.party;
  std::optional<Money> taken;
  for (const PayeeId payee : FindPayeesOfParties(tx, {&party, 1}).All()) {
    const performance::WithholdAccountKey key{.payee = payee,
                                              .program = scope.program,
                                              .performance_year = YearOf(scope.dates.period.from)};
    const auto reserve =
        StateReserve(tx, book, contract.terms.payment_withhold.value_or(performance::Withhold{}),
                     key, scope.dates.pay_date);
    if (reserve.status().code() == absl::StatusCode::kNotFound) continue;
    RETURN_IF_ERROR(reserve.status());
    taken = taken.value_or(Money()) + TakenBy(*reserve);
  }
  return taken;
}

}  // namespace

bool WithheldBalanceSource::Serves(const performance::Terms& terms) const {
  return FindBasis<WithheldBalance>(terms) != nullptr;
}

StatusOr<DetailOutcome> WithheldBalanceSource::Refresh(const DetailScope& scope,
                                                       std::span<const DetailContract> contracts) {
  DetailOutcome outcome;
  for (const DetailContract& contract : contracts) {
    const std::string& fact = FindBasis<WithheldBalance>(contract.terms)->fact;
    ASSIGN_OR_RETURN(const std::optional<Money> withheld,
                     scope.database.Transact(
                         [&](pg::Transaction& tx) -> StatusOr<std::optional<Money>> {
                           return WithheldFrom(tx, book_, scope, contract);
                         }));
    // Without one the award blocks for the fact itself.
    if (!withheld) continue;
    performance::FactChange change{
        .set = {.contract = contract.contract.id, .period = scope.dates.period}, .gone = {}};
    change.set.facts.SetAmount(fact, *withheld);
    ASSIGN_OR_RETURN(const std::int64_t rows,
                     performance::RecordChanges(scope.database, {&change, 1}, scope.clock,
                                                scope.ids, "withhold reserve"));
    outcome.rows += rows;
  }
  return outcome;
}

}  // namespace sluice::payments
