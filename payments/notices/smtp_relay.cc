#include "payments/notices/smtp_relay.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/secret.h"
#include "payments/descriptor.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kLargestPassword = 1'024;
constexpr int kTimeoutsOfMessage = 4;

// Once for the process; it is never taken down, like the libraries below it.
bool LibraryIsReady() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

bool IsThisMachine(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

StatusOr<SecretString> ReadPassword(const SmtpPlace& place) {
  const Descriptor file(::open(place.password_file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (file.Get() < 0 || ::fstat(file.Get(), &info) != 0) {
    return FailedPrecondition("smtp: its password_file cannot be read: {}", std::strerror(errno));
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return FailedPrecondition(
        "smtp: its password_file may be used by others on this machine: chmod 600, and ask for a "
        "new password if others were");
  }
  std::string text(kLargestPassword, '\0');
  const ssize_t size = ::read(file.Get(), text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (text.empty()) return FailedPrecondition("smtp: its password_file is empty");
  return SecretString(std::move(text));
}

}  // namespace

SmtpPlace ReadSmtpPlace(const ConfigSection& section) {
  SmtpPlace place{
      .host = section.RequiredText("host"),
      .port = static_cast<int>(section.Integer("port", 587, {.least = 1, .most = 65'535})),
      .user = section.Text("user", ""),
      .password_file = section.Text("password_file", ""),
      .ca_file = section.Text("ca_file", ""),
      .timeout_seconds =
          static_cast<int>(section.Integer("timeout_seconds", 30, {.least = 1, .most = 600}))};
  const std::string security = section.Choice("security", {"starttls", "tls", "none"}, "starttls");
  place.security = security == "tls"    ? SmtpSecurity::kTls
                   : security == "none" ? SmtpSecurity::kNone
                                        : SmtpSecurity::kStartTls;
  if (place.security == SmtpSecurity::kNone && !IsThisMachine(place.host)) {
    section.Fault("security", "may be \"none\" for a relay on this machine only");
  }
  if (place.user.empty() != place.password_file.empty()) {
    section.Fault("user", "and password_file go together");
  }
  return place;
}

MailResult JudgeSmtp(const SmtpTrace& trace) {
  if (trace.accepted) return {MailOutcome::kSent, "the relay took it"};
  const bool for_good = trace.last_code >= 500 && trace.last_code < 600;
  const bool refused = for_good || (trace.last_code >= 400 && trace.last_code < 500);
  if (trace.handed_over) {
    if (for_good) {
      return {MailOutcome::kRefused,
              fmt::format("the relay refused the message with {}", trace.last_code)};
    }
    if (refused) {
      return {MailOutcome::kTryLater,
              fmt::format("the relay put the message off with {}", trace.last_code)};
    }
    return {MailOutcome::kUnknown, "the relay did not answer to the end of the message"};
  }
  if (for_good && trace.at_recipient) {
    return {MailOutcome::kRefused,
            fmt::format("the relay refused the recipient with {}", trace.last_code)};
  }
  if (refused) {
    return {MailOutcome::kTryLater,
            fmt::format("the relay answered {} before the message", trace.last_code)};
  }
  return {MailOutcome::kTryLater, "the relay does not answer as it should"};
}

// One session with the relay.
class SmtpRelay::Connection {
 public:
  explicit Connection(CURL* handle) : handle_(handle) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { curl_easy_cleanup(handle_); }

  MailResult Send(const MailSender& sender, const SmtpPlace& place, const SecretString& password,
                  const MailMessage& message, std::string_view bytes);

 private:
  struct List {
    ~List() { curl_slist_free_all(head); }
    curl_slist* head = nullptr;
  };
  struct Progress {
    std::string_view rest;
    SmtpTrace trace;
  };

  template <typename Value>
  void Set(CURLoption option, Value value) {
    failed_ = failed_ || curl_easy_setopt(handle_, option, value) != CURLE_OK;
  }
  void SetPlace(const SmtpPlace& place, const SecretString& password);

  // The names of the library's callbacks and their signatures are its own.
  static std::size_t Read(char* buffer, std::size_t size, std::size_t count, void* user);
  static int Watch(CURL* handle, curl_infotype type, char* data, std::size_t size, void* user);

  CURL* handle_;
  bool failed_ = false;
};

std::size_t SmtpRelay::Connection::Read(char* buffer, std::size_t size, std::size_t count,
                                        void* user) {
  auto& progress = *static_cast<Progress*>(user);
  const std::size_t part = std::min(progress.rest.size(), size * count);
  if (part == 0) progress.trace.handed_over = true;
  std::copy_n(progress.rest.data(), part, buffer);
  progress.rest.remove_prefix(part);
  return part;
}

// Sees the verb of each command, and nothing else of it.
int SmtpRelay::Connection::Watch(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size,
                                 void* user) {
  auto& progress = *static_cast<Progress*>(user);
  const std::string_view command(data, size);
  // A refusal is followed by a farewell, which says nothing about it.
  if (type == CURLINFO_HEADER_OUT && !command.starts_with("QUIT")) {
    progress.trace.at_recipient = command.starts_with("RCPT");
  }
  return 0;
}

void SmtpRelay::Connection::SetPlace(const SmtpPlace& place, const SecretString& password) {
  const bool bare_address = place.host.find(':') != std::string::npos;
  const std::string host = bare_address ? "[" + place.host + "]" : place.host;
  const std::string url = fmt::format(
      "{}://{}:{}", place.security == SmtpSecurity::kTls ? "smtps" : "smtp", host, place.port);
  Set(CURLOPT_URL, url.c_str());
  Set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(place.timeout_seconds));
  Set(CURLOPT_TIMEOUT, static_cast<long>(place.timeout_seconds) * kTimeoutsOfMessage);
  // Whatever the environment says: mail goes to the relay of the configuration.
  Set(CURLOPT_PROXY, "");
  if (place.security == SmtpSecurity::kStartTls) {
    Set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  }
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!place.ca_file.empty()) Set(CURLOPT_CAINFO, place.ca_file.c_str());
  if (!place.user.empty()) {
    Set(CURLOPT_USERNAME, place.user.c_str());
    Set(CURLOPT_PASSWORD, password.Reveal().c_str());
    Set(CURLOPT_SASL_IR, 1L);  // with the command, not after a question
  }
}

MailResult SmtpRelay::Connection::Send(const MailSender& sender, const SmtpPlace& place,
                                       const SecretString& password, const MailMessage& message,
                                       std::string_view bytes) {
  failed_ = false;
  Progress progress{.rest = bytes, .trace = {}};
  const std::string from = "<" + sender.address + ">";
  List to;
  to.head = curl_slist_append(nullptr, ("<" + message.to + ">").c_str());
  SetPlace(place, password);
  Set(CURLOPT_MAIL_FROM, from.c_str());
  Set(CURLOPT_MAIL_RCPT, to.head);
  Set(CURLOPT_UPLOAD, 1L);
  Set(CURLOPT_READFUNCTION, &Connection::Read);
  Set(CURLOPT_READDATA, static_cast<void*>(&progress));
  Set(CURLOPT_VERBOSE, 1L);  // to Watch, and nowhere else
  Set(CURLOPT_DEBUGFUNCTION, &Connection::Watch);
  Set(CURLOPT_DEBUGDATA, static_cast<void*>(&progress));
  if (failed_ || to.head == nullptr) {
    return {MailOutcome::kTryLater, "the mail library does not take its settings"};
  }
  const CURLcode result = curl_easy_perform(handle_);
  long code = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &code);
  // The connection stays; nobody watches its farewell.
  curl_easy_reset(handle_);
  progress.trace.accepted = result == CURLE_OK;
  progress.trace.last_code = static_cast<int>(code);
  MailResult judged = JudgeSmtp(progress.trace);
  if (result != CURLE_OK && code < 400) {
    judged.evidence += fmt::format(" ({})", curl_easy_strerror(result));
  }
  return judged;
}

SmtpRelay::SmtpRelay(MailSender sender, SmtpPlace place)
    : sender_(std::move(sender)), place_(std::move(place)) {}
SmtpRelay::~SmtpRelay() = default;

Status SmtpRelay::Prepare(const MailMessage& /*message*/, std::string_view /*bytes*/) {
  if (connection_ != nullptr) return OkStatus();
  CURL* const handle = LibraryIsReady() ? curl_easy_init() : nullptr;
  if (handle == nullptr) return Unavailable("the mail library cannot be set up");
  connection_ = std::make_unique<Connection>(handle);
  return place_.user.empty() ? OkStatus() : ReadPassword(place_).status();
}

MailResult SmtpRelay::Send(const MailMessage& message, std::string_view bytes) {
  SecretString password;
  if (!place_.user.empty()) {
    auto read = ReadPassword(place_);
    if (!read.ok()) return {MailOutcome::kTryLater, StatusMessage(read.status())};
    password = *std::move(read);
  }
  return connection_->Send(sender_, place_, password, message, bytes);
}

StatusOr<MailResult> SmtpRelay::LookUp(const MailMessage& /*message*/, std::string_view /*bytes*/) {
  return MailResult{MailOutcome::kUnknown, "the program ended while the relay was spoken to"};
}

}  // namespace sluice::payments
