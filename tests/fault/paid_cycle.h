// A payer with one approved run in a directory of its own, and the work that pays it: what is
// killed, cut and starved by the tests of this folder.
//
//   1. The directory holds the server's cluster, the keys and the outbox. Nothing else is
//      remembered: Work() decides by what is stored, as a restarted service does.
//   2. Work() goes from the approved run to the closed one: release, delivery, the bank's
//   statement,
//      returned payments, settlement, close. After any death call it again.
//   3. Clocks and ids of the cycle are given, so that two directories with the same plan end with
//      the same bytes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/pg/embedded.h"
#include "payments/inbound/bank_statements.h"
#include "payments/inbound/inbound_service.h"
#include "payments/release_service.h"
#include "tests/delivery/sftp_server.h"

namespace sluice::payments {

struct PaidCyclePlan {
  std::int64_t payees = 24;
  std::int64_t lines_of_payee = 2;  // each line is a share of an award of its own contract
  std::int32_t payees_per_batch = 5;
  std::int32_t statements_per_pdf = 500;
  bool write_pdf = true;
};

class PaidCycle {
 public:
  // Not durable, a server is faster and may only be stopped, never killed: for preparing.
  struct ServerSettings {
    bool durable = true;
    int shared_buffers_mb = 64;
  };
  // Starts the server of the directory, which recovers what an earlier one left.
  static StatusOr<std::unique_ptr<PaidCycle>> Open(const std::string& directory);
  static StatusOr<std::unique_ptr<PaidCycle>> Open(const std::string& directory,
                                                   const ServerSettings& settings);
  ~PaidCycle();
  PaidCycle(const PaidCycle&) = delete;
  PaidCycle& operator=(const PaidCycle&) = delete;

  // Once, on an empty directory: up to the approved run.
  Status Prepare(const PaidCyclePlan& plan);
  // From there to the closed run. Ok when it is closed.
  Status Work();
  // Only the release and delivery.
  Status Release();

  // Everything that must not depend on how often the work was interrupted, a line each: run,
  // payments, obligations, balances, ledger entries, the outbox with the hash of each file.
  // DataLoss: a payment is lost or there twice, or the ledger does not verify.
  StatusOr<std::string> Observe();

  const pg::EmbeddedServer& Server() const { return *server_; }
  // Where the finished files go.
  const std::string& Outbox() const { return settings_.directory; }
  StatusOr<RunState> State();
  // Sees the places that a release reaches from now on.
  void Watch(ReleaseHooks hooks) { hooks_ = std::move(hooks); }
  // The bank's files go into the outbox over SFTP from now on, where there is an OpenSSH server.
  void DeliverOverSftp();
  // What takes the bank's files.
  std::unique_ptr<InboundService> Inbound();
  // Acts through these from now on, for instance through a proxy.
  Status ConnectThrough(const pg::ConnectOptions& app, const pg::ConnectOptions& files);

 private:
  explicit PaidCycle(const std::string& directory);
  Status OpenDatabases();
  Status MakePayer();
  Status MakePayees(const PaidCyclePlan& plan);
  Status MakePayees(std::int64_t first, std::int64_t last);
  Status FundPool(Money amount);
  Status ApproveRun(const PaidCyclePlan& plan);
  Status TakeBankFiles();
  Status TakeBankFile(const std::string& name, const std::string& bytes);
  std::unique_ptr<ReleaseService> Releases();
  StatusOr<RunId> TheRun();
  Status CheckMoney(const std::vector<Disbursement>& payments);

  std::string directory_;
  ManualClock clock_;
  IdGenerator ids_;  // of what is prepared: the same in every directory
  SystemClock real_clock_;
  IdGenerator later_ids_;  // of what a restarted process makes: never those of its predecessor
  ProgramPayments program_;
  ReleaseSettings settings_;
  ReleaseHooks hooks_;
  std::unique_ptr<FileKeyProvider> keys_;
  std::unique_ptr<pg::EmbeddedServer> server_;
  std::unique_ptr<::sluice::testing::SftpServer> sftp_;
  std::optional<pg::Database> app_, files_, verify_, admin_;
};

}  // namespace sluice::payments
