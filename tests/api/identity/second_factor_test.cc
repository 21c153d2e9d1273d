// Codes of a second factor: when they are asked for, that each is good once, and who waits.
#include "api/identity/second_factor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/identity/accounts.h"
#include "api/identity/sign_in.h"
#include "core/one_time_code.h"
#include "tests/support/test_database.h"

namespace sluice::api {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRight[] = "correct horse battery";
constexpr std::int64_t kSecond = 1'000'000;

constexpr pg::Query kEvents{"test_factor_events", R"sql(
  SELECT method || ' ' || decision || ' ' || reason
  FROM core.audit_event
  ORDER BY event_id
)sql"};
constexpr pg::Query kSealed{"test_sealed_factor",
                            "SELECT encode(sealed, 'hex') FROM core.user_factor"};

Bytes FromBase32(const std::string& text) {
  Bytes bytes;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    held = (held << 5U) | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits >= 8) bytes.push_back(static_cast<std::uint8_t>(held >> (bits -= 8)));
  }
  return bytes;
}

class SecondFactorTest : public ::testing::Test {
 protected:
  SecondFactorTest()
      : payer_(db_.NewPayer("Plan")),
        service_(db_.App(), db_.Clock(), db_.Ids(), {.factor_key = key_}) {
    const Status added =
        AddAccount(db_.App(), payer_,
                   {.user = UserId(7),
                    .sign_in_name = "ann",
                    .display_name = "Ann",
                    .roles = {Role::kFinanceChecker},
                    .root = {},
                    .reason = "for the test",
                    .proposed_by = UserId(901),
                    .approved_by = UserId(902)},
                   Password(kRight), db_.Clock(), db_.Ids(), {.passes = 1, .memory_bytes = 8192});
    EXPECT_TRUE(added.ok()) << StatusMessage(added);
  }

  StatusOr<SignedIn> SignIn(const std::string& code, const std::string& password = kRight) {
    return service_.SignIn({.payer = payer_,
                            .name = "ann",
                            .password = Password(password),
                            .address = "127.0.0.1",
                            .code = code});
  }
  std::string Token() { return SignIn("").value().token.Reveal(); }
  // The code of now, or of so many steps later.
  std::string Code(std::int64_t later = 0) {
    return OneTimeCode(secret_, CodeStepAt(db_.Clock().Now()) + later);
  }
  std::string WrongCode() {
    std::string code = Code();
    code[0] = code[0] == '0' ? '1' : '0';
    return code;
  }
  // Enrolls and confirms; the session that did it.
  std::string Enroll() {
    std::string token = Token();
    const auto enrolled = service_.EnrollFactor(token, {Password(kRight)}, "");
    EXPECT_TRUE(enrolled.ok()) << StatusMessage(enrolled.status());
    secret_ = FromBase32(enrolled->secret.Reveal());
    const Status confirmed = service_.ConfirmFactor(token, Code(), "");
    EXPECT_TRUE(confirmed.ok()) << StatusMessage(confirmed);
    Wait(kCodeStepSeconds * kSecond);
    return token;
  }
  void Wait(std::int64_t micros) { db_.Clock().AdvanceMicros(micros); }
  bool IsAlive(const std::string& token) { return service_.Authenticate(token).ok(); }
  std::vector<std::string> Rows(const pg::Query& query) {
    return db_.App()
        .ForPayer(payer_)
        .Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<std::string>> {
          return tx.Query(query).All<std::string>();
        })
        .value();
  }

  const SecretKey key_ = RandomKey();
  testing::TestDatabase db_;
  PayerId payer_;
  SignInService service_;
  Bytes secret_;
};

