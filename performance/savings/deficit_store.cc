#include "performance/savings/deficit_store.h"

#include "core/pg/columns.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kLoadDeficits{"deficit_load", R"sql(
  SELECT lot_id, kind, amount_cents, effective_on, opened_on, expires_on, contract_id, award_id,
    award_version, link_id, memo
  FROM performance.deficit_entry
  WHERE payer_id = $1
    AND program_id = $2
    AND party_id = $3
  ORDER BY entry_no
)sql"};

constexpr pg::Query kInsertDeficits{"deficit_insert", R"sql(
  INSERT INTO performance.deficit_entry
    (payer_id, program_id, party_id, entry_no, lot_id, kind, amount_cents, effective_on, opened_on,
     expires_on, contract_id, award_id, award_version, link_id, memo, recorded_at)
  SELECT payer_id, program_id, party_id, entry_no, lot_id, kind, amount_cents, effective_on,
    opened_on, expires_on, contract_id, award_id, award_version, link_id, memo, recorded_at
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::integer[], $5::bigint[],
              $6::smallint[], $7::bigint[], $8::date[], $9::date[], $10::date[], $11::bigint[],
              $12::bigint[], $13::integer[], $14::bigint[], $15::text[], $16::timestamptz[])
    AS t (payer_id, program_id, party_id, entry_no, lot_id, kind, amount_cents, effective_on,
          opened_on, expires_on, contract_id, award_id, award_version, link_id, memo, recorded_at)
)sql"};

constexpr pg::Query kFindDeficitLink{"deficit_find_link", R"sql(
  SELECT link_id, payer_id, program_id, from_party_id, to_party_id, effective_on, evidence,
    recorded_by
  FROM performance.deficit_link
  WHERE payer_id = $1
    AND program_id = $2
    AND from_party_id = $3
)sql"};

constexpr pg::Query kInsertDeficitLink{"deficit_insert_link", R"sql(
  INSERT INTO performance.deficit_link
    (payer_id, link_id, program_id, from_party_id, to_party_id, effective_on, evidence, recorded_by,
     recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

using Columns =
    pg::Columns<PayerId, ProgramId, PartyId, std::int32_t, std::int64_t, std::int16_t, Money, Date,
                Date, std::optional<Date>, std::optional<ContractId>, std::optional<AwardId>,
                std::optional<std::int32_t>, std::optional<std::int64_t>, std::string, Instant>;

DeficitEntry ReadEntry(const pg::Row& row) {
  DeficitEntry entry{.lot = row.Get<std::int64_t>(0),
                     .kind = static_cast<DeficitKind>(row.Get<std::int16_t>(1)),
                     .amount = row.Get<Money>(2),
                     .effective_on = row.Get<Date>(3),
                     .opened_on = row.Get<Date>(4),
                     .expires_on = row.Get<std::optional<Date>>(5),
                     .link = row.Get<std::optional<std::int64_t>>(9),
                     .memo = row.Get<std::string>(10)};
  if (const auto award = row.Get<std::optional<AwardId>>(7)) {
    entry.award = AwardKey{
        .contract = row.Get<ContractId>(6), .award = *award, .version = row.Get<std::int32_t>(8)};
  }
  return entry;
}

}  // namespace

std::vector<DeficitEntry> LoadDeficits(pg::Transaction& tx, const DeficitAccount& account) {
  const pg::Result rows = tx.Query(kLoadDeficits, account.payer, account.program, account.party);
  std::vector<DeficitEntry> entries;
  entries.reserve(static_cast<std::size_t>(rows.Size()));
  for (int i = 0; i < rows.Size(); ++i) entries.push_back(ReadEntry(rows[i]));
  return entries;
}

void InsertDeficits(pg::Transaction& tx, const DeficitAccount& account, std::size_t booked,
                    std::span<const DeficitEntry> entries, Instant recorded_at) {
  if (entries.empty()) return;
  Columns columns;
  columns.Reserve(entries.size());
  auto number = static_cast<std::int32_t>(booked);
  for (const DeficitEntry& entry : entries) {
    std::optional<ContractId> contract;
    std::optional<AwardId> award;
    std::optional<std::int32_t> version;
    if (entry.award) {
      contract = entry.award->contract;
      award = entry.award->award;
      version = entry.award->version;
    }
    columns.Add(account.payer, account.program, account.party, ++number, entry.lot,
                static_cast<std::int16_t>(entry.kind), entry.amount, entry.effective_on,
                entry.opened_on, entry.expires_on, contract, award, version, entry.link, entry.memo,
                recorded_at);
  }
  columns.Execute(tx, kInsertDeficits);
}

std::optional<DeficitLink> FindDeficitLink(pg::Transaction& tx, PayerId payer, ProgramId program,
                                           PartyId from) {
  const pg::Result rows = tx.Query(kFindDeficitLink, payer, program, from);
  if (rows.Empty()) return std::nullopt;
  const pg::Row row = rows[0];
  return DeficitLink{.id = row.Get<std::int64_t>(0),
                     .payer = row.Get<PayerId>(1),
                     .program = row.Get<ProgramId>(2),
                     .from = row.Get<PartyId>(3),
                     .to = row.Get<PartyId>(4),
                     .effective_on = row.Get<Date>(5),
                     .evidence = row.Get<std::string>(6),
                     .recorded_by = row.Get<std::string>(7)};
}

void InsertDeficitLink(pg::Transaction& tx, const DeficitLink& link, Instant recorded_at) {
  tx.Execute(kInsertDeficitLink, link.payer, link.id, link.program, link.from, link.to,
             link.effective_on, link.evidence, link.recorded_by, recorded_at);
}

}  // namespace sluice::performance
