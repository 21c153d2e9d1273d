#include "payments/screening/name_match.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace sluice::payments {
namespace {

constexpr int kDistinctiveWeight = 4;
constexpr int kCommonWeight = 1;
// A word of more than this many names in a thousand is common, and in small lists one of more than
// this many names.
constexpr std::int64_t kCommonPerThousand = 2;
constexpr std::int64_t kCommonAtLeast = 20;
constexpr std::size_t kShortestForTypo = 6;

// In order, for binary search.
constexpr std::array<std::string_view, 63> kNoise = {
    "AG",   "AND",         "AS",   "ASSN", "BHD",     "BV",  "CIA",  "CO",  "COMPANY",
    "CORP", "CORPORATION", "CRNA", "DBA",  "DC",      "DDS", "DE",   "DMD", "DO",
    "DPM",  "DR",          "ESQ",  "FZE",  "GMBH",    "II",  "III",  "INC", "INCORPORATED",
    "IV",   "JR",          "JSC",  "KG",   "LIMITED", "LLC", "LLP",  "LP",  "LTD",
    "LTDA", "MD",          "MISS", "MR",   "MRS",     "MS",  "NP",   "NV",  "OD",
    "OF",   "OJSC",        "OOO",  "PA",   "PC",      "PHD", "PJSC", "PLC", "PLLC",
    "PTY",  "RN",          "SA",   "SAL",  "SARL",    "SPA", "SR",   "SRL", "THE"};

constexpr std::array<std::string_view, 91> kTrade = {
    "ACADEMIC",      "ACUTE",        "ADULT",        "AMERICA",        "AMERICAN",   "ASSOCIATES",
    "ASSOCIATION",   "BEHAVIORAL",   "BUSINESS",     "CANCER",         "CARDIOLOGY", "CARE",
    "CENTER",        "CENTERS",      "CENTRAL",      "CENTRE",         "CHILDREN",   "CHILDRENS",
    "CITY",          "CLINIC",       "CLINICS",      "COMMUNITY",      "COUNTY",     "DENTAL",
    "DENTISTRY",     "DEPARTMENT",   "DIAGNOSTIC",   "EAST",           "EASTERN",    "EMERGENCY",
    "ENTERPRISES",   "EQUIPMENT",    "FAMILY",       "FIRST",          "FOUNDATION", "GENERAL",
    "GLOBAL",        "GROUP",        "HEALTH",       "HEALTHCARE",     "HOLDING",    "HOLDINGS",
    "HOME",          "HOSPICE",      "HOSPITAL",     "INDUSTRIES",     "INSTITUTE",  "INTERNAL",
    "INTERNATIONAL", "LAB",          "LABORATORIES", "LABORATORY",     "MANAGEMENT", "MEDICAL",
    "MEDICINE",      "MEMORIAL",     "MENTAL",       "NATIONAL",       "NETWORK",    "NORTH",
    "NORTHERN",      "NURSING",      "ORGANIZATION", "ORTHOPEDIC",     "PARTNERS",   "PARTNERSHIP",
    "PEDIATRIC",     "PEDIATRICS",   "PHARMACY",     "PHYSICIAN",      "PHYSICIANS", "PRACTICE",
    "PRIMARY",       "PROFESSIONAL", "REGIONAL",     "REHABILITATION", "SERVICE",    "SERVICES",
    "SOLUTIONS",     "SOUTH",        "SOUTHERN",     "STATE",          "SUPPLIES",   "SUPPLY",
    "SURGERY",       "SURGICAL",     "SYSTEM",       "THERAPY",        "TRADING",    "TRUST",
    "UNIVERSITY"};

static_assert(std::ranges::is_sorted(kNoise));
static_assert(std::ranges::is_sorted(kTrade));

// The letters of a code point in capitals without accents; empty for what is no letter or digit.
std::string_view PlainLetters(std::uint32_t c) {
  static constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  static constexpr std::string_view kDigits = "0123456789";
  if (c >= 'A' && c <= 'Z') return kUpper.substr(c - 'A', 1);
  if (c >= 'a' && c <= 'z') return kUpper.substr(c - 'a', 1);
  if (c >= '0' && c <= '9') return kDigits.substr(c - '0', 1);
  // U+00C0 to U+00FF, by their lower bits: capitals and small letters stand 32 apart.
  static constexpr std::array<std::string_view, 32> kLatin1 = {
      "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I",  "I",
      "D", "N", "O", "O", "O", "O", "O",  "",  "O", "U", "U", "U", "U", "Y", "TH", ""};
  if (c == 0xDF) return "SS";
  if (c == 0xFF) return "Y";
  if (c >= 0xC0 && c <= 0xFE) return kLatin1[(c - 0xC0) % 32];
  // U+0100 to U+017F.
  struct Range {
    std::uint32_t last;
    std::string_view letters;
  };
  static constexpr std::array<Range, 31> kExtended = {{
      {0x105, "A"},  {0x10D, "C"},  {0x111, "D"},  {0x11B, "E"}, {0x123, "G"}, {0x127, "H"},
      {0x131, "I"},  {0x133, "IJ"}, {0x135, "J"},  {0x138, "K"}, {0x142, "L"}, {0x149, "N"},
      {0x14B, "NG"}, {0x151, "O"},  {0x153, "OE"}, {0x159, "R"}, {0x161, "S"}, {0x167, "T"},
      {0x173, "U"},  {0x175, "W"},  {0x178, "Y"},  {0x17E, "Z"}, {0x17F, "S"}, {0x19F, ""},
      {0x1A1, "O"},  {0x1AE, ""},   {0x1B0, "U"},  {0x217, ""},  {0x219, "S"}, {0x21B, "T"},
      {0x21C, ""},
  }};
  if (c < 0x100) return "";
  // Latin Extended Additional: Vietnamese and others, in blocks by letter.
  static constexpr std::array<Range, 22> kAdditional = {{
      {0x1E01, "A"}, {0x1E07, "B"}, {0x1E09, "C"}, {0x1E13, "D"}, {0x1E1D, "E"}, {0x1E1F, "F"},
      {0x1E21, "G"}, {0x1E2B, "H"}, {0x1E2F, "I"}, {0x1E35, "K"}, {0x1E3D, "L"}, {0x1E43, "M"},
      {0x1E4B, "N"}, {0x1E53, "O"}, {0x1E57, "P"}, {0x1E5F, "R"}, {0x1E69, "S"}, {0x1E71, "T"},
      {0x1E7B, "U"}, {0x1E7F, "V"}, {0x1E89, "W"}, {0x1E8D, "X"},
  }};
  static constexpr std::array<Range, 8> kVietnamese = {{
      {0x1E8F, "Y"},
      {0x1E95, "Z"},
      {0x1E9F, ""},
      {0x1EB7, "A"},
      {0x1EC7, "E"},
      {0x1ECB, "I"},
      {0x1EE3, "O"},
      {0x1EF1, "U"},
  }};
  const auto in = [c](const auto& ranges) -> std::string_view {
    const auto* const found =
        std::ranges::find_if(ranges, [c](const Range& range) { return c <= range.last; });
    return found == ranges.end() ? std::string_view() : found->letters;
  };
  if (c <= 0x21C) return in(kExtended);
  if (c >= 0x1E00 && c <= 0x1E8D) return in(kAdditional);
  if (c >= 0x1E8E && c <= 0x1EF1) return in(kVietnamese);
  if (c >= 0x1EF2 && c <= 0x1EF9) return "Y";
  return "";
}

// The next code point of UTF-8; a byte that begins none stands for itself (Latin-1).
std::uint32_t NextCodePoint(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  std::size_t size = 1;
  if (lead >= 0xC2 && lead < 0xE0) size = 2;
  if (lead >= 0xE0 && lead < 0xF0) size = 3;
  if (lead >= 0xF0 && lead < 0xF5) size = 4;
  bool whole = text.size() >= size;
  for (std::size_t i = 1; whole && i < size; ++i) whole = (byte(i) & 0xC0U) == 0x80U;
  if (!whole) size = 1;
  std::uint32_t c = lead;
  if (size > 1) {
    c = lead & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) c = (c << 6U) | (byte(i) & 0x3FU);
  }
  text.remove_prefix(size);
  return c;
}

