#include "payments/screening/screening_store.h"

#include <array>
#include <map>
#include <utility>

#include "core/check.h"
#include "core/pg/columns.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

// Rows of one statement when a list is stored.
constexpr std::size_t kRowsAtOnce = 5'000;

constexpr pg::Query kCurrentLists{"payments_current_screening_lists", R"sql(
  SELECT DISTINCT ON (source) list_id, source, published_on, digest, entries, recorded_at
  FROM payments.screening_list
  WHERE payer_id = $1
  ORDER BY source, list_id DESC
)sql"};

constexpr pg::Query kListByDigest{"payments_screening_list_by_digest", R"sql(
  SELECT list_id, source, published_on, digest, entries, recorded_at
  FROM payments.screening_list
  WHERE payer_id = $1 AND source = $2 AND digest = $3
)sql"};

constexpr pg::Query kInsertList{"payments_insert_screening_list", R"sql(
  INSERT INTO payments.screening_list (payer_id, list_id, source, published_on, digest, entries,
    imported_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kInsertListed{"payments_insert_screening_entries", R"sql(
  INSERT INTO payments.screening_entry (payer_id, list_id, entry_no, entry_key, is_person, npi,
    born_on, program)
  SELECT u.payer, u.list, u.no, u.key, u.person <> 0, u.npi, u.born, u.program
  FROM unnest ($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::smallint[], $6::text[],
    $7::date[], $8::text[]) AS u (payer, list, no, key, person, npi, born, program)
)sql"};

constexpr pg::Query kInsertNames{"payments_insert_screening_names", R"sql(
  INSERT INTO payments.screening_name (payer_id, list_id, entry_no, name_no, name)
  SELECT u.payer, u.list, u.entry, u.no, u.name
  FROM unnest ($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::text[])
    AS u (payer, list, entry, no, name)
)sql"};

constexpr pg::Query kLoadEntries{"payments_load_screening_entries", R"sql(
  SELECT entry_key, is_person, npi, born_on, program
  FROM payments.screening_entry
  WHERE payer_id = $1 AND list_id = $2
  ORDER BY entry_no
)sql"};

constexpr pg::Query kLoadNames{"payments_load_screening_names", R"sql(
  SELECT entry_no, name
  FROM payments.screening_name
  WHERE payer_id = $1 AND list_id = $2
  ORDER BY entry_no, name_no
)sql"};

constexpr pg::Query kInsertIdentity{"payments_insert_payee_identity", R"sql(
  INSERT INTO payments.payee_identity (payer_id, payee_id, identity_id, relation, name, born_on,
    recorded_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kLoadScreened{"payments_load_screened_payees", R"sql(
  SELECT payee_id, kind, name, npi
  FROM payments.payee
  WHERE payer_id = $1 AND (cardinality ($2::bigint[]) = 0 OR payee_id = ANY ($2::bigint[]))
  ORDER BY payee_id
)sql"};

constexpr pg::Query kLoadCertifiedNames{"payments_load_certified_names", R"sql(
  SELECT payee_id, legal_name, business_name
  FROM payments.payee_tax_form
  WHERE payer_id = $1 AND (cardinality ($2::bigint[]) = 0 OR payee_id = ANY ($2::bigint[]))
  ORDER BY payee_id, certified_on
)sql"};

constexpr pg::Query kLoadIdentities{"payments_load_payee_identities", R"sql(
  SELECT payee_id, relation, name, born_on
  FROM payments.payee_identity
  WHERE payer_id = $1 AND (cardinality ($2::bigint[]) = 0 OR payee_id = ANY ($2::bigint[]))
  ORDER BY payee_id, identity_id
)sql"};

constexpr pg::Query kInsertScreeningRun{"payments_insert_screening_run", R"sql(
  INSERT INTO payments.screening_run (payer_id, run_id, list_id, trigger_kind, payees, findings,
    new_hits, run_by, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kInsertHit{"payments_insert_screening_hit", R"sql(
  INSERT INTO payments.screening_hit (payer_id, hit_id, payee_id, source, list_id, entry_key,
    entry_digest, payee_digest, score, listed_name, payee_name, program, reason, found_by,
    found_at, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)
  ON CONFLICT DO NOTHING
)sql"};

// State 1: not the same.
constexpr pg::Query kLoadHits{"payments_load_screening_hits", R"sql(
  SELECT hit_id, payee_id, source, list_id, entry_key, entry_digest, payee_digest, score,
    listed_name, payee_name, program, reason, found_by, found_at, state
  FROM payments.screening_hit
  WHERE payer_id = $1 AND ($2 = 0 OR state <> 1)
  ORDER BY found_at, hit_id
)sql"};

constexpr pg::Query kLockHit{"payments_lock_screening_hit", R"sql(
  SELECT hit_id, payee_id, source, list_id, entry_key, entry_digest, payee_digest, score,
    listed_name, payee_name, program, reason, found_by, found_at, state
  FROM payments.screening_hit
  WHERE payer_id = $1 AND hit_id = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kLoadDecisions{"payments_load_screening_decisions", R"sql(
  SELECT hit_id, decision_no, state, note, decided_by, decided_at
  FROM payments.screening_decision
  WHERE payer_id = $1 AND hit_id = $2
  ORDER BY decision_no
)sql"};

constexpr pg::Query kInsertDecision{"payments_insert_screening_decision", R"sql(
  INSERT INTO payments.screening_decision (payer_id, hit_id, decision_no, found_by, state, note,
    decided_by, decided_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

constexpr pg::Query kSetHitState{"payments_set_screening_hit_state", R"sql(
  UPDATE payments.screening_hit
  SET state = $3
  WHERE payer_id = $1 AND hit_id = $2
)sql"};

StoredList StoredListOf(const pg::Row& row) {
  return {.id = row.Get<std::int64_t>(0),
          .source = static_cast<ListSource>(row.Get<std::int16_t>(1)),
          .published_on = row.Get<Date>(2),
          .digest = row.Get<Digest>(3),
          .entries = row.Get<std::int32_t>(4),
          .imported_at = row.Get<Instant>(5)};
}

ScreeningHit HitOf(const pg::Row& row) {
  return {.id = row.Get<std::int64_t>(0),
          .payee = row.Get<PayeeId>(1),
          .source = static_cast<ListSource>(row.Get<std::int16_t>(2)),
          .list_id = row.Get<std::int64_t>(3),
          .entry_key = row.Get<std::string>(4),
          .entry_digest = row.Get<Digest>(5),
          .payee_digest = row.Get<Digest>(6),
          .score = row.Get<std::int32_t>(7),
          .listed_name = row.Get<std::string>(8),
          .payee_name = row.Get<std::string>(9),
          .program = row.Get<std::string>(10),
          .reason = row.Get<std::string>(11),
          .found_by = row.Get<UserId>(12),
          .found_at = row.Get<Instant>(13),
          .state = static_cast<HitState>(row.Get<std::int16_t>(14))};
}

// A name that is known already adds nothing.
void AddName(ScreenedPayee& payee, const std::string& name) {
  if (!name.empty() && std::ranges::find(payee.names, name) == payee.names.end()) {
    payee.names.push_back(name);
  }
}

}  // namespace

std::string_view HitStateName(HitState state) {
  static constexpr std::array<std::string_view, 3> kNames = {"open", "not the same", "the same"};
  const auto index = static_cast<std::size_t>(state);
  CHECK(index < kNames.size());
  return kNames[index];
}

std::vector<StoredList> LoadCurrentLists(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kCurrentLists, payer);
  std::vector<StoredList> lists;
  for (int i = 0; i < result.Size(); ++i) lists.push_back(StoredListOf(result[i]));
  return lists;
}

std::optional<StoredList> FindListByDigest(pg::Transaction& tx, PayerId payer, ListSource source,
                                           const Digest& digest) {
  const pg::Result result = tx.Query(kListByDigest, payer, Stored(source), digest);
  if (result.Empty()) return std::nullopt;
  return StoredListOf(result[0]);
}

void InsertList(pg::Transaction& tx, PayerId payer, const StoredList& list,
                const WatchList& content, const Recorded& recorded) {
  tx.Execute(kInsertList, payer, list.id, Stored(list.source), list.published_on, list.digest,
             list.entries, recorded.by, recorded.at);
  pg::Columns<PayerId, std::int64_t, std::int32_t, std::string, std::int16_t, std::string,
              std::optional<Date>, std::string>
      entries;
  pg::Columns<PayerId, std::int64_t, std::int32_t, std::int32_t, std::string> names;
  const auto flush = [&](std::size_t least) {
    if (entries.Rows() > 0 && entries.Rows() >= least) {
      entries.Execute(tx, kInsertListed);
      entries.Clear();
      names.Execute(tx, kInsertNames);
      names.Clear();
    }
  };
  std::int32_t number = 0;
  for (const ListedParty& party : content.parties) {
    entries.Add(payer, list.id, ++number, party.key,
                static_cast<std::int16_t>(party.is_person ? 1 : 0), party.npi, party.born_on,
                party.program);
    std::int32_t name_no = 0;
    for (const std::string& name : party.names) names.Add(payer, list.id, number, ++name_no, name);
    flush(kRowsAtOnce);
  }
  flush(1);
}

WatchList LoadList(pg::Transaction& tx, PayerId payer, const StoredList& list) {
  WatchList content{.source = list.source, .parties = {}};
  const pg::Result entries = tx.Query(kLoadEntries, payer, list.id);
  content.parties.reserve(static_cast<std::size_t>(entries.Size()));
  for (int i = 0; i < entries.Size(); ++i) {
    content.parties.push_back({.key = entries[i].Get<std::string>(0),
                               .is_person = entries[i].Get<bool>(1),
                               .names = {},
                               .npi = entries[i].Get<std::string>(2),
                               .born_on = entries[i].Get<std::optional<Date>>(3),
                               .program = entries[i].Get<std::string>(4)});
  }
  const pg::Result names = tx.Query(kLoadNames, payer, list.id);
  for (int i = 0; i < names.Size(); ++i) {
    const auto entry = static_cast<std::size_t>(names[i].Get<std::int32_t>(0) - 1);
    content.parties.at(entry).names.push_back(names[i].Get<std::string>(1));
  }
  return content;
}

void InsertIdentity(pg::Transaction& tx, PayerId payer, const PayeeIdentity& identity,
                    const Recorded& recorded) {
  tx.Execute(kInsertIdentity, payer, identity.payee, identity.id, Stored(identity.relation),
             identity.name, identity.born_on, recorded.by, recorded.at);
}

std::vector<ScreenedPayee> LoadScreenedPayees(pg::Transaction& tx, PayerId payer,
                                              std::span<const PayeeId> payees) {
  std::map<PayeeId, ScreenedPayee> screened;
  const pg::Result rows = tx.Query(kLoadScreened, payer, payees);
  for (int i = 0; i < rows.Size(); ++i) {
    ScreenedPayee payee{.payee = rows[i].Get<PayeeId>(0),
                        .is_person = rows[i].Get<std::int16_t>(1) == Stored(PayeeKind::kPerson),
                        .names = {rows[i].Get<std::string>(2)},
                        .npi = rows[i].Get<std::string>(3),
                        .born_on = std::nullopt};
    screened.emplace(payee.payee, std::move(payee));
  }
  const pg::Result forms = tx.Query(kLoadCertifiedNames, payer, payees);
  for (int i = 0; i < forms.Size(); ++i) {
    ScreenedPayee& payee = screened.at(forms[i].Get<PayeeId>(0));
    AddName(payee, forms[i].Get<std::string>(1));
    AddName(payee, forms[i].Get<std::string>(2));
  }
  const pg::Result known = tx.Query(kLoadIdentities, payer, payees);
  for (int i = 0; i < known.Size(); ++i) {
    ScreenedPayee& payee = screened.at(known[i].Get<PayeeId>(0));
    AddName(payee, known[i].Get<std::string>(2));
    const bool self = known[i].Get<std::int16_t>(1) == Stored(IdentityRelation::kSelf);
    if (self) payee.born_on = known[i].Get<std::optional<Date>>(3);
  }
  std::vector<ScreenedPayee> all;
  all.reserve(screened.size());
  for (auto& [id, payee] : screened) all.push_back(std::move(payee));
  return all;
}

void InsertScreeningRun(pg::Transaction& tx, PayerId payer, const ScreeningRunRow& row,
                        const Recorded& recorded) {
  tx.Execute(kInsertScreeningRun, payer, row.run_id, row.list_id, Stored(row.trigger), row.payees,
             row.findings, row.new_hits, recorded.by, recorded.at);
}

bool InsertHit(pg::Transaction& tx, PayerId payer, const ScreeningHit& hit) {
  return tx.Execute(kInsertHit, payer, hit.id, hit.payee, Stored(hit.source), hit.list_id,
                    hit.entry_key, hit.entry_digest, hit.payee_digest,
                    static_cast<std::int32_t>(hit.score), hit.listed_name, hit.payee_name,
                    hit.program, hit.reason, hit.found_by, hit.found_at) == 1;
}

std::vector<ScreeningHit> LoadHits(pg::Transaction& tx, PayerId payer, bool standing_only) {
  const pg::Result result =
      tx.Query(kLoadHits, payer, static_cast<std::int32_t>(standing_only ? 1 : 0));
  std::vector<ScreeningHit> hits;
  for (int i = 0; i < result.Size(); ++i) hits.push_back(HitOf(result[i]));
  return hits;
}

std::optional<ScreeningHit> LockHit(pg::Transaction& tx, PayerId payer, std::int64_t hit) {
  const pg::Result result = tx.Query(kLockHit, payer, hit);
  if (result.Empty()) return std::nullopt;
  return HitOf(result[0]);
}

std::vector<ScreeningDecision> LoadDecisions(pg::Transaction& tx, PayerId payer, std::int64_t hit) {
  const pg::Result result = tx.Query(kLoadDecisions, payer, hit);
  std::vector<ScreeningDecision> decisions;
  for (int i = 0; i < result.Size(); ++i) {
    decisions.push_back({.hit_id = result[i].Get<std::int64_t>(0),
                         .number = result[i].Get<std::int32_t>(1),
                         .state = static_cast<HitState>(result[i].Get<std::int16_t>(2)),
                         .note = result[i].Get<std::string>(3),
                         .decided_by = result[i].Get<UserId>(4),
                         .decided_at = result[i].Get<Instant>(5)});
  }
  return decisions;
}

void InsertDecision(pg::Transaction& tx, PayerId payer, const ScreeningHit& hit,
                    const ScreeningDecision& decision) {
  tx.Execute(kInsertDecision, payer, hit.id, decision.number, hit.found_by, Stored(decision.state),
             decision.note, decision.decided_by, decision.decided_at);
  tx.Execute(kSetHitState, payer, hit.id, Stored(decision.state));
}

}  // namespace sluice::payments
