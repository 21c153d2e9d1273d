#include "hierarchy/hierarchy_store.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace sluice::hierarchy {
namespace {

constexpr pg::Query kEnsureHead{"hierarchy_ensure_head", R"sql(
  INSERT INTO hierarchy.head (payer_id, change_number, recorded_at)
  VALUES ($1, 0, $2)
  ON CONFLICT (payer_id) DO NOTHING
)sql"};

constexpr pg::Query kLockHead{"hierarchy_lock_head", R"sql(
  SELECT change_number, recorded_at
  FROM hierarchy.head
  WHERE payer_id = $1
  FOR UPDATE
)sql"};

constexpr pg::Query kReadHead{"hierarchy_read_head", R"sql(
  SELECT change_number, recorded_at
  FROM hierarchy.head
  WHERE payer_id = $1
)sql"};

constexpr pg::Query kVersionAt{"hierarchy_version_at", R"sql(
  SELECT coalesce(max(change_number), 0)
  FROM hierarchy.change
  WHERE payer_id = $1 AND recorded_at <= $2
)sql"};

constexpr pg::Query kInsertChange{"hierarchy_insert_change", R"sql(
  INSERT INTO hierarchy.change (payer_id, change_number, recorded_at, source)
  VALUES ($1, $2, $3, $4)
)sql"};

// The former number is compared too: a writer that did not lock the head changes nothing.
constexpr pg::Query kAdvanceHead{"hierarchy_advance_head", R"sql(
  UPDATE hierarchy.head
  SET change_number = $2, recorded_at = $3
  WHERE payer_id = $1 AND change_number = $2 - 1
)sql"};

constexpr pg::Query kInsertParties{"hierarchy_insert_parties", R"sql(
  INSERT INTO hierarchy.party (payer_id, change_number, party_id, kind)
  SELECT $1, $2, n.party_id, n.kind
  FROM unnest($3::bigint[], $4::smallint[]) AS n (party_id, kind)
)sql"};

constexpr pg::Query kInsertDetails{"hierarchy_insert_details", R"sql(
  INSERT INTO hierarchy.party_detail
    (payer_id, change_number, party_id, valid_from, name, line1, line2, city, state, postal_code)
  SELECT $1, $2, n.party_id, n.valid_from, n.name, n.line1, n.line2, n.city, n.state, n.postal_code
  FROM unnest($3::bigint[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
              $10::text[])
    AS n (party_id, valid_from, name, line1, line2, city, state, postal_code)
)sql"};

constexpr pg::Query kInsertIdentifiers{"hierarchy_insert_identifiers", R"sql(
  INSERT INTO hierarchy.party_identifier
    (payer_id, change_number, party_id, type, scope, value, valid_from, valid_to, withdrawn)
  SELECT $1, $2, n.party_id, n.type, n.scope, n.value, n.valid_from, n.valid_to, n.withdrawn
  FROM unnest($3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::date[], $8::date[],
              $9::boolean[])
    AS n (party_id, type, scope, value, valid_from, valid_to, withdrawn)
)sql"};

constexpr pg::Query kInsertAffiliations{"hierarchy_insert_affiliations", R"sql(
  INSERT INTO hierarchy.affiliation
    (payer_id, change_number, parent_id, child_id, role, valid_from, valid_to, withdrawn)
  SELECT $1, $2, n.parent_id, n.child_id, n.role, n.valid_from, n.valid_to, n.withdrawn
  FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::date[], $7::date[], $8::boolean[])
    AS n (parent_id, child_id, role, valid_from, valid_to, withdrawn)
)sql"};

constexpr pg::Query kInsertRosterImport{"hierarchy_insert_roster_import", R"sql(
  INSERT INTO hierarchy.roster_import
    (payer_id, import_id, recorded_at, mapping, file_name, file_sha256, row_count, add_count,
     change_count, end_count, reject_count, change_number, parties_added, identifiers_added,
     affiliations_added, parties_changed, affiliations_changed)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
)sql"};

constexpr pg::Query kInsertRosterRejects{"hierarchy_insert_roster_rejects", R"sql(
  INSERT INTO hierarchy.roster_reject
    (payer_id, import_id, number, row_number, column_name, code, reason)
  SELECT $1, $2, r.number::integer, r.row_number, r.column_name, r.code, r.reason
  FROM unnest($3::bigint[], $4::text[], $5::smallint[], $6::text[]) WITH ORDINALITY
    AS r (row_number, column_name, code, reason, number)
)sql"};

// Of imports from before their parts were kept, sums stand for the parts.
constexpr pg::Query kFindRosterImport{"hierarchy_find_roster_import", R"sql(
  SELECT recorded_at, mapping, file_name, file_sha256, row_count, end_count, reject_count,
    change_number, COALESCE(parties_added, add_count), COALESCE(identifiers_added, 0),
    COALESCE(affiliations_added, 0), COALESCE(parties_changed, change_count),
    COALESCE(affiliations_changed, 0)
  FROM hierarchy.roster_import
  WHERE payer_id = $1 AND import_id = $2
)sql"};

constexpr pg::Query kLoadRosterRejects{"hierarchy_load_roster_rejects", R"sql(
  SELECT row_number, column_name, code, reason
  FROM hierarchy.roster_reject
  WHERE payer_id = $1 AND import_id = $2
  ORDER BY number
)sql"};

constexpr pg::Query kLoadParties{"hierarchy_load_parties", R"sql(
  SELECT party_id, kind
  FROM hierarchy.party
  WHERE payer_id = $1 AND change_number <= $2
  ORDER BY party_id
)sql"};

constexpr pg::Query kLoadSomeParties{"hierarchy_load_some_parties", R"sql(
  SELECT party_id, kind
  FROM hierarchy.party
  WHERE payer_id = $1 AND change_number <= $2 AND party_id = ANY ($3::bigint[])
  ORDER BY party_id
)sql"};

constexpr pg::Query kLoadDetails{"hierarchy_load_details", R"sql(
  SELECT DISTINCT ON (party_id, valid_from)
    party_id, valid_from, name, line1, line2, city, state, postal_code
  FROM hierarchy.party_detail
  WHERE payer_id = $1 AND change_number <= $2
  ORDER BY party_id, valid_from, change_number DESC
)sql"};

constexpr pg::Query kLoadSomeDetails{"hierarchy_load_some_details", R"sql(
  SELECT DISTINCT ON (party_id, valid_from)
    party_id, valid_from, name, line1, line2, city, state, postal_code
  FROM hierarchy.party_detail
  WHERE payer_id = $1 AND change_number <= $2 AND party_id = ANY ($3::bigint[])
  ORDER BY party_id, valid_from, change_number DESC
)sql"};

constexpr pg::Query kLoadIdentifiers{"hierarchy_load_identifiers", R"sql(
  SELECT i.party_id, i.type, i.scope, i.value, i.valid_from, i.valid_to
  FROM (
    SELECT DISTINCT ON (type, scope, value, valid_from)
      party_id, type, scope, value, valid_from, valid_to, withdrawn
    FROM hierarchy.party_identifier
    WHERE payer_id = $1 AND change_number <= $2
    ORDER BY type, scope, value, valid_from, change_number DESC
  ) AS i
  WHERE NOT i.withdrawn
    AND ($3::date IS NULL
      OR (i.valid_from <= $3::date AND (i.valid_to IS NULL OR i.valid_to > $3::date)))
)sql"};

// The latest word on a value may have given it to another party, so the values that the parties
// ever had are looked up first, and then who has them.
constexpr pg::Query kLoadSomeIdentifiers{"hierarchy_load_some_identifiers", R"sql(
  SELECT i.party_id, i.type, i.scope, i.value, i.valid_from, i.valid_to
  FROM (
    SELECT DISTINCT ON (c.type, c.scope, c.value, c.valid_from)
      c.party_id, c.type, c.scope, c.value, c.valid_from, c.valid_to, c.withdrawn
    FROM hierarchy.party_identifier AS c
    WHERE c.payer_id = $1 AND c.change_number <= $2
      AND EXISTS (
        SELECT
        FROM hierarchy.party_identifier AS p
        WHERE p.payer_id = $1 AND p.party_id = ANY ($3::bigint[])
          AND p.type = c.type AND p.scope = c.scope AND p.value = c.value)
    ORDER BY c.type, c.scope, c.value, c.valid_from, c.change_number DESC
  ) AS i
  WHERE NOT i.withdrawn AND i.party_id = ANY ($3::bigint[])
)sql"};

constexpr pg::Query kLoadAffiliations{"hierarchy_load_affiliations", R"sql(
  SELECT a.parent_id, a.child_id, a.role, a.valid_from, a.valid_to
  FROM (
    SELECT DISTINCT ON (parent_id, child_id, role, valid_from)
      parent_id, child_id, role, valid_from, valid_to, withdrawn
    FROM hierarchy.affiliation
    WHERE payer_id = $1 AND change_number <= $2
    ORDER BY parent_id, child_id, role, valid_from, change_number DESC
  ) AS a
  WHERE NOT a.withdrawn
    AND ($3::date IS NULL
      OR (a.valid_from <= $3::date AND (a.valid_to IS NULL OR a.valid_to > $3::date)))
)sql"};

constexpr pg::Query kLoadToParents{"hierarchy_load_to_parents", R"sql(
  SELECT a.parent_id, a.child_id, a.role, a.valid_from, a.valid_to
  FROM (
    SELECT DISTINCT ON (parent_id, child_id, role, valid_from)
      parent_id, child_id, role, valid_from, valid_to, withdrawn
    FROM hierarchy.affiliation
    WHERE payer_id = $1 AND change_number <= $2 AND valid_from <= $3
      AND child_id = ANY ($4::bigint[])
    ORDER BY parent_id, child_id, role, valid_from, change_number DESC
  ) AS a
  WHERE NOT a.withdrawn AND (a.valid_to IS NULL OR a.valid_to > $3)
)sql"};

constexpr pg::Query kLoadToChildren{"hierarchy_load_to_children", R"sql(
  SELECT a.parent_id, a.child_id, a.role, a.valid_from, a.valid_to
  FROM (
    SELECT DISTINCT ON (parent_id, child_id, role, valid_from)
      parent_id, child_id, role, valid_from, valid_to, withdrawn
    FROM hierarchy.affiliation
    WHERE payer_id = $1 AND change_number <= $2 AND valid_from <= $3
      AND parent_id = ANY ($4::bigint[])
    ORDER BY parent_id, child_id, role, valid_from, change_number DESC
  ) AS a
  WHERE NOT a.withdrawn AND (a.valid_to IS NULL OR a.valid_to > $3)
)sql"};

constexpr pg::Query kFindIdentified{"hierarchy_find_identified", R"sql(
  SELECT i.party_id
  FROM (
    SELECT DISTINCT ON (valid_from) party_id, valid_from, valid_to, withdrawn
    FROM hierarchy.party_identifier
    WHERE payer_id = $1 AND change_number <= $2 AND valid_from <= $3
      AND type = $4 AND scope = $5 AND value = $6
    ORDER BY valid_from, change_number DESC
  ) AS i
  WHERE NOT i.withdrawn AND (i.valid_to IS NULL OR i.valid_to > $3)
)sql"};

struct PartyRow : Party {
  static PartyRow FromRow(const pg::Row& row) {
    return {{row.Get<PartyId>(0), PartyKindFromNumber(row.Get<std::int16_t>(1))}};
  }
};

struct DetailRow : PartyDetail {
  static DetailRow FromRow(const pg::Row& row) {
    return {{row.Get<PartyId>(0),
             row.Get<Date>(1),
             row.Get<std::string>(2),
             {row.Get<std::string>(3), row.Get<std::string>(4), row.Get<std::string>(5),
              row.Get<std::string>(6), row.Get<std::string>(7)}}};
  }
};

struct IdentifierRow : PartyIdentifier {
  static IdentifierRow FromRow(const pg::Row& row) {
    return {{row.Get<PartyId>(0),
             {IdentifierTypeFromNumber(row.Get<std::int16_t>(1)), row.Get<std::string>(2),
              row.Get<std::string>(3)},
             {row.Get<Date>(4), row.Get<std::optional<Date>>(5)},
             false}};
  }
};

struct AffiliationRow : Affiliation {
  static AffiliationRow FromRow(const pg::Row& row) {
    return {{row.Get<PartyId>(0),
             row.Get<PartyId>(1),
             row.Get<std::string>(2),
             {row.Get<Date>(3), row.Get<std::optional<Date>>(4)},
             false}};
  }
};

template <typename RowType, typename T>
std::vector<T> Rows(const pg::Result& result) {
  std::vector<T> rows;
  rows.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) rows.push_back(RowType::FromRow(result[i]));
  return rows;
}

