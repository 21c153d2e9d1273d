// Names that the handlers of payments share: programs with their books, things known by a number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/access/decision.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "payments/cycle.h"
#include "performance/program.h"

namespace sluice::api {

// The program in the name of one of its things. NotFound when the payer has none of that id.
StatusOr<performance::Program> FindProgramAt(pg::Transaction& tx, const std::string& name);

// How the program pays: out of its only pool, or the one that is named after it. FailedPrecondition
// when there is none of these.
StatusOr<payments::ProgramPayments> PaymentsOfProgram(pg::Transaction& tx,
                                                      const performance::Program& program);

// The number behind a collection: 3 in "inboundFiles/inb_1/items/3". InvalidArgument for what is no
// number above zero.
StatusOr<std::int64_t> NumberIn(std::string_view name, std::string_view collection);

// Whose a payment is, and under which contract it was earned.
struct PaymentParties {
  PartyId party;                          // of the payee
  PartyId under;                          // the parent that the payee is for; unset: any
  std::vector<PartyId> contract_parties;  // of its lines, each once
};
// The payee's own, and what was earned under the contract of one party, for that party.
Object ObjectOf(PayerId payer, const PaymentParties& parties);

std::string ProgramName(PayerId payer, ProgramId program);

}  // namespace sluice::api
