// The main job, once, from nothing to a verified ledger: onboard, enroll, load facts, calculate,
// fund, approve as two people, release, write and verify files, read the bank's statements, close,
// verify the ledger.
//
// Programs pay on one or more days. On each day the demo learns what came in since the day before,
// and carries every program that pays on it through its cycle. In the end one payment comes back,
// and is paid again by check.
//
// It uses the services that production uses, one after the other, and stops at the first that
// fails. Everything it makes is a function of its source and its business date, so that a second
// run gives the same bytes.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "api/demo/demo_bank.h"
#include "api/demo/demo_report.h"
#include "api/demo/demo_source.h"
#include "api/store.h"
#include "payments/award_collector.h"
#include "payments/approval.h"
#include "payments/cycle_report.h"
#include "payments/cycle_service.h"
#include "payments/inbound/inbound_service.h"
#include "payments/key_provider.h"
#include "payments/release_service.h"
#include "performance/program_service.h"

namespace sluice::demo {

// The middle of a business day, when the demo works.
Instant MiddleOf(Date day);

class Demo {
 public:
  // `out` is made when it is not there; files of an earlier demo in it are replaced. The clock
  // stands on the middle of the first day and is moved by the demo. All are kept by reference.
  Demo(const api::Store& store, DemoSource& source, ManualClock& clock, std::string out);

  // OK when the cycle was paid, every file verified and the ledger is clean. The report is filled
  // as far as the demo came.
  Status Run();
  const DemoReport& Report() const { return report_; }

 private:
  // One program, and its cycles in the order of their days.
  struct ProgramWork;
  struct CycleWork {
    ProgramWork* program = nullptr;
    DemoCycle plan;
    payments::Run run;
    payments::RunTotals totals;
    std::size_t report = 0;  // its place in the report
  };
  struct ProgramWork {
    DemoProgram plan;
    std::string deposit_account;  // its number, as the bank's statements have it
    std::unique_ptr<payments::CycleService> cycles;
    std::unique_ptr<payments::ReleaseService> release;
  };

  Status Onboard();
  Status SetUpPrograms();
  Status EnrollPayees();
  // Every cycle of one day, until its money is settled.
  Status WorkOn(Date day);
  Status Learn(Date day);
  Status PostBasePayments(ProgramWork& program);
  Status Calculate(CycleWork& cycle);
  StatusOr<std::vector<payments::AwardToPay>> CalculatePeriod(CycleWork& cycle,
                                                              const DateRange& period);
  Date PayDateOf(const CycleWork& cycle, const DateRange& period) const;
  Status ExpectFunding(CycleWork& cycle);
  Status FundPools(std::span<CycleWork> cycles);
  Status ComparePublished();
  Status Approve(CycleWork& cycle);
  Status Release(CycleWork& cycle);
  Status SettleWithholds(CycleWork& cycle);
  Status WriteReport();
  // What the bank says of the days on which the cycles' files settle, the one that comes back when
  // they are the last, and the end of each run.
  Status SettleAll(std::span<CycleWork> cycles);
  Status Close(CycleWork& cycle);
  // A payment of the run comes back, and leaves again by check in a run of its own.
  Status ReturnOne(CycleWork& cycle);
  Status PayByCheck(CycleWork& cycle, const payments::Disbursement& returned);
  StatusOr<payments::Disbursement> SmallestPayment(const CycleWork& cycle);
  // The statement of a day, on the morning after it.
  Status TakeStatement(Date day);
  Status TakeFromBank(const std::string& name, const std::string& bytes);
  Status VerifyFiles();
  Status VerifyLedger();
  Status ExportPackages();
  Status ExportAwards(const ProgramWork& program, const DateRange& period);
  DemoContext Context();
  ProgramReport& ReportOf(const CycleWork& cycle) { return report_.programs[cycle.report]; }

  const api::Store& store_;
  DemoSource& source_;
  ManualClock& clock_;
  IdGenerator ids_;
  std::string out_;

  PayerId payer_;
  pg::Database database_;
  std::unique_ptr<payments::FileKeyProvider> keys_;
  std::unique_ptr<performance::ProgramService> programs_service_;
  hierarchy::HierarchySnapshot snapshot_;
  std::vector<std::unique_ptr<ProgramWork>> programs_;
  std::vector<CycleWork> cycles_;  // those that were begun
  std::vector<payments::ReleasedRun> reissued_;
  DemoBank bank_;
  std::unique_ptr<payments::InboundService> inbound_;
  std::map<PartyId, PayeeId> payees_;
  // The people of the demo: who makes a run, two who approve it, and who releases it.
  payments::Actor maker_, first_approver_, second_approver_, releaser_;
  DemoReport report_;
};

}  // namespace sluice::demo
