#include "performance/episodes/episode_table.h"

#include <algorithm>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 5> kStatusNames = {"Accepted", "Services Rendered",
                                                          "Disposal", "Payment", "Completed"};

}  // namespace

std::string_view EpisodeStatusName(EpisodeStatus status) {
  return kStatusNames.at(static_cast<std::size_t>(status) - 1);
}

std::vector<EpisodeType> DefaultEpisodeTypes() {
  return {{.code = "KNS", .name = "Knee"},
          {.code = "SST", .name = "Shoulder"},
          {.code = "HPS", .name = "Hip"},
          {.code = "M44", .name = "Maternity"}};
}

Status CheckEpisode(const EpisodeRecord& episode) {
  const auto refuse = [&](std::string_view field, std::string_view rule) {
    return InvalidArgument("episode {}: {} {}", episode.id, field, rule);
  };
  if (episode.id.Value() <= 0) return InvalidArgument("an episode needs an id");
  if (episode.contract.Value() <= 0) return refuse("contract", "is missing");
  if (episode.type.empty()) return refuse("type", "is empty; give one of the payer's types");
  if (episode.opened_on == Date{}) return refuse("date", "is missing");
  if (episode.patient_name.empty()) return refuse("patient", "is empty; give the name");
  if (episode.patient_number.empty()) return refuse("patient ID", "is empty");
  if (episode.member_id <= 0) return refuse("member", "is not a known member");
  if (episode.member_number.empty()) return refuse("member ID", "is empty");
  return OkStatus();
}

std::array<std::string, 8> TableCells(const EpisodeRow& row) {
  return {FormatDate(row.episode.opened_on),
          row.episode.id.ToString(),
          row.episode.patient_name,
          row.episode.patient_number,
          row.payer,
          row.episode.member_number,
          std::string(EpisodeStatusName(row.status)),
          row.episode.type + " details"};
}

std::vector<EpisodeEvent> TimeLineOf(const EpisodeDetails& details) {
  std::vector<EpisodeEvent> events;
  events.push_back({details.row.episode.opened_on, "opened as " + details.row.episode.type});
  if (details.line) {
    for (const EpisodeServiceLine& service : details.line->services) {
      events.push_back({service.service_from,
                        fmt::format("service {} ${}{}", service.code, service.amount.ToString(),
                                    service.counted ? "" : ", excluded")});
    }
  }
  for (const EpisodeStatusChange& change : details.statuses) {
    events.push_back({change.at.UtcDate(), std::string(EpisodeStatusName(change.status))});
  }
  for (const EpisodePosting& posting : details.postings) {
    events.push_back({posting.at.UtcDate(), fmt::format("budget share of ${} of {}",
                                                        posting.difference, posting.party)});
  }
  for (const EpisodeDocument& document : details.documents) {
    events.push_back({document.at.UtcDate(), "document: " + document.name});
  }
  std::ranges::stable_sort(events, {}, &EpisodeEvent::day);
  return events;
}

}  // namespace sluice::performance
