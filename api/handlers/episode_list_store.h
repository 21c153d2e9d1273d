// Episodes and their types as lists show them, and counts of the same filter. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "performance/episodes/episode_table.h"

namespace sluice::api {

// Whose contracts; unset: all of the payer.
using EpisodeParties = std::optional<std::vector<PartyId>>;

// The last field is the id.
std::span<const ListField> EpisodeFields();

struct EpisodePage {
  std::vector<performance::EpisodeRow> episodes;
  std::string next_page_token;
};
EpisodePage LoadEpisodePage(pg::Transaction& tx, const EpisodeParties& parties,
                            const ListPage& page);

// Those that are not 0, by type and state, of a filter over EpisodeFields().
std::vector<performance::EpisodeCount> CountEpisodesBy(pg::Transaction& tx,
                                                       const EpisodeParties& parties,
                                                       const Filter& filter);

std::span<const ListField> EpisodeTypeFields();

struct EpisodeTypePage {
  std::vector<performance::EpisodeType> types;
  std::string next_page_token;
};
EpisodeTypePage LoadEpisodeTypePage(pg::Transaction& tx, PayerId payer, const ListPage& page);

}  // namespace sluice::api
