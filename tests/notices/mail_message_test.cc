// Messages as bytes, read back by a reader of the test's own.
#include "payments/notices/mail_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "payments/notices/notice.h"

namespace sluice::payments {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const MailSender kPlan{.address = "notices@plan.example", .name = "Prairie Health Plan"};

MailMessage Message() {
  return {.id = "notice-17",
          .to = "office@elm.example",
          .to_name = "Ann Elm",
          .subject = "A new bank account was entered for you",
          .body = "First line.\nSecond line.",
          .written_at = Instant::FromMicros(1'790'798'700'000'000)};
}

int HexDigit(char c) { return c <= '9' ? c - '0' : c - 'A' + 10; }

// RFC 2045, section 6.7.
std::string Decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      if (text[i] != '\r') out += text[i];
    } else if (text.compare(i, 3, "=\r\n") == 0) {
      i += 2;
    } else {
      out += static_cast<char>(HexDigit(text.at(i + 1)) * 16 + HexDigit(text.at(i + 2)));
      i += 2;
    }
  }
  return out;
}

std::string BodyOf(const std::string& mail) { return mail.substr(mail.find("\r\n\r\n") + 4); }

TEST(RenderMail, HasTheFieldsOfAMessageAndTheSameBytesEachTime) {
  const auto mail = RenderMail(kPlan, Message());
  ASSERT_TRUE(mail.ok()) << StatusMessage(mail.status());
  EXPECT_EQ(*mail,
            "Date: Wed, 30 Sep 2026 20:05:00 +0000\r\n"
            "From: \"Prairie Health Plan\"\r\n <notices@plan.example>\r\n"
            "To: \"Ann Elm\"\r\n <office@elm.example>\r\n"
            "Subject: A new bank account was entered for you\r\n"
            "Message-ID: <notice-17@plan.example>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            "First line.\r\nSecond line.\r\n");
  EXPECT_EQ(*mail, *RenderMail(kPlan, Message()));
}

TEST(RenderMail, TakesAnyTextAndKeepsEveryLineShort) {
  MailMessage message = Message();
  message.body = "Caf\xC3\xA9 = 100 %, tab\there, blank at the end \n" + std::string(300, 'x') +
                 "\n.\n..two\n" + std::string(75, '=') + " ";
  message.to_name = "Ren\xC3\xA9 \xE2\x82\xAC " + std::string(90, 'n');
  message.subject = std::string(60, 'a') + " \xC3\xA9" + std::string(60, 'b');
  const auto mail = RenderMail(kPlan, message);
  ASSERT_TRUE(mail.ok()) << StatusMessage(mail.status());
  EXPECT_EQ(Decoded(BodyOf(*mail)), message.body + "\n");
  std::istringstream lines(*mail);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 79U) << line;  // 76, its CR, and the name of the field before a word
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return static_cast<signed char>(c) >= 0; }));
  }
}

TEST(RenderMail, RefusesWhatCouldSmuggleAFieldAndNeverRepeatsAnAddress) {
  const auto refused = [](auto change) {
    MailMessage message = Message();
    change(message);
    const auto mail = RenderMail(kPlan, message);
    EXPECT_FALSE(mail.ok());
    const std::string why = StatusMessage(mail.status());
    EXPECT_THAT(why, Not(HasSubstr("elm.example")));
    return why;
  };
  EXPECT_THAT(refused([](auto& m) { m.subject = "Hello\r\nBcc: all@elm.example"; }),
              HasSubstr("subject of a message has a control character"));
  EXPECT_THAT(refused([](auto& m) { m.to_name = "Ann\nElm"; }), HasSubstr("recipient's name"));
  EXPECT_THAT(refused([](auto& m) { m.to = "office@elm.example>\r\nDATA"; }),
              HasSubstr("no e-mail address"));
  EXPECT_THAT(refused([](auto& m) { m.to = "a@elm.example,b@elm.example"; }),
              HasSubstr("no e-mail address"));
  EXPECT_THAT(refused([](auto& m) { m.id = "17@x"; }), HasSubstr("letters, digits"));
  EXPECT_THAT(refused([](auto& m) { m.body = "\xFF"; }), HasSubstr("not UTF-8"));
}

TEST(RenderMail, QuotesANameThatHasQuotes) {
  MailMessage message = Message();
  message.to_name = R"(The "Elm" \ Practice)";
  EXPECT_THAT(*RenderMail(kPlan, message), HasSubstr(R"(To: "The \"Elm\" \\ Practice")"));
}

TEST(Notice, ShowsAnAddressMasked) {
  PayeeNotice notice{.channel = NoticeChannel::kEmail, .address = "frida@elm.example"};
  EXPECT_EQ(MaskedAddress(notice), "f***@elm.example");
  notice = {.channel = NoticeChannel::kPhone, .address = "+12065550123"};
  EXPECT_EQ(MaskedAddress(notice), "***0123");
  notice.address = "12";
  EXPECT_EQ(MaskedAddress(notice), "***");
}

TEST(Notice, TextsSayWhatToDoAndHoldNoAccountNumberAndNoTestAmount) {
  BankAccount account;
  account.last4 = "7666";
  account.institution_name = "First Bank";
  EXPECT_THAT(AccountChangeText(account, "Elm Practice"),
              AllOf(HasSubstr("ending 7666 at First Bank"), HasSubstr("call the plan")));
  EXPECT_THAT(OffsetText("Elm Practice", Money::FromCents(123'456), 30),
              AllOf(HasSubstr("owes the plan 1,234.56"), HasSubstr("not before 30 days")));
  EXPECT_THAT(OffsetText("Elm Practice", Money::FromCents(1), 0), Not(HasSubstr("days")));
  EXPECT_THAT(TestDepositsText(account, "Elm Practice", MakeDate(2026, 10, 2)),
              AllOf(HasSubstr("2026-10-02"), HasSubstr("Tell the plan their amounts")));
}

}  // namespace
}  // namespace sluice::payments
