// Programs: a payer's designs of payment, each with its book and funding pool.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "payments/program_opening.h"
#include "performance/program_service.h"

namespace sluice::api {
namespace {

using performance::Program;
using performance::ProgramService;

ProgramService Programs(Session& session) {
  return ProgramService(session.Database(), session.Clock(), session.Ids());
}

struct AddOptions {
  std::string name;
  std::string stream;
  std::string lan_category;
  std::string pool;
};

// The program, its book and its pool.
StatusOr<int> Add(Session& session, const AddOptions& options) {
  const Program program{.id = session.Ids().Next<ProgramTag>(),
                        .payer = session.Payer(),
                        .name = options.name,
                        .stream = options.stream,
                        .lan_category = options.lan_category,
                        .book = session.Ids().Next<BookTag>(),
                        .created_at = session.Clock().Now()};
  ASSIGN_OR_RETURN(
      const payments::Pool pool,
      payments::OpenProgram(session.Database(), {.program = program, .pool = options.pool},
                            session.Ids()));
  fmt::print("{}  {}  book {}  pool '{}'\n", program.id, program.name, program.book, pool.name);
  return kDone;
}

StatusOr<int> List(Session& session) {
  ASSIGN_OR_RETURN(const std::vector<Program> programs, Programs(session).Programs());
  for (const Program& program : programs) {
    fmt::print("{}  {}  stream {}, HCP-LAN {}, book {}\n", program.id, program.name, program.stream,
               program.lan_category, program.book);
  }
  if (programs.empty()) fmt::print("no program yet; see: sluice program add --help\n");
  return kDone;
}

}  // namespace

void AddProgramCommands(CommandLine line) {
  CLI::App* program = line.app.add_subcommand("program", "designs of payment, each with its book");
  program->require_subcommand(1);

  CLI::App* add = program->add_subcommand("add", "add a program with its book and pool");
  auto added = std::make_shared<AddOptions>();
  add->add_option("--name", added->name, "as people call it")->required();
  add->add_option("--stream", added->stream, "payment stream of Da Vinci VBPR: ssl, qip, ...")
      ->required();
  add->add_option("--lan", added->lan_category, "HCP-LAN category: 2C, 3A, 3B, ...")->required();
  add->add_option("--pool", added->pool, "the funding pool's name; '<name> pool' without");
  OnPayer(line, *add, [added](Session& session) { return Add(session, *added); });

  CLI::App* list = program->add_subcommand("list", "the programs there are");
  OnPayer(line, *list, [](Session& session) { return List(session); });

  AddProgramRunCommands(line, *program);
}

}  // namespace sluice::api
