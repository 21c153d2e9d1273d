#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "api/commands.h"
#include "api/demo/demo.h"

namespace sluice::api {
namespace {

StatusOr<std::unique_ptr<demo::DemoSource>> MakeSource(const DemoCommand& options) {
  const auto seed = static_cast<std::uint64_t>(options.seed);
  if (!options.data.empty()) return demo::MakeCmsSource(options.data, seed);
  return demo::MakeSyntheticSource({.seed = seed,
                                    .acos = options.acos,
                                    .practices = options.practices,
                                    .providers = options.providers,
                                    .members = options.members});
}

// Whether a payment file's name is one that a release gives, EXHP.ACO25.0RSJ7WFW80297.0001.ach, or
// one of the two files of a cycle.
bool IsNamedByRelease(const std::string& name) {
  if (name == "cycle_control.csv" || name == "cycle_report.csv") return true;
  std::vector<std::string> parts(1);
  for (const char c : name) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts.size() >= 5 && parts[2].size() == 13 && parts[3].size() == 4 &&
         parts[3].find_first_not_of("0123456789") == std::string::npos;
}

// The demo replaces what an earlier one left in the folder. It must not take somebody's own
// statements for that, and it must not find out after all the work that it cannot write there.
Status CheckOut(const std::string& out) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(out, error);
  if (error || access(out.c_str(), W_OK | X_OK) != 0) {
    return Unavailable("cannot write into the folder {}: {}; choose another with --out", out,
                       error ? error.message() : std::strerror(errno));
  }
  for (const auto& entry : fs::directory_iterator(out, error)) {
    const std::string extension = entry.path().extension().string();
    const bool payment_file =
        extension == ".ach" || extension == ".835" || extension == ".pdf" || extension == ".csv";
    const std::string name = entry.path().filename().string();
    if (!payment_file || IsNamedByRelease(name)) continue;
    return FailedPrecondition(
        "{} holds {}, which no demo wrote: choose another folder with --out, since the demo "
        "replaces the payment files and statements that it finds",
        out, name);
  }
  return OkStatus();
}

Status Run(const DemoCommand& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<demo::DemoSource> source, MakeSource(options));
  RETURN_IF_ERROR(CheckOut(options.out));
  ManualClock clock(demo::MiddleOf(source->FirstDay()));
  const std::string data_dir =
      options.data_dir.empty() ? DefaultDataDir() + "/demo" : options.data_dir;
  ASSIGN_OR_RETURN(
      const Store store,
      Store::Open({.data_dir = data_dir, .config_file = "", .start_over = true}, clock));
  demo::Demo demo(store, *source, clock, options.out);
  RETURN_IF_ERROR(demo.Run());
  fmt::print("{}", demo::ToText(demo.Report()));
  return OkStatus();
}

}  // namespace

int RunDemo(const DemoCommand& options) {
  const Status status = Run(options);
  return status.ok() ? 0 : Fail(status);
}

}  // namespace sluice::api
