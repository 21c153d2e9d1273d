#include "api/identity/user_directory.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "api/access/duties.h"
#include "api/identity/identity_store.h"
#include "api/identity/user_store.h"
#include "core/bytes.h"
#include "hierarchy/contact.h"
#include "hierarchy/hierarchy_store.h"
#include "hierarchy/party.h"

namespace sluice::api {
namespace {

constexpr int kLongestDelegation = 90;  // days

Status CheckSignInName(const std::string& name) {
  constexpr std::size_t kLongest = 200;
  const bool printable = std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
  if (!name.empty() && name.size() <= kLongest && printable) return OkStatus();
  return InvalidArgument("a sign-in name has 1 to {} printable characters and no blank", kLongest);
}

Status CheckDisplayName(const std::string& name) {
  if (name.empty()) return InvalidArgument("the display name is empty; say how screens call them");
  return hierarchy::CheckPartyName(name);
}

// The canonical spelling; empty stays empty.
StatusOr<std::string> CheckedEmail(const std::string& email) {
  if (email.empty()) return email;
  return hierarchy::ParseEmail(email);
}

Status NoUser(UserId user) { return NotFound("there is no user {}", user); }

bool IsOutsider(Role role) {
  return role == Role::kFunder || role == Role::kProviderAdmin || role == Role::kProviderViewer;
}

// What the user holds or waits for from a day on, delegated grants included.
std::vector<Role> RolesFrom(pg::Transaction& tx, PayerId payer, UserId user, Date day,
                            std::int64_t without) {
  std::vector<Role> roles;
  for (const GrantRow& row : LoadGrantRows(tx, payer, user)) {
    const bool over = row.ended || (row.grant.valid.to && *row.grant.valid.to <= day);
    if (!over && row.grant_id != without) roles.push_back(row.grant.role);
  }
  std::ranges::sort(roles);
  roles.erase(std::ranges::unique(roles).begin(), roles.end());
  return roles;
}

Status CheckPlace(pg::Transaction& tx, PayerId payer, const Grant& grant) {
  if (grant.root == PartyId()) {
    if (!IsOutsider(grant.role)) return OkStatus();
    return InvalidArgument("role {} holds at a party; say at which", RoleCode(grant.role));
  }
  const auto known =
      hierarchy::LoadParties(tx, payer, hierarchy::ReadHead(tx, payer).version, {grant.root});
  if (known.parties.empty()) return NotFound("there is no party {}", grant.root);
  return OkStatus();
}

// In whose place somebody approves: nobody's where a grant of their own gives the right.
std::optional<std::vector<UserId>> Givers(const Principal& by) {
  std::vector<UserId> givers;
  for (const Grant& grant : by.grants) {
    if (!RightOf(grant.role, Resource::kUser, Verb::kApprove).granted) continue;
    if (!grant.delegated_by) return std::nullopt;
    givers.push_back(*grant.delegated_by);
  }
  return givers;
}

Status CheckApprover(const GrantRow& row, const Principal& by) {
  if (by.user == row.proposed_by) {
    return PermissionDenied("who proposed the grant does not approve it; ask another payer admin");
  }
  if (by.user == row.grant.holder) {
    return PermissionDenied("nobody approves their own grant; ask another payer admin");
  }
  const auto givers = Givers(by);
  if (!givers) return OkStatus();
  const bool as_other = std::ranges::any_of(
      *givers, [&](UserId giver) { return giver != row.proposed_by && giver != row.grant.holder; });
  if (as_other) return OkStatus();
  return PermissionDenied(
      "who acts in the place of the proposer or the holder does not approve the grant; ask another "
      "payer admin");
}

}  // namespace

std::optional<UserId> UserIdOfName(std::string_view sign_in_name) {
  constexpr std::size_t kShortest = 2;
  constexpr std::size_t kLongest = 64;
  if (sign_in_name.size() < kShortest || sign_in_name.size() > kLongest) return std::nullopt;
  std::string name;
  for (const char c : sign_in_name) {
    const bool known = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view(".-_@").find(c) != std::string_view::npos;
    if (!known) return std::nullopt;
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (name.starts_with("usr_")) return std::nullopt;
  const Digest digest = CanonicalWriter("sluice.user").Text(name).Hash();
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 7) | (digest[i] & 0x7F);
  return UserId(value);
}

Status UserDirectory::Create(const NewUser& user, UserId by) const {
  RETURN_IF_ERROR(CheckSignInName(user.sign_in_name));
  RETURN_IF_ERROR(CheckDisplayName(user.display_name));
  ASSIGN_OR_RETURN(const std::string email, CheckedEmail(user.email));
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (IsNameTaken(tx, payer_, user.sign_in_name) || FindUser(tx, payer_, user.id)) {
      return AlreadyExists("there is or was a user '{}'; give another name", user.sign_in_name);
    }
    InsertUser(tx, payer_,
               {.id = user.id,
                .sign_in_name = user.sign_in_name,
                .display_name = user.display_name,
                .email = email,
                .is_service = user.is_service},
               by, clock_.Now());
    return OkStatus();
  });
}

Status UserDirectory::Update(const UserChange& change) const {
  if (change.display_name) RETURN_IF_ERROR(CheckDisplayName(*change.display_name));
  ASSIGN_OR_RETURN(const std::string email, CheckedEmail(change.email.value_or("")));
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    std::optional<UserRow> user = LockUser(tx, payer_, change.user);
    if (!user) return NoUser(change.user);
    if (change.email && email != user->email) {
      EndSessionsOf(tx, payer_, change.user, "the e-mail changed", clock_.Now());
    }
    if (change.display_name) user->display_name = *change.display_name;
    if (change.email) user->email = email;
    StoreUser(tx, payer_, *user);
    return OkStatus();
  });
}

