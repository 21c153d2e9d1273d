#include "api/release_profile.h"

#include <filesystem>
#include <utility>

#include "api/payee_lookup.h"
#include "payments/checks/check_layout.h"
#include "payments/disbursement.h"
#include "payments/remittance/profile_config.h"

namespace sluice::api {
namespace {

// The name of a server that there is; empty: none.
std::string ServerNamed(const ConfigSection& root, const char* key,
                        const payments::ReleaseSettings& settings) {
  std::string name = root.Text(key, "");
  if (!name.empty() && !settings.servers.contains(name)) {
    root.Fault(key, "names no server of this file: add [sftp." + name + "]");
  }
  return name;
}

}  // namespace

void ReadServers(const ConfigSection& root, payments::ReleaseSettings& settings) {
  const ConfigSection servers = root.Section("sftp");
  for (const std::string& name : servers.Keys()) {
    settings.servers.emplace(name, payments::ReadSftpPlace(servers.Section(name), name));
  }
  settings.bank_server = ServerNamed(root, "bank_server", settings);
  settings.clearinghouse_server = ServerNamed(root, "clearinghouse_server", settings);
}

payments::ReleaseSettings ReadReleaseSettings(const ConfigSection& root) {
  payments::ReleaseSettings settings;
  settings.payer = payments::ReadPayerProfile(root.RequiredSection("payer"));
  settings.bank = payments::ReadBankProfile(root.RequiredSection("bank"));
  settings.plb = payments::ReadPlbMapping(root.Section("plb"));
  settings.receiver_id = root.RequiredText("receiver_id");
  settings.production = root.Boolean("production", false);
  settings.undo_minutes =
      static_cast<int>(root.Integer("undo_minutes", 0, {.least = 0, .most = 24 * 60}));
  ReadServers(root, settings);
  return settings;
}

StatusOr<payments::ReleaseSettings> ReadReleaseProfile(const std::string& path,
                                                       const std::string& out) {
  ASSIGN_OR_RETURN(Config config, Config::Load(path));
  const ConfigSection root = config.Root();
  payments::ReleaseSettings settings = ReadReleaseSettings(root);
  const std::string layout = root.Text("check_layout", "");
  settings.directory = out;
  RETURN_IF_ERROR(config.Finish());
  if (!layout.empty()) {
    const auto file = std::filesystem::path(path).parent_path() / layout;
    ASSIGN_OR_RETURN(settings.check_layout, payments::LoadCheckLayout(file.string()));
  }
  return settings;
}

StatusOr<std::unique_ptr<ReleaseDesk>> ReleaseDesk::Open(Session& session,
                                                         payments::ProgramPayments program,
                                                         payments::ReleaseSettings settings) {
  ASSIGN_OR_RETURN(payments::FileKeyProvider keys, OpenKeys(session));
  program.payer_code = payments::FileCode(settings.payer.name);
  program.program_code = payments::FileCode(program.program_name);
  return std::unique_ptr<ReleaseDesk>(
      new ReleaseDesk(session, std::move(keys), std::move(program), std::move(settings)));
}

ReleaseDesk::ReleaseDesk(Session& session, payments::FileKeyProvider keys,
                         payments::ProgramPayments program, payments::ReleaseSettings settings)
    : keys_(std::move(keys)),
      releases_(session.Data().App(), session.Data().Files(), std::move(program),
                std::move(settings), keys_, session.Clock(), session.Ids()) {}

}  // namespace sluice::api
