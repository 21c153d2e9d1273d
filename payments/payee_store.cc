#include "payments/payee_store.h"

#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertPayees{"payments_insert_payees", R"sql(
  INSERT INTO payments.payee (payee_id, payer_id, party_id, kind, name, tin, npi, provider,
    street, city, state, zip, under_party_id, role, recorded_by, recorded_at)
  SELECT u.id, $1, u.party, u.kind, u.name, u.tin, u.npi, u.provider <> 0,
    u.street, u.city, u.state, u.zip, u.under_party, u.role, $2, $3
  FROM unnest ($4::bigint[], $5::bigint[], $6::smallint[], $7::text[], $8::text[], $9::text[],
    $10::smallint[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[],
    $16::text[])
    AS u (id, party, kind, name, tin, npi, provider, street, city, state, zip, under_party, role)
)sql"};

constexpr pg::Query kLoadPayees{"payments_load_payees", R"sql(
  SELECT payee_id, party_id, kind, name, tin, npi, provider, street, city, state, zip,
    under_party_id, role
  FROM payments.payee
  WHERE payee_id = ANY ($1::bigint[])
  ORDER BY payee_id
)sql"};

constexpr pg::Query kFindWithTaxForm{"payments_find_payees_with_tax_form", R"sql(
  SELECT DISTINCT payee_id
  FROM payments.payee_tax_form
  WHERE payee_id = ANY ($1::bigint[])
)sql"};

constexpr pg::Query kFindPayeesOfParties{"payments_find_payees_of_parties", R"sql(
  SELECT party_id, under_party_id, role, payee_id
  FROM payments.payee
  WHERE party_id = ANY ($1::bigint[])
)sql"};

constexpr pg::Query kInsertAccounts{"payments_insert_bank_accounts", R"sql(
  INSERT INTO payments.bank_account (payer_id, account_id, version, payee_id, state, ownership,
    kind, last4, effective_from, submitted_by, recorded_at, institution_name, holder_name,
    is_first, risk_score, risk_reasons, needs_second)
  SELECT $1, u.account, u.version, u.payee, u.state, u.ownership, u.kind, u.last4, u.effective,
    u.submitted_by, u.recorded_at, u.institution, u.holder, u.is_first <> 0, u.risk, u.reasons,
    u.needs_second <> 0
  FROM unnest ($2::bigint[], $3::int[], $4::bigint[], $5::smallint[], $6::smallint[],
    $7::smallint[], $8::text[], $9::date[], $10::bigint[], $11::timestamptz[], $12::text[],
    $13::text[], $14::smallint[], $15::smallint[], $16::text[], $17::smallint[])
    AS u (account, version, payee, state, ownership, kind, last4, effective, submitted_by,
      recorded_at, institution, holder, is_first, risk, reasons, needs_second)
)sql"};

constexpr pg::Query kInsertAccountSubmissions{"payments_insert_bank_account_submissions", R"sql(
  INSERT INTO payments.bank_account_event (payer_id, account_id, version, event_no, payee_id,
    state, actor_id, reason, recorded_at)
  SELECT $1, u.account, u.version, 1, u.payee, u.state, u.submitted_by, 'submitted',
    u.recorded_at
  FROM unnest ($2::bigint[], $3::int[], $4::bigint[], $5::smallint[], $6::bigint[],
    $7::timestamptz[]) AS u (account, version, payee, state, submitted_by, recorded_at)
)sql"};

constexpr pg::Query kInsertSecrets{"payments_insert_bank_account_secrets", R"sql(
  INSERT INTO payments.bank_account_secret (payer_id, account_id, version, wrap_seq, payee_id,
    alg, key_id, nonce, ciphertext, tag, index_key_id, blind_index, last4)
  SELECT $1, u.account, u.version, 1, u.payee, 1, u.key_id, u.nonce, u.ciphertext, u.tag,
    u.index_key_id, u.blind_index, u.last4
  FROM unnest ($2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[],
    $8::bytea[], $9::bigint[], $10::bytea[], $11::text[])
    AS u (account, version, payee, key_id, nonce, ciphertext, tag, index_key_id, blind_index,
      last4)
)sql"};

