#include "payments/obligation_store.h"

#include <utility>

#include "core/check.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertAwards{"payments_insert_collected_awards", R"sql(
  INSERT INTO payments.collected_award (book_id, award_id, award_version, contract_id, cycle_id,
    award_hash, stream, line_kind, contract_name, holder_name, program_name, period_text,
    performance_year, award_cents, withheld_cents, accrued_cents, zero_reason, steps, recorded_at)
  SELECT $1, u.award, u.version, u.contract, $2, u.hash, u.stream, u.kind, u.contract_name,
    u.holder, u.program, u.period, u.year, u.cents, u.withheld, u.accrued, u.zero_reason, u.steps,
    $3
  FROM unnest ($4::bigint[], $5::int[], $6::bigint[], $7::bytea[], $8::text[], $9::smallint[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::int[], $15::bigint[], $16::bigint[],
    $17::bigint[], $18::text[], $19::bytea[])
    AS u (award, version, contract, hash, stream, kind, contract_name, holder, program, period,
      year, cents, withheld, accrued, zero_reason, steps)
)sql"};

constexpr pg::Query kLoadVersions{"payments_load_collected_versions", R"sql(
  SELECT award_id, award_version, award_hash
  FROM payments.collected_award
  WHERE book_id = $1 AND award_id = ANY ($2::bigint[])
  ORDER BY award_id, award_version
)sql"};

