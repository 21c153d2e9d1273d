// The sample files of other projects with their verdicts; absent on a machine without ../shared.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::payments::testing {

inline std::filesystem::path SharedFolder() {
  const char* const named = std::getenv("SLUICE_SHARED");
  return named != nullptr ? named : "../shared";
}

inline std::string ReadWhole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Verdict {
  std::string file, verdict, shows;
};

// The rows of verdicts.tsv of a folder under corpora/; empty when there is none.
inline std::vector<Verdict> Verdicts(const std::string& folder) {
  std::vector<Verdict> verdicts;
  std::ifstream in(SharedFolder() / "corpora" / folder / "verdicts.tsv");
  std::string line;
  std::getline(in, line);  // header
  while (std::getline(in, line)) {
    std::istringstream row(line);
    Verdict verdict;
    std::getline(row, verdict.file, '\t');
    std::getline(row, verdict.verdict, '\t');
    std::getline(row, verdict.shows);
    verdicts.push_back(verdict);
  }
  return verdicts;
}

}  // namespace sluice::payments::testing
