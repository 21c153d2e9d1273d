#include "payments/release_plan.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "payments/ledger/events.h"
#include "payments/remittance/ach_writer.h"
#include "payments/tax/tax_form.h"

namespace sluice::payments {
namespace {

bool GetsNotice(const RunPayee& payee) {
  return payee.hold == HoldReason::kNone && payee.net.IsZero() &&
         (payee.offset > Money{} || payee.recoup > Money{} || payee.withhold > Money{});
}

// Enough of a payment to cut files: who, how much, when.
OutboundPayment Sketch(const Disbursement& disbursement, const Payee& payee,
                       const ReleaseSettings& settings) {
  OutboundPayment payment{
      .payment_key = disbursement.payment_key,
      .method = disbursement.amount.IsZero()           ? PaymentMethod::kNone
                : disbursement.rail == Rail::kCheck ? PaymentMethod::kCheck
                                                    : PaymentMethod::kAch,
      .amount = disbursement.amount,
      .effective_date = disbursement.effective_date,
      .health_care_eft_allowed = settings.health_care_eft_allowed,
      .compensation = settings.compensation};
  payment.payee.kind = payee.kind;
  payment.payee.name = payee.name;
  payment.payee.is_provider = payee.provider;
  payment.payee.tin = payee.tin;
  payment.payee.npi = payee.npi;
  return payment;
}

// The files of a kind, numbered on from those that there are.
void AddFiles(std::vector<PlannedFile>& files, FileKind kind, std::span<const std::size_t> members,
              std::span<const std::size_t> sizes, std::span<const Disbursement> payments,
              const std::optional<RemittanceAddress>& to = std::nullopt) {
  auto number = static_cast<std::int32_t>(std::ranges::count(files, kind, &PlannedFile::kind));
  for (const std::size_t size : sizes) {
    PlannedFile file{.kind = kind, .file_no = ++number, .to = to};
    for (const std::size_t index : members.first(size)) {
      file.payments.push_back(index);
      file.total += payments[index].amount;
    }
    members = members.subspan(size);
    files.push_back(std::move(file));
  }
}

std::vector<std::size_t> EqualParts(std::size_t count, std::int32_t most) {
  std::vector<std::size_t> sizes;
  const auto limit = static_cast<std::size_t>(most);
  for (; count > 0; count -= sizes.back()) sizes.push_back(std::min(count, limit));
  return sizes;
}

// References of the 835 and the statement: at most 50 of A-Z, 0-9 and dashes.
std::string Reference(std::int64_t id) { return FormatId("", id).substr(1); }

class LineMaker {
 public:
  LineMaker(const AwardTexts& awards, std::vector<RemittanceLine>& lines)
      : awards_(awards), lines_(lines) {}

  Status Add(const ObligationRow& row) {
    const auto found = awards_.find({row.award, row.award_version});
    if (found == awards_.end()) {
      return DataLoss("award {} version {} has no stored explanation", row.award,
                      row.award_version);
    }
    const CollectedAward& award = found->second;
    ASSIGN_OR_RETURN(auto steps, DecodeSteps(row.split_steps));
    RemittanceLine line{.reference = Reference(row.id.Value()),
                        .kind = KindOf(row, award),
                        .amount = row.amount,
                        .program = award.program_name,
                        .contract = award.contract_name,
                        .contract_holder = award.holder_name,
                        .period = award.period_text,
                        .contract_award = award.award_amount,
                        .award_steps = award.steps,
                        .split_steps = std::move(steps)};
    line.description = fmt::format("{} {}", LineKindWords(line.kind), award.performance_year);
    if (!row.owner.role.empty()) {
      std::string role = row.owner.role;
      std::ranges::replace(role, '_', ' ');
      line.description += ", as " + role;
    }
    const RemittanceLine original = line;
    lines_.push_back(std::move(line));
    if (row.withhold > Money{}) {
      AddCounterpart(original, "-W", LineKind::kWithhold, -row.withhold,
                     fmt::format("Withheld, to be earned back for {}", award.performance_year));
    }
    if (row.withhold < Money{}) {
      AddCounterpart(original, "-W", LineKind::kWithholdRelease, -row.withhold,
                     fmt::format("Was withheld for {}, and is given back", award.performance_year));
    }
    if (row.amount < row.withhold) {
      AddCounterpart(original, "-F", LineKind::kBalanceForwardOut, row.withhold - row.amount,
                     "Not taken now: owed, and taken from a later payment");
    }
    return OkStatus();
  }

 private:
  static LineKind KindOf(const ObligationRow& row, const CollectedAward& award) {
    if (row.component == ObligationComponent::kWithholdRelease) return LineKind::kWithholdRelease;
    if (row.component == ObligationComponent::kWithholdInterest ||
        row.component == ObligationComponent::kLateInterest) {
      return LineKind::kInterest;
    }
    if (row.amount < Money{}) {
      if (row.component == ObligationComponent::kRestatement) return LineKind::kOverpaymentRecovery;
      // A payee whose members left while others joined another: no loss, but months taken back.
      const bool by_member = award.line_kind == LineKind::kCapitation ||
                             award.line_kind == LineKind::kCapitationRetro ||
                             award.line_kind == LineKind::kCareCoordination;
      return by_member ? LineKind::kCapitationRetro : LineKindOfStream(award.stream, true);
    }
    return award.line_kind;
  }

