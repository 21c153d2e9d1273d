// sluice.payments.v1.ReconciliationService: a run against the bank, and lines of statements. What
// payees say of their payments is in payment_marks.cc.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/small_page.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/reconciliation/line_service.h"
#include "payments/reconciliation/reconcile_run.h"
#include "payments/run_store.h"
#include "sluice/payments/v1/reconciliation.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::BankLineId;
using payments::BankTargetKind;
using payments::LineService;
using payments::LineSplitId;
using payments::LineSplitRow;

// What an answer shows of what is missing.
constexpr int kMostShown = 1'000;

void SetSide(core::v1::Money* (v1::ReconciledPayment::*side)(), v1::ReconciledPayment& to,
             const std::optional<Money>& amount) {
  if (amount) Set(*(to.*side)(), *amount);
}

v1::RunReconciliation ReconciliationMessage(PayerId payer, const std::string& name,
                                            const payments::ThreeWayMatch& match) {
  v1::RunReconciliation to;
  to.set_name(name);
  to.set_whole(match.IsWhole());
  to.set_payments(std::ssize(match.rows));
  to.set_matched(match.matched);
  Set(*to.mutable_deposit(), match.deposit);
  Set(*to.mutable_remittance(), match.remittance);
  Set(*to.mutable_ledger(), match.ledger);
  for (const payments::ThreeWayRow& row : match.rows) {
    if (row.matched || to.unmatched_payments_size() == kMostShown) continue;
    v1::ReconciledPayment& added = *to.add_unmatched_payments();
    added.set_payment(fmt::format("payers/{}/payments/{}", payer, row.id));
    added.set_payment_key(row.key);
    added.set_payee(PayeeName(payer, row.payee));
    added.set_state(static_cast<v1::PaymentState>(static_cast<int>(row.state) + 1));
    Set(*added.mutable_amount(), row.amount);
    SetSide(&v1::ReconciledPayment::mutable_deposit, added, row.deposit);
    SetSide(&v1::ReconciledPayment::mutable_remittance, added, row.remittance);
    SetSide(&v1::ReconciledPayment::mutable_ledger, added, row.ledger);
  }
  for (const payments::ThreeWayGap& gap : match.gaps) {
    if (to.gaps_size() == kMostShown) break;
    v1::ReconciliationGap& added = *to.add_gaps();
    added.set_leg(static_cast<v1::ReconciliationLeg>(static_cast<int>(gap.leg) + 1));
    added.set_detail(gap.what);
  }
  return to;
}

StatusOr<v1::RunReconciliation> ReconcileRun(Call& call, const v1::ReconcileRunRequest& request) {
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.name()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::RunReconciliation> {
    ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
    const auto pool = payments::FindPool(tx, row.run.book, row.run.pool);
    if (!pool) return NotFound("run {} has no pool", place.run);
    return ReconciliationMessage(call.Payer(), request.name(),
                                 payments::ReconcileRun(tx, row.run, pool->bank_account));
  });
}

std::string LineName(PayerId payer, ProgramId program, BankLineId line) {
  return fmt::format("{}/bankLines/{}", ProgramName(payer, program), line);
}

std::string SplitName(PayerId payer, ProgramId program, LineSplitId split) {
  return fmt::format("{}/bankLineSplits/{}", ProgramName(payer, program), split);
}

v1::BankLine LineMessage(PayerId payer, ProgramId program,
                         const payments::LineException& exception) {
  const payments::BankLineRow& line = exception.open.line;
  v1::BankLine to;
  to.set_name(LineName(payer, program, exception.id));
  Set(*to.mutable_date(), line.as_of);
  to.set_type_code(line.type_code);
  to.set_debit(line.direction == payments::BankDirection::kDebit);
  Set(*to.mutable_amount(), line.amount);
  to.set_bank_reference(line.bank_reference);
  to.set_customer_reference(line.customer_reference);
  to.set_information(line.information);
  to.set_banking_days_old(exception.open.banking_days_old);
  to.set_finding(std::string(exception.open.name));
  to.set_advice(exception.open.what);
  if (exception.owner) {
    to.set_owner(UserName(payer, exception.owner->owner));
    to.set_note(exception.owner->note);
  }
  if (exception.waiting) to.set_waiting_split(SplitName(payer, program, *exception.waiting));
  return to;
}

