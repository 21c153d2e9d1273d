// Which risk scores of members a contract's terms mean, where several models may have scored them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/status.h"
#include "performance/facts.h"
#include "performance/members/member.h"

namespace sluice::performance {

// Text fact of the contract: "CMS-HCC V28", model and version. Without it all scores of the members
// must be of one model and version.
inline constexpr std::string_view kRiskModelFact = "risk_model";

// The scores of the model. FailedPrecondition names the fact when two models have scores and the
// fact does not choose.
StatusOr<std::vector<RiskScore>> ScoresOfModel(std::vector<RiskScore> scores, const Facts& facts);

}  // namespace sluice::performance
