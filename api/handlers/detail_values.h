// What messages about a contract's detail share: periods, months, people as actors, parties.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/service/call.h"
#include "core/date.h"
#include "core/status.h"
#include "sluice/core/v1/money.pb.h"

namespace sluice::api {

void WriteDays(core::v1::DateRange& to, const DateRange& days);
// InvalidArgument names the field unless the days are of the calendar and end after they begin.
StatusOr<DateRange> ReadDays(std::string_view field, const core::v1::DateRange& days);
// The same; days without an end are refused.
StatusOr<DateRange> ReadClosedDays(std::string_view field, const core::v1::DateRange& days);
// "2026-07".
StatusOr<Month> ReadMonth(std::string_view field, const std::string& text);

// A party by its name; unset for an empty one.
StatusOr<std::optional<PartyId>> ReadPartyIfThere(std::string_view field, const std::string& name);
StatusOr<PartyId> ReadParty(std::string_view field, const std::string& name);

// Whoever acted, as it is stored: a user's name for an id of one, else as it is.
std::string ActorName(PayerId payer, const std::string& actor);

}  // namespace sluice::api
