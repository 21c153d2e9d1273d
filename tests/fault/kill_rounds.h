// The paid cycle, killed again and again, beside an undisturbed one.
//
//   KillRounds rounds;
//   rounds.PassFailpoints("crash");
//   rounds.KillAtRandom(10, seed);
//
// Each step ends with a closed run that is compared with the undisturbed one, line by line. What is
// wrong comes back as text; empty is good.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fault/worker_process.h"

namespace sluice::payments {

// What is killed: the program, the server (with SIGKILL, or at once as PostgreSQL calls it), both,
// or one process of the server.
enum class Victim { kProgram, kServer, kServerAtOnce, kBoth, kServerProcess };
inline constexpr std::array kVictims = {Victim::kProgram, Victim::kServer, Victim::kServerAtOnce,
                                        Victim::kBoth, Victim::kServerProcess};

class KillRounds {
 public:
  // Prepares a cycle of so many payees (0: a small one) and pays it once, undisturbed.
  explicit KillRounds(std::int64_t payees = 0);

  // What went wrong so far; empty when nothing did.
  const std::string& Problem() const { return problem_; }
  // The places that the undisturbed work passed, in no order.
  const std::vector<std::string>& Places() const { return places_; }
  // Whether the work comes by a failpoint on this machine: an upload needs an OpenSSH server.
  static bool CanPass(std::string_view place);

  // Pays one cycle while every failpoint happens once, in a process of its own.
  void PassFailpoints(const std::string& action);
  // Pays as many cycles as it takes for `kills` kills at random moments. A kill counts when it
  // found the work still going on.
  void KillAtRandom(int kills, std::uint64_t seed, std::span<const Victim> victims = kVictims);
  // A new copy of the prepared cycle, for tests that interrupt it in other ways. One at a time.
  std::string FreshCopy();
  // What Observe() gives after undisturbed work.
  const std::string& Undisturbed() const { return undisturbed_; }
  int Kills() const { return kills_; }
  int Cycles() const { return cycles_; }

 private:
  void StartOver();
  // What Observe() gives now, by a process of its own.
  std::string Look();
  void Compare();
  // Runs the work to its end and compares.
  void FinishAndCompare();
  void Strike(WorkerProcess& worker, Victim victim, std::mt19937_64& random);
  bool Fail(const std::string& what);

  FaultDirectory directory_;
  std::string prepared_, disturbed_;
  std::string undisturbed_;
  std::vector<std::string> places_;
  std::chrono::microseconds work_time_{};
  std::string problem_;
  int kills_ = 0;
  int cycles_ = 0;
};

}  // namespace sluice::payments
