#include "api/audit/audit_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sluice::api {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr PayerId kPayer{5};

AuditEvent Event(std::int64_t id) {
  return {.payer = kPayer,
          .event_id = id,
          .recorded_at = Instant::FromMicros(1'000 + id),
          .actor = UserId(7),
          .in_place_of = UserId(8),
          .session = Sha256(AsBytes("session")),
          .method = "sluice.payments.v1.RunService/ApproveRun",
          .resource = "payers/p/programs/g/cycles/c/runs/r",
          .decision = AuditDecision::kAllowed,
          .reason = "as agreed",
          .before = Sha256(AsBytes("before")),
          .after = Sha256(AsBytes("after")),
          .request_id = "0195f3c2",
          .address = "127.0.0.1"};
}

std::vector<std::pair<AuditSeal, AuditEvent>> Chain(int length) {
  std::vector<std::pair<AuditSeal, AuditEvent>> chain;
  std::optional<AuditSeal> last;
  for (int i = 1; i <= length; ++i) {
    const AuditEvent event = Event(i * 10);
    last = SealAfter(last, event);
    chain.emplace_back(*last, event);
  }
  return chain;
}

std::vector<std::string> FindingsOf(const std::vector<std::pair<AuditSeal, AuditEvent>>& chain) {
  AuditChainReader reader(kPayer);
  for (const auto& [seal, event] : chain) reader.Take(seal, event);
  EXPECT_EQ(reader.Count(), static_cast<std::int64_t>(chain.size()));
  return reader.Findings();
}

// feature:X04
TEST(AuditChain, HoldsWhenNothingWasTouched) {
  EXPECT_THAT(FindingsOf(Chain(5)), IsEmpty());
  EXPECT_THAT(FindingsOf({}), IsEmpty());
}

TEST(AuditChain, EveryFieldOfAnEventIsCovered) {
  const std::vector<std::function<void(AuditEvent&)>> changes = {
      [](AuditEvent& e) { e.payer = PayerId(6); },
      [](AuditEvent& e) { e.event_id = 1; },
      [](AuditEvent& e) { e.recorded_at = Instant::FromMicros(1); },
      [](AuditEvent& e) { e.actor = UserId(9); },
      [](AuditEvent& e) { e.actor.reset(); },
      [](AuditEvent& e) { e.in_place_of.reset(); },
      [](AuditEvent& e) { std::swap(e.actor, e.in_place_of); },
      [](AuditEvent& e) { e.session.reset(); },
      [](AuditEvent& e) { e.method += "x"; },
      [](AuditEvent& e) { e.resource += "x"; },
      [](AuditEvent& e) { std::swap(e.method, e.resource); },
      [](AuditEvent& e) { e.decision = AuditDecision::kDenied; },
      [](AuditEvent& e) { e.reason.clear(); },
      [](AuditEvent& e) { e.before.reset(); },
      [](AuditEvent& e) { std::swap(e.before, e.after); },
      [](AuditEvent& e) { e.request_id.clear(); },
      [](AuditEvent& e) { e.address.clear(); }};
  std::set<Digest> hashes = {HashOf(Event(10))};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    AuditEvent changed = Event(10);
    changes[i](changed);
    EXPECT_TRUE(hashes.insert(HashOf(changed)).second) << i;
    auto chain = Chain(3);
    chain[0].second = changed;
    EXPECT_FALSE(FindingsOf(chain).empty()) << i;
  }
}

TEST(AuditChain, AnEventLeftOutPutInOrMovedIsFound) {
  auto left_out = Chain(4);
  left_out.erase(left_out.begin() + 1);
  EXPECT_THAT(FindingsOf(left_out).at(0), HasSubstr("seal 3: follows where 2 is expected"));
  auto moved = Chain(4);
  std::swap(moved[1], moved[2]);
  EXPECT_FALSE(FindingsOf(moved).empty());
  auto put_in = Chain(4);
  put_in.insert(put_in.begin() + 2, put_in[1]);
  EXPECT_FALSE(FindingsOf(put_in).empty());
  auto first_cut = Chain(4);
  first_cut.erase(first_cut.begin());
  EXPECT_FALSE(FindingsOf(first_cut).empty());
}

// Written anew from an event on, a chain is whole in itself and has another head.
TEST(AuditChain, AChainWrittenAnewHasAnotherHead) {
  const auto honest = Chain(4);
  auto forged = honest;
  forged[1].second.reason = "something else";
  std::optional<AuditSeal> last = forged[0].first;
  for (std::size_t i = 1; i < forged.size(); ++i) {
    last = SealAfter(last, forged[i].second);
    forged[i].first = *last;
  }
  EXPECT_THAT(FindingsOf(forged), IsEmpty());
  EXPECT_NE(forged.back().first.chain, honest.back().first.chain);
}

}  // namespace
}  // namespace sluice::api
