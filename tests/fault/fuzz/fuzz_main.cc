// parser_fuzzer NAME [--seconds N] [--seed N] [FOLDER...]: fuzzes one reader without libFuzzer. The
// bytes that are read are in crash-NAME before they are read, and stay there after a crash.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "tests/fault/fuzz/mutation.h"
#include "tests/fault/fuzz/parsers.h"

int main(int argc, char** argv) {
  using namespace sluice::payments;
  std::string name;
  std::vector<std::string> folders;
  int seconds = 60;
  std::uint64_t seed = std::random_device{}();
  CLI::App app("Feeds changed files to a reader", "parser_fuzzer");
  app.add_option("name", name, "ach, bai2, ack or x12")->required();
  app.add_option("folders", folders, "Folders with seeds");
  app.add_option("--seconds", seconds, "How long")->capture_default_str();
  app.add_option("--seed", seed, "Seed of the changes");
  CLI11_PARSE(app, argc, argv);
  const FuzzedParser* const parser = FindFuzzedParser(name);
  if (parser == nullptr) {
    std::fprintf(stderr, "parser_fuzzer: there is no reader %s\n", name.c_str());
    return 2;
  }
  std::vector<std::string> seeds = OwnSeeds(name);
  for (const std::string& folder : folders) {
    for (std::string& bytes : SeedsIn(folder)) seeds.push_back(std::move(bytes));
  }
  std::printf("%s: %zu seeds, seed %llu, %d s\n", name.c_str(), seeds.size(),
              static_cast<unsigned long long>(seed), seconds);
  std::fflush(stdout);
  ByteMutator mutator(seed, parser->words, std::move(seeds));
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::seconds(seconds);
  const std::string kept = "crash-" + name;
  long long count = 0;
  while (Clock::now() < until) {
    const std::string bytes = mutator.Next();
    std::ofstream(kept, std::ios::binary | std::ios::trunc) << bytes;
    parser->read(bytes);
    ++count;
  }
  std::filesystem::remove(kept);
  std::printf("%s: %lld files, no crash\n", name.c_str(), count);
  return 0;
}
