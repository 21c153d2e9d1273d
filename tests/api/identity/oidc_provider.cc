#include "tests/api/identity/oidc_provider.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/check.h"

namespace sluice::testing {
namespace {

constexpr char kPackages[] = "build/oidc";
constexpr char kProgram[] = "tests/api/identity/oidc/provider.js";

// The path and query of an address of the provider.
std::string TargetOf(const std::string& address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string::npos) return address;
  return address.substr(address.find('/', scheme + 3));
}

[[noreturn]] void RunProvider(const std::array<std::string, 3>& arguments, int input, int output) {
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  const int nowhere = ::open("/dev/null", O_WRONLY);
  ::dup2(nowhere, STDERR_FILENO);
  const std::string packages = std::filesystem::absolute(kPackages).string();
  ::setenv("OIDC_PACKAGES", packages.c_str(), 1);
  ::execlp("node", "node", kProgram, arguments[0].c_str(), arguments[1].c_str(),
           arguments[2].c_str(), nullptr);
  ::_exit(127);
}

}  // namespace

std::string OidcProvider::WhyNot() {
  if (!std::filesystem::exists(std::string(kPackages) + "/node_modules/oidc-provider")) {
    return "npm's oidc-provider is not in build/oidc: deploy/test installs it";
  }
  if (std::system("node --version >/dev/null 2>&1") != 0) return "there is no node";
  return "";
}

OidcProvider::OidcProvider(const std::string& redirect_uri) : tls_(MakeTrialIdentity()) {
  std::ofstream(CaFile()) << tls_.certificate;
  std::ofstream(temp_.Path("provider.key")) << tls_.key.Reveal();
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  CHECK(::pipe2(input.data(), O_CLOEXEC) == 0 && ::pipe2(output.data(), O_CLOEXEC) == 0);
  pid_ = ::fork();
  CHECK(pid_ >= 0);
  if (pid_ == 0) {
    RunProvider({CaFile(), temp_.Path("provider.key"), redirect_uri}, input[0], output[1]);
  }
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];  // the provider ends with it
  std::string line;
  output_ = output[0];  // stays open: what the provider says later has to go somewhere
  for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) line += c;
  CHECK(!line.empty());
  port_ = std::stoi(line);
}

OidcProvider::~OidcProvider() {
  ::close(input_);
  ::close(output_);
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

std::string OidcProvider::Issuer() const { return fmt::format("https://localhost:{}", port_); }

HttpAnswer ProviderBrowser::Send(const std::string& method, const std::string& target,
                                 const std::string& form) {
  HttpHeaders headers = {{"Host", fmt::format("localhost:{}", provider_.Port())}};
  std::string cookies;
  for (const auto& [name, value] : cookies_) {
    cookies += fmt::format("{}{}={}", cookies.empty() ? "" : "; ", name, value);
  }
  if (!cookies.empty()) headers.emplace_back("Cookie", cookies);
  if (!form.empty()) headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  HttpAnswer answer =
      HttpClient(provider_.Port(), provider_.Certificate()).Send(method, target, headers, form);
  for (const std::string& set : answer.cookies) {
    const std::string pair = set.substr(0, set.find(';'));
    const std::size_t equals = pair.find('=');
    cookies_[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return answer;
}

std::string ProviderBrowser::SignIn(const std::string& url, const std::string& name) {
  HttpAnswer answer = Send("GET", TargetOf(url));
  for (int hops = 0; hops < 10; ++hops) {
    if (answer.status == 200) return "";  // a page that nobody expected
    const std::string location = answer.headers["location"];
    if (location.starts_with("https://") && !location.starts_with(provider_.Issuer())) {
      return location;
    }
    const std::string target = TargetOf(location);
    if (target.starts_with("/interaction/")) {
      answer = Send("POST", target, fmt::format("prompt=login&login={}&password=x", name));
    } else {
      answer = Send("GET", target);
    }
  }
  return "";
}

}  // namespace sluice::testing
