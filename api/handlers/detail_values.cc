#include "api/handlers/detail_values.h"

#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"

namespace sluice::api {

void WriteDays(core::v1::DateRange& to, const DateRange& days) {
  Set(*to.mutable_from(), days.from);
  if (days.to) Set(*to.mutable_to(), *days.to);
}

StatusOr<DateRange> ReadDays(std::string_view field, const core::v1::DateRange& days) {
  DateRange read;
  ASSIGN_OR_RETURN(read.from, ReadDate(fmt::format("{}.from", field), days.from()));
  if (days.has_to()) {
    ASSIGN_OR_RETURN(read.to, ReadDate(fmt::format("{}.to", field), days.to()));
  }
  if (read.IsEmpty()) {
    return WrongFields({{std::string(field), "ends after it begins"}});
  }
  return read;
}

StatusOr<DateRange> ReadClosedDays(std::string_view field, const core::v1::DateRange& days) {
  ASSIGN_OR_RETURN(const DateRange read, ReadDays(field, days));
  if (!read.to) return WrongFields({{fmt::format("{}.to", field), "is required here"}});
  return read;
}

StatusOr<Month> ReadMonth(std::string_view field, const std::string& text) {
  const StatusOr<Month> month = Month::Parse(text);
  if (!month.ok()) {
    return WrongFields({{std::string(field), "is a month, written as 2026-07"}});
  }
  return *month;
}

StatusOr<std::optional<PartyId>> ReadPartyIfThere(std::string_view field, const std::string& name) {
  if (name.empty()) return std::optional<PartyId>();
  ASSIGN_OR_RETURN(const PartyId party, ReadParty(field, name));
  return std::optional(party);
}

StatusOr<PartyId> ReadParty(std::string_view field, const std::string& name) {
  const StatusOr<ResourcePath> path = ResourcePath::Parse(name);
  const StatusOr<PartyId> party =
      path.ok() ? path->Get<PartyTag>("parties") : StatusOr<PartyId>(path.status());
  if (party.ok()) return party;
  return WrongFields({{std::string(field), "is written payers/{payer}/parties/{party}"}});
}

std::string ActorName(PayerId payer, const std::string& actor) {
  const StatusOr<UserId> user = UserId::Parse(actor);
  return user.ok() ? UserName(payer, *user) : actor;
}

}  // namespace sluice::api
