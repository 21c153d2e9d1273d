#include "performance/contracts/clause_writer.h"

#include <algorithm>
#include <cctype>

#include "core/check.h"
#include "performance/contracts/term_words.h"

namespace sluice::performance {
namespace {

bool NamesFact(std::string_view field) { return field == "fact" || field.ends_with("_fact"); }

// The fields of a message without words of their own, as one sentence, then what is below it.
void StateMessage(const TermNode& node, const std::string& path, const std::string& what,
                  ContractWriter& out);

void StateField(const TermNode& field, const std::string& path, const std::string& what,
                std::vector<std::string>& phrases, ContractWriter& out) {
  if (IsDefault(field)) return;
  const std::string words = FieldWords(field.name);
  if (field.IsLeaf()) {
    if (NamesFact(field.name)) {
      phrases.push_back(fmt::format("its {} is the {}", words, out.Fact(field.value, path)));
    } else if (field.kind == TermKind::kText) {
      phrases.push_back(fmt::format("its {} is \"{}\"", words, ValueWords(field)));
    } else {
      phrases.push_back(fmt::format("its {} is {}", words, ValueWords(field)));
    }
    return;
  }
  if (field.kind == TermKind::kMessage) {
    return StateMessage(field, path, fmt::format("{} of {}", words, what), out);
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < field.children.size(); ++i) {
    const TermNode& element = field.children[i];
    if (element.IsLeaf()) {
      texts.push_back(element.kind == TermKind::kText ? fmt::format("\"{}\"", element.value)
                                                      : ValueWords(element));
    } else {
      StateMessage(element, ElementPath(path, i),
                   fmt::format("{} no. {} of {}", TypeWords(element.type), i + 1, what), out);
    }
  }
  if (!texts.empty()) {
    phrases.push_back(fmt::format("its {} are {}", words, JoinWords(texts, "and")));
  }
}

void StateMessage(const TermNode& node, const std::string& path, const std::string& what,
                  ContractWriter& out) {
  std::vector<std::string> phrases;
  // What is below comes after the message itself.
  ContractWriter below;
  below.BeginArticle("", "");
  for (const TermNode& field : node.children) {
    const std::string place = FieldPath(path, field.name);
    field.IsLeaf() || (field.kind == TermKind::kList && !field.children.empty() &&
                       field.children.front().IsLeaf())
        ? StateField(field, place, what, phrases, out)
        : StateField(field, place, what, phrases, below);
  }
  out.Add(path, phrases.empty()
                    ? fmt::format("The {} applies as the law or this contract defines it.", what)
                    : fmt::format("For the {}, {}.", what, JoinWords(phrases, "and")));
  for (const auto& [name, place] : below.Definitions()) out.Fact(name, place);
  for (const ContractArticle& article : below.Take()) {
    for (const ContractSentence& sentence : article.sentences) {
      out.Add(sentence.path, sentence.text);
    }
  }
}

}  // namespace

void ContractWriter::BeginArticle(std::string heading, std::string path) {
  const int number = static_cast<int>(articles_.size()) + 1;
  articles_.push_back(
      {.number = number, .heading = std::move(heading), .path = std::move(path), .sentences = {}});
}

void ContractWriter::Add(const std::string& path, std::string sentence) {
  CHECK(!articles_.empty());
  articles_.back().sentences.push_back({.number = "", .path = path, .text = std::move(sentence)});
}

std::string ContractWriter::Fact(const std::string& name, const std::string& path) {
  const auto [known, added] = definitions_.emplace(name, path);
  if (!added) known->second = std::min(known->second, path);
  return TitleWords(name);
}

const TermNode* TermReader::Take(std::string_view field) const {
  stated_.emplace(field);
  return node_.Find(field);
}

bool TermReader::Has(std::string_view field) const { return node_.Find(field) != nullptr; }

std::string TermReader::Raw(std::string_view field) const {
  const TermNode* leaf = Take(field);
  return leaf == nullptr ? "" : leaf->value;
}

std::string TermReader::Value(std::string_view field) const {
  const TermNode* leaf = Take(field);
  return leaf == nullptr ? "" : ValueWords(*leaf);
}

std::string TermReader::Ratio(std::string_view field) const { return RatioWords(Raw(field)); }

std::string TermReader::Fact(std::string_view field) const {
  return out_.Fact(Raw(field), PathOf(field));
}

TermReader TermReader::Sub(std::string_view field) const {
  const TermNode* node = Take(field);
  CHECK(node != nullptr);
  return {*node, PathOf(field), out_};
}

std::vector<TermReader> TermReader::Elements(std::string_view field) const {
  std::vector<TermReader> elements;
  const TermNode* list = Take(field);
  if (list == nullptr) return elements;
  for (std::size_t i = 0; i < list->children.size(); ++i) {
    elements.emplace_back(list->children[i], ElementPath(PathOf(field), i), out_);
  }
  return elements;
}

std::vector<std::string> TermReader::Texts(std::string_view field) const {
  std::vector<std::string> texts;
  const TermNode* list = Take(field);
  if (list == nullptr) return texts;
  for (const TermNode& element : list->children) texts.push_back(element.value);
  return texts;
}

std::string TermReader::Chosen() const {
  for (const TermNode& field : node_.children) {
    if (field.alternative) return field.name;
  }
  return "";
}

void TermReader::Rest(std::string_view what) const {
  std::vector<std::string> phrases;
  const std::string subject(what);
  for (const TermNode& field : node_.children) {
    if (stated_.contains(field.name)) continue;
    StateField(field, PathOf(field.name), subject, phrases, out_);
  }
  if (!phrases.empty()) {
    out_.Add(path_, fmt::format("Of the {}, {}.", subject, JoinWords(phrases, "and")));
  }
}

std::string Capital(std::string text) {
  if (!text.empty()) {
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  }
  return text;
}

std::string Choice(const TermReader& term, std::string_view field, const ChoiceTexts& texts) {
  const auto found = texts.find(term.Raw(field));
  return found == texts.end() ? term.Value(field) : found->second;
}

std::string SidePrefix(const TermReader& term) {
  const std::string side = term.Value("side");
  if (side == "both" || side.empty()) return "";
  return fmt::format("When the Settlement Value is a {}, ", side);
}

std::string ConditionWords(const std::vector<TermReader>& conditions) {
  std::vector<std::string> parts;
  for (const TermReader& condition : conditions) {
    const std::string kind = condition.Chosen();
    const TermReader term = condition.Sub(kind);
    if (kind == "flag_is") {
      parts.push_back(fmt::format("the {} indicator is {}", term.Fact("fact"),
                                  term.Flag("value") ? "affirmative" : "negative"));
    } else if (kind == "text_is_one_of") {
      std::vector<std::string> values;
      for (const std::string& text : term.Texts("values")) {
        values.push_back(fmt::format("\"{}\"", text));
      }
      parts.push_back(fmt::format("the {} is {}", term.Fact("fact"), JoinWords(values, "or")));
    } else if (kind == "date_on_or_after") {
      parts.push_back(fmt::format("the {} is {} or later", term.Fact("fact"), term.Value("date")));
    } else if (kind == "ratio_compares") {
      parts.push_back(fmt::format("the {} is at {} {}", term.Fact("fact"),
                                  term.Flag("at_most") ? "most" : "least",
                                  term.Ratio("threshold")));
    } else if (kind == "in_contract_year") {
      const std::string first = term.Raw("first");
      const std::string last = term.Raw("last");
      parts.push_back(fmt::format(
          "the period begins in year {} of the agreement that began on the {}",
          last.empty() ? first + " or later" : first + " to " + last, term.Fact("start_fact")));
    } else {
      parts.push_back(
          fmt::format("the condition \"{}\" stated in this Article holds", FieldWords(kind)));
    }
    term.Rest("condition " + FieldWords(kind));
    condition.Rest("condition " + FieldWords(kind));
  }
  return JoinWords(parts, "and");
}

}  // namespace sluice::performance