constexpr pg::Query kInsertObligations{"payments_insert_obligations", R"sql(
  INSERT INTO payments.obligation (book_id, obligation_id, cycle_id, award_id, award_version,
    component, position, contract_id, performance_year, party_id, payee_id, amount_cents,
    withhold_cents, split_steps, state, under_party_id, role, routed_from, recognized, recorded_at)
  SELECT $1, u.id, u.cycle, u.award, u.version, u.component, u.position, u.contract, u.year,
    u.party, u.payee, u.cents, u.withhold, u.steps, u.state, u.under_party, u.role, u.routed_from,
    false, $2
  FROM unnest ($3::bigint[], $4::bigint[], $5::bigint[], $6::int[], $7::smallint[], $8::int[],
    $9::bigint[], $10::int[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
    $15::bytea[], $16::smallint[], $17::bigint[], $18::text[], $19::bigint[])
    AS u (id, cycle, award, version, component, position, contract, year, party, payee, cents,
      withhold, steps, state, under_party, role, routed_from)
)sql"};

constexpr pg::Query kLockOfAwards{"payments_lock_obligations_of_awards", R"sql(
  SELECT obligation_id, cycle_id, award_id, award_version, component, position, contract_id,
    performance_year, party_id, payee_id, amount_cents, withhold_cents, ''::bytea, state,
    recognized, under_party_id, role, routed_from
  FROM payments.obligation
  WHERE book_id = $1 AND award_id = ANY ($2::bigint[])
  ORDER BY obligation_id
  FOR UPDATE
)sql"};

// 0 calculated, 1 payable, 2 held. Runs under way: calculated (2) to blocked (6).
constexpr pg::Query kLockOpen{"payments_lock_open_obligations", R"sql(
  SELECT o.obligation_id, o.cycle_id, o.award_id, o.award_version, o.component, o.position,
    o.contract_id, o.performance_year, o.party_id, o.payee_id, o.amount_cents, o.withhold_cents,
    ''::bytea, o.state, o.recognized, o.under_party_id, o.role, o.routed_from
  FROM payments.obligation AS o
  WHERE o.book_id = $1 AND o.state IN (0, 1, 2)
    AND NOT EXISTS (
      SELECT 1
      FROM payments.run AS r
      JOIN payments.run_line AS l
        ON l.book_id = r.book_id AND l.run_id = r.run_id AND l.revision = r.revision
      WHERE r.book_id = $1 AND r.run_id <> $2 AND r.state BETWEEN 2 AND 6
        AND l.obligation_id = o.obligation_id)
  ORDER BY o.obligation_id
  FOR UPDATE OF o
)sql"};

// 0 calculated; component 1 is a release out of the reserve.
constexpr pg::Query kLoadPromisedReserves{"payments_load_promised_reserves", R"sql(
  SELECT payee_id, performance_year,
    sum(CASE WHEN component = 1 THEN amount_cents ELSE -withhold_cents END)::bigint
  FROM payments.obligation
  WHERE book_id = $1 AND state = 0 AND NOT recognized AND payee_id IS NOT NULL
    AND (component = 1 OR withhold_cents < 0)
  GROUP BY payee_id, performance_year
)sql"};

constexpr pg::Query kLockByIds{"payments_lock_obligations", R"sql(
  SELECT obligation_id, cycle_id, award_id, award_version, component, position, contract_id,
    performance_year, party_id, payee_id, amount_cents, withhold_cents, ''::bytea, state,
    recognized, under_party_id, role, routed_from
  FROM payments.obligation
  WHERE book_id = $1 AND obligation_id = ANY ($2::bigint[])
  ORDER BY obligation_id
  FOR UPDATE
)sql"};

constexpr pg::Query kLoadByIds{"payments_load_obligations", R"sql(
  SELECT obligation_id, cycle_id, award_id, award_version, component, position, contract_id,
    performance_year, party_id, payee_id, amount_cents, withhold_cents, split_steps, state,
    recognized, under_party_id, role, routed_from
  FROM payments.obligation
  WHERE book_id = $1 AND obligation_id = ANY ($2::bigint[])
  ORDER BY obligation_id
)sql"};

constexpr pg::Query kMoveObligations{"payments_move_obligations", R"sql(
  UPDATE payments.obligation AS o
  SET state = u.next, payee_id = u.payee, recognized = u.recognized <> 0,
    routed_from = COALESCE(u.routed_from, o.routed_from)
  FROM unnest ($2::bigint[], $3::smallint[], $4::smallint[], $5::bigint[], $6::smallint[],
    $7::bigint[]) AS u (id, state, next, payee, recognized, routed_from)
  WHERE o.book_id = $1 AND o.obligation_id = u.id AND o.state = u.state
)sql"};

constexpr pg::Query kLoadPromised{"payments_load_promised_offsets", R"sql(
  SELECT p.payee_id, sum(p.offset_cents)::bigint
  FROM payments.run AS r
  JOIN payments.run_payee AS p
    ON p.book_id = r.book_id AND p.run_id = r.run_id AND p.revision = r.revision
  WHERE r.book_id = $1 AND r.run_id <> $2 AND r.state BETWEEN 2 AND 6 AND p.offset_cents > 0
    AND NOT EXISTS (
      SELECT 1 FROM payments.run_batch AS b
      WHERE b.book_id = r.book_id AND b.run_id = r.run_id AND b.batch_no = p.batch_no)
  GROUP BY p.payee_id
)sql"};

// Each payment once, whatever number of the obligations it paid. States 6, 7, 8: rejected, voided,
// returned.
constexpr pg::Query kLoadTakenBefore{"payments_load_taken_before", R"sql(
  SELECT p.payee_id, sum(p.offset_cents)::bigint, sum(p.tax_cents)::bigint
  FROM (
    SELECT DISTINCT c.disbursement_id
    FROM payments.obligation_claim AS c
    WHERE c.book_id = $1 AND c.obligation_id = ANY ($2::bigint[]) AND NOT c.live
  ) AS u
  JOIN payments.disbursement AS d
    ON d.book_id = $1 AND d.disbursement_id = u.disbursement_id AND d.state IN (6, 7, 8, 9)
  JOIN payments.run AS r ON r.book_id = $1 AND r.run_id = d.run_id
  JOIN payments.run_payee AS p
    ON p.book_id = $1 AND p.run_id = r.run_id AND p.revision = r.revision
      AND p.payee_id = d.payee_id
  WHERE p.offset_cents > 0 OR p.tax_cents > 0
  GROUP BY p.payee_id
)sql"};

constexpr pg::Query kInsertLines{"payments_insert_run_lines", R"sql(
  INSERT INTO payments.run_line (book_id, run_id, revision, obligation_id, payee_id, posting,
    amount_cents, withhold_cents, hold_reason)
  SELECT $1, $2, $3, u.id, u.payee, u.posting, u.cents, u.withhold, u.hold
  FROM unnest ($4::bigint[], $5::bigint[], $6::smallint[], $7::bigint[], $8::bigint[],
    $9::smallint[]) AS u (id, payee, posting, cents, withhold, hold)
)sql"};

constexpr pg::Query kInsertRunPayees{"payments_insert_run_payees", R"sql(
  INSERT INTO payments.run_payee (book_id, run_id, revision, payee_id, batch_no, gross_cents,
    withhold_cents, carried_cents, recoup_cents, offset_cents, net_cents, rail, account_id,
    account_version, hold_reason, hold_note, tax_cents, method, delivery, preference_id)
  SELECT $1, $2, $3, u.payee, u.batch, u.gross, u.withhold, u.carried, u.recoup, u.taken, u.net,
    u.rail, u.account, u.version, u.hold, u.note, u.tax, u.method, u.delivery, u.preference
  FROM unnest ($4::bigint[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::bigint[], $12::smallint[], $13::bigint[], $14::int[], $15::smallint[],
    $16::text[], $17::bigint[], $18::smallint[], $19::smallint[], $20::bigint[])
    AS u (payee, batch, gross, withhold, carried, recoup, taken, net, rail, account, version, hold,
      note, tax, method, delivery, preference)
)sql"};

constexpr pg::Query kLoadLines{"payments_load_run_lines", R"sql(
  SELECT obligation_id, payee_id, posting, amount_cents, withhold_cents, hold_reason
  FROM payments.run_line
  WHERE book_id = $1 AND run_id = $2 AND revision = $3
  ORDER BY obligation_id
)sql"};

constexpr pg::Query kLoadRunPayees{"payments_load_run_payees", R"sql(
  SELECT payee_id, batch_no, gross_cents, withhold_cents, carried_cents, recoup_cents,
    offset_cents, net_cents, rail, account_id, account_version, hold_reason, hold_note,
    tax_cents, method, delivery, preference_id
  FROM payments.run_payee
  WHERE book_id = $1 AND run_id = $2 AND revision = $3
  ORDER BY payee_id
)sql"};

// An index probe for each payee: LATERAL leaves no other plan. Where the server has no statistics
// yet, it was seen to compare every line of the run with every payee of the batch.
constexpr pg::Query kLoadLinesOfPayees{"payments_load_lines_of_payees", R"sql(
  SELECT l.obligation_id, l.payee_id, l.posting, l.amount_cents, l.withhold_cents, l.hold_reason
  FROM unnest ($4::bigint[]) AS p (payee_id)
  CROSS JOIN LATERAL (
    SELECT r.obligation_id, r.payee_id, r.posting, r.amount_cents, r.withhold_cents, r.hold_reason
    FROM payments.run_line AS r
    WHERE r.book_id = $1 AND r.run_id = $2 AND r.revision = $3 AND r.payee_id = p.payee_id
    OFFSET 0
  ) AS l
  ORDER BY l.obligation_id
)sql"};

// The primary key is the only index of the table: no other could be taken for the probe.
constexpr pg::Query kLoadRunPayeesOf{"payments_load_run_payees_of", R"sql(
  SELECT p.payee_id, p.batch_no, p.gross_cents, p.withhold_cents, p.carried_cents, p.recoup_cents,
    p.offset_cents, p.net_cents, p.rail, p.account_id, p.account_version, p.hold_reason,
    p.hold_note, p.tax_cents, p.method, p.delivery, p.preference_id
  FROM unnest ($4::bigint[]) AS u (payee_id)
  CROSS JOIN LATERAL (
    SELECT r.payee_id, r.batch_no, r.gross_cents, r.withhold_cents, r.carried_cents,
      r.recoup_cents, r.offset_cents, r.net_cents, r.rail, r.account_id, r.account_version,
      r.hold_reason, r.hold_note, r.tax_cents, r.method, r.delivery, r.preference_id
    FROM payments.run_payee AS r
    WHERE r.book_id = $1 AND r.run_id = $2 AND r.revision = $3 AND r.payee_id = u.payee_id
    OFFSET 0
  ) AS p
  ORDER BY p.payee_id
)sql"};

constexpr pg::Query kLoadDigestAwards{"payments_load_digest_awards", R"sql(
  WITH awards AS MATERIALIZED (
    SELECT DISTINCT award_id, award_version
    FROM payments.obligation
    WHERE book_id = $1
      AND obligation_id = ANY (ARRAY(
        SELECT l.obligation_id
        FROM payments.run_line AS l
        WHERE l.book_id = $1 AND l.run_id = $2 AND l.revision = $3))
  )
  SELECT award_id, award_version, award_hash
  FROM payments.collected_award
  WHERE book_id = $1
    AND (award_id, award_version) IN (SELECT award_id, award_version FROM awards)
  ORDER BY award_id, award_version
)sql"};

constexpr pg::Query kLoadAwards{"payments_load_collected_awards", R"sql(
  SELECT award_id, award_version, contract_id, stream, line_kind, contract_name, holder_name,
    program_name, period_text, performance_year, award_cents, withheld_cents, zero_reason, steps
  FROM payments.collected_award
  WHERE book_id = $1 AND award_id = ANY ($2::bigint[])
  ORDER BY award_id, award_version
)sql"};

constexpr pg::Query kLoadAwardsOfCycle{"payments_load_awards_of_cycle", R"sql(
  SELECT DISTINCT ON (award_id) award_id, award_version, contract_id, stream, line_kind,
    contract_name, holder_name, program_name, period_text, performance_year, award_cents,
    withheld_cents, zero_reason, NULL::bytea
  FROM payments.collected_award
  WHERE book_id = $1 AND cycle_id = $2
  ORDER BY award_id, award_version DESC
)sql"};

ObligationRow ObligationOf(const pg::Row& row) {
  return ObligationRow{
      .id = row.Get<ObligationId>(0),
      .cycle = row.Get<CycleId>(1),
      .award = row.Get<AwardId>(2),
      .award_version = row.Get<std::int32_t>(3),
      .component = static_cast<ObligationComponent>(row.Get<std::int16_t>(4)),
      .position = row.Get<std::int32_t>(5),
      .contract = row.Get<ContractId>(6),
      .performance_year = row.Get<std::int32_t>(7),
      .owner = {row.Get<PartyId>(8), row.Get<PartyId>(15), row.Get<std::string>(16)},
      .payee = row.Get<std::optional<PayeeId>>(9),
      .amount = row.Get<Money>(10),
      .withhold = row.Get<Money>(11),
      .split_steps = row.Get<Bytes>(12),
      .state = static_cast<ObligationState>(row.Get<std::int16_t>(13)),
      .recognized = row.Get<bool>(14),
      .routed_from = row.Get<std::optional<PayeeId>>(17)};
}

std::vector<ObligationRow> ObligationsOf(const pg::Result& result) {
  std::vector<ObligationRow> rows;
  rows.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) rows.push_back(ObligationOf(result[i]));
  return rows;
}

std::vector<RunLine> LinesOf(const pg::Result& result) {
  std::vector<RunLine> lines;
  lines.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    lines.push_back({.obligation = row.Get<ObligationId>(0),
                     .payee = row.Get<std::optional<PayeeId>>(1),
                     .posting = static_cast<LinePosting>(row.Get<std::int16_t>(2)),
                     .amount = row.Get<Money>(3),
                     .withhold = row.Get<Money>(4),
                     .hold = static_cast<HoldReason>(row.Get<std::int16_t>(5))});
  }
  return lines;
}

