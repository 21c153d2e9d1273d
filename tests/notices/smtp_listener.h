// A small mail server for tests: speaks SMTP on a free port of this machine, keeps what it took,
// and refuses, hangs up or keeps silent where it is told to.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sluice::testing {

class SmtpListener {
 public:
  SmtpListener();
  ~SmtpListener();
  SmtpListener(const SmtpListener&) = delete;
  SmtpListener& operator=(const SmtpListener&) = delete;

  int Port() const { return port_; }

  // From the next command on. A verb is answered by its line instead of the usual one; "hang up"
  // ends the connection. "." is the end of a message: what is hung up there was taken.
  struct Rule {
    std::string verb;    // "RCPT"
    std::string answer;  // "550 5.1.1 <somebody@elm.example> is unknown"
  };
  void Answer(Rule rule);
  void AnswerAsUsual();

  struct Taken {
    std::string from;
    std::string to;
    std::string text;  // with CR LF, without the dots that were doubled
  };
  std::vector<Taken> Messages() const;
  // Verbs, in order: "EHLO", "MAIL". Of all connections.
  std::vector<std::string> Verbs() const;

 private:
  class Session;
  void Serve();

  int port_ = 0;
  int socket_ = -1;
  mutable std::mutex mutex_;
  std::vector<Rule> rules_;
  std::vector<Taken> taken_;
  std::vector<std::string> verbs_;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

}  // namespace sluice::testing
