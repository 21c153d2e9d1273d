// A payer with a contract, a practice, a doctor there and one who left on June 1, 2026, and feeds
// of four kinds. Today is October 1, 2026.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "hierarchy/hierarchy_service.h"
#include "performance/feeds/feed_service.h"
#include "performance/feeds/gate_service.h"
#include "performance/program_service.h"
#include "performance/program_store.h"
#include "tests/support/test_database.h"

namespace sluice::performance::testing {

inline const DateRange kYear = DateRange::Year(2026);
inline const DateRange kSeptember = DateRange::Between(MakeDate(2026, 9, 1), MakeDate(2026, 10, 1));
inline constexpr PartyId kPractice{900}, kDoctor{911}, kFormer{912};
inline constexpr const char* kDoctorNpi = "1234567893";
inline constexpr const char* kFormerNpi = "1245319599";
inline constexpr const char* kTin = "411234567";

inline constexpr const char* kEligibility = R"(
name = "members"
kind = "eligibility"
[columns]
member_number = "id"
valid_from = "from"
)";
inline constexpr const char* kClaims = R"(
name = "claims"
kind = "medical_claim"
encoding = "ascii"
ends_with_newline = true
[columns]
member_number = "id"
claim_number = "claim"
line_number = "line"
service_from = "day"
paid = "paid"
[constants]
kind = "professional"
)";
inline constexpr const char* kAdt = R"(
name = "adt"
kind = "activity"
[columns]
contract = "contract"
event = "message"
member_number = "patient"
provider_npi = "npi"
practice_tin = "tin"
code = "trigger"
service_date = "day"
[constants]
kind = "adt_event"
channel = "adt"
)";
inline constexpr const char* kFacts = R"(
name = "facts"
kind = "fact"
separator = ";"
[columns]
contract = "contract"
party_npi = "npi"
under_tin = "tin"
period_from = "from"
period_to = "to"
name = "what"
type = "type"
value = "value"
)";

