// The pure rules of contracts: moves, approvers, signatures, calendar, data delivery, templates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "performance/contracts/contract_state.h"
#include "performance/contracts/data_delivery.h"
#include "performance/contracts/operating_calendar.h"
#include "performance/contracts/readiness.h"
#include "performance/contracts/template.h"
#include "performance/settlement.h"
#include "performance/terms_codec.h"
#include "performance/terms_tree.h"
#include "performance/terms_validate.h"
#include "tests/performance/contracts/contract_samples.h"

namespace sluice::performance {
namespace {

using enum ContractState;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr UserId kAnn{1};
constexpr UserId kBob{2};
constexpr UserId kCat{3};
constexpr UserId kDan{4};

// feature:C28
TEST(ContractState, OnlyTheMovesOfTheTableAreLegal) {
  const std::vector<std::pair<ContractState, ContractState>> legal = {
      {kNone, kModel},        {kNone, kDraft},       {kModel, kDraft},
      {kModel, kEnded},       {kModel, kSuperseded}, {kDraft, kReview},
      {kDraft, kEnded},       {kDraft, kSuperseded}, {kReview, kDraft},
      {kReview, kApproved},   {kReview, kEnded},     {kReview, kSuperseded},
      {kApproved, kSigned},   {kApproved, kEnded},   {kApproved, kSuperseded},
      {kSigned, kActive},     {kSigned, kEnded},     {kSigned, kSuperseded},
      {kActive, kSettled},    {kActive, kEnded},     {kActive, kSuperseded},
      {kSettled, kActive},    {kSettled, kRenewed},  {kSettled, kEnded},
      {kSettled, kSuperseded}};
  int allowed = 0;
  for (std::int16_t from = 0; from <= 10; ++from) {
    for (std::int16_t to = 0; to <= 10; ++to) {
      const auto pair = std::pair(static_cast<ContractState>(from), static_cast<ContractState>(to));
      const bool expected = std::ranges::find(legal, pair) != legal.end();
      EXPECT_EQ(CheckMove(pair.first, pair.second).ok(), expected)
          << StateName(pair.first) << " to " << StateName(pair.second);
      allowed += expected ? 1 : 0;
    }
  }
  EXPECT_EQ(allowed, static_cast<int>(legal.size()));
}

// feature:C28
TEST(ContractState, ARefusedMoveNamesTheMovesThereAre) {
  const Status refused = CheckMove(kDraft, kActive);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(StatusMessage(refused),
            "a contract that is draft can become review, ended, superseded; it cannot become "
            "active");
  EXPECT_THAT(StatusMessage(CheckMove(kEnded, kDraft)), HasSubstr("moves no more"));
}

ApprovalContext TwoApprovers() {
  return {.sha256 = HashTerms(SavingsContract()),
          .authors = {kAnn},
          .round = {.round = 3, .approvers = {kBob, kCat}, .approvals = {}},
          .delegations = {}};
}

// feature:C09
TEST(Approval, GoesInOrderAndNeverToAnAuthor) {
  ApprovalContext context = TwoApprovers();
  const Instant now = Instant::AtMidnight(MakeDate(2026, 3, 1));
  EXPECT_THAT(StatusMessage(CheckApproval(context, kCat, context.sha256, now).status()),
              HasSubstr("step 1 is " + kBob.ToString()));
  EXPECT_EQ(CheckApproval(context, kBob, context.sha256, now).value().step, 1);
  context.round.approvals.push_back({.step = 1, .approver = kBob, .approved_by = kBob});
  EXPECT_THAT(StatusMessage(CheckApproval(context, kBob, context.sha256, now).status()),
              HasSubstr("another person's"));
  EXPECT_EQ(CheckApproval(context, kCat, context.sha256, now).value().step, 2);
  context.authors.push_back(kCat);
  EXPECT_THAT(StatusMessage(CheckApproval(context, kCat, context.sha256, now).status()),
              HasSubstr("cannot approve it"));
  EXPECT_EQ(CheckApproval(context, kDan, Digest{}, now).status().code(),
            absl::StatusCode::kAborted);
}

// feature:C09
TEST(Approval, ADelegateApprovesUntilTheDelegationExpires) {
  ApprovalContext context = TwoApprovers();
  const Instant from = Instant::AtMidnight(MakeDate(2026, 3, 1));
  const Instant to = Instant::AtMidnight(MakeDate(2026, 3, 8));
  context.delegations = {{.id = DelegationId(9),
                          .from = kBob,
                          .to = kDan,
                          .valid_from = from,
                          .valid_to = to,
                          .reason = "leave"}};
  const auto right = CheckApproval(context, kDan, context.sha256, from);
  ASSERT_TRUE(right.ok()) << right.status();
  EXPECT_EQ(right->approver, kBob);
  EXPECT_EQ(right->delegation, DelegationId(9));
  const Instant last = Instant::FromMicros(to.Micros() - 1);
  EXPECT_TRUE(CheckApproval(context, kDan, context.sha256, last).ok());
  EXPECT_THAT(StatusMessage(CheckApproval(context, kDan, context.sha256, to).status()),
              HasSubstr("expired"));
  context.delegations[0].revoked = true;
  EXPECT_THAT(StatusMessage(CheckApproval(context, kDan, context.sha256, from).status()),
              HasSubstr("revoked"));
  // A delegate who wrote the version is an author all the same.
  context.delegations[0].revoked = false;
  context.authors = {kDan};
  EXPECT_FALSE(CheckApproval(context, kDan, context.sha256, from).ok());
}

TEST(Approval, ApproversAreNamedOnceAndAreNoAuthors) {
  const std::vector<UserId> authors = {kAnn};
  EXPECT_FALSE(CheckApprovers({}, authors).ok());
  EXPECT_FALSE(CheckApprovers(std::vector{kBob, kBob}, authors).ok());
  EXPECT_EQ(CheckApprovers(std::vector{kBob, kAnn}, authors).code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(CheckApprovers(std::vector{kBob, kCat}, authors).ok());
}

// feature:C09
TEST(Signature, IsOfTheTermsTheSignerAndTheTime) {
  ContractVersion version{.contract = ContractId(5),
                          .version = 2,
                          .effective = DateRange::Year(2026),
                          .terms = SavingsContract(),
                          .sha256 = HashTerms(SavingsContract())};
  ContractSignature signature{.side = ContractSide::kParty,
                              .signer = kBob,
                              .name = "Bob Birch",
                              .title = "President",
                              .terms_sha256 = version.sha256,
                              .at = Instant::AtMidnight(MakeDate(2025, 12, 1))};
  signature.record_sha256 = SignatureDigest(version, signature);
  EXPECT_TRUE(VerifySignatures(version, {&signature, 1}).ok());
  ContractVersion edited = version;
  edited.terms.title += ".";
  EXPECT_THAT(StatusMessage(VerifySignatures(edited, {&signature, 1})),
              HasSubstr("not of the terms"));
  ContractVersion longer = version;
  longer.effective = DateRange::From(MakeDate(2026, 1, 1));
  EXPECT_EQ(VerifySignatures(longer, {&signature, 1}).code(), absl::StatusCode::kDataLoss);
  for (int field = 0; field < 4; ++field) {
    ContractSignature forged = signature;
    if (field == 0) forged.name = "Bob Beech";
    if (field == 1) forged.signer = kCat;
    if (field == 2) forged.at = Instant::FromMicros(forged.at.Micros() + 1);
    if (field == 3) forged.side = ContractSide::kPayer;
    EXPECT_THAT(StatusMessage(VerifySignatures(version, {&forged, 1})),
                HasSubstr("changed after signing"));
  }
}

// feature:C27
TEST(OperatingCalendar, GeneratesTheDatesOfTheContract) {
  const Operations operations = *SavingsContract().operations;
  const DateRange effective = DateRange::Year(2026);
  const auto items = OperatingCalendar(
      operations, effective, DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2027, 12, 31)));
  std::vector<std::string> lines;
  for (const CalendarItem& item : items) {
    if (item.kind == ScheduleKind::kAudit) continue;
    lines.push_back(FormatDate(item.due) + " " + item.name);
  }
  // 180 days after the last day of 2026 is Tuesday 2027-06-29.
  EXPECT_THAT(lines, ElementsAre("2026-01-15 quarterly advance", "2026-04-15 quarterly advance",
                                 "2026-07-15 quarterly advance", "2026-10-15 quarterly advance",
                                 "2027-04-30 dispute window", "2027-06-29 final settlement"));
  EXPECT_EQ(std::ranges::count(items, ScheduleKind::kAudit, &CalendarItem::kind), 12);
  const auto window = std::ranges::find(items, ScheduleKind::kDisputeWindow, &CalendarItem::kind);
  EXPECT_EQ(*window->closes, MakeDate(2027, 5, 30));
}

TEST(OperatingCalendar, CountsFromTheContractsFirstMonthAndCutsTheEnds) {
  const DateRange effective = DateRange::Between(MakeDate(2026, 2, 15), MakeDate(2026, 9, 1));
  const auto spans = ContractSpans(Every::kQuarter, effective,
                                   DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2027, 1, 1)));
  EXPECT_THAT(spans, ElementsAre(DateRange::Between(MakeDate(2026, 2, 15), MakeDate(2026, 5, 1)),
                                 DateRange::Between(MakeDate(2026, 5, 1), MakeDate(2026, 8, 1)),
                                 DateRange::Between(MakeDate(2026, 8, 1), MakeDate(2026, 9, 1))));
}

