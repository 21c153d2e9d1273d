// fault_soak --kills N [--payees N] [--seed N]: as many kills as asked, over as many cycles as that
// takes, each compared with an undisturbed one. Exit code 0 when nothing differs.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <random>

#include "tests/fault/kill_rounds.h"

int main(int argc, char** argv) {
  int kills = 200;
  std::int64_t payees = 10'000;
  std::uint64_t seed = std::random_device{}();
  CLI::App app("Kills a payment run and its database at random moments", "fault_soak");
  app.add_option("--kills", kills, "Kills")->check(CLI::Range(1, 1'000'000))->capture_default_str();
  app.add_option("--payees", payees, "Payees of the cycle, with two lines each")
      ->check(CLI::Range(10, 1'000'000))
      ->capture_default_str();
  app.add_option("--seed", seed, "Seed of the moments and victims");
  CLI11_PARSE(app, argc, argv);
  std::printf("seed %llu: preparing and paying a cycle of %lld payees undisturbed\n",
              static_cast<unsigned long long>(seed), static_cast<long long>(payees));
  std::fflush(stdout);
  sluice::payments::KillRounds rounds(payees);
  constexpr int kAtOnce = 10;
  for (int done = 0; done < kills && rounds.Problem().empty(); done = rounds.Kills()) {
    // A seed of its own for each part, so that a failure can be repeated from there.
    const std::uint64_t part = seed + static_cast<std::uint64_t>(done);
    rounds.KillAtRandom(std::min(kAtOnce, kills - done), part);
    std::printf("%d kills over %d cycles\n", rounds.Kills(), rounds.Cycles());
    std::fflush(stdout);
  }
  if (rounds.Problem().empty()) {
    std::printf("every interrupted cycle equals the undisturbed one\n");
    return 0;
  }
  std::fprintf(stderr, "fault_soak: %s\n", rounds.Problem().c_str());
  return 1;
}