constexpr pg::Query kLockAccounts{"payments_lock_bank_accounts", R"sql(
  SELECT account_id, version, payee_id, state, ownership, kind, last4, effective_from,
    submitted_by, recorded_at, institution_name, holder_name, is_first, risk_score, risk_reasons,
    needs_second, proof_no, hold_until
  FROM payments.bank_account
  WHERE payer_id = $1 AND account_id = ANY ($2::bigint[])
  ORDER BY account_id, version
  FOR UPDATE
)sql"};

constexpr pg::Query kLoadAccountsOfPayees{"payments_load_accounts_of_payees", R"sql(
  SELECT account_id, version, payee_id, state, ownership, kind, last4, effective_from,
    submitted_by, recorded_at, institution_name, holder_name, is_first, risk_score, risk_reasons,
    needs_second, proof_no, hold_until
  FROM payments.bank_account
  WHERE payer_id = $1 AND payee_id = ANY ($2::bigint[])
  ORDER BY account_id, version
)sql"};

// 1: being checked again, so nothing is proved; 2: approved.
constexpr pg::Query kSetAccountStates{"payments_set_bank_account_states", R"sql(
  UPDATE payments.bank_account AS a
  SET state = u.state,
    proof_no = CASE WHEN u.state = 1 THEN NULL ELSE a.proof_no END,
    approved_by = CASE u.state WHEN 1 THEN NULL WHEN 2 THEN $6 ELSE a.approved_by END,
    hold_until = CASE u.state WHEN 1 THEN NULL WHEN 2 THEN u.hold_until ELSE a.hold_until END
  FROM unnest ($2::bigint[], $3::int[], $4::smallint[], $5::date[])
    AS u (account, version, state, hold_until)
  WHERE a.payer_id = $1 AND a.account_id = u.account AND a.version = u.version
)sql"};

constexpr pg::Query kInsertAccountEvents{"payments_insert_bank_account_events", R"sql(
  INSERT INTO payments.bank_account_event (payer_id, account_id, version, event_no, payee_id,
    state, actor_id, reason, recorded_at)
  SELECT $1, u.account, u.version,
    (SELECT COALESCE(max(e.event_no), 0) + 1 FROM payments.bank_account_event AS e
     WHERE e.payer_id = $1 AND e.account_id = u.account AND e.version = u.version),
    u.payee, u.state, $6, $7, $8
  FROM unnest ($2::bigint[], $3::int[], $4::bigint[], $5::smallint[])
    AS u (account, version, payee, state)
)sql"};

constexpr pg::Query kFindChangers{"payments_find_bank_data_changers", R"sql(
  SELECT e.actor_id
  FROM payments.bank_account_event AS e
  JOIN unnest ($2::bigint[], $3::timestamptz[]) AS u (payee, since) ON u.payee = e.payee_id
  WHERE e.payer_id = $1 AND e.recorded_at > u.since
  UNION
  SELECT p.recorded_by
  FROM payments.bank_account_proof AS p
  JOIN unnest ($2::bigint[], $3::timestamptz[]) AS u (payee, since) ON u.payee = p.payee_id
  WHERE p.payer_id = $1 AND p.recorded_at > u.since
  ORDER BY 1
)sql"};

constexpr pg::Query kFindShared{"payments_find_shared_accounts", R"sql(
  SELECT DISTINCT a.payee_id, b.payee_id
  FROM payments.bank_account_secret AS a
  JOIN payments.bank_account_secret AS b
    ON b.payer_id = a.payer_id AND b.blind_index = a.blind_index AND b.payee_id > a.payee_id
  WHERE a.payer_id = $1
  ORDER BY a.payee_id, b.payee_id
)sql"};

constexpr pg::Query kLoadSealed{"payments_load_sealed_accounts", R"sql(
  SELECT s.account_id, s.version, s.payee_id, s.key_id, s.nonce, s.ciphertext, s.tag,
    s.index_key_id, s.blind_index, s.last4, a.ownership, a.kind
  FROM payments.bank_account_secret AS s
  JOIN unnest ($2::bigint[], $3::int[]) AS u (account, version)
    ON u.account = s.account_id AND u.version = s.version
  JOIN payments.bank_account AS a
    ON a.payer_id = s.payer_id AND a.account_id = s.account_id AND a.version = s.version
  WHERE s.payer_id = $1
    AND s.wrap_seq = (SELECT max(n.wrap_seq) FROM payments.bank_account_secret AS n
                      WHERE n.payer_id = s.payer_id AND n.account_id = s.account_id
                        AND n.version = s.version)
  ORDER BY s.account_id, s.version
)sql"};

