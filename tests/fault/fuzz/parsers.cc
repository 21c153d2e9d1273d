#include "tests/fault/fuzz/parsers.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "core/check.h"
#include "payments/inbound/ach_inbound.h"
#include "payments/inbound/bai2_reader.h"
#include "payments/inbound/inbound_kind.h"
#include "payments/inbound/x12_acknowledgment.h"
#include "payments/remittance/ach_reader.h"
#include "payments/remittance/remittance_835_reader.h"
#include "payments/remittance/x12_reader.h"
#include "tests/inbound/ach_sample.h"
#include "tests/inbound/bai2_sample.h"

namespace sluice::payments {
namespace {

using testing::Changed;
using testing::Returned;

std::string TextOf(const std::vector<InboundFault>& faults) {
  std::string text;
  for (const InboundFault& fault : faults) {
    // Every fault names the rule and what to do.
    CHECK(!fault.code.empty() && !fault.rule.empty() && !fault.advice.empty());
    text += fault.ToString() + "\n";
  }
  return text;
}

std::string AnswerOfAch(std::string_view bytes) {
  std::string answer;
  const auto files = ReadInboundAch("fuzz.ach", bytes);
  CHECK(!files.empty());
  for (const AchInboundFile& file : files) {
    answer += TextOf(file.faults);
    for (const AchItem& item : file.items) {
      // What may be used has an amount that is no debt, and a trace to look for.
      if (item.IsUsable()) CHECK(item.amount >= Money{});
      answer += fmt::format("{} {} {} {} {}\n", item.record, item.code, item.amount,
                            item.original_trace, item.IsUsable());
    }
  }
  Findings findings("fuzz.ach");
  const AchDocument document = ReadAch(bytes, findings);
  CheckAchContent(document, findings);
  return answer + fmt::format("{} findings", findings.All().size());
}

std::string AnswerOfBai2(std::string_view bytes) {
  const Bai2File file = ReadBai2(bytes);
  std::string answer = TextOf(file.faults);
  for (const Bai2Group& group : file.groups) {
    for (const Bai2Account& account : group.accounts) {
      answer += account.stop_reason + "\n";
      for (const Bai2Line& line : account.lines) {
        answer += fmt::format("{} {} {}\n", line.record, line.type_code, line.amount);
      }
    }
  }
  return answer;
}

std::string AnswerOfAcknowledgment(std::string_view bytes) {
  const AckDocument document = ReadAcknowledgments("fuzz.999", bytes);
  std::string answer = TextOf(document.faults);
  for (const AckInterchange& row : document.interchanges) {
    answer += fmt::format("TA1 {} {}\n", row.control_number, AckVerdictName(row.verdict));
  }
  for (const AckGroup& group : document.groups) {
    answer += fmt::format("999 {} {}\n", group.control_number, AckVerdictName(group.verdict));
    for (const AckTransaction& row : group.transactions) {
      for (const AckNote& note : row.notes) answer += note.ToString() + "\n";
    }
  }
  return answer;
}

std::string AnswerOfX12(std::string_view bytes) {
  Findings findings("fuzz.835");
  const X12Document document = ReadX12(bytes, findings);
  const auto remittances = Check835(document, findings);
  std::string answer = fmt::format("{} remittances\n", remittances.size());
  for (const Finding& finding : findings.All()) answer += finding.ToString() + "\n";
  return answer;
}

template <std::string (*Answer)(std::string_view)>
void ReadTwice(std::string_view bytes) {
  static_cast<void>(KindOf(bytes));
  CHECK(Answer(bytes) == Answer(bytes));
}

constexpr std::array<std::string_view, 12> kAchWords = {
    "101 ",  "5200", "5220", "622", "799R03",     "798C01",
    "82000", "9000", "\r\n", "\n",  "9999999999", "0000000000"};
constexpr std::array<std::string_view, 14> kBai2Words = {"01,",
                                                         "02,",
                                                         "03,",
                                                         "16,",
                                                         "49,",
                                                         "88,",
                                                         "98,",
                                                         "99,",
                                                         ",S,,",
                                                         ",V,",
                                                         ",D,3",
                                                         "/\n",
                                                         "-99999999999999",
                                                         ",,,,"};
constexpr std::array<std::string_view, 16> kX12Words = {
    "ISA*", "IEA*", "GS*",  "GE*",  "ST*",  "SE*",  "TA1*", "AK1*",
    "AK2*", "AK9*", "IK5*", "BPR*", "CLP*", "PLB*", "~",    "^"};

constexpr std::array kParsers = {
    FuzzedParser{"ach", "ach", ReadTwice<AnswerOfAch>, kAchWords},
    FuzzedParser{"bai2", "bai2", ReadTwice<AnswerOfBai2>, kBai2Words},
    FuzzedParser{"ack", "x12", ReadTwice<AnswerOfAcknowledgment>, kX12Words},
    FuzzedParser{"x12", "x12", ReadTwice<AnswerOfX12>, kX12Words},
};

constexpr std::string_view kAcknowledgments =
    "ISA*00*          *00*          *ZZ*ACO77          *ZZ*EXHPLAN        *261002*0600*^*00501*"
    "000000111*0*T*:~TA1*000000905*261001*1200*R*024~"
    "GS*FA*ACO77*EXHPLAN*20261002*0600*7*X*005010X231A1~"
    "ST*999*0001*005010X231A1~AK1*HP*905*005010X221A1~AK2*835*0001~IK3*PLB*14**8~"
    "IK4*3*1270*7*X~IK5*R*5~AK9*R*1*1*0~SE*8*0001~GE*1*7~IEA*1*000000111~";

}  // namespace

std::span<const FuzzedParser> FuzzedParsers() { return kParsers; }

const FuzzedParser* FindFuzzedParser(std::string_view name) {
  const auto* const found = std::ranges::find(kParsers, name, &FuzzedParser::name);
  return found == kParsers.end() ? nullptr : found;
}

std::vector<std::string> OwnSeeds(std::string_view name) {
  if (name == "ach") {
    testing::SampleFile bare{.batches = {{.entries = {Returned({})}}}};
    bare.header = bare.control = bare.padding = false;
    return {
        Write(testing::SampleFile{
            .batches = {{.entries = {Returned({}), Returned({.reason = "R14",
                                                             .trace = "111111110000002",
                                                             .death = "261001"})}},
                        {.sec = "COR",
                         .number = 2,
                         .entries = {Changed("C01", "091000010000003", "11111111", "998877")}}}}),
        Write(bare), Write(testing::SampleFile{})};
  }
  if (name == "bai2") {
    return {testing::WriteBai2({testing::AccountOf("0099887766", 1'000'000'00,
                                                   {{"466", 86'000'00, "BR1", "", "SETTLEMENT"},
                                                    {"257", 36'000'00, "BR2", "CR2", "RETURN"}}),
                                testing::AccountOf("0011223344", 5, {})})};
  }
  return {std::string(kAcknowledgments)};
}

std::vector<std::string> SeedsIn(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<std::string> seeds;
  for (const fs::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

}  // namespace sluice::payments
