#include "payments/unclaimed/unclaimed_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "core/csv.h"
#include "payments/ledger/events.h"
#include "payments/obligation_store.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

Status CheckTwo(const UnclaimedService::Request& request) {
  if (request.note.empty()) return InvalidArgument("say how it is known");
  if (!request.first.human || !request.second.human || request.first.user == request.second.user) {
    return PermissionDenied("two people set money aside for a state, or give it back");
  }
  return OkStatus();
}

std::int32_t NextSeq(const std::vector<UnclaimedEvent>& events) {
  return static_cast<std::int32_t>(events.size() + 1);
}

JournalHeader HeaderOf(BookId book, const UnclaimedEvent& event, UserId actor) {
  return {.id = DerivedUuid("unclaimed", std::vector{std::to_string(book.Value()),
                                                     std::to_string(event.payee.Value()),
                                                     std::to_string(event.seq_no)}),
          .source_id = event.payee.Value(),
          .actor = actor,
          .effective_date = event.on};
}

std::vector<ObligationMove> MovesTo(const std::vector<ObligationRow>& rows, ObligationState to) {
  std::vector<ObligationMove> moves;
  for (const ObligationRow& row : rows) moves.push_back({row.id, row.state, to, row.payee, true});
  return moves;
}

}  // namespace

std::map<std::string, Money> SetAsideOf(const std::vector<UnclaimedEvent>& events) {
  std::map<std::string, Money> rest;
  for (const UnclaimedEvent& event : events) {
    if (event.kind == UnclaimedEventKind::kSetAside) rest[event.state] += event.amount;
    if (event.kind == UnclaimedEventKind::kClaimed) rest[event.state] -= event.amount;
  }
  std::erase_if(rest, [](const auto& entry) { return entry.second.IsZero(); });
  return rest;
}

std::string WriteUnclaimedCsv(std::span<const UntakenOfPayee> list) {
  std::ostringstream text;
  CsvWriter out(text, {.crlf = false});
  out.AddRow({"payee_id", "owner", "street", "city", "state", "zip", "amount", "payments", "since",
              "stage", "dormant_on", "report_by", "source"});
  for (const UntakenOfPayee& row : list) {
    std::string payments;
    for (const UntakenPayment& payment : row.payments) {
      payments += (payments.empty() ? "" : " ") + payment.key;
    }
    const bool ruled = row.clock.stage != DormancyStage::kNoRule;
    const PostalAddress& address = row.payee.address;
    out.AddRow({row.payee.id.ToString(), row.payee.name, address.street, address.city,
                address.state, address.zip, row.amount.ToPlainString(), payments,
                FormatDate(row.payments.front().since), DormancyStageName(row.clock.stage),
                ruled ? FormatDate(row.clock.dormant_on) : std::string(),
                ruled ? FormatDate(row.clock.report_by) : std::string(), row.clock.source});
  }
  return text.str();
}

StatusOr<std::int64_t> UnclaimedService::LoadRules(std::span<const DormancyRule> rules,
                                                   Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    return InsertDormancyRules(tx, payer_, rules, recorded);
  });
}

StatusOr<std::vector<DormancyRule>> UnclaimedService::Rules() {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<DormancyRule>> {
    return LoadDormancyRules(tx, payer_);
  });
}

std::vector<UntakenOfPayee> LoadUntaken(pg::Transaction& tx, PayerId payer, BookId book,
                                        Date today) {
  std::map<PayeeId, std::vector<UntakenPayment>> payments;
  for (UntakenPayment& payment : LoadUntakenPayments(tx, book)) {
    payments[payment.payee].push_back(std::move(payment));
  }
  std::vector<PayeeId> ids;
  for (const auto& [payee, rows] : payments) ids.push_back(payee);
  const std::vector<DormancyRule> rules = LoadDormancyRules(tx, payer);
  auto events = LoadUnclaimedEvents(tx, book);
  std::vector<UntakenOfPayee> list;
  for (Payee& payee : LoadPayees(tx, ids)) {
    UntakenOfPayee row{.payments = std::move(payments[payee.id]),
                       .events = std::move(events[payee.id])};
    UntakenMoney money{.state = payee.address.state, .since = row.payments.front().since};
    for (const UntakenPayment& payment : row.payments) {
      row.amount += payment.amount;
      money.since = std::min(money.since, payment.since);
    }
    for (const UnclaimedEvent& event : row.events) {
      if (event.kind == UnclaimedEventKind::kHeardOf) money.heard_of = event.on;
      if (event.kind == UnclaimedEventKind::kLetter) money.written_to = event.on;
    }
    row.clock = DormancyOn(rules, money, today);
    row.payee = std::move(payee);
    list.push_back(std::move(row));
  }
  return list;
}

