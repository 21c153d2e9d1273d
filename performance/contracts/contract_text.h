// The contract in plain English, written from its terms.
//
//   1. Every sentence is linked to the term it states, by the term's path
//      (performance/terms_tree.h), and has a number: article and clause.
//   2. The same terms give the same text; terms that differ in any value give another text.
//   3. Whatever the terms hold is stated. A kind of component without words of its own here is
//      stated field by field, from the names of the published message.
//   4. The text explains; the terms themselves are what is signed and calculated.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "performance/terms.h"
#include "performance/terms_tree.h"

namespace sluice::performance {

struct ContractSentence {
  std::string number;  // "3.2"
  std::string path;    // "components[1].gate.test"
  std::string text;    // one sentence, with its full stop
};

struct ContractArticle {
  int number = 0;
  std::string heading;
  std::string path;
  std::vector<ContractSentence> sentences;
};

struct ContractText {
  std::string title;
  std::vector<ContractArticle> articles;
};

ContractText WriteContract(const Terms& terms);

// Lines above the articles, for instance the parties and the days; written as they are.
using ContractCaption = std::vector<std::string>;
// The text for reading: at most 92 columns, articles and clauses numbered. Ends with a newline.
std::string ToPlainText(const ContractText& text, const ContractCaption& caption = {});
// Each clause's number and the path of its term, one line each: "3.2<TAB>components[1].gate".
std::string ToIndexText(const ContractText& text);

}  // namespace sluice::performance
