// What passes between the payer and its bank: deposits that are announced and come, files that
// settle, a payment that comes back, and the check that replaces it.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "api/demo/demo.h"
#include "core/calendar.h"
#include "core/progress.h"
#include "payments/checks/check_service.h"
#include "payments/disbursement_store.h"
#include "payments/ledger/ledger.h"
#include "payments/pools/pool_service.h"
#include "payments/release_service.h"

namespace sluice::demo {
namespace {

constexpr std::int64_t kFirstCheck = 1001;
constexpr std::int64_t kLastCheck = 1100;
constexpr std::string_view kReturnCode = "R03";
constexpr int kDaysUntilCashed = 4;  // banking days

// What the payer deposits is round: ten thousands, of small programs hundreds.
Money RoundUpDeposit(Money needed) {
  const std::int64_t unit = needed >= Money::FromCents(100'000'00) ? 10'000'00 : 100'00;
  return Money::FromCents((needed.Cents() + unit - 1) / unit * unit);
}

StatusOr<Money> PoolBalance(const pg::Database& database,
                            const payments::ProgramPayments& program) {
  return database.Transact([&](pg::Transaction& tx) -> StatusOr<Money> {
    return payments::CreditBalanceOf(tx, program.book, payments::PoolAccount(program.pool.id));
  });
}

payments::PoolService PoolsOf(const pg::Database& database, PayerId payer, BookId book,
                              ManualClock& clock, IdGenerator& ids) {
  return {database, payer, book, clock, ids};
}

Instant MorningOf(Date day) {
  return Instant::FromMicros(Instant::AtMidnight(day).Micros() + 7LL * 3'600 * 1'000'000);
}

// Of a statement in BAI2: records 16.
std::int64_t BookedLines(std::string_view statement) {
  std::int64_t lines = 0;
  for (std::size_t at = 0; (at = statement.find("\n16,", at)) != std::string_view::npos; ++at) {
    ++lines;
  }
  return lines;
}

StatusOr<std::string> ReadOut(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in.good() && !in.eof()) return Unavailable("cannot read {}", path);
  return bytes;
}

// What the bank debits for a file: the credits of its control record.
StatusOr<Money> AchTotalOf(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadOut(path));
  const std::size_t control = bytes.find("\n9");
  if (control == std::string::npos) return DataLoss("{} has no control record", path);
  return Money::FromCents(std::stoll(bytes.substr(control + 1 + 43, 12)));
}

}  // namespace

Status Demo::ExpectFunding(CycleWork& cycle) {
  const payments::ProgramPayments& settings = cycle.program->cycles->Program();
  ASSIGN_OR_RETURN(const Money balance, PoolBalance(database_, settings));
  if (cycle.totals.hold <= balance) return OkStatus();
  const Money deposit = RoundUpDeposit(cycle.totals.hold - balance);
  ReportOf(cycle).pool_funded = deposit;
  const Date arrives = AddBankingDays(cycle.plan.business_date, -1);
  const std::string reference = "FUND-" + cycle.program->plan.code + FormatDateSixDigits(arrives);
  RETURN_IF_ERROR(PoolsOf(database_, payer_, settings.book, clock_, ids_)
                      .ExpectFunding(settings.pool.id, deposit, arrives, reference, maker_)
                      .status());
  bank_.Book(arrives, cycle.program->deposit_account,
             {.type = kIncomingTransfer,
              .amount = deposit,
              .customer_reference = reference,
              .text = "FUNDING"});
  return OkStatus();
}

Status Demo::FundPools(std::span<CycleWork> cycles) {
  if (cycles.empty()) return OkStatus();
  RETURN_IF_ERROR(TakeStatement(AddBankingDays(cycles.front().plan.business_date, -1)));
  for (const CycleWork& cycle : cycles) {
    if (ReportOf(cycle).pool_funded.IsZero()) continue;
    payments::PoolService pools =
        PoolsOf(database_, payer_, cycle.program->cycles->Program().book, clock_, ids_);
    ASSIGN_OR_RETURN(const auto matched, pools.MatchDeposits(maker_));
    if (matched.size() != 1) {
      return DataLoss("{}: {} deposits were matched, not one", cycle.plan.name, matched.size());
    }
  }
  return OkStatus();
}