std::vector<RunPayee> PayeesOf(const pg::Result& result) {
  std::vector<RunPayee> payees;
  payees.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    payees.push_back({.payee = row.Get<PayeeId>(0),
                      .batch_no = row.Get<std::int32_t>(1),
                      .gross = row.Get<Money>(2),
                      .withhold = row.Get<Money>(3),
                      .carried = row.Get<Money>(4),
                      .recoup = row.Get<Money>(5),
                      .offset = row.Get<Money>(6),
                      .net = row.Get<Money>(7),
                      .rail = static_cast<Rail>(row.Get<std::int16_t>(8)),
                      .account = row.Get<BankAccountId>(9),
                      .account_version = row.Get<std::int32_t>(10),
                      .hold = static_cast<HoldReason>(row.Get<std::int16_t>(11)),
                      .hold_note = row.Get<std::string>(12)});
    payees.back().tax = row.Get<Money>(13);
    payees.back().method = static_cast<PayoutMethod>(row.Get<std::int16_t>(14));
    payees.back().delivery = static_cast<RemittanceDelivery>(row.Get<std::int16_t>(15));
    payees.back().preference = row.Get<PreferenceId>(16);
  }
  return payees;
}

CollectedAward AwardOf(const pg::Row& row) {
  CollectedAward award{.award = row.Get<AwardId>(0),
                       .version = row.Get<std::int32_t>(1),
                       .contract = row.Get<ContractId>(2),
                       .stream = row.Get<std::string>(3),
                       .line_kind = static_cast<LineKind>(row.Get<std::int16_t>(4)),
                       .contract_name = row.Get<std::string>(5),
                       .holder_name = row.Get<std::string>(6),
                       .program_name = row.Get<std::string>(7),
                       .period_text = row.Get<std::string>(8),
                       .performance_year = row.Get<std::int32_t>(9),
                       .award_amount = row.Get<Money>(10),
                       .withheld = row.Get<Money>(11),
                       .zero_reason = row.Get<std::string>(12)};
  if (const auto steps = row.Get<std::optional<Bytes>>(13)) {
    auto decoded = DecodeSteps(*steps);
    CHECK(decoded.ok());  // written by EncodeSteps in this book, and never updated
    award.steps = *std::move(decoded);
  }
  return award;
}

