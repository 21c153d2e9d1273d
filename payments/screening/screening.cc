#include "payments/screening/screening.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace sluice::payments {
namespace {

constexpr int kAgainst = 300;
constexpr int kForIt = 100;

struct PayeeName {
  std::size_t payee = 0;
  std::size_t name = 0;
  NameWords words;
};

// Where the payees' names are found by a word, or by all their words.
class PayeeIndex {
 public:
  PayeeIndex(std::span<const ScreenedPayee> payees, const WordFrequencies& frequencies)
      : frequencies_(frequencies) {
    for (std::size_t payee = 0; payee < payees.size(); ++payee) {
      for (std::size_t name = 0; name < payees[payee].names.size(); ++name) {
        NameWords words = SplitName(payees[payee].names[name]);
        if (words.words.empty()) continue;
        for (const std::string& key : KeysOfName(words)) {
          if (frequencies.IsDistinctive(key)) by_word_[key].push_back(names_.size());
        }
        by_signature_[SignatureOf(words)].push_back(names_.size());
        names_.push_back({payee, name, std::move(words)});
      }
    }
  }

  // The names that share a distinctive word with it, or all words.
  std::set<std::size_t> Candidates(const NameWords& listed) const {
    std::set<std::size_t> found;
    const auto add = [&](const auto& index, const std::string& key) {
      const auto at = index.find(key);
      if (at != index.end()) found.insert(at->second.begin(), at->second.end());
    };
    for (const std::string& key : KeysOfName(listed)) add(by_word_, key);
    add(by_signature_, SignatureOf(listed));
    return found;
  }

  const PayeeName& operator[](std::size_t index) const { return names_[index]; }

 private:
  const WordFrequencies& frequencies_;
  std::vector<PayeeName> names_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_word_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_signature_;
};

std::string ReasonOf(const NameScore& score) {
  if (score.distinctive.empty()) return "the same common words";
  std::string words;
  for (const std::string& word : score.distinctive) words += (words.empty() ? "" : ", ") + word;
  return (score.same ? "the same name: " : "has ") + words;
}

// What papers say for and against it.
void Corroborate(const ScreenedPayee& payee, const ListedParty& party, ScreeningFinding& finding) {
  const auto note = [&](int points, std::string_view words) {
    finding.score = std::clamp(finding.score + points, 0, kPerfectScore);
    finding.reason += "; ";
    finding.reason += words;
  };
  if (!payee.npi.empty() && !party.npi.empty()) {
    if (payee.npi == party.npi) {
      note(kPerfectScore, "the same NPI");
    } else if (payee.is_person == party.is_person) {
      note(-kAgainst, "another NPI");
    }
  }
  if (payee.born_on && party.born_on) {
    const bool same = *payee.born_on == *party.born_on;
    note(same ? kForIt : -kAgainst, same ? "born on the same day" : "born on another day");
  }
}

void AddNames(CanonicalWriter& writer, const std::vector<std::string>& names) {
  writer.I64(static_cast<std::int64_t>(names.size()));
  for (const std::string& name : names) writer.Text(name);
}

std::optional<std::int64_t> DayNumber(const std::optional<Date>& date) {
  if (!date) return std::nullopt;
  return date->time_since_epoch().count();
}

}  // namespace

Digest DigestOf(const ScreenedPayee& payee) {
  CanonicalWriter writer("sluice.screened.v1");
  writer.I64(payee.payee.Value()).U8(payee.is_person ? 1 : 0).Text(payee.npi);
  writer.OptionalI64(DayNumber(payee.born_on));
  AddNames(writer, payee.names);
  return writer.Hash();
}

Digest DigestOf(const ListedParty& party) {
  CanonicalWriter writer("sluice.listed.v1");
  writer.Text(party.key).U8(party.is_person ? 1 : 0).Text(party.npi);
  writer.OptionalI64(DayNumber(party.born_on));
  AddNames(writer, party.names);
  return writer.Hash();
}

Screener::Screener(const WatchList& list) : list_(list) {
  for (std::size_t party = 0; party < list.parties.size(); ++party) {
    const auto& names = list.parties[party].names;
    for (std::size_t name = 0; name < names.size(); ++name) {
      NameWords words = SplitName(names[name]);
      if (words.words.empty()) continue;
      frequencies_.Add(words);
      names_.push_back({party, name, std::move(words)});
    }
  }
}

std::vector<ScreeningFinding> Screener::Screen(std::span<const ScreenedPayee> payees) const {
  const PayeeIndex index(payees, frequencies_);
  std::map<std::pair<std::size_t, std::size_t>, ScreeningFinding> best;
  for (const ListedName& listed : names_) {
    for (const std::size_t candidate : index.Candidates(listed.words)) {
      const PayeeName& name = index[candidate];
      const NameScore score = ScoreNames(listed.words, name.words, frequencies_);
      if (score.score == 0) continue;
      ScreeningFinding& finding = best[{name.payee, listed.party}];
      if (finding.score >= score.score) continue;
      finding = {.payee = payees[name.payee].payee,
                 .party = listed.party,
                 .score = score.score,
                 .listed_name = list_.parties[listed.party].names[listed.name],
                 .payee_name = payees[name.payee].names[name.name],
                 .reason = ReasonOf(score)};
    }
  }
  std::unordered_map<std::string, std::vector<std::size_t>> by_npi;
  for (std::size_t payee = 0; payee < payees.size(); ++payee) {
    if (!payees[payee].npi.empty()) by_npi[payees[payee].npi].push_back(payee);
  }
  for (std::size_t party = 0; party < list_.parties.size(); ++party) {
    const ListedParty& listed = list_.parties[party];
    const auto same = listed.npi.empty() ? by_npi.end() : by_npi.find(listed.npi);
    if (same == by_npi.end()) continue;
    for (const std::size_t payee : same->second) {
      const std::string name = payees[payee].names.empty() ? "" : payees[payee].names.front();
      best.try_emplace({payee, party}, ScreeningFinding{.payee = payees[payee].payee,
                                                        .party = party,
                                                        .score = 0,
                                                        .listed_name = listed.names.front(),
                                                        .payee_name = name,
                                                        .reason = "another name"});
    }
  }
  std::vector<ScreeningFinding> findings;
  for (auto& [key, finding] : best) {
    Corroborate(payees[key.first], list_.parties[key.second], finding);
    if (finding.score >= kMatchScore) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace sluice::payments