Status Demo::TakeFromBank(const std::string& name, const std::string& bytes) {
  std::ofstream file(out_ + "/" + kFromBank + "/" + name, std::ios::binary);
  file << bytes;
  if (!file.good()) return Unavailable("cannot write {}/{}/{}", out_, kFromBank, name);
  ASSIGN_OR_RETURN(const payments::ReceivedFile received,
                   inbound_->Receive(name, bytes, releaser_));
  if (received.file.state != payments::InboundState::kStaged) {
    return DataLoss("{} was not read: {}", name, received.file.reason);
  }
  ASSIGN_OR_RETURN(const payments::AppliedItems applied,
                   inbound_->Apply(clock_.Now().UtcDate(), releaser_));
  for (const payments::ItemMove& move : applied.moves) {
    if (move.to != payments::ItemState::kApplied) {
      return DataLoss("{} item {}: {}", name, move.item_no, move.reason);
    }
  }
  return OkStatus();
}

Status Demo::TakeStatement(Date day) {
  const std::string bytes = bank_.Statement(day);
  if (bytes.empty()) return OkStatus();
  report_.statements += 1;
  report_.statement_lines += BookedLines(bytes);
  const Instant morning = MorningOf(AddBankingDays(day, 1));
  if (clock_.Now() < morning) clock_.Set(morning);
  return TakeFromBank(fmt::format("{}.bai", FormatDate(day)), bytes);
}

Status Demo::SettleAll(std::span<CycleWork> cycles) {
  std::set<Date> days;
  for (const CycleWork& cycle : cycles) {
    const Date settles = cycle.run.effective_date;
    days.insert(settles);
    const payments::ProgramPayments& program = cycle.program->cycles->Program();
    ASSIGN_OR_RETURN(const auto files,
                     database_.Transact(
                         [&](pg::Transaction& tx) -> StatusOr<std::vector<payments::PaymentFile>> {
                           return payments::LoadFiles(tx, program.book, cycle.run.id);
                         }));
    for (const payments::PaymentFile& file : files) {
      if (file.kind != payments::FileKind::kAch) continue;
      ASSIGN_OR_RETURN(const Money total, AchTotalOf(out_ + "/" + file.name));
      bank_.Book(settles, cycle.program->deposit_account,
                 {.type = kAchSettlement, .amount = total, .text = "ACH " + file.name});
    }
  }
  for (const Date day : days) RETURN_IF_ERROR(TakeStatement(day));
  const bool is_last =
      !cycles.empty() && cycles.back().plan.business_date == source_.BusinessDate();
  if (is_last) {
    CycleWork& first = cycles.front();
    RETURN_IF_ERROR(Annotate(ReturnOne(first), first.plan.name + ": a payment that comes back"));
  }
  for (CycleWork& cycle : cycles) {
    RETURN_IF_ERROR(Annotate(Close(cycle), cycle.plan.name + ": closing"));
  }
  return OkStatus();
}

Status Demo::Close(CycleWork& cycle) {
  RETURN_IF_ERROR(cycle.program->release->Close(cycle.run.id, releaser_));
  ASSIGN_OR_RETURN(cycle.run, cycle.program->cycles->Find(cycle.run.id));
  ProgramReport& report = ReportOf(cycle);
  report.run_state = payments::RunStateName(cycle.run.state);
  ASSIGN_OR_RETURN(report.pool_left, PoolBalance(database_, cycle.program->cycles->Program()));
  return OkStatus();
}

StatusOr<payments::Disbursement> Demo::SmallestPayment(const CycleWork& cycle) {
  const BookId book = cycle.program->cycles->Program().book;
  ASSIGN_OR_RETURN(
      auto payments,
      database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<payments::Disbursement>> {
        return payments::LoadDisbursements(tx, book, cycle.run.id);
      }));
  std::erase_if(payments, [](const payments::Disbursement& payment) {
    return payment.rail != payments::Rail::kAch || payment.amount.IsZero();
  });
  if (payments.empty()) return NotFound("the run paid nobody by ACH");
  return std::ranges::min(payments, {}, &payments::Disbursement::amount);
}

