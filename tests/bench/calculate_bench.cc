// sluice_bench calculate: the programs of the synthetic demo, on a durable server of its own.
//
//   calculate: ProgramService::Calculate of every program: terms and facts are read, every award
//              is settled, explained, packaged for replay and stored; each round for a new payer,
//              as a calculation with nothing changed stores nothing
//   floor:     Settle on the same inputs, which lie in memory
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "api/demo/base_payments.h"
#include "api/demo/demo.h"
#include "api/demo/demo_source.h"
#include "api/store.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/payer_store.h"
#include "performance/program_service.h"
#include "performance/settlement.h"
#include "tests/bench/bench.h"

namespace sluice::bench {
namespace {

struct Options {
  int rounds = 5;
  demo::SyntheticOptions plan;
  std::string directory;
};

class CalculateBench {
 public:
  explicit CalculateBench(const Options& options) : options_(options), ids_(clock_, 0) {}

  Status Run() {
    ASSIGN_OR_RETURN(store_, api::Store::Open({.data_dir = options_.directory}, clock_));
    for (int round = 0; round < options_.rounds; ++round) RETURN_IF_ERROR(Round());
    std::printf("%d rounds of %lld awards with %lld shares\n", options_.rounds,
                static_cast<long long>(awards_), static_cast<long long>(shares_));
    std::printf("%s\n", settle_.Format("floor, Settle in memory", "shares/s").c_str());
    std::printf("%s\n", calculate_.Format("calculate", "shares/s").c_str());
    std::printf("calculate / floor: %.3f\n", calculate_.Median() / settle_.Median());
    return OkStatus();
  }

 private:
  // A payer with everything that a calculation reads.
  struct Payer {
    pg::Database database;
    std::unique_ptr<demo::DemoSource> source;
    hierarchy::HierarchySnapshot snapshot;
    std::vector<demo::DemoProgram> programs;
    std::vector<std::vector<performance::FactSet>> facts;  // by program
  };

  StatusOr<Payer> SetUp() {
    const PayerId id = ids_.Next<PayerTag>();
    Payer payer{.database = store_->App().ForPayer(id),
                .source = demo::MakeSyntheticSource(options_.plan),
                .snapshot = {},
                .programs = {},
                .facts = {}};
    const payments::PayerProfile profile = payer.source->Profile();
    RETURN_IF_ERROR(payer.database.Transact([&](pg::Transaction& tx) -> Status {
      // Each round's payer is a taxpayer of its own.
      hierarchy::InsertPayer(
          tx, {.id = id, .name = profile.name, .tin = demo::InventedTin(payers_++)});
      return OkStatus();
    }));
    const demo::DemoContext context{
        .database = payer.database,
        .payer = id,
        .clock = clock_,
        .ids = ids_,
        .inbox = options_.directory + "/inbox"};
    RETURN_IF_ERROR(payer.source->Onboard(context).status());
    const hierarchy::HierarchyService service(payer.database, clock_);
    ASSIGN_OR_RETURN(payer.snapshot,
                     service.Snapshot(id, {.day = payer.source->HierarchyDay(), .known_at = {}}));
    ASSIGN_OR_RETURN(payer.programs, payer.source->Programs(context, payer.snapshot));
    performance::ProgramService programs(payer.database, clock_, ids_);
    for (demo::DemoProgram& program : payer.programs) {
      program.program.book = ids_.Next<BookTag>();
      program.program.created_at = clock_.Now();
      RETURN_IF_ERROR(programs.CreateProgram(program.program));
      RETURN_IF_ERROR(programs.CreateContracts(program.contracts));
      RETURN_IF_ERROR(programs.AddTerms(program.terms).status());
    }
    for (const Date day : {payer.source->FirstDay(), payer.source->BusinessDate()}) {
      // It never goes back: the next round is a payer who learns all of it on the last day.
      clock_.Set(std::max(clock_.Now(), demo::MiddleOf(day)));
      RETURN_IF_ERROR(payer.source->Learn(context, day).status());
    }
    // Those that pay once: their facts are stated, not derived.
    std::erase_if(payer.programs, [&](const demo::DemoProgram& program) {
      return program.cycles.size() > 1;
    });
    for (const demo::DemoProgram& program : payer.programs) {
      ASSIGN_OR_RETURN(payer.facts.emplace_back(),
                       payer.source->Facts(context, program, program.cycles.front()));
      for (performance::FactSet& set : payer.facts.back()) StateWithheld(program, set);
      RETURN_IF_ERROR(
          programs.RecordFacts(payer.facts.back(), payer.source->FactsSource()).status());
    }
    return payer;
  }

