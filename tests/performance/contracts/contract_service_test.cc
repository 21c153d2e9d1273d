// Contracts on a real database, from a template to the settlement and the end.
#include "performance/contracts/contract_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "core/pg/database.h"
#include "hierarchy/network_service.h"
#include "performance/terms_codec.h"
#include "tests/performance/contracts/contract_samples.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using enum ContractState;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr UserId kAnn{1};
constexpr UserId kBob{2};
constexpr UserId kCat{3};
constexpr UserId kDan{4};

// Pools as the test opens them; payments/pool_funding.h asks the books.
class KnownPools final : public FundingSources {
 public:
  bool HasPool(pg::Transaction&, BookId book, const std::string& pool) override {
    return pools.contains({book, pool});
  }
  std::set<std::pair<BookId, std::string>> pools;
};

class ContractServiceTest : public ::testing::Test {
 protected:
  ContractServiceTest()
      : payer_(db_.NewPayer("Plan")),
        database_(db_.App().ForPayer(payer_)),
        service_(database_, payer_, db_.Clock(), db_.Ids(), funding_),
        programs_(database_, db_.Clock(), db_.Ids()),
        network_(database_, payer_, db_.Clock()),
        program_{.id = db_.Ids().Next<ProgramTag>(),
                 .payer = payer_,
                 .name = "Shared savings 2026",
                 .stream = "ssl",
                 .lan_category = "3B",
                 .book = db_.Ids().Next<BookTag>(),
                 .created_at = db_.Clock().Now()} {}

  void SetUp() override {
    db_.Clock().Set(Instant::AtMidnight(MakeDate(2025, 11, 10)));
    ASSERT_TRUE(programs_.CreateProgram(program_).ok());
    hierarchy::ChangeSet change;
    aco_ = db_.Ids().Next<PartyTag>();
    practice_ = db_.Ids().Next<PartyTag>();
    change.AddParty({aco_, hierarchy::PartyKind::kAco}, "Northwest ACO", MakeDate(2024, 1, 1));
    change.AddParty({practice_, hierarchy::PartyKind::kPractice}, "Elm Practice",
                    MakeDate(2024, 1, 1));
    change.AddAffiliation(aco_, practice_, "participant", DateRange::From(MakeDate(2024, 1, 1)));
    hierarchy::HierarchyService hierarchy(database_, db_.Clock());
    const auto applied = hierarchy.Apply(payer_, change, {.source = "test"});
    ASSERT_TRUE(applied.ok()) << applied.status();
    snapshot_ = hierarchy.Snapshot(payer_, {.day = MakeDate(2026, 1, 1)}).value();
  }

