// sluice_bench release: a cycle of N payees from the approved run to delivered files, then returns
// of part of it, on a durable server of its own. PDFs are not drawn.
//
//   release:  screening, planning, posting, building and reading back each file, delivery
//   floor:    COPY of the very rows that it posted to payments.transfer, into a table without
//             keys, checks or indexes; and a memory copy of the very bytes that it delivered
//   returns:  the bank's file received, staged and applied
//   floor:    COPY of the very rows that it staged
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "tests/bench/bench.h"
#include "tests/fault/paid_cycle.h"
#include "tests/inbound/bank_simulator.h"

namespace sluice::bench {
namespace {

using namespace sluice::payments;  // the bench speaks the language of payments throughout
namespace simulator = sluice::payments::testing;
namespace fs = std::filesystem;

struct Options {
  std::int64_t payees = 100'000;
  std::int64_t returns = 100'000;
  std::string directory;
};

constexpr Actor kClerk{UserId(99), false};

double Seconds(std::int64_t micros) { return static_cast<double>(micros) / 1e6; }

class ReleaseBench {
 public:
  explicit ReleaseBench(const Options& options) : options_(options) {}

  Status Run() {
    RETURN_IF_ERROR(Prepare());

    RETURN_IF_ERROR(Release());
    RETURN_IF_ERROR(CopyFloor("payments.transfer", "posting", posting_));
    RETURN_IF_ERROR(MemoryFloor());
    RETURN_IF_ERROR(Returns());
    std::printf("memory of the process at its highest: %ld MB\n", PeakMegabytes());
    return OkStatus();
  }

