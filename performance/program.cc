#include "performance/program.h"

#include <algorithm>
#include <array>

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 16> kStreams = {
    "ccf", "ccf-with-risk", "eoc", "pcpcp", "ssq", "ssl", "ssp", "tcoc",
    "qip", "aha",           "cdm", "p4r",   "p4p", "sip", "sst", "ubip"};
constexpr std::array<std::string_view, 10> kCategories = {"2A", "2B", "2C", "3A", "3B",
                                                          "3N", "4A", "4B", "4C", "4N"};

}  // namespace

std::span<const std::string_view> PaymentStreams() { return kStreams; }
std::span<const std::string_view> LanCategories() { return kCategories; }

Status ValidateProgram(const Program& program) {
  if (program.id == ProgramId() || program.payer == PayerId() || program.book == BookId()) {
    return InvalidArgument("program '{}' needs an id, a payer and a book", program.name);
  }
  if (program.name.empty()) return InvalidArgument("program {} has no name", program.id);
  if (std::ranges::find(kStreams, program.stream) == kStreams.end()) {
    return InvalidArgument(
        "program '{}': '{}' is no VBPR payment stream; use one of ccf, ssl, ssp, qip and the like",
        program.name, program.stream);
  }
  if (std::ranges::find(kCategories, program.lan_category) == kCategories.end()) {
    return InvalidArgument("program '{}': '{}' is no HCP-LAN category; use one of 2A to 4N",
                           program.name, program.lan_category);
  }
  return OkStatus();
}

}  // namespace sluice::performance
