#include "api/handlers/proposal_store.h"

#include <utility>
#include <vector>

namespace sluice::api {
namespace {

constexpr pg::Query kInsertProposal{"core_insert_proposal", R"sql(
  INSERT INTO core.proposal (payer_id, action, resource, seq_no, etag, content, note, proposed_by,
    proposed_at)
  SELECT $1, $2, $3, COALESCE(max(p.seq_no), 0) + 1, $4, $5, $6, $7, $8
  FROM core.proposal AS p
  WHERE p.payer_id = $1 AND p.action = $2 AND p.resource = $3
)sql"};

constexpr pg::Query kLoadProposals{"core_load_proposals", R"sql(
  SELECT DISTINCT ON (resource) action, resource, etag, content, note, proposed_by, proposed_at
  FROM core.proposal
  WHERE payer_id = $1 AND action = $2 AND resource = ANY ($3::text[])
  ORDER BY resource, seq_no DESC
)sql"};

}  // namespace

void InsertProposal(pg::Transaction& tx, PayerId payer, const Proposal& proposal) {
  tx.Execute(kInsertProposal, payer, proposal.action, proposal.resource, proposal.etag,
             proposal.content, proposal.note, proposal.by, proposal.at);
}

std::map<std::string, Proposal> LoadProposals(pg::Transaction& tx, PayerId payer,
                                              std::string_view action,
                                              std::span<const std::string> resources) {
  std::map<std::string, Proposal> proposals;
  if (resources.empty()) return proposals;
  const pg::Result rows = tx.Query(kLoadProposals, payer, std::string(action), resources);
  for (int i = 0; i < rows.Size(); ++i) {
    const pg::Row row = rows[i];
    Proposal proposal{.action = row.Get<std::string>(0),
                      .resource = row.Get<std::string>(1),
                      .etag = row.Get<std::string>(2),
                      .content = row.Get<std::string>(3),
                      .note = row.Get<std::string>(4),
                      .by = row.Get<UserId>(5),
                      .at = row.Get<Instant>(6)};
    std::string resource = proposal.resource;
    proposals.emplace(std::move(resource), std::move(proposal));
  }
  return proposals;
}

std::optional<Proposal> FindProposal(pg::Transaction& tx, PayerId payer, std::string_view action,
                                     const std::string& resource) {
  const std::vector<std::string> resources{resource};
  auto found = LoadProposals(tx, payer, action, resources);
  if (found.empty()) return std::nullopt;
  return std::move(found.begin()->second);
}

StatusOr<Proposal> RequireProposal(pg::Transaction& tx, PayerId payer, const Seconded& wanted) {
  if (wanted.first == wanted.second) {
    return PermissionDenied("{} proposed it: another person carries it out", wanted.first);
  }
  auto proposal = FindProposal(tx, payer, wanted.action, wanted.resource);
  if (!proposal || proposal->etag != wanted.etag) {
    return FailedPrecondition(
        "two people decide about {}, and nobody proposed it as it stands: one proposes, then "
        "another one carries it out",
        wanted.resource);
  }
  if (proposal->by != wanted.first || proposal->content != wanted.content) {
    return FailedPrecondition("what is proposed for {} is another thing, or by {}: read it again",
                              wanted.resource, proposal->by);
  }
  return *std::move(proposal);
}

}  // namespace sluice::api
