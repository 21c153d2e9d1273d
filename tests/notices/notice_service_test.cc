// Notices on their way: each is sent once, what nobody knows is never sent again by itself, and
// what a payee was told begins its days of notice.
#include "payments/notices/notice_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "hierarchy/contact_store.h"
#include "payments/enrollment/account_test_service.h"
#include "payments/notices/mail_drop.h"
#include "payments/notices/smtp_relay.h"
#include "payments/recoup/recoup_store.h"
#include "tests/notices/smtp_listener.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

namespace fs = std::filesystem;
using ::sluice::testing::SmtpListener;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr pg::Query kChange{"test_notice_change", R"sql(
  INSERT INTO hierarchy.change (payer_id, change_number, recorded_at, source)
  VALUES ($1, 1, $2, 'test')
)sql"};
constexpr pg::Query kParty{"test_notice_party", R"sql(
  INSERT INTO hierarchy.party (payer_id, party_id, kind, change_number)
  VALUES ($1, $2, 3, 1)
)sql"};

const MailSender kPlan{.address = "notices@plan.example", .name = "Plan"};

// A channel that does as the test says, in front of a drop.
class StagedChannel : public MailChannel {
 public:
  explicit StagedChannel(MailChannel& inner) : inner_(inner) {}
  std::function<MailResult(const MailMessage&)> send;
  int sends = 0;

  const MailSender& Sender() const override { return inner_.Sender(); }
  Status Prepare(const MailMessage& message, std::string_view bytes) override {
    return inner_.Prepare(message, bytes);
  }
  MailResult Send(const MailMessage& message, std::string_view bytes) override {
    ++sends;
    return send ? send(message) : inner_.Send(message, bytes);
  }
  StatusOr<MailResult> LookUp(const MailMessage& message, std::string_view bytes) override {
    return inner_.LookUp(message, bytes);
  }

 private:
  MailChannel& inner_;
};

class NoticeServiceTest : public RunFixture {
 protected:
  void SetUp() override {
    RunFixture::SetUp();
    const Status made = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(kChange, payer_, db_.Clock().Now());
      return OkStatus();
    });
    ASSERT_TRUE(made.ok()) << StatusMessage(made);
  }

  std::string DropFolder() const { return directory_ + "/mail"; }
  NoticeService Office() { return {db_.App(), payer_, db_.Clock()}; }

  void AddContact(std::int64_t party, std::int64_t id, const std::string& email,
                  hierarchy::ContactKind kind = hierarchy::ContactKind::kFinance,
                  const std::string& phone = "") {
    const Status stored = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      hierarchy::InsertContact(tx, payer_,
                               {.id = hierarchy::ContactId(id),
                                .party = PartyId(party),
                                .kind = kind,
                                .name = "Office",
                                .email = email,
                                .phone = phone,
                                .valid = {.from = MakeDate(2026, 1, 1)}},
                               {kMaker.user, Instant::AtMidnight(MakeDate(2026, 3, 1))});
      return OkStatus();
    });
    ASSERT_TRUE(stored.ok()) << StatusMessage(stored);
  }
  void AddParty(std::int64_t party) {
    const Status made = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(kParty, payer_, PartyId(party));
      return OkStatus();
    });
    ASSERT_TRUE(made.ok()) << StatusMessage(made);
  }
  // A payee of that party, with an account and a contact, whose account was changed since.
  PayeeId ChangedPayee(std::int64_t party, const std::string& email) {
    AddParty(party);
    AddContact(party, party, email);
    const PayeeId payee = AddPaidPayee(party);
    AddAccount(payee, fmt::format("99088877{:04}", party));
    return payee;
  }
  std::vector<PayeeNotice> Open(bool all = false) {
    const auto notices = Office().List(all);
    EXPECT_TRUE(notices.ok()) << StatusMessage(notices.status());
    return notices.value_or(std::vector<PayeeNotice>{});
  }
  MailRound Send(MailChannel& channel) {
    const auto round = Office().Send(channel, kService);
    EXPECT_TRUE(round.ok()) << StatusMessage(round.status());
    return round.value_or(MailRound{});
  }
  MailRound SendToDrop() {
    MailDrop drop(kPlan, DropFolder());
    return Send(drop);
  }
  std::map<std::string, std::string> Mail() const {
    std::map<std::string, std::string> mail;
    if (!fs::exists(DropFolder())) return mail;
    for (const auto& entry : fs::directory_iterator(DropFolder())) {
      std::ifstream in(entry.path(), std::ios::binary);
      mail.emplace(entry.path().filename(), std::string(std::istreambuf_iterator<char>(in), {}));
    }
    return mail;
  }
  void Wait() { db_.Clock().AdvanceMicros(kNoticeLeaseMicros); }
};

