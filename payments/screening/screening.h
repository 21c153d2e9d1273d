// Screening: which payees may be somebody on a list, how sure that is, and why.
//
//   1. A name match is name_match.h's. The same NPI is a match by itself.
//   2. Another NPI of the same kind of payee, or another day of birth, takes 300 off the score; the
//      same day of birth adds 100. So a namesake with papers of his own is no match.
//   3. A finding names one payee and one listed party, with the best score over all their names.
//
// Pure. Source: FORMATS 10.5 (confirm with counsel), PRODUCT R02.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "payments/screening/name_match.h"
#include "payments/screening/watch_list.h"

namespace sluice::payments {

// A payee as it is compared: every name that is known of it.
struct ScreenedPayee {
  PayeeId payee;
  bool is_person = false;
  std::vector<std::string> names;  // enrolled, certified, doing business as, owners
  std::string npi;
  std::optional<Date> born_on;
};
// Of what is compared: a decision about a hit stands while neither side changes.
Digest DigestOf(const ScreenedPayee& payee);
Digest DigestOf(const ListedParty& party);

struct ScreeningFinding {
  PayeeId payee;
  std::size_t party = 0;  // index in the list
  int score = 0;
  std::string listed_name;  // the one that matched best
  std::string payee_name;
  std::string reason;  // "has ZARQAWI; born on the same day"
};

class Screener {
 public:
  // Takes the names apart; keeps a reference to the list.
  explicit Screener(const WatchList& list);

  // By payee and party.
  std::vector<ScreeningFinding> Screen(std::span<const ScreenedPayee> payees) const;
  const WatchList& List() const { return list_; }

 private:
  struct ListedName {
    std::size_t party = 0;
    std::size_t name = 0;
    NameWords words;
  };

  const WatchList& list_;
  std::vector<ListedName> names_;
  WordFrequencies frequencies_;
};

}  // namespace sluice::payments
