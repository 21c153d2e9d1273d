#include "payments/run_plan.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::payments {
namespace {

struct ReasonRow {
  HoldReason reason;
  std::string_view name;
  std::string_view text;
};

constexpr std::array kReasons = {
    ReasonRow{HoldReason::kNone, "NONE", ""},
    ReasonRow{HoldReason::kNoPayee, "NO_PAYEE",
              "nobody on the path of this share is enrolled as a payee: enroll the party"},
    ReasonRow{HoldReason::kByPerson, "HELD_BY_PERSON", "stopped by a person: see the note"},
    ReasonRow{HoldReason::kNoBankAccount, "NO_BANK_ACCOUNT",
              "no bank account on file: ask the payee to enroll one"},
    ReasonRow{HoldReason::kUnvalidated, "UNVALIDATED",
              "the bank account is not validated and approved yet"},
    ReasonRow{HoldReason::kSuspended, "ACCOUNT_SUSPENDED",
              "the bank account is suspended: ask the payee for another"},
    ReasonRow{HoldReason::kWrongOwnership, "WRONG_OWNERSHIP",
              "an organization cannot be paid to a consumer account: ask for a business account"},
    ReasonRow{HoldReason::kAboveAchLimit, "ABOVE_ACH_LIMIT",
              "above the limit of one ACH entry: choose another rail for this payment"},
    ReasonRow{HoldReason::kBelowMinimum, "BELOW_MINIMUM_PAYMENT",
              "below the minimum payment: carried to the next run"},
    ReasonRow{HoldReason::kAccountChanged, "ACCOUNT_CHANGED",
              "the approved bank account, or the payee's onboarding, is no longer active: paid by "
              "the next run once that is settled"},
    ReasonRow{HoldReason::kNotOnboarded, "NOT_ONBOARDED",
              "the onboarding of this party is not finished: approve and activate its case"},
    ReasonRow{HoldReason::kNoTaxForm, "NO_TAX_FORM",
              "no W-9 on file: ask the payee for one and record it"},
    ReasonRow{HoldReason::kSanction, "SANCTION_HOLD",
              "may be a sanctioned party: compliance decides about the hit, or clears the hold"},
    ReasonRow{HoldReason::kExcluded, "EXCLUDED",
              "may be excluded from federal programs: compliance decides about the hit"},
    ReasonRow{HoldReason::kLineByPerson, "LINE_HELD_BY_PERSON",
              "this line is stopped by a person: see the note; the payee's other lines are paid"},
    ReasonRow{HoldReason::kOverCap, "OVER_CAP",
              "above the cap of one line of this program: accept it with a reason, or correct the "
              "award"},
    ReasonRow{HoldReason::kDuplicate, "DUPLICATE_ACROSS_CONTRACTS",
              "the same member, activity and period is paid by another contract: accept it with a "
              "reason, or void one of the two"},
    ReasonRow{HoldReason::kRouteConflict, "ROUTE_CONFLICT",
              "its lines ask for different methods or deliveries: make the preferences agree, or "
              "enroll another payee for one of them"},
    ReasonRow{HoldReason::kMethodUnavailable, "METHOD_UNAVAILABLE",
              "this program does not pay by the method the payee asked for: offer ACH, or set the "
              "method up"},
};

const ReasonRow& RowOf(HoldReason reason) {
  const auto found = std::ranges::find(kReasons, reason, &ReasonRow::reason);
  CHECK(found != kReasons.end());
  return *found;
}

// What the lines of a payee say about how it is paid.
struct Ways {
  std::optional<Route> first;
  bool conflict = false;
};

// Only what is paid asks for a way; of several preferences that agree, the newest is named.
void AddWay(const OpenObligation& obligation, RunPayee& payee, Ways& ways) {
  if (obligation.amount <= Money{}) return;
  const Route& route = obligation.route;
  if (!ways.first) ways.first = route;
  if (!route.SameWay(*ways.first)) ways.conflict = true;
  payee.method = ways.first->method;
  payee.delivery = ways.first->delivery;
  payee.preference = std::max(payee.preference, route.preference.value_or(PreferenceId()));
}

// Adds one obligation to its payee and says what release posts for it.
RunLine AddLine(const OpenObligation& obligation, const PlanSettings& settings,
                std::map<PayeeId, RunPayee>& payees, std::map<PayeeId, Ways>& ways) {
  RunLine line{.obligation = obligation.id,
               .payee = obligation.payee,
               .amount = obligation.amount,
               .withhold = obligation.withhold};
  if (!obligation.payee) {
    CHECK(!obligation.recognized);
    line.hold = HoldReason::kNoPayee;
    return line;
  }
  line.hold = obligation.hold;
  if (line.hold == HoldReason::kNone && !obligation.recognized && settings.line_cap &&
      obligation.amount > *settings.line_cap && !obligation.cap_accepted) {
    line.hold = HoldReason::kOverCap;
  }
  if (line.hold != HoldReason::kNone) return line;
  RunPayee& payee = payees[*obligation.payee];
  payee.payee = *obligation.payee;
  AddWay(obligation, payee, ways[payee.payee]);
  if (obligation.recognized) {
    CHECK(obligation.amount > Money{});
    payee.carried += obligation.amount - obligation.withhold;
  } else if (obligation.amount < Money{}) {
    line.posting = LinePosting::kRecoup;
    payee.recoup -= obligation.amount - obligation.withhold;
  } else {
    line.posting = obligation.component == ObligationComponent::kWithholdRelease
                       ? LinePosting::kReleaseWithhold
                       : LinePosting::kRecognize;
    payee.gross += obligation.amount;
    payee.withhold += obligation.withhold;
  }
  return line;
}

HoldReason AccountHold(const PayeeFacts& facts) {
  if (!facts.account) return HoldReason::kNoBankAccount;
  if (facts.account->state == BankAccountState::kSuspended) return HoldReason::kSuspended;
  if (facts.account->state != BankAccountState::kActive) return HoldReason::kUnvalidated;
  if (facts.kind == PayeeKind::kOrganization &&
      facts.account->ownership == AccountOwnership::kConsumer) {
    return HoldReason::kWrongOwnership;
  }
  return HoldReason::kNone;
}

void Hold(RunPayee& payee, HoldReason reason, std::string note) {
  // Nothing is taken from money that does not leave.
  payee.net += payee.offset + payee.tax;
  payee.offset = Money{};
  payee.tax = Money{};
  payee.hold = reason;
  payee.hold_note = std::move(note);
  payee.rail = Rail::kNone;
}

// Only what goes to an account needs one.
HoldReason MethodHold(const RunPayee& payee, const PayeeFacts& facts,
                      const PlanSettings& settings) {
  if (payee.method == PayoutMethod::kAch) return AccountHold(facts);
  const bool available =
      payee.method == PayoutMethod::kCheck ? settings.pays_by_check : settings.pays_by_card;
  return available ? HoldReason::kNone : HoldReason::kMethodUnavailable;
}

void Decide(RunPayee& payee, const PayeeFacts& facts, bool conflict, const PlanSettings& settings) {
  // What a payment that came back had offset or taxed stays so: it is not owed a second time.
  payee.carried -= facts.offset_before + facts.tax_before;
  const Money payable = payee.gross - payee.withhold + payee.carried;
  CHECK(payable >= Money{});
  payee.offset = MostOffset(payable, facts.receivable, settings.offset_rate, facts.offset_limits);
  payee.net = payable - payee.offset;
  if (payable.IsZero()) return;

  if (!facts.stop_note.empty()) {
    Hold(payee, facts.stop_reason, facts.stop_note);
    return;
  }
  if (!facts.onboarded) {
    Hold(payee, HoldReason::kNotOnboarded, "");
    return;
  }
  // Offset in full: nothing leaves, so no account is needed. The payee gets a zero-pay advice.
  if (payee.net.IsZero()) return;
  if (facts.by_check) payee.method = PayoutMethod::kCheck;
  const bool by_ach = payee.method == PayoutMethod::kAch;
  if (!facts.tax_form) {
    Hold(payee, HoldReason::kNoTaxForm, "");
  } else if (conflict) {
    Hold(payee, HoldReason::kRouteConflict, "");
  } else if (const HoldReason reason = MethodHold(payee, facts, settings);
             reason != HoldReason::kNone) {
    Hold(payee, reason, "");
  } else if (by_ach && payee.net > settings.ach_limit) {
    Hold(payee, HoldReason::kAboveAchLimit, "");
  } else if (payee.net < settings.minimum_payment) {
    Hold(payee, HoldReason::kBelowMinimum, "");
  } else if (by_ach) {
    payee.rail = Rail::kAch;
    payee.account = facts.account->account;
    payee.account_version = facts.account->version;
  } else {
    payee.rail = payee.method == PayoutMethod::kCheck ? Rail::kCheck : Rail::kCard;
  }
}

// Whether tax is due depends on all that the taxpayer is paid with this run, under whatever payee.
void WithholdTax(std::vector<RunPayee>& payees, const std::map<PayeeId, PayeeFacts>& facts) {
  std::map<std::string, Money> paid;
  for (const RunPayee& payee : payees) {
    const auto& backup = facts.at(payee.payee).backup;
    if (backup && payee.IsPaid()) paid[backup->taxpayer] += payee.net;
  }
  for (RunPayee& payee : payees) {
    const PayeeFacts& known = facts.at(payee.payee);
    if (!known.backup || !payee.IsPaid()) continue;
    if (!IsBackupDue(*known.backup, paid.at(known.backup->taxpayer))) continue;
    payee.tax = BackupTax(*known.backup, payee.net, known.tax_before);
    payee.net -= payee.tax;
  }
}

// A payee's lines never straddle two batches, and a batch stays below the ledger's bound.
void NumberBatches(RunPlan& plan, const PlanSettings& settings) {
  std::map<PayeeId, std::int32_t> lines;
  for (const RunLine& line : plan.lines) {
    if (line.hold == HoldReason::kNone) ++lines[line.payee.value()];
  }
  std::int32_t batch = 1;
  std::int32_t payees_in = 0;
  std::int32_t lines_in = 0;
  for (RunPayee& payee : plan.payees) {
    const std::int32_t own = lines[payee.payee];
    if (payees_in > 0 &&
        (payees_in == settings.payees_per_batch || lines_in + own > settings.lines_per_batch)) {
      ++batch;
      payees_in = 0;
      lines_in = 0;
    }
    payee.batch_no = batch;
    ++payees_in;
    lines_in += own;
  }
}

}  // namespace