Status UserDirectory::Disable(UserId who, UserId by) const {
  if (who == by) {
    return FailedPrecondition("nobody disables themselves; ask another payer admin");
  }
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    std::optional<UserRow> user = LockUser(tx, payer_, who);
    if (!user) return NoUser(who);
    if (user->disabled) return FailedPrecondition("user {} is disabled already", who);
    user->disabled = true;
    StoreUser(tx, payer_, *user);
    EndSessionsOf(tx, payer_, who, "the user was disabled", clock_.Now());
    return OkStatus();
  });
}

Status UserDirectory::Enable(UserId who) const {
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    std::optional<UserRow> user = LockUser(tx, payer_, who);
    if (!user) return NoUser(who);
    if (!user->disabled) return FailedPrecondition("user {} is not disabled", who);
    user->disabled = false;
    StoreUser(tx, payer_, *user);
    return OkStatus();
  });
}

Status UserDirectory::Propose(std::int64_t grant_id, const Grant& grant, UserId by) const {
  const Instant now = clock_.Now();
  if (grant.valid.IsEmpty()) return InvalidArgument("the end is not after the first day");
  if (grant.valid.from < now.UtcDate()) {
    return InvalidArgument("a grant begins today or later: nobody held a role before it was given");
  }
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto user = LockUser(tx, payer_, grant.holder);
    if (!user) return NoUser(grant.holder);
    RETURN_IF_ERROR(CheckPlace(tx, payer_, grant));
    RETURN_IF_ERROR(
        CheckGrantProposal({.holder = grant.holder,
                            .role = grant.role,
                            .held = RolesFrom(tx, payer_, grant.holder, now.UtcDate(), grant_id),
                            .granted_by = by,
                            .approved_by = std::nullopt}));
    InsertGrant(tx, payer_,
                {.grant_id = grant_id,
                 .grant = grant,
                 .reason = "",
                 .proposed_by = by,
                 .approved_by = std::nullopt},
                now);
    return OkStatus();
  });
}

Status UserDirectory::Approve(std::int64_t grant_id, const Principal& by) const {
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto row = LockGrantRow(tx, payer_, grant_id);
    if (!row) return NotFound("there is no such grant");
    RETURN_IF_ERROR(CheckApprover(*row, by));
    if (row->ended || row->approved_by || row->grant.delegated_by) {
      return FailedPrecondition("the grant waits for nobody's approval");
    }
    if (row->grant.valid.to && *row->grant.valid.to <= now.UtcDate()) {
      return FailedPrecondition("the days of the grant are over; propose another one");
    }
    // Two proposals of one person are approved one after the other.
    if (!LockUser(tx, payer_, row->grant.holder)) return NoUser(row->grant.holder);
    RETURN_IF_ERROR(
        CheckGrant({.holder = row->grant.holder,
                    .role = row->grant.role,
                    .held = RolesFrom(tx, payer_, row->grant.holder, now.UtcDate(), grant_id),
                    .granted_by = row->proposed_by,
                    .approved_by = by.user}));
    StoreGrantApproval(tx, payer_, grant_id, by.user, now);
    return OkStatus();
  });
}

Status UserDirectory::End(std::int64_t grant_id, UserId by, const std::string& reason) const {
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto row = LockGrantRow(tx, payer_, grant_id);
    if (!row) return NotFound("there is no such grant");
    if (row->ended) return FailedPrecondition("the grant has ended already");
    StoreGrantEnd(tx, payer_, grant_id, by, reason, clock_.Now());
    return OkStatus();
  });
}

Status UserDirectory::Delegate(const Delegation& delegation, UserId by) const {
  const Instant now = clock_.Now();
  const Date today = now.UtcDate();
  if (delegation.end <= today || delegation.end - today > Days(kLongestDelegation)) {
    return InvalidArgument("a delegation ends after today and within {} days", kLongestDelegation);
  }
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto given = LockGrantRow(tx, payer_, delegation.of);
    if (!given) return NotFound("there is no such grant");
    if (given->grant.holder != by || given->grant.delegated_by) {
      return PermissionDenied("a delegation is of a grant of one's own and is not passed on");
    }
    if (given->ended || !given->approved_by || !given->grant.valid.Contains(today)) {
      return FailedPrecondition("the grant does not hold today");
    }
    const auto delegate = LockUser(tx, payer_, delegation.delegate);
    if (!delegate) return NoUser(delegation.delegate);
    if (delegate->id == by || delegate->is_service || delegate->disabled) {
      return FailedPrecondition("the delegate is another person who may sign in");
    }
    std::vector<Role> roles = RolesFrom(tx, payer_, delegate->id, today, delegation.grant_id);
    roles.push_back(given->grant.role);
    RETURN_IF_ERROR(CheckRolesTogether(roles));
    InsertGrant(tx, payer_,
                {.grant_id = delegation.grant_id,
                 .grant = {.holder = delegate->id,
                           .role = given->grant.role,
                           .root = given->grant.root,
                           .valid = DateRange::Between(today, delegation.end),
                           .delegated_by = by},
                 .reason = delegation.reason,
                 .proposed_by = by,
                 .approved_by = std::nullopt},
                now);
    return OkStatus();
  });
}

}  // namespace sluice::api
