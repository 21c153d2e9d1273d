#include "payments/tax/tax_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertForms{"payments_insert_tax_forms", R"sql(
  INSERT INTO payments.payee_tax_form (payee_id, payer_id, certified_on, recorded_by, recorded_at,
    legal_name, business_name, classification, exempt_code, tin_kind, tin_last4, blind_index,
    key_id, nonce, ciphertext, tag)
  SELECT u.payee, $1, u.certified, $2, $3, u.name, u.business, u.classification, u.exempt, u.kind,
    u.last4, u.blind, u.key, u.nonce, u.ciphertext, u.tag
  FROM unnest ($4::bigint[], $5::date[], $6::text[], $7::text[], $8::smallint[], $9::text[],
    $10::smallint[], $11::text[], $12::bytea[], $13::bigint[], $14::bytea[], $15::bytea[],
    $16::bytea[])
    AS u (payee, certified, name, business, classification, exempt, kind, last4, blind, key, nonce,
      ciphertext, tag)
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kLoadForms{"payments_load_tax_forms", R"sql(
  SELECT payee_id, certified_on, tin_kind, tin_last4, blind_index, legal_name, business_name,
    classification, exempt_code
  FROM payments.payee_tax_form
  WHERE payee_id = ANY ($1::bigint[])
  ORDER BY payee_id, certified_on
)sql"};

constexpr pg::Query kSetTin{"payments_set_enrolled_tin", R"sql(
  UPDATE payments.payee
  SET tin = $2, recorded_by = $3, recorded_at = $4
  WHERE payee_id = $1 AND tin <> $2
)sql"};

constexpr pg::Query kLoadSealedTins{"payments_load_sealed_tins", R"sql(
  SELECT payee_id, certified_on, key_id, nonce, ciphertext, tag
  FROM payments.payee_tax_form
  WHERE payee_id = ANY ($1::bigint[]) AND key_id IS NOT NULL
  ORDER BY payee_id, certified_on
)sql"};

