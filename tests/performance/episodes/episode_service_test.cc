// The episode table on a real database: its columns, statuses, counts, details and budget; and a
// bundle from its run to an award, its split and the difference of a later run.
#include "performance/episodes/episode_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/episodes/episode_store.h"
#include "performance/program_service.h"
#include "performance/program_store.h"
#include "tests/performance/episodes/sample_episodes.h"
#include "tests/support/test_database.h"

namespace sluice::performance {
namespace {

using testing::Amount;
using testing::ContractOf;
using testing::Day;
using testing::Dollars;
using testing::KneeInputs;
using testing::KneeTerms;
using testing::MemberWith;
using testing::Service;
using testing::Stay;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const UserId kNurse(11);
const UserId kClerk(12);

class EpisodeServiceTest : public ::testing::Test {
 protected:
  EpisodeServiceTest()
      : payer_(db_.NewPayer("Plan")),
        database_(db_.App().ForPayer(payer_)),
        programs_(database_, db_.Clock(), db_.Ids()),
        episodes_(database_, payer_, db_.Clock(), db_.Ids()),
        program_{.id = db_.Ids().Next<ProgramTag>(),
                 .payer = payer_,
                 .name = "Bundles 2026",
                 .stream = "ssl",
                 .lan_category = "3B",
                 .book = db_.Ids().Next<BookTag>(),
                 .created_at = db_.Clock().Now()},
        contract_(db_.Ids().Next<ContractTag>()) {}

  void SetUp() override {
    const Status program = programs_.CreateProgram(program_);
    ASSERT_TRUE(program.ok()) << program;
    const Contract contract{.id = contract_,
                            .payer = payer_,
                            .program = program_.id,
                            .party = PartyId(1),
                            .effective = DateRange::From(MakeDate(2025, 1, 1))};
    ASSERT_TRUE(programs_.CreateContracts({&contract, 1}).ok());
    ASSERT_TRUE(episodes_.SetTypes(DefaultEpisodeTypes()).ok());
  }

  EpisodeRecord Record(const std::string& type, Date day, const std::string& name, int number) {
    return {.contract = contract_,
            .id = db_.Ids().Next<EpisodeTag>(),
            .type = type,
            .opened_on = day,
            .patient_name = name,
            .patient_number = fmt::format("P-{}", number),
            .member_id = number,
            .member_number = fmt::format("M{:04}", number)};
  }

  EpisodeRecord Accepted(EpisodeRecord record) {
    const Status status = episodes_.Accept(record, kNurse);
    EXPECT_TRUE(status.ok()) << status;
    return record;
  }

  Status Advance(const EpisodeRecord& episode, EpisodeStatus to) {
    db_.Clock().AdvanceMicros(1'000'000);
    return episodes_.Advance(contract_, episode.id, to, kClerk);
  }

  // Three knees, a hip and a maternity, in several statuses.
  void FillTable() {
    knees_ = {Accepted(Record("KNS", Day(3, 1), "Ada Lovelace", 3)),
              Accepted(Record("KNS", Day(1, 1), "Blaise Pascal", 1)),
              Accepted(Record("KNS", Day(2, 1), "Carl Gauss", 2))};
    Accepted(Record("HPS", Day(4, 1), "Dorothy Vaughan", 4));
    Accepted(Record("M44", Day(5, 1), "Emmy Noether", 5));
    EXPECT_TRUE(Advance(knees_[0], EpisodeStatus::kServicesRendered).ok());
    EXPECT_TRUE(Advance(knees_[0], EpisodeStatus::kDisposal).ok());
    EXPECT_TRUE(Advance(knees_[1], EpisodeStatus::kServicesRendered).ok());
  }

