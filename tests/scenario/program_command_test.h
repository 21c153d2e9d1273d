// A program of capitation that is ready to be run: a contract in force, a method of attribution,
// and files of members and choices.
#pragma once

#include <string>
#include <vector>

#include "tests/scenario/command_test.h"

namespace sluice::testing {

// 14.00 a month to 17; from 18 on 23.00 for women and 18.00 for men. A woman (M1) and a child (M2)
// chose Elm Practice, a woman (M3) Oak Practice.
class ProgramCommandTest : public CommandTest {
 protected:
  void SetUp() override;

  static constexpr const char* kProgram = "Primary-care capitation";

  // A list of 2025 that is final.
  void Publish();
  static std::vector<std::string> RunOf(const std::string& period,
                                        const std::vector<std::string>& more = {});
  static std::vector<std::string> StatusOf(const std::string& period);

  std::string contract_;

 private:
  void BringIntoForce();
};

}  // namespace sluice::testing