// One array per column, for unnest.
template <typename T, typename Project>
auto Column(const std::vector<T>& rows, Project project) {
  std::vector<std::remove_cvref_t<std::invoke_result_t<Project&, const T&>>> column;
  column.reserve(rows.size());
  for (const T& row : rows) column.push_back(std::invoke(project, row));
  return column;
}

void InsertParties(pg::Transaction& tx, PayerId payer, std::int64_t version,
                   const std::vector<Party>& parties) {
  if (parties.empty()) return;
  tx.Execute(kInsertParties, payer, version, Column(parties, &Party::id),
             Column(parties, [](const Party& p) { return static_cast<std::int16_t>(p.kind); }));
}

void InsertDetails(pg::Transaction& tx, PayerId payer, std::int64_t version,
                   const std::vector<PartyDetail>& details) {
  if (details.empty()) return;
  const auto part = [&](std::string Address::*field) {
    return Column(details, [&](const PartyDetail& detail) -> std::string_view {
      return detail.address.*field;
    });
  };
  tx.Execute(kInsertDetails, payer, version, Column(details, &PartyDetail::party),
             Column(details, &PartyDetail::valid_from), Column(details, &PartyDetail::name),
             part(&Address::line1), part(&Address::line2), part(&Address::city),
             part(&Address::state), part(&Address::postal_code));
}

