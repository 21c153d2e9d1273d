// What the database itself refuses of grants, sessions and the audit log, whatever the code above
// does.

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/pg/database.h"
#include "tests/support/test_database.h"

namespace sluice::api {
namespace {

constexpr pg::Query kInsertUser{"test_insert_user", R"sql(
  INSERT INTO core.app_user (payer_id, user_id, sign_in_name, display_name, email, is_service,
                             disabled, version, recorded_by, recorded_at)
  VALUES ($1, $2, $3, 'Somebody', '', false, false, 1, $2, $4)
)sql"};

constexpr pg::Query kInsertGrant{"test_insert_grant", R"sql(
  INSERT INTO core.user_grant (payer_id, grant_id, user_id, role, root_party, valid_from, valid_to,
                               delegated_by, reason, proposed_by, proposed_at, approved_by,
                               approved_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'for the test', $9, $10, $11,
          CASE WHEN $11::bigint IS NULL THEN NULL ELSE $10::timestamptz END)
)sql"};

constexpr pg::Query kInsertEvent{"test_insert_event", R"sql(
  INSERT INTO core.audit_event (payer_id, event_id, recorded_at, actor_id, method, resource,
                                decision, reason, after_sha256, request_id, address)
  VALUES ($1, $2, $3, 7, 'sluice.test/Do', 'payers/p', $4, $5, $6, 'r', '127.0.0.1')
)sql"};

constexpr pg::Query kInsertSeal{"test_insert_seal", R"sql(
  INSERT INTO core.audit_seal (payer_id, number, event_id, event_sha256, previous_number,
                               previous_sha256, chain_sha256, sealed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kCountEvents{"test_count_events", "SELECT count(*) FROM core.audit_event"};
constexpr pg::Query kChangeEvent{"test_change_event",
                                 "UPDATE core.audit_event SET reason = 'never'"};
constexpr pg::Query kDropSeals{"test_drop_seals", "DELETE FROM core.audit_seal"};
constexpr pg::Query kRenameUser{"test_rename_user",
                                "UPDATE core.app_user SET sign_in_name = 'other'"};
constexpr pg::Query kReadSessions{"test_read_sessions", "SELECT count(*) FROM core.user_session"};
constexpr pg::Query kInsertSession{"test_insert_session", R"sql(
  INSERT INTO core.user_session (payer_id, session_sha256, csrf_sha256, user_id, address, began_at,
                                 ends_at, last_seen_at)
  VALUES ($1, $2, $2, 1, '127.0.0.1', $3, $4, $3)
)sql"};

struct GrantRow {
  std::int64_t id = 1;
  std::int64_t user = 1;
  std::int16_t role = 6;
  std::optional<std::int64_t> root = std::nullopt;
  std::optional<Date> to = std::nullopt;
  std::optional<std::int64_t> delegated_by = std::nullopt;
  std::int64_t proposed_by = 2;
  std::optional<std::int64_t> approved_by = 3;
};

class AccessTables : public ::testing::Test {
 protected:
  AccessTables() : payer_(db_.NewPayer("Plan")) {
    EXPECT_TRUE(Run(kInsertUser, payer_.Value(), std::int64_t{1}, std::string("ann"), Now()).ok());
  }

  Instant Now() { return db_.Clock().Now(); }
  template <typename... Values>
  Status Run(const pg::Query& query, const Values&... values) {
    return As(db_.App(), payer_, query, values...);
  }
  template <typename... Values>
  static Status As(const pg::Database& database, PayerId payer, const pg::Query& query,
                   const Values&... values) {
    return database.ForPayer(payer).Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(query, values...);
      return OkStatus();
    });
  }
  Status Grant(const GrantRow& row) {
    return Run(kInsertGrant, payer_.Value(), row.id, row.user, row.role, row.root,
               MakeDate(2026, 10, 1), row.to, row.delegated_by, row.proposed_by, Now(),
               row.approved_by);
  }
  Status Event(std::int64_t id) {
    return Run(kInsertEvent, payer_.Value(), id, Now(), std::int16_t{1}, std::string(),
               std::optional<Bytes>(Hash("after")));
  }
  static Bytes Hash(std::string_view text) {
    const Digest digest = Sha256(AsBytes(text));
    return {digest.begin(), digest.end()};
  }
  Status Seal(std::int64_t number, std::int64_t event, std::optional<std::int64_t> previous,
              std::optional<Bytes> previous_hash, const Bytes& chain) {
    return Run(kInsertSeal, payer_.Value(), number, event, Hash("event"), previous, previous_hash,
               chain, Now());
  }
  std::int64_t Events(const pg::Database& database, PayerId payer) {
    std::int64_t count = -1;
    EXPECT_TRUE(database.ForPayer(payer)
                    .Transact([&](pg::Transaction& tx) -> Status {
                      count = tx.Query(kCountEvents).One<std::int64_t>();
                      return OkStatus();
                    })
                    .ok());
    return count;
  }

  testing::TestDatabase db_;
  PayerId payer_;
};

// feature:X01
TEST_F(AccessTables, AGrantTakesTwoPeopleOtherThanItsHolder) {
  EXPECT_TRUE(Grant({.id = 1}).ok());
  EXPECT_TRUE(Grant({.id = 2, .approved_by = std::nullopt}).ok());
  EXPECT_FALSE(Grant({.id = 3, .proposed_by = 1}).ok());
  EXPECT_FALSE(Grant({.id = 4, .approved_by = 1}).ok());
  EXPECT_FALSE(Grant({.id = 5, .proposed_by = 2, .approved_by = 2}).ok());
}

TEST_F(AccessTables, TheServicesRoleIsGrantedToNobodyAndAnOutsiderHasARoot) {
  EXPECT_FALSE(Grant({.id = 1, .role = 16}).ok());
  EXPECT_FALSE(Grant({.id = 2, .role = 0}).ok());
  for (const std::int16_t role : {std::int16_t{13}, std::int16_t{14}, std::int16_t{15}}) {
    EXPECT_FALSE(Grant({.id = 100 + role, .role = role}).ok()) << role;
    EXPECT_TRUE(Grant({.id = 200 + role, .role = role, .root = 50}).ok()) << role;
  }
}

TEST_F(AccessTables, ADelegationEndsWithinNinetyDays) {
  const GrantRow delegation{
      .id = 1, .to = MakeDate(2026, 11, 1), .delegated_by = 2, .approved_by = std::nullopt};
  EXPECT_TRUE(Grant(delegation).ok());
  GrantRow endless = delegation;
  endless.id = 2;
  endless.to.reset();
  EXPECT_FALSE(Grant(endless).ok());
  GrantRow longer = delegation;
  longer.id = 3;
  longer.to = MakeDate(2027, 3, 1);
  EXPECT_FALSE(Grant(longer).ok());
  GrantRow of_another = delegation;
  of_another.id = 4;
  of_another.delegated_by = 9;
  EXPECT_FALSE(Grant(of_another).ok());
}

TEST_F(AccessTables, AGrantOfAnotherPayersUserIsRefused) {
  const PayerId other = db_.NewPayer("Other plan");
  EXPECT_FALSE(As(db_.App(), other, kInsertGrant, other.Value(), std::int64_t{1}, std::int64_t{1},
                  std::int16_t{6}, std::optional<std::int64_t>(), MakeDate(2026, 10, 1),
                  std::optional<Date>(), std::optional<std::int64_t>(), std::int64_t{2}, Now(),
                  std::optional<std::int64_t>(3))
                   .ok());
  // Nor under the own payer's scope for another payer.
  EXPECT_FALSE(Run(kInsertUser, other.Value(), std::int64_t{5}, std::string("eve"), Now()).ok());
}

TEST_F(AccessTables, ASignInNameNeverChangesAndIsUsedOnce) {
  EXPECT_FALSE(Run(kRenameUser).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(
      Run(kInsertUser, payer_.Value(), std::int64_t{2}, std::string("ann"), Now())));
  EXPECT_FALSE(
      Run(kInsertUser, payer_.Value(), std::int64_t{3}, std::string("with blank"), Now()).ok());
}

TEST_F(AccessTables, ASessionLastsTenHoursAtTheMostAndTheVerifierSeesNone) {
  const auto later = [&](std::int64_t hours) {
    return Instant::FromMicros(Now().Micros() + hours * 3'600'000'000);
  };
  EXPECT_TRUE(Run(kInsertSession, payer_.Value(), Hash("a"), Now(), later(10)).ok());
  EXPECT_FALSE(Run(kInsertSession, payer_.Value(), Hash("b"), Now(), later(11)).ok());
  EXPECT_FALSE(As(db_.Verify(), payer_, kReadSessions).ok());
  EXPECT_FALSE(As(db_.Files(), payer_, kReadSessions).ok());
}

// feature:X04
TEST_F(AccessTables, AnAuditEventIsNeverChangedByAnybody) {
  ASSERT_TRUE(Event(1).ok());
  EXPECT_FALSE(Run(kChangeEvent).ok());
  EXPECT_FALSE(As(db_.Admin(), payer_, kChangeEvent).ok());  // the trigger binds the owner, too
  EXPECT_FALSE(As(db_.Admin(), payer_, kDropSeals).ok());
}

TEST_F(AccessTables, ADenialSaysWhyAndChangesNothing) {
  const auto deny = [&](std::int64_t id, const std::string& reason, std::optional<Bytes> after) {
    return Run(kInsertEvent, payer_.Value(), id, Now(), std::int16_t{2}, reason, after);
  };
  EXPECT_TRUE(deny(1, "outside the tree", std::nullopt).ok());
  EXPECT_FALSE(deny(2, "", std::nullopt).ok());
  EXPECT_FALSE(deny(3, "outside the tree", Hash("after")).ok());
}

TEST_F(AccessTables, TheChainHasNoGapAndNoFork) {
  for (std::int64_t id = 1; id <= 4; ++id) ASSERT_TRUE(Event(id).ok());
  EXPECT_FALSE(Seal(2, 1, 1, Hash("one"), Hash("two")).ok());  // nothing before it
  ASSERT_TRUE(Seal(1, 1, std::nullopt, std::nullopt, Hash("one")).ok());
  EXPECT_FALSE(Seal(1, 2, std::nullopt, std::nullopt, Hash("other")).ok());  // a second first
  EXPECT_FALSE(Seal(2, 2, 1, Hash("forged"), Hash("two")).ok());
  EXPECT_FALSE(Seal(2, 2, std::nullopt, std::nullopt, Hash("two")).ok());
  EXPECT_FALSE(Seal(3, 2, 1, Hash("one"), Hash("two")).ok());  // a gap
  ASSERT_TRUE(Seal(2, 2, 1, Hash("one"), Hash("two")).ok());
  EXPECT_FALSE(Seal(3, 2, 2, Hash("two"), Hash("three")).ok());  // an event is sealed once
  EXPECT_FALSE(Seal(3, 9, 2, Hash("two"), Hash("three")).ok());  // of no event
  EXPECT_TRUE(Seal(3, 3, 2, Hash("two"), Hash("three")).ok());
}

TEST_F(AccessTables, TheFileProcessTellsAndReadsNothing) {
  EXPECT_TRUE(As(db_.Files(), payer_, kInsertEvent, payer_.Value(), std::int64_t{1}, Now(),
                 std::int16_t{1}, std::string("file 7"), std::optional<Bytes>())
                  .ok());
  EXPECT_FALSE(As(db_.Files(), payer_, kCountEvents).ok());
  EXPECT_EQ(Events(db_.App(), payer_), 1);
  EXPECT_EQ(Events(db_.Verify(), payer_), 1);
  EXPECT_EQ(Events(db_.App(), db_.NewPayer("Other plan")), 0);
}

}  // namespace
}  // namespace sluice::api