std::vector<CollectedAward> AwardsOf(const pg::Result& result) {
  std::vector<CollectedAward> awards;
  awards.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) awards.push_back(AwardOf(result[i]));
  return awards;
}

}  // namespace

void InsertCollectedAwards(pg::Transaction& tx, const Cycle& cycle,
                           std::span<const AwardToPay> awards, std::span<const Money> accrued,
                           Instant at) {
  CHECK(awards.size() == accrued.size());
  tx.Execute(kInsertAwards, cycle.book, cycle.id, at, Pluck(awards, &AwardToPay::award),
             Pluck(awards, &AwardToPay::version), Pluck(awards, &AwardToPay::contract),
             Pluck(awards, &AwardToPay::hash), Pluck(awards, &AwardToPay::stream),
             Pluck(awards, [](const AwardToPay& a) { return Stored(a.line_kind); }),
             Pluck(awards, &AwardToPay::contract_name), Pluck(awards, &AwardToPay::holder_name),
             Pluck(awards, &AwardToPay::program_name), Pluck(awards, &AwardToPay::period_text),
             Pluck(awards, &AwardToPay::performance_year), Pluck(awards, &AwardToPay::gross),
             Pluck(awards, &AwardToPay::withheld), accrued, Pluck(awards, &AwardToPay::zero_reason),
             Pluck(awards, [](const AwardToPay& a) { return EncodeSteps(a.steps); }));
}

