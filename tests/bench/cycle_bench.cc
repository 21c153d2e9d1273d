// sluice_bench cycle: a month of capitation and a year of quality, from the facts of members to
// stored awards, on a durable server of its own. Inventing the facts is not in any time.
//
//   floor:      binary COPY of the whole fact tables, the rows thrown away
//   production: CapitationService::Run and MeasureService::Count, then ProgramService::Calculate of
//               both programs: lines, totals, awards, shares and packages are stored; one program
//               after the other, and both at once (a connection each)
//   SQL:        the same totals and amounts by statements in the database, as the same role; with
//               and without a row for each member-month, which production stores packed
//
// Every payee and contract of both results is compared to the cent; a difference fails the run.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "core/pg/embedded.h"
#include "core/pg/migrate.h"
#include "hierarchy/payer_store.h"
#include "performance/capitation/capitation_service.h"
#include "performance/program_service.h"
#include "performance/quality/measure_service.h"
#include "tests/bench/bench.h"
#include "tests/bench/cycle_store.h"

namespace sluice::bench {
namespace {

using namespace sluice::performance;  // the bench speaks the language of programs throughout

constexpr std::int64_t kMembersAtOnce = 200'000;
const Month kMonth(2026, 7);
const Date kBusinessDate = MakeDate(2026, 7, 20);
const Instant kRecordedAt = Instant::AtMidnight(MakeDate(2026, 7, 2));

struct Options {
  CyclePlan plan;
  int rounds = 3;
  bool sql = true;
  std::string directory;
};

struct AgeBand {
  int from = 0;
  std::optional<int> to;
  std::int64_t cents = 0;
};
constexpr AgeBand kBands[] = {
    {0, 1, 4261}, {2, 17, 1496}, {18, 44, 2119}, {45, 64, 3200}, {65, std::nullopt, 6019}};

// A price for each band, sex and product.
UnitPrice PriceOf(const AgeBand& band, CellSex sex, bool ppo) {
  const std::int64_t cents = band.cents + (sex == CellSex::kFemale ? 269 : 0) + (ppo ? 125 : 0);
  return UnitPrice::FromMillionths(cents * 10'000);
}

Terms CapitationTerms() {
  RateVersion rates{.from = Month(2026, 1)};
  for (const bool ppo : {false, true}) {
    for (const CellSex sex : {CellSex::kFemale, CellSex::kMale}) {
      for (const AgeBand& band : kBands) {
        rates.cells.push_back({.label = fmt::format("{}{}{}", ppo ? "P" : "H",
                                                    sex == CellSex::kFemale ? "F" : "M", band.from),
                               .age_from = band.from,
                               .age_to = band.to,
                               .sex = sex,
                               .product = ppo ? "PPO" : "HMO",
                               .price = PriceOf(band, sex, ppo)});
      }
    }
  }
  MemberMonthSum basis;
  basis.base = RateTable{.versions = {std::move(rates)}};
  basis.month = {.method = MonthMethod::kFifteenThirty};
  basis.risk = {.kind = RiskKind::kPanel};
  basis.retro = {RetroRule{.days = 90}};
  basis.first_month = kMonth;
  return Terms{.title = "Primary-care capitation 2026",
               .components = {{.rule = Basis{.kind = std::move(basis),
                                             .zero_reason = ReasonCode::kNoMemberMonths}},
                              {.rule = RoundingRule{}},
                              {.rule = Withhold{.rate = Rate::FromPercent(2)}}}};
}

std::vector<CycleCell> CellsForSql() {
  std::vector<CycleCell> cells;
  for (const bool ppo : {false, true}) {
    for (const CellSex sex : {CellSex::kFemale, CellSex::kMale}) {
      for (const AgeBand& band : kBands) {
        // Of this age on the first of the month.
        const auto born = [](int age) { return MakeDate(kMonth.Year() - age, 7, 1); };
        cells.push_back({.born_after = band.to ? born(*band.to + 1) : MakeDate(1800, 1, 1),
                         .born_until = born(band.from),
                         .sex = static_cast<std::int16_t>(sex),
                         .product = ppo ? "PPO" : "HMO",
                         .price_millionths = PriceOf(band, sex, ppo).Millionths()});
      }
    }
  }
  return cells;
}

std::vector<CycleMeasure> Measures() {
  std::vector<CycleMeasure> measures;
  int place = 0;
  for (const std::string id :
       {"A1C", "AWV", "BCS", "CBP", "CCS", "COL", "DEP", "EYE", "FLU", "IMA", "KED", "SPC"}) {
    measures.push_back({.id = id,
                        .threshold_percent = 40 + place % 5,
                        .target_percent = 75 + place % 7,
                        .minimum_denominator = 30});
    ++place;
  }
  return measures;
}

// 1.50 for each member month, times the score.
Terms QualityTerms() {
  Score score;
  for (const CycleMeasure& measure : Measures()) {
    score.measures.push_back({.id = measure.id,
                              .threshold = Ratio(measure.threshold_percent, 100),
                              .target = Ratio(measure.target_percent, 100),
                              .minimum_denominator = measure.minimum_denominator});
  }
  return Terms{
      .title = "Quality incentive 2025",
      .components = {
          {.rule = Basis{.kind = PriceTimesCount{.price = UnitPrice::FromMillionths(1'500'000)},
                         .zero_reason = ReasonCode::kNoMemberMonths}},
          {.rule = std::move(score)},
          {.rule = RateComponent{.cases = {{.rule = RateTimesScore{Rate::FromPercent(100)}}}}},
          {.rule = RoundingRule{}}}};
}

// The seconds of each round.
class Seconds {
 public:
  void Add(std::int64_t micros) { rates_.Add(1, micros); }
  double Median() const { return 1 / rates_.Median(); }
  double Spread() const { return rates_.Spread(); }

 private:
  Rates rates_;
};

class CycleBench {
 public:
  explicit CycleBench(const Options& options)
      : options_(options), plan_(options.plan), ids_(clock_, 0) {}

  Status Run() {
    RETURN_IF_ERROR(SetUp());
    RETURN_IF_ERROR(Warm());
    for (int round = 0; round < options_.rounds; ++round) RETURN_IF_ERROR(Round());
    Print();
    return OkStatus();
  }

 private:
  Status SetUp() {
    pg::EmbeddedOptions server;
    server.directory = options_.directory;
    ASSIGN_OR_RETURN(server_, pg::EmbeddedServer::Start(server));
    ASSIGN_OR_RETURN(admin_, pg::Database::Open(server_->Admin()));
    RETURN_IF_ERROR(pg::Migrate(*admin_, pg::EmbeddedMigrations(), clock_.Now()).status());
    ASSIGN_OR_RETURN(const auto app, pg::Database::Open(server_->App()));
    std::optional<CycleFacts> found;
    RETURN_IF_ERROR(AsAdmin([&](pg::Transaction& tx) { found = FindFacts(tx); }));
    if (found) {
      facts_ = *found;
      plan_ = facts_.plan;
    } else {
      facts_ = {.plan = plan_,
                .payer = ids_.Next<PayerTag>(),
                .capitation = ids_.Next<ProgramTag>(),
                .quality = ids_.Next<ProgramTag>()};
    }
    app_ = app.ForPayer(facts_.payer);
    RETURN_IF_ERROR(MakeHierarchy());
    return found ? OkStatus() : Invent();
  }

  Status AddPayer() {
    RETURN_IF_ERROR(app_->Transact([&](pg::Transaction& tx) -> Status {
      hierarchy::InsertPayer(tx, {.id = facts_.payer, .name = "Bench", .tin = "970000001"});
      return OkStatus();
    }));
    RETURN_IF_ERROR(admin_->Transact([&](pg::Transaction& tx) -> Status {
      MakeCycleTables(tx, CellsForSql(), Measures());
      return OkStatus();
    }));
    return AddPrograms();
  }

  Status AddPrograms() {
    ProgramService programs(*app_, clock_, ids_);
    RETURN_IF_ERROR(programs.CreateProgram({.id = facts_.capitation,
                                            .payer = facts_.payer,
                                            .name = "Capitation 2026",
                                            .stream = "pcpcp",
                                            .lan_category = "4A",
                                            .book = ids_.Next<BookTag>(),
                                            .created_at = clock_.Now()}));
    RETURN_IF_ERROR(programs.CreateProgram({.id = facts_.quality,
                                            .payer = facts_.payer,
                                            .name = "Quality 2025",
                                            .stream = "qip",
                                            .lan_category = "2C",
                                            .book = ids_.Next<BookTag>(),
                                            .created_at = clock_.Now()}));
    const DateRange effective = DateRange::From(MakeDate(2025, 1, 1));
    std::vector<Contract> contracts;
    std::vector<NewTerms> terms;
    std::vector<FactSet> facts;
    std::vector<NewPanelFactor> factors;
    for (std::int64_t k = 0; k < plan_.contracts; ++k) {
      for (const bool pays_quality : {false, true}) {
        const ContractId id = pays_quality ? plan_.Quality(k) : plan_.Capitation(k);
        contracts.push_back({.id = id,
                             .payer = facts_.payer,
                             .program = pays_quality ? facts_.quality : facts_.capitation,
                             .party = plan_.Party(k),
                             .effective = effective});
        terms.push_back({.contract = id,
                         .effective = effective,
                         .terms = pays_quality ? QualityTerms() : CapitationTerms()});
      }
      facts.push_back({.contract = plan_.Quality(k), .period = DateRange::Year(2025)});
      facts.back().facts.SetCount("member_months", plan_.MembersOfContract() * 11 + k % 7);
      for (std::int64_t payee = 1; payee <= plan_.payees_of_contract; ++payee) {
        factors.push_back(
            {.contract = plan_.Capitation(k),
             .factor = {.payee = plan_.Payee(k, payee),
                        .from = Month(2026, 1),
                        .panel_mean_millionths = 900'000 + (k * 7'919 + payee * 104'729) % 200'000,
                        .plan_mean_millionths = 1'000'000 + k % 1'000}});
      }
    }
    RETURN_IF_ERROR(programs.CreateContracts(contracts));
    RETURN_IF_ERROR(programs.AddTerms(terms).status());
    RETURN_IF_ERROR(programs.RecordFacts(facts, "bench").status());
    CapitationService capitation(*app_, clock_, ids_);
    return capitation.RecordFactors(factors).status();
  }

  Status MakeHierarchy() {
    std::vector<hierarchy::SnapshotParty> parties;
    std::vector<hierarchy::SnapshotEdge> edges;
    for (std::int64_t k = 0; k < plan_.contracts; ++k) {
      parties.push_back({.id = plan_.Party(k), .name = fmt::format("Group {}", k)});
      for (std::int64_t payee = 1; payee <= plan_.payees_of_contract; ++payee) {
        parties.push_back({.id = plan_.Payee(k, payee), .name = fmt::format("Practice {}", payee)});
        edges.push_back({.parent = plan_.Party(k),
                         .child = plan_.Payee(k, payee),
                         .role = "member",
                         .valid = DateRange::From(MakeDate(2025, 1, 1))});
      }
    }
    ASSIGN_OR_RETURN(hierarchy_,
                     hierarchy::HierarchySnapshot::Make({.as_of = kBusinessDate, .version = 1},
                                                        std::move(parties), std::move(edges)));
    return OkStatus();
  }

  Status Invent() {
    const std::int64_t start = NowMicros();
    RETURN_IF_ERROR(AddPayer());
    for (std::int64_t first = 1; first <= plan_.members; first += kMembersAtOnce) {
      const std::int64_t last = std::min(plan_.members, first + kMembersAtOnce - 1);
      RETURN_IF_ERROR(
          AsAdmin([&](pg::Transaction& tx) { InventFacts(tx, plan_, first, last, kRecordedAt); }));
    }
    RETURN_IF_ERROR(AsAdmin([&](pg::Transaction& tx) { SettleFacts(tx, facts_); }));
    std::printf("facts invented in %.0f s\n", static_cast<double>(NowMicros() - start) / 1e6);
    return OkStatus();
  }

  // The first reader of a row marks it as committed; that is no reader's work.
  Status Warm() {
    CycleRows rows;
    RETURN_IF_ERROR(AsAdmin([&](pg::Transaction& tx) { rows = CopyFacts(tx); }));
    std::printf(
        "%ld members, %ld contracts of each program, %ld payees: %ld spans, %ld measure "
        "results\n",
        plan_.members, plan_.contracts, plan_.contracts * plan_.payees_of_contract, rows.spans,
        rows.measures);
    std::fflush(stdout);
    return OkStatus();
  }

  Status Round() {
    const auto totals = [&] { return SqlCapitation(false); };
    const auto lines = [&] { return SqlCapitation(true); };
    RETURN_IF_ERROR(Timed("floor, bare COPY of the facts", floor_,
                          [&] { return AsAdmin([&](pg::Transaction& tx) { CopyFacts(tx); }); }));
    RETURN_IF_ERROR(AsAdmin(ForgetResults));
    RETURN_IF_ERROR(Timed("production, one program after the other", apart_, [&] {
      const Status status = Capitation();
      return status.ok() ? Quality() : status;
    }));
    RETURN_IF_ERROR(AsAdmin(ForgetResults));
    RETURN_IF_ERROR(Timed("production, both programs at once", together_, [&] {
      return AtOnce([&] { return Capitation(); }, [&] { return Quality(); });
    }));
    if (!options_.sql) return OkStatus();
    RETURN_IF_ERROR(Timed("SQL, totals, one statement after the other", sql_apart_, [&] {
      const Status status = totals();
      return status.ok() ? SqlQuality() : status;
    }));
    RETURN_IF_ERROR(Compare());
    RETURN_IF_ERROR(Timed("SQL, totals, both statements at once", sql_together_,
                          [&] { return AtOnce(totals, [&] { return SqlQuality(); }); }));
    return Timed("SQL, with a row for each line, at once", sql_lines_,
                 [&] { return AtOnce(lines, [&] { return SqlQuality(); }); });
  }

  Status Capitation() {
    CapitationService service(*app_, clock_, ids_);
    const std::int64_t start = NowMicros();
    ASSIGN_OR_RETURN(const CapitationSummary run, service.Run({.program = facts_.capitation,
                                                               .month = kMonth,
                                                               .business_date = kBusinessDate}));
    const std::int64_t ran = NowMicros();
    if (!run.blocked.empty()) return DataLoss("{}", run.blocked.front().second);
    lines_ = run.lines;
    RETURN_IF_ERROR(
        Calculate(facts_.capitation, DateRange::Between(kMonth.FirstDay(), kMonth.End())));
    Note("capitation: lines and totals", ran - start);
    Note("capitation: awards and shares", NowMicros() - ran);
    return OkStatus();
  }

  Status Quality() {
    MeasureService service(*app_, clock_, ids_);
    const std::int64_t start = NowMicros();
    RETURN_IF_ERROR(
        service.Count({.program = facts_.quality, .period = DateRange::Year(2025)}).status());
    const std::int64_t counted = NowMicros();
    RETURN_IF_ERROR(Calculate(facts_.quality, DateRange::Year(2025)));
    Note("quality: counts", counted - start);
    Note("quality: awards", NowMicros() - counted);
    return OkStatus();
  }

  Status Calculate(ProgramId program, const DateRange& period) {
    ProgramService service(*app_, clock_, ids_);
    ASSIGN_OR_RETURN(const CalculationSummary summary,
                     service.Calculate({.program = program,
                                        .dates = {.period = period, .pay_date = kBusinessDate}},
                                       *hierarchy_));
    if (summary.blocked > 0) return DataLoss("blocked: {}", summary.missing.front().second);
    if (summary.new_versions != plan_.contracts) return DataLoss("not every award is new");
    return OkStatus();
  }

  Status SqlCapitation(bool with_lines) {
    return AsApp([&](pg::Transaction& tx) { CapitationBySql(tx, clock_.Now(), with_lines); });
  }
  Status SqlQuality() {
    return AsApp([&](pg::Transaction& tx) { QualityBySql(tx, facts_.quality, clock_.Now()); });
  }

  Status Compare() {
    return admin_->Transact(kNoBounds, [&](pg::Transaction& tx) -> Status {
      differences_ = CompareResults(tx, facts_.capitation, facts_.quality);
      line_bytes_ = StoredLineBytes(tx);
      if (differences_.payees_differ + differences_.contracts_differ > 0) {
        return DataLoss("production and SQL differ for {} payees and {} contracts",
                        differences_.payees_differ, differences_.contracts_differ);
      }
      return OkStatus();
    });
  }

  template <typename First, typename Second>
  static Status AtOnce(const First& first, const Second& second) {
    Status status_of_second;
    std::thread thread([&] { status_of_second = second(); });
    const Status status = first();
    thread.join();
    return status.ok() ? status_of_second : status;
  }

  template <typename Work>
  Status Timed(const char* what, Seconds& seconds, const Work& work) {
    notes_.clear();
    const std::int64_t server = ServerCpuMicros(server_->ProcessId());
    const std::int64_t own = OwnCpuMicros();
    const std::int64_t start = NowMicros();
    RETURN_IF_ERROR(work());
    const std::int64_t micros = NowMicros() - start;
    seconds.Add(micros);
    const auto in_seconds = [](std::int64_t m) { return static_cast<double>(m) / 1e6; };
    std::printf("  %-44s %7.2f s (client %.2f s, server %.2f s of processor)%s\n", what,
                in_seconds(micros), in_seconds(OwnCpuMicros() - own),
                in_seconds(ServerCpuMicros(server_->ProcessId()) - server), notes_.c_str());
    std::fflush(stdout);
    return OkStatus();
  }
  void Note(const char* what, std::int64_t micros) {
    const std::lock_guard lock(notes_mutex_);
    notes_ += fmt::format("\n      {}: {:.2f} s", what, static_cast<double>(micros) / 1e6);
  }

  template <typename Work>
  Status AsAdmin(const Work& work) {
    return As(*admin_, work);
  }
  template <typename Work>
  Status AsApp(const Work& work) {
    return As(*app_, work);
  }
  template <typename Work>
  static Status As(const pg::Database& database, const Work& work) {
    return database.Transact(kNoBounds, [&](pg::Transaction& tx) -> Status {
      work(tx);
      return OkStatus();
    });
  }

  void Print() {
    const auto print = [&](const char* what, const Seconds& seconds) {
      std::printf("%-44s %7.2f s, spread %2.0f %%; / floor: %.2f\n", what, seconds.Median(),
                  seconds.Spread() * 100, seconds.Median() / floor_.Median());
    };
    std::printf("median of %d rounds\n", options_.rounds);
    print("floor, bare COPY of the facts", floor_);
    print("production, one program after the other", apart_);
    print("production, both programs at once", together_);
    if (options_.sql) {
      print("SQL, totals, one statement after the other", sql_apart_);
      print("SQL, totals, both statements at once", sql_together_);
      print("SQL, with a row for each line, at once", sql_lines_);
      std::printf("SQL / production: apart %.2f, at once %.2f, at once with lines %.2f\n",
                  sql_apart_.Median() / apart_.Median(),
                  sql_together_.Median() / together_.Median(),
                  sql_lines_.Median() / together_.Median());
      std::printf("equal to the cent: %ld payees, %ld contracts; capitation %s, quality %s\n",
                  differences_.payees, differences_.contracts,
                  differences_.capitation.ToString().c_str(),
                  differences_.quality.ToString().c_str());
      std::printf("%ld lines in %ld bytes\n", lines_, line_bytes_);
    }
    std::printf("memory of the process at its highest: %ld MiB\n", PeakMegabytes());
  }

  static constexpr pg::TransactOptions kNoBounds{.statement_timeout = std::chrono::milliseconds(0),
                                                 .lock_timeout = std::chrono::milliseconds(60'000),
                                                 .idle_timeout = std::chrono::minutes(10)};

  Options options_;
  CyclePlan plan_;
  SystemClock clock_;
  IdGenerator ids_;
  std::unique_ptr<pg::EmbeddedServer> server_;
  std::optional<pg::Database> admin_;
  std::optional<pg::Database> app_;
  CycleFacts facts_;
  std::optional<hierarchy::HierarchySnapshot> hierarchy_;
  Seconds floor_;
  Seconds apart_;
  Seconds together_;
  Seconds sql_apart_;
  Seconds sql_together_;
  Seconds sql_lines_;
  CycleDifferences differences_;
  std::int64_t lines_ = 0;
  std::int64_t line_bytes_ = 0;
  std::mutex notes_mutex_;
  std::string notes_;
};

}  // namespace

int BenchCycle(int argc, char** argv) {
  Options options;
  CLI::App app("From the facts of members to stored awards, beside a bare COPY and SQL", "cycle");
  app.add_option("--members", options.plan.members, "Members")
      ->check(CLI::Range(std::int64_t{1'000}, std::int64_t{100'000'000}));
  app.add_option("--contracts", options.plan.contracts, "Contracts of each program; 10 payees each")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{50'000}));
  app.add_option("--rounds", options.rounds, "Rounds")->check(CLI::Range(1, 100));
  app.add_flag("!--no-sql", options.sql, "Without the SQL: for profiling only");
  app.add_option("--dir", options.directory,
                 "A directory for the server: empty, or with the facts of an earlier run, which "
                 "are then used");
  CLI11_PARSE(app, argc, argv);
  options.plan.members -= options.plan.members % options.plan.contracts;
  const bool temporary = options.directory.empty();
  if (temporary) options.directory = fmt::format("/tmp/sluice-bench-{}", getpid());
  Status status = OkStatus();
  {
    CycleBench bench(options);
    status = bench.Run();
  }
  if (temporary) std::filesystem::remove_all(options.directory);
  if (status.ok()) return 0;
  std::fprintf(stderr, "sluice_bench cycle: %s\n", StatusMessage(status).c_str());
  return 1;
}

}  // namespace sluice::bench
