#include "performance/episodes/episode_store.h"

#include "core/pg/columns.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsertTypes{"insert_episode_types", R"sql(
  INSERT INTO performance.episode_type (payer_id, code, recorded_at, name, active)
  SELECT r.payer_id, r.code, r.recorded_at, r.name, r.active = 1
  FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[], $5::smallint[])
    AS r (payer_id, code, recorded_at, name, active)
)sql"};

constexpr pg::Query kListTypes{"list_episode_types", R"sql(
  SELECT DISTINCT ON (t.code) t.code, t.name, t.active
  FROM performance.episode_type AS t
  WHERE t.payer_id = $1
  ORDER BY t.code, t.recorded_at DESC
)sql"};

constexpr pg::Query kInsertEpisode{"insert_episode", R"sql(
  INSERT INTO performance.episode (
    contract_id, episode_id, episode_type, opened_on, patient_name, patient_number, member_id,
    member_number, anchor_claim, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  ON CONFLICT (contract_id, episode_id) DO NOTHING
)sql"};

constexpr pg::Query kInsertFirstStatus{"insert_episode_first_status", R"sql(
  INSERT INTO performance.episode_status (
    contract_id, episode_id, status, previous_status, changed_at, changed_by)
  VALUES ($1, $2, 1, NULL, $3, $4)
)sql"};

// The row before must be there, be the newest, and not be later.
constexpr pg::Query kInsertStatus{"insert_episode_status", R"sql(
  INSERT INTO performance.episode_status (
    contract_id, episode_id, status, previous_status, changed_at, changed_by)
  SELECT s.contract_id, s.episode_id, $3, s.status, $4, $5
  FROM performance.episode_status AS s
  WHERE s.contract_id = $1
    AND s.episode_id = $2
    AND s.status = $3 - 1
    AND s.changed_at <= $4
  ON CONFLICT (contract_id, episode_id, status) DO NOTHING
)sql"};

constexpr pg::Query kStatuses{"list_episode_statuses", R"sql(
  SELECT s.status, s.changed_at, s.changed_by
  FROM performance.episode_status AS s
  WHERE s.contract_id = $1
    AND s.episode_id = $2
  ORDER BY s.status
)sql"};

constexpr pg::Query kFindEpisode{"find_episode", R"sql(
  SELECT e.contract_id, e.episode_id, e.episode_type, e.opened_on, e.patient_name,
    e.patient_number, e.member_id, e.member_number, e.anchor_claim, p.name, s.status
  FROM performance.episode AS e
  JOIN performance.contract AS c ON c.contract_id = e.contract_id
  JOIN core.payer AS p ON p.payer_id = c.payer_id
  JOIN performance.episode_status AS s
    ON s.contract_id = e.contract_id AND s.episode_id = e.episode_id
  WHERE e.contract_id = $1
    AND e.episode_id = $2
  ORDER BY s.status DESC
  LIMIT 1
)sql"};

// The filter of this statement and of the next is one and the same.
constexpr pg::Query kListEpisodes{"list_episodes", R"sql(
  SELECT e.contract_id, e.episode_id, e.episode_type, e.opened_on, e.patient_name,
    e.patient_number, e.member_id, e.member_number, e.anchor_claim, p.name, s.status
  FROM performance.episode AS e
  JOIN performance.contract AS c ON c.contract_id = e.contract_id
  JOIN core.payer AS p ON p.payer_id = c.payer_id
  JOIN performance.episode_status AS s
    ON s.contract_id = e.contract_id AND s.episode_id = e.episode_id
  WHERE NOT EXISTS (
      SELECT 1
      FROM performance.episode_status AS later
      WHERE later.contract_id = s.contract_id
        AND later.episode_id = s.episode_id
        AND later.status > s.status)
    AND (cardinality($1::bigint[]) = 0 OR e.contract_id = ANY ($1::bigint[]))
    AND (cardinality($2::smallint[]) = 0 OR s.status = ANY ($2::smallint[]))
    AND (cardinality($3::text[]) = 0 OR e.episode_type = ANY ($3::text[]))
    AND ($4::date IS NULL OR e.opened_on >= $4)
    AND ($5::date IS NULL OR e.opened_on <= $5)
    AND ($6::text = '' OR strpos(lower(e.patient_name), lower($6)) > 0
         OR strpos(lower(e.patient_number), lower($6)) > 0
         OR strpos(lower(e.member_number), lower($6)) > 0)
  ORDER BY
    CASE WHEN $7::smallint = 1 THEN e.opened_on END,
    CASE WHEN $7::smallint = -1 THEN e.opened_on END DESC,
    CASE WHEN $7::smallint = 2 THEN e.episode_id WHEN $7::smallint = -2 THEN -e.episode_id END,
    CASE $7::smallint WHEN 3 THEN e.patient_name WHEN 4 THEN e.patient_number
      WHEN 5 THEN p.name WHEN 6 THEN e.member_number END,
    CASE $7::smallint WHEN -3 THEN e.patient_name WHEN -4 THEN e.patient_number
      WHEN -5 THEN p.name WHEN -6 THEN e.member_number END DESC,
    CASE WHEN $7::smallint = 7 THEN s.status WHEN $7::smallint = -7 THEN -s.status END,
    e.contract_id, e.episode_id
  LIMIT $8::bigint OFFSET $9::bigint
)sql"};

constexpr pg::Query kCountEpisodes{"count_episodes", R"sql(
  SELECT e.episode_type, s.status, count(*)
  FROM performance.episode AS e
  JOIN performance.episode_status AS s
    ON s.contract_id = e.contract_id AND s.episode_id = e.episode_id
  WHERE NOT EXISTS (
      SELECT 1
      FROM performance.episode_status AS later
      WHERE later.contract_id = s.contract_id
        AND later.episode_id = s.episode_id
        AND later.status > s.status)
    AND (cardinality($1::bigint[]) = 0 OR e.contract_id = ANY ($1::bigint[]))
    AND (cardinality($2::smallint[]) = 0 OR s.status = ANY ($2::smallint[]))
    AND (cardinality($3::text[]) = 0 OR e.episode_type = ANY ($3::text[]))
    AND ($4::date IS NULL OR e.opened_on >= $4)
    AND ($5::date IS NULL OR e.opened_on <= $5)
    AND ($6::text = '' OR strpos(lower(e.patient_name), lower($6)) > 0
         OR strpos(lower(e.patient_number), lower($6)) > 0
         OR strpos(lower(e.member_number), lower($6)) > 0)
  GROUP BY e.episode_type, s.status
  ORDER BY e.episode_type, s.status
)sql"};

constexpr pg::Query kInsertPostings{"insert_episode_postings", R"sql(
  INSERT INTO performance.episode_posting (
    contract_id, episode_id, round, party_id, due_cents, difference_cents, posted_at, posted_by)
  SELECT r.contract_id, r.episode_id, r.round, r.party_id, r.due_cents, r.difference_cents,
    r.posted_at, r.posted_by
  FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[],
              $7::timestamptz[], $8::bigint[])
    AS r (contract_id, episode_id, round, party_id, due_cents, difference_cents, posted_at,
          posted_by)
)sql"};

