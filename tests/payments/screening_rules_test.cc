// Screening without a database: who is found, who is not, and what papers change about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "payments/screening/name_match.h"
#include "payments/screening/screening.h"
#include "payments/screening/watch_list.h"

namespace sluice::payments {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Made up; no real person or organization.
const std::vector<std::string>& ListedNames() {
  static const std::vector<std::string> names = {
      "VARGHOLM, Otmar Ilian",    "QASSIRI, Nadim Abd al-Tuwar", "Zerkovich Shipping L.L.C.",
      "BRUNNHILDEN O'TARRAGH",    "A.B.C. TARVONIA TRADING",     "Al-Mistarah Foundation",
      "PEÑALOZA-QUINTREL, Jesús", "Krszyżanowicz Spółka",        "Société Générique Ouvelle",
      "DELACROYNE, Amélie",       "HOLDING VOSTRELLA S.A.",      "YMBROSE DIALYSIS INC",
      "NGUYỄN VĂN THẠCHRON",      "MÜLLENHAUPT-ØSTERGRÅD GmbH",  "St. Wendrow Pain Clinic"};
  return names;
}

WatchList ListOf(const std::vector<std::string>& names) {
  WatchList list{.source = ListSource::kSdn, .parties = {}};
  for (const std::string& name : names) {
    list.parties.push_back(
        {.key = std::to_string(list.parties.size() + 1), .names = {name}, .program = "TEST"});
  }
  return list;
}

ScreenedPayee Named(const std::string& name, std::int64_t id = 1) {
  return {.payee = PayeeId(id), .names = {name}};
}

std::vector<ScreeningFinding> FindIn(const WatchList& list, const ScreenedPayee& payee) {
  return Screener(list).Screen(std::span(&payee, 1));
}

TEST(Names, AreWordsInPlainCapitals) {
  EXPECT_THAT(SplitName("Müller-O'Brien, M.D.").words, ElementsAre("MULLER", "OBRIEN", "MD"));
  EXPECT_THAT(SplitName("Acme, L.L.C.").words, ElementsAre("ACME", "LLC"));
  EXPECT_THAT(SplitName("J. Smith").words, ElementsAre("J", "SMITH"));
  EXPECT_THAT(SplitName("J.Smith").words, ElementsAre("J", "SMITH"));
  EXPECT_THAT(SplitName("St.John").words, ElementsAre("ST", "JOHN"));
  EXPECT_THAT(SplitName("Łódź Straße Ærø").words, ElementsAre("LODZ", "STRASSE", "AERO"));
  EXPECT_THAT(SplitName("Jose\u0301 Nguyễn").words, ElementsAre("JOSE", "NGUYEN"));
  EXPECT_THAT(SplitName("Pe\xF1"
                        "a")
                  .words,
              ElementsAre("PENA"));  // Latin-1
  EXPECT_THAT(SplitName(" -- & . ").words, IsEmpty());
}

// The same name as a clerk may write it.
class Rewriter {
 public:
  explicit Rewriter(std::mt19937_64& random) : random_(random) {}

  std::string Rewrite(const std::string& name) {
    std::vector<std::string> parts;
    std::string part;
    for (const char c : name + " ") {
      if (c != ' ' && c != ',') {
        part += c;
      } else if (!part.empty()) {
        parts.push_back(std::move(part));
        part.clear();
      }
    }
    if (Coin()) std::ranges::shuffle(parts, random_);
    static const std::vector<std::string> kSuffixes = {"INC",  "LLC", "L.L.C.", "Corp.",
                                                       "M.D.", "Jr.", "P.C.",   "Ltd"};
    if (Coin()) parts.push_back(kSuffixes[random_() % kSuffixes.size()]);
    std::string written;
    for (const std::string& each : parts) {
      if (!written.empty()) written += Coin() ? " " : (Coin() ? ", " : "  ");
      written += Spell(each);
    }
    return written;
  }

 private:
  bool Coin() { return random_() % 2 == 0; }

