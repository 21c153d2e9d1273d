#include "tests/notices/smtp_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "core/check.h"

namespace sluice::testing {
namespace {

constexpr std::string_view kHangUp = "hang up";
constexpr int kPollMilliseconds = 20;

bool Readable(int fd) {
  pollfd entry{fd, POLLIN, 0};
  return ::poll(&entry, 1, kPollMilliseconds) == 1;
}

void Say(int fd, std::string line) {
  line += "\r\n";
  // The other side may be gone: that is what some tests are about.
  [[maybe_unused]] const ssize_t sent = ::send(fd, line.data(), line.size(), MSG_NOSIGNAL);
}

// "MAIL FROM:<a@b>" -> "a@b".
std::string Address(const std::string& line) {
  const std::size_t from = line.find('<'), to = line.find('>');
  return from == std::string::npos || to == std::string::npos
             ? ""
             : line.substr(from + 1, to - from - 1);
}

}  // namespace

// One connection.
class SmtpListener::Session {
 public:
  Session(SmtpListener& owner, int fd) : owner_(owner), fd_(fd) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { ::close(fd_); }

  void Run() {
    Say(fd_, "220 mail.test ready");
    while (const auto line = Line()) {
      if (!Take(*line)) return;
    }
  }

 private:
  // Without its end; none when the other side is gone or the test is over.
  std::optional<std::string> Line() {
    for (;;) {
      if (const std::size_t end = read_.find("\r\n"); end != std::string::npos) {
        std::string line = read_.substr(0, end);
        read_.erase(0, end + 2);
        return line;
      }
      if (owner_.ends_) return std::nullopt;
      if (!Readable(fd_)) continue;
      std::array<char, 4'096> buffer{};
      const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (count <= 0) return std::nullopt;
      read_.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  // False: the connection is over.
  bool Take(const std::string& line) {
    const std::string verb = line.substr(0, 4);
    const auto rule = Rule(verb);
    if (rule == kHangUp) return false;
    if (verb == "MAIL") message_.from = Address(line);
    if (verb == "RCPT") message_.to = Address(line);
    Say(fd_, rule ? *rule : Usual(verb));
    if (verb == "QUIT") return false;
    return verb != "DATA" || (rule && !rule->starts_with("354")) || TakeText();
  }

  bool TakeText() {
    message_.text.clear();
    for (;;) {
      const auto line = Line();
      if (!line) return false;
      if (*line == ".") break;
      message_.text += (line->starts_with('.') ? line->substr(1) : *line) + "\r\n";
    }
    const auto rule = Rule(".");
    if (!rule || rule == kHangUp) {
      const std::lock_guard lock(owner_.mutex_);
      owner_.taken_.push_back(message_);
    }
    if (rule == kHangUp) return false;
    Say(fd_, rule ? *rule : "250 taken");
    return true;
  }

  std::optional<std::string> Rule(const std::string& verb) {
    const std::lock_guard lock(owner_.mutex_);
    owner_.verbs_.push_back(verb);
    for (const SmtpListener::Rule& rule : owner_.rules_) {
      if (rule.verb == verb) return rule.answer;
    }
    return std::nullopt;
  }

  static std::string Usual(const std::string& verb) {
    if (verb == "EHLO") return "250-mail.test\r\n250-AUTH PLAIN\r\n250 8BITMIME";
    if (verb == "AUTH") return "235 welcome";
    if (verb == "DATA") return "354 go on";
    return verb == "QUIT" ? "221 bye" : "250 fine";
  }

  SmtpListener& owner_;
  int fd_;
  std::string read_;
  Taken message_;
};

SmtpListener::SmtpListener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  CHECK(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  CHECK(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  CHECK(::listen(socket_, 16) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

SmtpListener::~SmtpListener() {
  ends_ = true;
  thread_.join();
  ::close(socket_);
}

void SmtpListener::Serve() {
  while (!ends_) {
    if (!Readable(socket_)) continue;
    const int fd = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) Session(*this, fd).Run();
  }
}

void SmtpListener::Answer(Rule rule) {
  const std::lock_guard lock(mutex_);
  rules_.push_back(std::move(rule));
}

void SmtpListener::AnswerAsUsual() {
  const std::lock_guard lock(mutex_);
  rules_.clear();
}

std::vector<SmtpListener::Taken> SmtpListener::Messages() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

std::vector<std::string> SmtpListener::Verbs() const {
  const std::lock_guard lock(mutex_);
  return verbs_;
}

}  // namespace sluice::testing
