// The order of programs: total, whatever order they are given in, and no circle.
#include "performance/program_run/program_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::performance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ProgramNeeds Needs(std::int64_t id, std::set<std::int64_t> after) {
  ProgramNeeds needs{.program = ProgramId(id), .name = fmt::format("P{}", id), .after = {}};
  for (const std::int64_t other : after) needs.after.insert(ProgramId(other));
  return needs;
}

TEST(ProgramOrder, EachRunsAfterWhatItWaitsForElseByItsId) {
  // 1 waits for 4, 4 for 3; 9 is not run and does not matter.
  std::vector<ProgramNeeds> programs = {Needs(1, {4}), Needs(2, {9}), Needs(3, {}), Needs(4, {3}),
                                        Needs(5, {})};
  do {
    const auto order = OrderPrograms(programs);
    ASSERT_TRUE(order.ok()) << order.status();
    EXPECT_THAT(*order, ElementsAre(ProgramId(2), ProgramId(3), ProgramId(4), ProgramId(1),
                                    ProgramId(5)));
  } while (std::ranges::next_permutation(programs, {}, &ProgramNeeds::program).found);
}

TEST(ProgramOrder, ACircleIsRefusedWithItsPrograms) {
  const std::vector<ProgramNeeds> programs = {Needs(1, {2}), Needs(2, {3}), Needs(3, {2}),
                                              Needs(4, {})};
  const Status refused = OrderPrograms(programs).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(refused),
              HasSubstr("'P2' takes off what 'P3' paid, 'P3' takes off what 'P2' paid"));
  EXPECT_THAT(StatusMessage(refused), ::testing::Not(HasSubstr("P1")));
  EXPECT_THAT(StatusMessage(OrderPrograms(std::vector{Needs(7, {7})}).status()),
              HasSubstr("'P7' takes off what 'P7' paid"));
}

}  // namespace
}  // namespace sluice::performance