  std::string Spell(const std::string& word) {
    std::string spelled;
    const bool lower = Coin();
    const bool accents = Coin();
    for (const char c : word) {
      const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (letter) {
        spelled += lower ? static_cast<char>(std::tolower(c)) : c;
        // A combining acute accent follows its letter.
        if (accents && random_() % 4 == 0) spelled += "\xCC\x81";
      } else if (c == '\'') {
        spelled += Coin() ? "\xE2\x80\x99" : (Coin() ? "" : "'");
      } else if (c == '-') {
        spelled += Coin() ? "-" : (Coin() ? " " : "");
      } else {
        spelled += c;
      }
    }
    return spelled;
  }

  std::mt19937_64& random_;
};

// feature:R02
TEST(Screening, FindsEveryListedNameHoweverItIsWritten) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  Rewriter rewriter(random);
  const WatchList list = ListOf(ListedNames());
  const Screener screener(list);
  for (int round = 0; round < 200; ++round) {
    for (std::size_t i = 0; i < list.parties.size(); ++i) {
      const ScreenedPayee payee = Named(rewriter.Rewrite(list.parties[i].names.front()));
      const auto findings = screener.Screen(std::span(&payee, 1));
      const bool found = std::ranges::any_of(
          findings, [&](const ScreeningFinding& finding) { return finding.party == i; });
      ASSERT_TRUE(found) << "'" << payee.names.front() << "' is " << list.parties[i].names.front();
    }
  }
}

// feature:R02
TEST(Screening, FindsNobodyByCommonWordsAlone) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  static const std::vector<std::string> kCommon = {
      "Medical",  "Center", "Health",  "Clinic",  "Group",      "Hospital", "Services",   "Family",
      "Regional", "Care",   "Trading", "Holding", "Foundation", "Pharmacy", "Associates", "of",
      "the",      "and",    "Inc",     "LLC",     "Partners",   "Shipping", "Dialysis",   "Pain"};
  // A list in which the last three are in many names, too.
  std::vector<std::string> names = ListedNames();
  for (int i = 0; i < 60; ++i) {
    names.push_back(
        fmt::format("Tarv{} Shipping Dialysis Pain Company",
                    std::string(3, static_cast<char>('a' + i % 26)) + std::to_string(i)));
  }
  const WatchList list = ListOf(names);
  const Screener screener(list);
  for (int round = 0; round < 3'000; ++round) {
    std::string name;
    for (std::size_t words = 1 + random() % 5; words > 0; --words) {
      name += kCommon[random() % kCommon.size()] + " ";
    }
    const ScreenedPayee payee = Named(name);
    const auto findings = screener.Screen(std::span(&payee, 1));
    ASSERT_THAT(findings, IsEmpty()) << name << " found " << findings.front().listed_name;
  }
}

TEST(Screening, NeedsTheWholeNameOrNearlyAll) {
  const WatchList list = ListOf({"VARGHOLM, Otmar Ilian", "Zerkovich Shipping LLC"});
  EXPECT_THAT(FindIn(list, Named("Otmar Ilian Vargholm Medical Clinic")).size(), 1U);
  EXPECT_THAT(FindIn(list, Named("Otmar Vargholm")), IsEmpty());    // another given name is listed
  EXPECT_THAT(FindIn(list, Named("Petra Vargholm")), IsEmpty());    // a relative
  EXPECT_THAT(FindIn(list, Named("Zerkovich Health")), IsEmpty());  // shares one word of two
  const auto typo = FindIn(list, Named("Otmar Ilian Varghlom"));
  ASSERT_EQ(typo.size(), 1U);
  EXPECT_LT(typo.front().score, kPerfectScore);
  const auto exact = FindIn(list, Named("Zerkovich Shipping"));
  ASSERT_EQ(exact.size(), 1U);
  EXPECT_EQ(exact.front().score, kPerfectScore);
  EXPECT_THAT(exact.front().reason, HasSubstr("ZERKOVICH"));
}

TEST(Screening, TheSameCommonWordsInWhateverOrderAreForAPerson) {
  const WatchList list = ListOf({"Community Health Center Inc"});
  const auto same = FindIn(list, Named("Health Center Community, LLC"));
  ASSERT_EQ(same.size(), 1U);
  EXPECT_EQ(same.front().score, kMatchScore);
  EXPECT_THAT(FindIn(list, Named("Community Health Center North")), IsEmpty());
  EXPECT_THAT(FindIn(list, Named("Health Center")), IsEmpty());
}