std::vector<CollectedVersion> LoadCollectedVersions(pg::Transaction& tx, BookId book,
                                                    std::span<const AwardId> awards) {
  const pg::Result result = tx.Query(kLoadVersions, book, awards);
  std::vector<CollectedVersion> versions;
  for (int i = 0; i < result.Size(); ++i) {
    versions.push_back(
        {result[i].Get<AwardId>(0), result[i].Get<std::int32_t>(1), result[i].Get<Digest>(2)});
  }
  return versions;
}

void InsertObligations(pg::Transaction& tx, BookId book, std::span<const ObligationRow> rows,
                       Instant at) {
  tx.Execute(kInsertObligations, book, at, Pluck(rows, &ObligationRow::id),
             Pluck(rows, &ObligationRow::cycle), Pluck(rows, &ObligationRow::award),
             Pluck(rows, &ObligationRow::award_version),
             Pluck(rows, [](const ObligationRow& row) { return Stored(row.component); }),
             Pluck(rows, &ObligationRow::position), Pluck(rows, &ObligationRow::contract),
             Pluck(rows, &ObligationRow::performance_year),
             Pluck(rows, [](const ObligationRow& row) { return row.owner.party; }),
             Pluck(rows, &ObligationRow::payee), Pluck(rows, &ObligationRow::amount),
             Pluck(rows, &ObligationRow::withhold), Pluck(rows, &ObligationRow::split_steps),
             Pluck(rows, [](const ObligationRow& row) { return Stored(row.state); }),
             Pluck(rows, [](const ObligationRow& row) { return row.owner.under; }),
             Pluck(rows, [](const ObligationRow& row) { return row.owner.role; }),
             Pluck(rows, &ObligationRow::routed_from));
}

