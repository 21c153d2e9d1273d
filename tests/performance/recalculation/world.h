// A payer with three programs on a real database: shared savings by facts and a split by weights,
// activities by quarter, and member-months. What the tests of recalculation edit.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "hierarchy/hierarchy_service.h"
#include "performance/activity/activity_service.h"
#include "performance/capitation/capitation_service.h"
#include "performance/program_service.h"
#include "performance/recalculation/override_service.h"
#include "performance/recalculation/recalculation_service.h"
#include "tests/support/test_database.h"

namespace sluice::performance::testing {

inline constexpr ContractId kSavings1{7'001}, kSavings2{7'002}, kActivities{7'003}, kPanel{7'004};
inline constexpr PartyId kAco1{100}, kAco2{200}, kClinic{400}, kIpa{500};
// Practices of an ACO are 101, 102, 103 and 201, 202, 203; those of the IPA 501 and 502.
inline constexpr PartyId kDoctorA{401}, kDoctorB{402}, kOffice1{501}, kOffice2{502};

// Of a share: contract, period (none for member-months: a change of one month is paid with
// another), party.
using ShareKey = std::tuple<ContractId, std::string, PartyId>;

class World {
 public:
  World();

  // --- Edits. Each is learned a second after what was done before. ---
  void Savings(ContractId contract, std::int64_t dollars, const std::string& source = "claims");
  void Weight(ContractId contract, PartyId practice, std::int64_t member_months);
  void SavingsTermsVersion(ContractId contract, std::int64_t keep_percent);
  void Affiliate(PartyId parent, PartyId child, DateRange valid, bool withdrawn = false);
  void AddPractice(PartyId aco, PartyId practice, std::int64_t member_months);
  void Rename(PartyId party, const std::string& name);
  void Activity(std::int64_t id, PartyId doctor, std::int64_t member, int code, Date service,
                Date received);
  void VoidActivity(std::int64_t id);
  void SetActivityPrice(std::int64_t cents);
  void Panel(std::int64_t member, std::int64_t span, PartyId payee, DateRange valid, Date birth,
             bool retracted = false);
  void PanelRate(Month from, std::int64_t cents);

  // --- Calculations ---
  void CalculateSavings();
  void CalculateQuarter(int quarter);
  void RunMonth(unsigned month);
  void CalculateAll();
  // Notices the edits and runs what they queue.
  ScanSummary Scan();
  WorkSummary Work();
  WorkSummary Correct();

  static DateRange Year() { return DateRange::Year(2024); }
  static DateRange Quarter(int quarter);
  static DateRange MonthPeriod(unsigned month);

  std::vector<StoredAward> History(ContractId contract, const DateRange& period);
  StoredAward Award(ContractId contract, const DateRange& period);
  std::vector<SplitShare> SharesOf(const StoredAward& award);
  Money ShareOf(const StoredAward& award, PartyId party);
  // Every award of every contract, all versions.
  std::vector<StoredAward> AllVersions();
  // What everybody is owed by the newest versions; blocked awards have a text instead.
  std::map<ShareKey, std::string> Owed();
  static AwardKey KeyOf(const StoredAward& award) {
    return {award.contract, award.award, award.version};
  }
  std::vector<DeltaCause> Causes(const StoredAward& award);

  void Tick() { db.Clock().AdvanceMicros(1'000'000); }

  ::sluice::testing::TestDatabase db;
  PayerId payer;
  hierarchy::HierarchyService hierarchy;
  ProgramService programs;
  ActivityService activities;
  CapitationService capitation;
  RecalculationService recalculation;
  OverrideService overrides;
  ProgramRecalculator recalculator;
  ProgramId savings_program{6'001}, activity_program{6'002}, panel_program{6'003};

 private:
  void MakeHierarchy();
  void MakePrograms();
  void Apply(const hierarchy::ChangeSet& change);
  void AddTerms(ContractId contract, Terms terms, DateRange effective);
  hierarchy::HierarchySnapshot Snapshot(Date day);
};

}  // namespace sluice::performance::testing