  void Tick() { db_.Clock().AdvanceMicros(1'000); }

  Contract NextContract() {
    return {.id = db_.Ids().Next<ContractTag>(),
            .payer = payer_,
            .program = program_.id,
            .party = aco_,
            .effective = DateRange::From(MakeDate(2026, 1, 1))};
  }

  ContractVersion MakeModel() {
    const auto made = service_.Create({.contract = NextContract(),
                                       .effective = DateRange::From(MakeDate(2026, 1, 1)),
                                       .terms = SavingsContract()},
                                      {kAnn, "first text"});
    EXPECT_TRUE(made.ok()) << made.status();
    return made.value_or(ContractVersion{});
  }

  Status MoveTo(const ContractVersion& version, ContractState to,
                std::optional<Date> effective_on = std::nullopt) {
    Tick();
    return service_.Move({.contract = version.contract,
                          .version = version.version,
                          .to = to,
                          .actor = kAnn,
                          .reason = "as agreed",
                          .effective_on = effective_on});
  }

  StatusOr<ApprovalOutcome> Approve(const ContractVersion& version, UserId actor) {
    Tick();
    return service_.Approve({.contract = version.contract,
                             .version = version.version,
                             .actor = actor,
                             .seen = version.sha256});
  }

  StatusOr<ContractState> Sign(const ContractVersion& version, ContractSide side, UserId signer,
                               std::string name) {
    Tick();
    return service_.Sign({.contract = version.contract,
                          .version = version.version,
                          .side = side,
                          .signer = signer,
                          .name = std::move(name),
                          .seen = version.sha256});
  }

  // From draft to signed, approved by Bob and Cat.
  void BringToSigned(const ContractVersion& version) {
    Tick();
    const Status submitted =
        service_.Submit(version.contract, version.version, kAnn, "ready", std::vector{kBob, kCat});
    ASSERT_TRUE(submitted.ok()) << submitted;
    ASSERT_EQ(Approve(version, kBob).value().state, kReview);
    ASSERT_EQ(Approve(version, kCat).value().state, kApproved);
    ASSERT_EQ(Sign(version, ContractSide::kPayer, kCat, "Cat Cole").value(), kApproved);
    ASSERT_EQ(Sign(version, ContractSide::kParty, kDan, "Dan Dale").value(), kSigned);
  }

  Status Activate(const ContractVersion& version) {
    Tick();
    return service_.Activate(version.contract, version.version, kBob, "in force", snapshot_);
  }

  void Fund() { funding_.pools.emplace(program_.book, "Savings pool"); }

  void AddContact(PartyId party) {
    const Status made =
        network_.RecordContact(kAnn, {.id = db_.Ids().Next<hierarchy::ContactTag>(),
                                      .party = party,
                                      .name = "Erin Elm",
                                      .email = "erin@example.org",
                                      .valid = DateRange::From(MakeDate(2025, 1, 1))});
    ASSERT_TRUE(made.ok()) << made;
  }

  // Everything that activation asks for.
  void MakeReady(const ContractVersion& version) {
    AddContact(PartyId());
    AddContact(aco_);
    Fund();
    ASSERT_TRUE(service_
                    .AnnounceTarget(version.contract, DateRange::Year(2026), MakeDate(2025, 11, 3),
                                    "rate letter")
                    .ok());
  }

  ContractVersion MakeActive() {
    const ContractVersion version = MakeModel();
    EXPECT_TRUE(MoveTo(version, kDraft).ok());
    BringToSigned(version);
    MakeReady(version);
    const Status active = Activate(version);
    EXPECT_TRUE(active.ok()) << active;
    return version;
  }

  void RecordYear(ContractId contract, int year) {
    Tick();
    FactSet set{.contract = contract, .period = DateRange::Year(year)};
    set.facts.SetAmount("benchmark", Money::FromCents(1'000'000'00));
    set.facts.SetAmount("expenditure", Money::FromCents(900'000'00));
    set.facts.SetFlag("quality_met", true);
    set.facts.SetFlag("claims_feed_breach", false);
    ASSERT_TRUE(programs_.RecordFacts({&set, 1}, "test").ok());
  }

  StoredAward Settle(int year) {
    Tick();
    const CalculationDates dates{.period = DateRange::Year(year),
                                 .pay_date = MakeDate(year + 1, 7, 1)};
    const auto summary = programs_.Calculate({.program = program_.id, .dates = dates}, snapshot_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    const auto awards = programs_.Awards(program_.id, DateRange::Year(year)).value();
    EXPECT_THAT(awards, SizeIs(1));
    return awards.empty() ? StoredAward{} : awards.back();
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database database_;
  KnownPools funding_;
  ContractService service_;
  ProgramService programs_;
  hierarchy::NetworkService network_;
  Program program_;
  PartyId aco_;
  PartyId practice_;
  hierarchy::HierarchySnapshot snapshot_;
};

// feature:C28
TEST_F(ContractServiceTest, AContractGoesThroughItsLifeWithEveryMoveStamped) {
  const ContractVersion version = MakeActive();
  RecordYear(version.contract, 2026);
  EXPECT_EQ(Settle(2026).amount.Cents(), 50'000'00);
  EXPECT_TRUE(MoveTo(version, kSettled, MakeDate(2027, 1, 1)).ok());
  EXPECT_TRUE(MoveTo(version, kRenewed, MakeDate(2027, 1, 1)).ok());
  const ContractFile file = service_.Load(version.contract).value();
  EXPECT_EQ(file.state, kRenewed);
  std::vector<std::string> states;
  Instant last;
  for (const ContractMove& move : file.moves) {
    states.emplace_back(StateName(move.to));
    EXPECT_NE(move.actor, UserId());
    EXPECT_FALSE(move.reason.empty());
    EXPECT_GE(move.at, last);
    last = move.at;
  }
  EXPECT_THAT(states, ElementsAre("model", "draft", "review", "approved", "signed", "active",
                                  "settled", "renewed"));
  ASSERT_THAT(file.signatures, SizeIs(2));
  EXPECT_EQ(file.signatures[1].name, "Dan Dale");
  EXPECT_EQ(file.signatures[1].terms_sha256, HashTerms(SavingsContract()));
}

// feature:C28
TEST_F(ContractServiceTest, IllegalMovesAreRefusedWithTheAllowedOnes) {
  const ContractVersion version = MakeModel();
  EXPECT_THAT(StatusMessage(MoveTo(version, kSettled)),
              HasSubstr("can become draft, ended, superseded"));
  EXPECT_THAT(StatusMessage(Activate(version)), HasSubstr("can become draft"));
  ASSERT_TRUE(MoveTo(version, kDraft).ok());
  EXPECT_THAT(StatusMessage(MoveTo(version, kReview)), HasSubstr("by Submit"));
  EXPECT_THAT(StatusMessage(Approve(version, kBob).status()), HasSubstr("submit it first"));
  EXPECT_THAT(StatusMessage(Sign(version, ContractSide::kPayer, kBob, "Bob").status()),
              HasSubstr("only an approved version"));
  const Status unreasoned = service_.Move(
      {.contract = version.contract, .version = 1, .to = kEnded, .actor = kAnn, .reason = ""});
  EXPECT_THAT(StatusMessage(unreasoned), HasSubstr("reason"));
  EXPECT_EQ(service_.Load(version.contract).value().state, kDraft);
}

// feature:C28 feature:H12 feature:C14
TEST_F(ContractServiceTest, ActivationNamesEverythingThatIsMissingAtOnce) {
  Terms terms = SavingsContract();
  std::get<Split>(terms.components.back().rule).levels.push_back({});
  const auto made = service_.Create({.contract = NextContract(),
                                     .effective = DateRange::From(MakeDate(2026, 1, 1)),
                                     .terms = terms},
                                    {kAnn, "first text"});
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(MoveTo(*made, kDraft).ok());
  BringToSigned(*made);
  const Status refused = Activate(*made);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(refused),
              AllOf(HasSubstr("NO_CONTACT: the payer has no contact"),
                    HasSubstr("NO_CONTACT: Northwest ACO"),
                    HasSubstr("TARGET_NOT_ANNOUNCED: the terms have a target and none is "
                              "announced for 2026"),
                    HasSubstr("SPLIT_REACHES_NOBODY"),
                    HasSubstr("NOT_FUNDED: the program has no pool 'Savings pool'"),
                    Not(HasSubstr("NOT_SIGNED")), Not(HasSubstr("NO_SCHEDULE"))));
  EXPECT_EQ(service_.Load(made->contract).value().state, kSigned);
  // Without schedule, pool and target there is something else to say.
  Terms bare = SavingsContract();
  bare.operations.reset();
  bare.components.front().clause.clear();
  const auto findings = [&] {
    const auto edited =
        service_.Edit(made->contract, DateRange::Year(2020), bare, {kAnn, "no operations"});
    return service_.Readiness(made->contract, edited.value().version, snapshot_).value();
  }();
  std::vector<std::string> names;
  for (const ReadinessFinding& finding : findings) names.emplace_back(ProblemName(finding.problem));
  EXPECT_THAT(
      names, ElementsAre("OUTSIDE_CONTRACT", "NOT_SIGNED", "NOT_SIGNED", "NO_CONTACT", "NO_CONTACT",
                         "TARGET_NOT_ANNOUNCED", "NO_SCHEDULE", "NOT_FUNDED", "NO_CLAUSE"));
  EXPECT_EQ(findings.back().message,
            "component 1 (basis) names no clause; name the section that it implements");
}

// feature:H12
TEST_F(ContractServiceTest, AContactThatHasEndedIsNotActive) {
  const ContractVersion version = MakeModel();
  ASSERT_TRUE(MoveTo(version, kDraft).ok());
  BringToSigned(version);
  MakeReady(version);
  ASSERT_TRUE(network_
                  .RecordContact(kAnn, {.id = hierarchy::ContactId(77),
                                        .party = aco_,
                                        .name = "Old Contact",
                                        .phone = "(206) 555-0100",
                                        .valid = DateRange::Year(2024)})
                  .ok());
  EXPECT_THAT(network_.ContactsOn(aco_, MakeDate(2024, 5, 1)).value(), SizeIs(1));
  const auto active = network_.ContactsOn(aco_, MakeDate(2026, 5, 1)).value();
  ASSERT_THAT(active, SizeIs(1));
  hierarchy::Contact gone = active[0];
  gone.withdrawn = true;
  Tick();
  ASSERT_TRUE(network_.RecordContact(kAnn, gone).ok());
  EXPECT_THAT(StatusMessage(Activate(version)), HasSubstr("NO_CONTACT: Northwest ACO"));
}

// feature:C09
TEST_F(ContractServiceTest, AnEditMakesANewUnsignedVersion) {
  const ContractVersion first = MakeModel();
  ASSERT_TRUE(MoveTo(first, kDraft).ok());
  BringToSigned(first);
  Terms terms = first.terms;
  terms.title += ", revised";
  Tick();
  const auto second = service_.Edit(first.contract, first.effective, terms, {kBob, "new title"});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->version, 2);
  EXPECT_EQ(service_.Load(first.contract, 1).value().state, kSuperseded);
  EXPECT_THAT(service_.Load(first.contract, 1).value().signatures, SizeIs(2));
  const ContractFile file = service_.Load(first.contract).value();
  EXPECT_EQ(file.state, kDraft);
  EXPECT_THAT(file.signatures, IsEmpty());
  EXPECT_THAT(StatusMessage(Activate(*second)), HasSubstr("can become review"));
  // Who wrote the version before it cannot approve this one either.
  EXPECT_EQ(service_.Submit(first.contract, 2, kBob, "ready", std::vector{kAnn}).code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(
      StatusMessage(service_.Edit(first.contract, first.effective, terms, {kBob, "x"}).status()),
      HasSubstr("nothing was edited"));
}

// feature:C09
TEST_F(ContractServiceTest, AReturnedVersionIsApprovedAnewAndADelegateMayStandIn) {
  const ContractVersion version = MakeModel();
  ASSERT_TRUE(MoveTo(version, kDraft).ok());
  const std::vector<UserId> approvers = {kBob, kCat};
  ASSERT_TRUE(service_.Submit(version.contract, 1, kAnn, "ready", approvers).ok());
  EXPECT_FALSE(Approve(version, kCat).ok());
  EXPECT_FALSE(Approve(version, kAnn).ok());
  ASSERT_TRUE(Approve(version, kBob).ok());
  ASSERT_TRUE(MoveTo(version, kDraft).ok());
  ASSERT_TRUE(service_.Submit(version.contract, 1, kAnn, "again", approvers).ok());
  EXPECT_THAT(StatusMessage(Approve(version, kCat).status()), HasSubstr("step 1"));
  const Instant now = db_.Clock().Now();
  Delegation delegation{.id = DelegationId(5),
                        .from = kBob,
                        .to = kDan,
                        .valid_from = now,
                        .valid_to = Instant::FromMicros(now.Micros() + 3'600'000'000),
                        .reason = "leave"};
  ASSERT_TRUE(service_.Delegate(delegation).ok());
  ASSERT_TRUE(Approve(version, kDan).ok());
  ASSERT_TRUE(Approve(version, kCat).ok());
  const ContractFile file = service_.Load(version.contract).value();
  ASSERT_THAT(file.approval->approvals, SizeIs(2));
  EXPECT_EQ(file.approval->approvals[0].approver, kBob);
  EXPECT_EQ(file.approval->approvals[0].approved_by, kDan);
  EXPECT_EQ(file.approval->approvals[0].delegation, DelegationId(5));
  EXPECT_EQ(file.state, kApproved);
}

// feature:C09
TEST_F(ContractServiceTest, AChangedSignatureOrTextIsFoundWhenLoaded) {
  const ContractVersion version = MakeActive();
  const auto tamper = [&](const std::string& statement) {
    return db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.RunScript(statement);
      return OkStatus();
    });
  };
  ASSERT_TRUE(
      tamper("UPDATE performance.contract_signature SET signer_name = 'Eve' WHERE side = 2").ok());
  EXPECT_THAT(StatusMessage(service_.Load(version.contract).status()),
              HasSubstr("party's signature"));
  ASSERT_TRUE(tamper("UPDATE performance.contract_signature SET signer_name = 'Dan Dale' "
                     "WHERE side = 2")
                  .ok());
  EXPECT_TRUE(service_.Load(version.contract).ok());
  ASSERT_TRUE(tamper("UPDATE performance.contract_version SET effective_from = '2025-01-01'").ok());
  EXPECT_EQ(service_.Load(version.contract).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ContractServiceTest, TheDatabaseKeepsWhatWasSigned) {
  const ContractVersion version = MakeActive();
  const std::string update = "UPDATE performance.contract_version SET comment = 'x'";
  EXPECT_FALSE(database_
                   .Transact([&](pg::Transaction& tx) -> Status {
                     tx.RunScript(update);
                     return OkStatus();
                   })
                   .ok());
  // Another payer sees nothing of it.
  const PayerId other = db_.NewPayer("Other plan");
  ContractService foreign(db_.App().ForPayer(other), other, db_.Clock(), db_.Ids(), funding_);
  EXPECT_EQ(foreign.Load(version.contract).status().code(), absl::StatusCode::kNotFound);
}

// feature:C01
TEST_F(ContractServiceTest, AContractFromATemplateIsPreFilledAndKnowsItsTemplate) {
  const ContractVersion source = MakeModel();
  const std::vector<TemplateParameter> parameters = {
      {.name = "share",
       .label = "share when quality is met",
       .path = "components[3].rate.cases[0].fixed_millionths",
       .kind = ParameterKind::kRate,
       .least = "25 %",
       .most = "75 %"}};
  const auto saved =
      service_.SaveTemplate(source.contract, 1, "Two-sided", parameters, {kAnn, "for the library"});
  ASSERT_TRUE(saved.ok()) << saved.status();
  const auto child = service_.CreateFromTemplate({.contract = NextContract(),
                                                  .effective = DateRange::Year(2026),
                                                  .made_from = {saved->ref.id, 0}},
                                                 {kBob, "from the library"});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->terms, source.terms);
  // The template goes on; the child names the version it was made from.
  const auto again =
      service_.SaveTemplate(source.contract, 1, "Two-sided", parameters, {kAnn, "again"});
  EXPECT_EQ(again.value().ref.version, 2);
  const ContractVersion loaded = service_.Load(child->contract).value().version;
  EXPECT_EQ(loaded.made_from, (TemplateRef{saved->ref.id, 1}));
  EXPECT_EQ(loaded.terms, source.terms);
  const auto filled = service_.CreateFromTemplate({.contract = NextContract(),
                                                   .effective = DateRange::Year(2026),
                                                   .made_from = again->ref,
                                                   .values = {{"share", "60 %"}}},
                                                  {kBob, "sixty"});
  ASSERT_TRUE(filled.ok()) << filled.status();
  EXPECT_EQ(filled->parameters, "share=60 %\n");
  EXPECT_THAT(CompareTerms(TermsToTree(source.terms), TermsToTree(filled->terms)), SizeIs(1));
  EXPECT_EQ(service_.Template({saved->ref.id, 1}).value(), *saved);
  const auto library = service_.Templates().value();
  ASSERT_THAT(library, SizeIs(1));
  EXPECT_EQ(library[0].newest, 2);
}

// feature:C10
TEST_F(ContractServiceTest, TheRedlineOfTwoVersionsNamesWhoMadeEachChange) {
  const ContractVersion first = MakeModel();
  Terms terms = first.terms;
  terms.title = "Renamed";
  ASSERT_TRUE(service_.Edit(first.contract, first.effective, terms, {kBob, "better name"}).ok());
  terms.operations->funding_pool = "Other pool";
  ASSERT_TRUE(service_.Edit(first.contract, first.effective, terms, {kCat, "other pool"}).ok());
  const auto changes = service_.RedlineOf(first.contract, 1, 3);
  ASSERT_TRUE(changes.ok()) << changes.status();
  ASSERT_THAT(*changes, SizeIs(2));
  EXPECT_EQ((*changes)[0].path, "title");
  EXPECT_EQ((*changes)[0].author, kBob);
  EXPECT_EQ((*changes)[1].comment, "other pool");
  EXPECT_FALSE(service_.RedlineOf(first.contract, 2, 2).ok());
  EXPECT_EQ(service_.RedlineOf(first.contract, 1, 9).status().code(), absl::StatusCode::kNotFound);
}

// feature:C28
TEST_F(ContractServiceTest, AnEndedContractCalculatesToZeroWithTheReason) {
  const ContractVersion version = MakeActive();
  RecordYear(version.contract, 2026);
  ASSERT_EQ(Settle(2026).amount.Cents(), 50'000'00);
  ASSERT_TRUE(MoveTo(version, kEnded, MakeDate(2026, 7, 1)).ok());
  EXPECT_EQ(Settle(2026).amount.Cents(), 50'000'00);  // in force on a part of the year
  const StoredAward later = Settle(2027);
  EXPECT_EQ(later.zero_reason, ReasonCode::kContractNotInForce);
  EXPECT_EQ(later.zero_detail, "ended as of 2026-07-01");
}

TEST_F(ContractServiceTest, AReopenedContractIsInForceAgain) {
  const ContractVersion version = MakeActive();
  RecordYear(version.contract, 2026);
  ASSERT_TRUE(MoveTo(version, kSettled, MakeDate(2026, 1, 1)).ok());
  EXPECT_EQ(Settle(2026).zero_reason, ReasonCode::kContractNotInForce);
  ASSERT_TRUE(MoveTo(version, kActive).ok());
  const StoredAward again = Settle(2026);
  EXPECT_EQ(again.amount.Cents(), 50'000'00);
  EXPECT_EQ(again.version, 2);
}

TEST_F(ContractServiceTest, AContractMadeDirectlyNeedsNoLifeCycle) {
  const Contract contract = NextContract();
  ASSERT_TRUE(programs_.CreateContracts({&contract, 1}).ok());
  Terms terms = SavingsContract();
  terms.operations.reset();
  const NewTerms added{
      .contract = contract.id, .effective = DateRange::From(MakeDate(2026, 1, 1)), .terms = terms};
  ASSERT_TRUE(programs_.AddTerms({&added, 1}).ok());
  RecordYear(contract.id, 2026);
  EXPECT_EQ(Settle(2026).amount.Cents(), 50'000'00);
  EXPECT_THAT(StatusMessage(service_.Load(contract.id).status()), HasSubstr("no life cycle"));
}

TEST_F(ContractServiceTest, AnAmendmentReplacesTheActiveVersionWhenItIsActiveItself) {
  const ContractVersion first = MakeActive();
  RecordYear(first.contract, 2026);
  Terms terms = first.terms;
  std::get<RateComponent>(terms.components[3].rule).cases[0].rule =
      FixedRate{Rate::FromPercent(60)};
  Tick();
  const ContractVersion second =
      service_.Edit(first.contract, first.effective, terms, {kAnn, "sixty"}).value();
  EXPECT_EQ(service_.Load(first.contract, 1).value().state, kActive);
  EXPECT_EQ(Settle(2026).amount.Cents(), 50'000'00);
  BringToSigned(second);
  const Status active = Activate(second);
  ASSERT_TRUE(active.ok()) << active;
  EXPECT_EQ(service_.Load(first.contract, 1).value().state, kSuperseded);
  EXPECT_EQ(Settle(2026).amount.Cents(), 60'000'00);
}

// feature:R04
TEST_F(ContractServiceTest, ApprovalShowsThePhysicianIncentivePlan) {
  const ContractVersion version = MakeModel();
  ASSERT_TRUE(MoveTo(version, kDraft).ok());
  ASSERT_TRUE(service_.Submit(version.contract, 1, kAnn, "ready", std::vector{kBob, kCat}).ok());
  IncentivePlan plan{.referral_at_risk = Money::FromCents(25'000'00),
                     .potential_payment = Money::FromCents(100'000'00),
                     .panel_members = 800};
  ApprovalRequest request{.contract = version.contract,
                          .version = 1,
                          .actor = kBob,
                          .seen = version.sha256,
                          .incentive_plan = plan};
  // Exactly 25 % is not substantial.
  const auto quiet = service_.Approve(request);
  ASSERT_TRUE(quiet.ok()) << quiet.status();
  EXPECT_EQ(quiet->warnings, "");
  request.actor = kCat;
  request.incentive_plan->referral_at_risk = Money::FromCents(25'000'01);
  const auto warned = service_.Approve(request);
  ASSERT_TRUE(warned.ok()) << warned.status();
  EXPECT_THAT(warned->warnings, AllOf(HasSubstr("25 %"), HasSubstr("422.208")));
  EXPECT_EQ(warned->state, kApproved);
  EXPECT_EQ(service_.Load(version.contract).value().approval->approvals[1].warnings,
            warned->warnings);
}

// feature:C27 feature:C21
TEST_F(ContractServiceTest, DatesAreListedDoneAndOverdueAndDeliveriesBecomeFacts) {
  const ContractVersion version = MakeActive();
  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 4, 20)));
  const auto names = [&] {
    std::vector<std::string> lines;
    const std::vector<CalendarItem> items = service_.Overdue(version.contract).value();
    for (const CalendarItem& item : items) {
      lines.push_back(FormatDate(item.due) + " " + item.name);
    }
    return lines;
  };
  EXPECT_THAT(names(), ElementsAre("2026-01-15 quarterly advance", "2026-02-10 attribution audit",
                                   "2026-03-10 attribution audit", "2026-04-10 attribution audit",
                                   "2026-04-15 quarterly advance"));
  const DateDone done{"quarterly advance", MakeDate(2026, 1, 1), MakeDate(2026, 1, 16)};
  ASSERT_TRUE(service_.MarkDone(version.contract, done, kBob, "paid").ok());
  EXPECT_THAT(names(), SizeIs(4));
  EXPECT_EQ(service_.MarkDone(version.contract, done, kBob, "paid").code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(service_.MarkDone(version.contract, {"tea", MakeDate(2026, 1, 1), {}}, kBob, "").code(),
            absl::StatusCode::kNotFound);

  const auto assessed = service_.RecordDeliveries(version.contract, DateRange::Year(2026), {});
  ASSERT_TRUE(assessed.ok()) << assessed.status();
  EXPECT_THAT(assessed->late, SizeIs(2));  // January and February are missing, March is due today
  Tick();
  FactSet set{.contract = version.contract, .period = DateRange::Year(2026)};
  set.facts.SetAmount("benchmark", Money::FromCents(1'000'000'00));
  set.facts.SetAmount("expenditure", Money::FromCents(1'100'000'00));
  set.facts.SetFlag("quality_met", true);
  ASSERT_TRUE(programs_.RecordFacts({&set, 1}, "test").ok());
  const StoredAward award = Settle(2026);
  EXPECT_EQ(award.amount.Cents(), 0);
  EXPECT_THAT(award.explanation, HasSubstr("claims for 2026-01-01 to 2026-01-31"));
}

}  // namespace
}  // namespace sluice::performance