  void AddCounterpart(const RemittanceLine& of, const char* suffix, LineKind kind, Money amount,
                      std::string description) {
    RemittanceLine line = of;
    line.reference += suffix;
    line.kind = kind;
    line.amount = amount;
    line.description = std::move(description);
    line.award_steps.clear();
    line.split_steps.clear();
    lines_.push_back(std::move(line));
  }

  const AwardTexts& awards_;
  std::vector<RemittanceLine>& lines_;
};

// What the tax authority gets of the payment, and got of it when it was sent before.
void AddTaxLines(const PaymentFacts& facts, std::vector<RemittanceLine>& lines) {
  const std::string payee = Reference(facts.payee.id.Value());
  if (facts.taken_before.tax > Money{}) {
    lines.push_back({.reference = "TAXED-" + payee,
                     .kind = LineKind::kBackupWithholding,
                     .amount = -facts.taken_before.tax,
                     .description = "Backup withholding, on the payment that came back",
                     .reason = "An earlier payment of these lines was returned."});
  }
  if (facts.run_payee.tax > Money{}) {
    lines.push_back({.reference = "TAX-" + payee,
                     .kind = LineKind::kBackupWithholding,
                     .amount = -facts.run_payee.tax,
                     .description = "Backup withholding, paid to the IRS on your behalf",
                     .reason = "The tax authority asked for it, or your taxpayer number is in "
                               "doubt. A new W-9 may end it."});
  }
}

// The 835 files, one interchange for each receiver: the clearinghouse first.
void Add835Files(PlannedRelease& release, std::span<const OutboundPayment> sketches,
                 std::span<const RemittanceDelivery> deliveries, const RemittanceDrops& drops,
                 const ReleaseSettings& settings) {
  std::map<std::optional<RemittanceAddress>, std::vector<std::size_t>> receivers;
  for (std::size_t i = 0; i < sketches.size(); ++i) {
    if (!HasRemittance835(sketches[i])) continue;
    const PayeeId payee = release.disbursements[i].payee;
    receivers[AddressOf(payee, deliveries[i], drops, settings.kept_receiver_id)].push_back(i);
  }
  for (const auto& [to, members] : receivers) {
    AddFiles(release.files, FileKind::k835, members,
             EqualParts(members.size(), settings.payments_per_835), release.disbursements, to);
  }
}

}  // namespace

PlannedRelease PlanRelease(const Run& run, const RunPlan& plan, const ReleasePayees& payees,
                           const ReleaseSettings& settings) {
  PlannedRelease release;
  std::vector<RemittanceDelivery> deliveries;
  std::vector<OutboundPayment> sketches;
  for (const RunPayee& payee : plan.payees) {
    if (!payee.IsPaid() && !GetsNotice(payee)) continue;
    const DisbursementId id = DerivedDisbursementId(run, payee.payee, 1);
    release.disbursements.push_back({.id = id,
                                     .run = run.id,
                                     .payee = payee.payee,
                                     .rail = payee.IsPaid() ? payee.rail : Rail::kNone,
                                     .account = payee.account,
                                     .account_version = payee.account_version,
                                     .payment_key = PaymentKeyOf(id),
                                     .amount = payee.net,
                                     .effective_date = run.effective_date});
    const std::size_t index = sketches.size();
    sketches.push_back(
        Sketch(release.disbursements.back(), payees.payees.at(payee.payee), settings));
    deliveries.push_back(payee.delivery);
    const bool has_835 = HasRemittance835(sketches.back());
    if (auto errand = ErrandFor(payee.payee, payee.delivery, has_835, payees.drops)) {
      release.errands.push_back({index, *std::move(errand)});
    }
  }

  std::vector<std::size_t> all, paid, by_check;
  std::vector<AchEntry> entries;
  for (std::size_t i = 0; i < sketches.size(); ++i) {
    all.push_back(i);
    if (sketches[i].method == PaymentMethod::kAch) {
      paid.push_back(i);
      entries.push_back(EntryOf(sketches[i]));
    }
    if (sketches[i].method == PaymentMethod::kCheck) by_check.push_back(i);
  }
  const std::span<const Disbursement> payments = release.disbursements;
  AddFiles(release.files, FileKind::kAch, paid, SplitIntoFiles(settings.bank, entries), payments);
  Add835Files(release, sketches, deliveries, payees.drops, settings);
  if (settings.write_pdf) {
    AddFiles(release.files, FileKind::kStatementPdf, all,
             EqualParts(all.size(), settings.statements_per_pdf), payments);
  }
  if (!by_check.empty()) {
    AddFiles(release.files, FileKind::kChecks, by_check, std::vector{by_check.size()}, payments);
  }
  const auto tables = EqualParts(all.size(), settings.payments_per_csv);
  AddFiles(release.files, FileKind::kStatementCsv, all, tables, payments);
  AddFiles(release.files, FileKind::kRosterCsv, all, tables, payments);
  for (const PlannedFile& file : release.files) {
    if (!IsBankFile(file.kind)) continue;
    for (const std::size_t index : file.payments) {
      release.disbursements[index].file = DerivedFileId(run, file.kind, file.file_no);
    }
  }
  return release;
}

Uuid PayeeJournalId(const Run& run, PayeeId payee) {
  return DerivedUuid("release_payee",
                     std::vector{std::to_string(run.book.Value()), std::to_string(run.id.Value()),
                                 std::to_string(run.revision), std::to_string(payee.Value())});
}

Journal PayeeJournal(const Run& run, const ProgramPayments& program, const PayeePosting& posting,
                     const std::map<ObligationId, LineSource>& sources, UserId actor) {
  const RunPayee& payee = *posting.payee;
  const Funding funding{.pool = run.pool, .run = run.id};
  // Summed by contract and year: a party with hundreds of shares of one award stays one transfer.
  std::map<ContractId, Money> recognized;
  std::map<std::int32_t, Money> withheld, released, given_back;
  for (const RunLine* line : posting.lines) {
    const LineSource& source = sources.at(line->obligation);
    if (line->posting == LinePosting::kRecognize) {
      recognized[source.contract] += line->amount;
      if (line->withhold > Money{}) withheld[source.performance_year] += line->withhold;
    } else if (line->posting == LinePosting::kReleaseWithhold) {
      released[source.performance_year] += line->amount;
    } else if (line->posting == LinePosting::kRecoup && line->withhold < Money{}) {
      given_back[source.performance_year] -= line->withhold;
    }
  }
  Lines lines;
  const auto add = [&](Lines more) { std::ranges::move(more, std::back_inserter(lines)); };
  for (const auto& [contract, amount] : recognized) {
    add(Recognize(contract, payee.payee, funding, amount));
  }
  for (const auto& [year, amount] : released) add(ReleaseWithhold(payee.payee, year, amount));
  for (const auto& [year, amount] : withheld) add(Withhold(payee.payee, year, amount));
  for (const auto& [year, amount] : given_back) {
    add(RestateWithhold({payee.payee, year}, program.program, run.pool, amount));
  }
  if (payee.recoup > Money{}) add(Recoup(payee.payee, program.program, payee.recoup));
  if (posting.disbursement != nullptr) {
    if (payee.offset > Money{}) add(Offset(payee.payee, run.pool, payee.offset));
    if (payee.tax > Money{}) add(TaxWithhold(payee.payee, kTaxAuthority, payee.tax));
    if (posting.disbursement->amount > Money{}) {
      add(Disburse(payee.payee, posting.disbursement->file.value(), posting.disbursement->amount));
    }
  }
  const JournalHeader header{.id = PayeeJournalId(run, payee.payee),
                             .source_id = run.id.Value(),
                             .actor = actor,
                             .effective_date = run.business_date};
  if (lines.empty()) return Journal{.id = header.id};
  return MakeJournal(header, std::move(lines));
}

StatusOr<OutboundPayment> MakeOutboundPayment(const PaymentFacts& facts, const AwardTexts& awards,
                                              const ReleaseSettings& settings,
                                              const VaultRow* vault,
                                              const BankAccountDetails* account) {
  OutboundPayment payment = Sketch(facts.disbursement, facts.payee, settings);
  payment.payee.payee_id = Reference(facts.payee.id.Value());
  payment.payee.address = facts.payee.address;
  if (account != nullptr) {
    CHECK(vault != nullptr);
    payment.payee.routing_number = account->routing_number;
    payment.payee.account = account->account_number;
    payment.payee.account_kind = vault->kind;
    payment.payee.account_ownership = vault->ownership;
  }
  LineMaker maker(awards, payment.lines);
  for (const ObligationRow* row : facts.obligations) RETURN_IF_ERROR(maker.Add(*row));
  if (facts.taken_before.offset > Money{}) {
    payment.lines.push_back({.reference = "TAKEN-" + Reference(facts.payee.id.Value()),
                             .kind = LineKind::kBalanceForwardIn,
                             .amount = -facts.taken_before.offset,
                             .description = "Taken before, on the payment that came back",
                             .reason = "An earlier payment of these lines was returned."});
  }
  if (facts.run_payee.offset > Money{}) {
    // The same reference on every advice: one account of what the payee owes.
    payment.lines.push_back({.reference = "OWED-" + Reference(facts.payee.id.Value()),
                             .kind = LineKind::kBalanceForwardIn,
                             .amount = -facts.run_payee.offset,
                             .description = "Taken for an amount owed from an earlier settlement",
                             .reason = "An earlier settlement left an amount owed to the plan."});
  }
  AddTaxLines(facts, payment.lines);
  return payment;
}

}  // namespace sluice::payments