// Accents that follow their letter, and apostrophes: they neither end a word nor are part of it.
bool IsSilent(std::uint32_t c) {
  return (c >= 0x300 && c <= 0x36F) || c == '\'' || c == '`' || c == 0xB4 || c == 0x2B9 ||
         c == 0x2BB || c == 0x2BC || c == 0x2018 || c == 0x2019 || c == 0x2032 || c == 0xAD ||
         c == 0x200B || c == 0x200D;
}

// More letters of a word follow.
bool StartsWord(std::string_view rest) {
  if (rest.empty()) return false;
  const std::uint32_t c = NextCodePoint(rest);
  return IsSilent(c) || !PlainLetters(c).empty();
}

// At most one letter more, less or other.
bool IsTypo(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() < kShortestForTypo || b.size() - a.size() > 1) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (a.size() == b.size()) {
    const bool other = a.substr(i + std::min<std::size_t>(1, a.size() - i)) ==
                       b.substr(i + std::min<std::size_t>(1, b.size() - i));
    const bool swapped = i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
                         a.substr(i + 2) == b.substr(i + 2);
    return other || swapped;
  }
  return a.substr(i) == b.substr(i + 1);
}

// A word with its weight, and how much of it the other name has. Noise and letters weigh nothing.
struct WeighedWord {
  std::string word;
  int weight = 0;
  bool matched = false;
  int credit = 0;