constexpr pg::Query kBudgetDues{"list_episode_budget_dues", R"sql(
  SELECT e.episode_id, p.party_id, COALESCE(p.due_cents, 0)
  FROM performance.episode AS e
  LEFT JOIN performance.episode_posting AS p
    ON p.contract_id = e.contract_id
    AND p.episode_id = e.episode_id
    AND p.round = (
      SELECT max(r.round)
      FROM performance.episode_posting AS r
      WHERE r.contract_id = e.contract_id
        AND r.episode_id = e.episode_id
        AND r.posted_at <= $4)
  WHERE e.contract_id = $1
    AND e.opened_on >= $2
    AND e.opened_on < $3
    AND e.recorded_at <= $4
  ORDER BY e.episode_id, p.party_id
)sql"};

constexpr pg::Query kPostings{"list_episode_postings", R"sql(
  SELECT r.round, r.party_id, r.due_cents, r.difference_cents, r.posted_at, r.posted_by
  FROM performance.episode_posting AS r
  WHERE r.contract_id = $1
    AND r.episode_id = $2
  ORDER BY r.round, r.party_id
)sql"};

constexpr pg::Query kInsertDocument{"insert_episode_document", R"sql(
  INSERT INTO performance.episode_document (
    contract_id, episode_id, sha256, name, reference, added_at, added_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (contract_id, episode_id, sha256) DO NOTHING
)sql"};

constexpr pg::Query kDocuments{"list_episode_documents", R"sql(
  SELECT d.name, d.reference, d.sha256, d.added_at, d.added_by
  FROM performance.episode_document AS d
  WHERE d.contract_id = $1
    AND d.episode_id = $2
  ORDER BY d.added_at, d.sha256
)sql"};

EpisodeRow ReadRow(const pg::Row& row) {
  return {.episode = {.contract = row.Get<ContractId>(0),
                      .id = row.Get<EpisodeId>(1),
                      .type = row.Get<std::string>(2),
                      .opened_on = row.Get<Date>(3),
                      .patient_name = row.Get<std::string>(4),
                      .patient_number = row.Get<std::string>(5),
                      .member_id = row.Get<std::int64_t>(6),
                      .member_number = row.Get<std::string>(7),
                      .anchor_claim = row.Get<std::string>(8)},
          .payer = row.Get<std::string>(9),
          .status = static_cast<EpisodeStatus>(row.Get<std::int16_t>(10))};
}

std::vector<std::int16_t> Numbers(const std::vector<EpisodeStatus>& statuses) {
  std::vector<std::int16_t> numbers;
  for (const EpisodeStatus status : statuses) numbers.push_back(static_cast<std::int16_t>(status));
  return numbers;
}

}  // namespace

