// Whether a payee's name is a name on a list: tokens, weights, a score and the reasons for it.
//
//   1. Names are compared as sets of words, in capitals without accents and punctuation. Legal
//      forms, titles and generations (INC, LLC, MD, JR) say nothing about who it is.
//   2. A word is distinctive when few names have it. Words of the trade (MEDICAL, CENTER), and
//   those
//      that many names of the list have, are common.
//   3. Without a distinctive word that both names have there is no match, unless the names are the
//      same but for rule 1 and the order: "Health Center North" is none for "Health Center South".
//   4. The score is from 0 to 1,000: seven parts how much of the listed name the payee's has, three
//      parts the reverse. A match is a score of at least kMatchScore.
//
// Pure and deterministic. Source: LEDGER_RELIABILITY_SECURITY 7 (false hits), PRODUCT R02.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::payments {

inline constexpr int kMatchScore = 850;
inline constexpr int kPerfectScore = 1'000;

// A name taken apart, in its order, single letters and noise included.
struct NameWords {
  std::vector<std::string> words;
};
// "Müller-O'Brien, M.D." gives MULLER, OBRIEN, MD.
NameWords SplitName(std::string_view name);

// Says nothing about who it is: a legal form, a title, a generation, a particle of the language.
bool IsNoiseWord(std::string_view word);
// A word of the trade, whatever the list.
bool IsTradeWord(std::string_view word);

// How often the words of a list's names occur in it.
class WordFrequencies {
 public:
  void Add(const NameWords& name);
  // Of at least two letters, no noise, no word of the trade, and in few of the list's names.
  bool IsDistinctive(std::string_view word) const;

 private:
  std::map<std::string, std::int64_t, std::less<>> counts_;
  std::int64_t names_ = 0;
};

// Where to look for a match: the words, and up to three neighbors written as one.
std::vector<std::string> KeysOfName(const NameWords& name);

struct NameScore {
  int score = 0;                         // 0 where rule 3 says no
  std::vector<std::string> distinctive;  // that both names have
  bool same = false;                     // but for order and noise
};
NameScore ScoreNames(const NameWords& listed, const NameWords& payee,
                     const WordFrequencies& frequencies);
// The words that count, in order of the alphabet: equal for names that are the same in them.
std::string SignatureOf(const NameWords& name);

}  // namespace sluice::payments
