#include "payments/enrollment/enrollment_store.h"

#include <utility>

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertEnrollment{"payments_insert_eft_enrollment", R"sql(
  INSERT INTO payments.eft_enrollment (payer_id, enrollment_id, payee_id, reason, linkage,
    account_id, version, with_era, submitted_on, fingerprint, recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr pg::Query kInsertElements{"payments_insert_eft_enrollment_fields", R"sql(
  INSERT INTO payments.eft_enrollment_field (payer_id, enrollment_id, field, value)
  SELECT $1, $2, u.field, u.value
  FROM unnest ($3::text[], $4::text[]) AS u (field, value)
)sql"};

constexpr pg::Query kLoadEnrollments{"payments_load_eft_enrollments", R"sql(
  SELECT enrollment_id, payee_id, reason, linkage, account_id, version, with_era, submitted_on,
    fingerprint
  FROM payments.eft_enrollment
  WHERE payer_id = $1 AND payee_id = $2
  ORDER BY enrollment_id
)sql"};

constexpr pg::Query kLoadElements{"payments_load_eft_enrollment_fields", R"sql(
  SELECT f.enrollment_id, f.field, f.value
  FROM payments.eft_enrollment_field AS f
  JOIN payments.eft_enrollment AS e
    ON e.payer_id = f.payer_id AND e.enrollment_id = f.enrollment_id
  WHERE f.payer_id = $1 AND e.payee_id = $2
)sql"};

}  // namespace

void InsertEnrollment(pg::Transaction& tx, PayerId payer, const EnrollmentRecord& record,
                      const Recorded& recorded) {
  tx.Execute(kInsertEnrollment, payer, record.id, record.payee, Stored(record.reason),
             Stored(record.linkage), record.account.account, record.account.version,
             record.with_era, record.submitted_on, record.fingerprint, recorded.by, recorded.at);
  std::vector<std::string> names, values;
  for (const auto& [name, value] : record.elements) {
    names.push_back(name);
    values.push_back(value);
  }
  tx.Execute(kInsertElements, payer, record.id, names, values);
}

std::vector<EnrollmentRecord> LoadEnrollments(pg::Transaction& tx, PayerId payer, PayeeId payee) {
  std::map<std::int64_t, std::map<std::string, std::string>> elements;
  const pg::Result rows = tx.Query(kLoadElements, payer, payee);
  for (int i = 0; i < rows.Size(); ++i) {
    elements[rows[i].Get<std::int64_t>(0)].emplace(rows[i].Get<std::string>(1),
                                                   rows[i].Get<std::string>(2));
  }
  const pg::Result result = tx.Query(kLoadEnrollments, payer, payee);
  std::vector<EnrollmentRecord> records;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    EnrollmentRecord record{.id = row.Get<std::int64_t>(0),
                            .payee = row.Get<PayeeId>(1),
                            .reason = static_cast<EnrollmentReason>(row.Get<std::int16_t>(2)),
                            .linkage = static_cast<IdentifierLinkage>(row.Get<std::int16_t>(3)),
                            .account = {row.Get<BankAccountId>(4), row.Get<std::int32_t>(5)},
                            .with_era = row.Get<bool>(6),
                            .submitted_on = row.Get<Date>(7),
                            .fingerprint = row.Get<Digest>(8)};
    record.elements = std::move(elements[record.id]);
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace sluice::payments
