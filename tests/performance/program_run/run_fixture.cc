#include "tests/performance/program_run/run_fixture.h"

#include <unistd.h>

#include <fstream>

#include "performance/members/import_service.h"
#include "performance/members/member_store.h"

namespace sluice::performance::testing {
namespace {

constexpr const char* kEligibility = R"(
name = "members"
kind = "eligibility"
[columns]
member_number = "member"
valid_from = "from"
valid_to = "to"
line_of_business = "lob"
product = "product"
plan = "plan"
birth_date = "birth"
sex = "sex"
death_date = "died"
region = "region"
)";
constexpr const char* kChoices = R"(
name = "choices"
kind = "provider_choice"
[columns]
member_number = "member"
kind = "kind"
provider_npi = "npi"
practice_tin = "tin"
valid_from = "from"
valid_to = "to"
)";
constexpr const char* kClaims = R"(
name = "claims"
kind = "medical_claim"
[columns]
member_number = "member"
claim_number = "claim"
line_number = "line"
kind = "kind"
service_from = "from"
service_to = "to"
procedure_code = "procedure"
drg = "drg"
billing_npi = "npi"
allowed = "allowed"
paid = "paid"
paid_on = "paid_on"
status = "status"
)";

}  // namespace

ProgramRunTest::ProgramRunTest()
    : payer_(db_.NewPayer("Plan")),
      database_(db_.App().ForPayer(payer_)),
      hierarchies_(database_, db_.Clock()),
      programs_(database_, db_.Clock(), db_.Ids()),
      lists_(database_, db_.Clock(), db_.Ids()),
      run_(db_.App(), payer_, db_.Clock(), db_.Ids()),
      folder_(std::filesystem::temp_directory_path() /
              ("program_run_" + std::to_string(::getpid()) + "_" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
  std::filesystem::create_directories(folder_);
}

ProgramRunTest::~ProgramRunTest() { std::filesystem::remove_all(folder_); }

void ProgramRunTest::MakeHierarchy(Date second_from) {
  using hierarchy::IdentifierType;
  using hierarchy::PartyKind;
  hierarchy::ChangeSet change;
  const Date from = MakeDate(2020, 1, 1);
  const auto add = [&](PartyId id, PartyKind kind, const std::string& name, IdentifierType type,
                       const char* number) {
    const std::vector<hierarchy::Identifier> numbers = {{type, "", number}};
    change.AddParty({.id = id, .kind = kind}, name, from, numbers);
  };
  add(kAco, PartyKind::kAco, "Northwest ACO", IdentifierType::kTin, "431234567");
  add(kPractice1, PartyKind::kPractice, "Harbor", IdentifierType::kTin, kTin1);
  add(kPractice2, PartyKind::kPractice, "Mill Creek", IdentifierType::kTin, kTin2);
  add(kDoctor1, PartyKind::kProvider, "Dr. Ade", IdentifierType::kNpi, kNpi1);
  add(kDoctor2, PartyKind::kProvider, "Dr. Bell", IdentifierType::kNpi, kNpi2);
  change.AddAffiliation(kAco, kPractice1, "participant", DateRange::From(from));
  change.AddAffiliation(kAco, kPractice2, "participant", DateRange::From(from));
  change.AddAffiliation(kPractice1, kDoctor1, "physician", DateRange::From(from));
  change.AddAffiliation(kPractice2, kDoctor2, "physician", DateRange::From(second_from));
  const auto applied = hierarchies_.Apply(payer_, change, {.source = "test"});
  ASSERT_TRUE(applied.ok()) << applied.status();
  Tick();
}

void ProgramRunTest::MakeProgram(const std::string& stream, const std::string& category) {
  program_ = db_.Ids().Next<ProgramTag>();
  const Status created = programs_.CreateProgram({.id = program_,
                                                  .payer = payer_,
                                                  .name = "Program " + stream,
                                                  .stream = stream,
                                                  .lan_category = category,
                                                  .book = db_.Ids().Next<BookTag>(),
                                                  .created_at = db_.Clock().Now()});
  ASSERT_TRUE(created.ok()) << created;
}

ContractId ProgramRunTest::AddContract(PartyId party, const Terms& terms) {
  const DateRange always = DateRange::From(MakeDate(2024, 1, 1));
  const Contract contract{.id = db_.Ids().Next<ContractTag>(),
                          .payer = payer_,
                          .program = program_,
                          .party = party,
                          .effective = always};
  EXPECT_TRUE(programs_.CreateContracts({&contract, 1}).ok());
  const NewTerms version{.contract = contract.id, .effective = always, .terms = terms};
  const auto added = programs_.AddTerms({&version, 1});
  EXPECT_TRUE(added.ok()) << added.status();
  Tick();
  return contract.id;
}

void ProgramRunTest::Import(const std::string& mapping, const std::string& header,
                            const std::vector<std::string>& rows) {
  Tick();
  const std::filesystem::path path = folder_ / (std::to_string(++files_) + ".csv");
  std::ofstream file(path);
  file << header << "\n";
  for (const std::string& row : rows) file << row << "\n";
  file.close();
  MemberImportService service(database_, db_.Clock(), db_.Ids());
  MemberImportRequest request;
  request.payer = payer_;
  request.path = path;
  request.mapping = ParseFileMapping(mapping, "mapping.toml").value();
  const auto summary = service.Import(request);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->counts.rejected, 0)
      << (summary->issues.empty() ? std::string() : summary->issues.front().ToString());
  Tick();
}