TEST(OperatingCalendar, ADueDayMovesToABankingDay) {
  Operations operations;
  operations.schedule = {
      {.name = "fee", .every = Every::kMonth, .due_from = DueFrom::kStart, .banking_day = true}};
  const auto items =
      OperatingCalendar(operations, DateRange::Year(2026),
                        DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2026, 2, 10)));
  ASSERT_THAT(items, SizeIs(2));
  EXPECT_EQ(items[0].due, MakeDate(2026, 1, 2));  // after New Year's Day
  EXPECT_EQ(items[1].due, MakeDate(2026, 2, 2));  // February 1 is a Sunday
}

// feature:C27
TEST(OperatingCalendar, ListsWhatIsOverdueFromTheDayAfter) {
  const Operations operations = *SavingsContract().operations;
  const auto items =
      OperatingCalendar(operations, DateRange::Year(2026),
                        DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2026, 2, 1)));
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_THAT(OverdueItems(items, {}, MakeDate(2026, 1, 15)), IsEmpty());
  EXPECT_THAT(OverdueItems(items, {}, MakeDate(2026, 1, 16)), SizeIs(1));
  const DateDone done{"quarterly advance", MakeDate(2026, 1, 1), MakeDate(2026, 1, 20)};
  EXPECT_THAT(OverdueItems(items, {&done, 1}, MakeDate(2026, 1, 16)), IsEmpty());
}

