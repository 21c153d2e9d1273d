#include "core/failpoint.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/check.h"

namespace sluice {
namespace {

constexpr std::array kPlaces = {
    FailpointPlace{"bank.after_store", "a bank's file is stored and not read"},
    FailpointPlace{"bank.before_apply", "items are staged and none is applied"},
    FailpointPlace{"bank.after_book", "the items of a book are posted and still marked as staged"},
    FailpointPlace{"deliver.mid_upload", "half of the temporary file is at the server"},
    FailpointPlace{"deliver.after_upload", "all of it is there, the file is still READY"},
    FailpointPlace{"file.after_plan", "disbursements and files are planned, nothing is posted"},
    FailpointPlace{"file.after_reserve", "file and trace numbers are taken, nothing is planned"},
    FailpointPlace{"file.after_build", "a file's bytes are made and not stored"},
    FailpointPlace{"file.after_ready", "a file is READY with its bytes"},
    FailpointPlace{"file.after_tmp_write", "the temporary file is written and not synced"},
    FailpointPlace{"file.after_fsync", "the temporary file is on the disk, the file still READY"},
    FailpointPlace{"file.after_mark", "the file is DELIVERING under its temporary name"},
    FailpointPlace{"file.after_link", "the file has both of its names"},
    FailpointPlace{"file.after_rename", "the file has its final name and is still DELIVERING"},
    FailpointPlace{"file.after_delivered", "the file is DELIVERED"},
    FailpointPlace{"ledger.after_head_lock", "the head of the book is locked, nothing is written"},
    FailpointPlace{"ledger.after_insert", "ids and effects are written and not committed"},
    FailpointPlace{"pg.before_commit", "a transaction is whole and COMMIT is not sent"},
    FailpointPlace{"pg.commit_sent", "COMMIT is sent and its answer not read"},
    FailpointPlace{"pg.after_commit", "COMMIT is answered and nobody was told"},
    FailpointPlace{"run.after_transition", "the run is RELEASING and its hold is taken"},
    FailpointPlace{"run.between_batches", "a batch of payees is posted, others are not"},
    FailpointPlace{"run.after_finish", "the run is RELEASED, nothing is delivered"},
};

enum class Action { kCrash, kError, kSleep };

struct Armed {
  std::string name;
  Action action = Action::kCrash;
  std::int64_t milliseconds = 0;
  std::int64_t nth = 1;
  std::int64_t visits = 0;
};

struct Watch {
  std::mutex mutex;
  std::vector<Armed> armed;
  bool counting = false;
  std::map<std::string, std::int64_t> visits;
};

Watch& TheWatch() {
  static Watch watch;
  return watch;
}

bool IsPlace(std::string_view name) {
  return std::ranges::find(kPlaces, name, &FailpointPlace::name) != kPlaces.end();
}

#ifdef SLUICE_FAILPOINTS
constexpr bool kBuilt = true;
#else
constexpr bool kBuilt = false;
#endif

std::optional<std::int64_t> Number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

StatusOr<Armed> ParseEntry(std::string_view entry) {
  const std::vector<std::string_view> parts = Split(entry, ':');
  const auto wrong = [&](std::string_view why) {
    return InvalidArgument("failpoint \"{}\": {}; write NAME:crash|error|sleep=MS[:NTH]", entry,
                           why);
  };
  if (parts.size() < 2 || parts.size() > 3) return wrong("it has no action, or too many parts");
  if (!IsPlace(parts[0])) return wrong("there is no such place");
  Armed armed{.name = std::string(parts[0])};
  constexpr std::string_view kSleep = "sleep=";
  if (parts[1] == "error") {
    armed.action = Action::kError;
  } else if (parts[1].starts_with(kSleep)) {
    const auto milliseconds = Number(parts[1].substr(kSleep.size()));
    if (!milliseconds) return wrong("the time is not a number of milliseconds");
    armed.action = Action::kSleep;
    armed.milliseconds = *milliseconds;
  } else if (parts[1] != "crash") {
    return wrong("there is no such action");
  }
  if (parts.size() == 3) {
    const auto nth = Number(parts[2]);
    if (!nth) return wrong("the visit is not a number from 1");
    armed.nth = *nth;
  }
  return armed;
}

[[noreturn]] void Crash() {
  // No handler runs, no buffer is written, no destructor: as when the machine's killer comes.
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

}  // namespace

Status internal::VisitFailpoint(std::string_view name) {
  CHECK(IsPlace(name));
  std::optional<Armed> happens;
  {
    Watch& watch = TheWatch();
    const std::lock_guard lock(watch.mutex);
    if (watch.counting) ++watch.visits[std::string(name)];
    for (Armed& armed : watch.armed) {
      if (armed.name == name && ++armed.visits == armed.nth && !happens) happens = armed;
    }
  }
  if (!happens) return OkStatus();
  switch (happens->action) {
    case Action::kCrash:
      Crash();
    case Action::kSleep:
      std::this_thread::sleep_for(std::chrono::milliseconds(happens->milliseconds));
      return OkStatus();
    case Action::kError:
      break;
  }
  return Unavailable("failpoint {} was armed", name);
}

std::span<const FailpointPlace> Failpoints() { return kPlaces; }

Status ArmFailpoints(std::string_view spec) {
  if (!kBuilt && !spec.empty()) {
    return FailedPrecondition(
        "this build has no failpoints and does not run with SLUICE_FAILPOINT set: unset it, or use "
        "a debug build");
  }
  std::vector<Armed> armed;
  if (!spec.empty()) {
    for (const std::string_view entry : Split(spec, ',')) {
      ASSIGN_OR_RETURN(Armed parsed, ParseEntry(entry));
      armed.push_back(std::move(parsed));
    }
  }
  Watch& watch = TheWatch();
  const std::lock_guard lock(watch.mutex);
  watch.armed = std::move(armed);
  internal::failpoints_watched = watch.counting || !watch.armed.empty();
  return OkStatus();
}

Status ArmFailpointsOfEnvironment() {
  const char* const spec = std::getenv("SLUICE_FAILPOINT");
  return spec == nullptr ? OkStatus() : ArmFailpoints(spec);
}

void CountFailpoints() {
  Watch& watch = TheWatch();
  const std::lock_guard lock(watch.mutex);
  watch.counting = true;
  watch.visits.clear();
  internal::failpoints_watched = kBuilt;
}

std::map<std::string, std::int64_t> FailpointVisits() {
  Watch& watch = TheWatch();
  const std::lock_guard lock(watch.mutex);
  return watch.visits;
}

}  // namespace sluice
