#include "payments/notices/notice_service.h"

#include <array>
#include <optional>
#include <utility>

#include "payments/recoup/recoup_store.h"

namespace sluice::payments {
namespace {

constexpr std::int32_t kAtOnce = 200;

MailMessage MessageOf(const PayeeNotice& notice) {
  return {.id = fmt::format("notice-{}", notice.id),
          .to = notice.address,
          .to_name = notice.recipient,
          .subject = std::string(NoticeSubject(notice.kind)),
          .body = notice.body,
          .written_at = notice.recorded_at};
}

NoticeState StateAfter(MailOutcome outcome) {
  switch (outcome) {
    case MailOutcome::kSent:
      return NoticeState::kSent;
    case MailOutcome::kTryLater:
      return NoticeState::kWaits;
    case MailOutcome::kRefused:
      return NoticeState::kFailed;
    case MailOutcome::kUnknown:
      break;
  }
  return NoticeState::kUnknown;
}

bool MayBeMarked(NoticeState state, NoticeVerdict verdict) {
  switch (verdict) {
    case NoticeVerdict::kSent:
      return state == NoticeState::kWaits || state == NoticeState::kFailed ||
             state == NoticeState::kUnknown;
    case NoticeVerdict::kFailed:
      return state == NoticeState::kWaits || state == NoticeState::kUnknown;
    case NoticeVerdict::kAgain:
      break;
  }
  return state == NoticeState::kFailed || state == NoticeState::kUnknown;
}

NoticeState StateOf(NoticeVerdict verdict) {
  switch (verdict) {
    case NoticeVerdict::kSent:
      return NoticeState::kSent;
    case NoticeVerdict::kFailed:
      return NoticeState::kFailed;
    case NoticeVerdict::kAgain:
      break;
  }
  return NoticeState::kWaits;
}

}  // namespace

StatusOr<MailRound> NoticeService::Send(MailChannel& channel, Actor actor) {
  MailRound round;
  std::int64_t after = 0;
  for (;;) {
    ASSIGN_OR_RETURN(
        const auto notices,
        database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<PayeeNotice>> {
          return LoadMailAfter(tx, payer_, after, kAtOnce);
        }));
    if (notices.empty()) return round;
    for (const PayeeNotice& notice : notices) {
      after = notice.id;
      if (!round.stopped.empty()) {
        ++round.waiting;
        continue;
      }
      RETURN_IF_ERROR(SendOne(channel, notice, actor, round));
    }
  }
}

Status NoticeService::SendOne(MailChannel& channel, const PayeeNotice& notice, Actor actor,
                              MailRound& round) {
  const MailMessage message = MessageOf(notice);
  const auto rendered = RenderMail(channel.Sender(), message);
  if (!rendered.ok()) return Annotate(rendered.status(), fmt::format("notice {}", notice.id));
  const Instant now = clock_.Now();
  if (notice.state == NoticeState::kSending) {
    if (now.Micros() - notice.moved_at->Micros() < kNoticeLeaseMicros) {
      ++round.waiting;  // somebody is at work with it
      return OkStatus();
    }
    ASSIGN_OR_RETURN(const MailResult seen, channel.LookUp(message, *rendered));
    return Conclude(notice, seen, *notice.moved_at, actor, round);
  }
  if (const Status prepared = channel.Prepare(message, *rendered); !prepared.ok()) {
    ++round.waiting;
    round.stopped = StatusMessage(prepared);
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const bool ours, Begin(notice, now));
  if (!ours) {
    ++round.waiting;
    return OkStatus();
  }
  PayeeNotice begun = notice;
  begun.state = NoticeState::kSending;
  const MailResult result = channel.Send(message, *rendered);
  if (result.outcome == MailOutcome::kTryLater) round.stopped = result.evidence;
  return Conclude(begun, result, now, actor, round);
}

StatusOr<bool> NoticeService::Begin(const PayeeNotice& notice, Instant at) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<bool> {
    return MoveNotice(tx, payer_,
                      {notice.id, NoticeState::kWaits, NoticeState::kSending, notice.detail},
                      notice.moved_at, at);
  });
}

Status NoticeService::Conclude(const PayeeNotice& notice, const MailResult& result,
                               Instant begun_at, Actor actor, MailRound& round) {
  const Instant now = clock_.Now();
  const NoticeState to = StateAfter(result.outcome);
  ASSIGN_OR_RETURN(const bool moved, database_.Transact([&](pg::Transaction& tx) -> StatusOr<bool> {
    if (!MoveNotice(tx, payer_, {notice.id, NoticeState::kSending, to, result.evidence}, begun_at,
                    now)) {
      return false;
    }
    if (to == NoticeState::kSent) {
      RETURN_IF_ERROR(StartNoticeDays(tx, notice, now, "e-mail", actor.user));
    }
    return true;
  }));
  if (!moved) return OkStatus();  // whoever took it over counts it
  switch (to) {
    case NoticeState::kSent:
      ++round.sent;
      break;
    case NoticeState::kFailed:
      ++round.refused;
      break;
    case NoticeState::kUnknown:
      ++round.unknown;
      break;
    case NoticeState::kWaits:
    case NoticeState::kSending:
      ++round.waiting;
      break;
  }
  return OkStatus();
}

Status NoticeService::StartNoticeDays(pg::Transaction& tx, const PayeeNotice& notice, Instant at,
                                      std::string_view how, UserId by) {
  if (!notice.offset) return OkStatus();
  const Date told_on = at.UtcDate();
  // False: the payee was told before.
  SetNoticed(tx, notice.offset->book,
             {.run = notice.offset->run,
              .payee = notice.payee,
              .amount = {},
              .noticed_on = told_on,
              .offset_from = told_on + Days(notice.offset->notice_days),
              .how = fmt::format("notice {} by {}", notice.id, how)},
             by);
  return OkStatus();
}

StatusOr<std::vector<PayeeNotice>> NoticeService::List(bool all, std::int32_t limit) {
  std::vector<NoticeState> states = {NoticeState::kWaits, NoticeState::kFailed,
                                     NoticeState::kSending, NoticeState::kUnknown};
  if (all) states.push_back(NoticeState::kSent);
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<PayeeNotice>> {
    return LoadNotices(tx, payer_, states, limit);
  });
}

Status NoticeService::Mark(std::int64_t notice, NoticeVerdict verdict, const std::string& how,
                           Actor actor) {
  if (how.empty()) return InvalidArgument("say how it is known what became of notice {}", notice);
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto found = LockNotice(tx, payer_, notice);
    if (!found) return NotFound("there is no notice {}", notice);
    if (!MayBeMarked(found->state, verdict)) {
      return FailedPrecondition("notice {} is in the state \"{}\" and stays so", notice,
                                NoticeStateName(found->state));
    }
    const std::string detail = fmt::format("{}: {}", actor.user, how);
    if (!MoveNotice(tx, payer_, {notice, found->state, StateOf(verdict), detail}, found->moved_at,
                    now)) {
      return Aborted("notice {} was moved by somebody else", notice);
    }
    if (verdict != NoticeVerdict::kSent) return OkStatus();
    return StartNoticeDays(tx, *found, now, how, actor.user);
  });
}

}  // namespace sluice::payments
