// Changes bytes as a fuzzer does, by a seed: for compilers without libFuzzer, and for the ordinary
// run.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::payments {

class ByteMutator {
 public:
  // `words` are put in now and then; `seeds` must not be empty.
  ByteMutator(std::uint64_t seed, std::span<const std::string_view> words,
              std::vector<std::string> seeds)
      : random_(seed), words_(words.begin(), words.end()), seeds_(std::move(seeds)) {}

  // A seed with one to eight changes: bits, bytes, words, lines taken out, doubled or put in from
  // another seed, the end cut off.
  std::string Next() {
    std::string bytes = Any(seeds_);
    const std::size_t changes = 1 + random_() % 8;
    for (std::size_t i = 0; i < changes; ++i) Change(bytes);
    if (bytes.size() > kMost) bytes.resize(kMost);
    return bytes;
  }

 private:
  static constexpr std::size_t kMost = 65'536;

  const std::string& Any(const std::vector<std::string>& from) {
    return from[random_() % from.size()];
  }
  std::size_t Place(const std::string& bytes) { return random_() % (bytes.size() + 1); }

  // From one line end to the next.
  std::pair<std::size_t, std::size_t> Line(const std::string& bytes) {
    constexpr std::string_view kEnds = "\n~";
    const std::size_t at = bytes.find_first_of(kEnds, Place(bytes));
    const std::size_t begin = at == std::string::npos ? 0 : at + 1;
    const std::size_t end = bytes.find_first_of(kEnds, begin);
    return {begin, (end == std::string::npos ? bytes.size() : end + 1) - begin};
  }

  void Change(std::string& bytes) {
    const std::size_t at = Place(bytes);
    const bool inside = at < bytes.size();
    switch (random_() % 9) {
      case 0:
        if (inside) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random_() % 8));
        break;
      case 1:
        if (inside) bytes[at] = static_cast<char>(random_() & 0xFFU);
        break;
      case 2:
        if (inside) bytes[at] = static_cast<char>('0' + random_() % 10);
        break;
      case 3:
        bytes.insert(at, words_[random_() % words_.size()]);
        break;
      case 4:
        bytes.erase(at, random_() % 12);
        break;
      case 5: {
        const auto [begin, size] = Line(bytes);
        bytes.erase(begin, size);
        break;
      }
      case 6: {
        const auto [begin, size] = Line(bytes);
        bytes.insert(begin, bytes.substr(begin, size));
        break;
      }
      case 7: {
        const std::string& other = Any(seeds_);
        const auto [begin, size] = Line(other);
        bytes.insert(Line(bytes).first, other.substr(begin, size));
        break;
      }
      default:
        bytes.resize(at);
        break;
    }
  }

  std::mt19937_64 random_;
  std::vector<std::string> words_;
  std::vector<std::string> seeds_;
};

}  // namespace sluice::payments
