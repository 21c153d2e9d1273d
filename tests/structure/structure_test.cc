// The tree keeps the rules of tests/structure/rules.h, and each rule sees what breaks it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/structure/rules.h"
#include "tests/structure/source_text.h"

namespace sluice::structure {
namespace {

// Built or fetched, not written by us.
bool IsSkipped(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  return name == "build" || name == "out" || name == "node_modules" || name == "dist" ||
         (name.starts_with('.') && name != ".ci");
}

bool IsText(const std::filesystem::path& path) {
  static const std::vector<std::string> kExtensions = {
      ".h", ".cc", ".txt", ".cmake", ".md", ".proto", ".sql", ".toml", ".ts", ".json", ".css", ""};
  return std::ranges::find(kExtensions, path.extension().string()) != kExtensions.end();
}

std::vector<File> ReadTree() {
  namespace fs = std::filesystem;
  std::vector<File> tree;
  for (auto at = fs::recursive_directory_iterator("."); at != fs::recursive_directory_iterator();
       ++at) {
    if (at->is_directory() && IsSkipped(at->path())) at.disable_recursion_pending();
    if (!at->is_regular_file() || at->path().filename() == ".git") continue;
    File file{.path = at->path().lexically_normal().generic_string(), .text = ""};
    if (IsText(at->path())) {
      std::ifstream in(at->path(), std::ios::binary);
      file.text.assign(std::istreambuf_iterator<char>(in), {});
    }
    tree.push_back(std::move(file));
  }
  std::ranges::sort(tree, {}, &File::path);
  return tree;
}

const std::vector<File>& Tree() {
  static const std::vector<File> tree = ReadTree();
  return tree;
}

std::string Describe(const Violations& violations) {
  std::string text;
  for (const Violation& violation : violations) text += violation.ToString() + "\n";
  return text;
}

using FileRule = Violations (*)(const File&);
using TreeRule = Violations (*)(const std::vector<File>&);

// A rule, text that breaks it `red` times, and text next to it that does not.
struct Case {
  const char* name;
  FileRule rule;
  const char* path;
  const char* broken;
  std::size_t red;
  const char* kept;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class FileRules : public testing::TestWithParam<Case> {};

TEST_P(FileRules, TheTreeKeepsIt) {
  ASSERT_GT(Tree().size(), 50U) << "run from the repository root";
  Violations found;
  for (const File& file : Tree()) {
    const Violations more = GetParam().rule(file);
    found.insert(found.end(), more.begin(), more.end());
  }
  EXPECT_TRUE(found.empty()) << Describe(found);
}

TEST_P(FileRules, SeesWhatBreaksIt) {
  const Case& c = GetParam();
  const Violations found = c.rule({c.path, c.broken});
  EXPECT_EQ(found.size(), c.red) << Describe(found);
  EXPECT_EQ(Describe(c.rule({c.path, c.kept})), "");
}

std::string LongFunction(int lines) {
  std::string text = "int F() {\n";
  for (int i = 2; i < lines; ++i) text += "  // {\n";
  return text + "}\n";
}

const std::string kLongFunction = LongFunction(71);
const std::string kFullFunction = LongFunction(70);

INSTANTIATE_TEST_SUITE_P(
    All, FileRules,
    testing::Values(
        Case{"Includes", CheckIncludes, "hierarchy/a.cc",
             "#include \"performance/award.h\"\n#include \"party.h\"\n#include <libpq-fe.h>\n"
             "#include \"tests/support/x.h\"\n#include \"../core/money.h\"\n#include "
             "<toml++/toml.h>\n"
             "#include <grpcpp/grpcpp.h>\n#include \"sluice/v1/a.pb.h\"\n#include <cairo-pdf.h>\n"
             "#include <openssl/evp.h>\n#  include \"api/server.h\"\n",
             11,
             "#include \"core/money.h\"\n#include \"hierarchy/b.h\"\n#include <vector>\n"
             "#include \"absl/status/status.h\"\n"},
        Case{"FloatingPoint", CheckNoFloatingPoint, "payments/a.cc",
             "double a;\nfloat b = std::stod(\"1\");\nauto c = x.get_d();\n", 4,
             "// a double entry\nconst char* s = \"double\";\nint doubled = 1'000;  /* float */\n"
             "auto r = R\"sql(double precision)sql\";\n"},
        Case{"Sql", CheckSql, "payments/a_service.cc",
             "auto a = R\"sql(\n SELECT a\n FROM t)sql\";\nauto b = \"INSERT INTO t VALUES (1)\";\n"
             "auto c = \"UPDATE t SET a = 1\";\nauto d = \"DELETE FROM t\";\n"
             "auto e = \"COPY t (a) FROM STDIN\";\n",
             5,
             "// SELECT a FROM t\nauto a = \"UPDATE the row and INSERT coin\";\n"
             "auto b = \"select one from the list\";\n"},
        Case{"SqlTime", CheckSql, "payments/a_store.cc",
             "auto a = \"INSERT INTO t (at) VALUES (now())\";\nauto b = \"CURRENT_DATE\";\n", 2,
             "auto a = \"INSERT INTO t (at) VALUES ($1)\";\nauto b = \"known()\";\n"},
        Case{"WallClock", CheckNoWallClock, "payments/a.cc",
             "auto a = std::chrono::system_clock::now();\nauto b = time(nullptr);\n"
             "gettimeofday(&t, nullptr);\nclock_gettime(CLOCK_REALTIME, &t);\n",
             4, "// system_clock\nauto a = clock.Now();\nint time = 5;\nint x = lifetime(3);\n"},
        Case{"Sleep", CheckNoSleep, "tests/payments/a_test.cc",
             "std::this_thread::sleep_for(1s);\nusleep(5);\nsleep(1);\n", 3,
             "// sleep(1)\nbool sleep = false;\n"},
        Case{"Lines", CheckLines, "core/a.cc",
             "12345678901234567890123456789012345678901234567890"
             "123456789012345678901234567890123456789012345678901\n\tint a;\nint b; \nint c;",
             4,
             "12345678901234567890123456789012345678901234567890"
             "1234567890123456789012345678901234567890123456789\xC3\xA9\n"},
        Case{"DeferredWork", CheckNoDeferredWork, "deploy/run", "# TODO: later\n// FIXME\n", 2,
             "# TODOS are done\n"},
        Case{"HeaderStart", CheckHeaderStart, "core/a.h", "#include <a>\n", 2,
             "// What it is for.\n#pragma once\n"},
        Case{"FunctionLength", CheckFunctionLength, "core/a.cc", kLongFunction.c_str(), 1,
             kFullFunction.c_str()}),
    [](const testing::TestParamInfo<Case>& one) { return std::string(one.param.name); });

// The exceptions are these and no others.
TEST(FileRules, ExceptionsAreNarrow) {
  EXPECT_TRUE(CheckNoFloatingPoint({"payments/remittance/statement_pdf.cc", "double x;"}).empty());
  EXPECT_FALSE(CheckNoFloatingPoint({"payments/remittance/statement_pdf.h", "double x;"}).empty());
  EXPECT_TRUE(CheckSql({"core/pg/a.cc", "auto a = \"DELETE FROM t\";"}).empty());
  EXPECT_FALSE(CheckSql({"core/a.cc", "auto a = \"DELETE FROM t\";"}).empty());
  EXPECT_TRUE(CheckNoWallClock({"core/clock.cc", "system_clock::now();"}).empty());
  EXPECT_FALSE(CheckNoWallClock({"core/log.cc", "system_clock::now();"}).empty());
  EXPECT_TRUE(CheckIncludes({"api/a.cc", "#include \"payments/run.h\"\n"}).empty());
  EXPECT_TRUE(CheckIncludes({"performance/terms_codec.cc", "#include \"s/terms.pb.h\"\n"}).empty());
}

TEST(TreeRules, EveryFileIsListedInABuildFile) {
  EXPECT_EQ(Describe(CheckListed(Tree())), "");
  const std::vector<File> broken = {{"core/CMakeLists.txt", "a.cc\n  pg/b.cc)"},
                                    {"core/a.cc", ""},
                                    {"core/a.h", ""},
                                    {"core/pg/b.cc", ""},
                                    {"core/pg/a.cc", ""}};
  const Violations found = CheckListed(broken);
  ASSERT_EQ(found.size(), 2U) << Describe(found);
  EXPECT_EQ(found[0].path, "core/a.h");
  EXPECT_EQ(found[1].path, "core/pg/a.cc");
}

TEST(TreeRules, ATypeIsDefinedOnce) {
  EXPECT_EQ(Describe(CheckTypesOnce(Tree())), "");
  const std::vector<File> tree = {
      {"core/a.h",
       "namespace sluice {\nstruct A {\n  int x;\n};\nstruct B;\nenum class E {};\n"
       "template <> struct H<int> {\n};\n}  // namespace sluice\n"},
      {"core/b.h",
       "namespace sluice {\nstruct A : Base {\n};\nclass B\n    : Base {\n};\n"
       "template <>\nstruct H<char> {\n};\n}\n"},
      {"core/c.h", "namespace sluice::pg {\nclass A final {\n};\n}\n"},
      {"core/c.cc",
       "namespace sluice {\nnamespace {\nstruct B {\n};\n}\nint F() {\n  return 0;\n}\n"
       "enum class E { a };\n}\n"}};
  const Violations found = CheckTypesOnce(tree);
  ASSERT_EQ(found.size(), 2U) << Describe(found);
  EXPECT_EQ(found[0].ToString(), "core/b.h:2: sluice::A is defined in core/a.h too");
  EXPECT_EQ(found[1].path, "core/c.cc");
}

TEST(TreeRules, AHeaderIncludesWhatItUsesOfTheStandard) {
  EXPECT_EQ(Describe(CheckStandardIncludes(Tree())), "");
  const std::vector<File> tree = {
      {"core/a.h", "#include <vector>\nstd::vector<int> A();\n"},
      {"core/b.h", "#include \"core/a.h\"\nstd::vector<int> B();\n// std::map in words\n"},
      {"core/c.h", "#include \"core/b.h\"\n\nstd::vector<std::string> C();\nstd::string D();\n"},
      {"core/d.cc", "std::set<int> E();\n"}};
  EXPECT_EQ(Describe(CheckStandardIncludes(tree)),
            "core/c.h:3: std::string needs #include <string>\n");
}

TEST(TreeRules, EveryFolderHasItsDoorPlate) {
  EXPECT_EQ(Describe(CheckReadmes(Tree())), "");
  const std::string text = "# a\n\nb\n\nc\n";
  const std::vector<File> broken = {{"core/CMakeLists.txt", ""},
                                    {"tests/README.md", text},
                                    {"tests/bench/README.md", text},
                                    {"deploy/README.md", "# a\n"}};
  const Violations found = CheckReadmes(broken);
  ASSERT_EQ(found.size(), 2U) << Describe(found);
  EXPECT_EQ(found[0].path, "core");
  EXPECT_EQ(found[1].path, "deploy/README.md");
}

TEST(TreeRules, TheTopLevelIsFixed) {
  EXPECT_EQ(Describe(CheckTopLevel(Tree())), "");
  EXPECT_EQ(CheckTopLevel({{"notes.md", ""}, {"scripts/a", ""}, {"core/a.cc", ""}}).size(), 2U);
}

TEST(SourceText, TellsCodeFromCommentsAndLiterals) {
  const SourceText source = SourceText::Of(
      "int a = 1'000; // one\n\"two \\\" 2\" /* three\n */ 'f' R\"x(four)\" \n)x\" '\\'' five\n");
  EXPECT_EQ(source.code,
            "int a = 1'000;       \n\"        \"         \n    ' ' R\"         \n  \" '  ' five\n");
  ASSERT_EQ(source.literals.size(), 2U);
  EXPECT_EQ(source.literals[0].text, "two \\\" 2");
  EXPECT_EQ(source.literals[1].line, 3);
  EXPECT_EQ(source.literals[1].text, "four)\" \n");
}

}  // namespace
}  // namespace sluice::structure
