#include "api/service/request_store.h"

namespace sluice::api {
namespace {

constexpr pg::Query kFindAnswer{"core_find_answer", R"sql(
  SELECT body_hash, body, code, answer
  FROM core.request
  WHERE payer_id = $1 AND principal = $2 AND operation = $3 AND request_id = $4
)sql"};

constexpr pg::Query kInsertAnswer{"core_insert_answer", R"sql(
  INSERT INTO core.request (payer_id, principal, operation, request_id, body_hash, body, code,
    answer, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (payer_id, principal, operation, request_id) DO NOTHING
)sql"};

std::string TextOf(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

std::optional<KeptAnswer> FindAnswer(pg::Transaction& tx, const RequestKey& key) {
  const pg::Result result =
      tx.Query(kFindAnswer, key.payer, key.user.ToString(), key.method, key.id);
  if (result.Empty()) return std::nullopt;
  const pg::Row row = result[0];
  return KeptAnswer{.request_hash = row.Get<Digest>(0),
                    .request = TextOf(row.Get<ByteView>(1)),
                    .code = row.Get<std::int16_t>(2),
                    .answer = TextOf(row.Get<ByteView>(3))};
}

bool InsertAnswer(pg::Transaction& tx, const RequestKey& key, const KeptAnswer& kept, Instant at) {
  return tx.Execute(kInsertAnswer, key.payer, key.user.ToString(), key.method, key.id,
                    kept.request_hash, AsBytes(kept.request), kept.code, AsBytes(kept.answer),
                    at) == 1;
}

}  // namespace sluice::api