  // What the book of a program withheld is a fact of each contract.
  static void StateWithheld(const demo::DemoProgram& program, performance::FactSet& set) {
    if (program.base_payments.empty() || set.party != PartyId()) return;
    const auto contract =
        std::ranges::find(program.contracts, set.contract, &performance::Contract::id);
    set.facts.SetAmount("withheld",
                        demo::WithheldOf(contract->party,
                                         *program.terms.front().terms.payment_withhold,
                                         program.base_payments));
  }

  static performance::CalculationDates DatesOf(const demo::DemoProgram& program,
                                               const demo::DemoSource& source) {
    return {.period = program.cycles.front().period, .pay_date = source.BusinessDate()};
  }

  // What Calculate settles, without the database.
  static StatusOr<std::vector<performance::SettlementInput>> InputsOf(const Payer& payer) {
    std::vector<performance::SettlementInput> inputs;
    for (std::size_t i = 0; i < payer.programs.size(); ++i) {
      const demo::DemoProgram& program = payer.programs[i];
      std::map<ContractId, performance::Facts> own;
      std::map<ContractId, performance::ParticipantFacts> participants;
      for (const performance::FactSet& set : payer.facts[i]) {
        if (set.party == PartyId()) {
          own[set.contract] = set.facts;
        } else {
          participants[set.contract][{set.party, set.under}] = set.facts;
        }
      }
      for (std::size_t c = 0; c < program.contracts.size(); ++c) {
        const performance::Contract& contract = program.contracts[c];
        const performance::Terms& terms = program.terms[c].terms;
        const performance::Split* split = performance::FindSplit(terms);
        const std::size_t levels = split == nullptr ? 0 : split->levels.size();
        ASSIGN_OR_RETURN(performance::Participant party,
                         performance::ParticipantsUnder(payer.snapshot, contract.party, levels,
                                                        participants[contract.id]));
        inputs.push_back({.terms = terms,
                          .facts = own[contract.id],
                          .dates = DatesOf(program, *payer.source),
                          .party = std::move(party)});
      }
    }
    return inputs;
  }

  Status Round() {
    ASSIGN_OR_RETURN(const Payer payer, SetUp());
    performance::ProgramService programs(payer.database, clock_, ids_);
    awards_ = shares_ = 0;
    std::int64_t start = NowMicros();
    for (const demo::DemoProgram& program : payer.programs) {
      ASSIGN_OR_RETURN(const performance::CalculationSummary summary,
                       programs.Calculate({.program = program.program.id,
                                           .dates = DatesOf(program, *payer.source),
                                           .known_at = std::nullopt,
                                           .progress = {}},
                                          payer.snapshot));
      awards_ += summary.contracts;
      shares_ += summary.shares;
    }
    calculate_.Add(shares_, NowMicros() - start);

    ASSIGN_OR_RETURN(const std::vector<performance::SettlementInput> inputs, InputsOf(payer));
    std::int64_t settled = 0;
    start = NowMicros();
    for (const performance::SettlementInput& input : inputs) {
      settled += static_cast<std::int64_t>(performance::Settle(input).shares.size());
    }
    settle_.Add(settled, NowMicros() - start);
    if (settled == shares_) return OkStatus();
    return Internal("Settle gives {} shares and Calculate stored {}", settled, shares_);
  }

  Options options_;
  std::int64_t payers_ = 0;
  ManualClock clock_{demo::MiddleOf(MakeDate(2026, 9, 1))};
  IdGenerator ids_;
  std::optional<api::Store> store_;
  std::int64_t awards_ = 0;
  std::int64_t shares_ = 0;
  Rates settle_;
  Rates calculate_;
};

}  // namespace

int BenchCalculate(int argc, char** argv) {
  Options options;
  options.plan.members = 10'000;  // they are summed before, so their number changes nothing here
  CLI::App app("Shares per second, beside Settle in memory", "calculate");
  app.add_option("--rounds", options.rounds, "Rounds")->check(CLI::Range(1, 100));
  app.add_option("--acos", options.plan.acos, "ACOs")->check(CLI::Range(1, 1'000));
  app.add_option("--practices", options.plan.practices, "Practices")->check(CLI::Range(1, 100'000));
  app.add_option("--providers", options.plan.providers, "Providers")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--dir", options.directory, "An empty directory for the server");
  CLI11_PARSE(app, argc, argv);
  const bool temporary = options.directory.empty();
  if (temporary) options.directory = fmt::format("/tmp/sluice-bench-{}", getpid());
  Status status = OkStatus();
  {
    CalculateBench bench(options);
    status = bench.Run();
  }
  if (temporary) std::filesystem::remove_all(options.directory);
  if (status.ok()) return 0;
  std::fprintf(stderr, "sluice_bench calculate: %s\n", StatusMessage(status).c_str());
  return 1;
}

}  // namespace sluice::bench
