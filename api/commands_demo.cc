#include <fmt/format.h>

#include "api/commands.h"
#include "api/demo/demo.h"

namespace sluice::api {
namespace {

StatusOr<std::unique_ptr<demo::DemoSource>> MakeSource(const DemoCommand& options) {
  const auto seed = static_cast<std::uint64_t>(options.seed);
  if (!options.data.empty()) return demo::MakeCmsSource(options.data, seed);
  return demo::MakeSyntheticSource({.seed = seed, .members = options.members});
}

Status Run(const DemoCommand& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<demo::DemoSource> source, MakeSource(options));
  // The middle of the business day, for every fact of the demo.
  ManualClock clock(Instant::FromMicros(Instant::AtMidnight(source->BusinessDate()).Micros() +
                                        (12 * 60 + 53) * 60'000'000LL));
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
