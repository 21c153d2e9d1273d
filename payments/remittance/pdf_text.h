// Reads the text of a PDF back out of its bytes, for the checks across files.
//
// Small on purpose: classic cross-reference tables, Flate streams and simple or two-byte fonts with
// a ToUnicode map, which is what PDF libraries write for statements. Anything else is an error, not
// a guess. It follows the drawing operators and knows nothing of the code that drew the page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"

namespace sluice::payments {

// The texts of a page in drawing order: one per tagged element, or per text object where the page
// has no tags. The lines of one element are joined by a blank.
struct PdfPage {
  std::vector<std::string> texts;
};

// DataLoss names what could not be read.
StatusOr<std::vector<PdfPage>> ReadPdfText(std::string_view bytes);

}  // namespace sluice::payments