std::vector<ObligationRow> LockObligationsOfAwards(pg::Transaction& tx, BookId book,
                                                   std::span<const AwardId> awards) {
  return ObligationsOf(tx.Query(kLockOfAwards, book, awards));
}

std::vector<ObligationRow> LockOpenObligations(pg::Transaction& tx, BookId book, RunId run) {
  return ObligationsOf(tx.Query(kLockOpen, book, run));
}

std::vector<ObligationRow> LockObligations(pg::Transaction& tx, BookId book,
                                           std::span<const ObligationId> ids) {
  return ObligationsOf(tx.Query(kLockByIds, book, ids));
}

std::vector<ObligationRow> LoadObligations(pg::Transaction& tx, BookId book,
                                           std::span<const ObligationId> ids) {
  return ObligationsOf(tx.Query(kLoadByIds, book, ids));
}

std::map<ReserveKey, Money> LoadPromisedReserves(pg::Transaction& tx, BookId book) {
  const pg::Result result = tx.Query(kLoadPromisedReserves, book);
  std::map<ReserveKey, Money> promised;
  for (int i = 0; i < result.Size(); ++i) {
    promised[{result[i].Get<PayeeId>(0), result[i].Get<std::int32_t>(1)}] = result[i].Get<Money>(2);
  }
  return promised;
}

Status MoveObligations(pg::Transaction& tx, BookId book, std::span<const ObligationMove> moves) {
  if (moves.empty()) return OkStatus();
  const std::int64_t rows =
      tx.Execute(kMoveObligations, book, Pluck(moves, &ObligationMove::id),
                 Pluck(moves, [](const ObligationMove& move) { return Stored(move.from); }),
                 Pluck(moves, [](const ObligationMove& move) { return Stored(move.to); }),
                 Pluck(moves, &ObligationMove::payee),
                 Pluck(moves, [](const ObligationMove& move) { return Stored(move.recognized); }),
                 Pluck(moves, &ObligationMove::routed_from));
  if (rows != static_cast<std::int64_t>(moves.size())) {
    return FailedPrecondition("{} of {} obligations are in another state than expected",
                              static_cast<std::int64_t>(moves.size()) - rows, moves.size());
  }
  return OkStatus();
}

std::map<PayeeId, Money> LoadPromisedOffsets(pg::Transaction& tx, BookId book, RunId run) {
  const pg::Result result = tx.Query(kLoadPromised, book, run);
  std::map<PayeeId, Money> promised;
  for (int i = 0; i < result.Size(); ++i) {
    promised.emplace(result[i].Get<PayeeId>(0), result[i].Get<Money>(1));
  }
  return promised;
}

