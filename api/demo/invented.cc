#include "api/demo/invented.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <span>

#include "core/check.h"

namespace sluice::demo {
namespace {

constexpr std::array<std::string_view, 40> kFamilyNames{
    "Abara",     "Bergstrom",  "Castillo",  "Delacroix", "Eastman",   "Farrow",   "Gutierrez",
    "Hallström", "Iwasaki",    "Jankowski", "Kessler",   "Lindqvist", "Moreau",   "Nakamura",
    "Okafor",    "Pennington", "Quigley",   "Rasmussen", "Sandoval",  "Thornton", "Uribe",
    "Vance",     "Whitfield",  "Xiong",     "Yamada",    "Zielinski", "Ashworth", "Brannigan",
    "Calloway",  "Dufresne",   "Ellison",   "Fontaine",  "Granger",   "Hollis",   "Ingram",
    "Jernigan",  "Kowalski",   "Laurent",   "Mercado",   "Nystrom"};

constexpr std::array<std::string_view, 32> kGivenNames{
    "Amara",   "Benjamin", "Carmen", "Daniel",  "Elena", "Frank",   "Grace",  "Hassan",
    "Ingrid",  "Julian",   "Keiko",  "Leon",    "Maria", "Nadia",   "Oscar",  "Priya",
    "Quentin", "Rosa",     "Samuel", "Tamara",  "Umar",  "Vera",    "Walter", "Ximena",
    "Yusuf",   "Zoe",      "Alan",   "Beatriz", "Colin", "Dorothy", "Emeka",  "Fiona"};

constexpr std::array<std::string_view, 24> kPlaces{
    "Harbor",     "Mill Creek", "Northside",  "Riverside", "Cedar Hill", "Lakeview",
    "Old Town",   "Summit",     "Prairie",    "Stonegate", "Fairmount",  "Willow Bend",
    "Eastgate",   "Highland",   "Maple Park", "Granite",   "Bayfront",   "Orchard",
    "Pine Ridge", "Westbrook",  "Clearwater", "Juniper",   "Fox Hollow", "Silver Lake"};

constexpr std::array<std::string_view, 12> kPracticeKinds{
    "Family Medicine",    "Internal Medicine", "Primary Care",     "Pediatrics",
    "Medical Associates", "Health Partners",   "Community Clinic", "Women's Health",
    "Geriatric Care",     "Physicians Group",  "Cardiology",       "Endocrinology"};

constexpr std::array<std::string_view, 12> kAcoNames{"Great Lakes Accountable Care",
                                                     "Buckeye Physician Network",
                                                     "Tri-Rivers ACO",
                                                     "Heartland Care Partners",
                                                     "Summit Shared Health",
                                                     "Miami Valley Clinicians",
                                                     "Cuyahoga Integrated Care",
                                                     "Blue Heron ACO",
                                                     "Ohio Valley Medical Alliance",
                                                     "Maumee Bay Providers",
                                                     "Scioto Health Collective",
                                                     "Erie Shore Physicians"};

constexpr std::array<std::string_view, 8> kCommunityNames{
    "Neighbors Table Food Pantry", "Safe Rides Transport",      "Hearth Housing Services",
    "Bridge Literacy Center",      "Elder Company Visits",      "Fresh Start Recovery House",
    "Kitchen Garden Meals",        "Front Porch Health Workers"};

struct City {
  std::string_view name;
  std::string_view zip;
};
constexpr std::array<City, 10> kCities{{{"Columbus", "43215"},
                                        {"Cleveland", "44113"},
                                        {"Cincinnati", "45202"},
                                        {"Toledo", "43604"},
                                        {"Akron", "44308"},
                                        {"Dayton", "45402"},
                                        {"Canton", "44702"},
                                        {"Lima", "45801"},
                                        {"Mansfield", "44902"},
                                        {"Athens", "45701"}}};

constexpr std::array<std::string_view, 12> kStreets{
    "Main Street",  "River Road",     "Market Street", "Oak Avenue",
    "Clinic Drive", "Union Street",   "Garden Lane",   "Station Road",
    "Park Avenue",  "Orchard Street", "Canal Street",  "Mill Road"};

template <typename Array>
std::string_view Pick(Random& random, const Array& values) {
  return values[static_cast<std::size_t>(
      random.Between(0, static_cast<std::int64_t>(values.size()) - 1))];
}

// Streams of neighboring indexes must not overlap, so both parts are scrambled before they meet.
Random At(std::uint64_t seed, std::string_view purpose, std::int64_t index) {
  std::uint64_t state = seed;
  for (const char c : purpose) state = state * 1099511628211ULL + static_cast<unsigned char>(c);
  return Random(Random(state).Next() ^ (Random(static_cast<std::uint64_t>(index)).Next() << 1));
}

}  // namespace

std::uint64_t Random::Next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

std::int64_t Random::Between(std::int64_t low, std::int64_t high) {
  CHECK(low <= high);
  const std::uint64_t span = static_cast<std::uint64_t>(high - low) + 1;
  // The bias of the remainder is below 2^-40 for every span used here.
  return low + static_cast<std::int64_t>(Next() % span);
}

std::string InventedNpi(std::int64_t index) {
  CHECK(index >= 0 && index < 100'000'000);
  std::string npi = fmt::format("1{:08d}", index);
  int sum = 24;  // the Luhn sum of the prefix 80840
  for (std::size_t i = 0; i < npi.size(); ++i) {
    int digit = npi[i] - '0';
    if (i % 2 == 0) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  npi += static_cast<char>('0' + (10 - sum % 10) % 10);
  return npi;
}

std::string InventedTin(std::int64_t index) {
  CHECK(index >= 0 && index < 10'000'000);
  return fmt::format("97{:07d}", index);
}

std::string InventedRoutingNumber(std::uint64_t seed, std::int64_t index) {
  Random pick = At(seed, "bank-of", index);
  Random bank = At(seed, "bank", pick.Between(0, 39));
  const std::string digits = fmt::format("04{:06d}", bank.Between(0, 999'999));
  constexpr std::array<int, 8> kWeights{3, 7, 1, 3, 7, 1, 3, 7};
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string InventedAccountNumber(std::uint64_t seed, std::int64_t index) {
  Random random = At(seed, "account", index);
  const std::int64_t length = random.Between(9, 12);
  std::string digits(1, static_cast<char>('1' + random.Between(0, 8)));
  while (static_cast<std::int64_t>(digits.size()) < length) {
    digits += static_cast<char>('0' + random.Between(0, 9));
  }
  return digits;
}

std::string InventedAcoName(std::int64_t index) {
  const auto size = static_cast<std::int64_t>(kAcoNames.size());
  const std::string name(kAcoNames[static_cast<std::size_t>(index % size)]);
  return index < size ? name : fmt::format("{} {}", name, index / size + 1);
}

std::string InventedPracticeName(std::uint64_t seed, std::int64_t index) {
  // Every (place, kind) pair once before a number is needed.
  const auto places = static_cast<std::int64_t>(kPlaces.size());
  const auto kinds = static_cast<std::int64_t>(kPracticeKinds.size());
  Random random = At(seed, "practice", 0);
  const std::int64_t shifted = index + random.Between(0, 9'999);
  const std::string name =
      fmt::format("{} {}", kPlaces[static_cast<std::size_t>(shifted % places)],
                  kPracticeKinds[static_cast<std::size_t>(shifted / places % kinds)]);
  const std::int64_t round = index / (places * kinds);
  return round == 0 ? name : fmt::format("{} {}", name, round + 1);
}

std::string InventedCommunityOrganizationName(std::int64_t index) {
  const auto size = static_cast<std::int64_t>(kCommunityNames.size());
  const std::string name(kCommunityNames[static_cast<std::size_t>(index % size)]);
  return index < size ? name : fmt::format("{} {}", name, index / size + 1);
}

std::string InventedPersonName(std::uint64_t seed, std::int64_t index) {
  Random random = At(seed, "person", index);
  const std::string_view family = Pick(random, kFamilyNames);
  const std::string_view given = Pick(random, kGivenNames);
  return fmt::format("{}, {} {}", family, given, static_cast<char>('A' + random.Between(0, 25)));
}

PostalAddress InventedAddress(std::uint64_t seed, std::int64_t index) {
  Random random = At(seed, "address", index);
  const City& city = kCities[static_cast<std::size_t>(random.Between(0, 9))];
  const std::int64_t number = random.Between(10, 9'900);
  return PostalAddress{.street = fmt::format("{} {}", number, Pick(random, kStreets)),
                       .city = std::string(city.name),
                       .state = "OH",
                       .zip = std::string(city.zip)};
}

}  // namespace sluice::demo