  void Match() {
    matched = true;
    credit = weight;
  }
};

class NameComparison {
 public:
  NameComparison(const NameWords& listed, const NameWords& payee,
                 const WordFrequencies& frequencies)
      : listed_(Weigh(listed, frequencies)), payee_(Weigh(payee, frequencies)) {}

  NameScore Score() {
    for (WeighedWord& word : listed_) MatchExactly(word);
    JoinNeighbors(listed_, payee_);
    JoinNeighbors(payee_, listed_);
    NameScore result;
    result.same = IsWhole(listed_) && IsWhole(payee_);
    for (WeighedWord& word : listed_) MatchNearly(word);
    for (const auto* words : {&listed_, &payee_}) {
      for (const WeighedWord& word : *words) {
        if (word.weight == kDistinctiveWeight && word.credit == word.weight) {
          result.distinctive.push_back(word.word);
        }
      }
    }
    std::ranges::sort(result.distinctive);
    const auto repeated = std::ranges::unique(result.distinctive);
    result.distinctive.erase(repeated.begin(), repeated.end());
    if (!result.distinctive.empty()) {
      result.score = (7 * Coverage(listed_) + 3 * Coverage(payee_)) / 10;
    } else if (result.same && SameInCommonWords()) {
      // A person has to look, and it is not sure.
      result.score = kMatchScore;
    }
    return result;
  }

 private:
  static std::vector<WeighedWord> Weigh(const NameWords& name, const WordFrequencies& frequencies) {
    std::vector<WeighedWord> weighed;
    int all = 0;
    for (const std::string& word : name.words) {
      int weight = frequencies.IsDistinctive(word) ? kDistinctiveWeight : kCommonWeight;
      if (word.size() < 2 || IsNoiseWord(word)) weight = 0;
      all += weight;
      weighed.push_back({.word = word, .weight = weight});
    }
    // A name of nothing but noise: then the noise is the name.
    if (all == 0) {
      for (WeighedWord& word : weighed) word.weight = kCommonWeight;
    }
    return weighed;
  }

  void MatchExactly(WeighedWord& word) {
    const auto found = std::ranges::find_if(payee_, [&](const WeighedWord& other) {
      return !other.matched && other.word == word.word;
    });
    if (found == payee_.end()) return;
    word.Match();
    found->Match();
  }

  // "ALQAIDA" of one name is "AL QAIDA" of the other.
  static void JoinNeighbors(std::vector<WeighedWord>& one, std::vector<WeighedWord>& other) {
    for (WeighedWord& word : one) {
      if (word.matched) continue;
      for (std::size_t first = 0; first < other.size() && !word.matched; ++first) {
        std::string joined;
        for (std::size_t last = first; last < other.size(); ++last) {
          if (other[last].matched || joined.size() >= word.word.size()) break;
          joined += other[last].word;
          if (joined != word.word) continue;
          word.Match();
          for (std::size_t i = first; i <= last; ++i) other[i].Match();
          break;
        }
      }
    }
  }