class FeedFixture : public ::testing::Test {
 protected:
  FeedFixture()
      : payer_(db_.NewPayer("Plan")),
        database_(db_.App().ForPayer(payer_)),
        feeds_(db_.App(), payer_, db_.Clock(), db_.Ids()),
        gates_(db_.App(), payer_, db_.Clock(), db_.Ids()),
        programs_(database_, db_.Clock(), db_.Ids()),
        program_(db_.Ids().Next<ProgramTag>()),
        contract_(db_.Ids().Next<ContractTag>()),
        folder_(std::filesystem::temp_directory_path() /
                ("feeds_" + std::to_string(::getpid()) + "_" +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(folder_);
  }
  ~FeedFixture() override { std::filesystem::remove_all(folder_); }

  void SetUp() override {
    hierarchy::ChangeSet change;
    const Date from = MakeDate(2020, 1, 1);
    const auto add = [&](PartyId id, hierarchy::PartyKind kind, hierarchy::IdentifierType type,
                         const char* number) {
      const std::vector<hierarchy::Identifier> numbers = {{type, "", number}};
      change.AddParty({.id = id, .kind = kind}, "Party " + std::to_string(id.Value()), from,
                      numbers);
    };
    add(kPractice, hierarchy::PartyKind::kPractice, hierarchy::IdentifierType::kTin, kTin);
    add(kDoctor, hierarchy::PartyKind::kProvider, hierarchy::IdentifierType::kNpi, kDoctorNpi);
    add(kFormer, hierarchy::PartyKind::kProvider, hierarchy::IdentifierType::kNpi, kFormerNpi);
    change.AddAffiliation(kPractice, kDoctor, "physician", DateRange::From(from));
    change.AddAffiliation(kPractice, kFormer, "physician",
                          DateRange::Between(from, MakeDate(2026, 6, 1)));
    const hierarchy::HierarchyService hierarchies(db_.App().ForPayer(payer_), db_.Clock());
    ASSERT_TRUE(hierarchies.Apply(payer_, change, {.source = "test"}).ok());
    hierarchy_ = hierarchies.Snapshot(payer_, {.day = MakeDate(2026, 9, 30)}).value();

    ASSERT_TRUE(programs_
                    .CreateProgram({.id = program_,
                                    .payer = payer_,
                                    .name = "Transitions of care",
                                    .stream = "qip",
                                    .lan_category = "2C",
                                    .book = db_.Ids().Next<BookTag>(),
                                    .created_at = db_.Clock().Now()})
                    .ok());
    const Contract contract{.id = contract_,
                            .payer = payer_,
                            .program = program_,
                            .party = kPractice,
                            .effective = DateRange::From(MakeDate(2026, 1, 1))};
    ASSERT_TRUE(programs_.CreateContracts({&contract, 1}).ok());
    Declare("members", FeedKind::kEligibility, kEligibility);
    Declare("claims", FeedKind::kMedicalClaim, kClaims);
    Declare("adt", FeedKind::kActivity, kAdt);
    Declare("facts", FeedKind::kFact, kFacts);
  }

  void Declare(const std::string& name, FeedKind kind, const std::string& mapping) {
    const auto version = feeds_.Declare({.name = name,
                                         .kind = kind,
                                         .owner = "Data",
                                         .mapping = mapping,
                                         .starts_on = MakeDate(2026, 9, 1),
                                         .interval_days = 30,
                                         .grace_days = 5});
    ASSERT_TRUE(version.ok()) << version.status();
    EXPECT_EQ(*version, 1);
  }

  // Each file has a name of its own.
  std::string File(const std::string& text) {
    const auto path = folder_ / ("file_" + std::to_string(++files_) + ".csv");
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  Delivery Receive(const std::string& feed, const std::string& path,
                   const DateRange& period = kSeptember, bool reprocess = false) {
    db_.Clock().AdvanceMicros(1'000'000);
    const auto delivery = feeds_.Receive(
        {.feed = feed, .path = path, .period = period, .reprocess = reprocess});
    EXPECT_TRUE(delivery.ok()) << delivery.status();
    if (!delivery.ok()) return {};
    EXPECT_EQ(delivery->rows_in, delivery->rows_read + delivery->rows_rejected);
    return *delivery;
  }
  Delivery ReceiveText(const std::string& feed, const std::string& text) {
    return Receive(feed, File(text));
  }
  Delivery Members() { return ReceiveText("members", "id,from\nM1,2026-01-01\nM2,2026-01-01\n"); }
  std::vector<QuarantinedRow> Rejected(const Delivery& delivery) {
    return feeds_.Quarantine(delivery.id).value();
  }
  void ExpectRefused(const Delivery& delivery, RefusalCode code, const std::string& reason) {
    EXPECT_FALSE(delivery.Accepted());
    EXPECT_EQ(delivery.refused_code, RefusalCodeName(code));
    EXPECT_THAT(delivery.refused_reason, ::testing::HasSubstr(reason));
    EXPECT_EQ(delivery.rows_in, 0);
  }
  std::int64_t Count(const char* sql) {
    return db_.Admin()
        .Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
          return tx.Query(pg::Query{sql, sql}).One<std::int64_t>();
        })
        .value();
  }
  std::int64_t Claims() { return Count("SELECT count(*) FROM performance.medical_claim"); }
  Facts OwnFacts(const DateRange& period) {
    return database_
        .Transact([&](pg::Transaction& tx) -> StatusOr<Facts> {
          const std::vector<ContractId> ids = {contract_};
          ASSIGN_OR_RETURN(auto loaded, LoadFacts(tx, ids, period, db_.Clock().Now()));
          return loaded[contract_].own;
        })
        .value();
  }
  std::string FactFile(const std::string& rows) {
    return "contract;npi;tin;from;to;what;type;value\n" + rows;
  }
  std::string OwnRow(const std::string& what, const std::string& value) {
    return contract_.ToString() + ";;;2026-01-01;2026-12-31;" + what + ";amount;" + value + "\n";
  }
  std::string AdtFile(const std::vector<std::string>& rows) {
    std::string text = "message,contract,patient,npi,tin,trigger,day\n";
    for (const std::string& row : rows) text += row + "\n";
    return text;
  }
  std::string AdtRow(const std::string& message, const std::string& member,
                     const std::string& npi = kDoctorNpi,
                     const std::string& day = "2026-09-15") {
    return message + "," + contract_.ToString() + "," + member + "," + npi + "," + kTin + ",A03," +
           day;
  }

  ::sluice::testing::TestDatabase db_;
  PayerId payer_;
  pg::Database database_;
  FeedService feeds_;
  GateService gates_;
  ProgramService programs_;
  ProgramId program_;
  ContractId contract_;
  hierarchy::HierarchySnapshot hierarchy_;
  std::filesystem::path folder_;
  int files_ = 0;
};

}  // namespace sluice::performance::testing
