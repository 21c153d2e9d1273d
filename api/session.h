// A command at work on one payer's data, and how people name things on a command line.
//
//   1. A command opens one session, calls services with it, prints, and ends.
//   2. Parties are named by their id, NPI, TIN or exact name; periods as people write them; people
//      by their sign-in name. Every message says which forms there are.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/store.h"
#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "hierarchy/graph.h"
#include "payments/approval.h"
#include "performance/program.h"

namespace sluice::api {

class Session {
 public:
  // `payer` is an id, or empty when there is exactly one. FailedPrecondition and InvalidArgument
  // say how to add or name one.
  static StatusOr<std::unique_ptr<Session>> Open(const StoreOptions& options,
                                                 const std::string& payer);

  // Acts for the payer.
  const pg::Database& Database() const { return *database_; }
  PayerId Payer() const { return payer_; }
  // The other roles of the database, and where keys are kept.
  const Store& Data() const { return *store_; }
  sluice::Clock& Clock() { return clock_; }
  IdGenerator& Ids() { return ids_; }
  Date Today() { return clock_.Now().UtcDate(); }
  // The day that an option gives, or today when it was left out. InvalidArgument names the option.
  StatusOr<Date> DayOrToday(std::string_view option, const std::string& text);
  // Of the whole payer, from all that is known.
  StatusOr<hierarchy::HierarchySnapshot> HierarchyOn(Date day);

 private:
  Session();

  SystemClock clock_;
  IdGenerator ids_;
  std::unique_ptr<Store> store_;
  std::optional<pg::Database> database_;
  PayerId payer_;
};

// "2026", "2026-Q3", "2026-07" or "2026-07-01..2026-09-30", both days included.
StatusOr<DateRange> ParsePeriod(std::string_view text);
// The same, or "2026-07-01.." without an end.
StatusOr<DateRange> ParseDays(std::string_view text);

// A person: the id "usr_...", or a sign-in name, which stands for the same id everywhere. Names are
// 2 to 64 letters, digits, '.', '-', '_' and '@', without regard to case.
StatusOr<UserId> ParseUser(std::string_view text);

// The same person, as one who acts.
StatusOr<payments::Actor> ParseActor(std::string_view text);

// The party with this id, NPI, TIN or exact name. NotFound names the forms and the day;
// InvalidArgument when several have the name.
StatusOr<PartyId> FindParty(const hierarchy::HierarchySnapshot& hierarchy, std::string_view text);

// The program with this id or exact name. NotFound says how to list them.
StatusOr<performance::Program> FindProgram(Session& session, std::string_view text);

// The digest, when `text` is it or its first 12 hex digits or more. Aborted otherwise: the content
// is not what the person looked at. `what` is the version meant: "version 2 of ctr_...".
StatusOr<Digest> MatchDigest(std::string_view text, const Digest& digest, std::string_view what);

}  // namespace sluice::api
