#include "api/listing/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace sluice::api {
namespace {

using testing::HasSubstr;

ListQuery RunsOfProgram() {
  return {.payer = PayerId(1),
          .user = UserId(2),
          .method = "sluice.payments.v1.RunService/ListRuns",
          .parent = "payers/pyr_1/programs/prg_2",
          .filter = "state = RELEASED",
          .order_by = "create_time desc",
          .others = {"as_of.day=2026-10-01"}};
}

const PageKey kLast = {"2026-10-01T00:00:00Z", "", "run_0RFX867W003AD"};

TEST(PageToken, GivesBackWhereTheNextPageBegins) {
  const PageTokens tokens(RandomKey());
  const std::string token = tokens.Make(RunsOfProgram(), kLast);
  EXPECT_EQ(*tokens.Read(RunsOfProgram(), token), kLast);
  EXPECT_EQ(
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
}

TEST(PageToken, DoesNotShowWhatItHolds) {
  const PageTokens tokens(RandomKey());
  EXPECT_THAT(tokens.Make(RunsOfProgram(), {"Dr. Example"}), testing::Not(HasSubstr("RXhhbXBsZ")));
  EXPECT_NE(tokens.Make(RunsOfProgram(), kLast), tokens.Make(RunsOfProgram(), kLast));
}

TEST(PageToken, OpensForItsOwnQueryOnly) {
  const PageTokens tokens(RandomKey());
  const std::string token = tokens.Make(RunsOfProgram(), kLast);
  const std::vector<std::function<void(ListQuery&)>> changes = {
      [](ListQuery& q) { q.payer = PayerId(9); },
      [](ListQuery& q) { q.user = UserId(9); },
      [](ListQuery& q) { q.method = "sluice.payments.v1.PaymentService/ListPayments"; },
      [](ListQuery& q) { q.parent = "payers/pyr_1/programs/prg_3"; },
      [](ListQuery& q) { q.filter.clear(); },
      [](ListQuery& q) { q.order_by = "create_time"; },
      [](ListQuery& q) { q.others.clear(); },
      // What moves from one argument to the next is another query, too.
      [](ListQuery& q) {
        q.parent += q.filter;
        q.filter.clear();
      },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    ListQuery other = RunsOfProgram();
    changes[i](other);
    EXPECT_EQ(tokens.Read(other, token).status().code(), absl::StatusCode::kInvalidArgument) << i;
  }
}

TEST(PageToken, EveryChangedCharacterAndEveryCutIsRefusedAlike) {
  const PageTokens tokens(RandomKey());
  const std::string token = tokens.Make(RunsOfProgram(), kLast);
  const std::string text = StatusMessage(tokens.Read(RunsOfProgram(), "x").status());
  EXPECT_THAT(text, HasSubstr("page_token is not one for this list"));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(StatusMessage(tokens.Read(RunsOfProgram(), changed).status()), text) << i;
    EXPECT_EQ(StatusMessage(tokens.Read(RunsOfProgram(), token.substr(0, i)).status()), text) << i;
  }
  EXPECT_FALSE(tokens.Read(RunsOfProgram(), std::string(100'000, 'A')).ok());
  EXPECT_FALSE(PageTokens(RandomKey()).Read(RunsOfProgram(), token).ok());
}

TEST(PageSizes, HaveADefaultAndABound) {
  EXPECT_EQ(*PageSize(0), 50);
  EXPECT_EQ(*PageSize(1), 1);
  EXPECT_EQ(*PageSize(1000), 1000);
  EXPECT_EQ(*PageSize(1001), 1000);
  EXPECT_EQ(PageSize(-1).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sluice::api
