// Mail through a relay: what the relay has, what it does not have, and what nobody knows.
#include "payments/notices/smtp_relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/notices/smtp_listener.h"
#include "tests/scenario/sluice_program.h"

namespace sluice::payments {
namespace {

using ::sluice::testing::SmtpListener;
using ::sluice::testing::TempDir;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class SmtpRelayTest : public ::testing::Test {
 protected:
  SmtpPlace Place() {
    return {.host = "127.0.0.1",
            .port = listener_.Port(),
            .security = SmtpSecurity::kNone,
            .timeout_seconds = 5};
  }
  MailResult Send(SmtpRelay& relay, const std::string& body = "Hello.\n.\n..dots\n") {
    const MailMessage message{.id = "notice-1",
                              .to = "office@elm.example",
                              .to_name = "Office",
                              .subject = "News",
                              .body = body,
                              .written_at = Instant::FromMicros(0)};
    const auto bytes = RenderMail(relay.Sender(), message);
    EXPECT_TRUE(bytes.ok());
    rendered_ = *bytes;
    EXPECT_TRUE(relay.Prepare(message, *bytes).ok());
    MailResult result = relay.Send(message, *bytes);
    // Servers repeat addresses; we do not.
    EXPECT_THAT(result.evidence, Not(HasSubstr("elm.example")));
    return result;
  }
  MailResult SendOnce() {
    SmtpRelay relay(kPlan, Place());
    return Send(relay);
  }

  const MailSender kPlan{.address = "notices@plan.example", .name = "Plan"};
  TempDir temp_;
  SmtpListener listener_;
  std::string rendered_;
};

TEST_F(SmtpRelayTest, TheRelayGetsTheBytesAsTheyAre) {
  const MailResult result = SendOnce();
  EXPECT_EQ(result.outcome, MailOutcome::kSent);
  ASSERT_THAT(listener_.Messages(), SizeIs(1));
  const auto taken = listener_.Messages().front();
  EXPECT_EQ(taken.from, "notices@plan.example");
  EXPECT_EQ(taken.to, "office@elm.example");
  EXPECT_EQ(taken.text, rendered_);
  EXPECT_THAT(taken.text, HasSubstr("\r\n.\r\n..dots\r\n"));
}

TEST_F(SmtpRelayTest, OneConnectionTakesManyMessages) {
  SmtpRelay relay(kPlan, Place());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Send(relay).outcome, MailOutcome::kSent);
  EXPECT_THAT(listener_.Messages(), SizeIs(5));
  const auto verbs = listener_.Verbs();
  EXPECT_EQ(std::ranges::count(verbs, "EHLO"), 1);
}

TEST_F(SmtpRelayTest, WhatIsRefusedBeforeTheMessageWasNotSent) {
  struct Case {
    SmtpListener::Rule rule;
    MailOutcome outcome;
  };
  const std::vector<Case> cases = {
      {{"RCPT", "550 5.1.1 <office@elm.example> is unknown"}, MailOutcome::kRefused},
      {{"RCPT", "451 4.7.1 <office@elm.example> come back later"}, MailOutcome::kTryLater},
      {{"MAIL", "550 this sender is not allowed"}, MailOutcome::kTryLater},
      {{"DATA", "554 no"}, MailOutcome::kTryLater},
      {{"EHLO", "hang up"}, MailOutcome::kTryLater},
      {{"MAIL", "hang up"}, MailOutcome::kTryLater},
      {{"RCPT", "hang up"}, MailOutcome::kTryLater},
      {{"DATA", "hang up"}, MailOutcome::kTryLater},
  };
  for (const Case& c : cases) {
    listener_.Answer(c.rule);
    EXPECT_EQ(SendOnce().outcome, c.outcome) << c.rule.verb << " " << c.rule.answer;
    listener_.AnswerAsUsual();
  }
  EXPECT_THAT(listener_.Messages(), IsEmpty());
}

// The relay has it, and we did not hear so: that must never read as "not sent".
TEST_F(SmtpRelayTest, AnEndWithoutAnAnswerIsUnknown) {
  listener_.Answer({".", "hang up"});
  const MailResult result = SendOnce();
  EXPECT_EQ(result.outcome, MailOutcome::kUnknown);
  EXPECT_THAT(result.evidence, HasSubstr("did not answer to the end"));
  EXPECT_THAT(listener_.Messages(), SizeIs(1));
}

TEST_F(SmtpRelayTest, AMessageThatTheRelayRefusesWasNotSent) {
  listener_.Answer({".", "554 5.7.1 looks like spam to office@elm.example"});
  EXPECT_EQ(SendOnce().outcome, MailOutcome::kRefused);
  listener_.AnswerAsUsual();
  listener_.Answer({".", "452 4.3.1 disk full"});
  const MailResult full = SendOnce();
  EXPECT_EQ(full.outcome, MailOutcome::kTryLater);
  EXPECT_THAT(full.evidence, HasSubstr("452"));
  EXPECT_THAT(listener_.Messages(), IsEmpty());
}

TEST_F(SmtpRelayTest, NobodyAnswers) {
  SmtpPlace place = Place();
  place.port = 1;
  SmtpRelay relay(kPlan, place);
  EXPECT_EQ(Send(relay).outcome, MailOutcome::kTryLater);
}

// A relay that offers no encryption hears neither who writes nor to whom.
TEST_F(SmtpRelayTest, WithoutEncryptionNothingIsSaid) {
  SmtpPlace place = Place();
  place.security = SmtpSecurity::kStartTls;
  SmtpRelay relay(kPlan, place);
  EXPECT_EQ(Send(relay).outcome, MailOutcome::kTryLater);
  EXPECT_THAT(listener_.Verbs(), AllOf(Contains("EHLO"), Not(Contains("MAIL"))));
}

TEST_F(SmtpRelayTest, SignsInWithAPasswordThatOnlyWeCanRead) {
  SmtpPlace place = Place();
  place.user = "plan";
  place.password_file = temp_.Path("password");
  std::ofstream(place.password_file) << "made-by-the-test\n";
  std::filesystem::permissions(place.password_file, std::filesystem::perms(0644));
  SmtpRelay open(kPlan, place);
  EXPECT_THAT(StatusMessage(open.Prepare({}, "")), HasSubstr("chmod 600"));
  std::filesystem::permissions(place.password_file, std::filesystem::perms(0600));
  {
    SmtpRelay relay(kPlan, place);
    EXPECT_EQ(Send(relay).outcome, MailOutcome::kSent);
    EXPECT_THAT(listener_.Verbs(), Contains("AUTH"));
  }

  listener_.Answer({"AUTH", "535 5.7.8 wrong"});
  SmtpRelay wrong(kPlan, place);
  const MailResult refused = Send(wrong);
  EXPECT_EQ(refused.outcome, MailOutcome::kTryLater);
  EXPECT_THAT(refused.evidence, AllOf(HasSubstr("535"), Not(HasSubstr("made-by-the-test"))));
}

TEST(SmtpPlaceTest, TheConfigurationSaysWhatIsWrong) {
  const auto read = [](const std::string& text) {
    auto config = Config::FromText(text, "notices.toml");
    EXPECT_TRUE(config.ok());
    ReadSmtpPlace(config->Root().RequiredSection("smtp"));
    return StatusMessage(config->Finish());
  };
  EXPECT_EQ(read("[smtp]\nhost = \"mail.plan.example\"\n"), "");
  EXPECT_EQ(read("[smtp]\nhost = \"localhost\"\nsecurity = \"none\"\n"), "");
  EXPECT_THAT(read("[smtp]\nhost = \"mail.plan.example\"\nsecurity = \"none\"\n"),
              HasSubstr("a relay on this machine only"));
  EXPECT_THAT(read("[smtp]\nhost = \"m.example\"\nuser = \"plan\"\n"),
              HasSubstr("password_file go together"));
  EXPECT_THAT(read("[smtp]\nport = 25\n"), HasSubstr("host"));
}

TEST(JudgeSmtpTest, KnowsWhatEachAnswerMeans) {
  struct Case {
    SmtpTrace trace;
    MailOutcome outcome;
  };
  const std::vector<Case> cases = {
      {{.accepted = true, .handed_over = true, .last_code = 250}, MailOutcome::kSent},
      {{.handed_over = true, .last_code = 354}, MailOutcome::kUnknown},
      {{.handed_over = true, .last_code = 0}, MailOutcome::kUnknown},
      {{.handed_over = true, .last_code = 250}, MailOutcome::kUnknown},
      {{.handed_over = true, .last_code = 421}, MailOutcome::kTryLater},
      {{.handed_over = true, .last_code = 554}, MailOutcome::kRefused},
      {{.at_recipient = true, .last_code = 550}, MailOutcome::kRefused},
      {{.at_recipient = true, .last_code = 450}, MailOutcome::kTryLater},
      {{.at_recipient = true, .last_code = 250}, MailOutcome::kTryLater},
      {{.last_code = 550}, MailOutcome::kTryLater},
      {{.last_code = 354}, MailOutcome::kTryLater},
      {{.last_code = 0}, MailOutcome::kTryLater},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(JudgeSmtp(c.trace).outcome, c.outcome) << c.trace.last_code;
  }
}

}  // namespace
}  // namespace sluice::payments
