// Awards as the contract of the API writes them.
#pragma once

#include <string>

#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/award_store.h"
#include "sluice/performance/v1/award.pb.h"

namespace sluice::api {

// "payers/p/contracts/c/awards/a".
std::string AwardNameOf(PayerId payer, ContractId contract, AwardId award);
// "payers/p/contracts/c/awards/a/versions/2".
std::string AwardVersionNameOf(PayerId payer, const performance::AwardKey& key);

// Without steps and causes. A blocked award has no amounts: none is never read as zero.
performance::v1::Award AwardMessage(PayerId payer, const performance::StoredAward& award);
// Adds the steps, as the stored package replays them, and the causes of the delta. DataLoss when
// the package does not give the award again.
Status AddExplanation(pg::Transaction& tx, PayerId payer, const performance::StoredAward& award,
                      performance::v1::Award& to);

// What was not stored: amounts, reasons and steps.
void SetResult(performance::v1::Award& to, const performance::Award& award);

}  // namespace sluice::api
