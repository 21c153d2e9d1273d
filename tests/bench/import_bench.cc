// sluice_bench import: a durable server of its own, every key and check on.
//
//   import: HierarchyService::Apply of the affiliations of a synthetic payer whose parties are
//           known, every rule of hierarchy/change.h checked; each round a payer of its own
//   floor:  binary COPY of the same rows into a table without keys, checks or indexes
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "api/demo/synthetic_payer.h"
#include "api/store.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/payer_store.h"
#include "tests/bench/bench.h"

namespace sluice::bench {
namespace {

struct Options {
  int rounds = 5;
  std::size_t affiliations = 100'000;
  std::string directory;
};

constexpr pg::Query kPlainTable{"bench_plain", R"sql(
  CREATE TABLE hierarchy.bench_plain (LIKE hierarchy.affiliation)
)sql"};
constexpr pg::Query kPlainCopy{"bench_copy", R"sql(
  COPY hierarchy.bench_plain (payer_id, parent_id, child_id, role, valid_from, change_number,
    valid_to, withdrawn) FROM STDIN (FORMAT binary)
)sql"};

// Parties first, then the affiliations among them.
struct Changes {
  hierarchy::ChangeSet parties;
  hierarchy::ChangeSet affiliations;
};

class ImportBench {
 public:
  explicit ImportBench(const Options& options) : options_(options), ids_(clock_, 0) {
    // About 1.17 affiliations come with each provider.
    const auto providers = static_cast<std::int64_t>(options.affiliations * 9 / 10);
    plan_ = demo::MakeSyntheticPayer({.acos = std::max<std::int64_t>(1, providers / 900),
                                      .practices = std::max<std::int64_t>(1, providers / 15),
                                      .providers = std::max<std::int64_t>(1, providers),
                                      .members = 0});
    if (plan_.edges.size() > options.affiliations) plan_.edges.resize(options.affiliations);
  }

  Status Run() {
    ASSIGN_OR_RETURN(store_, api::Store::Open({.data_dir = options_.directory}, clock_));
    RETURN_IF_ERROR(store_->Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(kPlainTable);
      return OkStatus();
    }));
    std::printf("%d rounds of %zu affiliations among %zu parties\n", options_.rounds,
                plan_.edges.size(), plan_.parties.size());
    for (int round = 0; round < options_.rounds; ++round) RETURN_IF_ERROR(Round());
    std::printf("%s\n", copy_.Format("floor, plain COPY", "rows/s").c_str());
    std::printf("%s\n", apply_.Format("import", "affiliations/s").c_str());
    std::printf("import / floor: %.3f\n", apply_.Median() / copy_.Median());
    return OkStatus();
  }

 private:
  Status Round() {
    const PayerId payer = ids_.Next<PayerTag>();
    const pg::Database database = store_->App().ForPayer(payer);
    RETURN_IF_ERROR(database.Transact([&](pg::Transaction& tx) -> Status {
      hierarchy::InsertPayer(tx, {.id = payer, .name = plan_.name, .tin = "970000001"});
      return OkStatus();
    }));
    const Changes changes = MakeChanges();
    const hierarchy::HierarchyService service(database, clock_);
    RETURN_IF_ERROR(
        service.Apply(payer, changes.parties, {.source = "bench", .recorded_at = {}}).status());

    const auto units = static_cast<std::int64_t>(changes.affiliations.affiliations.size());
    std::int64_t start = NowMicros();
    RETURN_IF_ERROR(
        service.Apply(payer, changes.affiliations, {.source = "bench", .recorded_at = {}})
            .status());
    apply_.Add(units, NowMicros() - start);

    start = NowMicros();
    RETURN_IF_ERROR(Copy(payer, changes.affiliations));
    copy_.Add(units, NowMicros() - start);
    return OkStatus();
  }

  Changes MakeChanges() {
    const Date first_day = MakeDate(2023, 1, 1);
    Changes changes;
    std::vector<PartyId> ids;
    for (const demo::SyntheticParty& party : plan_.parties) {
      ids.push_back(ids_.Next<PartyTag>());
      std::vector<hierarchy::Identifier> identifiers;
      if (!party.npi.empty()) {
        identifiers.push_back(
            {.type = hierarchy::IdentifierType::kNpi, .scope = "", .value = party.npi});
      }
      changes.parties.AddParty({.id = ids.back(), .kind = demo::KindOf(party.kind)}, party.name,
                               first_day, identifiers);
    }
    for (const demo::SyntheticEdge& edge : plan_.edges) {
      changes.affiliations.AddAffiliation(ids[edge.parent], ids[edge.child],
                                          demo::RoleOf(plan_.parties[edge.child].kind),
                                          edge.effective);
    }
    return changes;
  }

  Status Copy(PayerId payer, const hierarchy::ChangeSet& change) {
    return store_->Admin().Transact([&](pg::Transaction& tx) -> Status {
      pg::CopyWriter copy = tx.CopyIn(kPlainCopy, 8);
      for (const hierarchy::Affiliation& row : change.affiliations) {
        copy.AddRow(payer, row.parent, row.child, row.role, row.valid.from, std::int64_t{2},
                    row.valid.to, row.withdrawn);
      }
      copy.Finish();
      return OkStatus();
    });
  }

  Options options_;
  SystemClock clock_;
  IdGenerator ids_;
  demo::SyntheticPayer plan_;
  std::optional<api::Store> store_;
  Rates copy_;
  Rates apply_;
};

}  // namespace

int BenchImport(int argc, char** argv) {
  Options options;
  CLI::App app("Affiliations per second, beside a plain COPY", "import");
  app.add_option("--rounds", options.rounds, "Rounds")->check(CLI::Range(1, 100));
  app.add_option("--affiliations", options.affiliations, "Affiliations per round")
      ->check(CLI::Range(100, 1'000'000));
  app.add_option("--dir", options.directory, "An empty directory for the server");
  CLI11_PARSE(app, argc, argv);
  const bool temporary = options.directory.empty();
  if (temporary) options.directory = fmt::format("/tmp/sluice-bench-{}", getpid());
  Status status = OkStatus();
  {
    ImportBench bench(options);
    status = bench.Run();
  }
  if (temporary) std::filesystem::remove_all(options.directory);
  if (status.ok()) return 0;
  std::fprintf(stderr, "sluice_bench import: %s\n", StatusMessage(status).c_str());
  return 1;
}

}  // namespace sluice::bench