void ProgramRunTest::ImportMembers(const std::vector<std::string>& rows) {
  Import(kEligibility, "member,from,to,lob,product,plan,birth,sex,died,region", rows);
}

void ProgramRunTest::ImportChoices(const std::vector<std::string>& rows) {
  Import(kChoices, "member,kind,npi,tin,from,to", rows);
}

void ProgramRunTest::ImportClaims(const std::vector<std::string>& rows) {
  Import(kClaims, "member,claim,line,kind,from,to,procedure,drg,npi,allowed,paid,paid_on,status",
         rows);
}

void ProgramRunTest::SetMethod(ContractId contract) {
  AttributionMethod method;
  method.title = "The member's choice";
  method.steps = {{.kind = StepKind::kMemberSelected, .code_list = {}, .clause = "2"}};
  method.ties = {TieBreak::kLowestKey};
  const auto set = lists_.SetMethod(contract, DateRange::From(MakeDate(2024, 1, 1)), method, {},
                                    "anna");
  ASSERT_TRUE(set.ok()) << set.status();
  Tick();
}

void ProgramRunTest::Publish(ContractId contract, int year, std::optional<Date> day) {
  Tick();
  const DateRange period = DateRange::Year(year);
  const auto snapshot = hierarchies_.Snapshot(payer_, {.day = day.value_or(*period.to - Days(1))});
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const auto prepared =
      lists_.PrepareList({.contract = contract, .period = period, .actor = "anna"}, *snapshot);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  for (int step = 0; step < 2; ++step) {
    Tick();
    const auto published = lists_.PublishList(contract, period.from, "anna");
    ASSERT_TRUE(published.ok()) << published.status();
  }
  Tick();
}

void ProgramRunTest::Record(ContractId contract, const DateRange& period, Facts facts) {
  Tick();
  const FactSet set{.contract = contract, .period = period, .facts = std::move(facts)};
  const auto recorded = programs_.RecordFacts({&set, 1}, "test");
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  Tick();
}

StatusOr<ProgramRunSummary> ProgramRunTest::TryRun(ProgramRunRequest request) {
  Tick();
  request.program = program_;
  request.actor = "test";
  auto summary = run_.Run(request);
  Tick();
  return summary;
}

ProgramRunSummary ProgramRunTest::Run(ProgramRunRequest request) {
  auto summary = TryRun(std::move(request));
  EXPECT_TRUE(summary.ok()) << summary.status();
  return summary.ok() ? *std::move(summary) : ProgramRunSummary{};
}

StoredAward ProgramRunTest::AwardOf(ContractId contract, const DateRange& period) {
  const auto history = programs_.History(contract, period);
  EXPECT_TRUE(history.ok()) << history.status();
  if (!history.ok() || history->empty()) {
    ADD_FAILURE() << "no award of " << contract.ToString();
    return {};
  }
  return history->back();
}

Money ProgramRunTest::ShareOf(ContractId contract, const DateRange& period, PartyId party) {
  const StoredAward award = AwardOf(contract, period);
  const AwardKey key{award.contract, award.award, award.version};
  const auto shares = programs_.Shares({&key, 1});
  EXPECT_TRUE(shares.ok()) << shares.status();
  Money sum;
  if (!shares.ok()) return sum;
  for (const StoredShare& stored : *shares) {
    if (stored.share.party == party) sum += stored.share.amount;
  }
  return sum;
}

std::int64_t ProgramRunTest::StoredRows() {
  std::int64_t rows = 0;
  const Status read = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    const pg::Result tables = tx.Query(pg::Query{"tables_of_performance", R"sql(
      SELECT c.oid::regclass::text
      FROM pg_class AS c
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = 'performance'
        AND c.relkind = 'r'
      ORDER BY 1
    )sql"});
    for (int i = 0; i < tables.Size(); ++i) {
      const std::string text = "SELECT count(*) FROM " + tables[i].Get<std::string>(0);
      const std::string name = "count_" + std::to_string(i);
      rows += tx.Query(pg::Query{name.c_str(), text.c_str()})[0].Get<std::int64_t>(0);
    }
    return OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return rows;
}

std::int64_t ProgramRunTest::MemberId(const std::string& number) {
  const auto found = database_.Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<Member>> {
        const std::vector<std::string> numbers = {number};
        return FindMembers(tx, payer_, numbers);
      });
  EXPECT_TRUE(found.ok() && found->size() == 1) << number;
  return found.ok() && !found->empty() ? found->front().id : 0;
}

}  // namespace sluice::performance::testing
