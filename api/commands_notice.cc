// Notices to payees' contacts: what waits, sending it, and what people know of a message.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "api/command_line.h"
#include "api/mail_profile.h"
#include "payments/notices/notice_service.h"

namespace sluice::api {
namespace {

using payments::NoticeService;
using payments::NoticeVerdict;
using payments::PayeeNotice;

struct NoticeOptions {
  std::string config, user, how;
  std::int64_t notice = 0;
  bool all = false, addresses = false, failed = false, again = false;
};

NoticeService Notices(Session& session) {
  return {session.Database(), session.Payer(), session.Clock()};
}

StatusOr<int> SendNotices(Session& session, const NoticeOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto channel, ReadMailProfile(options.config));
  ASSIGN_OR_RETURN(const payments::MailRound round, Notices(session).Send(*channel, actor));
  fmt::print("{} sent, {} refused, {} unknown, {} waiting\n", round.sent, round.refused,
             round.unknown, round.waiting);
  if (!round.stopped.empty()) fmt::print("stopped: {}\n", round.stopped);
  const bool clean = round.refused == 0 && round.unknown == 0 && round.stopped.empty();
  return clean ? kDone : kFindings;
}

StatusOr<int> ListNotices(Session& session, const NoticeOptions& options) {
  ASSIGN_OR_RETURN(const auto notices, Notices(session).List(options.all));
  bool open = false;
  for (const PayeeNotice& notice : notices) {
    const bool call = notice.channel == payments::NoticeChannel::kPhone;
    fmt::print("{}  {}  {} to {} ({}), payee {}{}{}\n", notice.id,
               payments::NoticeStateName(notice.state), call ? "call" : "e-mail",
               options.addresses ? notice.address : payments::MaskedAddress(notice),
               notice.recipient, notice.payee, notice.detail.empty() ? "" : ": ", notice.detail);
    fmt::print("    {}\n", notice.body);
    open = open || (notice.state != payments::NoticeState::kSent &&
                    (call || notice.state != payments::NoticeState::kWaits));
  }
  if (notices.empty()) fmt::print("no notice waits\n");
  // What somebody has to call, or to decide.
  return open ? kFindings : kDone;
}

StatusOr<int> MarkNotice(Session& session, const NoticeOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  const NoticeVerdict verdict = options.again    ? NoticeVerdict::kAgain
                                : options.failed ? NoticeVerdict::kFailed
                                                 : NoticeVerdict::kSent;
  RETURN_IF_ERROR(Notices(session).Mark(options.notice, verdict, options.how, actor));
  fmt::print("notice {}: {}: {}\n", options.notice,
             options.again    ? "is sent again"
             : options.failed ? "could not be told"
                              : "was told",
             options.how);
  return kDone;
}

}  // namespace

void AddNoticeCommands(CommandLine line) {
  CLI::App* notices = line.app.add_subcommand("notices", "messages to the contacts of payees");
  notices->require_subcommand(1);

  auto listed = std::make_shared<NoticeOptions>();
  CLI::App* list = notices->add_subcommand("list", "what waits, and what somebody has to decide");
  list->add_flag("--all", listed->all, "what was sent, too");
  list->add_flag("--addresses", listed->addresses, "in full, for those who call or write");
  OnPayer(line, *list, [listed](Session& session) { return ListNotices(session, *listed); });

  auto sent = std::make_shared<NoticeOptions>();
  CLI::App* send = notices->add_subcommand("send", "send what waits by e-mail");
  send->add_option("--mail", sent->config, "TOML: from, from_name, drop or [smtp]")->required();
  send->add_option("--as", sent->user, "who does it")->required();
  OnPayer(line, *send, [sent](Session& session) { return SendNotices(session, *sent); });

  auto marked = std::make_shared<NoticeOptions>();
  CLI::App* mark = notices->add_subcommand("mark", "what became of a notice: it was told");
  mark->add_option("notice", marked->notice, "its number")->required();
  CLI::Option* failed = mark->add_flag("--failed", marked->failed, "it could not be told");
  mark->add_flag("--again", marked->again, "it was not sent: send it again")->excludes(failed);
  mark->add_option("--how", marked->how, "how it is known")->required();
  mark->add_option("--as", marked->user, "who says so")->required();
  OnPayer(line, *mark, [marked](Session& session) { return MarkNotice(session, *marked); });
}

}  // namespace sluice::api
