// SQL of claim lines; declared in member_store.h.
#include <tuple>

#include "performance/members/member_store.h"
#include "performance/members/store_rows.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kAddMedicalClaims{"member_add_medical_claims", R"sql(
  WITH given AS (
    SELECT u.position, u.claim_number, u.line_number, u.member_id, u.kind, u.service_from,
           u.service_to, u.procedure_code, u.place_of_service, u.revenue_code, u.drg,
           u.diagnosis_codes, u.rendering_npi, u.billing_npi, u.billing_tin, u.allowed_cents,
           u.paid_cents, u.paid_on, u.status, known.recorded_at AS known_at,
           known.batch_id AS known_batch
    FROM unnest($4::text[], $5::integer[], $6::bigint[], $7::smallint[], $8::date[], $9::date[],
                $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
                $16::text[], $17::text[], $18::bigint[], $19::bigint[], $20::date[],
                $21::smallint[])
      WITH ORDINALITY AS u (claim_number, line_number, member_id, kind, service_from, service_to,
                            procedure_code, place_of_service, revenue_code, drg, diagnosis_codes,
                            rendering_npi, billing_npi, billing_tin, allowed_cents, paid_cents,
                            paid_on, status, position)
    LEFT JOIN LATERAL (
      SELECT t.payer_id, t.recorded_at, t.batch_id, t.member_id, t.kind, t.service_from,
             t.service_to, t.procedure_code, t.place_of_service, t.revenue_code, t.drg,
             t.diagnosis_codes, t.rendering_npi, t.billing_npi, t.billing_tin, t.allowed_cents,
             t.paid_cents, t.paid_on, t.status
      FROM performance.medical_claim AS t
      WHERE t.payer_id = $1
        AND t.claim_number = u.claim_number
        AND t.line_number = u.line_number
      ORDER BY t.recorded_at DESC, t.batch_id DESC
      LIMIT 1) AS known ON true
    WHERE known.payer_id IS NULL OR (known.member_id, known.kind, known.service_from,
                                     known.service_to, known.procedure_code,
                                     known.place_of_service, known.revenue_code, known.drg,
                                     known.diagnosis_codes, known.rendering_npi,
                                     known.billing_npi, known.billing_tin, known.allowed_cents,
                                     known.paid_cents, known.paid_on, known.status)
      IS DISTINCT FROM (u.member_id, u.kind, u.service_from, u.service_to, u.procedure_code,
                        u.place_of_service, u.revenue_code, u.drg, u.diagnosis_codes,
                        u.rendering_npi, u.billing_npi, u.billing_tin, u.allowed_cents,
                        u.paid_cents, u.paid_on, u.status)
  ), added AS (
    INSERT INTO performance.medical_claim (payer_id, claim_number, line_number, recorded_at,
                                           batch_id, member_id, kind, service_from, service_to,
                                           procedure_code, place_of_service, revenue_code, drg,
                                           diagnosis_codes, rendering_npi, billing_npi,
                                           billing_tin, allowed_cents, paid_cents, paid_on, status)
    SELECT $1, given.claim_number, given.line_number, $2, $3, given.member_id, given.kind,
           given.service_from, given.service_to, given.procedure_code, given.place_of_service,
           given.revenue_code, given.drg, given.diagnosis_codes, given.rendering_npi,
           given.billing_npi, given.billing_tin, given.allowed_cents, given.paid_cents,
           given.paid_on, given.status
    FROM given
    WHERE (given.known_at, given.known_batch) IS DISTINCT FROM ($2, $3)
    RETURNING 1
  )
  SELECT -count(*)
  FROM added
  UNION ALL
  SELECT given.position
  FROM given
  WHERE (given.known_at, given.known_batch) IS NOT DISTINCT FROM ($2, $3)
)sql"};