  EpisodeList List(const EpisodeFilter& filter, const EpisodePage& page = {}) {
    const auto list = episodes_.List(filter, page);
    EXPECT_TRUE(list.ok()) << list.status();
    return list.value_or(EpisodeList{});
  }
  std::vector<std::string> Names(const EpisodeFilter& filter, const EpisodePage& page = {}) {
    std::vector<std::string> names;
    for (const EpisodeRow& row : List(filter, page).rows) {
      names.push_back(row.episode.patient_name.substr(0, row.episode.patient_name.find(' ')));
    }
    return names;
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database database_;
  ProgramService programs_;
  EpisodeService episodes_;
  Program program_;
  ContractId contract_;
  std::vector<EpisodeRecord> knees_;
};

// feature:E01
TEST_F(EpisodeServiceTest, TableHasExactlyItsColumns) {
  EXPECT_THAT(kEpisodeColumns, ElementsAre("Date", "Episode (ID)", "Patient", "Patient ID", "Payer",
                                           "Member ID", "Episode Status", "Details"));
  const EpisodeRecord knee = Accepted(Record("KNS", Day(3, 1), "Ada Lovelace", 3));
  const EpisodeList list = List({});
  ASSERT_THAT(list.rows, SizeIs(1));
  EXPECT_THAT(TableCells(list.rows[0]),
              ElementsAre("2026-03-01", knee.id.ToString(), "Ada Lovelace", "P-3", "Plan", "M0003",
                          "Accepted", "KNS details"));
}

// feature:E01
TEST_F(EpisodeServiceTest, TableFiltersSortsAndPaginates) {
  FillTable();
  EXPECT_THAT(Names({}), ElementsAre("Emmy", "Dorothy", "Ada", "Carl", "Blaise"));
  EXPECT_THAT(Names({.types = {"KNS"}}), ElementsAre("Ada", "Carl", "Blaise"));
  EXPECT_THAT(Names({.statuses = {EpisodeStatus::kServicesRendered}}), ElementsAre("Blaise"));
  EXPECT_THAT(Names({.from = Day(2, 1), .until = Day(4, 1)}),
              ElementsAre("Dorothy", "Ada", "Carl"));
  EXPECT_THAT(Names({.text = "pASCal"}), ElementsAre("Blaise"));
  EXPECT_THAT(Names({.text = "m0004"}), ElementsAre("Dorothy"));
  EXPECT_THAT(Names({.text = "P-5"}), ElementsAre("Emmy"));
  EXPECT_THAT(Names({.text = "%' OR true --"}), IsEmpty());
  EXPECT_THAT(Names({.contracts = {ContractId(999)}}), IsEmpty());

  const auto by = [&](EpisodeSort sort, bool descending) {
    return Names({}, {.sort = sort, .descending = descending});
  };
  EXPECT_THAT(by(EpisodeSort::kPatient, false),
              ElementsAre("Ada", "Blaise", "Carl", "Dorothy", "Emmy"));
  EXPECT_THAT(by(EpisodeSort::kPatient, true),
              ElementsAre("Emmy", "Dorothy", "Carl", "Blaise", "Ada"));
  EXPECT_THAT(by(EpisodeSort::kMemberNumber, false),
              ElementsAre("Blaise", "Carl", "Ada", "Dorothy", "Emmy"));
  EXPECT_THAT(by(EpisodeSort::kEpisode, false),
              ElementsAre("Ada", "Blaise", "Carl", "Dorothy", "Emmy"));
  EXPECT_THAT(by(EpisodeSort::kStatus, true),
              ElementsAre("Ada", "Blaise", "Carl", "Dorothy", "Emmy"));

  const EpisodePage page{.sort = EpisodeSort::kDate, .descending = false, .offset = 2, .limit = 2};
  EXPECT_THAT(Names({}, page), ElementsAre("Ada", "Dorothy"));
  EXPECT_EQ(List({}, page).total, 5);
  EXPECT_EQ(List({}, {.offset = 50}).total, 5);
  EXPECT_EQ(episodes_.List({}, {.limit = 501}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// feature:E01
TEST_F(EpisodeServiceTest, AnotherPayerSeesNothingAndChangesNothing) {
  FillTable();
  const PayerId other = db_.NewPayer("Other plan");
  EpisodeService theirs(db_.App().ForPayer(other), other, db_.Clock(), db_.Ids());
  EXPECT_EQ(theirs.List({}, {})->total, 0);
  EXPECT_EQ(theirs.List({.contracts = {contract_}}, {})->total, 0);
  EXPECT_EQ(theirs.Details(contract_, knees_[2].id).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(theirs.Advance(contract_, knees_[2].id, EpisodeStatus::kServicesRendered, kClerk)
                .code(),
            absl::StatusCode::kNotFound);
}

// feature:E02
TEST_F(EpisodeServiceTest, StatusesGoOneStepForwardWithInstantAndActor) {
  const EpisodeRecord knee = Accepted(Record("KNS", Day(3, 1), "Ada Lovelace", 3));
  EXPECT_THAT(StatusMessage(Advance(knee, EpisodeStatus::kPayment)),
              HasSubstr("is Accepted: the next status is Services Rendered, not Payment"));
  EXPECT_EQ(Advance(knee, EpisodeStatus::kAccepted).code(),
            absl::StatusCode::kFailedPrecondition);
  for (const EpisodeStatus status : {EpisodeStatus::kServicesRendered, EpisodeStatus::kDisposal,
                                     EpisodeStatus::kPayment, EpisodeStatus::kCompleted}) {
    EXPECT_TRUE(Advance(knee, status).ok());
    EXPECT_FALSE(Advance(knee, status).ok()) << "twice";
  }
  EXPECT_THAT(StatusMessage(Advance(knee, EpisodeStatus::kServicesRendered)),
              HasSubstr("is Completed"));
  const std::vector<EpisodeStatusChange> changes =
      episodes_.Details(contract_, knee.id)->statuses;
  ASSERT_THAT(changes, SizeIs(5));
  EXPECT_EQ(changes[0].by, kNurse);
  EXPECT_EQ(changes[4].by, kClerk);
  for (std::size_t i = 1; i < changes.size(); ++i) EXPECT_LT(changes[i - 1].at, changes[i].at);
  std::vector<std::string_view> names;
  for (const EpisodeStatusChange& change : changes) {
    names.push_back(EpisodeStatusName(change.status));
  }
  EXPECT_THAT(names, ElementsAre("Accepted", "Services Rendered", "Disposal", "Payment",
                                 "Completed"));
}

// feature:E02
TEST_F(EpisodeServiceTest, DatabaseRefusesAnotherOrderByItself) {
  const EpisodeRecord knee = Accepted(Record("KNS", Day(3, 1), "Ada Lovelace", 3));
  const auto insert = [&](std::string_view status, std::string_view previous) {
    return db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.RunScript(fmt::format(
          "INSERT INTO performance.episode_status VALUES ({}, {}, {}, {}, '2026-10-02', 1)",
          contract_.Value(), knee.id.Value(), status, previous));
      return OkStatus();
    });
  };
  EXPECT_FALSE(insert("3", "1").ok()) << "leaves one out";
  EXPECT_FALSE(insert("3", "2").ok()) << "follows one that is not there";
  EXPECT_FALSE(insert("3", "NULL").ok()) << "follows nothing";
  EXPECT_FALSE(insert("1", "NULL").ok()) << "twice";
  EXPECT_FALSE(insert("6", "5").ok()) << "no such status";
  EXPECT_TRUE(insert("2", "1").ok());
  const Status change = database_.Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript("UPDATE performance.episode_status SET changed_by = 2");
    return OkStatus();
  });
  EXPECT_FALSE(change.ok()) << "append-only";
}

TEST_F(EpisodeServiceTest, AcceptIsRepeatableAndRefusesWhatIsWrong) {
  const EpisodeRecord knee = Accepted(Record("KNS", Day(3, 1), "Ada Lovelace", 3));
  EXPECT_TRUE(episodes_.Accept(knee, kNurse).ok());
  EpisodeRecord other = knee;
  other.patient_name = "Somebody Else";
  EXPECT_EQ(episodes_.Accept(other, kNurse).code(), absl::StatusCode::kAlreadyExists);
  EpisodeRecord unknown = Record("XYZ", Day(3, 1), "Ada Lovelace", 3);
  EXPECT_THAT(StatusMessage(episodes_.Accept(unknown, kNurse)),
              HasSubstr("HPS, KNS, M44, SST"));
  unknown.type = "KNS";
  unknown.patient_number.clear();
  EXPECT_THAT(StatusMessage(episodes_.Accept(unknown, kNurse)), HasSubstr("patient ID is empty"));
  unknown.patient_number = "P";
  unknown.contract = ContractId(5);
  EXPECT_EQ(episodes_.Accept(unknown, kNurse).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(List({}).total, 1);
}

// feature:E03
TEST_F(EpisodeServiceTest, OverviewEqualsTheTable) {
  FillTable();
  const auto overview = episodes_.Overview({});
  ASSERT_TRUE(overview.ok()) << overview.status();
  EXPECT_EQ(overview->total, List({}).total);
  EXPECT_THAT(overview->counts, SizeIs(4 * 5));
  std::int64_t sum = 0;
  for (const EpisodeCount& count : overview->counts) {
    EXPECT_EQ(count.count, List({.statuses = {count.status}, .types = {count.type}}).total)
        << count.type << " " << EpisodeStatusName(count.status);
    sum += count.count;
  }
  EXPECT_EQ(sum, 5);
  EXPECT_EQ(episodes_.Overview({.text = "Gauss"})->total, 1);
}

// feature:E03
TEST_F(EpisodeServiceTest, TypesAreConfigured) {
  const std::vector<EpisodeType> spine = {{.code = "SPN", .name = "Spine"},
                                          {.code = "KNS", .name = "Knee", .active = false}};
  db_.Clock().AdvanceMicros(1);
  ASSERT_TRUE(episodes_.SetTypes(spine).ok());
  EXPECT_THAT(*episodes_.Types(),
              ElementsAre(EpisodeType{"HPS", "Hip"}, EpisodeType{"KNS", "Knee", false},
                          EpisodeType{"M44", "Maternity"}, EpisodeType{"SPN", "Spine"},
                          EpisodeType{"SST", "Shoulder"}));
  Accepted(Record("SPN", Day(3, 1), "Ada Lovelace", 3));
  EXPECT_FALSE(episodes_.Accept(Record("KNS", Day(3, 1), "Ada Lovelace", 3), kNurse).ok());
  EXPECT_FALSE(episodes_.SetTypes(std::vector<EpisodeType>{{.code = "A B", .name = "x"}}).ok());
}

// feature:E04
TEST_F(EpisodeServiceTest, DetailsShowTimeLineServicesBudgetAndPayments) {
  EpisodeRecord knee = Record("KNS", Day(2, 10), "Ada Lovelace", 3);
  knee.anchor_claim = "A";
  Accepted(knee);
  const EpisodeInputs inputs = KneeInputs(
      Dollars(5'000), {MemberWith(3, {Stay("A", Day(2, 10), Day(2, 12), Dollars(4'000)),
                                      Service("B", Day(3, 1), "97110", Dollars(120))})});
  const auto run = episodes_.Run(contract_, KneeTerms(), inputs);
  ASSERT_TRUE(run.ok()) << run.status();
  const std::vector<BudgetParticipant> team = {{PartyId(7), Ratio(3)}, {PartyId(8), Ratio(1)}};
  ASSERT_TRUE(episodes_.PostBudget(contract_, knee.id, Dollars(5'000), team, kClerk).ok());

  const auto details = episodes_.Details(contract_, knee.id);
  ASSERT_TRUE(details.ok()) << details.status();
  EXPECT_EQ(details->row.episode, knee);
  ASSERT_TRUE(details->line.has_value());
  EXPECT_EQ(*details->line, run->lines[0]);
  EXPECT_EQ(details->line->target, Amount("5000"));
  EXPECT_EQ(details->line->actual, Amount("4120"));
  ASSERT_THAT(details->postings, SizeIs(2));
  EXPECT_EQ(details->postings[0].due, Dollars(3'750));
  std::vector<std::string> events;
  for (const EpisodeEvent& event : details->time_line) events.push_back(event.what);
  EXPECT_THAT(events, ElementsAre("opened as KNS", "service 470 $4,000.00",
                                  "service 97110 $120.00", "Accepted",
                                  HasSubstr("budget share of $3,750.00 of "),
                                  HasSubstr("budget share of $1,250.00 of ")));
}

// feature:E04
TEST_F(EpisodeServiceTest, DocumentsAreKeptByReferenceAndHash) {
  const EpisodeRecord knee = Accepted(Record("KNS", Day(2, 10), "Ada Lovelace", 3));
  const Digest consent = Sha256(AsBytes("signed"));
  const auto add = [&](EpisodeId episode, const std::string& name, const Digest& sha256) {
    db_.Clock().AdvanceMicros(1);
    return episodes_.AddDocument(contract_, episode, name, "dms/4711", sha256, kClerk);
  };
  ASSERT_TRUE(add(knee.id, "consent", consent).ok());
  ASSERT_TRUE(add(knee.id, "discharge summary", Sha256(AsBytes("home"))).ok());
  ASSERT_TRUE(add(knee.id, "the consent again", consent).ok());
  const auto details = episodes_.Details(contract_, knee.id);
  ASSERT_TRUE(details.ok()) << details.status();
  ASSERT_THAT(details->documents, SizeIs(2));
  EXPECT_EQ(details->documents[0].name, "consent");
  EXPECT_EQ(details->documents[0].sha256, consent);
  EXPECT_EQ(details->documents[0].by, kClerk);
  EXPECT_LT(details->documents[0].at, details->documents[1].at);
  EXPECT_EQ(details->time_line.back().what, "document: discharge summary");
  EXPECT_THAT(StatusMessage(add(knee.id, "", consent)), HasSubstr("needs a name"));
  EXPECT_FALSE(add(knee.id, "empty", Digest{}).ok());
  EXPECT_EQ(add(EpisodeId(5), "consent", consent).code(), absl::StatusCode::kNotFound);
  const PayerId other = db_.NewPayer("Other plan");
  EpisodeService theirs(db_.App().ForPayer(other), other, db_.Clock(), db_.Ids());
  EXPECT_EQ(theirs.AddDocument(contract_, knee.id, "x", "y", consent, kClerk).code(),
            absl::StatusCode::kNotFound);
  const Status change = database_.Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript("UPDATE performance.episode_document SET name = 'other'");
    return OkStatus();
  });
  EXPECT_FALSE(change.ok()) << "append-only";
}

// Of 1,000 + 500 below the targets the bundle pays half: so much of each result is paid.
TEST_F(EpisodeServiceTest, ARunSaysWhichPartOfItsResultsIsPaid) {
  EpisodeSum bundle = KneeTerms();
  bundle.quality = EpisodeQuality{.gain_at_most = Rate::FromPercent(50)};
  EpisodeInputs inputs = KneeInputs(
      Dollars(5'000), {MemberWith(3, {Stay("A", Day(2, 10), Day(2, 12), Dollars(4'000))}),
                       MemberWith(4, {Stay("B", Day(2, 10), Day(2, 12), Dollars(4'500))})});
  const auto part_of_run = [&]() -> std::optional<Ratio> {
    db_.Clock().AdvanceMicros(1'000);
    const auto run = episodes_.Run(contract_, bundle, inputs);
    EXPECT_TRUE(run.ok()) << run.status();
    const std::vector<ContractId> ids = {contract_};
    return *db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::optional<Ratio>> {
          ASSIGN_OR_RETURN(auto facts,
                           LoadFacts(tx, ids, inputs.period, db_.Clock().Now()));
          return facts[contract_].own.RatioOf(kEpisodePaidPart);
        });
  };
  EXPECT_EQ(part_of_run(), std::nullopt) << "without a score nothing is known";
  inputs.quality_score = Ratio(0);
  EXPECT_EQ(part_of_run(), Ratio(1, 2));
  inputs.quality_score = Ratio(100);
  EXPECT_EQ(part_of_run(), Ratio(1));
}

// feature:E05
TEST_F(EpisodeServiceTest, BudgetIsSplitAheadAndReconciledByItsDifference) {
  const EpisodeRecord knee = Accepted(Record("KNS", Day(2, 10), "Ada Lovelace", 3));
  const std::vector<BudgetParticipant> team = {{PartyId(7), Ratio(3)}, {PartyId(8), Ratio(1)}};
  const auto post = [&](Money due) {
    db_.Clock().AdvanceMicros(1);
    const auto parts = episodes_.PostBudget(contract_, knee.id, due, team, kClerk);
    EXPECT_TRUE(parts.ok()) << parts.status();
    return *parts;
  };
  EXPECT_EQ(post(Dollars(4'000))[0].difference, Dollars(3'000));
  EXPECT_EQ(post(Dollars(3'600))[0].difference, Dollars(-300));
  EXPECT_EQ(post(Dollars(3'600))[1].difference, Money());
  const std::vector<EpisodePosting> postings = episodes_.Details(contract_, knee.id)->postings;
  ASSERT_THAT(postings, SizeIs(4)) << "the third posted nothing";
  Money sum;
  for (const EpisodePosting& posting : postings) sum += posting.difference;
  EXPECT_EQ(sum, Dollars(3'600));
}

// feature:E05
TEST_F(EpisodeServiceTest, AwardOfALaterRunPostsOnlyTheDifference) {
  EpisodeSum budget = KneeTerms();
  budget.payment = EpisodePayment::kProspective;
  const NewTerms terms{.contract = contract_,
                       .effective = DateRange::From(MakeDate(2025, 1, 1)),
                       .terms = ContractOf(budget)};
  ASSERT_TRUE(programs_.AddTerms({&terms, 1}).ok());
  const hierarchy::HierarchySnapshot hierarchy = *hierarchy::HierarchySnapshot::Make(
      {.as_of = Day(1, 1), .version = 1}, {{.id = PartyId(1), .name = "Hospital"}}, {});
  const auto calculate = [&](Money mean) {
    db_.Clock().AdvanceMicros(1'000);
    const EpisodeInputs inputs = KneeInputs(
        mean, {MemberWith(3, {Stay("A", Day(2, 10), Day(2, 12), Dollars(4'000))})});
    const auto run = episodes_.Run(contract_, budget, inputs);
    EXPECT_TRUE(run.ok()) << run.status();
    db_.Clock().AdvanceMicros(1'000);
    const auto summary = programs_.Calculate(
        {.program = program_.id,
         .dates = {.period = inputs.period, .pay_date = MakeDate(2027, 1, 15)}},
        hierarchy);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.value_or(CalculationSummary{});
  };
  EXPECT_EQ(calculate(Dollars(5'000)).delta, Dollars(5'000));
  EXPECT_EQ(calculate(Dollars(5'200)).delta, Dollars(200));
  EXPECT_EQ(calculate(Dollars(5'200)).new_versions, 0) << "the same run changes nothing";
}

}  // namespace
}  // namespace sluice::performance