constexpr pg::Query kInsertMatches{"payments_insert_tin_matches", R"sql(
  INSERT INTO payments.tin_match (payer_id, payee_id, certified_on, checked_on, code, recorded_by,
    recorded_at)
  SELECT $1, u.payee, u.certified, u.checked, u.code, $2, $3
  FROM unnest ($4::bigint[], $5::date[], $6::date[], $7::smallint[])
    AS u (payee, certified, checked, code)
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kLoadMatches{"payments_load_tin_matches", R"sql(
  SELECT DISTINCT ON (payee_id) payee_id, certified_on, checked_on, code
  FROM payments.tin_match
  WHERE payer_id = $1
  ORDER BY payee_id, checked_on DESC, certified_on DESC
)sql"};

constexpr pg::Query kInsertBackup{"payments_insert_backup_withholding", R"sql(
  INSERT INTO payments.backup_withholding (payer_id, payee_id, withholding_id, reason, note,
    effective_from, started_by, started_at, end_note)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kLoadBackups{"payments_load_backup_withholding", R"sql(
  SELECT withholding_id, payee_id, reason, note, effective_from, started_by, ended_from
  FROM payments.backup_withholding
  WHERE payer_id = $1
  ORDER BY payee_id, effective_from, withholding_id
)sql"};

constexpr pg::Query kLockBackup{"payments_lock_backup_withholding", R"sql(
  SELECT withholding_id, payee_id, reason, note, effective_from, started_by, ended_from
  FROM payments.backup_withholding
  WHERE payer_id = $1 AND payee_id = $2 AND ended_from IS NULL
  FOR UPDATE
)sql"};

constexpr pg::Query kEndBackup{"payments_end_backup_withholding", R"sql(
  UPDATE payments.backup_withholding
  SET ended_from = $4, ended_by = $5, ended_at = $6, end_note = $7
  WHERE payer_id = $1 AND payee_id = $2 AND withholding_id = $3 AND ended_from IS NULL
)sql"};

constexpr pg::Query kSubjectOn{"payments_backup_withholding_on", R"sql(
  SELECT payee_id
  FROM payments.backup_withholding
  WHERE payer_id = $1 AND effective_from <= $2 AND (ended_from IS NULL OR ended_from > $2)
)sql"};

constexpr pg::Query kLoadParameters{"payments_load_tax_parameters", R"sql(
  SELECT effective_from, threshold_cents, backup_millionths, source
  FROM payments.tax_parameter
  ORDER BY effective_from
)sql"};

constexpr pg::Query kInsertBox{"payments_insert_program_tax_box", R"sql(
  INSERT INTO payments.program_tax_box (book_id, role, effective_from, form, box, reason,
    recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT DO NOTHING
)sql"};

constexpr pg::Query kLoadBoxes{"payments_load_program_tax_boxes", R"sql(
  SELECT book_id, role, effective_from, form, box, reason
  FROM payments.program_tax_box
  ORDER BY book_id, role, effective_from
)sql"};

// States 0, 6, 7, 8: planned, rejected, voided, returned. The tax of earlier attempts to pay the
// same obligations stands, and counts with the payment that succeeds.
constexpr pg::Query kLoadTaxable{"payments_load_taxable_payments", R"sql(
  SELECT d.payee_id, d.book_id, d.effective_date, d.amount_cents,
    p.tax_cents + COALESCE((
      SELECT sum(p2.tax_cents)
      FROM payments.disbursement AS d2
      JOIN payments.run AS r2 ON r2.book_id = d2.book_id AND r2.run_id = d2.run_id
      JOIN payments.run_payee AS p2
        ON p2.book_id = r2.book_id AND p2.run_id = r2.run_id AND p2.revision = r2.revision
          AND p2.payee_id = d2.payee_id
      WHERE d2.book_id = d.book_id AND d2.payee_id = d.payee_id AND d2.state IN (6, 7, 8)
        AND p2.tax_cents > 0
        AND EXISTS (
          SELECT 1
          FROM payments.obligation_claim AS c
          JOIN payments.obligation_claim AS c2
            ON c2.book_id = c.book_id AND c2.obligation_id = c.obligation_id
          WHERE c.book_id = d.book_id AND c.disbursement_id = d.disbursement_id
            AND c2.disbursement_id = d2.disbursement_id)), 0)::bigint,
    p.offset_cents
  FROM payments.disbursement AS d
  JOIN payments.run AS r ON r.book_id = d.book_id AND r.run_id = d.run_id
  JOIN payments.run_payee AS p
    ON p.book_id = r.book_id AND p.run_id = r.run_id AND p.revision = r.revision
      AND p.payee_id = d.payee_id
  WHERE d.effective_date >= $1 AND d.effective_date < $2 AND d.state NOT IN (0, 6, 7, 8)
    AND (cardinality ($3::bigint[]) = 0 OR d.payee_id = ANY ($3::bigint[]))
  ORDER BY d.effective_date, d.payee_id, d.book_id, d.disbursement_id
)sql"};

constexpr pg::Query kLoadPayeesToTax{"payments_load_payees_to_tax", R"sql(
  SELECT payee_id, role, name, tin
  FROM payments.payee
  WHERE payer_id = $1 AND (cardinality ($2::bigint[]) = 0 OR payee_id = ANY ($2::bigint[]))
  ORDER BY payee_id
)sql"};

BackupRow BackupOf(const pg::Row& row) {
  return {.id = row.Get<std::int64_t>(0),
          .payee = row.Get<PayeeId>(1),
          .reason = static_cast<BackupReason>(row.Get<std::int16_t>(2)),
          .note = row.Get<std::string>(3),
          .effective_from = row.Get<Date>(4),
          .started_by = row.Get<UserId>(5),
          .ended_from = row.Get<std::optional<Date>>(6)};
}

}  // namespace

std::int64_t InsertTaxForms(pg::Transaction& tx, PayerId payer,
                            std::span<const SealedTaxForm> forms, const Recorded& recorded) {
  const auto of = [&](auto member) {
    return Pluck(forms, [member](const SealedTaxForm& form) { return form.taxpayer.*member; });
  };
  const auto sealed = [&](auto member) {
    return Pluck(forms, [member](const SealedTaxForm& form) { return form.tin.*member; });
  };
  return tx.Execute(
      kInsertForms, payer, recorded.by, recorded.at, of(&CertifiedTaxpayer::payee),
      of(&CertifiedTaxpayer::certified_on), of(&CertifiedTaxpayer::legal_name),
      of(&CertifiedTaxpayer::business_name),
      Pluck(forms, [](const SealedTaxForm& form) { return Stored(form.taxpayer.classification); }),
      of(&CertifiedTaxpayer::exempt_code),
      Pluck(forms, [](const SealedTaxForm& form) { return Stored(form.taxpayer.tin_kind); }),
      of(&CertifiedTaxpayer::tin_last4), of(&CertifiedTaxpayer::blind_index),
      sealed(&SealedBytes::key_id), sealed(&SealedBytes::nonce), sealed(&SealedBytes::ciphertext),
      sealed(&SealedBytes::tag));
}

std::vector<CertifiedTaxpayer> LoadTaxForms(pg::Transaction& tx, std::span<const PayeeId> payees) {
  const pg::Result result = tx.Query(kLoadForms, payees);
  std::vector<CertifiedTaxpayer> forms;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    forms.push_back({.payee = row.Get<PayeeId>(0),
                     .certified_on = row.Get<Date>(1),
                     .tin_kind = static_cast<TinKind>(row.Get<std::int16_t>(2)),
                     .tin_last4 = row.Get<std::string>(3),
                     .blind_index = row.Get<std::optional<Digest>>(4),
                     .legal_name = row.Get<std::string>(5),
                     .business_name = row.Get<std::string>(6),
                     .classification = static_cast<TaxClassification>(row.Get<std::int16_t>(7)),
                     .exempt_code = row.Get<std::string>(8)});
  }
  return forms;
}

void SetEnrolledTin(pg::Transaction& tx, PayeeId payee, const SecretString& tin,
                    const Recorded& recorded) {
  tx.Execute(kSetTin, payee, tin.Reveal(), recorded.by, recorded.at);
}

std::vector<SealedTin> LoadSealedTins(pg::Transaction& tx, std::span<const PayeeId> payees) {
  const pg::Result result = tx.Query(kLoadSealedTins, payees);
  std::vector<SealedTin> tins;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    tins.push_back({.payee = row.Get<PayeeId>(0),
                    .certified_on = row.Get<Date>(1),
                    .sealed = {.key_id = row.Get<std::int64_t>(2),
                               .nonce = row.Get<Bytes>(3),
                               .ciphertext = row.Get<Bytes>(4),
                               .tag = row.Get<Bytes>(5)}});
  }
  return tins;
}