TEST(Screening, PapersSpeakForAndAgainst) {
  WatchList list = ListOf({"TARRAGHAN, Ilse"});
  ListedParty& listed = list.parties.front();
  listed.is_person = true;
  listed.npi = "1234567893";
  listed.born_on = MakeDate(1960, 5, 6);
  ScreenedPayee payee = Named("Ilse Tarraghan");
  payee.is_person = true;
  EXPECT_EQ(FindIn(list, payee).size(), 1U);
  payee.npi = "1000100010";
  EXPECT_THAT(FindIn(list, payee), IsEmpty());  // a namesake
  payee.is_person = false;                      // the number of a practice says nothing about her
  EXPECT_EQ(FindIn(list, payee).size(), 1U);
  payee.is_person = true;
  payee.npi.clear();
  payee.born_on = MakeDate(1961, 5, 6);
  EXPECT_THAT(FindIn(list, payee), IsEmpty());
  payee.born_on = listed.born_on;
  EXPECT_THAT(FindIn(list, payee).front().reason, HasSubstr("born on the same day"));
  // The number alone is enough, whatever the name.
  ScreenedPayee married = Named("Ilse Wendrow");
  married.npi = listed.npi;
  const auto found = FindIn(list, married);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().score, kPerfectScore);
  EXPECT_THAT(found.front().reason, HasSubstr("the same NPI"));
}

TEST(Screening, EveryNameOfBothSidesCounts) {
  WatchList list = ListOf({"Main Name Nobody Has"});
  list.parties.front().names.push_back("QASSIRI, Nadim");
  ScreenedPayee payee = Named("Lakes Practice");
  payee.names.push_back("Nadim Qassiri");  // its owner
  const auto found = FindIn(list, payee);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().listed_name, "QASSIRI, Nadim");
  EXPECT_EQ(found.front().payee_name, "Nadim Qassiri");
}

TEST(Screening, ADigestChangesWithWhateverIsCompared) {
  const ScreenedPayee payee = Named("Lakes Practice");
  ScreenedPayee other = payee;
  other.names.push_back("Owner");
  EXPECT_NE(DigestOf(payee), DigestOf(other));
  other = payee;
  other.born_on = MakeDate(1960, 1, 1);
  EXPECT_NE(DigestOf(payee), DigestOf(other));
  ListedParty listed{.key = "1", .names = {"A"}};
  const Digest before = DigestOf(listed);
  listed.npi = "1234567893";
  EXPECT_NE(DigestOf(listed), before);
}

constexpr std::string_view kSdnCsv =
    "101,\"VARGHOLM, Otmar\",\"individual\",\"TESTLAND\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"
    "\"DOB 10 Dec 1948; POB Nowhere.\"\r\n"
    "102,\"ZERKOVICH SHIPPING\",-0- ,\"TESTLAND\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n"
    "\x1A";

TEST(SdnFile, IsReadWithItsAlternateNames) {
  const auto list =
      ReadSdn(kSdnCsv, "102,55,\"aka\",\"Z-Lines\",-0- \r\n102,56,\"fka\",\"OLD NAME\",-0- \r\n");
  ASSERT_TRUE(list.ok()) << StatusMessage(list.status());
  ASSERT_EQ(list->parties.size(), 2U);
  EXPECT_TRUE(list->parties[0].is_person);
  EXPECT_EQ(list->parties[0].born_on, MakeDate(1948, 12, 10));
  EXPECT_EQ(list->parties[0].program, "TESTLAND");
  EXPECT_FALSE(list->parties[1].is_person);
  EXPECT_FALSE(list->parties[1].born_on);
  EXPECT_THAT(list->parties[1].names, ElementsAre("ZERKOVICH SHIPPING", "Z-Lines", "OLD NAME"));
}

