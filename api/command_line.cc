#include "api/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "api/commands.h"

namespace sluice::api {

std::string Counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

void AddStoreOptions(CLI::App& command, StoreOptions& store) {
  command.add_option("--data-dir", store.data_dir,
                     "data directory of the embedded database (default " + DefaultDataDir() + ")");
  command.add_option("--config", store.config_file,
                     "configuration file; its [database] section names a server to use instead");
}

void OnPayer(CommandLine line, CLI::App& command, PayerWork work) {
  AddStoreOptions(command, line.store);
  auto payer = std::make_shared<std::string>();
  command.add_option("--payer", *payer, "payer id, when there are several");
  command.callback([line, payer, work = std::move(work)] {
    const StatusOr<std::unique_ptr<Session>> session = Session::Open(line.store, *payer);
    if (!session.ok()) {
      line.exit_code = Fail(session.status());
      return;
    }
    const StatusOr<int> code = work(**session);
    line.exit_code = code.ok() ? *code : Fail(code.status());
  });
}

}  // namespace sluice::api
