// Signing in: who may, who waits, and when a session ends.
#include "api/identity/sign_in.h"

#include <gtest/gtest.h>

#include "api/identity/accounts.h"
#include "api/identity/identity_store.h"
#include "tests/support/test_database.h"

namespace sluice::api {
namespace {

constexpr char kRight[] = "correct horse battery";
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;

constexpr pg::Query kDisable{"test_disable_user",
                             "UPDATE core.app_user SET disabled = true WHERE user_id = $1"};
constexpr pg::Query kEndGrants{"test_end_grants", R"sql(
  UPDATE core.user_grant
  SET ended_by = 1, ended_at = $1, end_reason = 'for the test'
)sql"};

constexpr pg::Query kEvents{"test_sign_in_events", R"sql(
  SELECT method || ' ' || decision || ' ' || COALESCE(actor_id, 0) || ' ' || reason
  FROM core.audit_event
  ORDER BY event_id
)sql"};

class SignInTest : public ::testing::Test {
 protected:
  SignInTest() : payer_(db_.NewPayer("Plan")), service_(db_.App(), db_.Clock(), db_.Ids()) {
    const Status added = Add(UserId(7), "ann", {Role::kFinanceChecker});
    EXPECT_TRUE(added.ok()) << StatusMessage(added);
  }

  Status Add(UserId user, const std::string& name, const std::vector<Role>& roles) {
    return AddAccount(db_.App(), payer_,
                      {.user = user,
                       .sign_in_name = name,
                       .display_name = name,
                       .roles = roles,
                       .root = {},
                       .reason = "for the test",
                       .proposed_by = UserId(901),
                       .approved_by = UserId(902)},
                      Password(kRight), db_.Clock(), db_.Ids(),
                      {.passes = 1, .memory_bytes = 8192});
  }
  StatusOr<SignedIn> SignIn(const std::string& password, const std::string& name = "ann") {
    return service_.SignIn(
        {.payer = payer_, .name = name, .password = Password(password), .address = "127.0.0.1"});
  }
  std::string Token() { return SignIn(kRight).value().token.Reveal(); }
  void Wait(std::int64_t micros) { db_.Clock().AdvanceMicros(micros); }
  bool IsAlive(const std::string& token) { return service_.Authenticate(token).ok(); }

  testing::TestDatabase db_;
  PayerId payer_;
  SignInService service_;
};

TEST_F(SignInTest, ASessionHasTheRolesOfTheMoment) {
  const std::string token = Token();
  const CallerSession session = service_.Authenticate(token).value();
  EXPECT_EQ(session.principal.user, UserId(7));
  ASSERT_EQ(session.principal.grants.size(), 1U);
  EXPECT_EQ(session.principal.grants.front().role, Role::kFinanceChecker);
  const Status ended = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kEndGrants, db_.Clock().Now());
    return OkStatus();
  });
  ASSERT_TRUE(ended.ok()) << StatusMessage(ended);
  EXPECT_TRUE(service_.Authenticate(token).value().principal.grants.empty());
}

TEST_F(SignInTest, WhatIsWrongIsOneText) {
  const Status wrong_password = SignIn("incorrect horse").status();
  const Status wrong_name = SignIn(kRight, "bob").status();
  EXPECT_EQ(wrong_password.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(wrong_password, wrong_name);
}

// feature:X04
TEST_F(SignInTest, EveryAttemptIsRecordedWithoutWhatWasTyped) {
  EXPECT_TRUE(SignIn(kRight).ok());
  EXPECT_FALSE(SignIn("incorrect horse").ok());
  EXPECT_FALSE(SignIn(kRight, "my secret by mistake").ok());
  const auto events = db_.App().ForPayer(payer_).Transact(
      [](pg::Transaction& tx) -> StatusOr<std::vector<std::string>> {
        return tx.Query(kEvents).All<std::string>();
      });
  EXPECT_EQ(events.value(), (std::vector<std::string>{"sign-in 1 7 ", "sign-in 2 7 wrong password",
                                                      "sign-in 2 0 no such account"}));
}

TEST_F(SignInTest, AnAccountWaitsAfterTheFifthFailure) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(SignIn("incorrect horse").ok());
  EXPECT_FALSE(SignIn(kRight).ok());
  Wait(29 * kSecond);
  EXPECT_FALSE(SignIn(kRight).ok());
  Wait(2 * kSecond);
  EXPECT_FALSE(SignIn("incorrect horse").ok());  // the next wait is twice as long
  Wait(31 * kSecond);
  EXPECT_FALSE(SignIn(kRight).ok());
  Wait(30 * kSecond);
  EXPECT_TRUE(SignIn(kRight).ok());
  EXPECT_FALSE(SignIn("incorrect horse").ok());  // and the count began anew
  EXPECT_TRUE(SignIn(kRight).ok());
}

