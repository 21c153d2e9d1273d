// sluice.performance.v1.EpisodeService
//
// An episode is of its contract's party: whoever sees a part of the payer sees the episodes of the
// contracts that their own party has, and of no other.
#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/contract_reach.h"
#include "api/handlers/detail_values.h"
#include "api/handlers/episode_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/member_names.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "performance/episodes/episode_service.h"
#include "performance/episodes/episode_store.h"
#include "sluice/performance/v1/detail.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::EpisodeDetails;
using performance::EpisodeId;
using performance::EpisodeService;

struct EpisodePlace {
  ContractId contract;
  EpisodeId episode;
};

StatusOr<EpisodePlace> EpisodePlaceOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  EpisodePlace place;
  ASSIGN_OR_RETURN(place.contract, path.Get<ContractTag>("contracts"));
  ASSIGN_OR_RETURN(place.episode, path.Get<performance::EpisodeTag>("episodes"));
  return place;
}

// What the table shows. The numbers of the contract are those that are stored.
v1::Episode RowMessage(PayerId payer, const performance::EpisodeRow& row) {
  const performance::EpisodeRecord& episode = row.episode;
  v1::Episode to;
  to.set_name(fmt::format("{}/episodes/{}", NameOfContract(payer, episode.contract), episode.id));
  to.set_type(episode.type);
  to.set_state(static_cast<v1::EpisodeState>(row.status));
  Set(*to.mutable_opened_on(), episode.opened_on);
  to.set_patient_name(episode.patient_name);
  to.set_patient_number(episode.patient_number);
  to.set_member(MemberName(payer, episode.member_number));
  to.set_member_number(episode.member_number);
  to.set_anchor_claim(episode.anchor_claim);
  return to;
}

Money InCents(const Exact& amount) { return Round(amount, Rounding::kHalfAwayFromZero); }

v1::Episode DetailsMessage(PayerId payer, const EpisodeDetails& details) {
  v1::Episode to = RowMessage(payer, details.row);
  if (details.line) {
    Set(*to.mutable_target(), InCents(details.line->target));
    Set(*to.mutable_actual(), InCents(details.line->actual));
  }
  std::int32_t rounds = 0;
  for (const performance::EpisodePosting& posting : details.postings) {
    v1::EpisodePosting& added = *to.add_postings();
    added.set_round(posting.round);
    added.set_party(PartyName(payer, posting.party));
    Set(*added.mutable_due(), posting.due);
    Set(*added.mutable_difference(), posting.difference);
    Set(*added.mutable_record_time(), posting.at);
    rounds = std::max(rounds, posting.round);
  }
  for (const performance::EpisodeDocument& document : details.documents) {
    v1::EpisodeDocument& added = *to.add_documents();
    added.set_display_name(document.name);
    added.set_reference(document.reference);
    added.set_sha256(ToHex(document.sha256));
    Set(*added.mutable_record_time(), document.at);
  }
  for (const performance::EpisodeEvent& event : details.time_line) {
    v1::EpisodeMoment& added = *to.add_timeline();
    Set(*added.mutable_on(), event.day);
    added.set_what(event.what);
  }
  to.set_etag(fmt::format("\"{}-{}-{}-{}\"", details.row.episode.id, details.statuses.size(),
                          rounds, details.documents.size()));
  return to;
}

StatusOr<v1::Episode> LoadMessage(pg::Transaction& tx, PayerId payer, const EpisodePlace& place) {
  const std::optional<EpisodeDetails> details =
      performance::LoadEpisodeDetails(tx, place.contract, place.episode);
  if (!details) {
    return NotFound("contract {} has no episode {}", place.contract, place.episode);
  }
  return DetailsMessage(payer, *details);
}

