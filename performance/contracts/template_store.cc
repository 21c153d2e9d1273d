#include "performance/contracts/template_store.h"

#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsertTemplate{"template_insert", R"sql(
  INSERT INTO performance.contract_template (payer_id, template_id, name, created_at)
  VALUES ($1, $2, $3, $4)
)sql"};

constexpr pg::Query kListTemplates{"template_list", R"sql(
  SELECT t.template_id, t.name, max(v.version)
  FROM performance.contract_template AS t
  JOIN performance.contract_template_version AS v
    ON v.payer_id = t.payer_id AND v.template_id = t.template_id
  WHERE t.payer_id = $1
  GROUP BY t.template_id, t.name
  ORDER BY t.name
)sql"};

constexpr pg::Query kInsertVersion{"template_insert_version", R"sql(
  INSERT INTO performance.contract_template_version (payer_id, template_id, version, title,
    content, sha256, parameters, source_contract_id, source_version, author_id, comment,
    recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

constexpr pg::Query kFindVersion{"template_find_version", R"sql(
  SELECT v.version, t.name, v.content, v.sha256, v.parameters, v.source_contract_id,
    v.source_version, v.author_id, v.comment, v.recorded_at
  FROM performance.contract_template_version AS v
  JOIN performance.contract_template AS t
    ON t.payer_id = v.payer_id AND t.template_id = v.template_id
  WHERE v.payer_id = $1 AND v.template_id = $2 AND (v.version = $3 OR $3 = 0)
  ORDER BY v.version DESC
  LIMIT 1
)sql"};

}  // namespace

void InsertTemplate(pg::Transaction& tx, PayerId payer, TemplateId id, const std::string& name,
                    Instant at) {
  tx.Execute(kInsertTemplate, payer, id, name, at);
}

std::vector<TemplateRow> ListTemplates(pg::Transaction& tx, PayerId payer) {
  std::vector<TemplateRow> rows;
  const pg::Result result = tx.Query(kListTemplates, payer);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back({row.Get<TemplateId>(0), row.Get<std::string>(1), row.Get<std::int32_t>(2)});
  }
  return rows;
}

void InsertTemplateVersion(pg::Transaction& tx, PayerId payer, const TemplateVersion& v) {
  tx.Execute(kInsertVersion, payer, v.ref.id, v.ref.version, v.terms.title, EncodeTerms(v.terms),
             HashTerms(v.terms), ParametersToText(v.parameters), v.source_contract,
             v.source_version, v.author, v.comment, v.recorded_at);
}

StatusOr<std::optional<TemplateVersion>> FindTemplate(pg::Transaction& tx, PayerId payer,
                                                      const TemplateRef& ref) {
  const pg::Result result = tx.Query(kFindVersion, payer, ref.id, ref.version);
  if (result.Empty()) return std::optional<TemplateVersion>();
  const pg::Row row = result[0];
  StatusOr<Terms> terms = DecodeTerms(row.Get<Bytes>(2));
  if (!terms.ok() || HashTerms(*terms) != row.Get<Digest>(3)) {
    return DataLoss("the terms of template {} do not match their hash", ref.id);
  }
  TemplateVersion version{.ref = {ref.id, row.Get<std::int32_t>(0)},
                          .name = row.Get<std::string>(1),
                          .terms = *std::move(terms),
                          .parameters = {},
                          .source_contract = row.Get<ContractId>(5),
                          .source_version = row.Get<std::int32_t>(6),
                          .author = row.Get<UserId>(7),
                          .comment = row.Get<std::string>(8),
                          .recorded_at = row.Get<Instant>(9)};
  ASSIGN_OR_RETURN(version.parameters, ParametersFromText(row.Get<std::string>(4)));
  return std::optional<TemplateVersion>(std::move(version));
}

}  // namespace sluice::performance
