// sluice_bench NAME [options]: measurements, each beside its floor.
#include <cstdio>
#include <string_view>

#include "tests/bench/bench.h"

namespace {

struct SubCommand {
  std::string_view name;
  std::string_view meaning;
  int (*run)(int argc, char** argv);
};

constexpr SubCommand kSubCommands[] = {
    {"ledger", "transfers per second into a hot pool, beside a plain COPY",
     sluice::bench::BenchLedger},
    {"ach", "writing and verifying 500,000 ACH entries, beside a memory copy",
     sluice::bench::BenchAch},
    {"835", "writing and verifying the 835 of 100,000 payments, beside a memory copy",
     sluice::bench::BenchRemittance835},
    {"release", "releasing a cycle and taking its returns, beside COPY and a memory copy",
     sluice::bench::BenchRelease},
    {"import", "recording 100,000 affiliations, beside a plain COPY", sluice::bench::BenchImport},
    {"calculate", "calculating the demo's programs, beside Settle in memory",
     sluice::bench::BenchCalculate},
    {"cycle", "capitation and quality of millions of members, beside COPY and SQL",
     sluice::bench::BenchCycle},
};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  for (const SubCommand& command : kSubCommands) {
    if (command.name == name) return command.run(argc - 1, argv + 1);
  }
  std::fprintf(stderr, "usage: sluice_bench NAME [options]\n");
  for (const SubCommand& command : kSubCommands) {
    std::fprintf(stderr, "  %-10.*s %.*s\n", static_cast<int>(command.name.size()),
                 command.name.data(), static_cast<int>(command.meaning.size()),
                 command.meaning.data());
  }
  return 2;
}
