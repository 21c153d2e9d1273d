#include "payments/award_collector.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"
#include "performance/payee_shares.h"

namespace sluice::payments {
namespace {

using performance::Award;
using performance::SplitShare;
using performance::Step;
using performance::StepOutcome;

std::string PeriodText(const DateRange& period) {
  CHECK(period.to.has_value());
  return fmt::format("{} to {}", FormatDateLong(period.from), FormatDateLong(*period.to - Days(1)));
}

std::string Sentence(performance::ReasonCode reason) {
  return std::string(performance::ReasonSentence(reason));
}

void Append(std::string& text, std::string_view part) {
  if (part.empty()) return;
  if (!text.empty()) text += "; ";
  text += part;
}

// Names of facts and tables, as people write them.
std::string InWords(std::string text) {
  std::ranges::replace(text, '_', ' ');
  return text;
}

// "deducted.administration" as well.
std::string NameInWords(std::string name) {
  std::ranges::replace(name, '.', ' ');
  return InWords(std::move(name));
}

// A hash says which lines an award is of to a program that replays it, and nothing to a payee.
bool IsHash(const performance::StepInput& input) {
  return input.value.size() == 64 &&
         input.value.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string Capitalized(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

std::string NoteOf(const Step& step) {
  std::string note;
  for (const performance::StepInput& input : step.inputs) {
    if (IsHash(input)) continue;
    Append(note, fmt::format("{} {}", NameInWords(input.name), InWords(input.value)));
  }
  if (step.reason) Append(note, Sentence(*step.reason));
  for (const performance::ReasonCode reason : step.notes) Append(note, Sentence(reason));
  Append(note, step.detail);
  if (!step.clause.empty()) Append(note, step.clause);
  return note;
}

// The lines above the share, from the contract's party down to it.
std::vector<const SplitShare*> PathOf(std::span<const SplitShare> shares, std::size_t position) {
  std::vector<const SplitShare*> path;
  const SplitShare* share = &shares[position];
  while (true) {
    path.push_back(share);
    if (share->parent_position < 0) break;
    share = &shares[static_cast<std::size_t>(share->parent_position)];
  }
  std::ranges::reverse(path);
  return path;
}

// A package that replays may still be another award's.
Status CheckIsPackageOf(const performance::StoredAward& stored,
                        const performance::ReplayReport& replay) {
  const performance::PackageHeader& header = replay.header;
  const Award& award = replay.settlement.award;
  if (header.contract != stored.contract || header.award != stored.award ||
      header.version != stored.version) {
    return DataLoss("award {} version {} has the package of award {} version {}", stored.award,
                    stored.version, header.award, header.version);
  }
  if (award.status != stored.status || award.amount != stored.amount ||
      award.payable != stored.payable) {
    return DataLoss(
        "award {} version {} is stored with {}, {} payable, but its package says {}, {}",
        stored.award, stored.version, stored.amount, stored.payable, award.amount, award.payable);
  }
  return OkStatus();
}

// What the split gives back to the payer is owed to nobody: it stays in the pool.
void LeaveInPool(const SplitShare& share, AwardToPay& award) {
  if (share.amount.IsZero()) return;
  award.payable -= share.amount;
  std::string note = share.detail;
  for (const performance::ReasonCode reason : share.notes) Append(note, Sentence(reason));
  award.steps.push_back(
      {.label = "Stays with the payer", .value = share.amount.ToString(), .note = std::move(note)});
  if (award.payable.IsZero()) {
    award.zero_reason = std::string(performance::ReasonName(performance::ReasonCode::kForfeited));
  }
}

StatusOr<AwardToPay> ToPay(const performance::Program& program,
                           const performance::StoredAward& stored,
                           const performance::ReplayReport& replay, const Digest& hash) {
  const performance::Settlement& settlement = replay.settlement;
  const Award& award = settlement.award;
  const std::string holder =
      settlement.shares.empty() ? stored.party.ToString() : settlement.shares.front().label;
  AwardToPay result;
  result.award = stored.award;
  result.version = stored.version;
  result.hash = hash;
  result.contract = stored.contract;
  result.stream = stored.stream;
  result.line_kind = LineKindOfStream(stored.stream, award.payable < Money());
  result.program_name = program.name;
  result.contract_name = stored.contract.ToString();
  result.holder_name = holder;
  result.period_text = PeriodText(stored.period);
  result.performance_year = YearOf(stored.period.from);
  result.gross = award.amount;
  result.withheld = award.withheld;
  result.payable = award.payable;
  result.releases_withhold = award.released != Money() || award.forfeited != Money();
  if (result.releases_withhold && replay.terms) {
    result.released_under = replay.terms->payment_withhold;
  }
  result.steps = ExplainAward(award);
  if (award.payable.IsZero()) {
    const auto reason = award.zero_reason ? award.zero_reason : award.payable_zero_reason;
    if (reason) result.zero_reason = std::string(performance::ReasonName(*reason));
  }
  // Deductions from member-months are taken from each payee, and so is the withhold.
  std::vector<Money> withheld;
  if (replay.terms && performance::FindMemberMonthSum(*replay.terms) != nullptr) {
    ASSIGN_OR_RETURN(withheld, performance::WithheldOfPayees(replay.party, settlement.shares));
  }
  for (std::size_t i = 0; i < settlement.shares.size(); ++i) {
    const SplitShare& share = settlement.shares[i];
    if (share.kind == performance::ShareKind::kPayer) {
      LeaveInPool(share, result);
      continue;
    }
    if (share.amount.IsZero() && (withheld.empty() || withheld[i].IsZero())) continue;
    AwardShare line{.position = share.position,
                    .party = share.party,
                    .ancestors = {},
                    .role = {},
                    .amount = share.amount,
                    .steps = ExplainShare(settlement.shares, i)};
    if (!withheld.empty()) line.withheld = withheld[i];
    const std::vector<const SplitShare*> path = PathOf(settlement.shares, i);
    if (path.size() > 1 && path[path.size() - 2]->kind == performance::ShareKind::kRolePool) {
      line.role = path[path.size() - 2]->label;
    }
    for (auto above = path.rbegin() + 1; above != path.rend(); ++above) {
      if ((*above)->party != PartyId()) line.ancestors.push_back((*above)->party);
    }
    result.shares.push_back(std::move(line));
  }
  RETURN_IF_ERROR(CheckAwardToPay(result));
  return result;
}

// What changed the award since its first version.
Status ExplainChanges(performance::RecalculationService& changes,
                      const performance::StoredAward& award, std::vector<ExplanationStep>& steps) {
  for (std::int32_t version = 2; version <= award.version; ++version) {
    ASSIGN_OR_RETURN(const std::vector<performance::DeltaCause> causes,
                     changes.Causes({award.contract, award.award, version}));
    for (const performance::DeltaCause& cause : causes) {
      steps.push_back({.label = fmt::format("Changed in version {}", version),
                       .value = cause.amount.ToString(),
                       .note = cause.cause});
    }
  }
  return OkStatus();
}

// What an award is made of stands before the steps that lead to its amount.
void AddDetail(AwardDetail detail, AwardToPay& award) {
  award.steps.insert(award.steps.begin(), detail.award.begin(), detail.award.end());
  for (AwardShare& share : award.shares) {
    const auto found = detail.payees.find(share.party);
    if (found == detail.payees.end()) continue;
    // After what is shared under the contract, before this party's part of it.
    share.steps.insert(share.steps.begin() + (share.steps.empty() ? 0 : 1), found->second.begin(),
                       found->second.end());
  }
}

}  // namespace

std::vector<ExplanationStep> ExplainAward(const Award& award) {
  std::vector<ExplanationStep> steps;
  for (const Step& step : award.steps) {
    if (step.outcome != StepOutcome::kApplied && step.outcome != StepOutcome::kBlocked) continue;
    if (step.component == "split") continue;  // the shares have explanations of their own
    ExplanationStep line;
    line.label = Capitalized(InWords(step.description.empty() ? step.component : step.description));
    line.value = step.after.ToString(4);
    line.note = NoteOf(step);
    steps.push_back(std::move(line));
  }
  return steps;
}

std::vector<ExplanationStep> ExplainShare(std::span<const SplitShare> shares,
                                          std::size_t position) {
  CHECK(position < shares.size());
  const std::vector<const SplitShare*> path = PathOf(shares, position);
  std::vector<ExplanationStep> steps;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const SplitShare& share = *path[i];
    std::string note = i == 0 ? "" : share.detail;
    for (const performance::ReasonCode reason : share.notes) Append(note, Sentence(reason));
    steps.push_back(
        {.label = i == 0 ? fmt::format("To be shared under the contract of {}", share.label)
                         : fmt::format("Part of {}", share.label),
         .value = share.received.ToString(),
         .note = std::move(note)});
  }
  const SplitShare& own = *path.back();
  if (own.amount != own.received) {
    steps.push_back(
        {.label = fmt::format("Stays with {}", own.label),
         .value = own.amount.ToString(),
         .note = path.size() == 1 ? own.detail : "before the shares of its own people"});
  }
  return steps;
}

StatusOr<CollectedAwards> CollectAwards(performance::ProgramService& programs,
                                        const performance::Program& program,
                                        const DateRange& period,
                                        performance::RecalculationService* changes,
                                        const AwardDetails* details) {
  ASSIGN_OR_RETURN(const std::vector<performance::StoredAward> stored,
                   programs.Awards(program.id, period));
  CollectedAwards result;
  result.awards.reserve(stored.size());
  for (const performance::StoredAward& award : stored) {
    ASSIGN_OR_RETURN(const std::string package,
                     programs.Package({award.contract, award.award, award.version}));
    ASSIGN_OR_RETURN(const performance::ReplayReport replay, performance::ReplayPackage(package));
    if (!replay.Matches()) {
      return DataLoss("award {} version {} does not replay: {}", award.award, award.version,
                      replay.differences.front());
    }
    RETURN_IF_ERROR(CheckIsPackageOf(award, replay));
    if (award.status == performance::AwardStatus::kBlocked) {
      result.blocked.push_back(
          {.contract = award.contract, .holder = award.party.ToString(), .missing = award.missing});
      continue;
    }
    ASSIGN_OR_RETURN(AwardToPay to_pay, ToPay(program, award, replay, Sha256(AsBytes(package))));
    if (details != nullptr) {
      ASSIGN_OR_RETURN(AwardDetail detail, details->Of(award, replay));
      AddDetail(std::move(detail), to_pay);
    }
    if (changes != nullptr) RETURN_IF_ERROR(ExplainChanges(*changes, award, to_pay.steps));
    result.awards.push_back(std::move(to_pay));
  }
  return result;
}

}  // namespace sluice::payments
