// One libFuzzer program per reader: SLUICE_FUZZ_PARSER names it.
#include <cstdlib>

#include "tests/fault/fuzz/parsers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const sluice::payments::FuzzedParser* const parser =
      sluice::payments::FindFuzzedParser(SLUICE_FUZZ_PARSER);
  if (parser == nullptr) std::abort();
  parser->read({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