// Claims for every month of 2026, delivered on the due day but for `late` months, a day later.
std::vector<FeedDelivery> Deliveries(int late) {
  std::vector<FeedDelivery> deliveries;
  for (unsigned month = 1; month <= 12; ++month) {
    const Month covered(2026, month);
    const Days after(static_cast<int>(month) <= late ? 21 : 20);
    deliveries.push_back({.feed = "claims",
                          .covers = DateRange::Between(covered.FirstDay(), covered.End()),
                          .delivered_on = covered.End() - Days(1) + after});
  }
  return deliveries;
}

Award Settle(const Facts& delivered, std::int64_t expenditure_cents) {
  Facts facts = delivered;
  facts.SetAmount("benchmark", Money::FromCents(100'000'000'00));
  facts.SetAmount("expenditure", Money::FromCents(expenditure_cents));
  facts.SetFlag("quality_met", true);
  facts.SetDate(kTargetAnnouncedOn, MakeDate(2025, 11, 3)).SetText(kTargetSource, "letter");
  return Calculate(SavingsContract(), facts,
                   {.period = DateRange::Year(2026), .pay_date = MakeDate(2027, 7, 1)});
}

// feature:C21
TEST(DataDelivery, ABreachSuspendsTheLossAndShowsOnTheSettlement) {
  const Operations operations = *SavingsContract().operations;
  const Date today = MakeDate(2027, 3, 1);
  // One late delivery is tolerated: exactly there, the loss of 6,000,000 is shared at 50 %.
  const auto tolerated = AssessDeliveries(operations, DateRange::Year(2026), DateRange::Year(2026),
                                          Deliveries(1), today);
  ASSERT_TRUE(tolerated.ok()) << tolerated.status();
  EXPECT_THAT(tolerated->late, SizeIs(1));
  EXPECT_EQ(Settle(tolerated->facts, 106'000'000'00).amount.Cents(), -3'000'000'00);
  // Two are a breach.
  const auto breach = AssessDeliveries(operations, DateRange::Year(2026), DateRange::Year(2026),
                                       Deliveries(2), today);
  ASSERT_TRUE(breach.ok());
  const Award award = Settle(breach->facts, 106'000'000'00);
  EXPECT_EQ(award.amount.Cents(), 0);
  EXPECT_EQ(award.zero_reason, ReasonCode::kGateFailed);
  EXPECT_THAT(ToText(award),
              AllOf(HasSubstr("claims feed on time"), HasSubstr("section 9.2"),
                    HasSubstr("claims for 2026-01-01 to 2026-01-31: due 2026-02-20, delivered "
                              "2026-02-21, 1 day late"),
                    HasSubstr("GATE_FAILED")));
  // The gain is the party's own: late data of the payer does not touch it.
  EXPECT_EQ(Settle(breach->facts, 94'000'000'00).amount,
            Settle(tolerated->facts, 94'000'000'00).amount);
  EXPECT_GT(Settle(breach->facts, 94'000'000'00).amount, Money());
}

TEST(DataDelivery, ABreachThatIsOnlyNotedLeavesTheLossAndNamesIt) {
  Terms terms = SavingsContract();
  std::get<Gate>(terms.components[1].rule).on_fail.note_only = ReasonCode::kDataDeliveryBreach;
  ASSERT_TRUE(ValidateTerms(terms).ok());
  Facts facts = AssessDeliveries(*terms.operations, DateRange::Year(2026), DateRange::Year(2026),
                                 Deliveries(5), MakeDate(2027, 3, 1))
                    .value()
                    .facts;
  facts.SetAmount("benchmark", Money::FromCents(100'000'00));
  facts.SetAmount("expenditure", Money::FromCents(106'000'00));
  facts.SetFlag("quality_met", false);
  facts.SetDate(kTargetAnnouncedOn, MakeDate(2025, 11, 3)).SetText(kTargetSource, "letter");
  const Award award = Calculate(terms, facts, {.period = DateRange::Year(2026)});
  EXPECT_EQ(award.amount.Cents(), -2'400'00);
  EXPECT_THAT(award.notes, ::testing::Contains(ReasonCode::kDataDeliveryBreach));
}

TEST(DataDelivery, WhatIsNotDueYetIsNotLateAndWhatNeverCameIsMissing) {
  const Operations operations = *SavingsContract().operations;
  const auto assess = [&](Date today) {
    return AssessDeliveries(operations, DateRange::Year(2026), DateRange::Year(2026), {}, today)
        .value();
  };
  EXPECT_THAT(assess(MakeDate(2026, 2, 20)).late, IsEmpty());  // 20 days after January 31
  const auto day_after = assess(MakeDate(2026, 2, 21));
  ASSERT_THAT(day_after.late, SizeIs(1));
  EXPECT_THAT(day_after.late[0].ToString(), HasSubstr("missing"));
  EXPECT_THAT(assess(MakeDate(2027, 3, 1)).late, SizeIs(12));
  const FeedDelivery other{.feed = "adt", .covers = DateRange::Year(2026), .delivered_on = {}};
  EXPECT_THAT(
      StatusMessage(AssessDeliveries(operations, DateRange::Year(2026), DateRange::Year(2026),
                                     {&other, 1}, MakeDate(2026, 2, 1))
                        .status()),
      HasSubstr("'adt'"));
}

TEST(DataDelivery, AServiceLevelWithoutAnEffectIsRefused) {
  Terms terms = SavingsContract();
  terms.operations->service_levels[0].breach_fact = "nobody_reads_this";
  EXPECT_THAT(StatusMessage(ValidateTerms(terms)), HasSubstr("nobody_reads_this"));
}

// feature:C14
TEST(Target, AYearWithoutAnAnnouncementIsNotSettled) {
  Facts facts;
  facts.SetAmount("benchmark", Money::FromCents(100'000'00));
  facts.SetAmount("expenditure", Money::FromCents(90'000'00));
  facts.SetFlag("quality_met", true);
  const CalculationDates dates{.period = DateRange::Year(2026)};
  Award award = Calculate(SavingsContract(), facts, dates);
  EXPECT_EQ(award.status, AwardStatus::kBlocked);
  EXPECT_EQ(award.blocked_reason, ReasonCode::kMissingInput);
  EXPECT_THAT(award.missing, HasSubstr("target_announced_on"));
  facts.SetDate(kTargetAnnouncedOn, MakeDate(2025, 11, 3));
  award = Calculate(SavingsContract(), facts, dates);
  EXPECT_THAT(award.missing, HasSubstr("target_source"));
  facts.SetText(kTargetSource, "rate letter of 2025-11-03");
  award = Calculate(SavingsContract(), facts, dates);
  EXPECT_EQ(award.amount.Cents(), 5'000'00);
  EXPECT_THAT(ToText(award), HasSubstr("rate letter of 2025-11-03"));
}

TemplateVersion SavingsTemplate() {
  return {.ref = {TemplateId(8), 1},
          .name = "two-sided",
          .terms = SavingsContract(),
          .parameters = {{.name = "minimum_rate",
                          .label = "minimum savings rate",
                          .path = "components[2].gate.value_at_least.threshold.fixed",
                          .kind = ParameterKind::kRatio,
                          .least = "1 %",
                          .most = "5 %"},
                         {.name = "share",
                          .label = "share when quality is met",
                          .path = "components[3].rate.cases[0].fixed_millionths",
                          .kind = ParameterKind::kRate,
                          .least = "25 %",
                          .most = "75 %"}}};
}

// feature:C01
TEST(Template, PreFillsAllTermsAndTakesValuesWithinTheirRange) {
  const TemplateVersion from = SavingsTemplate();
  EXPECT_TRUE(CheckParameters(from.terms, from.parameters).ok());
  EXPECT_EQ(FillTemplate(from, {}).value(), from.terms);
  Terms expected = from.terms;
  std::get<RateComponent>(expected.components[3].rule).cases[0].rule =
      FixedRate{Rate::FromPercent(75)};
  std::get<Gate>(expected.components[2].rule).test =
      ValueAtLeast{"benchmark", FixedThreshold{Ratio(1, 100)}};
  EXPECT_EQ(FillTemplate(from, {{"share", "0.75"}, {"minimum_rate", "1 %"}}).value(), expected);
  const Status wrong =
      FillTemplate(from, {{"share", "76 %"}, {"minimum_rate", "x"}, {"cap", "1"}}).status();
  EXPECT_THAT(StatusMessage(wrong),
              AllOf(HasSubstr("share: 76 % is above the most, 75 %"), HasSubstr("minimum_rate: "),
                    HasSubstr("no parameter cap")));
}

TEST(Template, ParametersThatHaveNoPlaceAreRefusedTogether) {
  std::vector<TemplateParameter> parameters = SavingsTemplate().parameters;
  parameters[0].path = "components[2].gate";
  parameters[1].kind = ParameterKind::kMoney;
  parameters.push_back({.name = "share", .path = "title", .kind = ParameterKind::kDate});
  const std::string message = StatusMessage(CheckParameters(SavingsContract(), parameters));
  EXPECT_THAT(message, AllOf(HasSubstr("no value at components[2].gate"),
                             HasSubstr("does not hold a money"), HasSubstr("is another's too")));
  EXPECT_EQ(ParametersFromText(ParametersToText(SavingsTemplate().parameters)).value(),
            SavingsTemplate().parameters);
}

TEST(NotInForce, AContractThatIsOverIsAZeroWithItsReason) {
  SettlementInput input{
      .terms = SavingsContract(),
      .dates = {.period = DateRange::Year(2027), .pay_date = MakeDate(2028, 7, 1)},
      .party = {.party = PartyId(3), .name = "Northwest ACO"}};
  input.facts.SetText(kContractNotInForce, "ended as of 2027-01-01");
  const Settlement settlement = Settle(input);
  EXPECT_EQ(settlement.award.status, AwardStatus::kComputed);
  EXPECT_EQ(settlement.award.zero_reason, ReasonCode::kContractNotInForce);
  EXPECT_EQ(settlement.award.zero_detail, "ended as of 2027-01-01");
  ASSERT_THAT(settlement.shares, SizeIs(1));
  EXPECT_EQ(settlement.shares[0].zero_reason, ReasonCode::kContractNotInForce);
}

}  // namespace
}  // namespace sluice::performance
