#include "api/service/call.h"

#include <algorithm>

#include "api/contract/field_behavior.h"
#include "api/service/call_record.h"
#include "api/service/reason.h"
#include "core/check.h"

namespace sluice::api {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::chrono::milliseconds kLongestStatement{30'000};
constexpr std::chrono::milliseconds kShortestStatement{10};

Status CheckEtag(const Message& message, const std::optional<std::string>& expected) {
  if (!expected) return OkStatus();
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName("etag");
  CHECK(field != nullptr);
  if (message.GetReflection()->GetString(message, field) == *expected) return OkStatus();
  return WithReason(Aborted("it was changed since it was read; read it again and decide again"),
                    kEtagMismatch);
}

// What rolls back a change that is only to be checked.
Status Checked() { return Aborted("checked"); }

}  // namespace

Status Call::Require(const Object& object) const {
  if (object.payer == Payer() &&
      (parts_.scope.clear.Covers(object) || parts_.scope.masked.Covers(object))) {
    return OkStatus();
  }
  return PermissionDenied("{}", kDeniedText);
}

std::optional<std::vector<PartyId>> Call::WhichParties() const {
  if (parts_.scope.clear.whole_payer || parts_.scope.masked.whole_payer) return std::nullopt;
  std::vector<PartyId> parties;
  for (const Reach* const reach : {&parts_.scope.clear, &parts_.scope.masked}) {
    for (const Tree& tree : reach->trees) {
      parties.insert(parties.end(), tree.parties.begin(), tree.parties.end());
    }
  }
  std::ranges::sort(parties);
  parties.erase(std::ranges::unique(parties).begin(), parties.end());
  return parties;
}

StatusOr<const payments::KeyProvider*> Call::Sealing() const {
  if (parts_.sealing != nullptr) return parts_.sealing;
  return Unavailable("this server has no key that seals numbers of accounts and taxpayers");
}

Status Call::ChangeAny(const AnyChange& change, Message& answer) {
  CHECK(parts_.record != nullptr);
  std::optional<Digest> before;
  std::optional<Status> outcome;
  const std::unique_ptr<Message> seen(answer.New());
  const pg::Database database = parts_.database.Within(
      {.before = [&](pg::Transaction& tx) -> Status {
         outcome.reset();
         if (!change.before) return OkStatus();
         seen->Clear();
         RETURN_IF_ERROR(change.before(tx, *seen));
         RETURN_IF_ERROR(CheckEtag(*seen, change.etag));
         before = ResourceHash(*seen);
         return OkStatus();
       },
       .after = [&](pg::Transaction& tx) -> Status {
         answer.Clear();
         const Status read = change.after(tx, answer);
         if (!read.ok() && !IsKept(read)) return read;
         outcome = read;
         if (change.validate_only) return Checked();
         ClearInputOnly(answer);
         return parts_.record->Keep(tx, {read, &answer, before, change.reason});
       }});
  const Status worked = change.work(database);
  if (change.validate_only && outcome) return *outcome;
  RETURN_IF_ERROR(worked);
  // A use case that found nothing to do is answered all the same.
  if (!outcome) {
    RETURN_IF_ERROR(database.Transact([](pg::Transaction&) -> Status { return OkStatus(); }));
  }
  return *outcome;
}

std::chrono::milliseconds Call::TimeLeft() const {
  if (!parts_.deadline) return kLongestStatement;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      *parts_.deadline - std::chrono::steady_clock::now());
  return std::clamp(left, kShortestStatement, kLongestStatement);
}

}  // namespace sluice::api
