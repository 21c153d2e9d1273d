#include "tests/fault/kill_rounds.h"

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "core/bytes.h"
#include "core/failpoint.h"
#include "core/pg/server_process.h"
#include "tests/delivery/sftp_server.h"

namespace sluice::payments {
namespace {

// Found by their command lines: a pid file may name a process that is somebody else's by now.
pg::ServerProcesses ServerOf(const std::string& directory) {
  // The name that core/pg/embedded.cc gives a cluster, which its processes carry.
  const std::string name = "sluice-" + ToHex(Sha256(AsBytes(directory + "/db"))).substr(0, 16);
  return pg::FindServerProcesses(directory + "/db/cluster", name);
}

// The first line that differs, for a message.
std::string FirstDifference(const std::string& expected, const std::string& found) {
  std::istringstream a(expected), b(found);
  std::string x, y;
  for (int line = 1;; ++line) {
    const bool more_a = static_cast<bool>(std::getline(a, x));
    const bool more_b = static_cast<bool>(std::getline(b, y));
    if (!more_a && !more_b) return "";
    if (x != y || more_a != more_b) {
      return fmt::format("line {}\n  undisturbed: {}\n  disturbed:   {}", line,
                         more_a ? x : "(end)", more_b ? y : "(end)");
    }
  }
}

}  // namespace

bool KillRounds::CanPass(std::string_view place) {
  return !place.starts_with("deliver.") || ::sluice::testing::SftpServer::WhyNot().empty();
}

KillRounds::KillRounds(std::int64_t payees)
    : prepared_(directory_.Path("prepared")), disturbed_(directory_.Path("disturbed")) {
  if (payees > 0) setenv("SLUICE_FAULT_PAYEES", std::to_string(payees).c_str(), 1);
  const WorkerEnd prepared = WorkerProcess({"prepare", prepared_}).Finish();
  if (prepared.exit_code != 0) {
    Fail("preparing: " + prepared.output);
    return;
  }
  StartOver();
  WorkerProcess worker({"work", disturbed_});
  worker.WaitFor("ready\n");
  const auto start = std::chrono::steady_clock::now();
  worker.WaitFor("done\n");
  work_time_ = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  const WorkerEnd worked = worker.Finish();
  if (worked.exit_code != 0) {
    Fail("the undisturbed work: " + worked.output);
    return;
  }
  std::istringstream words(worked.output);
  for (std::string word; words >> word;) {
    if (word != "visits") continue;
    words >> word;
    places_.push_back(word);
  }
  undisturbed_ = Look();
}

std::string KillRounds::Look() {
  const WorkerEnd end = WorkerProcess({"observe", disturbed_}).Finish();
  if (end.exit_code != 0) Fail("what is left is wrong: " + end.output);
  const std::string_view ready = "ready\n";
  return end.output.starts_with(ready) ? end.output.substr(ready.size()) : end.output;
}

std::string KillRounds::FreshCopy() {
  StartOver();
  return disturbed_;
}

bool KillRounds::Fail(const std::string& what) {
  if (problem_.empty()) problem_ = what;
  return false;
}

void KillRounds::StartOver() {
  CopyDirectory(prepared_, disturbed_);
  ++cycles_;
}

void KillRounds::FinishAndCompare() {
  const WorkerEnd worked = WorkerProcess({"work", disturbed_}).Finish();
  if (worked.exit_code != 0) {
    Fail("the work that was interrupted does not finish: " + worked.output);
    return;
  }
  Compare();
}

void KillRounds::Compare() {
  const std::string left = Look();
  if (left != undisturbed_) {
    Fail("the interrupted work differs: " + FirstDifference(undisturbed_, left));
  }
}

void KillRounds::PassFailpoints(const std::string& action) {
  if (!problem_.empty()) return;
  StartOver();
  // The bank's file goes to a server, those after it into the folder.
  // In the order in which the work comes to them: those behind it are still ahead after a restart.
  constexpr std::array kOrder = {
      "pg.before_commit",       "pg.commit_sent",      "pg.after_commit",
      "ledger.after_head_lock", "ledger.after_insert", "run.after_transition",
      "file.after_reserve",     "file.after_plan",     "run.between_batches",
      "file.after_build",       "file.after_ready",    "run.after_finish",
      "deliver.mid_upload",     "deliver.after_upload",
      "file.after_tmp_write",   "file.after_fsync",    "file.after_mark",
      "file.after_link",        "file.after_rename",   "file.after_delivered",
      "bank.after_store",       "bank.before_apply",   "bank.after_book"};
  if (kOrder.size() != Failpoints().size()) {
    Fail("a failpoint is not in the order of this test");
    return;
  }
  for (const char* const place : kOrder) {
    if (!CanPass(place)) continue;
    const WorkerEnd end =
        WorkerProcess({"work", disturbed_}, fmt::format("{}:{}", place, action)).Finish();
    // A lost connection is mended inside; everything else ends the program.
    const bool mended = action != "crash" && std::string_view(place).starts_with("pg.");
    const int expected = action == "crash" ? 128 + SIGKILL : 3;
    if (mended && end.exit_code == 0) {
      Compare();
      StartOver();
      continue;
    }
    if (end.exit_code == expected) continue;
    Fail(fmt::format("{} with {}: the work ended with {}: {}", place, action, end.exit_code,
                     end.output));
    return;
  }
  FinishAndCompare();
}

void KillRounds::Strike(WorkerProcess& worker, Victim victim, std::mt19937_64& random) {
  const pg::ServerProcesses server = ServerOf(disturbed_);
  if (server.postmaster && victim == Victim::kServerAtOnce) kill(*server.postmaster, SIGQUIT);
  if (server.postmaster && (victim == Victim::kServer || victim == Victim::kBoth)) {
    kill(*server.postmaster, SIGKILL);
  }
  if (victim == Victim::kServerProcess && !server.children.empty()) {
    kill(server.children[random() % server.children.size()], SIGKILL);
  }
  if (victim == Victim::kProgram || victim == Victim::kBoth) worker.Kill();
}

void KillRounds::KillAtRandom(int kills, std::uint64_t seed, std::span<const Victim> victims) {
  if (!problem_.empty()) return;
  std::mt19937_64 random(seed);
  const int until = kills_ + kills;
  bool fresh = true;
  while (kills_ < until && problem_.empty()) {
    if (fresh) StartOver();
    fresh = false;
    const auto delay =
        std::chrono::microseconds(random() % static_cast<std::uint64_t>(work_time_.count() + 1));
    const Victim victim = victims[random() % victims.size()];
    WorkerProcess worker({"work", disturbed_});
    // Now and then while the server still recovers from the last kill.
    const bool running = random() % 8 == 0 || worker.WaitFor("ready\n");
    if (running && !worker.EndsWithin(delay) && !worker.HasSaid("done\n")) {
      Strike(worker, victim, random);
      ++kills_;
    }
    const int code = worker.Finish().exit_code;
    if (code == 0) {
      Compare();
      fresh = true;
    } else if (code != 3 && code != 128 + SIGKILL) {
      Fail(fmt::format("the work ended with {}", code));
    }
  }
  if (!fresh) FinishAndCompare();
  if (!problem_.empty()) problem_ += fmt::format("\n(seed {}, kill {})", seed, kills_);
}

}  // namespace sluice::payments
