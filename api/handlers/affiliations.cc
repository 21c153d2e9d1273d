// sluice.hierarchy.v1.AffiliationService: who belongs to whom. Networks of contracts are in
// networks.cc.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "api/access/matrix.h"
#include "api/handlers/affiliation_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/party_list_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "hierarchy/affiliation_service.h"
#include "hierarchy/affiliation_store.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/hierarchy_store.h"
#include "sluice/hierarchy/v1/affiliation.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::hierarchy::v1;

using hierarchy::Affiliation;
using hierarchy::AffiliationKey;
using hierarchy::AsOf;
using hierarchy::HierarchyService;
using hierarchy::HierarchySnapshot;
using hierarchy::SnapshotEdge;

// A span is named by what never changes of it: "aff_", the ids of parent and child without their
// prefix, the role and the first day.
std::string AffiliationName(PayerId payer, const AffiliationKey& key) {
  const std::size_t prefix = PartyTag::kPrefix.size() + 1;
  std::string day = FormatDateCompact(key.from);
  return fmt::format("payers/{}/affiliations/aff_{}{}-{}-{}", payer,
                     key.parent.ToString().substr(prefix), key.child.ToString().substr(prefix),
                     key.role, day);
}

StatusOr<AffiliationKey> AffiliationOf(const std::string& name) {
  constexpr std::string_view kPrefix = "aff_";
  constexpr std::size_t kId = 13;
  constexpr std::size_t kDay = 8;
  const std::string id = name.substr(name.rfind('/') + 1);
  const std::size_t role = kPrefix.size() + 2 * kId + 1;
  if (!id.starts_with(kPrefix) || id.size() < role + 2 + kDay || id[role - 1] != '-' ||
      id[id.size() - kDay - 1] != '-') {
    return InvalidArgument("{} is no id of an affiliation: take it from an answer", id);
  }
  const auto party = [&](std::size_t at) {
    return PartyId::Parse(fmt::format("{}_{}", PartyTag::kPrefix, id.substr(at, kId)));
  };
  AffiliationKey key;
  ASSIGN_OR_RETURN(key.parent, party(kPrefix.size()));
  ASSIGN_OR_RETURN(key.child, party(kPrefix.size() + kId));
  key.role = id.substr(role, id.size() - kDay - 1 - role);
  ASSIGN_OR_RETURN(key.from, ParseDate(id.substr(id.size() - kDay)));
  return key;
}

v1::Affiliation AffiliationMessage(PayerId payer, const Affiliation& span) {
  v1::Affiliation to;
  to.set_name(AffiliationName(payer, {span.parent, span.child, span.role, span.valid.from}));
  to.set_parent(PartyName(payer, span.parent));
  to.set_child(PartyName(payer, span.child));
  to.set_role(span.role);
  Set(*to.mutable_valid()->mutable_from(), span.valid.from);
  if (span.valid.to) Set(*to.mutable_valid()->mutable_to(), *span.valid.to);
  to.set_withdrawn(span.withdrawn);
  return to;
}

v1::Affiliation EdgeMessage(PayerId payer, const SnapshotEdge& edge) {
  return AffiliationMessage(payer, {edge.parent, edge.child, edge.role, edge.valid});
}

StatusOr<PartyId> PartyAt(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<PartyTag>("parties");
}

Status RequireParty(const Call& call, PartyId party) {
  return call.Require({.payer = call.Payer(), .owner = party, .path = {}, .funder = {}});
}

void SetAsOf(core::v1::AsOf& to, const Call& call, const AsOf& as_of) {
  Set(*to.mutable_day(), as_of.day);
  Set(*to.mutable_known_at(), as_of.known_at.value_or(call.Now()));
}

// The parties at which the caller's grants stand: what these belong to, they know of themselves.
std::vector<PartyId> OwnParties(const Call& call) {
  std::vector<PartyId> own;
  for (const Grant& grant : call.Caller().grants) {
    if (grant.root == PartyId()) continue;
    if (RightOf(grant.role, Resource::kParty, Verb::kRead).granted) own.push_back(grant.root);
  }
  return own;
}