// feature:M12
TEST_F(NoticeServiceTest, WhatWaitsIsSentOnceToTheMailDrop) {
  ChangedPayee(10, "office@elm.example");
  ASSERT_THAT(Open(), SizeIs(1));
  const MailRound round = SendToDrop();
  EXPECT_EQ(round.sent, 1);
  EXPECT_EQ(round.stopped, "");
  const auto mail = Mail();
  ASSERT_THAT(mail, SizeIs(1));
  EXPECT_THAT(mail.begin()->second,
              AllOf(HasSubstr("<office@elm.example>"), HasSubstr("A new bank account was entered"),
                    HasSubstr("ending 0010"), Not(HasSubstr("990888770010"))));
  EXPECT_THAT(Open(), IsEmpty());
  EXPECT_EQ(SendToDrop().sent, 0);
  EXPECT_THAT(Mail(), SizeIs(1));
  ASSERT_THAT(Open(true), SizeIs(1));
  EXPECT_EQ(Open(true).front().state, NoticeState::kSent);
}

// feature:M12
TEST_F(NoticeServiceTest, ARelayGetsEachAndOneThatItRefusesStopsNoOther) {
  ChangedPayee(10, "first@elm.example");
  ChangedPayee(11, "second@elm.example");
  SmtpListener listener;
  SmtpRelay relay(kPlan, {.host = "127.0.0.1",
                          .port = listener.Port(),
                          .security = SmtpSecurity::kNone,
                          .timeout_seconds = 5});
  StagedChannel staged(relay);
  int messages = 0;
  staged.send = [&](const MailMessage& message) {
    if (++messages == 1) listener.Answer({"RCPT", "550 <" + message.to + "> is unknown"});
    const auto bytes = RenderMail(kPlan, message);
    MailResult result = relay.Send(message, *bytes);
    listener.AnswerAsUsual();
    return result;
  };
  const MailRound round = Send(staged);
  EXPECT_EQ(round.refused, 1);
  EXPECT_EQ(round.sent, 1);
  ASSERT_THAT(listener.Messages(), SizeIs(1));
  const auto open = Open();
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open.front().state, NoticeState::kFailed);
  EXPECT_THAT(open.front().detail, AllOf(HasSubstr("550"), Not(HasSubstr("elm.example"))));
}

