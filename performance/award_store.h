// SQL and row mapping of awards, their shares and their replay packages. No rules.
//
// Reads are set-based over many contracts; the caller bounds how many it asks for at once.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/program.h"

namespace sluice::performance {

// Names one version of an award.
struct AwardKey {
  ContractId contract;
  AwardId award;
  std::int32_t version = 0;
  friend auto operator<=>(const AwardKey&, const AwardKey&) = default;
};

// What is stored for a period: the newest version of each contract's award, and the payable of its
// newest computed version.
struct LatestAwards {
  std::map<ContractId, StoredAward> newest;
  std::map<ContractId, Money> last_payable;
};
LatestAwards FindLatestAwards(pg::Transaction& tx, std::span<const ContractId> contracts,
                              const DateRange& period);
void InsertAwards(pg::Transaction& tx, std::span<const StoredAward> awards);
void InsertShares(pg::Transaction& tx, std::span<const StoredShare> shares);
struct PackageRow {
  AwardKey key;
  Digest sha256{};
  std::string content;
};
void InsertPackages(pg::Transaction& tx, std::span<const PackageRow> packages);

// The newest version of every award of a program and period, by contract. This is what a payment
// cycle collects.
std::vector<StoredAward> AwardsOfProgram(pg::Transaction& tx, ProgramId program,
                                         const DateRange& period);
// Every version, oldest first.
std::vector<StoredAward> AwardHistory(pg::Transaction& tx, ContractId contract,
                                      const DateRange& period);
// The periods for which a contract has an award, by their first day.
std::vector<DateRange> AwardPeriods(pg::Transaction& tx, ContractId contract);
// Version 0 is the newest.
std::optional<StoredAward> FindAward(pg::Transaction& tx, const AwardKey& key);
// Those that there are, in the order of the keys.
std::vector<StoredAward> FindAwards(pg::Transaction& tx, std::span<const AwardKey> keys);
// The shares of some awards, by contract, award, version and position.
std::vector<StoredShare> SharesOf(pg::Transaction& tx, std::span<const AwardKey> keys);
std::optional<std::string> FindPackage(pg::Transaction& tx, const AwardKey& key);

}  // namespace sluice::performance