std::string_view HoldReasonName(HoldReason reason) { return RowOf(reason).name; }

std::string_view HoldReasonText(HoldReason reason) { return RowOf(reason).text; }

RunPlan PlanRun(std::span<const OpenObligation> obligations,
                const std::map<PayeeId, PayeeFacts>& payees, const PlanSettings& settings) {
  RunPlan plan;
  std::map<PayeeId, RunPayee> by_payee;
  std::map<PayeeId, Ways> ways;
  plan.lines.reserve(obligations.size());
  for (const OpenObligation& obligation : obligations) {
    plan.lines.push_back(AddLine(obligation, settings, by_payee, ways));
  }
  std::ranges::sort(plan.lines, {}, &RunLine::obligation);
  for (std::size_t i = 1; i < plan.lines.size(); ++i) {
    CHECK(plan.lines[i - 1].obligation != plan.lines[i].obligation);
  }
  plan.payees.reserve(by_payee.size());
  for (auto& [id, payee] : by_payee) {
    const auto facts = payees.find(id);
    CHECK(facts != payees.end());
    Decide(payee, facts->second, ways[id].conflict, settings);
    plan.payees.push_back(std::move(payee));
  }
  WithholdTax(plan.payees, payees);
  NumberBatches(plan, settings);
  return plan;
}

