// sluice.performance.v1.AwardService
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/access/decision.h"
#include "api/handlers/award_list_store.h"
#include "api/handlers/award_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "core/bytes.h"
#include "performance/award_store.h"
#include "performance/recalculation/recalculator.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::AwardKey;
using performance::StoredAward;

Status Denied() { return PermissionDenied("{}", kDeniedText); }

// Of "payers/p/contracts/c/awards/a"; version 0 is the newest.
StatusOr<AwardKey> AwardAt(const std::string& name, std::int32_t version) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  AwardKey key{.version = version};
  ASSIGN_OR_RETURN(key.contract, path.Get<ContractTag>("contracts"));
  ASSIGN_OR_RETURN(key.award, path.Get<AwardTag>("awards"));
  if (version < 0) return WrongFields({{"version", "counts from 1; 0 is the newest"}});
  return key;
}

StatusOr<StoredAward> FindStored(pg::Transaction& tx, const AwardKey& key) {
  std::optional<StoredAward> award = performance::FindAward(tx, key);
  if (award) return *std::move(award);
  if (key.version == 0) return NotFound("contract {} has no award {}", key.contract, key.award);
  return NotFound("award {} has no version {}", key.award, key.version);
}

// An award is the contract's party's; of one that the caller may not see, nothing is said.
StatusOr<StoredAward> FindAwardFor(pg::Transaction& tx, const Call& call, const AwardKey& key) {
  RETURN_IF_ERROR(FindContractFor(tx, call, key.contract).status());
  return FindStored(tx, key);
}

