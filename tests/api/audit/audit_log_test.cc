// The audit log in the database: sealed, followed, and what is found when somebody changes it.
#include "api/audit/audit_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/audit/audit_sealer.h"
#include "api/audit/audit_store.h"
#include "tests/support/test_database.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kHour = 3'600'000'000;

class AuditLog : public ::testing::Test {
 protected:
  AuditLog() : payer_(db_.NewPayer("Plan")) {}

  std::int64_t Record(std::int64_t id = 0) {
    const AuditEvent event{.payer = payer_,
                           .event_id = id == 0 ? db_.Ids().NextValue() : id,
                           .recorded_at = db_.Clock().Now(),
                           .actor = UserId(7),
                           .method = "sluice.test/Do",
                           .resource = "payers/p"};
    const Status written = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      InsertAuditEvent(tx, event);
      return OkStatus();
    });
    EXPECT_TRUE(written.ok()) << StatusMessage(written);
    return event.event_id;
  }
  std::int64_t Seal() {
    const auto sealed = SealAuditLog(db_.App(), payer_, db_.Clock().Now());
    EXPECT_TRUE(sealed.ok()) << StatusMessage(sealed.status());
    return sealed.value_or(-1);
  }
  AuditVerification Verify(const std::optional<KeptHead>& kept = std::nullopt) {
    const auto verified = VerifyAuditLog(db_.Verify(), payer_, kept);
    EXPECT_TRUE(verified.ok()) << StatusMessage(verified.status());
    return verified.value_or(AuditVerification{});
  }
  // As somebody who owns the database, past triggers and grants.
  void Tamper(const std::string& sql) {
    const Status done = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.RunScript("SET LOCAL session_replication_role = replica; " + sql);
      return OkStatus();
    });
    ASSERT_TRUE(done.ok()) << StatusMessage(done);
  }

  testing::TestDatabase db_;
  PayerId payer_;
};

// feature:X04
TEST_F(AuditLog, EventsAreSealedOnceAndFollowed) {
  for (int i = 0; i < 5; ++i) Record();
  EXPECT_EQ(Seal(), 5);
  EXPECT_EQ(Seal(), 0);
  Record();
  AuditVerification verification = Verify();
  EXPECT_EQ(verification.sealed, 5);
  EXPECT_EQ(verification.unsealed, 1);
  EXPECT_THAT(verification.findings, IsEmpty());
  EXPECT_EQ(Seal(), 1);
  EXPECT_EQ(Verify().head->number, 6);
}

TEST_F(AuditLog, ASealerLeavesNothingBehind) {
  Record();
  {
    const AuditSealer sealer(db_.App(), payer_, db_.Clock(), std::chrono::hours(1));
    Record();
  }
  EXPECT_EQ(Verify().sealed, 2);
}

TEST_F(AuditLog, AnEventThatComesLateIsSealedBehindLaterOnes) {
  const std::int64_t early = db_.Ids().NextValue();
  Record();
  EXPECT_EQ(Seal(), 1);
  Record(early);
  EXPECT_EQ(Seal(), 1);
  EXPECT_THAT(Verify().findings, IsEmpty());
}

TEST_F(AuditLog, AnEventThatComesMuchTooLateIsToldOf) {
  const std::int64_t early = db_.Ids().NextValue();
  db_.Clock().AdvanceMicros(2 * kHour);
  Record();
  EXPECT_EQ(Seal(), 1);
  Record(early);
  EXPECT_EQ(Seal(), 0);
  EXPECT_EQ(Verify().unsealed, 1);
}

TEST_F(AuditLog, WhatIsChangedAfterwardIsFound) {
  Record();
  const std::int64_t second = Record();
  Record();
  EXPECT_EQ(Seal(), 3);
  Tamper(fmt::format("UPDATE core.audit_event SET reason = 'never' WHERE event_id = {}", second));
  EXPECT_THAT(Verify().findings, ElementsAre("seal 2: its event was changed"));
}

TEST_F(AuditLog, WhatIsTakenOutIsFound) {
  for (int i = 0; i < 3; ++i) Record();
  EXPECT_EQ(Seal(), 3);
  Tamper("DELETE FROM core.audit_seal WHERE number = 2");
  EXPECT_THAT(Verify().findings, ElementsAre("seal 3: follows where 2 is expected",
                                             "seal 3: is not chained to the seal before"));
}

TEST_F(AuditLog, AChainThatWasWrittenAnewMissesTheKeptHead) {
  for (int i = 0; i < 3; ++i) Record();
  EXPECT_EQ(Seal(), 3);
  const AuditSeal head = Verify().head.value();
  const KeptHead kept{head.number, head.chain};
  EXPECT_THAT(Verify(kept).findings, IsEmpty());
  Tamper("DELETE FROM core.audit_seal; UPDATE core.audit_event SET reason = 'never'");
  EXPECT_EQ(Seal(), 3);
  EXPECT_THAT(Verify().findings, IsEmpty());
  EXPECT_THAT(Verify(kept).findings, ElementsAre(HasSubstr("does not go through the kept head 3")));
}

}  // namespace
}  // namespace sluice::api