constexpr pg::Query kAddPharmacyClaims{"member_add_pharmacy_claims", R"sql(
  WITH given AS (
    SELECT u.position, u.claim_number, u.line_number, u.member_id, u.dispensed_on, u.ndc,
           u.quantity_thousandths, u.days_supply, u.prescriber_npi, u.pharmacy_npi,
           u.allowed_cents, u.paid_cents, u.paid_on, u.status, known.recorded_at AS known_at,
           known.batch_id AS known_batch
    FROM unnest($4::text[], $5::integer[], $6::bigint[], $7::date[], $8::text[], $9::bigint[],
                $10::integer[], $11::text[], $12::text[], $13::bigint[], $14::bigint[],
                $15::date[], $16::smallint[])
      WITH ORDINALITY AS u (claim_number, line_number, member_id, dispensed_on, ndc,
                            quantity_thousandths, days_supply, prescriber_npi, pharmacy_npi,
                            allowed_cents, paid_cents, paid_on, status, position)
    LEFT JOIN LATERAL (
      SELECT t.payer_id, t.recorded_at, t.batch_id, t.member_id, t.dispensed_on, t.ndc,
             t.quantity_thousandths, t.days_supply, t.prescriber_npi, t.pharmacy_npi,
             t.allowed_cents, t.paid_cents, t.paid_on, t.status
      FROM performance.pharmacy_claim AS t
      WHERE t.payer_id = $1
        AND t.claim_number = u.claim_number
        AND t.line_number = u.line_number
      ORDER BY t.recorded_at DESC, t.batch_id DESC
      LIMIT 1) AS known ON true
    WHERE known.payer_id IS NULL OR (known.member_id, known.dispensed_on, known.ndc,
                                     known.quantity_thousandths, known.days_supply,
                                     known.prescriber_npi, known.pharmacy_npi,
                                     known.allowed_cents, known.paid_cents, known.paid_on,
                                     known.status)
      IS DISTINCT FROM (u.member_id, u.dispensed_on, u.ndc, u.quantity_thousandths, u.days_supply,
                        u.prescriber_npi, u.pharmacy_npi, u.allowed_cents, u.paid_cents,
                        u.paid_on, u.status)
  ), added AS (
    INSERT INTO performance.pharmacy_claim (payer_id, claim_number, line_number, recorded_at,
                                            batch_id, member_id, dispensed_on, ndc,
                                            quantity_thousandths, days_supply, prescriber_npi,
                                            pharmacy_npi, allowed_cents, paid_cents, paid_on,
                                            status)
    SELECT $1, given.claim_number, given.line_number, $2, $3, given.member_id, given.dispensed_on,
           given.ndc, given.quantity_thousandths, given.days_supply, given.prescriber_npi,
           given.pharmacy_npi, given.allowed_cents, given.paid_cents, given.paid_on, given.status
    FROM given
    WHERE (given.known_at, given.known_batch) IS DISTINCT FROM ($2, $3)
    RETURNING 1
  )
  SELECT -count(*)
  FROM added
  UNION ALL
  SELECT given.position
  FROM given
  WHERE (given.known_at, given.known_batch) IS NOT DISTINCT FROM ($2, $3)
)sql"};

constexpr pg::Query kReadMedicalClaims{"member_read_medical_claims", R"sql(
  SELECT t.claim_number, t.line_number, t.member_id, t.kind, t.service_from, t.service_to,
         t.procedure_code, t.place_of_service, t.revenue_code, t.drg, t.diagnosis_codes,
         t.rendering_npi, t.billing_npi, t.billing_tin, t.allowed_cents, t.paid_cents, t.paid_on,
         t.status
  FROM performance.medical_claim AS t
  WHERE t.payer_id = $1
    AND t.member_id = ANY ($2::bigint[])
    AND t.recorded_at <= $3
    AND t.service_from >= $4
    AND t.service_from < $5
    AND NOT EXISTS (
      SELECT 1
      FROM performance.medical_claim AS newer
      WHERE newer.payer_id = t.payer_id
        AND newer.claim_number = t.claim_number
        AND newer.line_number = t.line_number
        AND newer.recorded_at <= $3
        AND (newer.recorded_at, newer.batch_id) > (t.recorded_at, t.batch_id))
  ORDER BY t.member_id, t.claim_number, t.line_number
)sql"};

constexpr pg::Query kReadPharmacyClaims{"member_read_pharmacy_claims", R"sql(
  SELECT t.claim_number, t.line_number, t.member_id, t.dispensed_on, t.ndc,
         t.quantity_thousandths, t.days_supply, t.prescriber_npi, t.pharmacy_npi, t.allowed_cents,
         t.paid_cents, t.paid_on, t.status
  FROM performance.pharmacy_claim AS t
  WHERE t.payer_id = $1
    AND t.member_id = ANY ($2::bigint[])
    AND t.recorded_at <= $3
    AND t.dispensed_on >= $4
    AND t.dispensed_on < $5
    AND NOT EXISTS (
      SELECT 1
      FROM performance.pharmacy_claim AS newer
      WHERE newer.payer_id = t.payer_id
        AND newer.claim_number = t.claim_number
        AND newer.line_number = t.line_number
        AND newer.recorded_at <= $3
        AND (newer.recorded_at, newer.batch_id) > (t.recorded_at, t.batch_id))
  ORDER BY t.member_id, t.claim_number, t.line_number
)sql"};

using OptionalDate = std::optional<Date>;
using OptionalMoney = std::optional<Money>;

// The end of a service range; open ends are as far as dates go.
Date EndOf(const DateRange& range) { return range.to.value_or(MakeDate(9999, 12, 31)); }

