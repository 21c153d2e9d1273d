// fault_worker prepare|work|observe DIRECTORY: what the tests of this folder start and kill. It
// says "ready" once its database answers. Exit codes: 0 done, 2 wrong use, 3 it could not finish.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/failpoint.h"
#include "tests/fault/paid_cycle.h"

namespace sluice::payments {
namespace {

Status RunWorker(std::string_view command, const std::string& directory) {
  ASSIGN_OR_RETURN(const auto cycle, PaidCycle::Open(directory, {.durable = command != "prepare"}));
  if (command == "work") cycle->DeliverOverSftp();
  // Not before: starting the servers is not what is tested.
  RETURN_IF_ERROR(ArmFailpointsOfEnvironment());
  std::printf("ready\n");
  std::fflush(stdout);
  if (command == "prepare") {
    PaidCyclePlan plan;
    if (const char* payees = std::getenv("SLUICE_FAULT_PAYEES"); payees != nullptr) {
      plan.payees = std::atoll(payees);
      plan.payees_per_batch = 1'000;
      plan.write_pdf = false;  // drawing takes the time and proves nothing more
    }
    return cycle->Prepare(plan);
  }
  if (command == "work") {
    CountFailpoints();
    RETURN_IF_ERROR(cycle->Work());
    std::printf("done\n");
    std::fflush(stdout);
    for (const auto& [place, visits] : FailpointVisits()) {
      std::printf("visits %s %ld\n", place.c_str(), static_cast<long>(visits));
    }
    return OkStatus();
  }
  if (command == "observe") {
    ASSIGN_OR_RETURN(const std::string text, cycle->Observe());
    std::printf("%s", text.c_str());
    return OkStatus();
  }
  return InvalidArgument("there is no command {}", command);
}

}  // namespace
}  // namespace sluice::payments

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: fault_worker prepare|work|observe DIRECTORY\n");
    return 2;
  }
  const sluice::Status status = sluice::payments::RunWorker(argv[1], argv[2]);
  if (status.ok()) return 0;
  std::fprintf(stderr, "fault_worker: %s\n", sluice::StatusMessage(status).c_str());
  return 3;
}