void InsertEpisodeTypes(pg::Transaction& tx, PayerId payer, std::span<const EpisodeType> types,
                        Instant recorded_at) {
  pg::Columns<PayerId, std::string, Instant, std::string, std::int16_t> rows;
  for (const EpisodeType& type : types) {
    rows.Add(payer, type.code, recorded_at, type.name, static_cast<std::int16_t>(type.active));
  }
  rows.Execute(tx, kInsertTypes);
}

std::vector<EpisodeType> ListEpisodeTypes(pg::Transaction& tx, PayerId payer) {
  const pg::Result rows = tx.Query(kListTypes, payer);
  std::vector<EpisodeType> types;
  for (int i = 0; i < rows.Size(); ++i) {
    types.push_back({.code = rows[i].Get<std::string>(0),
                     .name = rows[i].Get<std::string>(1),
                     .active = rows[i].Get<bool>(2)});
  }
  return types;
}

bool InsertEpisode(pg::Transaction& tx, const EpisodeRecord& e, Instant at, UserId by) {
  const std::int64_t added =
      tx.Execute(kInsertEpisode, e.contract, e.id, e.type, e.opened_on, e.patient_name,
                 e.patient_number, e.member_id, e.member_number, e.anchor_claim, at);
  if (added == 0) return false;
  tx.Execute(kInsertFirstStatus, e.contract, e.id, at, by);
  return true;
}

std::optional<EpisodeRow> FindEpisode(pg::Transaction& tx, ContractId contract,
                                      EpisodeId episode) {
  const pg::Result rows = tx.Query(kFindEpisode, contract, episode);
  if (rows.Empty()) return std::nullopt;
  return ReadRow(rows[0]);
}

bool InsertEpisodeStatus(pg::Transaction& tx, ContractId contract, EpisodeId episode,
                         EpisodeStatus to, Instant at, UserId by) {
  return tx.Execute(kInsertStatus, contract, episode, static_cast<std::int16_t>(to), at, by) == 1;
}

std::vector<EpisodeStatusChange> StatusesOf(pg::Transaction& tx, ContractId contract,
                                            EpisodeId episode) {
  const pg::Result rows = tx.Query(kStatuses, contract, episode);
  std::vector<EpisodeStatusChange> changes;
  for (int i = 0; i < rows.Size(); ++i) {
    changes.push_back({.status = static_cast<EpisodeStatus>(rows[i].Get<std::int16_t>(0)),
                       .at = rows[i].Get<Instant>(1),
                       .by = rows[i].Get<UserId>(2)});
  }
  return changes;
}

std::vector<EpisodeRow> ListEpisodes(pg::Transaction& tx, const EpisodeFilter& filter,
                                     const EpisodePage& page) {
  const auto column = static_cast<std::int16_t>(page.sort);
  const auto order = static_cast<std::int16_t>(page.descending ? -column : column);
  const pg::Result rows =
      tx.Query(kListEpisodes, filter.contracts, Numbers(filter.statuses), filter.types,
               filter.from, filter.until, filter.text, order, page.limit, page.offset);
  std::vector<EpisodeRow> out;
  for (int i = 0; i < rows.Size(); ++i) out.push_back(ReadRow(rows[i]));
  return out;
}

