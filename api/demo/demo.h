// The main job, once, from nothing to a verified ledger: onboard, enroll, load facts, calculate,
// approve as two people, release, write and verify files, settle, verify the ledger.
//
// It uses the services that production uses, one after the other, and stops at the first that
// fails. Everything it makes is a function of its source and its business date, so that a second
// run gives the same bytes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/demo/demo_report.h"
#include "api/demo/demo_source.h"
#include "api/store.h"
#include "payments/approval.h"
#include "payments/cycle_service.h"
#include "payments/key_provider.h"
#include "payments/release_service.h"
#include "performance/program_service.h"

namespace sluice::demo {

class Demo {
 public:
  // `out` is made when it is not there; files of an earlier demo in it are replaced. The clock
  // stands on the source's business date and is moved by the demo. All are kept by reference.
  Demo(const api::Store& store, DemoSource& source, ManualClock& clock, std::string out);

  // OK when the cycle was paid, every file verified and the ledger is clean. The report is filled
  // as far as the demo came.
  Status Run();
  const DemoReport& Report() const { return report_; }

 private:
  // One program on its way through its cycle.
  struct ProgramRun {
    DemoProgram plan;
    std::unique_ptr<payments::CycleService> cycles;
    std::unique_ptr<payments::ReleaseService> release;
    payments::Run run;
    payments::RunTotals totals;
  };

  Status Onboard();
  Status SetUpPrograms();
  Status EnrollPayees();
  Status PostBasePayments(ProgramRun& program);
  Status Calculate(ProgramRun& program);
  Status FundPool(ProgramRun& program);
  Status ComparePublished();
  Status Approve(ProgramRun& program);
  Status Release(ProgramRun& program);
  Status ForfeitWithholds(ProgramRun& program);
  Status WriteReport();
  Status Settle(ProgramRun& program);
  Status VerifyFiles();
  Status VerifyLedger();
  Status ExportPackages();

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
  std::vector<ProgramRun> programs_;
  std::map<PartyId, PayeeId> payees_;
  // The people of the demo: who makes a run, two who approve it, and who releases it.
  payments::Actor maker_, first_approver_, second_approver_, releaser_;
  DemoReport report_;
};

}  // namespace sluice::demo
