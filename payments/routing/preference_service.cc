#include "payments/routing/preference_service.h"

#include <algorithm>
#include <utility>

#include "payments/obligation_store.h"
#include "payments/payment_rules_store.h"
#include "payments/pluck.h"
#include "payments/run_store.h"
#include "performance/program_store.h"

namespace sluice::payments {
namespace {

bool SaysTheSame(const PaymentPreference& a, const PaymentPreference& b) {
  return a.key == b.key && a.payee == b.payee && a.method == b.method && a.delivery == b.delivery &&
         a.withdrawn == b.withdrawn && a.effective_from == b.effective_from;
}

}  // namespace

StatusOr<PaymentPreference> PreferenceService::Record(PaymentPreference preference, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) {
    return RecordPreference(tx, payer_, preference, recorded, ids_);
  });
}

StatusOr<PaymentPreference> RecordPreference(pg::Transaction& tx, PayerId payer,
                                             PaymentPreference preference, const Recorded& recorded,
                                             IdGenerator& ids) {
  RETURN_IF_ERROR(CheckPreference(preference));
  preference.id = ids.Next<PreferenceTag>();
  preference.recorded_by = recorded.by;
  preference.recorded_at = recorded.at;
  preference.confirmed_by.reset();
  preference.confirmed_at.reset();
  if (preference.payee) {
    const PayeeId named = *preference.payee;
    if (LoadPayees(tx, std::span(&named, 1)).empty()) {
      return NotFound("there is no payee {}", named);
    }
  }
  const ProgramId program = preference.key.program;
  if (program != ProgramId() && !performance::FindProgram(tx, program)) {
    return NotFound("there is no program {}", program);
  }
  const auto earlier = LoadPreferences(tx, payer, std::span(&preference.key.tin, 1));
  const PaymentPreference* last = nullptr;
  for (const PaymentPreference& known : earlier) {
    if (known.key == preference.key) last = &known;
  }
  if (last != nullptr && SaysTheSame(*last, preference)) {
    return FailedPrecondition("{} says this already", last->id);
  }
  if (preference.withdrawn && (last == nullptr || last->withdrawn)) {
    return FailedPrecondition("there is no preference for {} to withdraw",
                              LevelsOf(preference.key));
  }
  InsertPreference(tx, payer, preference);
  return preference;
}

Status PreferenceService::Confirm(PreferenceId id, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto found = LoadPreferencesById(tx, payer_, std::span(&id, 1));
    if (found.empty()) return NotFound("there is no preference {}", id);
    RETURN_IF_ERROR(CheckMayConfirm(found.front(), actor.user));
    InsertPreferenceConfirmation(tx, payer_, found.front(), recorded);
    return OkStatus();
  });
}

StatusOr<std::vector<PaymentPreference>> PreferenceService::History(PayeeId payee) {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<PaymentPreference>> {
                              const auto found = LoadPayees(tx, std::span(&payee, 1));
                              if (found.empty()) return NotFound("there is no payee {}", payee);
                              return LoadPreferences(tx, payer_, std::span(&found.front().tin, 1));
                            });
}

StatusOr<Resolution> PreferenceService::Explain(const ProgramPayments& program, PayeeId payee,
                                                const ShareOwner& owner, Date business_date) {
  return database_.Transact({.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<Resolution> {
    const auto found = LoadPayees(tx, std::span(&payee, 1));
    if (found.empty()) return NotFound("there is no payee {}", payee);
    const ShareOwner whose = owner.party == PartyId() ? found.front().Owner() : owner;
    const PlanSettings settings = ProgramOn(tx, program, business_date).plan;
    const RouteBook book =
        LoadRouteBook(tx, {.payer = payer_,
                           .program = program.program,
                           .day = RouteDayOf(business_date, settings.preference_cut_off_days),
                           .payees = std::span(&payee, 1),
                           .parties = std::span(&whose.party, 1)});
    return book.Resolve(whose, payee);
  });
}

StatusOr<std::vector<LineRoute>> PreferenceService::ExplainRun(const ProgramPayments& program,
                                                               RunId run_id, PayeeId payee) {
  return database_.Transact(
      {.read_only = true}, [&](pg::Transaction& tx) -> StatusOr<std::vector<LineRoute>> {
        const auto run = FindRun(tx, program.book, run_id);
        if (!run) return NotFound("there is no run {} in book {}", run_id, program.book);
        std::vector<ObligationId> ids;
        for (const RunLine& line : LoadPlan(tx, *run).lines) {
          if (line.payee == payee) ids.push_back(line.obligation);
        }
        std::vector<LineRoute> routes;
        for (const ObligationRow& row : LoadObligations(tx, program.book, ids)) {
          routes.push_back({.obligation = row.id,
                            .owner = row.owner,
                            .payee = payee,
                            .usual = row.routed_from.value_or(payee)});
        }
        const auto usual = Pluck(routes, &LineRoute::usual);
        const auto parties =
            Pluck(routes, [](const LineRoute& route) { return route.owner.party; });
        const PlanSettings settings = ProgramOn(tx, program, run->business_date).plan;
        const RouteBook book = LoadRouteBook(
            tx, {.payer = payer_,
                 .program = program.program,
                 .day = RouteDayOf(run->business_date, settings.preference_cut_off_days),
                 .payees = usual,
                 .parties = parties});
        for (LineRoute& route : routes) route.resolution = book.Resolve(route.owner, route.usual);
        return routes;
      });
}

}  // namespace sluice::payments