// The relay took it and its answer was lost: not sent again, until a person says so.
// feature:M12
TEST_F(NoticeServiceTest, AnUnknownOutcomeIsNeverSentAgainByItself) {
  ChangedPayee(10, "office@elm.example");
  SmtpListener listener;
  const SmtpPlace place{.host = "127.0.0.1",
                        .port = listener.Port(),
                        .security = SmtpSecurity::kNone,
                        .timeout_seconds = 5};
  listener.Answer({".", "hang up"});
  SmtpRelay relay(kPlan, place);
  EXPECT_EQ(Send(relay).unknown, 1);
  listener.AnswerAsUsual();
  for (int i = 0; i < 2; ++i) {
    Wait();
    SmtpRelay again(kPlan, place);
    EXPECT_EQ(Send(again).sent, 0);
  }
  EXPECT_THAT(listener.Messages(), SizeIs(1));
  const PayeeNotice unknown = Open().at(0);
  EXPECT_EQ(unknown.state, NoticeState::kUnknown);

  EXPECT_EQ(Office().Mark(unknown.id, NoticeVerdict::kAgain, "", kFirst).code(),
            absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(
      Office().Mark(unknown.id, NoticeVerdict::kAgain, "not in the relay's log", kFirst).ok());
  SmtpRelay third(kPlan, place);
  EXPECT_EQ(Send(third).sent, 1);
  // The same message: whoever got both sees that they are one.
  ASSERT_THAT(listener.Messages(), SizeIs(2));
  EXPECT_EQ(listener.Messages()[0].text, listener.Messages()[1].text);
}

// What cannot be sent now waits for the next round, and ends this one: a relay that is down is
// asked once and not for every message.
TEST_F(NoticeServiceTest, ARelayThatIsDownEndsTheRound) {
  for (int party = 10; party < 13; ++party)
    ChangedPayee(party, fmt::format("p{}@elm.example", party));
  MailDrop drop(kPlan, DropFolder());
  StagedChannel staged(drop);
  staged.send = [](const MailMessage&) {
    return MailResult{MailOutcome::kTryLater, "the relay does not answer"};
  };
  const MailRound round = Send(staged);
  EXPECT_EQ(staged.sends, 1);
  EXPECT_EQ(round.waiting, 3);
  EXPECT_EQ(round.stopped, "the relay does not answer");
  EXPECT_EQ(SendToDrop().sent, 3);
}

// The program ends between the mark and the result. In a drop the names tell what happened.
TEST_F(NoticeServiceTest, WhatWasInterruptedIsLookedFor) {
  struct Killed {};
  MailDrop drop(kPlan, DropFolder());
  const auto kill = [&](bool after) {
    StagedChannel staged(drop);
    staged.send = [&](const MailMessage& message) -> MailResult {
      if (after) drop.Send(message, *RenderMail(kPlan, message));
      throw Killed{};
    };
    EXPECT_THROW(Office().Send(staged, kService).IgnoreError(), Killed);
  };
  ChangedPayee(10, "before@elm.example");
  kill(false);
  EXPECT_EQ(Open().at(0).state, NoticeState::kSending);
  // Somebody may still be at work with it.
  EXPECT_EQ(SendToDrop().waiting, 1);
  Wait();
  EXPECT_EQ(SendToDrop().waiting, 1);  // it was not sent: it waits
  EXPECT_EQ(Open().at(0).state, NoticeState::kWaits);
  EXPECT_EQ(SendToDrop().sent, 1);
  EXPECT_THAT(Mail(), SizeIs(1));

  ChangedPayee(11, "after@elm.example");
  kill(true);
  Wait();
  EXPECT_EQ(SendToDrop().sent, 1);
  EXPECT_THAT(Mail(), SizeIs(2));

  ChangedPayee(12, "taken@elm.example");
  kill(true);
  for (const auto& [name, text] : Mail()) {
    if (text.find("taken@") != std::string::npos) fs::remove(DropFolder() + "/" + name);
  }
  Wait();
  EXPECT_EQ(SendToDrop().unknown, 1);
  EXPECT_EQ(SendToDrop().sent, 0);
  EXPECT_THAT(Mail(), SizeIs(2));
}

// Two that send at once: each message leaves once.
TEST_F(NoticeServiceTest, TwoSendersSendEachOnce) {
  constexpr int kMessages = 8;
  for (int i = 0; i < kMessages; ++i) ChangedPayee(10 + i, fmt::format("p{}@elm.example", i));
  SmtpListener listener_one, listener_two;
  std::vector<MailRound> rounds(2);
  {
    std::vector<std::thread> senders;
    for (int i = 0; i < 2; ++i) {
      senders.emplace_back([&, i] {
        SmtpRelay relay(kPlan, {.host = "127.0.0.1",
                                .port = (i == 0 ? listener_one : listener_two).Port(),
                                .security = SmtpSecurity::kNone,
                                .timeout_seconds = 5});
        rounds[static_cast<std::size_t>(i)] = Send(relay);
      });
    }
    for (std::thread& sender : senders) sender.join();
  }
  EXPECT_EQ(rounds[0].sent + rounds[1].sent, kMessages);
  EXPECT_EQ(listener_one.Messages().size() + listener_two.Messages().size(), kMessages);
  EXPECT_THAT(Open(), IsEmpty());
}

// A number is called by a person, and nothing mails it.
TEST_F(NoticeServiceTest, ACallIsMadeByAPersonWhoSaysSo) {
  AddParty(10);
  AddContact(10, 10, "", hierarchy::ContactKind::kFinance, "+12065550123");
  AddAccount(AddPaidPayee(10), "990888770010");
  EXPECT_EQ(SendToDrop().sent, 0);
  const PayeeNotice call = Open().at(0);
  EXPECT_EQ(call.channel, NoticeChannel::kPhone);
  NoticeService office = Office();
  EXPECT_THAT(StatusMessage(office.Mark(call.id, NoticeVerdict::kAgain, "busy", kFirst)),
              HasSubstr("\"waits\""));
  EXPECT_EQ(office.Mark(4711, NoticeVerdict::kSent, "called", kFirst).code(),
            absl::StatusCode::kNotFound);
  ASSERT_TRUE(office.Mark(call.id, NoticeVerdict::kSent, "spoke to the office", kFirst).ok());
  EXPECT_THAT(StatusMessage(office.Mark(call.id, NoticeVerdict::kFailed, "no", kFirst)),
              HasSubstr("\"sent\""));
  EXPECT_THAT(Open(), IsEmpty());
}

// A payee whose payment is held gets no advice of what it owes: its contacts are written to, and
// the days of notice begin when the message is sent. feature:P17
TEST_F(NoticeServiceTest, AnOffsetIsToldAndItsDaysBeginWithTheMessage) {
  program_.plan.recoup_notice_days = 30;
  AddParty(10);
  AddContact(10, 1, "clinical@elm.example", hierarchy::ContactKind::kClinical);
  AddContact(10, 2, "finance@elm.example");
  const PayeeId held = AddPayee(10);  // without an account
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, -Dollars(20)}}), Award(2, {{10, Dollars(5)}})});
  const Status released = Releases()->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  const auto told = [&] {
    const auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<RecoupNotice>> {
          return LoadRecoupNotices(tx, program_.book, std::span(&held, 1));
        });
    return rows->at(0);
  };
  EXPECT_EQ(told().noticed_on, std::nullopt);
  const auto open = Open();
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open.front().kind, NoticeKind::kOffset);
  EXPECT_EQ(open.front().address, "finance@elm.example");
  EXPECT_THAT(open.front().body,
              AllOf(HasSubstr("owes the plan 20.00"), HasSubstr("not before 30 days")));

  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 10, 7)));
  EXPECT_EQ(SendToDrop().sent, 1);
  EXPECT_EQ(told().noticed_on, MakeDate(2026, 10, 7));
  EXPECT_EQ(told().offset_from, MakeDate(2026, 11, 6));
  EXPECT_THAT(told().how, HasSubstr("e-mail"));
}

