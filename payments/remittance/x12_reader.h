// Reads X12 interchanges from their bytes: delimiters from the ISA, segments, elements, envelopes.
//
// Our own tokenizer; it knows nothing of the writer. CR and LF after a terminator are noise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "payments/remittance/finding.h"

namespace sluice::payments {

struct X12Segment {
  std::string_view text;                   // without its terminator
  std::vector<std::string_view> elements;  // [0] is the segment id
  std::size_t number = 0;                  // in the file, from 1

  std::string_view Id() const { return elements[0]; }
  // Element 01, 02, ... as the guides count; empty when absent.
  std::string_view At(std::size_t index) const {
    return index < elements.size() ? elements[index] : std::string_view();
  }
};

// Segments [first, first + count) of the document, ST and SE included.
struct X12Transaction {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t group = 0;  // index into groups
};

struct X12Group {
  std::size_t header = 0;  // the GS segment
};

struct X12Document {
  char element = '*';
  char repetition = '^';
  char component = ':';
  char terminator = '~';
  std::vector<X12Segment> segments;
  std::vector<X12Group> groups;
  std::vector<X12Transaction> transactions;
  std::vector<std::size_t> interchange_acknowledgments;  // the TA1 segments

  const X12Segment& Isa() const { return segments.front(); }
};

// The document, with findings of checks 29 to 31 (characters, envelope, control numbers, versions
// of the transactions that we know: 835 and 999). No segments when there is no readable ISA.
X12Document ReadX12(std::string_view bytes, Findings& findings);

// The cents of an X12 decimal: minus sign only, no leading zeros, at most two decimals and ten
// digits (check 37). Nothing when the text breaks that.
std::optional<Money> X12Amount(std::string_view text);

}  // namespace sluice::payments
