// The audit log at the command line: seal what is new, follow the chain, keep its head elsewhere.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <memory>

#include "api/audit/audit_log.h"
#include "api/command_line.h"
#include "api/commands.h"

namespace sluice::api {
namespace {

// "17 <64 hex digits>": what `head` prints.
StatusOr<KeptHead> ReadHead(const std::string& file) {
  std::ifstream stream(file);
  KeptHead head;
  std::string chain;
  if (!(stream >> head.number >> chain)) {
    return InvalidArgument("{} is no head: it has a number and 64 hexadecimal digits", file);
  }
  const StatusOr<Bytes> bytes = FromHex(chain);
  if (!bytes.ok() || bytes->size() != head.chain.size()) {
    return InvalidArgument("{} is no head: it has a number and 64 hexadecimal digits", file);
  }
  std::ranges::copy(*bytes, head.chain.begin());
  return head;
}

StatusOr<int> Seal(Session& session) {
  std::int64_t sealed = 0;
  for (;;) {
    ASSIGN_OR_RETURN(const std::int64_t batch,
                     SealAuditLog(session.Data().App(), session.Payer(), session.Clock().Now()));
    if (batch == 0) break;
    sealed += batch;
  }
  fmt::print("sealed {}\n", Counted(sealed, "event"));
  return kDone;
}

StatusOr<int> Verify(Session& session, const std::string& head_file) {
  std::optional<KeptHead> kept;
  if (!head_file.empty()) {
    ASSIGN_OR_RETURN(kept, ReadHead(head_file));
  }
  ASSIGN_OR_RETURN(const AuditVerification verification,
                   VerifyAuditLog(session.Data().Verify(), session.Payer(), kept));
  for (const std::string& finding : verification.findings) fmt::print("{}\n", finding);
  fmt::print("{} sealed, {} waiting, {}\n", Counted(verification.sealed, "event"),
             verification.unsealed, Counted(std::ssize(verification.findings), "finding"));
  return verification.findings.empty() ? kDone : kFindings;
}

StatusOr<int> Head(Session& session) {
  ASSIGN_OR_RETURN(const AuditVerification verification,
                   VerifyAuditLog(session.Data().Verify(), session.Payer(), std::nullopt));
  if (!verification.head) return FailedPrecondition("nothing is sealed yet");
  fmt::print("{} {}\n", verification.head->number, ToHex(verification.head->chain));
  return verification.findings.empty() ? kDone : kFindings;
}

}  // namespace

void AddAuditCommands(CommandLine line) {
  CLI::App* audit = line.app.add_subcommand("audit", "who did what, and what was denied");
  audit->require_subcommand(1);
  OnPayer(line, *audit->add_subcommand("seal", "number and chain what is new"), Seal);
  CLI::App* verify = audit->add_subcommand("verify", "follow the chain from its first event");
  auto head = std::make_shared<std::string>();
  verify->add_option("--head", *head,
                     "a file with a head that was kept: the chain goes through it");
  OnPayer(line, *verify, [head](Session& session) { return Verify(session, *head); });
  OnPayer(line, *audit->add_subcommand("head", "print the head, to be kept elsewhere"), Head);
}

}  // namespace sluice::api