  // It counts, but is nothing to find a match by.
  void MatchNearly(WeighedWord& word) {
    if (word.matched || word.weight == 0) return;
    const auto found = std::ranges::find_if(payee_, [&](const WeighedWord& other) {
      return !other.matched && IsTypo(word.word, other.word);
    });
    if (found == payee_.end()) return;
    for (WeighedWord* each : {&word, &*found}) {
      each->matched = true;
      each->credit = each->weight * 3 / 4;
    }
  }

  static bool IsWhole(const std::vector<WeighedWord>& words) {
    return !words.empty() && std::ranges::all_of(words, [](const WeighedWord& word) {
      return word.credit == word.weight;
    });
  }

  // One word that is not even distinctive says too little; then the noise has to be the same, too.
  bool SameInCommonWords() const {
    const auto counts = [](const WeighedWord& word) { return word.weight > 0; };
    const auto matched = [](const WeighedWord& word) { return word.matched; };
    if (std::ranges::count_if(listed_, counts) > 1) return true;
    return std::ranges::all_of(listed_, matched) && std::ranges::all_of(payee_, matched);
  }

  // In thousandths.
  static int Coverage(const std::vector<WeighedWord>& words) {
    int all = 0;
    int credit = 0;
    for (const WeighedWord& word : words) {
      all += word.weight;
      credit += word.credit;
    }
    return all == 0 ? 0 : kPerfectScore * credit / all;
  }

  std::vector<WeighedWord> listed_;
  std::vector<WeighedWord> payee_;
};

}  // namespace

NameWords SplitName(std::string_view name) {
  NameWords split;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) split.words.push_back(std::move(word));
    word.clear();
  };
  bool dotted = false;  // the word is letters that only dots part: "L.L.C."
  bool after_dot = false;
  while (!name.empty()) {
    const std::uint32_t c = NextCodePoint(name);
    if (IsSilent(c)) continue;
    const std::string_view letters = PlainLetters(c);
    if (letters.empty()) {
      after_dot = c == '.' && (word.size() == 1 || dotted);
      dotted = after_dot;
      if (!after_dot) finish();
      continue;
    }
    // "J.Smith" is two words.
    if (after_dot && StartsWord(name)) finish();
    dotted = dotted && !word.empty();
    after_dot = false;
    word += letters;
  }
  finish();
  return split;
}

bool IsNoiseWord(std::string_view word) { return std::ranges::binary_search(kNoise, word); }
bool IsTradeWord(std::string_view word) { return std::ranges::binary_search(kTrade, word); }

void WordFrequencies::Add(const NameWords& name) {
  ++names_;
  for (const std::string& word : std::set<std::string>(name.words.begin(), name.words.end())) {
    ++counts_[word];
  }
}

bool WordFrequencies::IsDistinctive(std::string_view word) const {
  if (word.size() < 2 || IsNoiseWord(word) || IsTradeWord(word)) return false;
  const auto found = counts_.find(word);
  const std::int64_t count = found == counts_.end() ? 0 : found->second;
  return count <= std::max(kCommonAtLeast, names_ * kCommonPerThousand / 1'000);
}

std::vector<std::string> KeysOfName(const NameWords& name) {
  std::set<std::string> keys;
  const auto& words = name.words;
  for (std::size_t first = 0; first < words.size(); ++first) {
    std::string joined;
    for (std::size_t last = first; last < words.size() && last < first + 3; ++last) {
      joined += words[last];
      if (joined.size() >= 2) keys.insert(joined);
    }
  }
  return {keys.begin(), keys.end()};
}

std::string SignatureOf(const NameWords& name) {
  std::vector<std::string_view> counting;
  for (const std::string& word : name.words) {
    if (word.size() >= 2 && !IsNoiseWord(word)) counting.emplace_back(word);
  }
  if (counting.empty()) counting.assign(name.words.begin(), name.words.end());
  std::ranges::sort(counting);
  std::string signature;
  for (const std::string_view word : counting) {
    signature += word;
    signature += ' ';
  }
  return signature;
}

NameScore ScoreNames(const NameWords& listed, const NameWords& payee,
                     const WordFrequencies& frequencies) {
  return NameComparison(listed, payee, frequencies).Score();
}

}  // namespace sluice::payments
