#include "api/operations/schedule.h"

#include <optional>
#include <utility>

#include "core/log.h"

namespace sluice::api {

StatusOr<bool> Schedule::RunIfDue() {
  const LeaseTerms terms{.holder = parts_.holder, .length = parts_.every};
  ASSIGN_OR_RETURN(const std::optional<Lease> lease,
                   parts_.database.ForPayer(parts_.payer)
                       .Transact([&](pg::Transaction& tx) -> StatusOr<std::optional<Lease>> {
                         return Lease::Take(tx, parts_.payer, "schedule/" + parts_.name, terms,
                                            parts_.clock);
                       }));
  if (!lease) return false;
  RETURN_IF_ERROR(parts_.work(lease->Fenced(parts_.database)));
  // The lease is kept: the next round begins when it ends.
  RETURN_IF_ERROR(lease->Renew(parts_.database));
  return true;
}

Schedules::Schedules(std::vector<Schedule> schedules, std::chrono::milliseconds look_every)
    : schedules_(std::move(schedules)), look_every_(look_every) {
  for (Schedule& schedule : schedules_) {
    threads_.emplace_back([this, &schedule](const std::stop_token& stop) { Run(schedule, stop); });
  }
}

Schedules::~Schedules() {
  for (std::jthread& thread : threads_) thread.request_stop();
  for (std::jthread& thread : threads_) thread.join();
}

void Schedules::Run(Schedule& schedule, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const StatusOr<bool> done = schedule.RunIfDue();
    if (!done.ok()) {
      LogError("round of a schedule failed",
               {{"schedule", schedule.Name()}, {"status", done.status()}});
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, look_every_, [] { return false; });
  }
}

}  // namespace sluice::api
