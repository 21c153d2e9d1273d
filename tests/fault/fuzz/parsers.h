// The readers of what comes in, as a fuzzer sees them: bytes in, no crash, the same answer twice.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::payments {

struct FuzzedParser {
  std::string_view name;    // "ach"
  std::string_view corpus;  // the folder under corpora/ with its seeds
  // Reads the bytes twice and aborts when the answers differ or break a rule of the reader.
  void (*read)(std::string_view bytes);
  // Bytes that change much: what a mutation likes to put in.
  std::span<const std::string_view> words;
};

std::span<const FuzzedParser> FuzzedParsers();
// Null when there is none of the name.
const FuzzedParser* FindFuzzedParser(std::string_view name);

// Good files of our own, so that there are seeds where there is no corpus.
std::vector<std::string> OwnSeeds(std::string_view name);
// Every file in the folder and below it.
std::vector<std::string> SeedsIn(const std::filesystem::path& folder);

}  // namespace sluice::payments