void InsertIdentifiers(pg::Transaction& tx, PayerId payer, std::int64_t version,
                       const std::vector<PartyIdentifier>& spans) {
  if (spans.empty()) return;
  using Span = PartyIdentifier;
  tx.Execute(
      kInsertIdentifiers, payer, version, Column(spans, &Span::party),
      Column(spans, [](const Span& s) { return static_cast<std::int16_t>(s.identifier.type); }),
      Column(spans, [](const Span& s) -> std::string_view { return s.identifier.scope; }),
      Column(spans, [](const Span& s) -> std::string_view { return s.identifier.value; }),
      Column(spans, [](const Span& s) { return s.valid.from; }),
      Column(spans, [](const Span& s) { return s.valid.to; }), Column(spans, &Span::withdrawn));
}

void InsertAffiliations(pg::Transaction& tx, PayerId payer, std::int64_t version,
                        const std::vector<Affiliation>& spans) {
  if (spans.empty()) return;
  using Span = Affiliation;
  tx.Execute(kInsertAffiliations, payer, version, Column(spans, &Span::parent),
             Column(spans, &Span::child), Column(spans, &Span::role),
             Column(spans, [](const Span& s) { return s.valid.from; }),
             Column(spans, [](const Span& s) { return s.valid.to; }),
             Column(spans, &Span::withdrawn));
}

}  // namespace

