// What the writers of a contract's articles share: reading a term's fields, and keeping count of
// what was stated. Internal to the contract text.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "performance/contracts/contract_text.h"

namespace sluice::performance {

// Collects the articles, and the facts that the contract has to define.
class ContractWriter {
 public:
  void BeginArticle(std::string heading, std::string path);
  void Add(const std::string& path, std::string sentence);
  // The defined term of a fact: "Medical Loss Ratio" for medical_loss_ratio. Of the terms that use
  // it, its definition is linked to the one whose path comes first.
  std::string Fact(const std::string& name, const std::string& path);

  // Name and path, by name.
  const std::map<std::string, std::string>& Definitions() const { return definitions_; }
  std::vector<ContractArticle> Take() { return std::move(articles_); }

 private:
  std::vector<ContractArticle> articles_;
  std::map<std::string, std::string> definitions_;
};

// One message of the terms. Every field that a writer asks for counts as stated; Rest() states the
// others, so that a field added to the published message tomorrow is not left out of the text.
class TermReader {
 public:
  TermReader(const TermNode& node, std::string path, ContractWriter& out)
      : node_(node), path_(std::move(path)), out_(out) {}

  const std::string& Path() const { return path_; }
  std::string PathOf(std::string_view field) const { return FieldPath(path_, field); }
  ContractWriter& Out() const { return out_; }

  bool Has(std::string_view field) const;
  // The raw value; empty when it is absent.
  std::string Raw(std::string_view field) const;
  // As people read it.
  std::string Value(std::string_view field) const;
  std::string Ratio(std::string_view field) const;
  bool Flag(std::string_view field) const { return Raw(field) == "true"; }
  // The defined term of the fact that the field names.
  std::string Fact(std::string_view field) const;
  // A message below. Requires: Has(field).
  TermReader Sub(std::string_view field) const;
  // The elements of a list of messages, or the values of a list of texts.
  std::vector<TermReader> Elements(std::string_view field) const;
  std::vector<std::string> Texts(std::string_view field) const;
  // The message fields that are there, for finding which of several was chosen.
  std::string Chosen() const;

  void Say(std::string sentence) const { out_.Add(path_, std::move(sentence)); }
  void Say(std::string_view field, std::string sentence) const {
    out_.Add(PathOf(field), std::move(sentence));
  }
  // States every field that was not asked for and says something.
  void Rest(std::string_view what) const;

 private:
  const TermNode* Take(std::string_view field) const;

  const TermNode& node_;
  std::string path_;
  ContractWriter& out_;
  mutable std::set<std::string, std::less<>> stated_;
};

// The words for a choice by its published name; where none are given, the name itself in words.
using ChoiceTexts = std::map<std::string, std::string, std::less<>>;
std::string Choice(const TermReader& term, std::string_view field, const ChoiceTexts& texts);
// "When the Settlement Value is a gain, " by the field `side`; empty for both sides.
std::string SidePrefix(const TermReader& term);
// "the Product is "HMO" or "PPO", and ...".
std::string ConditionWords(const std::vector<TermReader>& conditions);
// The text with its first letter in upper case.
std::string Capital(std::string text);

// One article for a component of the terms.
void WriteComponent(const TermReader& component);
// The article about money, dates and data.
void WriteOperations(const TermReader& operations);

}  // namespace sluice::performance