 private:
  Status Prepare() {
    const std::int64_t start = NowMicros();
    {
      ASSIGN_OR_RETURN(const auto cycle, PaidCycle::Open(options_.directory, {.durable = false}));
      RETURN_IF_ERROR(cycle->Prepare({.payees = options_.payees,
                                      .lines_of_payee = 1,
                                      .payees_per_batch = 1'000,
                                      .write_pdf = false}));
    }
    std::printf("%ld payees enrolled and their run approved in %.1f s (not durable)\n",
                options_.payees, Seconds(NowMicros() - start));
    ASSIGN_OR_RETURN(cycle_, PaidCycle::Open(options_.directory, {.shared_buffers_mb = 1'024}));
    return OkStatus();
  }

  Status Release() {
    std::map<std::string, std::int64_t> reached;  // the last time at each place
    cycle_->Watch({[&](std::string_view place) {
      reached[std::string(place)] = NowMicros();
      return OkStatus();
    }});
    const std::int64_t start = NowMicros();
    const std::int64_t own = OwnCpuMicros();
    const std::int64_t server = ServerCpuMicros(cycle_->Server().ProcessId());
    RETURN_IF_ERROR(cycle_->Release());
    const std::int64_t end = NowMicros();
    posting_ = reached["run.between_batches"] - reached["file.after_plan"];
    building_ = reached["run.after_finish"] - reached["run.between_batches"];
    std::printf("release of %ld payments: %.1f s, processor time %.1f s and the server's %.1f s\n",
                options_.payees, Seconds(end - start), Seconds(OwnCpuMicros() - own),
                Seconds(ServerCpuMicros(cycle_->Server().ProcessId()) - server));
    std::printf("  checks and screening  %6.1f s\n",
                Seconds(reached["run.after_transition"] - start));
    std::printf("  planning              %6.1f s\n",
                Seconds(reached["file.after_plan"] - reached["run.after_transition"]));
    std::printf("  posting               %6.1f s\n", Seconds(posting_));
    std::printf("  building, reading back%6.1f s\n", Seconds(building_));
    std::printf("  delivery              %6.1f s\n", Seconds(end - reached["run.after_finish"]));
    return OkStatus();
  }

  // The rows of a table once more, into one that checks nothing.
  Status CopyFloor(const std::string& table, std::string_view what, std::int64_t micros) {
    ASSIGN_OR_RETURN(const pg::Database admin, pg::Database::Open(cycle_->Server().Admin()));
    const fs::path exchange = options_.directory + "/copy";  // the server runs as another user
    fs::create_directories(exchange);
    fs::permissions(exchange, fs::perms::all);
    const std::string path = exchange / "rows";
    const std::string texts[] = {
        fmt::format("COPY {} TO '{}' (FORMAT binary)", table, path),
        fmt::format("CREATE TABLE IF NOT EXISTS payments.bench_floor_{} (LIKE {})", what, table),
        fmt::format("COPY payments.bench_floor_{} FROM '{}' (FORMAT binary)", what, path)};
    const std::string names[] = {fmt::format("bench_out_{}", what),
                                 fmt::format("bench_make_{}", what),
                                 fmt::format("bench_in_{}", what)};
    for (int i = 0; i < 2; ++i) {
      RETURN_IF_ERROR(admin.Transact([&](pg::Transaction& tx) -> Status {
        tx.Execute(pg::Query{names[i].c_str(), texts[i].c_str()});
        return OkStatus();
      }));
    }
    const std::int64_t start = NowMicros();
    ASSIGN_OR_RETURN(const std::int64_t rows,
                     admin.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
                       return tx.Execute(pg::Query{names[2].c_str(), texts[2].c_str()});
                     }));
    const std::int64_t copied = NowMicros() - start;
    std::printf("floor of %s: COPY of its %ld rows in %.2f s; %.0f times that\n",
                std::string(what).c_str(), rows, Seconds(copied),
                static_cast<double>(micros) / static_cast<double>(copied));
    return OkStatus();
  }

  Status MemoryFloor() {
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> kinds;  // files, bytes
    std::int64_t micros = 0, bytes = 0;
    for (const auto& entry : fs::directory_iterator(cycle_->Outbox())) {
      const std::string text = ReadFile(entry.path());
      const std::int64_t start = NowMicros();
      const auto copy = std::make_unique_for_overwrite<char[]>(text.size());
      std::memcpy(copy.get(), text.data(), text.size());
      micros += NowMicros() - start;
      if (!text.empty() && copy[text.size() / 2] != text[text.size() / 2]) {
        return DataLoss("a memory copy differs");
      }
      auto& kind = kinds[entry.path().extension().string()];
      ++kind.first;
      kind.second += static_cast<std::int64_t>(text.size());
      bytes += static_cast<std::int64_t>(text.size());
    }
    for (const auto& [kind, sum] : kinds) {
      std::printf("  %-5s %5ld files %12ld bytes\n", kind.c_str(), sum.first, sum.second);
    }
    std::printf("floor of building: a memory copy of %ld bytes in %.3f s; %.0f times that\n", bytes,
                Seconds(micros), static_cast<double>(building_) / static_cast<double>(micros));
    return OkStatus();
  }

  Status Returns() {
    std::vector<simulator::BankAnswer> answers;
    for (const auto& entry : fs::directory_iterator(cycle_->Outbox())) {
      if (entry.path().extension() != ".ach") continue;
      for (const simulator::BankEntry& sent : simulator::EntriesOf(ReadFile(entry.path()))) {
        if (static_cast<std::int64_t>(answers.size()) == options_.returns) break;
        answers.push_back({sent, "R03"});
      }
    }
    const std::string file = simulator::Write(simulator::AnswersOf(answers));
    const auto inbound = cycle_->Inbound();
    const std::int64_t start = NowMicros();
    ASSIGN_OR_RETURN(const ReceivedFile received, inbound->Receive("RET1.ach", file, kClerk));
    const std::int64_t staged = NowMicros();
    ASSIGN_OR_RETURN(const AppliedItems applied, inbound->Apply(MakeDate(2026, 10, 6), kClerk));
    const std::int64_t end = NowMicros();
    std::int64_t done = 0;
    for (const auto& [state, count] : applied.items) {
      if (state == ItemState::kApplied) done += count;
    }
    if (done != static_cast<std::int64_t>(answers.size())) {
      return DataLoss("{} of {} returns were applied", done, answers.size());
    }
    std::printf(
        "import of %ld returns (%zu bytes): %.1f s: received and staged %.1f s, "
        "applied %.1f s\n",
        done, file.size(), Seconds(end - start), Seconds(staged - start), Seconds(end - staged));
    return CopyFloor("payments.inbound_item", "returns", end - start);
  }

  static std::string ReadFile(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }

  Options options_;
  std::unique_ptr<PaidCycle> cycle_;
  std::int64_t posting_ = 0;
  std::int64_t building_ = 0;
};

}  // namespace

int BenchRelease(int argc, char** argv) {
  Options options;
  CLI::App app("A cycle released and part of it returned, beside COPY and a memory copy",
               "release");
  app.add_option("--payees", options.payees, "Payees, with one payment each")
      ->check(CLI::Range(10, 2'000'000))
      ->capture_default_str();
  app.add_option("--returns", options.returns, "Payments that come back, at most")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--dir", options.directory, "An empty directory for the server");
  CLI11_PARSE(app, argc, argv);
  const bool temporary = options.directory.empty();
  if (temporary) options.directory = fmt::format("/tmp/sluice-bench-{}", getpid());
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const Status status = ReleaseBench(options).Run();
  if (temporary) fs::remove_all(options.directory);
  if (status.ok()) return 0;
  std::fprintf(stderr, "sluice_bench release: %s\n", StatusMessage(status).c_str());
  return 1;
}

}  // namespace sluice::bench