StatusOr<v1::ListBankLinesResponse> ListBankLines(Call& call,
                                                  const v1::ListBankLinesRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListBankLinesResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    ASSIGN_OR_RETURN(
        const SmallPage<payments::LineException> page,
        SmallPageOf(call, request, PlainQueryOf(call, request),
                    payments::LineExceptionsOf(tx, program.book, call.Today()),
                    [](const payments::LineException& line) { return line.id.Value(); }));
    v1::ListBankLinesResponse response;
    for (const payments::LineException& line : page.items) {
      *response.add_bank_lines() = LineMessage(call.Payer(), program.id, line);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

// A line or a split as a name says it.
template <typename Tag>
struct Placed {
  performance::Program program;
  Id<Tag> id;
};

template <typename Tag>
StatusOr<Placed<Tag>> PlacedAt(Call& call, const std::string& name, std::string_view collection) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  Placed<Tag> placed;
  ASSIGN_OR_RETURN(placed.id, path.Get<Tag>(collection));
  ASSIGN_OR_RETURN(placed.program,
                   call.Read([&](pg::Transaction& tx) { return FindProgramAt(tx, name); }));
  return placed;
}

LineService LinesOf(Call& call, const pg::Database& database, const performance::Program& program) {
  return {database, call.Payer(), program.book, call.Clock(), call.Ids()};
}

StatusOr<v1::BankLine> AssignBankLine(Call& call, const v1::AssignBankLineRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath owner_path, ResourcePath::Parse(request.owner()));
  ASSIGN_OR_RETURN(const UserId owner, owner_path.Get<UserTag>("users"));
  ASSIGN_OR_RETURN(const auto placed,
                   PlacedAt<payments::BankLineTag>(call, request.name(), "bankLines"));
  return call.Change<v1::BankLine>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return LinesOf(call, database, placed.program)
                 .Assign(placed.id, {owner, request.note()}, call.Actor());
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::BankLine> {
         const auto lines = payments::LineExceptionsOf(tx, placed.program.book, call.Today());
         const auto line = std::ranges::find(lines, placed.id, &payments::LineException::id);
         if (line == lines.end()) return NotFound("line {} is not open", placed.id);
         return LineMessage(call.Payer(), placed.program.id, *line);
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.note()});
}

// The kinds in the order of the contract, from 1.
constexpr std::array kPartKinds = {
    BankTargetKind::kFile,   BankTargetKind::kReturned, BankTargetKind::kCheck,
    BankTargetKind::kLine,   BankTargetKind::kFee,      BankTargetKind::kInterest,
    BankTargetKind::kRefund, BankTargetKind::kOverpaid, BankTargetKind::kPool};

bool IsOfPayee(BankTargetKind kind) {
  return kind == BankTargetKind::kRefund || kind == BankTargetKind::kOverpaid;
}

StatusOr<payments::SplitPart> ReadPart(const v1::LinePart& from) {
  const auto index = static_cast<std::size_t>(from.kind()) - 1;
  if (from.kind() < 1 || index >= kPartKinds.size()) {
    return WrongFields({{"parts.kind", "is none of the kinds of parts"}});
  }
  payments::SplitPart part{.kind = kPartKinds.at(index),
                           .reference = from.reference(),
                           .amount = Money::FromCents(from.amount().cents())};
  if (IsOfPayee(part.kind)) {
    ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(from.reference()));
    ASSIGN_OR_RETURN(const PayeeId payee, path.Get<PayeeTag>("payees"));
    part.reference = payee.ToString();
  } else if (part.kind == BankTargetKind::kLine) {
    ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(from.reference()));
    ASSIGN_OR_RETURN(const BankLineId line, path.Get<payments::BankLineTag>("bankLines"));
    part.reference = line.ToString();
  }
  return part;
}

v1::BankLineSplit SplitMessage(PayerId payer, ProgramId program, const LineSplitRow& row) {
  v1::BankLineSplit to;
  to.set_name(SplitName(payer, program, row.id));
  to.set_bank_line(LineName(payer, program, row.line));
  for (const payments::SplitPart& part : row.parts) {
    v1::LinePart& added = *to.add_parts();
    const auto kind = std::ranges::find(kPartKinds, part.kind);
    added.set_kind(static_cast<v1::LinePartKind>(kind - kPartKinds.begin() + 1));
    added.set_reference(
        IsOfPayee(part.kind) ? fmt::format("payers/{}/payees/{}", payer, part.reference)
        : part.kind == BankTargetKind::kLine
            ? fmt::format("{}/bankLines/{}", ProgramName(payer, program), part.reference)
            : part.reference);
    Set(*added.mutable_amount(), part.amount);
  }
  to.set_reason(row.reason);
  to.set_requested_by(UserName(payer, row.requested.by));
  Set(*to.mutable_request_time(), row.requested.at);
  to.set_state(static_cast<v1::BankLineSplitState>(static_cast<int>(row.state) + 1));
  to.set_decision(row.decision);
  to.set_etag(fmt::format("\"{}-{}\"", row.id, static_cast<int>(row.state)));
  return to;
}

