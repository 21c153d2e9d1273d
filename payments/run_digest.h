// The digest that approvers sign: SHA-256 over the canonical bytes of exactly what is paid.
//
// It covers the run, its dates, the award versions with their hashes, each line by obligation id
// and each payee with the method, the bank account version and the amounts. Any edit changes it.
// Source: LEDGER_RELIABILITY_SECURITY 5.2.
#pragma once

#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "payments/ledger/account.h"
#include "payments/run_plan.h"

namespace sluice::payments {

// One award version whose obligations are in the run.
struct DigestAward {
  AwardId award;
  std::int32_t version = 0;
  Digest hash{};
};

struct DigestHeader {
  BookId book;
  RunId run;
  std::int32_t revision = 0;
  PoolId pool;
  Date business_date{};
  Date effective_date{};
  std::vector<DigestAward> awards;  // by award and version
};

Digest RunDigest(const DigestHeader& header, const RunPlan& plan);

}  // namespace sluice::payments
