// Lists, answers, audits and disputes on a real database: the life of a list over two versions.
#include "performance/attribution/attribution_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hierarchy/hierarchy_service.h"
#include "performance/attribution/dispute_service.h"
#include "performance/attribution/method_codec.h"
#include "performance/members/member_store.h"
#include "tests/performance/attribution/attribution_samples.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using hierarchy::IdentifierType;
using hierarchy::PartyKind;
using testing::CoveredMember;
using testing::Day2026;
using testing::kNpiA;
using testing::kNpiB;
using testing::kNpiC;
using testing::kNpiD;
using testing::PluralityMethod;
using testing::Visit;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const DateRange kYear = DateRange::Year(2026);

// Whom the hierarchy knows. C (33) left practice 21 at the end of May.
hierarchy::ChangeSet StoredNetwork() {
  hierarchy::ChangeSet change;
  const DateRange valid = DateRange::From(MakeDate(2020, 1, 1));
  const auto add = [&](std::int64_t id, PartyKind kind, IdentifierType type,
                       const std::string& number) {
    const std::vector<hierarchy::Identifier> numbers = {
        {type, type == IdentifierType::kPayerAssigned ? "aco" : "", number}};
    change.AddParty({.id = PartyId(id), .kind = kind}, "P " + number, valid.from, numbers);
  };
  add(10, PartyKind::kAco, IdentifierType::kPayerAssigned, "A10");
  add(11, PartyKind::kAco, IdentifierType::kPayerAssigned, "A11");
  add(21, PartyKind::kPractice, IdentifierType::kTin, "111111111");
  add(23, PartyKind::kPractice, IdentifierType::kTin, "333333333");
  add(31, PartyKind::kProvider, IdentifierType::kNpi, kNpiA);
  add(32, PartyKind::kProvider, IdentifierType::kNpi, kNpiB);
  add(33, PartyKind::kProvider, IdentifierType::kNpi, kNpiC);
  add(34, PartyKind::kProvider, IdentifierType::kNpi, kNpiD);
  change.AddAffiliation(PartyId(10), PartyId(21), "participant", valid);
  change.AddAffiliation(PartyId(21), PartyId(31), "physician", valid);
  change.AddAffiliation(PartyId(21), PartyId(32), "physician", valid);
  change.AddAffiliation(PartyId(21), PartyId(33), "physician",
                        DateRange::Between(valid.from, Day2026(6, 1)));
  change.AddAffiliation(PartyId(23), PartyId(34), "physician", valid);
  return change;
}

// ACO 10 with practice 21, where A (31) and B (32) work; D (34) is in practice 23, outside.
hierarchy::HierarchySnapshot Network() {
  using Party = hierarchy::SnapshotParty;
  const DateRange valid = DateRange::From(MakeDate(2020, 1, 1));
  const auto person = [](std::int64_t id, const std::string& npi) {
    return Party{PartyId(id), PartyKind::kProvider, "Dr " + npi, {{IdentifierType::kNpi, "", npi}}};
  };
  const auto practice = [](std::int64_t id, const std::string& tin) {
    return Party{PartyId(id), PartyKind::kPractice, "P " + tin, {{IdentifierType::kTin, "", tin}}};
  };
  return *hierarchy::HierarchySnapshot::Make(
      {.as_of = Day2026(12, 31), .version = 1},
      {Party{PartyId(10), PartyKind::kAco, "ACO", {}}, practice(21, "111111111"),
       practice(23, "333333333"), person(31, kNpiA), person(32, kNpiB), person(34, kNpiD)},
      {{PartyId(10), PartyId(21), "participant", valid},
       {PartyId(21), PartyId(31), "physician", valid},
       {PartyId(21), PartyId(32), "physician", valid},
       {PartyId(23), PartyId(34), "physician", valid}});
}

class AttributionServiceTest : public ::testing::Test {
 protected:
  AttributionServiceTest()
      : payer_(db_.NewPayer("Plan")),
        database_(db_.App().ForPayer(payer_)),
        service_(database_, db_.Clock(), db_.Ids()),
        disputes_(database_, db_.Clock(), db_.Ids()),
        program_(db_.Ids().Next<ProgramTag>()),
        contract_(db_.Ids().Next<ContractTag>()) {}

