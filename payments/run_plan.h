// The content of one revision of a run: who is paid what, to which account, and who is held why.
//
// Pure: obligations, payees, bank accounts, receivables and settings in; lines and payees out.
//
//   1. Each payee is paid once: gross - withhold + carried - offset - tax = net, and net is never
//      negative. What a payee owes beyond that stays a receivable.
//   2. A payee that cannot be paid is held with one reason and does not stop the others. A held
//      payee's lines are recognized, so the money is the payee's and a later run pays it.
//   3. A line without a payee is held whole: nobody is there to recognize it to.
//   4. A loss of this run becomes a receivable with this run, and is offset by a later one: the
//      payee hears of it before it is taken.
//   5. A net above the rail's limit is held for a decision; it is never split silently.
//   6. A line that is held by itself takes no part: it is in no sum of its payee, and nothing of it
//      is recognized.
//   7. A payee is paid one way in a run: by the method and with the delivery that its lines'
//      preferences say. Lines that say different ones hold it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "core/money.h"
#include "payments/bank_account.h"
#include "payments/obligation.h"
#include "payments/routing/preference.h"
#include "payments/recoup/offset_plan.h"
#include "payments/tax/backup_withholding.h"

namespace sluice::payments {

// Why a payee or a line is not paid, in the order in which the reasons are looked for. The numbers
// are stored and the names never change.
enum class HoldReason : std::int16_t {
  kNone = 0,
  kNoPayee = 1,   // neither the party nor an ancestor on its path has a payee
  kByPerson = 2,  // somebody stopped it; the note says why
  kNoBankAccount = 3,
  kUnvalidated = 4,     // there is an account, but none that is validated and approved
  kSuspended = 5,       // the account was stopped
  kWrongOwnership = 6,  // an organization with a consumer account (CCD must not go there)
  kAboveAchLimit = 7,
  kBelowMinimum = 8,    // carried until the minimum is reached
  kAccountChanged = 9,  // since the approval, the account or the onboarding is no longer active
  kNotOnboarded = 10,   // no onboarding case that is active; looked for after kByPerson
  kNoTaxForm = 11,      // no W-9 on file; looked for before the bank account
  kSanction = 12,       // may be a sanctioned party; looked for with kByPerson
  kExcluded = 13,       // may be excluded from federal programs; the same
  kLineByPerson = 14,   // somebody stopped this line; the others of the payee go on
  kOverCap = 15,        // the line is above the cap of the program: a person accepts it
  kDuplicate = 16,      // same member, activity and period in another contract: a person decides
  kRouteConflict = 20,  // its lines are to be paid in different ways
  kMethodUnavailable = 21,  // the program cannot pay by what the payee asked for
};
std::string_view HoldReasonName(HoldReason reason);
// One sentence for a finance person: what is wrong and what to do.
std::string_view HoldReasonText(HoldReason reason);

// What release posts for a line.
enum class LinePosting : std::int16_t {
  kNothing = 0,  // recognized by an earlier run, or held without a payee
  kRecognize = 1,
  kReleaseWithhold = 2,  // from the payee's reserve
  kRecoup = 3,           // what is owed becomes a receivable, less what the reserve gives back
};

// How a payment leaves. The numbers are stored.
enum class Rail : std::int16_t { kNone = 0, kAch = 1, kCheck = 2, kCard = 3 };

// An obligation that is open: not recognized yet, or recognized and held.
struct OpenObligation {
  ObligationId id;
  PartyId party;
  std::optional<PayeeId> payee;
  ObligationComponent component = ObligationComponent::kShare;
  Money amount;  // not zero
  Money
      withhold;  // taken from it when it is recognized; negative: what the reserve gives back of it
  bool recognized = false;
  // The line is held whole, and why; the rest of its payee is paid.
  HoldReason hold = HoldReason::kNone;
  bool cap_accepted = false;  // a person let it pass above the cap
  Route route = {};           // how it is paid, by the preferences
};

// The bank account that stands for a payee: the ACTIVE version, else the latest one.
struct PayeeAccount {
  BankAccountId account;
  std::int32_t version = 0;
  BankAccountState state = BankAccountState::kSubmitted;
  AccountOwnership ownership = AccountOwnership::kBusiness;
};

struct PayeeFacts {
  PayeeKind kind = PayeeKind::kOrganization;
  std::optional<PayeeAccount> account;
  // Owed by the payee, noticed long enough ago and not promised to another run, >= 0.
  Money receivable;
  Money offset_before;    // already taken on payments of these lines that came back, >= 0
  Money tax_before;       // the same, withheld for the tax authority
  std::string stop_note;  // not empty: this payee is stopped, and why
  HoldReason stop_reason = HoldReason::kByPerson;  // with a note
  bool onboarded = true;  // false: its onboarding case is not active, or there is none and must be
  bool tax_form = true;   // there is a W-9
  std::optional<BackupWithholding> backup = std::nullopt;  // set: it is subject to it
  bool by_check = false;  // a person decided so for this run
  OffsetLimits offset_limits = {};                         // of the plan that was agreed with it
};

struct PlanSettings {
  Money minimum_payment;
  Money ach_limit = Money::FromCents(99'999'999'99);  // Nacha: ten digits
  Rate offset_rate = Rate::FromPercent(100);          // share of a payment that may be offset
  std::optional<Money> line_cap = std::nullopt;       // a line above it waits for a person
  // From the run that says what a payee owes until something may be taken for it.
  int recoup_notice_days = 0;
  // A party without an onboarding case is held, too; else those that were imported are paid.
  bool require_onboarding = false;
  // Preferences that come later than these banking days before the business date wait a cycle.
  std::int32_t preference_cut_off_days = 2;
  bool pays_by_check = false;  // what else the program's releases can do
  bool pays_by_card = false;
  std::int32_t payees_per_batch = 1'000;
  std::int32_t lines_per_batch = 1'500;  // keeps a batch below the ledger's 8,000 transfers
};

struct RunLine {
  ObligationId obligation;
  std::optional<PayeeId> payee;
  LinePosting posting = LinePosting::kNothing;
  Money amount;
  Money withhold;
  HoldReason hold = HoldReason::kNone;  // of the line alone; other holds are the payee's
};

struct RunPayee {
  PayeeId payee;
  std::int32_t batch_no = 1;
  Money gross;  // recognized or released from the reserve by this run
  Money withhold;
  Money carried;  // recognized before, not yet paid
  Money recoup;   // becomes a receivable with this run
  Money offset;   // taken for a receivable
  Money tax;      // backup withholding
  Money net;
  Rail rail = Rail::kNone;  // none when nothing is to be paid
  BankAccountId account;
  std::int32_t account_version = 0;
  HoldReason hold = HoldReason::kNone;
  std::string hold_note;
  PayoutMethod method = PayoutMethod::kAch;  // as the preferences say
  RemittanceDelivery delivery = RemittanceDelivery::kClearinghouse;
  PreferenceId preference;  // unset: the default

