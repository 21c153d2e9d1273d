// What a release makes out of an approved plan: payments, the files they go into, the journals that
// post them, and the remittance lines that explain them. Pure.
//
//   1. A payee that is paid gets one disbursement; a payee whose money was offset in full, or who
//      owes for a loss, gets a notice of zero. A held payee gets neither.
//   2. Everything derives from the run, so a restarted release makes the same ids and the same
//      order.
//   3. A payment's lines add up to its amount: what was earned, less what was withheld and offset.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "payments/bank_account_vault.h"
#include "payments/checks/check_layout.h"
#include "payments/cycle.h"
#include "payments/delivery/remittance_address.h"
#include "payments/delivery/sftp_place.h"
#include "payments/disbursement.h"
#include "payments/ledger/journal.h"
#include "payments/obligation_store.h"
#include "payments/payee.h"
#include "payments/payee_store.h"
#include "payments/remittance/bank_profile.h"
#include "payments/remittance/outbound_payment.h"
#include "payments/remittance/plb_mapping.h"
#include "payments/run_plan.h"

namespace sluice::payments {

// How a program's payments leave: configuration of its releases.
struct ReleaseSettings {
  PayerProfile payer;
  BankProfile bank;
  PlbMapping plb;
  std::string receiver_qualifier = "ZZ";  // of the 835 interchange
  std::string receiver_id;
  bool production = false;              // 835 ISA15: P, else T
  bool health_care_eft_allowed = true;  // HCCLAIMPMT where the payee gets an 835
  bool compensation = true;             // PPD to a person says PAYROLL
  std::int32_t payments_per_835 = 5'000;
  std::int32_t statements_per_pdf = 500;
  std::int32_t payments_per_csv = 25'000;  // statements and rosters; a file is in memory at once
  bool write_pdf = true;
  // Nothing is released unless each list to screen against was imported within so many days; 0:
  // lists are not required, and those there are screened against whatever their age.
  int screening_days = 0;
  // How long files stay READY before they leave, so that they can be taken back. Within the bank's
  // cut-off: what leaves after it settles a day later.
  int undo_minutes = 0;
  // The outbox folder. What goes to a server (payments/delivery/channels.h) is not there.
  std::string directory;
  std::string bank_server, clearinghouse_server;  // names of `servers`; empty: the folder
  std::map<std::string, SftpPlace> servers;       // by name
  std::string kept_receiver_id = "PORTAL";        // of an 835 that is kept
  std::optional<CheckLayout> check_layout;  // of the bank's file of issued checks; none: no checks
};

// A payment file and the disbursements that belong to it.
struct PlannedFile {
  FileKind kind = FileKind::kAch;
  std::int32_t file_no = 1;
  std::vector<std::size_t> payments;  // indexes into the disbursements
  Money total;
  std::optional<RemittanceAddress> to = std::nullopt;  // of an 835; none: the clearinghouse
};

// A payment whose remittance somebody brings to the payee.
struct PlannedErrand {
  std::size_t payment = 0;  // index into the disbursements
  RemittanceErrand errand;
};

struct PlannedRelease {
  std::vector<Disbursement> disbursements;  // by payee
  std::vector<PlannedFile> files;           // by kind and number
  std::vector<PlannedErrand> errands;       // by payee
};

// Who a plan pays, and their own drops.
struct ReleasePayees {
  std::map<PayeeId, Payee> payees;
  RemittanceDrops drops;
};
// Requires: `payees` holds every payee of the plan that is paid or gets a notice.
PlannedRelease PlanRelease(const Run& run, const RunPlan& plan, const ReleasePayees& payees,
                           const ReleaseSettings& settings);

// What a payee's lines mean for the ledger, in one journal.
struct PayeePosting {
  const RunPayee* payee = nullptr;
  const Disbursement* disbursement = nullptr;  // none for a held payee
  std::vector<const RunLine*> lines;
};
// The contract and performance year of an obligation.
struct LineSource {
  ContractId contract;
  std::int32_t performance_year = 0;
};
// The id under which a run posts a payee's lines.
Uuid PayeeJournalId(const Run& run, PayeeId payee);
// RECOGNIZE, RELEASE_WITHHOLD, WITHHOLD, RECOUP, OFFSET, TAX_WITHHOLD and DISBURSE of one payee. No
// transfers when a held payee's lines were all recognized before.
Journal PayeeJournal(const Run& run, const ProgramPayments& program, const PayeePosting& posting,
                     const std::map<ObligationId, LineSource>& sources, UserId actor);

// Everything that explains one payment.
struct PaymentFacts {
  const Disbursement& disbursement;
  const RunPayee& run_payee;
  const Payee& payee;
  std::vector<const ObligationRow*> obligations;  // claimed by it, by id
  TakenBefore taken_before;                       // on earlier payments of them, which came back
};
// The explanation of each award version, by award and version.
using AwardTexts = std::map<std::pair<AwardId, std::int32_t>, CollectedAward>;

// The payment as the file writers take it; `account` is null for a notice of zero. DataLoss when
// an explanation is missing or damaged.
StatusOr<OutboundPayment> MakeOutboundPayment(const PaymentFacts& facts, const AwardTexts& awards,
                                              const ReleaseSettings& settings,
                                              const VaultRow* vault,
                                              const BankAccountDetails* account);

}  // namespace sluice::payments
