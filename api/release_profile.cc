#include "api/release_profile.h"

#include <cctype>
#include <filesystem>

#include "core/config.h"
#include "payments/checks/check_layout.h"
#include "payments/remittance/profile_config.h"

namespace sluice::api {

StatusOr<payments::ReleaseSettings> ReadReleaseProfile(const std::string& path,
                                                       const std::string& out) {
  ASSIGN_OR_RETURN(Config config, Config::Load(path));
  const ConfigSection root = config.Root();
  payments::ReleaseSettings settings;
  settings.payer = payments::ReadPayerProfile(root.RequiredSection("payer"));
  settings.bank = payments::ReadBankProfile(root.RequiredSection("bank"));
  settings.plb = payments::ReadPlbMapping(root.Section("plb"));
  settings.receiver_id = root.RequiredText("receiver_id");
  settings.production = root.Boolean("production", false);
  const std::string layout = root.Text("check_layout", "");
  settings.directory = out;
  RETURN_IF_ERROR(config.Finish());
  if (!layout.empty()) {
    const auto file = std::filesystem::path(path).parent_path() / layout;
    ASSIGN_OR_RETURN(settings.check_layout, payments::LoadCheckLayout(file.string()));
  }
  return settings;
}

std::string FileCode(const std::string& name) {
  std::string code;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      code += static_cast<char>(std::tolower(byte));
    } else if (!code.empty() && code.back() != '-') {
      code += '-';
    }
  }
  while (code.ends_with('-')) code.pop_back();
  return code;
}

}  // namespace sluice::api
