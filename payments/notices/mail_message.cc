#include "payments/notices/mail_message.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "core/utf8.h"
#include "hierarchy/contact.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kLongestLine = 76;
// An encoded word has at most 75 characters: "=?UTF-8?Q?" and "?=" are twelve of them.
constexpr std::size_t kLongestWord = 60;

std::string HexByte(char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  return {'=', kDigits[value >> 4U], kDigits[value & 15U]};
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 32 || byte == 127;
}

// Whether the byte goes on with a character that another one began.
bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

Status CheckField(std::string_view what, std::string_view text) {
  if (std::ranges::any_of(text, IsControl)) {
    return InvalidArgument("the {} of a message has a control character", what);
  }
  if (!IsUtf8(text)) return InvalidArgument("the {} of a message is not UTF-8", what);
  return OkStatus();
}

// The reason of ParseEmail may repeat what it was given.
Status CheckAddress(std::string_view what, const std::string& address) {
  if (hierarchy::ParseEmail(address).ok()) return OkStatus();
  return InvalidArgument("the {} of a message is no e-mail address", what);
}

bool IsIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-';
}

// Plain words stay readable; everything else is a quoted string or encoded words.
std::string DisplayName(const std::string& name) {
  if (!IsAscii(name)) return HeaderText(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string Mailbox(const std::string& name, const std::string& address) {
  if (name.empty()) return address;
  return DisplayName(name) + "\r\n <" + address + ">";
}

}  // namespace

std::string MailDate(Instant at) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Date date = at.UtcDate();
  const std::chrono::year_month_day day{date};
  const std::int64_t seconds = (at.Micros() - Instant::AtMidnight(date).Micros()) / 1'000'000;
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
      kDays.at(std::chrono::weekday(date).c_encoding()), static_cast<unsigned>(day.day()),
      kMonths.at(static_cast<unsigned>(day.month()) - 1), static_cast<int>(day.year()),
      seconds / 3'600, seconds / 60 % 60, seconds % 60);
}

std::string HeaderText(std::string_view text) {
  if (IsAscii(text) && text.find("=?") == std::string_view::npos) return std::string(text);
  std::string words, word;
  const auto finish_word = [&] {
    words += (words.empty() ? "=?UTF-8?Q?" : "\r\n =?UTF-8?Q?") + word + "?=";
    word.clear();
  };
  for (const char c : text) {
    // A character is never cut in two words.
    if (word.size() >= kLongestWord - 12 && !IsContinuation(c)) finish_word();
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    word += plain ? std::string(1, c) : c == ' ' ? "_" : HexByte(c);
  }
  finish_word();
  return words;
}

std::string QuotedPrintable(std::string_view text) {
  std::string out;
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += "\r\n";
      width = 0;
      continue;
    }
    const bool at_end = i + 1 == text.size() || text[i + 1] == '\n';
    const bool blank_at_end = c == ' ' && at_end;
    const bool plain = c >= ' ' && c <= '~' && c != '=' && !blank_at_end;
    const std::string written = plain ? std::string(1, c) : HexByte(c);
    if (width + written.size() > kLongestLine - 1) {
      out += "=\r\n";
      width = 0;
    }
    out += written;
    width += written.size();
  }
  if (!out.ends_with("\r\n")) out += "\r\n";
  return out;
}

StatusOr<std::string> RenderMail(const MailSender& sender, const MailMessage& message) {
  RETURN_IF_ERROR(CheckAddress("sender", sender.address));
  RETURN_IF_ERROR(CheckAddress("recipient", message.to));
  RETURN_IF_ERROR(CheckField("sender's name", sender.name));
  RETURN_IF_ERROR(CheckField("recipient's name", message.to_name));
  RETURN_IF_ERROR(CheckField("subject", message.subject));
  if (message.id.empty() || !std::ranges::all_of(message.id, IsIdCharacter)) {
    return InvalidArgument("the id of a message has letters, digits, dots and dashes");
  }
  if (!IsUtf8(message.body)) return InvalidArgument("the body of a message is not UTF-8");
  const std::string domain = sender.address.substr(sender.address.rfind('@') + 1);
  return fmt::format(
      "Date: {}\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\n"
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n{}",
      MailDate(message.written_at), Mailbox(sender.name, sender.address),
      Mailbox(message.to_name, message.to), HeaderText(message.subject), message.id, domain,
      QuotedPrintable(message.body));
}

}  // namespace sluice::payments