StatusOr<RunPlan> StopPayee(RunPlan plan, PayeeId payee, std::string note) {
  const auto found = std::ranges::find(plan.payees, payee, &RunPayee::payee);
  if (found == plan.payees.end()) return NotFound("payee {} is not in this run", payee);
  if (note.empty()) return InvalidArgument("say why payee {} is held", payee);
  Hold(*found, HoldReason::kByPerson, std::move(note));
  return plan;
}

RunPlan HoldChangedAccounts(RunPlan plan, const std::set<PayeeId>& changed) {
  for (RunPayee& payee : plan.payees) {
    if (payee.IsPaid() && changed.contains(payee.payee)) {
      Hold(payee, HoldReason::kAccountChanged, "");
    }
  }
  return plan;
}

RunTotals TotalsOf(const RunPlan& plan) {
  RunTotals totals;
  for (const RunLine& line : plan.lines) {
    ++totals.lines;
    if (line.posting == LinePosting::kRecognize) totals.hold += line.amount;
    if (line.hold != HoldReason::kNone && line.amount > Money{}) totals.held += line.amount;
  }
  for (const RunPayee& payee : plan.payees) {
    totals.gross += payee.gross;
    totals.withhold += payee.withhold;
    totals.carried += payee.carried;
    totals.recoup += payee.recoup;
    totals.offset += payee.offset;
    totals.tax += payee.tax;
    if (payee.hold != HoldReason::kNone) {
      ++totals.payees_held;
      totals.held += payee.net;
    } else if (payee.net.IsZero()) {
      ++totals.payees_zero;
    } else {
      ++totals.payees_paid;
      totals.paid += payee.net;
    }
  }
  return totals;
}

}  // namespace sluice::payments