StatusOr<std::vector<UntakenOfPayee>> UnclaimedService::List(Date today) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<UntakenOfPayee>> {
    return LoadUntaken(tx, payer_, book_, today);
  });
}

Status UnclaimedService::Note(PayeeId payee, UnclaimedEventKind kind, Date on,
                              const std::string& note, Actor actor) {
  if (note.empty()) return InvalidArgument("say how the owner was written to, or heard of");
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    for (const UntakenOfPayee& row : LoadUntaken(tx, payer_, book_, on)) {
      if (row.payee.id != payee) continue;
      InsertUnclaimedEvent(
          tx, book_,
          {.payee = payee, .seq_no = NextSeq(row.events), .kind = kind, .on = on, .note = note},
          recorded);
      return OkStatus();
    }
    return NotFound("no money that nobody took waits for payee {}", payee);
  });
}

StatusOr<Money> UnclaimedService::SetAside(const Request& request) {
  RETURN_IF_ERROR(CheckTwo(request));
  const Recorded recorded{request.first.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<Money> {
    const auto list = LoadUntaken(tx, payer_, book_, request.today);
    const auto row = std::ranges::find_if(
        list, [&](const UntakenOfPayee& entry) { return entry.payee.id == request.payee; });
    if (row == list.end()) {
      return NotFound("no money that nobody took waits for payee {}", request.payee);
    }
    if (row->clock.stage != DormancyStage::kDormant) {
      return FailedPrecondition("the money of payee {} is {}, not dormant", request.payee,
                                DormancyStageName(row->clock.stage));
    }
    const auto ids =
        LoadUntakenObligations(tx, book_, Pluck(row->payments, &UntakenPayment::payment));
    const std::vector<ObligationRow> obligations = LockObligations(tx, book_, ids);
    if (const auto run = FindRunOf(tx, book_, ids)) {
      return FailedPrecondition("run {} is about to pay payee {}: finish or cancel it first", *run,
                                request.payee);
    }
    const std::string& state = row->payee.address.state;
    UnclaimedEvent event{.payee = request.payee,
                         .seq_no = NextSeq(row->events),
                         .kind = UnclaimedEventKind::kSetAside,
                         .on = request.today,
                         .state = state,
                         .amount = row->amount,
                         .note = request.note,
                         .second = request.second.user};
    const JournalHeader header = HeaderOf(book_, event, recorded.by);
    event.journal_id = header.id;
    InsertUnclaimedEvent(tx, book_, event, recorded);
    RETURN_IF_ERROR(MoveObligations(tx, book_, MovesTo(obligations, ObligationState::kUnclaimed)));
    const std::vector<Journal> journals{
        MakeJournal(header, Unclaimed(request.payee, state, row->amount))};
    ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, book_, journals));
    RETURN_IF_ERROR(RequireAccepted(results));
    return row->amount;
  });
}

StatusOr<Money> UnclaimedService::Claim(const Request& request) {
  RETURN_IF_ERROR(CheckTwo(request));
  const Recorded recorded{request.first.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<Money> {
    const std::vector<ObligationRow> obligations =
        LockObligations(tx, book_, LoadUnclaimedObligations(tx, book_, request.payee));
    auto events = LoadUnclaimedEvents(tx, book_)[request.payee];
    const auto rest = SetAsideOf(events);
    if (obligations.empty() || rest.empty()) {
      return FailedPrecondition("nothing of payee {} is set aside", request.payee);
    }
    Money claimed;
    std::vector<Journal> journals;
    for (const auto& [state, amount] : rest) {
      UnclaimedEvent event{.payee = request.payee,
                           .seq_no = NextSeq(events),
                           .kind = UnclaimedEventKind::kClaimed,
                           .on = request.today,
                           .state = state,
                           .amount = amount,
                           .note = request.note,
                           .second = request.second.user};
      const JournalHeader header = HeaderOf(book_, event, recorded.by);
      event.journal_id = header.id;
      InsertUnclaimedEvent(tx, book_, event, recorded);
      events.push_back(std::move(event));
      journals.push_back(MakeJournal(header, Claimed(request.payee, state, amount)));
      claimed += amount;
    }
    RETURN_IF_ERROR(MoveObligations(tx, book_, MovesTo(obligations, ObligationState::kPayable)));
    ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, book_, journals));
    RETURN_IF_ERROR(RequireAccepted(results));
    return claimed;
  });
}

}  // namespace sluice::payments