TEST_F(SignInTest, ASessionEndsWhenNobodyUsesIt) {
  const std::string token = Token();
  for (int i = 0; i < 5; ++i) {
    Wait(14 * kMinute);
    EXPECT_TRUE(IsAlive(token)) << i;
  }
  Wait(16 * kMinute);
  EXPECT_FALSE(IsAlive(token));
}

TEST_F(SignInTest, ASessionEndsAfterTenHours) {
  const std::string token = Token();
  for (int i = 0; i < 59; ++i) {
    Wait(10 * kMinute);
    ASSERT_TRUE(IsAlive(token)) << i;
  }
  Wait(10 * kMinute);
  EXPECT_FALSE(IsAlive(token));
}

TEST_F(SignInTest, AuthenticatingAgainMakesANewSession) {
  const std::string first = Token();
  EXPECT_FALSE(IsSteppedUp(service_.Authenticate(first).value(), db_.Clock().Now()));
  EXPECT_FALSE(service_.StepUp(first, {Password("incorrect horse")}, "").ok());
  EXPECT_TRUE(IsAlive(first));
  const std::string second = service_.StepUp(first, {Password(kRight)}, "").value().token.Reveal();
  EXPECT_NE(first, second);
  EXPECT_FALSE(IsAlive(first));
  EXPECT_TRUE(IsSteppedUp(service_.Authenticate(second).value(), db_.Clock().Now()));
  Wait(5 * kMinute);
  EXPECT_FALSE(IsSteppedUp(service_.Authenticate(second).value(), db_.Clock().Now()));
}

TEST_F(SignInTest, SigningOutAndDisablingEndASession) {
  const std::string first = Token();
  EXPECT_TRUE(service_.SignOut(first).ok());
  EXPECT_FALSE(IsAlive(first));
  const std::string second = Token();
  const Status disabled = db_.Admin().Transact([](pg::Transaction& tx) -> Status {
    tx.Execute(kDisable, UserId(7));
    return OkStatus();
  });
  ASSERT_TRUE(disabled.ok());
  EXPECT_FALSE(IsAlive(second));
  EXPECT_FALSE(SignIn(kRight).ok());
}

TEST_F(SignInTest, ATokenOfAnotherPayerIsWorthNothing) {
  const std::string token = Token();
  const PayerId other = db_.NewPayer("Other plan");
  EXPECT_FALSE(IsAlive(other.ToString() + token.substr(token.find('.'))));
  EXPECT_FALSE(IsAlive(""));
  EXPECT_FALSE(IsAlive("."));
  EXPECT_FALSE(IsAlive(payer_.ToString() + "."));
}

TEST_F(SignInTest, AnAccountObeysTheRulesOfGrants) {
  EXPECT_EQ(Add(UserId(8), "bob", {Role::kFinanceMaker, Role::kFinanceChecker}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Add(UserId(901), "carol", {Role::kAnalyst}).code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Add(UserId(9), "ann", {Role::kAnalyst}).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(CheckNewPassword(Password("too short")).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sluice::api
