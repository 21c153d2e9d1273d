// Every byte of a good file is changed, one at a time: the reader never crashes, and either refuses
// what it can no longer trust or still means the same money.
#include <gtest/gtest.h>

#include <random>
#include <tuple>

#include "payments/inbound/ach_inbound.h"
#include "payments/inbound/bai2_reader.h"
#include "payments/inbound/x12_acknowledgment.h"
#include "tests/inbound/ach_sample.h"
#include "tests/inbound/bai2_sample.h"

namespace sluice::payments {
namespace {

constexpr std::uint64_t kSeed = 20261005;

using testing::Changed;
using testing::Returned;

// What a delivery says about money: count, credits and debits of what may be used.
using MoneyMeant = std::tuple<std::size_t, std::int64_t, std::int64_t>;

struct Meaning {
  bool refused = false;
  MoneyMeant money;
};

Meaning MeaningOfAch(const std::string& bytes) {
  Meaning meaning;
  auto& [count, credits, debits] = meaning.money;
  for (const AchInboundFile& file : ReadInboundAch("mutant.ach", bytes)) {
    meaning.refused = meaning.refused || WorstOf(file.faults) > FaultScope::kDeviation;
    for (const AchItem& item : file.items) {
      if (!item.IsUsable()) continue;
      ++count;
      (item.debit ? debits : credits) += item.amount.Cents();
    }
  }
  return meaning;
}

Meaning MeaningOfBai2(const std::string& bytes) {
  Meaning meaning;
  auto& [count, credits, debits] = meaning.money;
  const Bai2File file = ReadBai2(bytes);
  meaning.refused = WorstOf(file.faults) > FaultScope::kDeviation;
  for (const Bai2Group& group : file.groups) {
    meaning.refused = meaning.refused || !group.IsBooked();
    for (const Bai2Account& account : group.accounts) {
      for (const Bai2Line& line : account.lines) {
        ++count;
        if (line.direction == BankDirection::kCredit) credits += line.amount.Cents();
        if (line.direction == BankDirection::kDebit) debits += line.amount.Cents();
      }
    }
  }
  return meaning;
}

// Each byte becomes a few others: the neighbors that do most harm, and random ones.
template <typename Read>
void MutateEveryByte(const std::string& good, Read&& read) {
  std::mt19937_64 random(kSeed);
  std::cout << "seed " << kSeed << "\n";
  const Meaning meant = read(good);
  ASSERT_FALSE(meant.refused);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::vector<char> changes = {' ',
                                 '\n',
                                 '0',
                                 '9',
                                 '/',
                                 '\0',
                                 '\xFF',
                                 static_cast<char>(good[at] ^ 1),
                                 static_cast<char>(good[at] ^ 16)};
    for (int i = 0; i < 2; ++i) changes.push_back(static_cast<char>(random() & 0xFFU));
    for (const char change : changes) {
      if (change == good[at]) continue;
      std::string mutant = good;
      mutant[at] = change;
      const Meaning now = read(mutant);
      EXPECT_TRUE(now.refused || now.money == meant.money)
          << "byte " << at << " from " << static_cast<int>(good[at]) << " to "
          << static_cast<int>(change) << ", seed " << kSeed;
    }
  }
}

TEST(InboundMutation, Returns) {
  const std::string bytes = Write(testing::SampleFile{
      .batches = {{.entries = {Returned({}),
                               Returned({.reason = "R02",
                                         .original_trace = "091000010000002",
                                         .cents = 25'000,
                                         .trace = "111111110000002"}),
                               Returned({.reason = "R01",
                                         .original_trace = "091000010000004",
                                         .cents = 4'200,
                                         .trace = "111111110000003",
                                         .code = "26"})}},
                  {.sec = "COR",
                   .number = 2,
                   .entries = {Changed("C01", "091000010000003", "11111111", "998877")}}}});
  MutateEveryByte(bytes, MeaningOfAch);
}

TEST(InboundMutation, ReturnsWithoutOuterRecords) {
  testing::SampleFile file{.batches = {{.entries = {Returned({})}}}};
  file.header = file.control = file.padding = false;
  MutateEveryByte(Write(file), MeaningOfAch);
}

TEST(InboundMutation, BalanceReports) {
  const std::string bytes =
      testing::WriteBai2({testing::AccountOf("0099887766", 1'000'000'00,
                                             {{"466", 86'000'00, "BR1", "", "ACH SETTLEMENT"},
                                              {"257", 36'000'00, "BR2", "CR2", "RETURN ITEM"}}),
                          testing::AccountOf("0011223344", 5, {})});
  MutateEveryByte(bytes, MeaningOfBai2);
}

TEST(InboundMutation, Acknowledgments) {
  const std::string good =
      "ISA*00*          *00*          *ZZ*ACO77          *ZZ*EXHPLAN        *261002*0600*^*00501*"
      "000000111*0*T*:~GS*FA*ACO77*EXHPLAN*20261002*0600*7*X*005010X231A1~"
      "ST*999*0001*005010X231A1~AK1*HP*905*005010X221A1~AK2*835*0001~IK3*PLB*14**8~"
      "IK4*3*1270*7*X~IK5*R*5~AK9*R*1*1*0~SE*8*0001~GE*1*7~IEA*1*000000111~";
  // A rejected transaction never turns into an accepted one.
  MutateEveryByte(good, [](const std::string& bytes) {
    const AckDocument answer = ReadAcknowledgments("mutant.999", bytes);
    Meaning meaning{.refused = WorstOf(answer.faults) > FaultScope::kDeviation};
    for (const AckGroup& group : answer.groups) {
      auto& [count, accepted, rejected] = meaning.money;
      ++count;
      (group.verdict == AckVerdict::kRejected ? rejected : accepted) += 1;
    }
    return meaning;
  });
}

TEST(InboundMutation, NoiseNeverCrashes) {
  std::mt19937_64 random(kSeed);
  std::cout << "seed " << kSeed << "\n";
  const std::string alphabet = "0123456789,/\n\r *~ABRCJE6789";
  for (int round = 0; round < 2'000; ++round) {
    std::string bytes(random() % 600, ' ');
    for (char& c : bytes) {
      c = random() % 8 == 0 ? static_cast<char>(random() & 0xFFU)
                            : alphabet[random() % alphabet.size()];
    }
    MeaningOfAch(bytes);
    MeaningOfBai2("01,a,b,261001,0600,1,,,2/\n" + bytes);
    ReadAcknowledgments("noise", "ISA" + bytes);
  }
}

}  // namespace
}  // namespace sluice::payments
