// A payer with an ACO, two practices and two doctors, files of members, choices and claims, and one
// program whose terms each test brings: what the tests of whole runs share. Everybody is made up.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "hierarchy/hierarchy_service.h"
#include "performance/attribution/attribution_service.h"
#include "performance/program_run/program_run.h"
#include "performance/program_service.h"
#include "tests/support/test_database.h"

namespace sluice::performance::testing {

inline constexpr PartyId kAco{100};
inline constexpr PartyId kPractice1{101};
inline constexpr PartyId kPractice2{102};
inline constexpr PartyId kDoctor1{111};
inline constexpr PartyId kDoctor2{112};
inline constexpr const char* kNpi1 = "1003000126";
inline constexpr const char* kNpi2 = "1234567893";
inline constexpr const char* kTin1 = "411234567";
inline constexpr const char* kTin2 = "421234567";

class ProgramRunTest : public ::testing::Test {
 protected:
  ProgramRunTest();
  ~ProgramRunTest() override;
  // The ACO with both practices; doctor 2 belongs to practice 2 from `second_from` on.
  void MakeHierarchy(Date second_from = MakeDate(2020, 1, 1));
  void MakeProgram(const std::string& stream, const std::string& category);
  // A contract of a party with these terms from 2024 on.
  ContractId AddContract(PartyId party, const Terms& terms);

  // Imports rows of a file; a rejected row fails the test. The columns:
  //   eligibility: member, from, to, lob, product, plan, birth, sex, died, region
  //   choice:      member, kind, npi, tin, from, to
  //   claims:      member, claim, line, kind, from, to, procedure, drg, npi, allowed, paid,
  //                paid_on, status
  void ImportMembers(const std::vector<std::string>& rows);
  void ImportChoices(const std::vector<std::string>& rows);
  void ImportClaims(const std::vector<std::string>& rows);
  // Attribution by the member's choice, coverage on the first, from 2024 on.
  void SetMethod(ContractId contract);
  // Prepares the next version of a year's list, with the hierarchy of a day (else the year's last),
  // and makes it final.
  void Publish(ContractId contract, int year, std::optional<Date> day = std::nullopt);

  void Record(ContractId contract, const DateRange& period, Facts facts);
  // Runs the program; the request's program and actor are filled in.
  ProgramRunSummary Run(ProgramRunRequest request);
  StatusOr<ProgramRunSummary> TryRun(ProgramRunRequest request);

  StoredAward AwardOf(ContractId contract, const DateRange& period);
  // What a party got of the newest award.
  Money ShareOf(ContractId contract, const DateRange& period, PartyId party);
  // Rows of every table of the domain that a run may write, in all.
  std::int64_t StoredRows();
  void Tick() { db_.Clock().AdvanceMicros(1'000'000); }
  std::int64_t MemberId(const std::string& number);
  static Money Cents(std::int64_t cents) { return Money::FromCents(cents); }

  sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database database_;
  hierarchy::HierarchyService hierarchies_;
  ProgramService programs_;
  AttributionService lists_;
  ProgramRun run_;
  ProgramId program_;

 private:
  void Import(const std::string& mapping, const std::string& header,
              const std::vector<std::string>& rows);

  std::filesystem::path folder_;
  int files_ = 0;
};

}  // namespace sluice::performance::testing