  bool IsPaid() const { return hold == HoldReason::kNone && net > Money{}; }
};

struct RunTotals {
  Money gross, withhold, carried, recoup, offset, tax;
  Money hold;  // to be taken from the pool: what RECOGNIZE posts
  Money paid;  // net of those who are paid
  Money held;  // net of those who are held, and lines without a payee
  std::int64_t lines = 0, payees_paid = 0, payees_held = 0, payees_zero = 0;
};

struct RunPlan {
  std::vector<RunLine> lines;    // by obligation id
  std::vector<RunPayee> payees;  // by payee id
};

// Requires: obligation ids are distinct; every payee of an obligation is in `payees`.
RunPlan PlanRun(std::span<const OpenObligation> obligations,
                const std::map<PayeeId, PayeeFacts>& payees, const PlanSettings& settings);

// The same plan with one payee stopped by a person. NotFound when the payee is not in the run.
StatusOr<RunPlan> StopPayee(RunPlan plan, PayeeId payee, std::string note);

// The same plan with the payees held whose approved account version, or whose onboarding, is no
// longer active. This is the one change between approval and release: a payment stops, it never
// goes elsewhere.
RunPlan HoldChangedAccounts(RunPlan plan, const std::set<PayeeId>& changed);

RunTotals TotalsOf(const RunPlan& plan);

}  // namespace sluice::payments