TEST_F(SecondFactorTest, CountsFromItsFirstCode) {
  const std::string token = Token();
  const auto enrolled = service_.EnrollFactor(token, {Password(kRight)}, "").value();
  EXPECT_THAT(enrolled.uri.Reveal(), HasSubstr("otpauth://totp/Sluice:ann?secret="));
  EXPECT_TRUE(SignIn("").ok());
  secret_ = FromBase32(enrolled.secret.Reveal());
  EXPECT_EQ(secret_.size(), kCodeSecretBytes);
  EXPECT_EQ(service_.ConfirmFactor(token, WrongCode(), "").code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_TRUE(SignIn("").ok());
  EXPECT_TRUE(service_.ConfirmFactor(token, Code(), "").ok());
  EXPECT_FALSE(SignIn("").ok());
  EXPECT_TRUE(SignIn(Code(1)).ok());
}

TEST_F(SecondFactorTest, ACodeIsGoodOnce) {
  Enroll();
  const std::string code = Code();
  EXPECT_TRUE(SignIn(code).ok());
  EXPECT_FALSE(SignIn(code).ok());
  Wait(kCodeStepSeconds * kSecond);
  EXPECT_FALSE(SignIn(code).ok());  // still within its time, and used
  EXPECT_TRUE(SignIn(Code()).ok());
  EXPECT_FALSE(SignIn(Code(-1)).ok());  // one from before it
}

TEST_F(SecondFactorTest, TheCodeThatConfirmedItIsUsed) {
  const std::string token = Token();
  secret_ =
      FromBase32(service_.EnrollFactor(token, {Password(kRight)}, "").value().secret.Reveal());
  EXPECT_TRUE(service_.ConfirmFactor(token, Code(), "").ok());
  EXPECT_FALSE(SignIn(Code()).ok());
}

TEST_F(SecondFactorTest, WhatIsWrongIsOneTextAndAWrongPasswordUsesNoCode) {
  Enroll();
  const Status wrong_code = SignIn(WrongCode()).status();
  const Status wrong_password = SignIn(Code(), "incorrect horse").status();
  EXPECT_EQ(wrong_code, wrong_password);
  EXPECT_EQ(SignIn("").status(), wrong_password);
  EXPECT_TRUE(SignIn(Code()).ok());
}

TEST_F(SecondFactorTest, WhoGuessesCodesWaits) {
  Enroll();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(SignIn(WrongCode()).ok());
  EXPECT_FALSE(SignIn(Code()).ok());
  Wait(31 * kSecond);
  EXPECT_TRUE(SignIn(Code()).ok());
}

TEST_F(SecondFactorTest, SteppingUpAsksForIt) {
  const std::string token = Enroll();
  EXPECT_FALSE(service_.StepUp(token, {Password(kRight)}, "").ok());
  EXPECT_TRUE(IsAlive(token));
  const auto again = service_.StepUp(token, {Password(kRight), Code()}, "");
  ASSERT_TRUE(again.ok()) << StatusMessage(again.status());
  EXPECT_TRUE(IsSteppedUp(service_.Authenticate(again->token.Reveal()).value(), db_.Clock().Now()));
}

TEST_F(SecondFactorTest, MayBeDemandedOfWhoeverStepsUp) {
  SignInService strict(db_.App(), db_.Clock(), db_.Ids(),
                       {.factor_key = key_, .step_up_needs_factor = true});
  const std::string token = Token();
  EXPECT_EQ(strict.StepUp(token, {Password("incorrect horse")}, "").status().code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(strict.StepUp(token, {Password(kRight)}, "").status().code(),
            absl::StatusCode::kFailedPrecondition);
  const std::string with_factor = Enroll();
  EXPECT_TRUE(strict.StepUp(with_factor, {Password(kRight), Code()}, "").ok());
}

TEST_F(SecondFactorTest, AChangeOfItEndsOtherSessions) {
  const std::string other = Token();
  const std::string token = Enroll();
  EXPECT_FALSE(IsAlive(other));
  EXPECT_TRUE(IsAlive(token));
  // Another one takes the code of the one before.
  EXPECT_FALSE(service_.EnrollFactor(token, {Password(kRight)}, "").ok());
  const Bytes before = secret_;
  const auto enrolled = service_.EnrollFactor(token, {Password(kRight), Code()}, "");
  ASSERT_TRUE(enrolled.ok()) << StatusMessage(enrolled.status());
  Wait(kCodeStepSeconds * kSecond);
  EXPECT_TRUE(SignIn(Code()).ok());  // still the one before
  secret_ = FromBase32(enrolled->secret.Reveal());
  EXPECT_TRUE(service_.ConfirmFactor(token, Code(), "").ok());
  Wait(kCodeStepSeconds * kSecond);
  EXPECT_FALSE(SignIn(OneTimeCode(before, CodeStepAt(db_.Clock().Now()))).ok());
  EXPECT_TRUE(SignIn(Code()).ok());
}

TEST_F(SecondFactorTest, AnEnrollmentIsConfirmedSoon) {
  const std::string token = Token();
  EXPECT_EQ(service_.ConfirmFactor(token, "123456", "").code(),
            absl::StatusCode::kFailedPrecondition);
  secret_ =
      FromBase32(service_.EnrollFactor(token, {Password(kRight)}, "").value().secret.Reveal());
  Wait(601 * kSecond);
  EXPECT_EQ(service_.ConfirmFactor(token, Code(), "").code(),
            absl::StatusCode::kFailedPrecondition);
}

// feature:X04
TEST_F(SecondFactorTest, TheSecretIsSealedAndTheLogHasNeitherItNorACode) {
  Enroll();
  EXPECT_FALSE(SignIn(WrongCode()).ok());
  EXPECT_THAT(Rows(kSealed), Each(Not(HasSubstr(ToHex(secret_)))));
  EXPECT_EQ(Rows(kEvents), (std::vector<std::string>{"sign-in 1 ", "factor enroll 1 ",
                                                     "factor confirm 1 ", "sign-in 2 wrong code"}));
  // With another key nobody gets in, and nobody is let in without a code.
  SignInService other(db_.App(), db_.Clock(), db_.Ids(), {.factor_key = RandomKey()});
  EXPECT_FALSE(other
                   .SignIn({.payer = payer_,
                            .name = "ann",
                            .password = Password(kRight),
                            .address = "",
                            .code = Code()})
                   .ok());
}

TEST_F(SecondFactorTest, TwoOthersTakeALostOneAway) {
  const std::string token = Enroll();
  const auto reset = [&](UserId by, UserId approved_by) {
    return ResetFactor(db_.App(), payer_,
                       {.user = UserId(7),
                        .reason = "showed an identity card",
                        .proposed_by = by,
                        .approved_by = approved_by},
                       db_.Clock(), db_.Ids());
  };
  EXPECT_EQ(reset(UserId(901), UserId(901)).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(reset(UserId(7), UserId(901)).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(reset(UserId(901), UserId(902)).ok());
  EXPECT_FALSE(IsAlive(token));
  EXPECT_TRUE(SignIn("").ok());
  EXPECT_EQ(reset(UserId(901), UserId(902)).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sluice::api
