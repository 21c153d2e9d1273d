// SQL and row mapping of deficit accounts. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/savings/deficit.h"

namespace sluice::performance {

// Whose account it is.
struct DeficitAccount {
  PayerId payer;
  ProgramId program;
  PartyId party;
};

// An entity that carries on the deficits of another.
struct DeficitLink {
  std::int64_t id = 0;
  PayerId payer;
  ProgramId program;
  PartyId from;
  PartyId to;
  Date effective_on{};
  std::string evidence;
  std::string recorded_by;
};

// In the order in which they were booked.
std::vector<DeficitEntry> LoadDeficits(pg::Transaction& tx, const DeficitAccount& account);
// Numbers them after `booked`, which must be how many entries the account has: two writers at once
// meet in the primary key, and one starts again.
void InsertDeficits(pg::Transaction& tx, const DeficitAccount& account, std::size_t booked,
                    std::span<const DeficitEntry> entries, Instant recorded_at);
std::optional<DeficitLink> FindDeficitLink(pg::Transaction& tx, PayerId payer, ProgramId program,
                                           PartyId from);
void InsertDeficitLink(pg::Transaction& tx, const DeficitLink& link, Instant recorded_at);

}  // namespace sluice::performance