Status Demo::ReturnOne(CycleWork& cycle) {
  Progress progress("taking back a payment that a bank returned, and paying it by check");
  ASSIGN_OR_RETURN(const payments::Disbursement payment, SmallestPayment(cycle));
  const payments::ProgramPayments& program = cycle.program->cycles->Program();
  ASSIGN_OR_RETURN(const auto file,
                   database_.Transact(
                       [&](pg::Transaction& tx) -> StatusOr<std::optional<payments::PaymentFile>> {
                         return payments::LockFile(tx, program.book, *payment.file);
                       }));
  ASSIGN_OR_RETURN(const std::string ach, ReadOut(out_ + "/" + file->name));
  // The payee's bank has two banking days.
  const Date day = AddBankingDays(cycle.run.effective_date, 2);
  ASSIGN_OR_RETURN(const std::string returned,
                   ReturnOf(ach, payment.payment_key, kReturnCode, day));
  clock_.Set(MiddleOf(day));
  RETURN_IF_ERROR(TakeFromBank(fmt::format("{}.returns.ach", FormatDate(day)), returned));
  bank_.Book(day, cycle.program->deposit_account,
             {.type = kAchReturnCredit,
              .amount = payment.amount,
              .text = fmt::format("RETURN {} {}", kReturnCode, payment.payment_key)});
  RETURN_IF_ERROR(TakeStatement(day));
  RETURN_IF_ERROR(inbound_->DecideReturned(
      program.book, payment.id,
      {.note = "the account was closed; the payee asks for a check", .pay_again = true},
      first_approver_));
  RETURN_IF_ERROR(PayByCheck(cycle, payment));
  progress.Finish(report_.return_line);
  return OkStatus();
}

Status Demo::PayByCheck(CycleWork& cycle, const payments::Disbursement& returned) {
  payments::CycleService& cycles = *cycle.program->cycles;
  const payments::ProgramPayments& program = cycles.Program();
  payments::CheckService checks(store_.App(), payer_, program.book, clock_);
  RETURN_IF_ERROR(
      checks.AddStock(program.pool.bank_account, kFirstCheck, kLastCheck, first_approver_));
  const Date today = clock_.Now().UtcDate();
  ASSIGN_OR_RETURN(const payments::Run run, cycles.Open({.name = cycle.plan.name,
                                                         .period = cycle.plan.period,
                                                         .kind = payments::RunKind::kReissue,
                                                         .business_date = today,
                                                         .banking_days_to_settle = 1},
                                                        maker_));
  RETURN_IF_ERROR(cycles.Calculate(run.id, {}, maker_).status());
  RETURN_IF_ERROR(cycles.PayByCheck(
      run.id, returned.payee,
      fmt::format("payment {} came back with {}", returned.payment_key, kReturnCode), maker_));
  ASSIGN_OR_RETURN(const Digest digest, cycles.Submit(run.id, maker_));
  for (const payments::Actor& approver : {first_approver_, second_approver_}) {
    RETURN_IF_ERROR(cycles.Approve(run.id, digest, {}, approver).status());
  }
  RETURN_IF_ERROR(cycle.program->release->Release(run.id, releaser_));
  ASSIGN_OR_RETURN(const auto history, checks.Find(kFirstCheck));
  const Date cashed = AddBankingDays(today, kDaysUntilCashed);
  bank_.Book(cashed, cycle.program->deposit_account,
             {.type = kCheckPaid,
              .amount = history.check.amount,
              .customer_reference = std::to_string(kFirstCheck),
              .text = "CHECK PAID"});
  RETURN_IF_ERROR(TakeStatement(cashed));
  RETURN_IF_ERROR(cycle.program->release->Close(run.id, releaser_));
  reissued_.push_back({.service = cycle.program->release.get(), .run = run.id});
  report_.return_line = fmt::format(
      "payment {} of {} came back with {}; paid again by check {}, cashed on {}",
      returned.payment_key, returned.amount, kReturnCode, kFirstCheck, FormatDateLong(cashed));
  RETURN_IF_ERROR(Annotate(WriteReport(), "writing the cycle's report"));
  return Annotate(VerifyFiles(), "verifying the files");
}

}  // namespace sluice::demo