// What an advice told already counts from the advice.
TEST_F(NoticeServiceTest, ThePayeeThatKnewBeforeKeepsItsDay) {
  AddParty(10);
  AddContact(10, 1, "finance@elm.example");
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, -Dollars(20)}})});
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  db_.Clock().Set(Instant::AtMidnight(MakeDate(2026, 10, 7)));
  EXPECT_EQ(SendToDrop().sent, 1);
  const auto rows = db_.App().ForPayer(payer_).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<RecoupNotice>> {
        return LoadRecoupNotices(tx, program_.book, std::span(&payee, 1));
      });
  EXPECT_EQ(rows->at(0).noticed_on, kBusinessDate);
  EXPECT_EQ(rows->at(0).how, "remittance advice");
}

// feature:M12
TEST_F(NoticeServiceTest, TestDepositsAreAnnouncedWithoutTheirAmounts) {
  AddParty(10);
  AddContact(10, 1, "finance@elm.example");
  const PayeeId payee = AddPayee(10);
  const BankAccountRequest request{
      .payee = payee,
      .details = {.routing_number = "091000019", .account_number = AccountNumber("990888770010")},
      .effective_from = MakeDate(2026, 1, 1)};
  const auto submitted = PayeeService(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids())
                             .SubmitBankAccounts(std::span(&request, 1), kBankOffice);
  ASSERT_TRUE(submitted.ok()) << StatusMessage(submitted.status());
  const BankAccount& account = submitted->front();
  Fund(Dollars(1'000));
  AccountTestService tests(db_.App(), db_.Files(), payer_, *keys_, db_.Clock(), db_.Ids());
  const AccountVersion version{account.id, account.version};
  const auto asked = tests.Request(std::span(&version, 1), AccountTestKind::kMicroDeposits, kMaker);
  ASSERT_TRUE(asked.ok()) << StatusMessage(asked.status());
  const auto sent = tests.Send(program_, Settings(), kBusinessDate, kMaker);
  ASSERT_TRUE(sent.ok()) << StatusMessage(sent.status());
  const auto open = Open();
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open.front().kind, NoticeKind::kTestDeposits);
  EXPECT_THAT(open.front().body,
              AllOf(HasSubstr(FormatDate((*sent)->effective_date)), HasSubstr("ending 0010"),
                    Not(ContainsRegex("[0-9][.][0-9]"))));
  EXPECT_EQ(SendToDrop().sent, 1);
}

}  // namespace
}  // namespace sluice::payments