// Which edges somebody sees whose right is of a part of the payer: both ends are in that part.
// That a practice belongs to another network, too, is not for this one to know.
class SeenEdges {
 public:
  explicit SeenEdges(const Call& call) : among_(call.WhichParties()), own_(OwnParties(call)) {}

  bool operator()(const SnapshotEdge& edge) const {
    if (!among_) return true;
    return IsAmong(edge.child) &&
           (IsAmong(edge.parent) || std::ranges::find(own_, edge.child) != own_.end());
  }
  void Narrow(AffiliationView& view) const {
    view.among = among_;
    view.own = own_;
  }

 private:
  bool IsAmong(PartyId party) const { return std::ranges::binary_search(*among_, party); }

  std::optional<std::vector<PartyId>> among_;  // by id
  std::vector<PartyId> own_;
};

// One page of the affiliations of a view, written by `add`.
template <typename Response, typename Add>
StatusOr<Response> ListSpans(Call& call, AffiliationView view, const AsOf& as_of,
                             const ListPage& page, Add add) {
  SeenEdges(call).Narrow(view);
  view.day = as_of.day;
  return call.Read([&](pg::Transaction& tx) -> StatusOr<Response> {
    view.version = HierarchyVersion(tx, call.Payer(), as_of);
    const AffiliationPage loaded = LoadAffiliationPage(tx, view, page);
    Response response;
    for (const Affiliation& span : loaded.affiliations) {
      *add(response) = AffiliationMessage(call.Payer(), span);
    }
    response.set_next_page_token(loaded.next_page_token);
    SetAsOf(*response.mutable_as_of(), call, as_of);
    return response;
  });
}

// The arguments of the lists of one party, which have neither filter nor order.
template <typename Request>
StatusOr<ListPage> PageOfParty(const Call& call, const Request& request) {
  ListQuery query{.payer = call.Payer(),
                  .user = call.User(),
                  .method = call.Method(),
                  .parent = request.name(),
                  .filter = {},
                  .order_by = {},
                  .others = {request.as_of().SerializeAsString()}};
  return ListPage::Of(call.Tokens(), std::move(query), {request.page_size(), request.page_token()},
                      AffiliationFields(), "name");
}

StatusOr<v1::ListParentsResponse> ListParents(Call& call, const v1::ListParentsRequest& request) {
  ASSIGN_OR_RETURN(const PartyId party, PartyAt(request.name()));
  RETURN_IF_ERROR(RequireParty(call, party));
  ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(call, request.as_of()));
  ASSIGN_OR_RETURN(const ListPage page, PageOfParty(call, request));
  return ListSpans<v1::ListParentsResponse>(
      call, {.payer = call.Payer(), .child = party}, as_of, page,
      [](v1::ListParentsResponse& response) { return response.add_parents(); });
}

StatusOr<v1::ListChildrenResponse> ListChildren(Call& call,
                                                const v1::ListChildrenRequest& request) {
  ASSIGN_OR_RETURN(const PartyId party, PartyAt(request.name()));
  RETURN_IF_ERROR(RequireParty(call, party));
  ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(call, request.as_of()));
  ASSIGN_OR_RETURN(const ListPage page, PageOfParty(call, request));
  return ListSpans<v1::ListChildrenResponse>(
      call, {.payer = call.Payer(), .parent = party}, as_of, page,
      [](v1::ListChildrenResponse& response) { return response.add_children(); });
}

StatusOr<v1::ListAffiliationsResponse> ListAffiliations(
    Call& call, const v1::ListAffiliationsRequest& request) {
  ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(call, request.as_of()));
  ListQuery query = QueryOf(call, request);
  query.others = {request.as_of().SerializeAsString()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     AffiliationFields(), "parent, child, role"));
  return ListSpans<v1::ListAffiliationsResponse>(
      call, {.payer = call.Payer()}, as_of, page,
      [](v1::ListAffiliationsResponse& response) { return response.add_affiliations(); });
}