constexpr pg::Query kLoadDataKeys{"payments_load_data_keys", R"sql(
  SELECT key_id, purpose, kek_id, wrapped
  FROM payments.data_key
  WHERE payer_id = $1
  ORDER BY key_id
)sql"};

constexpr pg::Query kFindCurrentKey{"payments_find_current_key", R"sql(
  SELECT key_id
  FROM payments.data_key_current
  WHERE payer_id = $1 AND purpose = $2
)sql"};

constexpr pg::Query kInsertDataKey{"payments_insert_data_key", R"sql(
  INSERT INTO payments.data_key (payer_id, key_id, purpose, kek_id, wrapped, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kInsertCurrentKey{"payments_insert_current_key", R"sql(
  INSERT INTO payments.data_key_current (payer_id, purpose, key_id)
  VALUES ($1, $2, $3)
  ON CONFLICT (payer_id, purpose) DO NOTHING
)sql"};

Payee PayeeOf(const pg::Row& row) {
  return Payee{.id = row.Get<PayeeId>(0),
               .party = row.Get<PartyId>(1),
               .kind = static_cast<PayeeKind>(row.Get<std::int16_t>(2)),
               .name = row.Get<std::string>(3),
               .tin = row.Get<std::string>(4),
               .npi = row.Get<std::string>(5),
               .provider = row.Get<bool>(6),
               .address = {.street = row.Get<std::string>(7),
                           .city = row.Get<std::string>(8),
                           .state = row.Get<std::string>(9),
                           .zip = row.Get<std::string>(10)},
               .under = row.Get<PartyId>(11),
               .role = row.Get<std::string>(12)};
}

BankAccount AccountOf(const pg::Row& row) {
  return BankAccount{.id = row.Get<BankAccountId>(0),
                     .version = row.Get<std::int32_t>(1),
                     .payee = row.Get<PayeeId>(2),
                     .state = static_cast<BankAccountState>(row.Get<std::int16_t>(3)),
                     .ownership = static_cast<AccountOwnership>(row.Get<std::int16_t>(4)),
                     .kind = static_cast<AccountKind>(row.Get<std::int16_t>(5)),
                     .last4 = row.Get<std::string>(6),
                     .effective_from = row.Get<Date>(7),
                     .submitted_by = row.Get<UserId>(8),
                     .recorded_at = row.Get<Instant>(9),
                     .institution_name = row.Get<std::string>(10),
                     .holder_name = row.Get<std::string>(11),
                     .is_first = row.Get<bool>(12),
                     .risk_score = row.Get<std::int16_t>(13),
                     .risk_reasons = row.Get<std::string>(14),
                     .needs_second = row.Get<bool>(15),
                     .proof_no = row.Get<std::optional<std::int32_t>>(16),
                     .hold_until = row.Get<std::optional<Date>>(17)};
}

std::vector<BankAccount> AccountsOf(const pg::Result& result) {
  std::vector<BankAccount> accounts;
  accounts.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) accounts.push_back(AccountOf(result[i]));
  return accounts;
}

VaultRow VaultRowOf(PayerId payer, const pg::Row& row) {
  VaultRow vault;
  vault.slot = {.payer = payer,
                .payee = row.Get<PayeeId>(2),
                .account = row.Get<BankAccountId>(0),
                .version = row.Get<std::int32_t>(1)};
  vault.sealed = {.key_id = row.Get<std::int64_t>(3),
                  .nonce = row.Get<Bytes>(4),
                  .ciphertext = row.Get<Bytes>(5),
                  .tag = row.Get<Bytes>(6),
                  .index_key_id = row.Get<std::int64_t>(7),
                  .blind_index = row.Get<Digest>(8),
                  .last4 = row.Get<std::string>(9)};
  vault.ownership = static_cast<AccountOwnership>(row.Get<std::int16_t>(10));
  vault.kind = static_cast<AccountKind>(row.Get<std::int16_t>(11));
  return vault;
}

}  // namespace