Head Head::FromRow(const pg::Row& row) { return {row.Get<std::int64_t>(0), row.Get<Instant>(1)}; }

Head LockHead(pg::Transaction& tx, PayerId payer) {
  tx.Execute(kEnsureHead, payer, Instant());
  return tx.Query(kLockHead, payer).One<Head>();
}

Head ReadHead(pg::Transaction& tx, PayerId payer) {
  return tx.Query(kReadHead, payer).OneOrNone<Head>().value_or(Head{});
}

std::int64_t VersionAt(pg::Transaction& tx, PayerId payer, Instant known_at) {
  return tx.Query(kVersionAt, payer, known_at).One<std::int64_t>();
}

void InsertChange(pg::Transaction& tx, PayerId payer, const ChangeRecord& record,
                  const ChangeSet& change) {
  tx.Execute(kInsertChange, payer, record.version, record.recorded_at, record.source);
  CHECK(tx.Execute(kAdvanceHead, payer, record.version, record.recorded_at) == 1);
  InsertParties(tx, payer, record.version, change.parties);
  InsertDetails(tx, payer, record.version, change.details);
  InsertIdentifiers(tx, payer, record.version, change.identifiers);
  InsertAffiliations(tx, payer, record.version, change.affiliations);
}

void InsertRosterImport(pg::Transaction& tx, PayerId payer, const RosterImportRecord& record) {
  const ImportCounts& counts = record.counts;
  tx.Execute(kInsertRosterImport, payer, record.id, record.recorded_at, record.mapping,
             record.file_name, record.file_sha256, counts.rows, counts.Adds(), counts.Changes(),
             counts.Ends(), counts.rows_rejected, record.version, counts.parties_added,
             counts.identifiers_added, counts.affiliations_added, counts.parties_changed,
             counts.affiliations_changed);
  if (record.rejects.empty()) return;
  std::vector<std::int64_t> rows;
  std::vector<std::string> columns;
  std::vector<std::int16_t> codes;
  std::vector<std::string> reasons;
  for (const Reject& reject : record.rejects) {
    rows.push_back(reject.row);
    columns.push_back(reject.column);
    codes.push_back(static_cast<std::int16_t>(reject.code));
    reasons.push_back(reject.reason);
  }
  tx.Execute(kInsertRosterRejects, payer, record.id, rows, columns, codes, reasons);
}