Bytes TinAad(PayerId payer, PayeeId payee, Date certified_on) {
  return CanonicalWriter("sluice.tin.v1")
      .I64(payer.Value())
      .I64(payee.Value())
      .Day(certified_on)
      .Data();
}

void InsertTinMatches(pg::Transaction& tx, PayerId payer, std::span<const TinMatchRow> rows,
                      const Recorded& recorded) {
  tx.Execute(kInsertMatches, payer, recorded.by, recorded.at, Pluck(rows, &TinMatchRow::payee),
             Pluck(rows, &TinMatchRow::certified_on), Pluck(rows, &TinMatchRow::checked_on),
             Pluck(rows, &TinMatchRow::code));
}

std::vector<TinMatchRow> LoadTinMatches(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kLoadMatches, payer);
  std::vector<TinMatchRow> rows;
  for (int i = 0; i < result.Size(); ++i) {
    rows.push_back({result[i].Get<PayeeId>(0), result[i].Get<Date>(1), result[i].Get<Date>(2),
                    result[i].Get<std::int16_t>(3)});
  }
  return rows;
}

Status InsertBackup(pg::Transaction& tx, PayerId payer, const BackupRow& row,
                    const Recorded& recorded) {
  const std::int64_t rows = tx.Execute(kInsertBackup, payer, row.payee, row.id, Stored(row.reason),
                                       row.note, row.effective_from, recorded.by, recorded.at);
  if (rows == 1) return OkStatus();
  return FailedPrecondition("payee {} is subject to backup withholding already: end that one first",
                            row.payee);
}

std::vector<BackupRow> LoadBackups(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kLoadBackups, payer);
  std::vector<BackupRow> rows;
  for (int i = 0; i < result.Size(); ++i) rows.push_back(BackupOf(result[i]));
  return rows;
}

std::optional<BackupRow> LockOpenBackup(pg::Transaction& tx, PayerId payer, PayeeId payee) {
  const pg::Result result = tx.Query(kLockBackup, payer, payee);
  if (result.Empty()) return std::nullopt;
  return BackupOf(result[0]);
}

void EndBackup(pg::Transaction& tx, PayerId payer, const BackupRow& row, Date from,
               const std::string& note, const Recorded& recorded) {
  tx.Execute(kEndBackup, payer, row.payee, row.id, from, recorded.by, recorded.at, note);
}

std::vector<TaxParameter> LoadTaxParameters(pg::Transaction& tx) {
  const pg::Result result = tx.Query(kLoadParameters);
  std::vector<TaxParameter> parameters;
  for (int i = 0; i < result.Size(); ++i) {
    parameters.push_back({result[i].Get<Date>(0), result[i].Get<Money>(1),
                          Rate::FromMillionths(result[i].Get<std::int64_t>(2)),
                          result[i].Get<std::string>(3)});
  }
  return parameters;
}