  void SetUp() override {
    Script(fmt::format(
        "INSERT INTO performance.program VALUES ({0}, {1}, 'P', 'ssl', '3B', {2}, '2026-01-01');"
        "INSERT INTO performance.contract VALUES ({3}, {1}, {0}, 10, '2025-01-01', NULL)",
        program_.Value(), payer_.Value(), db_.Ids().NextValue(), contract_.Value()));
    const hierarchy::HierarchyService hierarchies(database_, db_.Clock());
    const auto stored = hierarchies.Apply(payer_, StoredNetwork(), {.source = "test"});
    ASSERT_TRUE(stored.ok()) << stored.status();
    // 1 and 2 see A, 3 sees B, 4 sees D outside, 5 nobody.
    Put(1, {Visit(kNpiA, Day2026(2, 1), 10'000)});
    Put(2, {Visit(kNpiA, Day2026(2, 2), 20'000)});
    Put(3, {Visit(kNpiB, Day2026(2, 3), 30'000)});
    Put(4, {Visit(kNpiD, Day2026(2, 4), 40'000)});
    Put(5, {});
    Later();
    const auto version = service_.SetMethod(contract_, DateRange::From(MakeDate(2025, 1, 1)),
                                            PluralityMethod(), {}, "anna");
    ASSERT_TRUE(version.ok()) << version.status();
  }

  void Later(std::int64_t seconds = 1) { db_.Clock().AdvanceMicros(seconds * 1'000'000); }

  void Script(const std::string& sql) {
    const Status status = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.RunScript(sql);
      return OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  void Put(std::int64_t id, std::vector<MedicalClaimLine> claims) {
    Later();
    const Recording recording{payer_, db_.Clock().Now(), db_.Ids().NextValue()};
    for (MedicalClaimLine& line : claims) {
      line.member_id = id;
      line.claim_number += "-" + std::to_string(id);
      line.paid = line.allowed;
    }
    const MemberRecord member = CoveredMember(id, kYear);
    const Status status = database_.Transact([&](pg::Transaction& tx) -> Status {
      AddMembers(tx, recording, std::vector{member.member});
      AddCoverage(tx, recording, member.coverage);
      AddMedicalClaims(tx, recording, claims);
      return OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  PreparedList Prepare() {
    Later();
    const auto prepared = service_.PrepareList(
        {.contract = contract_, .period = kYear, .known_at = std::nullopt, .actor = "anna"},
        network_);
    EXPECT_TRUE(prepared.ok()) << prepared.status();
    return prepared.value_or(PreparedList{});
  }

  AttributionList PublishIt() {
    Later();
    const auto list = service_.PublishList(contract_, kYear.from, "anna");
    EXPECT_TRUE(list.ok()) << list.status();
    return list.value_or(AttributionList{});
  }

  void MakeFinal() {
    Prepare();
    PublishIt();
    PublishIt();
  }

  static std::string TypesOf(const AttributionList& list) {
    std::string text;
    for (const ListEntry& entry : list.entries) {
      text += fmt::format("{}:{} ", entry.member_id, ChangeTypeName(entry.change));
    }
    return text;
  }

  StatusOr<Dispute> Act(DisputeId id, DisputeEvent event) {
    Later();
    return disputes_.Act(contract_, id,
                         {.event = event,
                          .at = {},
                          .actor = "bob",
                          .reason = "the chart says so",
                          .rule = "2.1",
                          .owner = "carl",
                          .due = Day2026(11, 1),
                          .evidence = {}});
  }

  // Drafted, filed, assigned and accepted.
  DisputeId Accepted(DisputeOperation operation, const ListEntry& entry) {
    Later();
    const auto drafted = disputes_.Draft(
        contract_, kYear.from,
        {{.operation = operation, .entry = entry, .reason_code = "not_my_patient"}}, "portal:aco");
    EXPECT_TRUE(drafted.ok()) << drafted.status();
    if (!drafted.ok()) return {};
    for (const DisputeEvent event :
         {DisputeEvent::kFile, DisputeEvent::kAssign, DisputeEvent::kAccept}) {
      const auto dispute = Act(drafted->front(), event);
      EXPECT_TRUE(dispute.ok()) << dispute.status();
    }
    return drafted->front();
  }

  // An entry of the whole year at practice 21.
  static ListEntry At21(std::int64_t member, std::optional<PartyId> provider) {
    return {.member_id = member,
            .plan = "gold",
            .attributed = kYear,
            .provider = provider,
            .practice = PartyId(21),
            .location = std::nullopt,
            .basis = {},
            .dispute = std::nullopt};
  }

  ListEntry EntryOf(std::int64_t member) {
    return *service_.List(contract_, kYear.from).value().list.Find(
        {member, "gold", kYear.from});
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database database_;
  AttributionService service_;
  DisputeService disputes_;
  ProgramId program_;
  ContractId contract_;
  hierarchy::HierarchySnapshot network_ = Network();
};

TEST_F(AttributionServiceTest, ListIsMadeOfTheMembersUnderTheContract) {
  std::int64_t rows = 0;
  Later();
  const auto prepared = service_.PrepareList({.contract = contract_,
                                              .period = kYear,
                                              .known_at = std::nullopt,
                                              .actor = "anna",
                                              .on_row = [&](const auto&, const auto&) -> Status {
                                                ++rows;
                                                return OkStatus();
                                              }},
                                             network_);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(rows, 60);  // every member-month
  EXPECT_EQ(TypesOf(prepared->list), "1:new 2:new 3:new ");
  EXPECT_EQ(prepared->members_elsewhere, 1);
  EXPECT_EQ(prepared->unattributed, (UnattributedCounts{{"NO_CLAIMS", {1, 12}}}));
  const auto stored = service_.List(contract_, kYear.from);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->list, prepared->list);
  EXPECT_EQ(stored->origin.method_sha256, HashMethod(PluralityMethod()));
  EXPECT_EQ(service_.Unattributed(contract_, kYear.from, 1).value(), prepared->unattributed);
  EXPECT_EQ(service_
                .PrepareList({.contract = contract_,
                              .period = kYear,
                              .known_at = std::nullopt,
                              .actor = "anna"},
                             network_)
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(AttributionServiceTest, EachStateOfAListCanBeAskedForAgain) {
  const AttributionList draft = Prepare().list;
  const Instant drafted = db_.Clock().Now();
  Later();
  const auto removed =
      service_.Remove(contract_, kYear.from, {2, "gold", kYear.from}, "anna");
  ASSERT_TRUE(removed.ok()) << removed.status();
  EXPECT_EQ(TypesOf(*removed), "1:new 2:cancelled 3:new ");
  const AttributionList open = PublishIt();
  const Instant opened = db_.Clock().Now();
  const AttributionList final_list = PublishIt();
  EXPECT_EQ(TypesOf(final_list), "1:new 3:new ");
  EXPECT_EQ(service_.List(contract_, kYear.from).value().list, final_list);
  EXPECT_EQ(service_.List(contract_, kYear.from, 1, opened).value().list, open);
  EXPECT_EQ(service_.List(contract_, kYear.from, 1, drafted).value().list, draft);
  EXPECT_EQ(service_.Add(contract_, kYear.from, draft.entries[1], "anna").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(service_.PublishList(contract_, kYear.from, "anna").ok());
}

// feature:A02
TEST_F(AttributionServiceTest, TimingOfTheMethodChangesWhoIsOnTheList) {
  AttributionMethod method = PluralityMethod();
  method.timing = AttributionTiming::kProspective;
  Later();
  ASSERT_TRUE(
      service_.SetMethod(contract_, DateRange::From(Day2026(1, 1)), method, {}, "anna").ok());
  EXPECT_EQ(TypesOf(Prepare().list), "");  // nobody was seen before the year
}

// feature:A08
TEST_F(AttributionServiceTest, AcceptRejectFileMakesARoundTrip) {
  Prepare();
  PublishIt();
  const auto exported = service_.ExportCsv(contract_, kYear.from, network_);
  ASSERT_TRUE(exported.ok()) << exported.status();
  std::string text = *exported;
  EXPECT_THAT(text, HasSubstr(",M1,gold,2026-01-01,2026-12-31,1003000126,111111111,new,false,"
                              "plurality_of_dollars,,\n"));
  const auto answer = [&](const std::string& member, const std::string& cells) {
    const std::size_t end = text.find("\n", text.find("," + member + ","));
    text.replace(end - 1, 1, cells);
  };
  answer("M1", "accept,");
  answer("M2", "reject,\"moved, to Ohio\"");
  Later();
  const auto read = service_.ImportResponses(contract_, kYear.from, text, "answers.csv", "aco");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->issues, IsEmpty());
  EXPECT_EQ(read->unanswered, 1);
  EXPECT_EQ(service_.ExportCsv(contract_, kYear.from, network_).value(), text);
  // The other side's file again is the same answer.
  Later();
  ASSERT_TRUE(service_.ImportResponses(contract_, kYear.from, text, "answers.csv", "aco").ok());
  EXPECT_EQ(service_.ExportCsv(contract_, kYear.from, network_).value(), text);
}

TEST_F(AttributionServiceTest, AnswersWithAFaultAreStoredNotAtAll) {
  Prepare();
  PublishIt();
  const std::string before = service_.ExportCsv(contract_, kYear.from, network_).value();
  const auto with = [&](const std::string& member, const std::string& cells) {
    std::string text = before;
    const std::size_t first = text.find("," + member + ",");
    const std::size_t end = text.find("\n", first);
    text.replace(end - 1, 1, cells);
    return text;
  };
  std::string stranger = with("M1", "accept,");
  stranger.replace(stranger.find(",M1,"), 4, ",M9,");
  std::string other_version = with("M1", "accept,");
  other_version.replace(other_version.find(",1,open"), 7, ",2,open");
  for (const std::string& text :
       {with("M1", "maybe,"), with("M1", "reject,"), stranger, other_version}) {
    Later();
    const auto read = service_.ImportResponses(contract_, kYear.from, text, "answers.csv", "aco");
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_THAT(read->issues, SizeIs(1));
    EXPECT_EQ(read->issues[0].row, 2);
    EXPECT_EQ(service_.ExportCsv(contract_, kYear.from, network_).value(), before);
  }
}

// feature:A03 feature:A06 feature:H10
TEST_F(AttributionServiceTest, AuditComparesTheVersions) {
  MakeFinal();
  Put(2, {Visit(kNpiD, Day2026(3, 2), 90'000)});  // moves outside
  Put(5, {Visit(kNpiA, Day2026(3, 3), 50'000)});  // is new
  EXPECT_EQ(TypesOf(Prepare().list), "1:nochange 2:dropped 3:nochange 5:new ");
  Later();
  const auto result = service_.Audit(contract_, kYear.from, Month(2026, 6), network_,
                                     {{PartyId(21), Day2026(6, 15)}}, "job");
  ASSERT_TRUE(result.ok()) << result.status();
  std::string text;
  for (const Finding& finding : result->findings) {
    text += fmt::format("{}:{} ", finding.member_id, FindingKindName(finding.kind));
  }
  EXPECT_EQ(text, "5:added 2:dropped 1:closed_location 3:closed_location 5:closed_location ");
  // July 2025 to June 2026: six covered months each. Before: 100 + 200 + 900 + 300 over 18 months;
  // after: 100 + 300 + 500 over 18.
  EXPECT_EQ(result->erosion.effect->ToFractionString(),
            (Exact(Money::FromCents(90'000 - 150'000)) * Ratio(1, 18)).ToFractionString());
  const auto stored = database_.Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<Finding>> {
        return ReadFindings(tx, ReadList(tx, contract_, kYear.from, 2, db_.Clock().Now())->list,
                            Month(2026, 6));
      });
  EXPECT_EQ(*stored, result->findings);
  const auto audits = service_.Audits(contract_, kYear.from);
  ASSERT_TRUE(audits.ok()) << audits.status();
  ASSERT_THAT(*audits, SizeIs(1));
  EXPECT_EQ(audits->at(0).month, Month(2026, 6));
  EXPECT_EQ(audits->at(0).findings, 5);
  EXPECT_EQ(audits->at(0).erosion.effect, result->erosion.effect);
  EXPECT_EQ(audits->at(0).erosion.from_dropped, result->erosion.from_dropped);
  // The clinic stays open after all: the newest run finds less, and is what counts.
  Later();
  ASSERT_TRUE(
      service_.Audit(contract_, kYear.from, Month(2026, 6), network_, {}, "job").ok());
  EXPECT_EQ(service_.Audits(contract_, kYear.from).value().at(0).findings, 2);
}

// feature:A04
TEST_F(AttributionServiceTest, AcceptedDisputeLandsInTheNextVersionAndNamesItsCalculations) {
  EXPECT_FALSE(disputes_.Draft(contract_, kYear.from, {}, "portal:aco").ok());
  MakeFinal();
  Later();
  const auto drafted = disputes_.Draft(
      contract_, kYear.from,
      {{.operation = DisputeOperation::kRemove,
        .entry = EntryOf(1),
        .reason_code = "not_my_patient",
        .evidence = {{"chart", "doc-1", Sha256(AsBytes("one"))}},
        .provisional_effect = Money::FromCents(-12'345)},
       {.operation = DisputeOperation::kRemove, .entry = EntryOf(2), .reason_code = "moved"}},
      "portal:aco");
  ASSERT_TRUE(drafted.ok()) << drafted.status();
  const DisputeId first = drafted->at(0), second = drafted->at(1);
  for (const DisputeId id : *drafted) {
    ASSERT_TRUE(Act(id, DisputeEvent::kFile).ok());
    ASSERT_TRUE(Act(id, DisputeEvent::kAssign).ok());
  }
  ASSERT_TRUE(Act(first, DisputeEvent::kAccept).ok());
  ASSERT_TRUE(Act(second, DisputeEvent::kReject).ok());
  EXPECT_EQ(Act(second, DisputeEvent::kAccept).status().code(),
            absl::StatusCode::kFailedPrecondition);

  EXPECT_EQ(TypesOf(Prepare().list), "1:dropped 2:nochange 3:nochange ");
  EXPECT_EQ(disputes_.Find(contract_, first).value().state, DisputeState::kAccepted);
  PublishIt();
  const Dispute applied = disputes_.Find(contract_, first).value();
  EXPECT_EQ(applied.state, DisputeState::kApplied);
  EXPECT_EQ(applied.applied_in_version, 2);
  EXPECT_EQ(applied.evidence, (std::vector<Evidence>{{"chart", "doc-1", Sha256(AsBytes("one"))}}));
  EXPECT_EQ(applied.provisional_effect, Money::FromCents(-12'345));
  ASSERT_THAT(applied.history, SizeIs(4));
  EXPECT_EQ(applied.history[2].actor, "bob");
  EXPECT_EQ(applied.history[3].actor, "anna");
  EXPECT_LT(applied.history[2].at, applied.history[3].at);
  EXPECT_THAT(disputes_.All(contract_, kYear.from).value(), SizeIs(2));

  // The calculations of 2026, and the award version that came of it, asked from both sides.
  const std::string zeros(64, '0');
  for (const auto& [award, from, to] :
       {std::tuple(901, "2025-01-01", "2026-01-01"), std::tuple(902, "2026-01-01", "2027-01-01")}) {
    Script(fmt::format(
        "INSERT INTO performance.award VALUES ({0}, {1}, 1, {2}, 10, '{3}', '{4}', '{4}', 'ssl', 0,"
        " 100, 0, NULL, 0, 0, 0, 100, 100, NULL, '', NULL, NULL, '', '', '', NULL, '\\x{5}',"
        " '\\x{5}', '\\x{5}', '\\x{5}', '{4}', 1, '2026-01-01', '2026-01-01')",
        contract_.Value(), award, program_.Value(), from, to, zeros));
  }
  const auto affected = disputes_.Affected(contract_, *drafted);
  ASSERT_TRUE(affected.ok()) << affected.status();
  EXPECT_THAT(*affected, ElementsAre(AffectedCalculation{.contract = contract_,
                                                         .program = program_,
                                                         .period = kYear,
                                                         .award = AwardId(902),
                                                         .version = 1}));
  const AwardVersion award{AwardId(902), 1};
  ASSERT_TRUE(disputes_.LinkToAward(contract_, {first}, award).ok());
  ASSERT_TRUE(disputes_.LinkToAward(contract_, {first}, award).ok());
  EXPECT_THAT(disputes_.AwardsOfDispute(contract_, first).value(), ElementsAre(award));
  EXPECT_THAT(disputes_.DisputesOfAward(contract_, award).value(), ElementsAre(first));
}

// feature:A04 feature:A03
TEST_F(AttributionServiceTest, AcceptedDisputeHoldsInEveryLaterVersion) {
  MakeFinal();
  const ListEntry mine = EntryOf(1);
  const DisputeId removal = Accepted(DisputeOperation::kRemove, mine);
  MakeFinal();  // version 2
  EXPECT_EQ(disputes_.Find(contract_, removal).value().applied_in_version, 2);
  EXPECT_EQ(TypesOf(service_.List(contract_, kYear.from).value().list), "2:nochange 3:nochange ");

  // Version 3, with more claims that say the same: the removed member stays removed.
  Put(1, {Visit(kNpiA, Day2026(3, 1), 50'000)});
  EXPECT_EQ(TypesOf(Prepare().list), "2:nochange 3:nochange ");
  Later();
  const auto audit =
      service_.Audit(contract_, kYear.from, Month(2026, 6), network_, {}, "job");
  ASSERT_TRUE(audit.ok()) << audit.status();
  EXPECT_THAT(audit->findings, IsEmpty());
  PublishIt();
  PublishIt();
  // Claims that now point to another provider of the contract do not bring the member back either.
  Put(1, {Visit(kNpiB, Day2026(4, 1), 900'000)});
  MakeFinal();
  EXPECT_EQ(TypesOf(service_.List(contract_, kYear.from).value().list), "2:nochange 3:nochange ");

  // A later dispute does, and it holds too, from the version after its own on.
  const DisputeId addition = Accepted(DisputeOperation::kAdd, At21(1, PartyId(32)));
  for (const char* types : {"1:new 2:nochange 3:nochange ", "1:nochange 2:nochange 3:nochange "}) {
    MakeFinal();
    EXPECT_EQ(TypesOf(service_.List(contract_, kYear.from).value().list), types);
    EXPECT_EQ(EntryOf(1).provider, PartyId(32));
    EXPECT_EQ(EntryOf(1).dispute, addition);
  }
}

// feature:A04
TEST_F(AttributionServiceTest, DisputeAcceptedWhileTheNextVersionIsADraftOpensWithIt) {
  MakeFinal();
  Later();
  const auto drafted = disputes_.Draft(
      contract_, kYear.from,
      {{.operation = DisputeOperation::kRemove, .entry = EntryOf(1), .reason_code = "moved"}},
      "portal:aco");
  ASSERT_TRUE(drafted.ok()) << drafted.status();
  EXPECT_EQ(TypesOf(Prepare().list), "1:nochange 2:nochange 3:nochange ");
  for (const DisputeEvent event :
       {DisputeEvent::kFile, DisputeEvent::kAssign, DisputeEvent::kAccept}) {
    ASSERT_TRUE(Act(drafted->front(), event).ok());
  }
  EXPECT_EQ(TypesOf(PublishIt()), "1:dropped 2:nochange 3:nochange ");
  EXPECT_EQ(disputes_.Find(contract_, drafted->front()).value().applied_in_version, 2);
}

// feature:A03
TEST_F(AttributionServiceTest, WhatIsPutInOrTakenOutByHandHoldsInEveryLaterVersion) {
  Prepare();
  PublishIt();
  Later();
  ASSERT_TRUE(service_.Remove(contract_, kYear.from, {2, "gold", kYear.from}, "anna").ok());
  Later();
  const auto added = service_.Add(contract_, kYear.from, At21(5, PartyId(31)), "anna");
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(TypesOf(*added), "1:new 3:new 5:new ");
  PublishIt();
  for (int version = 2; version <= 3; ++version) {
    MakeFinal();
    const AttributionList list = service_.List(contract_, kYear.from).value().list;
    EXPECT_EQ(list.version, version);
    EXPECT_EQ(TypesOf(list), "1:nochange 3:nochange 5:nochange ");
    EXPECT_EQ(EntryOf(5).basis, "added");
  }
}

// feature:A04
TEST_F(AttributionServiceTest, NobodyIsPutUnderAnAffiliationThatHasEnded) {
  Prepare();
  PublishIt();
  const auto add = [&](const ListEntry& entry) {
    Later();
    return service_.Add(contract_, kYear.from, entry, "anna").status();
  };
  // C left the practice on June 1; today is in October.
  EXPECT_EQ(add(At21(5, PartyId(33))).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(add(At21(5, PartyId(33)))), HasSubstr("ended or not begun"));
  ListEntry until_june = At21(5, PartyId(33));
  until_june.attributed = {Day2026(1, 1), Day2026(6, 1)};
  ListEntry from_june = At21(5, PartyId(33));
  from_june.attributed = {Day2026(6, 1), Day2026(7, 1)};
  EXPECT_THAT(StatusMessage(add(from_june)), HasSubstr("2026-06-01"));
  ListEntry elsewhere = At21(5, PartyId(34));
  elsewhere.practice = PartyId(23);  // never under the contract
  EXPECT_EQ(add(elsewhere).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(TypesOf(service_.List(contract_, kYear.from).value().list), "1:new 2:new 3:new ");
  EXPECT_TRUE(add(until_june).ok());
  PublishIt();

  const auto draft = [&](const ListEntry& entry) {
    Later();
    return disputes_.Draft(
        contract_, kYear.from,
        {{.operation = DisputeOperation::kChange, .entry = entry, .reason_code = "moved"}},
        "portal:aco");
  };
  EXPECT_EQ(draft(At21(1, PartyId(33))).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(disputes_.All(contract_, kYear.from).value(), IsEmpty());
  // The affiliation ends between filing and decision: then it cannot be accepted any more.
  const auto drafted = draft(At21(1, PartyId(32)));
  ASSERT_TRUE(drafted.ok()) << drafted.status();
  ASSERT_TRUE(Act(drafted->front(), DisputeEvent::kFile).ok());
  ASSERT_TRUE(Act(drafted->front(), DisputeEvent::kAssign).ok());
  hierarchy::ChangeSet change;
  change.AddAffiliation(PartyId(21), PartyId(32), "physician",
                        DateRange::Between(MakeDate(2020, 1, 1), Day2026(8, 1)));
  const hierarchy::HierarchyService hierarchies(database_, db_.Clock());
  const auto ended = hierarchies.Apply(payer_, change, {.source = "test"});
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(Act(drafted->front(), DisputeEvent::kAccept).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(disputes_.Find(contract_, drafted->front()).value().state,
            DisputeState::kUnderReview);
}

// feature:A04
TEST_F(AttributionServiceTest, ClockRunsForTheWholeList) {
  Later();
  ASSERT_TRUE(service_
                  .SetMethod(contract_, DateRange::From(MakeDate(2025, 1, 1)), PluralityMethod(),
                             {.filing_days = 60, .decision_days = 10, .silence_accepts = true},
                             "anna")
                  .ok());
  MakeFinal();
  const auto drafted = disputes_.Draft(
      contract_, kYear.from,
      {{.operation = DisputeOperation::kRemove, .entry = EntryOf(1), .reason_code = "moved"},
       {.operation = DisputeOperation::kRemove, .entry = EntryOf(2), .reason_code = "moved"}},
      "portal:aco");
  ASSERT_TRUE(drafted.ok()) << drafted.status();
  for (const DisputeId id : *drafted) {
    ASSERT_TRUE(Act(id, DisputeEvent::kFile).ok());
    ASSERT_TRUE(Act(id, DisputeEvent::kAssign).ok());
  }
  ASSERT_TRUE(Act(drafted->at(1), DisputeEvent::kAsk).ok());
  Later(11 * 86'400);
  EXPECT_THAT(disputes_.RunClock(contract_, kYear.from).value(), ElementsAre(drafted->at(0)));
  EXPECT_EQ(disputes_.Find(contract_, drafted->at(0)).value().state, DisputeState::kAccepted);
  EXPECT_EQ(disputes_.Find(contract_, drafted->at(1)).value().state,
            DisputeState::kInfoRequested);
  // Answered, it has nearly ten days again; a rejection after them comes too late.
  ASSERT_TRUE(Act(drafted->at(1), DisputeEvent::kAnswer).ok());
  Later(10 * 86'400);
  EXPECT_FALSE(Act(drafted->at(1), DisputeEvent::kReject).ok());
  EXPECT_EQ(disputes_.Find(contract_, drafted->at(1)).value().state, DisputeState::kAccepted);
}

// What belongs to nobody stays, labelled; and each row of a version can be asked for again.
TEST_F(AttributionServiceTest, EveryMemberOfAVersionCanBeExplainedLater) {
  MakeFinal();
  const auto nobody = service_.UnattributedMembers(contract_, kYear.from, 1);
  ASSERT_TRUE(nobody.ok()) << nobody.status();
  ASSERT_THAT(*nobody, SizeIs(1));
  EXPECT_EQ(nobody->at(0).member_id, 5);
  EXPECT_EQ(nobody->at(0).months, kYear);
  EXPECT_EQ(nobody->at(0).reason, "NO_CLAIMS");
  EXPECT_EQ(service_.ExportUnattributedCsv(contract_, kYear.from, 1).value(),
            "member_number,first_day,last_day,reason,detail\n"
            "M5,2026-01-01,2026-12-31,NO_CLAIMS," +
                nobody->at(0).detail + "\n");
  const auto why = [&](std::int32_t version, std::int64_t member) {
    const auto rows = service_.Why(contract_, kYear.from, version, member, network_);
    EXPECT_TRUE(rows.ok()) << rows.status();
    EXPECT_THAT(rows.value_or(std::vector<AttributionRow>{}), SizeIs(12));
    return rows.ok() && !rows->empty() ? Explain(rows->front()) : "";
  };
  const std::string mine = why(1, 1), elsewhere = why(1, 4), unattributed = why(1, 5);
  EXPECT_THAT(mine, HasSubstr(kNpiA + " with 100.00 in 1 visits"));
  EXPECT_THAT(elsewhere, HasSubstr(kNpiD + " with 400.00"));  // why 4 is not the contract's
  EXPECT_THAT(unattributed, HasSubstr("NO_CLAIMS"));

  // Claims that come later change the next version and its reasons, and not those of the first.
  Put(5, {Visit(kNpiB, Day2026(3, 1), 70'000)});
  Put(1, {Visit(kNpiB, Day2026(3, 1), 70'000)});
  MakeFinal();
  EXPECT_THAT(service_.UnattributedMembers(contract_, kYear.from, 2).value(), IsEmpty());
  EXPECT_THAT(service_.UnattributedMembers(contract_, kYear.from, 1).value(), SizeIs(1));
  EXPECT_THAT(why(2, 1), HasSubstr(kNpiB + " with 700.00 in 1 visits, before " + kNpiA));
  EXPECT_EQ(why(1, 1), mine);
  EXPECT_EQ(why(1, 5), unattributed);

  EXPECT_EQ(service_.Why(contract_, kYear.from, 1, 99, network_).status().code(),
            absl::StatusCode::kNotFound);
  const hierarchy::HierarchySnapshot other;
  EXPECT_EQ(service_.Why(contract_, kYear.from, 1, 1, other).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

// feature:A03
TEST_F(AttributionServiceTest, AuditFindsAMemberOnTheListOfAnotherContractOfTheProgram) {
  const auto rival = db_.Ids().Next<ContractTag>();
  const auto stranger = db_.Ids().Next<ContractTag>();
  const auto other_program = db_.Ids().Next<ProgramTag>();
  Script(fmt::format(
      "INSERT INTO performance.program VALUES ({0}, {1}, 'Q', 'ssl', '3B', {2}, '2026-01-01');"
      "INSERT INTO performance.contract VALUES ({3}, {1}, {4}, 21, '2025-01-01', NULL);"
      "INSERT INTO performance.contract VALUES ({5}, {1}, {0}, 21, '2025-01-01', NULL)",
      other_program.Value(), payer_.Value(), db_.Ids().NextValue(), rival.Value(),
      program_.Value(), stranger.Value()));
  MakeFinal();
  const auto run_of = [&](ContractId contract) {
    Later();
    ASSERT_TRUE(service_
                    .SetMethod(contract, DateRange::From(MakeDate(2025, 1, 1)),
                               PluralityMethod(), {}, "anna")
                    .ok());
    Later();
    const auto prepared = service_.PrepareList(
        {.contract = contract, .period = kYear, .known_at = std::nullopt, .actor = "anna"},
        network_);
    ASSERT_TRUE(prepared.ok()) << prepared.status();
  };
  run_of(rival);
  run_of(stranger);
  const auto two_providers = [&] {
    Later();
    const auto audit =
        service_.Audit(contract_, kYear.from, Month(2026, 6), network_, {}, "job");
    EXPECT_TRUE(audit.ok()) << audit.status();
    std::string text;
    for (const Finding& finding : audit->findings) {
      if (finding.kind != FindingKind::kTwoProviders) continue;
      EXPECT_EQ(finding.party, PartyId(21));
      EXPECT_THAT(finding.detail, HasSubstr(rival.ToString()));
      text += fmt::format("{} ", finding.member_id);
    }
    return text;
  };
  EXPECT_EQ(two_providers(), "");  // a draft is nobody's yet
  for (const ContractId contract : {rival, stranger}) {
    Later();
    ASSERT_TRUE(service_.PublishList(contract, kYear.from, "anna").ok());
  }
  EXPECT_EQ(two_providers(), "1 2 3 ");  // of the same program only
  Later();
  ASSERT_TRUE(service_.Remove(rival, kYear.from, {2, "gold", kYear.from}, "anna").ok());
  EXPECT_EQ(two_providers(), "1 3 ");
}

TEST_F(AttributionServiceTest, RejectedDisputeIsFiledAgainOnce) {
  MakeFinal();
  const auto drafted = disputes_.Draft(
      contract_, kYear.from,
      {{.operation = DisputeOperation::kRemove, .entry = EntryOf(1), .reason_code = "moved"}},
      "portal:aco");
  ASSERT_TRUE(drafted.ok()) << drafted.status();
  const DisputeId first = drafted->front();
  for (const DisputeEvent event :
       {DisputeEvent::kFile, DisputeEvent::kAssign, DisputeEvent::kReject}) {
    ASSERT_TRUE(Act(first, event).ok());
  }
  const std::vector<Evidence> fresh = {{"chart", "doc-2", Sha256(AsBytes("two"))}};
  const auto again = disputes_.FileAgain(contract_, first, fresh);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(disputes_.Find(contract_, *again).value().refiled_from, first);
  EXPECT_EQ(disputes_.FileAgain(contract_, first, fresh).status().code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(AttributionServiceTest, AnotherPayerSeesNothing) {
  MakeFinal();
  const auto drafted = disputes_.Draft(
      contract_, kYear.from,
      {{.operation = DisputeOperation::kRemove, .entry = EntryOf(1), .reason_code = "moved"}},
      "portal:aco");
  ASSERT_TRUE(drafted.ok());
  const pg::Database other = db_.App().ForPayer(db_.NewPayer("Other plan"));
  AttributionService service(other, db_.Clock(), db_.Ids());
  DisputeService disputes(other, db_.Clock(), db_.Ids());
  EXPECT_EQ(service.List(contract_, kYear.from).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(disputes.Find(contract_, drafted->front()).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_THAT(disputes.All(contract_, kYear.from).value(), IsEmpty());
  EXPECT_EQ(
      service
          .PrepareList(
              {.contract = contract_, .period = kYear, .known_at = std::nullopt, .actor = "x"},
              network_)
          .status()
          .code(),
      absl::StatusCode::kNotFound);
}

TEST_F(AttributionServiceTest, WhatIsStoredCannotBeEdited) {
  MakeFinal();
  for (const char* sql : {"UPDATE performance.attribution_entry SET gone = true",
                          "DELETE FROM performance.attribution_list_status",
                          "UPDATE performance.dispute_event SET state = 5"}) {
    const Status status = database_.Transact([&](pg::Transaction& tx) -> Status {
      tx.RunScript(sql);
      return OkStatus();
    });
    EXPECT_FALSE(status.ok()) << sql;
  }
}

}  // namespace
}  // namespace sluice::performance