StatusOr<v1::Episode> GetEpisode(Call& call, const v1::GetEpisodeRequest& request) {
  ASSIGN_OR_RETURN(const EpisodePlace place, EpisodePlaceOf(request.name()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  if (!reach.Shows(reach.Party())) return PermissionDenied("{}", kDeniedText);
  return call.Read([&](pg::Transaction& tx) { return LoadMessage(tx, call.Payer(), place); });
}

StatusOr<v1::ListEpisodesResponse> ListEpisodes(Call& call,
                                                const v1::ListEpisodesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     EpisodeFields(), "opened_on desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListEpisodesResponse> {
    const EpisodePage loaded = LoadEpisodePage(tx, RootsOf(call), page);
    v1::ListEpisodesResponse response;
    for (const performance::EpisodeRow& row : loaded.episodes) {
      *response.add_episodes() = RowMessage(call.Payer(), row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::EpisodeOverview> GetEpisodeOverview(Call& call,
                                                 const v1::GetEpisodeOverviewRequest& request) {
  ASSIGN_OR_RETURN(const Filter filter, ParseFilter(request.filter(), EpisodeFields()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::EpisodeOverview> {
    std::map<std::pair<std::string, int>, std::int64_t> counts;
    for (const performance::EpisodeType& type : performance::ListEpisodeTypes(tx, call.Payer())) {
      for (const performance::EpisodeStatus status : performance::kEpisodeStatuses) {
        counts[{type.code, static_cast<int>(status)}] = 0;
      }
    }
    v1::EpisodeOverview overview;
    std::int64_t total = 0;
    for (const performance::EpisodeCount& count : CountEpisodesBy(tx, RootsOf(call), filter)) {
      counts[{count.type, static_cast<int>(count.status)}] = count.count;
      total += count.count;
    }
    for (const auto& [key, count] : counts) {
      v1::EpisodeCount& to = *overview.add_counts();
      to.set_type(key.first);
      to.set_state(static_cast<v1::EpisodeState>(key.second));
      to.set_count(count);
    }
    overview.set_total(total);
    return overview;
  });
}

void SetType(v1::EpisodeType& to, const performance::EpisodeType& type) {
  to.set_code(type.code);
  to.set_display_name(type.name);
  to.set_inactive(!type.active);
}

StatusOr<v1::ListEpisodeTypesResponse> ListEpisodeTypes(
    Call& call, const v1::ListEpisodeTypesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), PlainQueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     EpisodeTypeFields(), "code"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListEpisodeTypesResponse> {
    const EpisodeTypePage loaded = LoadEpisodeTypePage(tx, call.Payer(), page);
    v1::ListEpisodeTypesResponse response;
    for (const performance::EpisodeType& type : loaded.types) {
      SetType(*response.add_episode_types(), type);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::SetEpisodeTypesResponse> SetEpisodeTypes(Call& call,
                                                      const v1::SetEpisodeTypesRequest& request) {
  std::vector<performance::EpisodeType> types;
  for (const v1::EpisodeType& type : request.types()) {
    types.push_back({.code = type.code(), .name = type.display_name(), .active = !type.inactive()});
  }
  return call.Change<v1::SetEpisodeTypesResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return EpisodeService(database, call.Payer(), call.Clock(), call.Ids())
                 .SetTypes(types);
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::SetEpisodeTypesResponse> {
         v1::SetEpisodeTypesResponse response;
         for (const performance::EpisodeType& type :
              performance::ListEpisodeTypes(tx, call.Payer())) {
           SetType(*response.add_types(), type);
         }
         return response;
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

StatusOr<v1::Episode> AcceptEpisode(Call& call, const v1::AcceptEpisodeRequest& request) {
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  const v1::Episode& from = request.episode();
  ASSIGN_OR_RETURN(const std::vector<NamedMember> members, call.Read([&](pg::Transaction& tx) {
    return ReadMembers(tx, call.Payer(), {{"episode.member", from.member()}});
  }));
  performance::EpisodeRecord episode{.contract = reach.Contract(),
                                     .id = call.Ids().Next<performance::EpisodeTag>(),
                                     .type = from.type(),
                                     .patient_name = from.patient_name(),
                                     .patient_number = from.patient_number(),
                                     .member_id = members.front().id,
                                     .member_number = members.front().number,
                                     .anchor_claim = from.anchor_claim()};
  ASSIGN_OR_RETURN(episode.opened_on, ReadDate("episode.opened_on", from.opened_on()));
  return call.Change<v1::Episode>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return EpisodeService(database, call.Payer(), call.Clock(), call.Ids())
                 .Accept(episode, call.User());
           },
       .after =
           [&](pg::Transaction& tx) {
             return LoadMessage(tx, call.Payer(), {episode.contract, episode.id});
           },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

using EpisodeWork = std::function<Status(EpisodeService&, const EpisodePlace&)>;

StatusOr<v1::Episode> ChangeEpisode(Call& call, const std::string& name,
                                    const std::optional<std::string>& etag,
                                    const EpisodeWork& work) {
  ASSIGN_OR_RETURN(const EpisodePlace place, EpisodePlaceOf(name));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, place.contract));
  const auto load = [&](pg::Transaction& tx) { return LoadMessage(tx, call.Payer(), place); };
  return call.Change<v1::Episode>({.before = load,
                                   .work =
                                       [&](const pg::Database& database) {
                                         EpisodeService service(database, call.Payer(),
                                                                call.Clock(), call.Ids());
                                         return work(service, place);
                                       },
                                   .after = load,
                                   .etag = etag,
                                   .validate_only = false,
                                   .reason = ""});
}

StatusOr<v1::Episode> AdvanceEpisode(Call& call, const v1::AdvanceEpisodeRequest& request) {
  if (!v1::EpisodeState_IsValid(request.to()) || request.to() == 0) {
    return WrongFields({{"to", "is none of the states"}});
  }
  const auto to = static_cast<performance::EpisodeStatus>(request.to());
  return ChangeEpisode(call, request.name(), request.etag(),
                       [&](EpisodeService& service, const EpisodePlace& place) {
                         return service.Advance(place.contract, place.episode, to, call.User());
                       });
}

StatusOr<v1::Episode> AttachEpisodeDocument(Call& call,
                                            const v1::AttachEpisodeDocumentRequest& request) {
  const v1::EpisodeDocument& from = request.document();
  ASSIGN_OR_RETURN(const Digest sha256, ReadDigest("document.sha256", from.sha256()));
  return ChangeEpisode(
      call, request.name(), std::nullopt, [&](EpisodeService& service, const EpisodePlace& place) {
        return service.AddDocument(place.contract, place.episode, from.display_name(),
                                   from.reference(), sha256, call.User());
      });
}

StatusOr<v1::Episode> PostEpisodeBudget(Call& call, const v1::PostEpisodeBudgetRequest& request) {
  std::vector<performance::BudgetParticipant> participants;
  for (const v1::EpisodeParticipant& from : request.participants()) {
    const std::string at = fmt::format("participants[{}]", participants.size());
    performance::BudgetParticipant participant;
    ASSIGN_OR_RETURN(participant.party, ReadParty(at + ".party", from.party()));
    const StatusOr<Ratio> weight = Ratio::Parse(from.weight());
    if (!weight.ok()) return WrongFields({{at + ".weight", "is a fraction: 2/5"}});
    participant.weight = *weight;
    participants.push_back(std::move(participant));
  }
  const Money due = Money::FromCents(request.due().cents());
  return ChangeEpisode(
      call, request.name(), request.etag(),
      [&](EpisodeService& service, const EpisodePlace& place) {
        return service.PostBudget(place.contract, place.episode, due, participants, call.User())
            .status();
      });
}

}  // namespace

void ServeEpisodes(Methods& methods) {
  const std::string service = "sluice.performance.v1.EpisodeService.";
  methods.Serve<v1::AcceptEpisodeRequest, v1::Episode>(service + "AcceptEpisode", AcceptEpisode);
  methods.Serve<v1::AdvanceEpisodeRequest, v1::Episode>(service + "AdvanceEpisode", AdvanceEpisode);
  methods.Serve<v1::AttachEpisodeDocumentRequest, v1::Episode>(service + "AttachEpisodeDocument",
                                                               AttachEpisodeDocument);
  methods.Serve<v1::PostEpisodeBudgetRequest, v1::Episode>(service + "PostEpisodeBudget",
                                                           PostEpisodeBudget);
  methods.Serve<v1::GetEpisodeRequest, v1::Episode>(service + "GetEpisode", GetEpisode,
                                                    Narrowing::kByHandler);
  methods.Serve<v1::ListEpisodesRequest, v1::ListEpisodesResponse>(
      service + "ListEpisodes", ListEpisodes, Narrowing::kByHandler);
  methods.Serve<v1::GetEpisodeOverviewRequest, v1::EpisodeOverview>(
      service + "GetEpisodeOverview", GetEpisodeOverview, Narrowing::kByHandler);
  methods.Serve<v1::ListEpisodeTypesRequest, v1::ListEpisodeTypesResponse>(
      service + "ListEpisodeTypes", ListEpisodeTypes, Narrowing::kByHandler);
  methods.Serve<v1::SetEpisodeTypesRequest, v1::SetEpisodeTypesResponse>(
      service + "SetEpisodeTypes", SetEpisodeTypes);
}

}  // namespace sluice::api
