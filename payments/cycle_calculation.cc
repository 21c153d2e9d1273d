// How a run is calculated: new award versions become obligations, and what is open becomes the plan
// of who is paid what, by which way, and what waits.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "hierarchy/onboarding_store.h"
#include "payments/checks/check_store.h"
#include "payments/collect.h"
#include "payments/cycle_service.h"
#include "payments/ledger/events.h"
#include "payments/line_holds.h"
#include "payments/obligation_store.h"
#include "payments/payee_hold.h"
#include "payments/payee_store.h"
#include "payments/payment_rules_store.h"
#include "payments/pluck.h"
#include "payments/recoup/late_lines.h"
#include "payments/recoup/recoup_store.h"
#include "payments/routing/preference_store.h"
#include "payments/tax/tax_store.h"
#include "payments/withhold_interest.h"

namespace sluice::payments {
namespace {

// Posts in as many batches as the transfers need; each journal here has one transfer.
Status PostAll(pg::Transaction& tx, const Ledger& ledger, BookId book,
               std::span<const Journal> journals) {
  while (!journals.empty()) {
    const auto part =
        journals.first(std::min(journals.size(), static_cast<std::size_t>(kMaxBatchTransfers)));
    ASSIGN_OR_RETURN(const auto results, ledger.PostIn(tx, book, part));
    RETURN_IF_ERROR(RequireAccepted(results));
    journals = journals.subspan(part.size());
  }
  return OkStatus();
}

// The parties of all shares and of their paths.
std::vector<PartyId> PartiesOf(std::span<const AwardToPay> awards) {
  std::set<PartyId> parties;
  for (const AwardToPay& award : awards) {
    for (const AwardShare& share : award.shares) {
      parties.insert(share.party);
      parties.insert(share.ancestors.begin(), share.ancestors.end());
    }
  }
  return {parties.begin(), parties.end()};
}

// The version that stands for a payee: the ACTIVE one, else the newest that is not superseded or
// rejected.
std::map<PayeeId, PayeeAccount> AccountsByPayee(std::span<const BankAccount> accounts) {
  std::map<PayeeId, PayeeAccount> chosen;
  for (const BankAccount& account : accounts) {
    if (account.state == BankAccountState::kSuperseded ||
        account.state == BankAccountState::kRejected) {
      continue;
    }
    const PayeeAccount candidate{account.id, account.version, account.state, account.ownership};
    const auto [at, added] = chosen.emplace(account.payee, candidate);
    if (!added && at->second.state != BankAccountState::kActive) at->second = candidate;
  }
  return chosen;
}

// Balances of one class by owner key, for those that are positive on the given side.
std::map<std::string, Money> BalancesOf(std::span<const AccountLine> accounts,
                                        AccountClass account_class) {
  std::map<std::string, Money> balances;
  const bool debit = RuleOf(account_class).normal == NormalSide::kDebit;
  for (const AccountLine& line : accounts) {
    if (line.key.account_class != account_class) continue;
    const Money balance = debit ? line.counters.DebitBalance() : line.counters.CreditBalance();
    balances.emplace(line.key.owner_key, balance);
  }
  return balances;
}

// What the reserves of the awards' years hold and no obligation is promised.
std::map<ReserveKey, Money> FreeReserves(std::span<const AwardToPay> awards,
                                         std::span<const PayeeId> payees,
                                         std::span<const AccountLine> accounts,
                                         const std::map<ReserveKey, Money>& promised) {
  const auto balances = BalancesOf(accounts, AccountClass::kWithholdReserve);
  std::map<ReserveKey, Money> reserves;
  if (balances.empty()) return reserves;
  std::set<std::int32_t> years;
  for (const AwardToPay& award : awards) years.insert(award.performance_year);
  for (const std::int32_t year : years) {
    for (const PayeeId payee : payees) {
      const auto found = balances.find(WithholdReserveAccount(payee, year).owner_key);
      if (found != balances.end()) reserves[{payee, year}] = found->second;
    }
  }
  for (const auto& [key, amount] : promised) {
    if (const auto found = reserves.find(key); found != reserves.end()) found->second -= amount;
  }
  return reserves;
}

// Everybody whose reserve a share may come out of: payees by directory, by preference, and those
// who had the money before.
std::vector<PayeeId> ReserveHolders(const PayeeDirectory& payees, const RouteBook& routes,
                                    const std::map<AwardId, std::vector<ObligationRow>>& earlier) {
  const std::vector<PayeeId> all = payees.All();
  std::set<PayeeId> holders(all.begin(), all.end());
  for (const PayeeId named : routes.NamedPayees()) holders.insert(named);
  for (const auto& [award, rows] : earlier) {
    for (const ObligationRow& row : rows) {
      if (row.payee) holders.insert(*row.payee);
    }
  }
  return {holders.begin(), holders.end()};
}

// Sets the payee and says the way of each open obligation. What was recognized is its payee's; what
// is owed, or comes out of a reserve, stays with who had it.
StatusOr<std::map<ObligationId, Route>> RouteOpen(pg::Transaction& tx, BookId book,
                                                  const RouteBook& routes,
                                                  std::vector<ObligationRow>& open) {
  std::map<ObligationId, Route> ways;
  std::vector<ObligationMove> moves;
  for (ObligationRow& row : open) {
    Route& way = ways[row.id];
    if (!row.payee) continue;
    const PayeeId usual = row.routed_from.value_or(*row.payee);
    way = routes.RouteOf(row.owner, usual);
    const bool moves_with_it = !row.recognized && row.amount > Money{} &&
                               row.component != ObligationComponent::kWithholdRelease &&
                               row.component != ObligationComponent::kWithholdInterest;
    const PayeeId payee = moves_with_it ? way.payee.value_or(usual) : *row.payee;
    const bool is_new = row.state == ObligationState::kHeld && !row.recognized;
    if (payee == *row.payee && !is_new) continue;
    std::optional<PayeeId> from;
    if (payee != *row.payee) from = usual;
    row.payee = payee;
    if (from) row.routed_from = from;
    moves.push_back(
        {row.id, row.state, ObligationState::kCalculated, row.payee, row.recognized, from});
  }
  RETURN_IF_ERROR(MoveObligations(tx, book, moves));
  return ways;
}

// Which of the given versions this book has not collected yet.
StatusOr<std::vector<AwardToPay>> NewVersions(std::span<const AwardToPay> awards,
                                              std::span<const CollectedVersion> collected) {
  std::map<std::pair<AwardId, std::int32_t>, Digest> known;
  std::map<AwardId, std::int32_t> latest;
  for (const CollectedVersion& version : collected) {
    known.emplace(std::pair{version.award, version.version}, version.hash);
    latest[version.award] = std::max(latest[version.award], version.version);
  }
  std::vector<AwardToPay> fresh;
  std::set<AwardId> seen;
  for (const AwardToPay& award : awards) {
    RETURN_IF_ERROR(CheckAwardToPay(award));
    if (!seen.insert(award.award).second) {
      return InvalidArgument("award {} is given twice", award.award);
    }
    if (const auto same = known.find({award.award, award.version}); same != known.end()) {
      if (same->second != award.hash) {
        return FailedPrecondition(
            "award {} version {} was collected with other content: an award version never changes",
            award.award, award.version);
      }
      continue;
    }
    if (const auto newer = latest.find(award.award);
        newer != latest.end() && newer->second > award.version) {
      return FailedPrecondition("award {} version {} is older than version {}, already collected",
                                award.award, award.version, newer->second);
    }
    fresh.push_back(award);
  }
  return fresh;
}

std::vector<AwardId> AwardIdsOf(std::span<const ObligationRow> rows) {
  std::set<AwardId> awards;
  for (const ObligationRow& row : rows) awards.insert(row.award);
  return {awards.begin(), awards.end()};
}

RunPlan StopByPersons(RunPlan plan, const std::map<PayeeId, RunStop>& stops) {
  for (const auto& [payee, stop] : stops) {
    if (!stop.stopped) continue;
    // A payee that is not in the run any more has nothing to stop.
    if (auto stopped = StopPayee(plan, payee, stop.reason); stopped.ok()) plan = *stopped;
  }
  return plan;
}

}  // namespace

StatusOr<RunTotals> CycleService::Calculate(RunId run, std::span<const AwardToPay> awards,
                                            Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  ASSIGN_OR_RETURN(const Run started, database_.Transact([&](pg::Transaction& tx) -> StatusOr<Run> {
    ASSIGN_OR_RETURN(LockedRun locked, LockRunFor(tx, program_.book, run, RunCommand::kCalculate));
    ++locked.run.fence;
    RETURN_IF_ERROR(MoveRun(tx, locked.run, {RunCommand::kCalculate, locked.next, ""}, recorded));
    return locked.run;
  }));
  // A large run takes longer than an ordinary statement.
  const pg::TransactOptions options{.statement_timeout = std::chrono::minutes(10)};
  return database_.Transact(options, [&](pg::Transaction& tx) -> StatusOr<RunTotals> {
    ASSIGN_OR_RETURN(LockedRun locked,
                     LockRunFor(tx, program_.book, run, RunCommand::kFinishCalculation));
    if (locked.run.fence != started.fence) {
      return Aborted("the calculation of run {} was taken over by somebody else", run);
    }
    return StoreCalculation(tx, locked.run, awards, recorded);
  });
}

StatusOr<RunTotals> CycleService::StoreCalculation(pg::Transaction& tx, Run run,
                                                   std::span<const AwardToPay> awards,
                                                   const Recorded& recorded) {
  std::vector<Journal> journals;
  RETURN_IF_ERROR(CollectNew(tx, run, awards, recorded, journals));
  RETURN_IF_ERROR(AddLateInterest(tx, program_, run, recorded, ids_, journals));
  ++run.revision;
  ASSIGN_OR_RETURN(const RunPlan plan, PlanOpen(tx, run));
  InsertPlan(tx, run, plan);
  InsertRunEditor(tx, run, "calculated", recorded);
  // Runs whose hold was dropped start again at the first attempt of the new revision.
  run.hold_attempt = 1;
  run.hold_expires_at.reset();
  RETURN_IF_ERROR(
      MoveRun(tx, run, {RunCommand::kFinishCalculation, RunState::kCalculated, ""}, recorded));
  // The head of the book is locked last and shortly.
  RETURN_IF_ERROR(PostAll(tx, ledger_, run.book, journals));
  return TotalsOf(plan);
}

Status CycleService::CollectNew(pg::Transaction& tx, const Run& run,
                                std::span<const AwardToPay> awards, const Recorded& recorded,
                                std::vector<Journal>& journals) {
  const auto cycle = FindCycle(tx, run.book, run.cycle);
  CHECK(cycle.has_value());
  const auto ids = Pluck(awards, &AwardToPay::award);
  ASSIGN_OR_RETURN(const auto fresh, NewVersions(awards, LoadCollectedVersions(tx, run.book, ids)));
  if (fresh.empty()) return OkStatus();
  std::map<AwardId, std::vector<ObligationRow>> earlier;
  for (ObligationRow& row :
       LockObligationsOfAwards(tx, run.book, Pluck(fresh, &AwardToPay::award))) {
    earlier[row.award].push_back(std::move(row));
  }
  const auto parties = PartiesOf(fresh);
  auto payees = FindPayeesOfParties(tx, parties);
  const RouteBook routes = LoadRoutes(tx, run, payees.All(), parties);
  if (!routes.IsEmpty()) {
    payees.SetPreferences(
        [&routes](const ShareOwner& owner, PayeeId usual) { return routes.PayeeOf(owner, usual); });
  }
  auto reserves = FreeReserves(fresh, ReserveHolders(payees, routes, earlier),
                               TrialBalance(tx, run.book), LoadPromisedReserves(tx, run.book));

  InterestOnReleases interest(tx, run.book, program_.program, run.business_date, ids_);
  std::vector<ObligationRow> rows;
  std::vector<ObligationMove> voided;
  std::vector<Money> accrued;
  for (const AwardToPay& award : fresh) {
    const auto& before = earlier[award.award];
    Collection collection = CollectAward(*cycle, award, before, payees, reserves, ids_);
    RETURN_IF_ERROR(interest.AddTo(award, collection));
    for (const ObligationRow& row : before) {
      if (std::ranges::find(collection.voided, row.id) == collection.voided.end()) continue;
      voided.push_back({row.id, row.state, ObligationState::kVoided, row.payee, false});
    }
    const std::vector<std::string> parts = {std::to_string(run.book.Value()),
                                            std::to_string(award.award.Value()),
                                            std::to_string(award.version)};
    JournalHeader header{.source_id = award.award.Value(),
                         .actor = recorded.by,
                         .effective_date = run.business_date};
    if (!collection.restated.IsZero()) {
      header.id = DerivedUuid("restate_unpaid", parts);
      journals.push_back(MakeJournal(
          header, RestateUnpaid(award.contract, program_.program, collection.restated)));
    }
    if (!collection.accrued.IsZero()) {
      header.id = DerivedUuid("accrue_award", parts);
      journals.push_back(
          MakeJournal(header, AccrueAward(program_.program, award.contract, collection.accrued)));
    }
    accrued.push_back(collection.accrued);
    std::ranges::move(collection.obligations, std::back_inserter(rows));
  }
  InsertCollectedAwards(tx, *cycle, fresh, accrued, recorded.at);
  RETURN_IF_ERROR(MoveObligations(tx, run.book, voided));
  InsertObligations(tx, run.book, rows, recorded.at);
  return OkStatus();
}

// A party that was enrolled since is paid now.
StatusOr<CycleService::Routes> CycleService::FindPayees(pg::Transaction& tx, const Run& run,
                                                        std::vector<ObligationRow>& open) {
  std::vector<PartyId> unpaid;
  for (const ObligationRow& row : open) {
    if (!row.payee) unpaid.push_back(row.owner.party);
  }
  const auto enrolled = FindPayeesOfParties(tx, unpaid);
  std::set<PayeeId> usual;
  for (ObligationRow& row : open) {
    if (!row.payee) row.payee = enrolled.Find(row.owner);
    if (row.payee) usual.insert(row.routed_from.value_or(*row.payee));
  }
  const RouteBook routes =
      LoadRoutes(tx, run, {usual.begin(), usual.end()},
                 Pluck(open, [](const ObligationRow& row) { return row.owner.party; }));
  return RouteOpen(tx, run.book, routes, open);
}

StatusOr<RunPlan> CycleService::PlanOpen(pg::Transaction& tx, const Run& run) {
  std::vector<ObligationRow> open = LockOpenObligations(tx, run.book, run.id);
  ASSIGN_OR_RETURN(const auto ways, FindPayees(tx, run, open));
  const auto decisions = LoadLineDecisions(tx, run.book, AwardIdsOf(open));
  const auto held = FindLineHolds(tx, program_.payer, run.book, open, decisions);
  std::set<PayeeId> distinct;
  std::vector<ObligationId> taking_part;
  std::vector<OpenObligation> obligations;
  obligations.reserve(open.size());
  for (const ObligationRow& row : open) {
    if (row.payee) distinct.insert(*row.payee);
    const auto hold = held.find(row.id);
    if (hold == held.end()) taking_part.push_back(row.id);
    obligations.push_back(
        {.id = row.id,
         .party = row.owner.party,
         .payee = row.payee,
         .component = row.component,
         .amount = row.amount,
         .withhold = row.withhold,
         .recognized = row.recognized,
         .hold = hold == held.end() ? HoldReason::kNone : hold->second.reason,
         .cap_accepted = decisions.AcceptanceOf(row, LineHoldCause::kOverCap) != nullptr,
         .route = ways.at(row.id)});
  }
  const std::vector<PayeeId> ids(distinct.begin(), distinct.end());
  const PlanSettings settings = ProgramOn(tx, program_, run.business_date).plan;
  ASSIGN_OR_RETURN(const auto facts, FactsOf(tx, run, ids, taking_part, settings));
  return StopByPersons(PlanRun(obligations, facts, settings), LoadRunStops(tx, run));
}

StatusOr<std::map<PayeeId, PayeeFacts>> CycleService::FactsOf(pg::Transaction& tx, const Run& run,
                                                              std::span<const PayeeId> ids,
                                                              std::span<const ObligationId> lines,
                                                              const PlanSettings& settings) {
  const auto accounts = AccountsByPayee(LoadBankAccountsOfPayees(tx, program_.payer, ids));
  const auto balances = BalancesOf(TrialBalance(tx, run.book), AccountClass::kPayeeReceivable);
  const auto promised = LoadPromisedOffsets(tx, run.book, run.id);
  const auto taken_before = LoadTakenBefore(tx, run.book, lines);
  const auto not_due = LoadNotDue(tx, run.book, ids, run.business_date);
  const auto plans = LoadOffsetPlans(tx, run.book, ids, run.business_date);
  const auto taken_in_cycle = LoadTakenInCycle(tx, run, ids);
  const auto stops = GravestHolds(LoadOpenHolds(tx, program_.payer, ids));
  std::map<PayeeId, PayeeFacts> facts;
  const std::vector<Payee> payees = LoadPayees(tx, ids);
  const auto parties = Pluck(payees, &Payee::party);
  const auto not_active = hierarchy::PartiesNotActive(tx, program_.payer, parties);
  const auto with_case = hierarchy::PartiesWithCase(tx, program_.payer, parties);
  const auto with_tax_form = FindPayeesWithTaxForm(tx, ids);
  ASSIGN_OR_RETURN(const auto backup,
                   FindBackupWithholding(tx, program_.payer, ids, run.effective_date));
  const auto by_check = LoadCheckChoices(tx, run.book, run.id);
  for (const Payee& payee : payees) {
    PayeeFacts known{.kind = payee.kind,
                     .onboarded = !not_active.contains(payee.party) &&
                                  (!settings.require_onboarding || with_case.contains(payee.party)),
                     .tax_form = with_tax_form.contains(payee.id),
                     .by_check = by_check.contains(payee.id)};
    if (const auto at = accounts.find(payee.id); at != accounts.end()) known.account = at->second;
    const auto owed = balances.find(PayeeReceivableAccount(payee.id).owner_key);
    if (owed != balances.end()) known.receivable = owed->second;
    if (const auto at = promised.find(payee.id); at != promised.end()) {
      known.receivable -= std::min(known.receivable, at->second);
    }
    if (const auto at = not_due.find(payee.id); at != not_due.end()) {
      known.receivable -= std::min(known.receivable, at->second);
    }
    const auto plan = plans.find(payee.id);
    const auto taken = taken_in_cycle.find(payee.id);
    known.offset_limits = LimitsOf(plan == plans.end() ? std::nullopt : std::optional(plan->second),
                                   taken == taken_in_cycle.end() ? Money{} : taken->second);
    if (const auto at = taken_before.find(payee.id); at != taken_before.end()) {
      known.offset_before = at->second.offset;
      known.tax_before = at->second.tax;
    }
    if (const auto at = backup.find(payee.id); at != backup.end()) known.backup = at->second;
    if (const auto at = stops.find(payee.id); at != stops.end()) {
      known.stop_note = at->second.reason;
      known.stop_reason = ReasonOfHold(at->second.kind);
    }
    facts.emplace(payee.id, std::move(known));
  }
  return facts;
}

RouteBook CycleService::LoadRoutes(pg::Transaction& tx, const Run& run,
                                   const std::vector<PayeeId>& payees,
                                   const std::vector<PartyId>& parties) const {
  const PlanSettings settings = ProgramOn(tx, program_, run.business_date).plan;
  return LoadRouteBook(tx, {.payer = program_.payer,
                            .program = program_.program,
                            .day = RouteDayOf(run.business_date, settings.preference_cut_off_days),
                            .payees = payees,
                            .parties = parties});
}

}  // namespace sluice::payments
