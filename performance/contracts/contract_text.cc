#include "performance/contracts/contract_text.h"

#include <algorithm>

#include "performance/contracts/clause_writer.h"
#include "performance/contracts/clauses_split.h"
#include "performance/contracts/term_words.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kColumns = 92;

// The words of `text` in lines, the first after `first`, the others after as many blanks.
std::string Wrapped(const std::string& first, std::string_view text) {
  std::string out;
  std::string line = first;
  const std::string indent(first.size(), ' ');
  bool begun = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (begun && line.size() + 1 + word.size() > kColumns) {
      out += line + "\n";
      line = indent;
      begun = false;
    }
    if (begun) line += ' ';
    line += word;
    begun = true;
  }
  return out + line + "\n";
}

void WriteDefinitions(const std::map<std::string, std::string>& facts, ContractWriter& out) {
  out.BeginArticle("Definitions", "components");
  out.Add("components",
          "The \"Settlement Value\" is the amount to which each Article on the calculation is "
          "applied, in the order in which the Articles stand; once it is zero it stays zero.");
  for (const auto& [name, path] : facts) {
    out.Add(path,
            fmt::format("\"{}\" means what is recorded for the performance period under the name "
                        "{}; while it is not recorded, there is no settlement that depends on it.",
                        TitleWords(name), name));
  }
}

void WritePaymentWithhold(const TermReader& withhold) {
  withhold.Out().BeginArticle("Amount Held Back from Each Payment", withhold.Path());
  WriteHeldBack(withhold, "each payment of the program");
  withhold.Rest("amount held back from each payment");
}

}  // namespace

ContractText WriteContract(const Terms& terms) {
  const TermNode tree = TermsToTree(terms);
  ContractWriter articles;
  const TermReader root(tree, "", articles);
  for (const TermReader& component : root.Elements("components")) WriteComponent(component);
  if (root.Has("payment_withhold")) WritePaymentWithhold(root.Sub("payment_withhold"));
  if (root.Has("operations")) WriteOperations(root.Sub("operations"));
  ContractText text{.title = root.Raw("title"), .articles = {}};
  articles.BeginArticle("Further Terms", "");
  root.Rest("contract");

  ContractWriter front;
  WriteDefinitions(articles.Definitions(), front);
  text.articles = front.Take();
  for (ContractArticle& article : articles.Take()) {
    if (!article.sentences.empty()) text.articles.push_back(std::move(article));
  }
  int number = 0;
  for (ContractArticle& article : text.articles) {
    article.number = ++number;
    int clause = 0;
    for (ContractSentence& sentence : article.sentences) {
      sentence.number = fmt::format("{}.{}", number, ++clause);
    }
  }
  return text;
}

std::string ToPlainText(const ContractText& text, const ContractCaption& caption) {
  std::string out = Wrapped("", text.title);
  for (const std::string& line : caption) out += Wrapped("", line);
  for (const ContractArticle& article : text.articles) {
    out += fmt::format("\nArticle {}. {}\n", article.number, article.heading);
    for (const ContractSentence& sentence : article.sentences) {
      out += Wrapped(fmt::format("  {:<6}", sentence.number), sentence.text);
    }
  }
  return out;
}

std::string ToIndexText(const ContractText& text) {
  std::string out;
  for (const ContractArticle& article : text.articles) {
    for (const ContractSentence& sentence : article.sentences) {
      out += fmt::format("{}\t{}\n", sentence.number, sentence.path);
    }
  }
  return out;
}

}  // namespace sluice::performance