StatusOr<v1::ListPathsResponse> ListPaths(Call& call, const v1::ListPathsRequest& request) {
  ASSIGN_OR_RETURN(const PartyId from, PartyAt(request.name()));
  ASSIGN_OR_RETURN(const PartyId to, PartyAt(request.to()));
  RETURN_IF_ERROR(RequireParty(call, from));
  RETURN_IF_ERROR(RequireParty(call, to));
  ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(call, request.as_of()));
  const HierarchyService service(call.Reading(), call.Clock());
  ASSIGN_OR_RETURN(const std::vector<hierarchy::Path> paths,
                   service.Paths(call.Payer(), from, to, as_of));
  const SeenEdges seen(call);
  v1::ListPathsResponse response;
  for (const hierarchy::Path& path : paths) {
    if (!std::ranges::all_of(path, seen)) continue;
    v1::Path& added = *response.add_paths();
    for (const SnapshotEdge& edge : path) *added.add_edges() = EdgeMessage(call.Payer(), edge);
  }
  SetAsOf(*response.mutable_as_of(), call, as_of);
  return response;
}

using EdgeKey = std::tuple<PartyId, PartyId, std::string, Date>;
using EdgesByKey = std::map<EdgeKey, SnapshotEdge>;

// What the caller sees of one answer of the hierarchy.
StatusOr<EdgesByKey> LoadEdges(Call& call, std::string_view field, const core::v1::AsOf& when,
                               std::optional<PartyId> below) {
  const StatusOr<AsOf> as_of = ReadAsOf(call, when);
  if (!as_of.ok()) return WrongFields({{std::string(field), "names no day of the calendar"}});
  const HierarchyService service(call.Reading(), call.Clock());
  ASSIGN_OR_RETURN(HierarchySnapshot snapshot, service.Snapshot(call.Payer(), *as_of));
  if (below) snapshot = snapshot.Under(*below);
  const SeenEdges seen(call);
  EdgesByKey edges;
  for (const SnapshotEdge& edge : snapshot.Edges()) {
    if (seen(edge)) edges[{edge.parent, edge.child, edge.role, edge.valid.from}] = edge;
  }
  return edges;
}

StatusOr<v1::DiffHierarchyResponse> DiffHierarchy(Call& call,
                                                  const v1::DiffHierarchyRequest& request) {
  std::optional<PartyId> below;
  if (!request.below().empty()) {
    ASSIGN_OR_RETURN(below, PartyAt(request.below()));
    RETURN_IF_ERROR(RequireParty(call, *below));
  }
  ASSIGN_OR_RETURN(const EdgesByKey before, LoadEdges(call, "before", request.before(), below));
  ASSIGN_OR_RETURN(const EdgesByKey after, LoadEdges(call, "after", request.after(), below));
  v1::DiffHierarchyResponse response;
  for (const auto& [key, edge] : after) {
    const auto known = before.find(key);
    if (known == before.end()) {
      *response.add_added() = EdgeMessage(call.Payer(), edge);
    } else if (known->second.valid.to != edge.valid.to) {
      *response.add_changed() = EdgeMessage(call.Payer(), edge);
    }
  }
  for (const auto& [key, edge] : before) {
    if (!after.contains(key)) *response.add_removed() = EdgeMessage(call.Payer(), edge);
  }
  return response;
}

Status CheckSource(const std::string& source) {
  constexpr std::size_t kLongest = 200;
  if (source.size() <= kLongest) return OkStatus();
  return WrongFields({{"source", "says who says so, in 1 to 200 bytes"}});
}

StatusOr<Affiliation> ReadAffiliation(const v1::Affiliation& from, const std::string& field) {
  Affiliation span{.role = from.role(), .withdrawn = from.withdrawn()};
  ASSIGN_OR_RETURN(span.parent, PartyAt(from.parent()));
  ASSIGN_OR_RETURN(span.child, PartyAt(from.child()));
  ASSIGN_OR_RETURN(span.valid.from, ReadDate(field + ".valid.from", from.valid().from()));
  if (from.valid().has_to()) {
    ASSIGN_OR_RETURN(span.valid.to, ReadDate(field + ".valid.to", from.valid().to()));
  }
  return span;
}

