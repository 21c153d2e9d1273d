#include "payments/recoup/recoup_service.h"

#include <charconv>
#include <map>

#include "payments/ledger/ledger.h"
#include "payments/payment_rules_store.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

Status RequireHuman(Actor actor) {
  if (actor.human) return OkStatus();
  return PermissionDenied("{} is a service: a person decides this", actor.user);
}

// The payee of an account "payee:77".
PayeeId PayeeOfKey(const std::string& owner_key) {
  const auto colon = owner_key.find(':');
  std::int64_t value = 0;
  std::from_chars(owner_key.data() + colon + 1, owner_key.data() + owner_key.size(), value);
  return PayeeId(value);
}

std::map<PayeeId, Money> Receivables(pg::Transaction& tx, BookId book) {
  std::map<PayeeId, Money> owed;
  for (const AccountLine& line : TrialBalance(tx, book)) {
    if (line.key.account_class != AccountClass::kPayeeReceivable) continue;
    const Money balance = line.counters.DebitBalance();
    if (balance > Money{}) owed.emplace(PayeeOfKey(line.key.owner_key), balance);
  }
  return owed;
}

}  // namespace

Status RecoupService::AddPlan(pg::Transaction& tx, OffsetPlan plan, const Recorded& recorded) {
  RETURN_IF_ERROR(CheckOffsetPlan(plan));
  if (LoadPayees(tx, {&plan.payee, 1}).empty()) {
    return NotFound("there is no payee {}", plan.payee);
  }
  const auto history = LoadPlanHistory(tx, program_.book, plan.payee);
  plan.number = history.empty() ? 1 : history.back().number + 1;
  plan.recorded_by = recorded.by;
  InsertOffsetPlan(tx, program_.book, plan, recorded.at);
  return OkStatus();
}

Status RecoupService::SetPlan(OffsetPlan plan, Actor actor) {
  RETURN_IF_ERROR(RequireHuman(actor));
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact(
      [&](pg::Transaction& tx) -> Status { return AddPlan(tx, plan, recorded); });
}

StatusOr<Money> RecoupService::SetInstallments(OffsetPlan plan, std::int32_t cycles, Actor actor) {
  RETURN_IF_ERROR(RequireHuman(actor));
  if (cycles < 1 || cycles > 120) {
    return InvalidArgument("what is owed is taken in 1 to 120 cycles, not {}", cycles);
  }
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<Money> {
    const auto owed = Receivables(tx, program_.book);
    const auto found = owed.find(plan.payee);
    if (found == owed.end()) {
      return FailedPrecondition("payee {} owes nothing to {}", plan.payee, program_.program_name);
    }
    OffsetPlan agreed = plan;
    agreed.installment = InstallmentOf(found->second, cycles);
    RETURN_IF_ERROR(AddPlan(tx, agreed, recorded));
    return *agreed.installment;
  });
}

Status RecoupService::RecordNotice(RunId run, PayeeId payee, Date told_on, const std::string& how,
                                   Actor actor) {
  RETURN_IF_ERROR(RequireHuman(actor));
  if (how.empty()) return InvalidArgument("say how payee {} was told", payee);
  const Date today = clock_.Now().UtcDate();
  if (told_on > today) {
    return InvalidArgument("{} has not come yet: a notice is recorded when it was given",
                           FormatDate(told_on));
  }
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const int days = ProgramOn(tx, program_, told_on).plan.recoup_notice_days;
    const RecoupNotice notice{.run = run,
                              .payee = payee,
                              .noticed_on = told_on,
                              .offset_from = told_on + Days(days),
                              .how = how};
    if (SetNoticed(tx, program_.book, notice, actor.user)) return OkStatus();
    return FailedPrecondition(
        "payee {} owes nothing out of run {} that it was not told of: see what is owed", payee,
        run);
  });
}

Status RecoupService::SetLateInterest(LateInterestTerms terms, Actor actor) {
  RETURN_IF_ERROR(RequireHuman(actor));
  RETURN_IF_ERROR(CheckLateInterestTerms(terms));
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto all = LoadLateInterestTerms(tx, program_.book, {&terms.contract, 1});
    LateInterestTerms next = terms;
    next.recorded_by = recorded.by;
    if (!all.empty()) {
      const LateInterestTerms& last = all.begin()->second.back();
      if (terms.effective_from < last.effective_from) {
        return FailedPrecondition("version {} begins on {}: a new one begins then or later",
                                  last.version, FormatDate(last.effective_from));
      }
      next.version = last.version + 1;
    }
    InsertLateInterestTerms(tx, program_.book, next, recorded.at);
    return OkStatus();
  });
}

StatusOr<std::vector<LateInterestTerms>> RecoupService::LateInterest(ContractId contract) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<LateInterestTerms>> {
    auto terms = LoadLateInterestTerms(tx, program_.book, {&contract, 1});
    return terms.empty() ? std::vector<LateInterestTerms>{} : std::move(terms.begin()->second);
  });
}

StatusOr<std::vector<PayeeOwes>> RecoupService::Owed(Date today) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<PayeeOwes>> {
    const auto owed = Receivables(tx, program_.book);
    const auto payees = Pluck(owed, [](const auto& entry) { return entry.first; });
    const auto not_due = LoadNotDue(tx, program_.book, payees, today);
    auto plans = LoadOffsetPlans(tx, program_.book, payees, today);
    std::map<PayeeId, PayeeOwes> list;
    for (const auto& [payee, amount] : owed) {
      PayeeOwes& entry = list[payee];
      entry.payee = payee;
      entry.owed = amount;
      if (const auto at = not_due.find(payee); at != not_due.end()) entry.not_yet = at->second;
      if (const auto at = plans.find(payee); at != plans.end()) entry.plan = at->second;
    }
    for (const Payee& payee : LoadPayees(tx, payees)) list[payee.id].name = payee.name;
    for (RecoupNotice& notice : LoadRecoupNotices(tx, program_.book, payees)) {
      list[notice.payee].notices.push_back(std::move(notice));
    }
    return Pluck(list, [](const auto& entry) { return entry.second; });
  });
}

}  // namespace sluice::payments