std::vector<EpisodeCount> CountEpisodes(pg::Transaction& tx, const EpisodeFilter& filter) {
  const pg::Result rows = tx.Query(kCountEpisodes, filter.contracts, Numbers(filter.statuses),
                                   filter.types, filter.from, filter.until, filter.text);
  std::vector<EpisodeCount> counts;
  for (int i = 0; i < rows.Size(); ++i) {
    counts.push_back({.type = rows[i].Get<std::string>(0),
                      .status = static_cast<EpisodeStatus>(rows[i].Get<std::int16_t>(1)),
                      .count = rows[i].Get<std::int64_t>(2)});
  }
  return counts;
}

void InsertPostings(pg::Transaction& tx, ContractId contract, EpisodeId episode,
                    std::span<const EpisodePosting> postings) {
  pg::Columns<ContractId, EpisodeId, std::int32_t, PartyId, Money, Money, Instant, UserId> rows;
  for (const EpisodePosting& p : postings) {
    rows.Add(contract, episode, p.round, p.party, p.due, p.difference, p.at, p.by);
  }
  rows.Execute(tx, kInsertPostings);
}

std::vector<EpisodePosting> PostingsOf(pg::Transaction& tx, ContractId contract,
                                       EpisodeId episode) {
  const pg::Result rows = tx.Query(kPostings, contract, episode);
  std::vector<EpisodePosting> postings;
  for (int i = 0; i < rows.Size(); ++i) {
    postings.push_back({.round = rows[i].Get<std::int32_t>(0),
                        .party = rows[i].Get<PartyId>(1),
                        .due = rows[i].Get<Money>(2),
                        .difference = rows[i].Get<Money>(3),
                        .at = rows[i].Get<Instant>(4),
                        .by = rows[i].Get<UserId>(5)});
  }
  return postings;
}

std::vector<EpisodeBudgetDue> BudgetDues(pg::Transaction& tx, ContractId contract,
                                         const DateRange& period, Instant known_at) {
  const pg::Result rows = tx.Query(kBudgetDues, contract, period.from, *period.to, known_at);
  std::vector<EpisodeBudgetDue> dues;
  for (int i = 0; i < rows.Size(); ++i) {
    dues.push_back({.episode = rows[i].Get<EpisodeId>(0),
                    .party = rows[i].Get<std::optional<PartyId>>(1).value_or(PartyId()),
                    .due = Money::FromCents(rows[i].Get<std::int64_t>(2))});
  }
  return dues;
}

bool InsertDocument(pg::Transaction& tx, ContractId contract, EpisodeId episode,
                    const EpisodeDocument& document) {
  return tx.Execute(kInsertDocument, contract, episode, document.sha256, document.name,
                    document.reference, document.at, document.by) == 1;
}

std::vector<EpisodeDocument> DocumentsOf(pg::Transaction& tx, ContractId contract,
                                         EpisodeId episode) {
  const pg::Result rows = tx.Query(kDocuments, contract, episode);
  std::vector<EpisodeDocument> documents;
  for (int i = 0; i < rows.Size(); ++i) {
    documents.push_back({.name = rows[i].Get<std::string>(0),
                         .reference = rows[i].Get<std::string>(1),
                         .sha256 = rows[i].Get<Digest>(2),
                         .at = rows[i].Get<Instant>(3),
                         .by = rows[i].Get<UserId>(4)});
  }
  return documents;
}

std::optional<EpisodeDetails> LoadEpisodeDetails(pg::Transaction& tx, ContractId contract,
                                                 EpisodeId episode) {
  const auto row = FindEpisode(tx, contract, episode);
  if (!row) return std::nullopt;
  EpisodeDetails details{.row = *row,
                         .statuses = StatusesOf(tx, contract, episode),
                         .postings = PostingsOf(tx, contract, episode),
                         .documents = DocumentsOf(tx, contract, episode)};
  if (!row->episode.anchor_claim.empty()) {
    details.line = NewestLineOf(tx, contract, row->episode.member_id, row->episode.anchor_claim);
  }
  details.time_line = TimeLineOf(details);
  return details;
}

}  // namespace sluice::performance
