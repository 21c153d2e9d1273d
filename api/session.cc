#include "api/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "api/identity/user_directory.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/identifier.h"
#include "hierarchy/payer_store.h"
#include "performance/program_service.h"

namespace sluice::api {
namespace {

// Without an administrator: the one that is asked for, who sees itself.
StatusOr<PayerId> NamedPayer(const Store& store, const std::string& text) {
  if (text.empty()) {
    return InvalidArgument(
        "name the payer with --payer: without admin_uri in the configuration nobody sees which "
        "there are");
  }
  ASSIGN_OR_RETURN(const PayerId payer, PayerId::Parse(text));
  ASSIGN_OR_RETURN(const std::vector<hierarchy::PayerRecord> own,
                   store.App().ForPayer(payer).Transact(
                       {.read_only = true},
                       [](pg::Transaction& tx) -> StatusOr<std::vector<hierarchy::PayerRecord>> {
                         return hierarchy::ListPayers(tx);
                       }));
  if (own.empty()) return NotFound("there is no payer {}", payer);
  return payer;
}

// The only payer there is, or the one that is asked for.
StatusOr<PayerId> ChoosePayer(const Store& store, const std::string& text) {
  if (!store.HasAdmin()) return NamedPayer(store, text);
  ASSIGN_OR_RETURN(const std::vector<hierarchy::PayerRecord> payers, AllPayers(store));
  if (!text.empty()) {
    ASSIGN_OR_RETURN(const PayerId payer, PayerId::Parse(text));
    if (std::ranges::find(payers, payer, &hierarchy::PayerRecord::id) == payers.end()) {
      return NotFound("there is no payer {}; list them by leaving --payer out", payer);
    }
    return payer;
  }
  if (payers.empty()) {
    return FailedPrecondition(
        "there is no payer yet; add one with: sluice payer add --name ... --tin ...");
  }
  if (payers.size() > 1) {
    std::string list;
    for (const hierarchy::PayerRecord& payer : payers) {
      list += fmt::format("\n  {}  {}", payer.id, payer.name);
    }
    return InvalidArgument("there are several payers; name one with --payer:{}", list);
  }
  return payers.front().id;
}

constexpr std::string_view kPeriodForms =
    "write a year (2026), a quarter (2026-Q3), a month (2026-07), or its first and last day "
    "(2026-07-01..2026-09-30)";

bool AreDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Two processes that make ids at the same time should not be the same node.
int NodeOfProcess() { return static_cast<int>(getpid() % 1'024); }

}  // namespace

Session::Session() : ids_(clock_, NodeOfProcess()) {}

StatusOr<std::unique_ptr<Session>> Session::Open(const StoreOptions& options,
                                                 const std::string& payer) {
  std::unique_ptr<Session> session(new Session());
  ASSIGN_OR_RETURN(Store store, Store::Open(options, session->clock_));
  session->store_ = std::make_unique<Store>(std::move(store));
  ASSIGN_OR_RETURN(session->payer_, ChoosePayer(*session->store_, payer));
  session->database_ = session->store_->App().ForPayer(session->payer_);
  return session;
}

StatusOr<hierarchy::HierarchySnapshot> Session::HierarchyOn(Date day) {
  const hierarchy::HierarchyService service(*database_, clock_);
  return service.Snapshot(payer_, {.day = day, .known_at = std::nullopt});
}

StatusOr<DateRange> ParsePeriod(std::string_view text) {
  if (text.size() == 4 && AreDigits(text)) {
    ASSIGN_OR_RETURN(const Month first, Month::Parse(std::string(text) + "-01"));
    return DateRange::Year(first.Year());
  }
  if (text.size() == 7 && (text[5] == 'Q' || text[5] == 'q') && text[6] >= '1' && text[6] <= '4') {
    const int number = (text[6] - '1') * 3 + 1;
    ASSIGN_OR_RETURN(const Month first,
                     Month::Parse(fmt::format("{}-{:02d}", text.substr(0, 4), number)));
    return DateRange::Between(first.FirstDay(), (first + 3).FirstDay());
  }
  if (text.size() == 7) {
    ASSIGN_OR_RETURN(const Month month, Month::Parse(text));
    return DateRange::Between(month.FirstDay(), month.End());
  }
  if (text.find("..") == std::string_view::npos) {
    return InvalidArgument("'{}' is no period; {}", text, kPeriodForms);
  }
  ASSIGN_OR_RETURN(const DateRange days, ParseDays(text));
  if (!days.to) return InvalidArgument("'{}' has no end; {}", text, kPeriodForms);
  return days;
}

StatusOr<DateRange> ParseDays(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return ParsePeriod(text);
  ASSIGN_OR_RETURN(const Date from, ParseDate(text.substr(0, dots)));
  if (dots + 2 == text.size()) return DateRange::From(from);
  ASSIGN_OR_RETURN(const Date last, ParseDate(text.substr(dots + 2)));
  if (last < from) {
    return InvalidArgument("'{}' ends before it begins; the later day comes second", text);
  }
  return DateRange::Between(from, last + Days(1));
}

StatusOr<Date> Session::DayOrToday(std::string_view option, const std::string& text) {
  if (text.empty()) return Today();
  StatusOr<Date> day = ParseDate(text);
  return day.ok() ? day : Annotate(day.status(), std::string(option));
}

StatusOr<payments::Actor> ParseActor(std::string_view text) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(text));
  return payments::Actor{.user = user};
}

StatusOr<UserId> ParseUser(std::string_view text) {
  if (text.starts_with("usr_")) return UserId::Parse(text);
  if (const auto id = UserIdOfName(text)) return *id;
  return InvalidArgument(
      "'{}' names no person: give a sign-in name of 2 to 64 letters, digits, '.', '-', '_' or "
      "'@', or an id usr_...",
      text);
}

StatusOr<PartyId> FindParty(const hierarchy::HierarchySnapshot& hierarchy, std::string_view text) {
  using hierarchy::IdentifierType;
  if (text.starts_with("pty_")) {
    ASSIGN_OR_RETURN(const PartyId party, PartyId::Parse(text));
    if (hierarchy.Find(party) != nullptr) return party;
  }
  const bool tin_form = text.size() == 10 && text[2] == '-';
  if ((AreDigits(text) && (text.size() == 9 || text.size() == 10)) || tin_form) {
    const bool npi = text.size() == 10 && !tin_form;
    ASSIGN_OR_RETURN(
        const hierarchy::Identifier identifier,
        hierarchy::MakeIdentifier(npi ? IdentifierType::kNpi : IdentifierType::kTin, "", text));
    if (const auto found = hierarchy.FindByIdentifier(identifier)) return *found;
  }
  std::vector<PartyId> named;
  for (const hierarchy::SnapshotParty& party : hierarchy.Parties()) {
    if (party.name == text) named.push_back(party.id);
  }
  if (named.size() > 1) {
    return InvalidArgument("{} parties are named '{}'; give the id, NPI or TIN of one",
                           named.size(), text);
  }
  if (named.empty()) {
    return NotFound(
        "'{}' is not in the hierarchy on {}; give a party's id (pty_...), NPI, TIN or exact name; "
        "sluice party find looks for a part of it",
        text, FormatDate(hierarchy.Header().as_of));
  }
  return named.front();
}

StatusOr<performance::Program> FindProgram(Session& session, std::string_view text) {
  performance::ProgramService service(session.Database(), session.Clock(), session.Ids());
  ASSIGN_OR_RETURN(const std::vector<performance::Program> programs, service.Programs());
  for (const performance::Program& program : programs) {
    if (program.name == text || program.id.ToString() == text) return program;
  }
  return NotFound("there is no program '{}'; list ids and names with: sluice program list", text);
}

StatusOr<Digest> MatchDigest(std::string_view text, const Digest& digest, std::string_view what) {
  const std::string whole = ToHex(digest);
  std::string given(text);
  std::ranges::transform(given, given.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  if (given.size() < 12) {
    return InvalidArgument(
        "--seen wants at least the first 12 digits of the hash of {}, as sluice contract show "
        "prints "
        "it",
        what);
  }
  if (whole.starts_with(given)) return digest;
  return Aborted("{} has the hash {}..., not {}: read it again with sluice contract show", what,
                 whole.substr(0, 16), text);
}

}  // namespace sluice::api