StatusOr<v1::BankLineSplit> SplitBankLine(Call& call, const v1::SplitBankLineRequest& request) {
  ASSIGN_OR_RETURN(const auto placed,
                   PlacedAt<payments::BankLineTag>(call, request.name(), "bankLines"));
  payments::SplitRequest split{.line = placed.id, .parts = {}, .reason = request.reason()};
  for (const v1::LinePart& from : request.parts()) {
    ASSIGN_OR_RETURN(payments::SplitPart part, ReadPart(from));
    split.parts.push_back(std::move(part));
  }
  return call.Change<v1::BankLineSplit>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return LinesOf(call, database, placed.program).Split(split, call.Actor()).status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::BankLineSplit> {
         const auto row = payments::FindNewestSplit(tx, placed.program.book, placed.id);
         if (!row) return Internal("the split of line {} is not there", placed.id);
         return SplitMessage(call.Payer(), placed.program.id, *row);
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.reason()});
}

StatusOr<v1::ListBankLineSplitsResponse> ListBankLineSplits(
    Call& call, const v1::ListBankLineSplitsRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListBankLineSplitsResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    ASSIGN_OR_RETURN(const SmallPage<LineSplitRow> page,
                     SmallPageOf(call, request, PlainQueryOf(call, request),
                                 payments::LoadWaitingSplits(tx, program.book),
                                 [](const LineSplitRow& row) { return row.id.Value(); }));
    v1::ListBankLineSplitsResponse response;
    for (const LineSplitRow& row : page.items) {
      *response.add_bank_line_splits() = SplitMessage(call.Payer(), program.id, row);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

template <typename Work>
StatusOr<v1::BankLineSplit> DecideSplit(Call& call, const Placed<payments::LineSplitTag>& placed,
                                        const std::string& etag, const std::string& reason,
                                        const Work& work) {
  // Not locked here: lines are locked before splits, and the decision is guarded by its own lock.
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::BankLineSplit> {
    const auto row = payments::FindLineSplit(tx, placed.program.book, placed.id);
    if (!row) return NotFound("there is no split {}", placed.id);
    return SplitMessage(call.Payer(), placed.program.id, *row);
  };
  return call.Change<v1::BankLineSplit>({.before = load,
                                         .work =
                                             [&](const pg::Database& database) {
                                               LineService lines =
                                                   LinesOf(call, database, placed.program);
                                               return work(lines);
                                             },
                                         .after = load,
                                         .etag = etag,
                                         .validate_only = false,
                                         .reason = reason});
}

StatusOr<v1::BankLineSplit> ApproveBankLineSplit(Call& call,
                                                 const v1::ApproveBankLineSplitRequest& request) {
  ASSIGN_OR_RETURN(const auto placed,
                   PlacedAt<payments::LineSplitTag>(call, request.name(), "bankLineSplits"));
  return DecideSplit(call, placed, request.etag(), "",
                     [&](LineService& lines) { return lines.Approve(placed.id, call.Actor()); });
}

StatusOr<v1::BankLineSplit> RejectBankLineSplit(Call& call,
                                                const v1::RejectBankLineSplitRequest& request) {
  ASSIGN_OR_RETURN(const auto placed,
                   PlacedAt<payments::LineSplitTag>(call, request.name(), "bankLineSplits"));
  return DecideSplit(call, placed, request.etag(), request.reason(), [&](LineService& lines) {
    return lines.Reject(placed.id, request.reason(), call.Actor());
  });
}

}  // namespace

void ServeReconciliation(Methods& methods) {
  const std::string service = "sluice.payments.v1.ReconciliationService.";
  methods.Serve<v1::ReconcileRunRequest, v1::RunReconciliation>(service + "ReconcileRun",
                                                                ReconcileRun);
  methods.Serve<v1::ListBankLinesRequest, v1::ListBankLinesResponse>(service + "ListBankLines",
                                                                     ListBankLines);
  methods.Serve<v1::AssignBankLineRequest, v1::BankLine>(service + "AssignBankLine",
                                                         AssignBankLine);
  methods.Serve<v1::SplitBankLineRequest, v1::BankLineSplit>(service + "SplitBankLine",
                                                             SplitBankLine);
  methods.Serve<v1::ListBankLineSplitsRequest, v1::ListBankLineSplitsResponse>(
      service + "ListBankLineSplits", ListBankLineSplits);
  methods.Serve<v1::ApproveBankLineSplitRequest, v1::BankLineSplit>(
      service + "ApproveBankLineSplit", ApproveBankLineSplit);
  methods.Serve<v1::RejectBankLineSplitRequest, v1::BankLineSplit>(service + "RejectBankLineSplit",
                                                                   RejectBankLineSplit);
}

}  // namespace sluice::api
