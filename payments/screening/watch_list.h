// Public lists of people and organizations that must not be paid: their entries, and the readers of
// the files that their publishers offer.
//
//   OFAC SDN     sdn.csv with alt.csv, or sdn.ff with alt.ff (fixed fields). No header, "-0-" is
//                nothing, a byte 1A may end the file. Births stand in the remarks.
//   OIG LEIE     UPDATED.csv with a header. NPI 0000000000 is none, dates are YYYYMMDD.
//
// A file is read whole or refused: an entry that is lost is somebody who is paid. The message names
// file, row and field. Source: FORMATS 10.5; the publishers' data specifications.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/status.h"

namespace sluice::payments {

// The numbers are stored.
enum class ListSource : std::int16_t {
  kSdn = 0,   // sanctions: nobody in the country may deal with them
  kLeie = 1,  // excluded from federal health care programs
};
inline constexpr int kListSources = 2;
std::string_view ListSourceName(ListSource source);
StatusOr<ListSource> ParseListSource(std::string_view name);

// One who is listed, with every name.
struct ListedParty {
  std::string key;  // the publisher's own number, or what stands for one
  bool is_person = false;
  std::vector<std::string> names;  // the first is the main one
  std::string npi;                 // empty where the list has none
  std::optional<Date> born_on;
  std::string program;  // under which it is listed
};

struct WatchList {
  ListSource source = ListSource::kSdn;
  std::vector<ListedParty> parties;
};

// `alternates` is the text of alt.csv or alt.ff; empty where there is no such file. The form, CSV
// or fixed, is seen from the text.
StatusOr<WatchList> ReadSdn(std::string_view parties, std::string_view alternates);
StatusOr<WatchList> ReadLeie(std::string_view text);

}  // namespace sluice::payments