std::map<PayeeId, TakenBefore> LoadTakenBefore(pg::Transaction& tx, BookId book,
                                               std::span<const ObligationId> obligations) {
  const pg::Result result = tx.Query(kLoadTakenBefore, book, obligations);
  std::map<PayeeId, TakenBefore> taken;
  for (int i = 0; i < result.Size(); ++i) {
    taken.emplace(result[i].Get<PayeeId>(0),
                  TakenBefore{result[i].Get<Money>(1), result[i].Get<Money>(2)});
  }
  return taken;
}

void InsertPlan(pg::Transaction& tx, const Run& run, const RunPlan& plan) {
  const auto& lines = plan.lines;
  tx.Execute(kInsertLines, run.book, run.id, run.revision, Pluck(lines, &RunLine::obligation),
             Pluck(lines, &RunLine::payee),
             Pluck(lines, [](const RunLine& line) { return Stored(line.posting); }),
             Pluck(lines, &RunLine::amount), Pluck(lines, &RunLine::withhold),
             Pluck(lines, [](const RunLine& line) { return Stored(line.hold); }));
  const auto& payees = plan.payees;
  tx.Execute(kInsertRunPayees, run.book, run.id, run.revision, Pluck(payees, &RunPayee::payee),
             Pluck(payees, &RunPayee::batch_no), Pluck(payees, &RunPayee::gross),
             Pluck(payees, &RunPayee::withhold), Pluck(payees, &RunPayee::carried),
             Pluck(payees, &RunPayee::recoup), Pluck(payees, &RunPayee::offset),
             Pluck(payees, &RunPayee::net),
             Pluck(payees, [](const RunPayee& payee) { return Stored(payee.rail); }),
             Pluck(payees, &RunPayee::account), Pluck(payees, &RunPayee::account_version),
             Pluck(payees, [](const RunPayee& payee) { return Stored(payee.hold); }),
             Pluck(payees, &RunPayee::hold_note), Pluck(payees, &RunPayee::tax),
             Pluck(payees, [](const RunPayee& payee) { return Stored(payee.method); }),
             Pluck(payees, [](const RunPayee& payee) { return Stored(payee.delivery); }),
             Pluck(payees, &RunPayee::preference));
}

RunPlan LoadPlan(pg::Transaction& tx, const Run& run) {
  return RunPlan{.lines = LinesOf(tx.Query(kLoadLines, run.book, run.id, run.revision)),
                 .payees = PayeesOf(tx.Query(kLoadRunPayees, run.book, run.id, run.revision))};
}

RunPlan LoadPlanOf(pg::Transaction& tx, const Run& run, std::span<const PayeeId> payees) {
  return RunPlan{
      .lines = LinesOf(tx.Query(kLoadLinesOfPayees, run.book, run.id, run.revision, payees)),
      .payees = LoadRunPayees(tx, run, payees)};
}

std::vector<RunPayee> LoadRunPayees(pg::Transaction& tx, const Run& run,
                                    std::span<const PayeeId> payees) {
  return PayeesOf(tx.Query(kLoadRunPayeesOf, run.book, run.id, run.revision, payees));
}

std::vector<DigestAward> LoadDigestAwards(pg::Transaction& tx, const Run& run) {
  const pg::Result result = tx.Query(kLoadDigestAwards, run.book, run.id, run.revision);
  std::vector<DigestAward> awards;
  for (int i = 0; i < result.Size(); ++i) {
    awards.push_back(
        {result[i].Get<AwardId>(0), result[i].Get<std::int32_t>(1), result[i].Get<Digest>(2)});
  }
  return awards;
}

std::vector<CollectedAward> LoadCollectedAwards(pg::Transaction& tx, BookId book,
                                                std::span<const AwardId> awards) {
  return AwardsOf(tx.Query(kLoadAwards, book, awards));
}

std::vector<CollectedAward> LoadAwardsOfCycle(pg::Transaction& tx, BookId book, CycleId cycle) {
  return AwardsOf(tx.Query(kLoadAwardsOfCycle, book, cycle));
}

}  // namespace sluice::payments