StatusOr<v1::Award> GetAward(Call& call, const v1::GetAwardRequest& request) {
  ASSIGN_OR_RETURN(const AwardKey key, AwardAt(request.name(), request.version()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Award> {
    ASSIGN_OR_RETURN(const StoredAward award, FindAwardFor(tx, call, key));
    v1::Award to = AwardMessage(call.Payer(), award);
    RETURN_IF_ERROR(AddExplanation(tx, call.Payer(), award, to));
    return to;
  });
}

StatusOr<v1::ListAwardsResponse> ListAwards(Call& call, const v1::ListAwardsRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  AwardsOfView view{.among = call.WhichParties()};
  ASSIGN_OR_RETURN(view.program, path.GetOrAll<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(view.period, ReadPeriod("period", request.period()));
  ListQuery query = QueryOf(call, request);
  query.others = {request.period().SerializeAsString()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     AwardFields(), "contract"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListAwardsResponse> {
    const AwardPage loaded = LoadAwardPage(tx, view, page);
    v1::ListAwardsResponse response;
    for (const StoredAward& award : loaded.awards) {
      v1::Award& to = *response.add_awards();
      to = AwardMessage(call.Payer(), award);
      if (request.view() == v1::AWARD_VIEW_FULL) {
        RETURN_IF_ERROR(AddExplanation(tx, call.Payer(), award, to));
      }
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::ListAwardVersionsResponse> ListAwardVersions(
    Call& call, const v1::ListAwardVersionsRequest& request) {
  ASSIGN_OR_RETURN(const AwardKey key, AwardAt(request.parent(), 0));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), PlainQueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     AwardVersionFields(), "version"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListAwardVersionsResponse> {
    RETURN_IF_ERROR(FindAwardFor(tx, call, key).status());
    const AwardPage loaded = LoadAwardVersionPage(tx, key.contract, key.award, page);
    v1::ListAwardVersionsResponse response;
    for (const StoredAward& award : loaded.awards) {
      v1::Award& to = *response.add_award_versions();
      to = AwardMessage(call.Payer(), award);
      RETURN_IF_ERROR(AddExplanation(tx, call.Payer(), award, to));
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// --- Shares ---

// The parties from the contract's party down to a line. A line that is no party's (a pool of a
// role, what goes back to the payer) belongs to the next party above it.
std::vector<PartyId> WayTo(const std::vector<ShareOwner>& owners, std::size_t position) {
  std::vector<PartyId> way;
  for (std::int32_t at = static_cast<std::int32_t>(position); at >= 0;) {
    const ShareOwner& owner = owners[static_cast<std::size_t>(at)];
    if (owner.party != PartyId()) way.insert(way.begin(), owner.party);
    at = owner.parent_position;
  }
  return way;
}

// The lines that the caller may see: all of them, or those that went through the own tree.
std::optional<std::vector<std::int64_t>> VisibleLines(pg::Transaction& tx, const Call& call,
                                                      const AwardKey& key) {
  if (!call.WhichParties()) return std::nullopt;
  const std::vector<ShareOwner> owners = LoadShareOwners(tx, key);
  std::vector<std::int64_t> visible;
  for (std::size_t position = 0; position < owners.size(); ++position) {
    const std::vector<PartyId> way = WayTo(owners, position);
    const Object line{.payer = call.Payer(),
                      .owner = way.empty() ? PartyId() : way.back(),
                      .path = way,
                      .funder = {}};
    if (call.Require(line).ok()) visible.push_back(static_cast<std::int64_t>(position));
  }
  return visible;
}

void SetShare(v1::AwardShare& to, PayerId payer, const AwardShareRow& row) {
  to.set_position(row.position);
  to.set_parent_position(row.parent_position);
  if (row.party != PartyId()) to.set_party(PartyName(payer, row.party));
  to.set_role(row.role);
  to.set_label(row.label);
  to.set_weight(row.weight);
  Set(*to.mutable_received(), row.received);
  Set(*to.mutable_amount(), row.amount);
  to.set_zero_reason(row.zero_reason);
  for (std::size_t at = 0; at < row.notes.size();) {
    const std::size_t end = std::min(row.notes.find(',', at), row.notes.size());
    to.add_notes(row.notes.substr(at, end - at));
    at = end + 1;
  }
  to.set_detail(row.detail);
}

StatusOr<v1::ListAwardSharesResponse> ListAwardShares(Call& call,
                                                      const v1::ListAwardSharesRequest& request) {
  ASSIGN_OR_RETURN(AwardKey key, AwardAt(request.parent(), request.version()));
  ListQuery query = QueryOf(call, request);
  query.others = {fmt::format("version={}", request.version())};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     AwardShareFields(), "position"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListAwardSharesResponse> {
    const StatusOr<StoredAward> award = FindStored(tx, key);
    // Who has no line in it learns of no award whether it is there.
    if (!award.ok()) return call.WhichParties() ? Denied() : award.status();
    key.version = award->version;
    const std::optional<std::vector<std::int64_t>> among = VisibleLines(tx, call, key);
    if (among && among->empty()) return Denied();
    const AwardSharePage loaded = LoadAwardSharePage(tx, key, among, page);
    v1::ListAwardSharesResponse response;
    for (const AwardShareRow& row : loaded.shares) {
      SetShare(*response.add_award_shares(), call.Payer(), row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// --- As known, and packages ---

StatusOr<Instant> ReadKnownAt(const google::protobuf::Timestamp& at) {
  constexpr std::int64_t kMicros = 1'000'000;
  constexpr std::int64_t kLast = 253'402'300'800;  // the end of the year 9999
  if (at.seconds() < 0 || at.seconds() >= kLast || at.nanos() < 0 || at.nanos() >= 1'000'000'000) {
    return WrongFields({{"known_at", "is an instant from 1970 on"}});
  }
  return Instant::FromMicros(at.seconds() * kMicros + at.nanos() / 1000);
}

StatusOr<v1::Award> CalculateAwardAsKnown(Call& call,
                                          const v1::CalculateAwardAsKnownRequest& request) {
  ASSIGN_OR_RETURN(const AwardKey key, AwardAt(request.name(), 0));
  ASSIGN_OR_RETURN(const Instant known_at, ReadKnownAt(request.known_at()));
  ASSIGN_OR_RETURN(const StoredAward newest,
                   call.Read([&](pg::Transaction& tx) { return FindAwardFor(tx, call, key); }));
  performance::ProgramRecalculator recalculator(call.Reading(), call.Payer(), call.Clock(),
                                                call.Ids());
  ASSIGN_OR_RETURN(
      const performance::Award award,
      recalculator.AsKnown(key.contract, {.period = newest.period, .pay_date = newest.pay_date},
                           newest.hierarchy_as_of, known_at));
  v1::Award to;
  to.set_name(AwardNameOf(call.Payer(), key.contract, key.award));
  to.set_program(ProgramNameOf(call.Payer(), newest.program));
  to.set_party(PartyName(call.Payer(), newest.party));
  SetDays(*to.mutable_period(), newest.period);
  Set(*to.mutable_pay_date(), newest.pay_date);
  to.set_stream(newest.stream);
  SetResult(to, award);
  Set(*to.mutable_known_at(), known_at);
  Set(*to.mutable_calculate_time(), call.Now());
  return to;
}

StatusOr<v1::ReplayPackage> ExportReplayPackage(Call& call,
                                                const v1::ExportReplayPackageRequest& request) {
  ASSIGN_OR_RETURN(AwardKey key, AwardAt(request.name(), request.version()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ReplayPackage> {
    ASSIGN_OR_RETURN(const StoredAward award, FindAwardFor(tx, call, key));
    key.version = award.version;
    const std::optional<std::string> package = performance::FindPackage(tx, key);
    if (!package) return DataLoss("award {} version {} has no package", key.award, key.version);
    v1::ReplayPackage to;
    to.set_content(*package);
    to.set_sha256(ToHex(Sha256(AsBytes(*package))));
    return to;
  });
}

}  // namespace

void ServeAwards(Methods& methods) {
  const std::string service = "sluice.performance.v1.AwardService.";
  methods.Serve<v1::GetAwardRequest, v1::Award>(service + "GetAward", GetAward,
                                                Narrowing::kByHandler);
  methods.Serve<v1::ListAwardsRequest, v1::ListAwardsResponse>(service + "ListAwards", ListAwards,
                                                               Narrowing::kByHandler);
  methods.Serve<v1::ListAwardVersionsRequest, v1::ListAwardVersionsResponse>(
      service + "ListAwardVersions", ListAwardVersions, Narrowing::kByHandler);
  methods.Serve<v1::ListAwardSharesRequest, v1::ListAwardSharesResponse>(
      service + "ListAwardShares", ListAwardShares, Narrowing::kByHandler);
  methods.Serve<v1::CalculateAwardAsKnownRequest, v1::Award>(
      service + "CalculateAwardAsKnown", CalculateAwardAsKnown, Narrowing::kByHandler);
  methods.Serve<v1::ExportReplayPackageRequest, v1::ReplayPackage>(service + "ExportReplayPackage",
                                                                   ExportReplayPackage);
}

}  // namespace sluice::api
