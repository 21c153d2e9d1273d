// Capitation terms made ready for a run: rate cells in a flat table, windows per product and
// reason, factors per payee and month. All that is asked for one member is a lookup.
//
// RateIndex depends on the terms alone and is made once for many contracts. RatePlan is for one
// contract and run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/status.h"
#include "performance/capitation/line.h"
#include "performance/capitation/panel.h"
#include "performance/terms_capitation.h"

namespace sluice::performance {

// A number for each text that the terms name; 0 for any other.
class CodeTable {
 public:
  void Name(const std::string& text);
  std::int32_t Find(std::string_view text) const;
  std::int32_t Size() const { return static_cast<std::int32_t>(names_.size()) + 1; }
  std::string_view Text(std::int32_t code) const;

 private:
  std::vector<std::string> names_;
};

// The codes that a panel is read with. Several terms share a book: the terms of a contract change
// from month to month, and a span has one code for all of them.
struct CodeBook {
  CodeTable products;
  CodeTable regions;
  CodeTable tiers;
};

class RateIndex {
 public:
  // Names the texts of the terms in the book, which outlives the index. Requires:
  // ValidateMemberMonthSum(basis) is ok. InvalidArgument when the combinations of product, region,
  // tier, sex and age are more than a table of 4 million entries holds.
  static StatusOr<std::shared_ptr<const RateIndex>> Make(const MemberMonthSum& basis,
                                                         std::shared_ptr<CodeBook> book);

  struct Found {
    std::int16_t version = -1;
    std::int16_t cell = -1;
    std::int64_t price_millionths = 0;
  };
  // Nothing when the month has no rates or the member no cell.
  std::optional<Found> Find(MonthNumber month, const PanelSpan& span, int age) const;

  const MemberMonthSum& Basis() const { return basis_; }
  const CodeBook& Book() const { return *book_; }
  // Whether the contract does not pay for members of the product.
  bool IsExcluded(std::int32_t product) const {
    return !basis_.excluded_products.empty() &&
           std::ranges::find(excluded_, product) != excluded_.end();
  }
  // Whether the retro rule is for a product of the book.
  bool IsFor(const RetroRule& rule, std::int32_t product) const {
    return rule.product.empty() || book_->products.Find(rule.product) == product;
  }

 private:
  // The codes of the terms alone, which are the places in the tables, and how they follow from
  // those of the book.
  struct Places {
    CodeTable names;
    std::vector<std::int32_t> of_book;
    void Learn(const CodeTable& book);
    std::int32_t Of(std::int32_t code) const {
      const auto at = static_cast<std::size_t>(code);
      return at < of_book.size() ? of_book[at] : 0;
    }
  };
  struct Version {
    MonthNumber from = 0;
    std::vector<std::int16_t> cells;  // [product][region][tier][sex][age]
  };
  std::size_t Place(std::int32_t product, std::int32_t region, std::int32_t tier, int sex,
                    int band) const;
  Status Fill(const RateTable& table);
  void FillCell(const RateCell& cell, std::int16_t number, Version& version) const;

  MemberMonthSum basis_;
  std::shared_ptr<CodeBook> book_;
  Places products_;
  Places regions_;
  Places tiers_;
  std::vector<std::int32_t> excluded_;  // codes of the book
  std::vector<std::int16_t> band_of_age_;
  int bands_ = 0;
  std::vector<Version> versions_;
};

// What a run of one contract is about.
struct RunScope {
  Month month;
  Date business_date{};
  DateRange contract;  // the days on which it is in force
  // The months for which the terms hold: from `first_month`, up to and not including `end_month`.
  std::optional<Month> first_month;
  std::optional<Month> end_month;
  std::vector<PanelFactor> factors;
  // When the run before it knew what it knew; unset for the first run of the contract.
  std::optional<Instant> previous_known_at;
};

class RatePlan {
 public:
  RatePlan(std::shared_ptr<const RateIndex> index, RunScope scope);

  const RateIndex& Index() const { return *index_; }
  const MemberMonthSum& Basis() const { return index_->Basis(); }
  const RunScope& Scope() const { return scope_; }

  MonthNumber RunMonth() const { return run_month_; }
  MonthNumber FirstMonth() const { return first_month_; }  // that the plan pays
  MonthNumber LastMonth() const { return last_month_; }    // the run's, or the terms' last
  MonthNumber EndMonth() const { return end_month_; }      // the month after its last
  // The first month that is open for a change of the product for the reason.
  MonthNumber FirstOpen(std::int32_t product, ChangeReason reason) const;
  // The first that is open for any.
  MonthNumber FirstOpen() const { return first_open_; }
  // How far back changes outside their window are listed: a year before the first open month.
  MonthNumber FirstListed() const { return first_listed_; }

  // numerator / denominator, within the limits.
  struct Factor {
    std::int64_t numerator = 1;
    std::int64_t denominator = 1;
    bool clamped = false;
  };
  // Nothing when a mean or the member's risk is missing.
  std::optional<Factor> FactorOf(PartyId payee, MonthNumber month, std::int64_t member_risk) const;

  // The age on the reference day of the month, at least 0.
  int AgeIn(MonthNumber month, DayNumber birth) const;

 private:
  const PanelFactor* MeansOf(PartyId payee, MonthNumber month) const;
  Factor Limited(std::int64_t numerator, std::int64_t denominator) const;

  std::shared_ptr<const RateIndex> index_;
  RunScope scope_;
  MonthNumber run_month_ = 0;
  MonthNumber first_month_ = 0;
  MonthNumber last_month_ = 0;
  MonthNumber end_month_ = 0;
  MonthNumber first_open_ = 0;
  MonthNumber first_listed_ = 0;
  std::vector<MonthNumber> windows_;  // [product][reason]
};

}  // namespace sluice::performance
