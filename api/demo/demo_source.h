// Where the demo's payer comes from: a synthetic health plan, or the published results of the
// Medicare Shared Savings Program. Both give the same things in the same order; the demo does the
// rest through the same services that production uses.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/demo/synthetic_payer.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "hierarchy/graph.h"
#include "payments/cycle.h"
#include "payments/payee.h"
#include "payments/remittance/outbound_payment.h"
#include "performance/program.h"

namespace sluice::demo {

// A payee and the account it wants to be paid to; no account number means it gave none yet.
struct DemoPayee {
  payments::Payee payee;
  std::string routing_number;
  payments::AccountNumber account;
  payments::AccountOwnership ownership = payments::AccountOwnership::kBusiness;
};

// A payment that the program made to a party in the performance year, before anything is withheld.
struct BasePayment {
  PartyId party;
  Date paid_on{};
  Money amount;
};

// A day on which a program pays, and for which periods.
struct DemoCycle {
  std::string name;  // "Primary Care Capitation, October 2026"
  Date business_date{};
  DateRange period;
  // Earlier periods that are calculated again; what changed is paid or taken with this cycle.
  std::vector<DateRange> restated;
  payments::RunKind kind = payments::RunKind::kRegular;
};

struct DemoProgram {
  performance::Program program;  // book and creation time are the demo's to fill in
  std::string code;              // for file names
  std::vector<DemoCycle> cycles;  // one or more, by business date
  std::vector<performance::Contract> contracts;
  std::vector<performance::NewTerms> terms;
  std::vector<BasePayment> base_payments;
};

// What CMS published for one contract, to compare with: whole dollars.
struct PublishedAward {
  ContractId contract;
  std::string holder;
  Exact earned;
  Exact tolerance;  // what the printed inputs allow
};

// What a source works with.
struct DemoContext {
  pg::Database database;  // acts for the payer
  PayerId payer;
  ManualClock& clock;
  IdGenerator& ids;
  std::string inbox;  // a folder for the files that the payer's other systems send
};

class DemoSource {
 public:
  virtual ~DemoSource() = default;

  virtual payments::PayerProfile Profile() const = 0;
  virtual std::string Code() const = 0;  // for file names
  // The payer as a bank statement names it: at most 16 characters, in capitals.
  virtual std::string CompanyName() const = 0;
  // The day of the main cycle, the last one.
  virtual Date BusinessDate() const = 0;
  // The day of the first cycle: everything is set up then.
  virtual Date FirstDay() const { return BusinessDate(); }
  // The day the hierarchy is asked for.
  virtual Date HierarchyDay() const = 0;

  // Stores the hierarchy. The text is one line about what was onboarded.
  virtual StatusOr<std::string> Onboard(const DemoContext& context) = 0;
  virtual StatusOr<std::vector<DemoProgram>> Programs(
      const DemoContext& context, const hierarchy::HierarchySnapshot& snapshot) = 0;
  virtual StatusOr<std::vector<DemoPayee>> Payees(const hierarchy::HierarchySnapshot& snapshot) = 0;
  // Takes in what became known by the day of a cycle, once for each day: members, claims, events,
  // attribution lists, results. The text is one line about it, or empty.
  virtual StatusOr<std::string> Learn(const DemoContext& context, Date business_date) = 0;
  // What is stated about the contracts for the cycle, beside what was learned.
  virtual StatusOr<std::vector<performance::FactSet>> Facts(const DemoContext& context,
                                                            const DemoProgram& program,
                                                            const DemoCycle& cycle) = 0;
  virtual std::string FactsSource() const = 0;
  virtual std::vector<PublishedAward> Published() const { return {}; }
  // Sentences about what is invented and what is real.
  virtual std::vector<std::string> Notes() const = 0;
};

std::unique_ptr<DemoSource> MakeSyntheticSource(const SyntheticOptions& options);

// `directory` holds mssp_puf/PY2024.csv and aco_participants/mssp_aco_participants_PY2026.csv.
// NotFound names the file that is missing.
StatusOr<std::unique_ptr<DemoSource>> MakeCmsSource(const std::string& directory,
                                                    std::uint64_t seed);

}  // namespace sluice::demo
