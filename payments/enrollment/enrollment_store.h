// Rows of enrollments and their elements. No rules.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/pg/database.h"
#include "payments/enrollment/eft_enrollment.h"
#include "payments/payee_store.h"

namespace sluice::payments {

struct EnrollmentRecord {
  std::int64_t id = 0;
  PayeeId payee;
  EnrollmentReason reason = EnrollmentReason::kNew;
  IdentifierLinkage linkage = IdentifierLinkage::kTin;
  AccountVersion account;
  bool with_era = false;
  Date submitted_on{};
  Digest fingerprint{};  // of the form as it came, under the index key
  std::map<std::string, std::string> elements;
};

void InsertEnrollment(pg::Transaction& tx, PayerId payer, const EnrollmentRecord& record,
                      const Recorded& recorded);
// Of one payee, the newest last.
std::vector<EnrollmentRecord> LoadEnrollments(pg::Transaction& tx, PayerId payer, PayeeId payee);

}  // namespace sluice::payments