StatusOr<v1::RecordAffiliationsResponse> RecordAffiliations(
    Call& call, const v1::RecordAffiliationsRequest& request) {
  constexpr int kMost = 1000;
  RETURN_IF_ERROR(CheckSource(request.source()));
  if (request.affiliations_size() > kMost) {
    return WrongFields({{"affiliations", "are at most 1,000 at once"}});
  }
  hierarchy::ChangeSet change;
  for (int i = 0; i < request.affiliations_size(); ++i) {
    ASSIGN_OR_RETURN(Affiliation span,
                     ReadAffiliation(request.affiliations(i), fmt::format("affiliations[{}]", i)));
    change.affiliations.push_back(std::move(span));
  }
  return call.Change<v1::RecordAffiliationsResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return HierarchyService(database, call.Clock())
                 .Apply(call.Payer(), change, {.source = request.source(), .recorded_at = {}})
                 .status();
           },
       // The head is locked by the change: its last version is this one.
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::RecordAffiliationsResponse> {
         const hierarchy::Head head = hierarchy::ReadHead(tx, call.Payer());
         v1::RecordAffiliationsResponse response;
         response.set_version(head.version);
         Set(*response.mutable_record_time(), head.recorded_at);
         return response;
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = request.source()});
}

StatusOr<v1::Affiliation> EndAffiliation(Call& call, const v1::EndAffiliationRequest& request) {
  RETURN_IF_ERROR(CheckSource(request.source()));
  ASSIGN_OR_RETURN(const AffiliationKey key, AffiliationOf(request.name()));
  ASSIGN_OR_RETURN(const Date end, ReadDate("end", request.end()));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::Affiliation> {
    const std::int64_t version = hierarchy::LockHead(tx, call.Payer()).version;
    const auto span = hierarchy::FindAffiliation(tx, call.Payer(), version, key);
    if (!span) return NotFound("there is no affiliation {}", request.name());
    return AffiliationMessage(call.Payer(), *span);
  };
  return call.Change<v1::Affiliation>({.before = load,
                                       .work =
                                           [&](const pg::Database& database) {
                                             return hierarchy::AffiliationService(database,
                                                                                  call.Clock())
                                                 .End(call.Payer(), key, end, request.source());
                                           },
                                       .after = load,
                                       .etag = std::nullopt,
                                       .validate_only = request.validate_only(),
                                       .reason = request.source()});
}

}  // namespace

// Who belongs to whom steers what is paid and who sees what, and nobody approves it after it was
// entered: so only who holds the right in the whole payer changes it.
void ServeAffiliations(Methods& methods) {
  const std::string service = "sluice.hierarchy.v1.AffiliationService.";
  methods.Serve<v1::ListParentsRequest, v1::ListParentsResponse>(
      service + "ListParents", ListParents, Narrowing::kByHandler);
  methods.Serve<v1::ListChildrenRequest, v1::ListChildrenResponse>(
      service + "ListChildren", ListChildren, Narrowing::kByHandler);
  methods.Serve<v1::ListPathsRequest, v1::ListPathsResponse>(service + "ListPaths", ListPaths,
                                                             Narrowing::kByHandler);
  methods.Serve<v1::ListAffiliationsRequest, v1::ListAffiliationsResponse>(
      service + "ListAffiliations", ListAffiliations, Narrowing::kByHandler);
  methods.Serve<v1::DiffHierarchyRequest, v1::DiffHierarchyResponse>(
      service + "DiffHierarchy", DiffHierarchy, Narrowing::kByHandler);
  methods.Serve<v1::RecordAffiliationsRequest, v1::RecordAffiliationsResponse>(
      service + "RecordAffiliations", RecordAffiliations);
  methods.Serve<v1::EndAffiliationRequest, v1::Affiliation>(service + "EndAffiliation",
                                                            EndAffiliation);
}

}  // namespace sluice::api
