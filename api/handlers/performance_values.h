// What requests about programs, contracts and awards have in common.
#pragma once

#include <string>
#include <string_view>

#include "api/service/call.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "core/date.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "performance/program.h"
#include "sluice/core/v1/money.pb.h"

namespace sluice::api {

// "payers/pyr_1/contracts/ctr_2".
std::string ContractNameOf(PayerId payer, ContractId contract);
std::string ProgramNameOf(PayerId payer, ProgramId program);

// The id in a resource name that a field of the request holds. InvalidArgument names the field
// unless it names one of this collection and of the caller's payer.
template <typename Tag>
StatusOr<Id<Tag>> ReadReference(const Call& call, std::string_view field, const std::string& name,
                                std::string_view collection) {
  const StatusOr<ResourcePath> path = ResourcePath::Parse(name);
  if (path.ok()) {
    const StatusOr<PayerId> payer = path->Get<PayerTag>("payers");
    const StatusOr<Id<Tag>> id = path->Get<Tag>(collection);
    if (payer.ok() && id.ok() && *payer == call.Payer()) return id;
  }
  return WrongFields({{std::string(field),
                       fmt::format("is the name of one: payers/{{payer}}/{}/...", collection)}});
}

void SetDays(core::v1::DateRange& to, const DateRange& days);
// InvalidArgument names the field unless the days are there, in the calendar and not empty.
StatusOr<DateRange> ReadDays(const std::string& field, const core::v1::DateRange& days);
// The same, with an end.
StatusOr<DateRange> ReadPeriod(const std::string& field, const core::v1::DateRange& days);

// The contract, when the caller may see it: it is of the caller's payer, or of a party in the
// caller's own tree. Who may not, learns nothing of whether it is there.
StatusOr<performance::Contract> FindContractFor(pg::Transaction& tx, const Call& call,
                                                ContractId contract);

}  // namespace sluice::api