void InsertPayees(pg::Transaction& tx, PayerId payer, std::span<const Payee> payees,
                  const Recorded& recorded) {
  tx.Execute(kInsertPayees, payer, recorded.by, recorded.at, Pluck(payees, &Payee::id),
             Pluck(payees, &Payee::party),
             Pluck(payees, [](const Payee& payee) { return Stored(payee.kind); }),
             Pluck(payees, &Payee::name), Pluck(payees, &Payee::tin), Pluck(payees, &Payee::npi),
             Pluck(payees, [](const Payee& payee) { return Stored(payee.provider); }),
             Pluck(payees, [](const Payee& payee) { return payee.address.street; }),
             Pluck(payees, [](const Payee& payee) { return payee.address.city; }),
             Pluck(payees, [](const Payee& payee) { return payee.address.state; }),
             Pluck(payees, [](const Payee& payee) { return payee.address.zip; }),
             Pluck(payees, &Payee::under), Pluck(payees, &Payee::role));
}

std::vector<Payee> LoadPayees(pg::Transaction& tx, std::span<const PayeeId> ids) {
  const pg::Result result = tx.Query(kLoadPayees, ids);
  std::vector<Payee> payees;
  payees.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) payees.push_back(PayeeOf(result[i]));
  return payees;
}

std::set<PayeeId> FindPayeesWithTaxForm(pg::Transaction& tx, std::span<const PayeeId> payees) {
  const pg::Result result = tx.Query(kFindWithTaxForm, payees);
  std::set<PayeeId> with;
  for (int i = 0; i < result.Size(); ++i) with.insert(result[i].Get<PayeeId>(0));
  return with;
}

PayeeDirectory FindPayeesOfParties(pg::Transaction& tx, std::span<const PartyId> parties) {
  const pg::Result result = tx.Query(kFindPayeesOfParties, parties);
  PayeeDirectory payees;
  for (int i = 0; i < result.Size(); ++i) {
    payees.Add(
        {result[i].Get<PartyId>(0), result[i].Get<PartyId>(1), result[i].Get<std::string>(2)},
        result[i].Get<PayeeId>(3));
  }
  return payees;
}

void InsertBankAccounts(pg::Transaction& tx, PayerId payer,
                        std::span<const SealedVersion> versions) {
  const auto account = Pluck(versions, [](const SealedVersion& v) { return v.account.id; });
  const auto version = Pluck(versions, [](const SealedVersion& v) { return v.account.version; });
  const auto payee = Pluck(versions, [](const SealedVersion& v) { return v.account.payee; });
  const auto state =
      Pluck(versions, [](const SealedVersion& v) { return Stored(v.account.state); });
  const auto submitted =
      Pluck(versions, [](const SealedVersion& v) { return v.account.submitted_by; });
  const auto at = Pluck(versions, [](const SealedVersion& v) { return v.account.recorded_at; });
  const auto last4 = Pluck(versions, [](const SealedVersion& v) { return v.account.last4; });
  tx.Execute(
      kInsertAccounts, payer, account, version, payee, state,
      Pluck(versions, [](const SealedVersion& v) { return Stored(v.account.ownership); }),
      Pluck(versions, [](const SealedVersion& v) { return Stored(v.account.kind); }), last4,
      Pluck(versions, [](const SealedVersion& v) { return v.account.effective_from; }), submitted,
      at, Pluck(versions, [](const SealedVersion& v) { return v.account.institution_name; }),
      Pluck(versions, [](const SealedVersion& v) { return v.account.holder_name; }),
      Pluck(versions, [](const SealedVersion& v) { return Stored(v.account.is_first); }),
      Pluck(versions,
            [](const SealedVersion& v) { return static_cast<std::int16_t>(v.account.risk_score); }),
      Pluck(versions, [](const SealedVersion& v) { return v.account.risk_reasons; }),
      Pluck(versions, [](const SealedVersion& v) { return Stored(v.account.needs_second); }));
  tx.Execute(kInsertAccountSubmissions, payer, account, version, payee, state, submitted, at);
  tx.Execute(kInsertSecrets, payer, account, version, payee,
             Pluck(versions, [](const SealedVersion& v) { return v.sealed.key_id; }),
             Pluck(versions, [](const SealedVersion& v) { return v.sealed.nonce; }),
             Pluck(versions, [](const SealedVersion& v) { return v.sealed.ciphertext; }),
             Pluck(versions, [](const SealedVersion& v) { return v.sealed.tag; }),
             Pluck(versions, [](const SealedVersion& v) { return v.sealed.index_key_id; }),
             Pluck(versions, [](const SealedVersion& v) { return v.sealed.blind_index; }), last4);
}