MedicalClaimLine ReadMedicalClaim(const pg::Row& row) {
  return {.claim_number = row.Get<std::string>(0),
          .line_number = row.Get<std::int32_t>(1),
          .member_id = row.Get<std::int64_t>(2),
          .kind = static_cast<ClaimKind>(row.Get<std::int16_t>(3)),
          .service_from = row.Get<Date>(4),
          .service_to = row.Get<Date>(5),
          .procedure_code = row.Get<std::string>(6),
          .place_of_service = row.Get<std::string>(7),
          .revenue_code = row.Get<std::string>(8),
          .drg = row.Get<std::string>(9),
          .diagnosis_codes = row.Get<std::string>(10),
          .rendering_npi = row.Get<std::string>(11),
          .billing_npi = row.Get<std::string>(12),
          .billing_tin = row.Get<std::string>(13),
          .allowed = row.Get<OptionalMoney>(14),
          .paid = row.Get<OptionalMoney>(15),
          .paid_on = row.Get<OptionalDate>(16),
          .status = static_cast<ClaimStatus>(row.Get<std::int16_t>(17))};
}

PharmacyClaimLine ReadPharmacyClaim(const pg::Row& row) {
  return {.claim_number = row.Get<std::string>(0),
          .line_number = row.Get<std::int32_t>(1),
          .member_id = row.Get<std::int64_t>(2),
          .dispensed_on = row.Get<Date>(3),
          .ndc = row.Get<std::string>(4),
          .quantity_thousandths = row.Get<std::optional<std::int64_t>>(5),
          .days_supply = row.Get<std::optional<std::int32_t>>(6),
          .prescriber_npi = row.Get<std::string>(7),
          .pharmacy_npi = row.Get<std::string>(8),
          .allowed = row.Get<OptionalMoney>(9),
          .paid = row.Get<OptionalMoney>(10),
          .paid_on = row.Get<OptionalDate>(11),
          .status = static_cast<ClaimStatus>(row.Get<std::int16_t>(12))};
}

}  // namespace

Added AddMedicalClaims(pg::Transaction& tx, const Recording& recording,
                              std::span<const MedicalClaimLine> rows) {
  return AddRows<2, std::string, std::int32_t, std::int64_t, std::int16_t, Date, Date, std::string,
                 std::string, std::string, std::string, std::string, std::string, std::string,
                 std::string, OptionalMoney, OptionalMoney, OptionalDate, std::int16_t>(
      tx, kAddMedicalClaims, recording, rows, [](const MedicalClaimLine& row) {
        return std::make_tuple(row.claim_number, row.line_number, row.member_id,
                               static_cast<std::int16_t>(row.kind), row.service_from,
                               row.service_to, row.procedure_code, row.place_of_service,
                               row.revenue_code, row.drg, row.diagnosis_codes, row.rendering_npi,
                               row.billing_npi, row.billing_tin, row.allowed, row.paid,
                               row.paid_on, static_cast<std::int16_t>(row.status));
      });
}

Added AddPharmacyClaims(pg::Transaction& tx, const Recording& recording,
                               std::span<const PharmacyClaimLine> rows) {
  return AddRows<2, std::string, std::int32_t, std::int64_t, Date, std::string,
                 std::optional<std::int64_t>, std::optional<std::int32_t>, std::string,
                 std::string, OptionalMoney, OptionalMoney, OptionalDate, std::int16_t>(
      tx, kAddPharmacyClaims, recording, rows, [](const PharmacyClaimLine& row) {
        return std::make_tuple(row.claim_number, row.line_number, row.member_id, row.dispensed_on,
                               row.ndc, row.quantity_thousandths, row.days_supply,
                               row.prescriber_npi, row.pharmacy_npi, row.allowed, row.paid,
                               row.paid_on, static_cast<std::int16_t>(row.status));
      });
}

std::vector<MedicalClaimLine> ReadMedicalClaims(pg::Transaction& tx, const MemberRows& which,
                                                const DateRange& service) {
  return ReadRows<MedicalClaimLine>(tx.Query(kReadMedicalClaims, which.payer, which.members,
                                             which.known_at, service.from, EndOf(service)),
                                    ReadMedicalClaim);
}

std::vector<PharmacyClaimLine> ReadPharmacyClaims(pg::Transaction& tx, const MemberRows& which,
                                                  const DateRange& service) {
  return ReadRows<PharmacyClaimLine>(tx.Query(kReadPharmacyClaims, which.payer, which.members,
                                              which.known_at, service.from, EndOf(service)),
                                     ReadPharmacyClaim);
}

}  // namespace sluice::performance