TEST(SdnFile, SaysTheSameInFixedFields) {
  const auto padded = [](const std::string& text, std::size_t size) {
    return text + std::string(size - text.size(), ' ');
  };
  const auto record = [&](const std::string& number, const std::string& name,
                          const std::string& kind, const std::string& remarks) {
    return std::string(10 - number.size(), ' ') + number + padded(name, 350) + padded(kind, 12) +
           padded("TESTLAND", 200) + padded("-0-", 445) + padded(remarks, 1'000) + "\r\n";
  };
  const std::string fixed =
      record("101", "VARGHOLM, Otmar", "individual", "DOB 10 Dec 1948; POB Nowhere.") +
      record("102", "ZERKOVICH SHIPPING", "-0-", "-0-");
  const std::string alternates = std::string(7, ' ') + "102" + padded("55", 10) + padded("aka", 8) +
                                 padded("Z-Lines", 350) + padded("-0-", 200) + "\n";
  const auto read = ReadSdn(fixed, alternates);
  ASSERT_TRUE(read.ok()) << StatusMessage(read.status());
  const auto csv = ReadSdn(kSdnCsv, "102,55,\"aka\",\"Z-Lines\",-0- \r\n");
  ASSERT_EQ(read->parties.size(), csv->parties.size());
  for (std::size_t i = 0; i < csv->parties.size(); ++i) {
    EXPECT_EQ(DigestOf(read->parties[i]), DigestOf(csv->parties[i]));
    EXPECT_EQ(read->parties[i].program, csv->parties[i].program);
  }
}

TEST(SdnFile, IsRefusedWholeWhenOneLineIsWrong) {
  EXPECT_THAT(StatusMessage(ReadSdn("abc,\"N\",-0-,p,,,,,,,,\n", "").status()),
              HasSubstr("sdn.csv line 1"));
  EXPECT_THAT(StatusMessage(ReadSdn("1,\"N\",-0-,p,,,,,,,,\n1,\"M\",-0-,p,,,,,,,,\n", "").status()),
              HasSubstr("entry 1 is there twice"));
  EXPECT_FALSE(ReadSdn("1,\"N\",-0-,p,,,\n", "").ok());  // columns are missing
  EXPECT_THAT(StatusMessage(ReadSdn("1,-0-,-0-,p,,,,,,,,\n", "").status()),
              HasSubstr("has no name"));
  EXPECT_THAT(StatusMessage(ReadSdn(kSdnCsv, "777,1,aka,X,-0-\n").status()),
              HasSubstr("take both files of one day"));
}

constexpr std::string_view kLeieHeader =
    "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,"
    "EXCLTYPE,EXCLDATE,REINDATE,WAIVERDATE,WVRSTATE\n";

TEST(LeieFile, NamesPersonsAndBusinesses) {
  const auto list = ReadLeie(
      std::string(kLeieHeader) +
      "TARRAGHAN,ILSE,MARA,,PHYSICIAN,,,1234567893,19600506,1 ST,TOWN,OH,43215,1128a1,20200120,"
      "00000000,00000000,\n"
      ",,,YMBROSE DIALYSIS INC,OTHER,,,0000000000,,2 ST,TOWN,OH,43215,1128b8,20210120,00000000,"
      "00000000,\n");
  ASSERT_TRUE(list.ok()) << StatusMessage(list.status());
  ASSERT_EQ(list->parties.size(), 2U);
  EXPECT_TRUE(list->parties[0].is_person);
  EXPECT_THAT(list->parties[0].names, ElementsAre("ILSE MARA TARRAGHAN", "ILSE TARRAGHAN"));
  EXPECT_EQ(list->parties[0].npi, "1234567893");
  EXPECT_EQ(list->parties[0].born_on, MakeDate(1960, 5, 6));
  EXPECT_EQ(list->parties[0].program, "1128a1");
  EXPECT_EQ(list->parties[1].npi, "");
  EXPECT_THAT(list->parties[1].names, ElementsAre("YMBROSE DIALYSIS INC"));
  EXPECT_THAT(StatusMessage(ReadLeie("LASTNAME,FIRSTNAME\nA,B\n").status()), HasSubstr("MIDNAME"));
  EXPECT_THAT(StatusMessage(ReadLeie(std::string(kLeieHeader) +
                                     "A,B,,,,,,123,19600506,,,,,1128a1,20200120,,,\n")
                                .status()),
              HasSubstr("an NPI has ten digits"));
}

}  // namespace
}  // namespace sluice::payments
