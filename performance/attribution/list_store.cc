#include "performance/attribution/list_store.h"

#include <utility>

#include "core/check.h"
#include "core/pg/columns.h"
#include "performance/attribution/method_codec.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kFindContract{"attribution_find_contract", R"sql(
  SELECT contract_id, payer_id, party_id, effective_from, effective_to
  FROM performance.contract
  WHERE contract_id = $1
)sql"};

constexpr pg::Query kInsertMethod{"attribution_insert_method", R"sql(
  INSERT INTO performance.attribution_method
    (contract_id, version, effective_from, effective_to, content, sha256, filing_days,
     decision_days, silence_accepts, recorded_at, actor)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

constexpr pg::Query kNewestMethod{"attribution_newest_method", R"sql(
  SELECT coalesce(max(version), 0)
  FROM performance.attribution_method
  WHERE contract_id = $1
)sql"};

constexpr pg::Query kFindMethod{"attribution_find_method", R"sql(
  SELECT version, effective_from, effective_to, content, filing_days, decision_days,
    silence_accepts
  FROM performance.attribution_method
  WHERE contract_id = $1
    AND effective_from <= $2
    AND (effective_to IS NULL OR effective_to > $2)
    AND recorded_at <= $3
  ORDER BY version DESC
  LIMIT 1
)sql"};

constexpr pg::Query kAddTaxonomies{"attribution_add_taxonomies", R"sql(
  INSERT INTO performance.provider_taxonomy
    (payer_id, npi, taxonomy, recorded_at, batch_id, withdrawn)
  SELECT DISTINCT $1::bigint, u.npi, u.taxonomy, $2::timestamptz, $3::bigint, $4::boolean
  FROM unnest($5::text[], $6::text[]) AS u (npi, taxonomy)
  LEFT JOIN LATERAL (
    SELECT t.withdrawn
    FROM performance.provider_taxonomy AS t
    WHERE t.payer_id = $1
      AND t.npi = u.npi
      AND t.taxonomy = u.taxonomy
    ORDER BY t.recorded_at DESC, t.batch_id DESC
    LIMIT 1) AS known ON true
  WHERE coalesce(known.withdrawn, true) <> $4
)sql"};

constexpr pg::Query kReadTaxonomies{"attribution_read_taxonomies", R"sql(
  SELECT known.npi, known.taxonomy
  FROM (
    SELECT DISTINCT ON (t.npi, t.taxonomy) t.npi, t.taxonomy, t.withdrawn
    FROM performance.provider_taxonomy AS t
    WHERE t.payer_id = $1
      AND t.recorded_at <= $2
    ORDER BY t.npi, t.taxonomy, t.recorded_at DESC, t.batch_id DESC) AS known
  WHERE NOT known.withdrawn
  ORDER BY known.npi, known.taxonomy
)sql"};

constexpr pg::Query kInsertList{"attribution_insert_list", R"sql(
  INSERT INTO performance.attribution_list
    (contract_id, period_from, version, period_to, recorded_at, known_at, method_sha256,
     hierarchy_as_of, hierarchy_version, batch_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

constexpr pg::Query kInsertStatus{"attribution_insert_status", R"sql(
  INSERT INTO performance.attribution_list_status
    (contract_id, period_from, version, status, recorded_at, actor)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kInsertEntries{"attribution_insert_entries", R"sql(
  INSERT INTO performance.attribution_entry
    (contract_id, period_from, version, member_id, plan, valid_from, recorded_at, batch_id,
     valid_to, provider_id, practice_id, location_id, change_type, inactive, gone, basis,
     dispute_id)
  SELECT u.contract_id, u.period_from, u.version, u.member_id, u.plan, u.valid_from,
    u.recorded_at, u.batch_id, u.valid_to, u.provider_id, u.practice_id, u.location_id,
    u.change_type, u.inactive = 1, u.gone = 1, u.basis, u.dispute_id
  FROM unnest(
    $1::bigint[], $2::date[], $3::integer[], $4::bigint[], $5::text[], $6::date[],
    $7::timestamptz[], $8::bigint[], $9::date[], $10::bigint[], $11::bigint[], $12::bigint[],
    $13::smallint[], $14::smallint[], $15::smallint[], $16::text[], $17::bigint[])
    AS u (contract_id, period_from, version, member_id, plan, valid_from, recorded_at, batch_id,
          valid_to, provider_id, practice_id, location_id, change_type, inactive, gone, basis,
          dispute_id)
)sql"};

constexpr pg::Query kReadList{"attribution_read_list", R"sql(
  SELECT l.version, l.period_to, l.recorded_at, l.known_at, l.method_sha256, l.hierarchy_as_of,
    l.hierarchy_version,
    (SELECT max(s.status)
     FROM performance.attribution_list_status AS s
     WHERE s.contract_id = l.contract_id
       AND s.period_from = l.period_from
       AND s.version = l.version
       AND s.recorded_at <= $4),
    (SELECT min(s.recorded_at)
     FROM performance.attribution_list_status AS s
     WHERE s.contract_id = l.contract_id
       AND s.period_from = l.period_from
       AND s.version = l.version
       AND s.status > 1
       AND s.recorded_at <= $4),
    l.batch_id
  FROM performance.attribution_list AS l
  WHERE l.contract_id = $1
    AND l.period_from = $2
    AND ($3::integer IS NULL OR l.version = $3)
    AND l.recorded_at <= $4
  ORDER BY l.version DESC
  LIMIT 1
)sql"};

constexpr pg::Query kListPeriods{"attribution_list_periods", R"sql(
  SELECT DISTINCT period_from
  FROM performance.attribution_list
  WHERE contract_id = $1
    AND recorded_at <= $2
  ORDER BY period_from
)sql"};

constexpr pg::Query kReadEntries{"attribution_read_entries", R"sql(
  SELECT known.member_id, known.plan, known.valid_from, known.valid_to, known.provider_id,
    known.practice_id, known.location_id, known.change_type, known.inactive, known.basis,
    known.dispute_id
  FROM (
    SELECT DISTINCT ON (e.member_id, e.plan COLLATE "C", e.valid_from)
      e.member_id, e.plan, e.valid_from, e.valid_to, e.provider_id, e.practice_id, e.location_id,
      e.change_type, e.inactive, e.gone, e.basis, e.dispute_id
    FROM performance.attribution_entry AS e
    WHERE e.contract_id = $1
      AND e.period_from = $2
      AND e.version = $3
      AND e.recorded_at <= $4
    ORDER BY e.member_id, e.plan COLLATE "C", e.valid_from, e.recorded_at DESC, e.batch_id DESC)
    AS known
  WHERE NOT known.gone
  ORDER BY known.member_id, known.plan COLLATE "C", known.valid_from
)sql"};

constexpr pg::Query kInsertUnattributed{"attribution_insert_unattributed", R"sql(
  INSERT INTO performance.attribution_unattributed
    (contract_id, period_from, version, reason, members, member_months)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kReadUnattributed{"attribution_read_unattributed", R"sql(
  SELECT reason, members, member_months
  FROM performance.attribution_unattributed
  WHERE contract_id = $1
    AND period_from = $2
    AND version = $3
)sql"};

constexpr pg::Query kInsertResponses{"attribution_insert_responses", R"sql(
  INSERT INTO performance.attribution_response
    (contract_id, period_from, version, member_id, plan, valid_from, recorded_at, batch_id,
     accepted, reason, actor)
  SELECT $1, $2, $3, u.member_id, u.plan, u.valid_from, $4, $5, u.accepted = 1, u.reason, $6
  FROM unnest($7::bigint[], $8::text[], $9::date[], $10::smallint[], $11::text[])
    AS u (member_id, plan, valid_from, accepted, reason)
)sql"};

constexpr pg::Query kReadResponses{"attribution_read_responses", R"sql(
  SELECT DISTINCT ON (member_id, plan, valid_from)
    member_id, plan, valid_from, accepted, reason
  FROM performance.attribution_response
  WHERE contract_id = $1
    AND period_from = $2
    AND version = $3
    AND recorded_at <= $4
  ORDER BY member_id, plan, valid_from, recorded_at DESC, batch_id DESC
)sql"};

constexpr std::size_t kRowsPerStatement = 20'000;

using EntryColumns =
    pg::Columns<ContractId, Date, std::int32_t, std::int64_t, std::string, Date, Instant,
                std::int64_t, Date, std::optional<PartyId>, std::optional<PartyId>,
                std::optional<PartyId>, std::int16_t, std::int16_t, std::int16_t, std::string,
                std::optional<DisputeId>>;

// Gathers entries and sends them by the thousand.
class EntryWriter {
 public:
  EntryWriter(pg::Transaction& tx, const AttributionList& list, const ListChangeStamp& stamp)
      : tx_(tx), list_(list), stamp_(stamp) {}
  ~EntryWriter() = default;

  void Add(const ListEntry& entry, bool gone) {
    columns_.Add(list_.contract, list_.period.from, list_.version, entry.member_id, entry.plan,
                 entry.attributed.from, stamp_.at, stamp_.batch_id, *entry.attributed.to,
                 entry.provider, entry.practice, entry.location,
                 static_cast<std::int16_t>(entry.change), entry.inactive ? 1 : 0, gone ? 1 : 0,
                 entry.basis, entry.dispute);
    if (columns_.Rows() >= kRowsPerStatement) Flush();
  }
  void Flush() {
    if (columns_.Rows() == 0) return;
    columns_.Execute(tx_, kInsertEntries);
    columns_.Clear();
  }

 private:
  pg::Transaction& tx_;
  const AttributionList& list_;
  const ListChangeStamp& stamp_;
  EntryColumns columns_;
};

ListEntry ReadEntry(const pg::Row& row) {
  return {.member_id = row.Get<std::int64_t>(0),
          .plan = row.Get<std::string>(1),
          .attributed = {row.Get<Date>(2), row.Get<Date>(3)},
          .provider = row.Get<std::optional<PartyId>>(4),
          .practice = row.Get<std::optional<PartyId>>(5),
          .location = row.Get<std::optional<PartyId>>(6),
          .change = static_cast<ChangeType>(row.Get<std::int16_t>(7)),
          .inactive = row.Get<bool>(8),
          .basis = row.Get<std::string>(9),
          .dispute = row.Get<std::optional<DisputeId>>(10)};
}

void InsertStatus(pg::Transaction& tx, const AttributionList& list, const ListChangeStamp& stamp) {
  tx.Execute(kInsertStatus, list.contract, list.period.from, list.version,
             static_cast<std::int16_t>(list.status), stamp.at, stamp.actor);
}

}  // namespace

std::optional<AttributedContract> FindAttributedContract(pg::Transaction& tx,
                                                         ContractId contract) {
  const pg::Result result = tx.Query(kFindContract, contract);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return AttributedContract{row.Get<ContractId>(0),
                            row.Get<PayerId>(1),
                            row.Get<PartyId>(2),
                            {row.Get<Date>(3), row.Get<std::optional<Date>>(4)}};
}

void InsertMethod(pg::Transaction& tx, const MethodVersion& version, Instant recorded_at,
                  const std::string& actor) {
  tx.Execute(kInsertMethod, version.contract, version.version, version.effective.from,
             version.effective.to, EncodeMethod(version.method), HashMethod(version.method),
             version.rules.filing_days, version.rules.decision_days,
             version.rules.silence_accepts, recorded_at, actor);
}

std::int32_t NewestMethodVersion(pg::Transaction& tx, ContractId contract) {
  return tx.Query(kNewestMethod, contract).One<std::int32_t>();
}

StatusOr<std::optional<MethodVersion>> FindMethod(pg::Transaction& tx, ContractId contract,
                                                  Date day, Instant known_at) {
  const pg::Result result = tx.Query(kFindMethod, contract, day, known_at);
  if (result.Empty()) return std::optional<MethodVersion>();
  const pg::Row row = result[0];
  auto method = DecodeMethod(row.Get<Bytes>(3));
  if (!method.ok()) {
    return DataLoss("version {} of the attribution method of contract {}: {}",
                    row.Get<std::int32_t>(0), contract, StatusMessage(method.status()));
  }
  return MethodVersion{.contract = contract,
                       .version = row.Get<std::int32_t>(0),
                       .effective = {row.Get<Date>(1), row.Get<std::optional<Date>>(2)},
                       .method = *std::move(method),
                       .rules = {.filing_days = row.Get<std::int32_t>(4),
                                 .decision_days = row.Get<std::int32_t>(5),
                                 .silence_accepts = row.Get<bool>(6)}};
}

std::int64_t AddTaxonomies(pg::Transaction& tx, const Recording& recording,
                           std::span<const ProviderTaxonomy> rows, bool withdrawn) {
  std::vector<std::string_view> npis, taxonomies;
  for (const ProviderTaxonomy& row : rows) {
    npis.push_back(row.npi);
    taxonomies.push_back(row.taxonomy);
  }
  return tx.Execute(kAddTaxonomies, recording.payer, recording.recorded_at, recording.batch_id,
                    withdrawn, npis, taxonomies);
}

std::vector<ProviderTaxonomy> ReadTaxonomies(pg::Transaction& tx, PayerId payer,
                                             Instant known_at) {
  const pg::Result result = tx.Query(kReadTaxonomies, payer, known_at);
  std::vector<ProviderTaxonomy> rows;
  for (int i = 0; i < result.Size(); ++i) {
    rows.push_back({result[i].Get<std::string>(0), result[i].Get<std::string>(1)});
  }
  return rows;
}

void InsertList(pg::Transaction& tx, const AttributionList& list, const ListOrigin& origin,
                const UnattributedCounts& unattributed, const ListChangeStamp& stamp) {
  tx.Execute(kInsertList, list.contract, list.period.from, list.version, *list.period.to,
             origin.recorded_at, origin.known_at, origin.method_sha256, origin.hierarchy.as_of,
             origin.hierarchy.version, origin.batch_id);
  InsertStatus(tx, list, stamp);
  EntryWriter writer(tx, list, stamp);
  for (const ListEntry& entry : list.entries) writer.Add(entry, false);
  writer.Flush();
  for (const auto& [reason, count] : unattributed) {
    tx.Execute(kInsertUnattributed, list.contract, list.period.from, list.version, reason,
               count.members, count.member_months);
  }
}

void WriteListChange(pg::Transaction& tx, const AttributionList& before,
                     const AttributionList& after, const ListChangeStamp& stamp) {
  CHECK(before.contract == after.contract && before.period == after.period &&
        before.version == after.version);
  EntryWriter writer(tx, after, stamp);
  for (const ListEntry& entry : after.entries) {
    const ListEntry* const known = before.Find(entry.Key());
    if (known == nullptr || *known != entry) writer.Add(entry, false);
  }
  for (const ListEntry& entry : before.entries) {
    if (after.Find(entry.Key()) == nullptr) writer.Add(entry, true);
  }
  writer.Flush();
  if (before.status != after.status) InsertStatus(tx, after, stamp);
}

std::optional<StoredList> ReadList(pg::Transaction& tx, ContractId contract, Date period_from,
                                   std::optional<std::int32_t> version, Instant known_at) {
  const pg::Result head = tx.Query(kReadList, contract, period_from, version, known_at);
  if (head.Empty()) return std::nullopt;
  const pg::Row row = head[0];
  StoredList stored;
  stored.list = {.contract = contract,
                 .period = {period_from, row.Get<Date>(1)},
                 .version = row.Get<std::int32_t>(0),
                 .status = static_cast<ListStatus>(row.Get<std::int16_t>(7)),
                 .entries = {}};
  stored.origin = {.recorded_at = row.Get<Instant>(2),
                   .known_at = row.Get<Instant>(3),
                   .method_sha256 = row.Get<Digest>(4),
                   .hierarchy = {row.Get<Date>(5), row.Get<std::int64_t>(6)},
                   .batch_id = row.Get<std::optional<std::int64_t>>(9)};
  stored.opened_at = row.Get<std::optional<Instant>>(8);
  const pg::Result entries =
      tx.Query(kReadEntries, contract, period_from, stored.list.version, known_at);
  for (int i = 0; i < entries.Size(); ++i) stored.list.entries.push_back(ReadEntry(entries[i]));
  return stored;
}

std::vector<Date> ListPeriods(pg::Transaction& tx, ContractId contract, Instant known_at) {
  std::vector<Date> days;
  const pg::Result result = tx.Query(kListPeriods, contract, known_at);
  for (int i = 0; i < result.Size(); ++i) days.push_back(result[i].Get<Date>(0));
  return days;
}

UnattributedCounts ReadUnattributed(pg::Transaction& tx, ContractId contract, Date period_from,
                                    std::int32_t version) {
  const pg::Result result = tx.Query(kReadUnattributed, contract, period_from, version);
  UnattributedCounts counts;
  for (int i = 0; i < result.Size(); ++i) {
    counts[result[i].Get<std::string>(0)] = {result[i].Get<std::int64_t>(1),
                                             result[i].Get<std::int64_t>(2)};
  }
  return counts;
}

void InsertResponses(pg::Transaction& tx, const AttributionList& list,
                     const ListResponses& responses, const ListChangeStamp& stamp) {
  std::vector<std::int64_t> members;
  std::vector<std::string> plans, reasons;
  std::vector<Date> days;
  std::vector<std::int16_t> accepted;
  for (const auto& [key, response] : responses) {
    members.push_back(key.member_id);
    plans.push_back(key.plan);
    days.push_back(key.from);
    accepted.push_back(response.accepted ? 1 : 0);
    reasons.push_back(response.reason);
  }
  tx.Execute(kInsertResponses, list.contract, list.period.from, list.version, stamp.at,
             stamp.batch_id, stamp.actor, members, plans, days, accepted, reasons);
}

ListResponses ReadResponses(pg::Transaction& tx, ContractId contract, Date period_from,
                            std::int32_t version, Instant known_at) {
  const pg::Result result = tx.Query(kReadResponses, contract, period_from, version, known_at);
  ListResponses responses;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    responses[{row.Get<std::int64_t>(0), row.Get<std::string>(1), row.Get<Date>(2)}] = {
        row.Get<bool>(3), row.Get<std::string>(4)};
  }
  return responses;
}

}  // namespace sluice::performance
