#include "performance/settlement.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "performance/award_override.h"
#include "performance/payee_shares.h"

namespace sluice::performance {
namespace {

// An award without a result. What was computed so far stays visible in its steps.
Award Block(Award award, std::string component, ReasonCode reason, std::string missing) {
  Award blocked;
  blocked.status = AwardStatus::kBlocked;
  blocked.blocked_reason = reason;
  blocked.missing = std::move(missing);
  blocked.steps = std::move(award.steps);
  Step step;
  step.component = std::move(component);
  step.position = blocked.steps.empty() ? 1 : blocked.steps.back().position + 1;
  step.description = "blocked";
  step.outcome = StepOutcome::kBlocked;
  step.reason = reason;
  step.detail = blocked.missing;
  blocked.steps.push_back(std::move(step));
  return blocked;
}

// What a detail engine lacks, if anything: the reason and the text.
std::optional<std::pair<ReasonCode, std::string>> MissingInput(const Facts& facts) {
  const auto found = facts.Values().lower_bound(kInputMissingPrefix);
  if (found == facts.Values().end() || !found->first.starts_with(kInputMissingPrefix)) {
    return std::nullopt;
  }
  const auto* text = std::get_if<std::string>(&found->second);
  if (text == nullptr) return std::pair(ReasonCode::kMissingInput, found->first);
  const std::size_t end = text->find(": ");
  if (end != std::string::npos) {
    const StatusOr<ReasonCode> code = ParseReason(text->substr(0, end));
    if (code.ok() && KindOf(*code) == ReasonKind::kBlocked) {
      return std::pair(*code, text->substr(end + 2));
    }
  }
  return std::pair(ReasonCode::kMissingInput, *text);
}

// A zero for a contract that is over, with its reason in the one step and in the one share.
StatusOr<Settlement> NotInForce(const SettlementInput& input, std::string why) {
  Settlement settlement;
  Award& award = settlement.award;
  award.zero_reason = ReasonCode::kContractNotInForce;
  award.zero_detail = why;
  award.steps.push_back(Step{.component = "contract",
                             .position = 1,
                             .description = "in force in the period",
                             .inputs = {{std::string(kContractNotInForce), why}},
                             .reason = ReasonCode::kContractNotInForce,
                             .detail = std::move(why)});
  const SplitNode whole{.node_id = input.party.party.Value(),
                        .party = input.party.party,
                        .label = input.party.name};
  ASSIGN_OR_RETURN(settlement.shares, SplitAward(Money(), whole, LossSplit::kKeptByParty));
  settlement.shares.front().zero_reason = ReasonCode::kContractNotInForce;
  return settlement;
}

// The day on which the members of a split are asked for their standing.
StatusOr<Date> StandingDate(StandingDay day, const SettlementInput& input) {
  switch (day) {
    case StandingDay::kPayDate:
      return input.dates.pay_date;
    case StandingDay::kSettlementDate: {
      ASSIGN_OR_RETURN(const std::optional<Date> settled, input.facts.DateOf("settlement_date"));
      if (!settled) {
        return FailedPrecondition("settlement_date (the split asks for standing on it)");
      }
      return *settled;
    }
    case StandingDay::kPeriodEnd:
    case StandingDay::kServiceDate:
      break;
  }
  CHECK(input.dates.period.to.has_value());
  return *input.dates.period.to - Days(1);
}

StatusOr<std::vector<SplitShare>> Shares(const SettlementInput& input, const Award& award) {
  const Split* split = FindSplit(*input.terms);
  const bool pays_payees = FindMemberMonthSum(*input.terms) != nullptr;
  if (split == nullptr && pays_payees) {
    return PayeeShares(input.party, award.payable, nullptr, SplitDates{});
  }
  if (split == nullptr) {
    const SplitNode whole{.node_id = input.party.party.Value(),
                          .party = input.party.party,
                          .label = input.party.name};
    return SplitAward(award.payable, whole, LossSplit::kKeptByParty);
  }
  ASSIGN_OR_RETURN(const Date standing_day, StandingDate(split->standing, input));
  const SplitDates dates{.standing_day = standing_day, .period = input.dates.period};
  if (pays_payees) return PayeeShares(input.party, award.payable, split, dates);
  ASSIGN_OR_RETURN(const SplitNode root, BuildSplitTree(*split, input.party, dates));
  return SplitAward(award.payable, root, split->losses);
}

// An award says that printed percentages were made to sum, as the lines do.
void NoteRenormalized(const std::vector<SplitShare>& shares, Award& award) {
  static constexpr ReasonCode kNote = ReasonCode::kRenormalizedShares;
  const bool any = std::ranges::any_of(shares, [](const SplitShare& share) {
    return std::ranges::find(share.notes, kNote) != share.notes.end();
  });
  if (!any) return;
  award.notes.push_back(kNote);
  if (!award.steps.empty()) award.steps.back().notes.push_back(kNote);
}

}  // namespace

Settlement Settle(const SettlementInput& input) {
  if (const auto over = input.facts.Text(kContractNotInForce);
      over.ok() && *over && input.party.party != PartyId()) {
    StatusOr<Settlement> settlement = NotInForce(input, **over);
    CHECK(settlement.ok());
    return *std::move(settlement);
  }
  if (!input.terms) {
    return {.award = Block({}, "terms", ReasonCode::kMissingInput,
                           "terms in force on " + FormatDate(input.dates.period.from))};
  }
  if (auto missing = MissingInput(input.facts)) {
    return {.award = Block({}, "input", missing->first, std::move(missing->second))};
  }
  if (input.party.party == PartyId()) {
    return {.award = Block({}, "split", ReasonCode::kReferenceMissing, input.party.name)};
  }
  Settlement settlement{.award = Calculate(*input.terms, input.facts, input.dates)};
  Award& award = settlement.award;
  if (award.status == AwardStatus::kBlocked) return settlement;
  OverrideAward(input, award);

  StatusOr<std::vector<SplitShare>> shares = Shares(input, award);
  if (!shares.ok()) {
    const bool missing = shares.status().code() == absl::StatusCode::kFailedPrecondition;
    const ReasonCode reason =
        missing ? ReasonCode::kMissingInput : ReasonCode::kSplitDoesNotBalance;
    award = Block(std::move(award), "split", reason, StatusMessage(shares.status()));
    return settlement;
  }
  settlement.shares = *std::move(shares);
  NoteRenormalized(settlement.shares, award);
  // The party's own zero has the award's reason, which says more than an empty pool.
  const auto why = award.zero_reason ? award.zero_reason : award.payable_zero_reason;
  SplitShare& own = settlement.shares.front();
  if (award.payable.IsZero() && own.amount.IsZero() && why) own.zero_reason = why;
  OverrideShares(input, settlement);
  return settlement;
}

}  // namespace sluice::performance
