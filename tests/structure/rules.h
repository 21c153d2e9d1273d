// The rules of the house that a machine can check. Each rule looks at one file, given its path from
// the repository root and its text, and returns what breaks the rule.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::structure {

struct Violation {
  std::string path;
  int line = 0;
  std::string what;

  std::string ToString() const;
};

struct File {
  std::string path;  // "payments/ledger/chain.cc"
  std::string text;
};

using Violations = std::vector<Violation>;

// core <- hierarchy <- performance <- payments <- api, includes from the repository root, and no
// libpq, protobuf, gRPC, HTTP or drawing outside the one place that each has.
Violations CheckIncludes(const File& file);
// No double, float or conversion to them in core, hierarchy, performance, payments; the drawing of
// the statement, whose coordinates are no money, excepted.
Violations CheckNoFloatingPoint(const File& file);
// SQL stands in *_store.cc and core/pg only, and there it asks the server for no time.
Violations CheckSql(const File& file);
// The wall clock is read in core/clock.cc only; others are given a Clock.
Violations CheckNoWallClock(const File& file);
// Tests do not sleep.
Violations CheckNoSleep(const File& file);
// No line over 100 columns, no tab, no blank at the end of a line, and a line end at the end.
Violations CheckLines(const File& file);
// No note to a later self.
Violations CheckNoDeferredWork(const File& file);
// A header starts with a comment that says what it is for, and is included once.
Violations CheckHeaderStart(const File& file);
// A function of the product fits on a screen: 70 lines.
Violations CheckFunctionLength(const File& file);

// Over the whole tree: every .h and .cc is named in a CMakeLists.txt on its way to the root, so
// that each compiles, and each header alone.
Violations CheckListed(const std::vector<File>& tree);
// A type of a namespace is defined in one file: two of one name are undefined behavior that no
// compiler and no linker reports.
Violations CheckTypesOnce(const std::vector<File>& tree);
// A header, or one that it includes, includes the standard header of each std:: name that it uses.
// The precompiled headers would hide it from the compiler.
Violations CheckStandardIncludes(const std::vector<File>& tree);
// Each folder that is a target of its own has a README.md; so have tests, tests/bench and deploy.
Violations CheckReadmes(const std::vector<File>& tree);
// No top-level folders or documents but those of the architecture.
Violations CheckTopLevel(const std::vector<File>& tree);

}  // namespace sluice::structure