bool InsertTaxBox(pg::Transaction& tx, const ProgramTaxBox& box, const Recorded& recorded) {
  return tx.Execute(kInsertBox, box.book, box.role, box.effective_from, box.box.form,
                    static_cast<std::int16_t>(box.box.box), box.reason, recorded.by,
                    recorded.at) == 1;
}

std::vector<ProgramTaxBox> LoadTaxBoxes(pg::Transaction& tx) {
  const pg::Result result = tx.Query(kLoadBoxes);
  std::vector<ProgramTaxBox> boxes;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    boxes.push_back({.book = row.Get<BookId>(0),
                     .role = row.Get<std::string>(1),
                     .effective_from = row.Get<Date>(2),
                     .box = {row.Get<std::string>(3), row.Get<std::int16_t>(4)},
                     .reason = row.Get<std::string>(5)});
  }
  return boxes;
}

std::vector<TaxablePayment> LoadTaxablePayments(pg::Transaction& tx, const DateRange& range,
                                                std::span<const PayeeId> payees) {
  const pg::Result result = tx.Query(kLoadTaxable, range.from, range.to.value(), payees);
  std::vector<TaxablePayment> payments;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    payments.push_back({.payee = row.Get<PayeeId>(0),
                        .book = row.Get<BookId>(1),
                        .paid_on = row.Get<Date>(2),
                        .paid = row.Get<Money>(3),
                        .tax = row.Get<Money>(4),
                        .offset = row.Get<Money>(5)});
  }
  return payments;
}

std::map<PayeeId, TaxPayee> LoadTaxPayees(pg::Transaction& tx, PayerId payer,
                                          std::span<const PayeeId> payees) {
  const pg::Result result = tx.Query(kLoadPayeesToTax, payer, payees);
  std::map<PayeeId, TaxPayee> found;
  std::vector<PayeeId> ids;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    ids.push_back(row.Get<PayeeId>(0));
    found.emplace(ids.back(), TaxPayee{.id = ids.back(),
                                       .role = row.Get<std::string>(1),
                                       .name = row.Get<std::string>(2),
                                       .tin = row.Get<std::string>(3)});
  }
  for (CertifiedTaxpayer& form : LoadTaxForms(tx, ids)) {
    found.at(form.payee).forms.push_back(std::move(form));
  }
  return found;
}

StatusOr<std::map<PayeeId, BackupWithholding>> FindBackupWithholding(
    pg::Transaction& tx, PayerId payer, std::span<const PayeeId> payees, Date date) {
  std::map<PayeeId, BackupWithholding> subject;
  const std::vector<PayeeId> noticed = tx.Query(kSubjectOn, payer, date).All<PayeeId>();
  if (noticed.empty()) return subject;
  const std::vector<TaxParameter> parameters = LoadTaxParameters(tx);
  const TaxParameter* const now = TaxParameterOn(parameters, date);
  if (now == nullptr) {
    return FailedPrecondition("no rate of backup withholding is on file for {}", FormatDate(date));
  }
  // All payees of the payer: the taxpayer's other payees count.
  const std::map<PayeeId, TaxPayee> all = LoadTaxPayees(tx, payer, {});
  std::set<std::string> taxpayers;
  for (const PayeeId payee : noticed) taxpayers.insert(TaxpayerKey(all.at(payee), date));
  std::map<PayeeId, std::string> key_of;
  for (const auto& [id, payee] : all) {
    if (std::string key = TaxpayerKey(payee, date); taxpayers.contains(key)) {
      key_of.emplace(id, std::move(key));
    }
  }
  const int year = YearOf(date);
  std::vector<PayeeId> counted;
  for (const auto& [id, key] : key_of) counted.push_back(id);
  std::map<std::string, Money> this_year, last_year;
  for (const TaxablePayment& payment : LoadTaxablePayments(
           tx, DateRange::Between(MakeDate(year - 1, 1, 1), MakeDate(year + 1, 1, 1)), counted)) {
    auto& sums = YearOf(payment.paid_on) == year ? this_year : last_year;
    sums[key_of.at(payment.payee)] += payment.paid + payment.tax;
  }
  const TaxParameter* const before = TaxParameterOn(parameters, MakeDate(year - 1, 12, 31));
  for (const PayeeId payee : payees) {
    const auto key = key_of.find(payee);
    if (key == key_of.end()) continue;
    subject.emplace(
        payee, BackupWithholding{.taxpayer = key->second,
                                 .rate = now->backup_rate,
                                 .threshold = now->threshold,
                                 .reportable_before = this_year[key->second],
                                 .reported_before = before != nullptr &&
                                                    last_year[key->second] >= before->threshold});
  }
  return subject;
}

}  // namespace sluice::payments