std::vector<BankAccount> LockBankAccounts(pg::Transaction& tx, PayerId payer,
                                          std::span<const BankAccountId> accounts) {
  return AccountsOf(tx.Query(kLockAccounts, payer, accounts));
}

std::vector<BankAccount> LoadBankAccountsOfPayees(pg::Transaction& tx, PayerId payer,
                                                  std::span<const PayeeId> payees) {
  return AccountsOf(tx.Query(kLoadAccountsOfPayees, payer, payees));
}

void MoveBankAccounts(pg::Transaction& tx, PayerId payer, std::span<const BankAccountMove> moves,
                      const std::string& reason, const Recorded& recorded) {
  const auto account = Pluck(moves, &BankAccountMove::account);
  const auto version = Pluck(moves, &BankAccountMove::version);
  const auto state = Pluck(moves, [](const BankAccountMove& move) { return Stored(move.to); });
  tx.Execute(kSetAccountStates, payer, account, version, state,
             Pluck(moves, &BankAccountMove::hold_until), recorded.by);
  tx.Execute(kInsertAccountEvents, payer, account, version, Pluck(moves, &BankAccountMove::payee),
             state, recorded.by, reason, recorded.at);
}

std::vector<UserId> FindBankDataChangers(pg::Transaction& tx, PayerId payer,
                                         std::span<const ChangedSince> payees) {
  return tx
      .Query(kFindChangers, payer, Pluck(payees, &ChangedSince::payee),
             Pluck(payees, &ChangedSince::since))
      .All<UserId>();
}

std::vector<SharedAccount> FindSharedAccounts(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kFindShared, payer);
  std::vector<SharedAccount> shared;
  for (int i = 0; i < result.Size(); ++i) {
    shared.push_back({result[i].Get<PayeeId>(0), result[i].Get<PayeeId>(1)});
  }
  return shared;
}

std::vector<VaultRow> LoadSealedAccounts(pg::Transaction& tx, PayerId payer,
                                         std::span<const AccountVersion> versions) {
  const pg::Result result = tx.Query(kLoadSealed, payer, Pluck(versions, &AccountVersion::account),
                                     Pluck(versions, &AccountVersion::version));
  std::vector<VaultRow> rows;
  rows.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) rows.push_back(VaultRowOf(payer, result[i]));
  return rows;
}

std::vector<WrappedKey> LoadDataKeys(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kLoadDataKeys, payer);
  std::vector<WrappedKey> keys;
  for (int i = 0; i < result.Size(); ++i) {
    keys.push_back({.id = result[i].Get<std::int64_t>(0),
                    .purpose = static_cast<DataKeyPurpose>(result[i].Get<std::int16_t>(1)),
                    .kek_id = result[i].Get<std::string>(2),
                    .wrapped = result[i].Get<Bytes>(3)});
  }
  return keys;
}

std::optional<std::int64_t> FindCurrentKey(pg::Transaction& tx, PayerId payer,
                                           DataKeyPurpose purpose) {
  return tx.Query(kFindCurrentKey, payer, Stored(purpose)).OneOrNone<std::int64_t>();
}

void InsertDataKey(pg::Transaction& tx, PayerId payer, const WrappedKey& key, Instant at) {
  tx.Execute(kInsertDataKey, payer, key.id, Stored(key.purpose), key.kek_id, key.wrapped, at);
}

bool InsertCurrentKey(pg::Transaction& tx, PayerId payer, const WrappedKey& key) {
  return tx.Execute(kInsertCurrentKey, payer, Stored(key.purpose), key.id) == 1;
}

}  // namespace sluice::payments