std::optional<RosterImportRecord> FindRosterImport(pg::Transaction& tx, PayerId payer,
                                                   RosterImportId id) {
  const pg::Result found = tx.Query(kFindRosterImport, payer, id);
  if (found.Empty()) return std::nullopt;
  const pg::Row row = found[0];
  RosterImportRecord record{.id = id,
                            .recorded_at = row.Get<Instant>(0),
                            .mapping = row.Get<std::string>(1),
                            .file_name = row.Get<std::string>(2),
                            .file_sha256 = row.Get<Digest>(3),
                            .counts = {.rows = row.Get<std::int64_t>(4),
                                       .parties_added = row.Get<std::int64_t>(8),
                                       .parties_changed = row.Get<std::int64_t>(11),
                                       .identifiers_added = row.Get<std::int64_t>(9),
                                       .affiliations_added = row.Get<std::int64_t>(10),
                                       .affiliations_changed = row.Get<std::int64_t>(12),
                                       .affiliations_ended = row.Get<std::int64_t>(5),
                                       .rows_rejected = row.Get<std::int64_t>(6)},
                            .version = row.Get<std::optional<std::int64_t>>(7)};
  const pg::Result rejects = tx.Query(kLoadRosterRejects, payer, id);
  for (int i = 0; i < rejects.Size(); ++i) {
    record.rejects.push_back({.row = rejects[i].Get<std::int64_t>(0),
                              .column = rejects[i].Get<std::string>(1),
                              .code = static_cast<RejectCode>(rejects[i].Get<std::int16_t>(2)),
                              .reason = rejects[i].Get<std::string>(3)});
  }
  return record;
}

Knowledge LoadKnowledge(pg::Transaction& tx, PayerId payer, std::int64_t version,
                        std::optional<Date> on) {
  Knowledge known;
  known.version = version;
  known.parties = Rows<PartyRow, Party>(tx.Query(kLoadParties, payer, version));
  known.details = Rows<DetailRow, PartyDetail>(tx.Query(kLoadDetails, payer, version));
  known.identifiers =
      Rows<IdentifierRow, PartyIdentifier>(tx.Query(kLoadIdentifiers, payer, version, on));
  known.affiliations =
      Rows<AffiliationRow, Affiliation>(tx.Query(kLoadAffiliations, payer, version, on));
  return known;
}

Knowledge LoadParties(pg::Transaction& tx, PayerId payer, std::int64_t version,
                      const std::vector<PartyId>& parties) {
  Knowledge known;
  known.version = version;
  known.parties = Rows<PartyRow, Party>(tx.Query(kLoadSomeParties, payer, version, parties));
  known.details = Rows<DetailRow, PartyDetail>(tx.Query(kLoadSomeDetails, payer, version, parties));
  known.identifiers =
      Rows<IdentifierRow, PartyIdentifier>(tx.Query(kLoadSomeIdentifiers, payer, version, parties));
  return known;
}

std::vector<Affiliation> LoadAffiliations(pg::Transaction& tx, PayerId payer, std::int64_t version,
                                          Date on, const std::vector<PartyId>& parties,
                                          Direction direction) {
  const pg::Query& query = direction == Direction::kToParents ? kLoadToParents : kLoadToChildren;
  auto spans = Rows<AffiliationRow, Affiliation>(tx.Query(query, payer, version, on, parties));
  // The database orders text by its own collation.
  std::ranges::sort(spans, {}, [](const Affiliation& span) {
    return std::tie(span.parent, span.child, span.role);
  });
  return spans;
}

std::optional<PartyId> FindIdentified(pg::Transaction& tx, PayerId payer, std::int64_t version,
                                      Date on, const Identifier& identifier) {
  return tx
      .Query(kFindIdentified, payer, version, on, static_cast<std::int16_t>(identifier.type),
             identifier.scope, identifier.value)
      .OneOrNone<PartyId>();
}

}  // namespace sluice::hierarchy
