#include "performance/capitation/rate_plan.h"

#include <algorithm>
#include <set>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr int kLastAge = 150;
constexpr int kSexes = 3;
constexpr std::size_t kReasons = static_cast<std::size_t>(ChangeReason::kRate) + 1;
constexpr std::size_t kLargestTable = 4'000'000;
constexpr std::int64_t kMillion = 1'000'000;

// The first month that begins on or after the day.
MonthNumber FirstBeginningFrom(Date day) {
  const Month month = Month::Of(day);
  return ToMonthNumber(month) + (month.FirstDay() == day ? 0 : 1);
}

}  // namespace

void CodeTable::Name(const std::string& text) {
  if (!text.empty() && Find(text) == 0) names_.push_back(text);
}

std::int32_t CodeTable::Find(std::string_view text) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == text) return static_cast<std::int32_t>(i) + 1;
  }
  return 0;
}

std::string_view CodeTable::Text(std::int32_t code) const {
  return code == 0 ? std::string_view("none of those in the terms")
                   : std::string_view(names_[static_cast<std::size_t>(code) - 1]);
}

void RateIndex::Places::Learn(const CodeTable& book) {
  of_book.assign(static_cast<std::size_t>(book.Size()), 0);
  for (std::int32_t code = 1; code < book.Size(); ++code) {
    of_book[static_cast<std::size_t>(code)] = names.Find(book.Text(code));
  }
}

StatusOr<std::shared_ptr<const RateIndex>> RateIndex::Make(const MemberMonthSum& basis,
                                                           std::shared_ptr<CodeBook> book) {
  auto index = std::make_shared<RateIndex>();
  index->basis_ = basis;
  for (const RetroRule& rule : basis.retro) book->products.Name(rule.product);
  for (const std::string& product : basis.excluded_products) book->products.Name(product);
  if (const auto* table = std::get_if<RateTable>(&basis.base)) {
    for (const RateVersion& version : table->versions) {
      for (const RateCell& cell : version.cells) {
        book->products.Name(cell.product);
        book->regions.Name(cell.region);
        book->tiers.Name(cell.tier);
      }
    }
    RETURN_IF_ERROR(index->Fill(*table));
  }
  index->products_.Learn(book->products);
  index->regions_.Learn(book->regions);
  index->tiers_.Learn(book->tiers);
  for (const std::string& product : basis.excluded_products) {
    index->excluded_.push_back(book->products.Find(product));
  }
  index->book_ = std::move(book);
  return std::shared_ptr<const RateIndex>(std::move(index));
}

std::size_t RateIndex::Place(std::int32_t product, std::int32_t region, std::int32_t tier, int sex,
                             int band) const {
  const auto next = [](std::size_t at, std::int32_t size, std::int32_t place) {
    return at * static_cast<std::size_t>(size) + static_cast<std::size_t>(place);
  };
  std::size_t at = next(static_cast<std::size_t>(product), regions_.names.Size(), region);
  at = next(at, tiers_.names.Size(), tier);
  at = next(at, kSexes, sex);
  return next(at, bands_, band);
}

Status RateIndex::Fill(const RateTable& table) {
  std::set<int> edges = {0};
  for (const RateVersion& version : table.versions) {
    for (const RateCell& cell : version.cells) {
      products_.names.Name(cell.product);
      regions_.names.Name(cell.region);
      tiers_.names.Name(cell.tier);
      edges.insert(cell.age_from);
      edges.insert(cell.age_to.value_or(kLastAge) + 1);
    }
  }
  edges.erase(edges.upper_bound(kLastAge), edges.end());
  std::int16_t band = -1;
  for (int age = 0; age <= kLastAge; ++age) {
    if (edges.contains(age)) ++band;
    band_of_age_.push_back(band);
  }
  bands_ = band + 1;
  const std::size_t size = Place(products_.names.Size() - 1, regions_.names.Size() - 1,
                                 tiers_.names.Size() - 1, kSexes - 1, bands_ - 1) +
                           1;
  if (size > kLargestTable) {
    return InvalidArgument(
        "the rates have {} combinations of product, region, tier, sex and age; split the program "
        "by product to stay under {}",
        size, kLargestTable);
  }
  for (const RateVersion& from : table.versions) {
    Version version{.from = ToMonthNumber(from.from),
                    .cells = std::vector<std::int16_t>(size, std::int16_t{-1})};
    for (std::size_t i = 0; i < from.cells.size(); ++i) {
      FillCell(from.cells[i], static_cast<std::int16_t>(i), version);
    }
    versions_.push_back(std::move(version));
  }
  return OkStatus();
}

void RateIndex::FillCell(const RateCell& cell, std::int16_t number, Version& version) const {
  struct Codes {
    std::int32_t from, to;
  };
  const auto codes = [](const CodeTable& list, const std::string& text) {
    if (text.empty()) return Codes{0, list.Size()};
    const std::int32_t code = list.Find(text);
    return Codes{code, code + 1};
  };
  const Codes products = codes(products_.names, cell.product);
  const Codes regions = codes(regions_.names, cell.region);
  const Codes tiers = codes(tiers_.names, cell.tier);
  const int first = band_of_age_[static_cast<std::size_t>(cell.age_from)];
  const int last = band_of_age_[static_cast<std::size_t>(cell.age_to.value_or(kLastAge))];
  for (std::int32_t p = products.from; p < products.to; ++p) {
    for (std::int32_t r = regions.from; r < regions.to; ++r) {
      for (std::int32_t t = tiers.from; t < tiers.to; ++t) {
        for (int sex = 0; sex < kSexes; ++sex) {
          if (cell.sex != CellSex::kAny && static_cast<int>(cell.sex) != sex) continue;
          for (int band = first; band <= last; ++band) {
            version.cells[Place(p, r, t, sex, band)] = number;
          }
        }
      }
    }
  }
}

std::optional<RateIndex::Found> RateIndex::Find(MonthNumber month, const PanelSpan& span,
                                                int age) const {
  std::size_t at = versions_.size();
  while (at > 0 && versions_[at - 1].from > month) --at;
  if (at == 0 || age > kLastAge) return std::nullopt;
  const Version& version = versions_[at - 1];
  const std::int16_t cell =
      version
          .cells[Place(products_.Of(span.product), regions_.Of(span.region), tiers_.Of(span.tier),
                       static_cast<int>(span.sex), band_of_age_[static_cast<std::size_t>(age)])];
  if (cell < 0) return std::nullopt;
  const RateTable& table = *std::get_if<RateTable>(&basis_.base);
  return Found{static_cast<std::int16_t>(at - 1), cell,
               table.versions[at - 1].cells[static_cast<std::size_t>(cell)].price.Millionths()};
}

RatePlan::RatePlan(std::shared_ptr<const RateIndex> index, RunScope scope)
    : index_(std::move(index)), scope_(std::move(scope)) {
  run_month_ = ToMonthNumber(scope_.month);
  first_month_ = ToMonthNumber(Month::Of(scope_.contract.from));
  if (Basis().first_month) {
    first_month_ = std::max(first_month_, ToMonthNumber(*Basis().first_month));
  }
  if (scope_.first_month) {
    first_month_ = std::max(first_month_, ToMonthNumber(*scope_.first_month));
  }
  last_month_ = run_month_;
  if (scope_.end_month) {
    last_month_ = std::min(last_month_, ToMonthNumber(*scope_.end_month) - 1);
  }
  end_month_ = scope_.contract.to ? FirstBeginningFrom(*scope_.contract.to) : INT32_MAX;
  std::ranges::stable_sort(scope_.factors, {}, &PanelFactor::from);

  const std::int32_t products = index_->Book().products.Size();
  first_open_ = run_month_;
  for (std::int32_t product = 0; product < products; ++product) {
    for (std::size_t reason = 0; reason < kReasons; ++reason) {
      const auto rule = std::ranges::find_if(Basis().retro, [&](const RetroRule& r) {
        return index_->IsFor(r, product) &&
               (!r.reason || static_cast<std::size_t>(*r.reason) == reason);
      });
      CHECK(rule != Basis().retro.end());
      MonthNumber open = first_month_;
      if (rule->days) {
        const MonthNumber window = FirstBeginningFrom(scope_.business_date - Days(*rule->days));
        open = std::max(open, std::min(window, run_month_));
      }
      windows_.push_back(open);
      first_open_ = std::min(first_open_, open);
    }
  }
  first_listed_ = std::max(first_month_, first_open_ - 12);
}

MonthNumber RatePlan::FirstOpen(std::int32_t product, ChangeReason reason) const {
  // A product that entered the book after the plan is none that the rules name.
  const std::size_t row = static_cast<std::size_t>(product) * kReasons;
  return windows_[(row < windows_.size() ? row : 0) + static_cast<std::size_t>(reason)];
}

const PanelFactor* RatePlan::MeansOf(PartyId payee, MonthNumber month) const {
  const PanelFactor* own = nullptr;
  const PanelFactor* all = nullptr;
  for (const PanelFactor& factor : scope_.factors) {
    if (ToMonthNumber(factor.from) > month) break;
    if (factor.payee == payee) own = &factor;
    if (factor.payee == PartyId()) all = &factor;
  }
  return own != nullptr ? own : all;
}

RatePlan::Factor RatePlan::Limited(std::int64_t numerator, std::int64_t denominator) const {
  __extension__ using Wide = __int128;
  const RiskRule& rule = Basis().risk;
  Factor factor{numerator, denominator, false};
  const auto limit = [&](std::int64_t millionths) { factor = {millionths, kMillion, true}; };
  if (rule.most_below) {
    const std::int64_t least = kMillion - rule.most_below->Millionths();
    if (Wide(numerator) * kMillion < Wide(least) * denominator) limit(least);
  }
  if (rule.most_above) {
    const std::int64_t most = kMillion + rule.most_above->Millionths();
    if (Wide(numerator) * kMillion > Wide(most) * denominator) limit(most);
  }
  return factor;
}

std::optional<RatePlan::Factor> RatePlan::FactorOf(PartyId payee, MonthNumber month,
                                                   std::int64_t member_risk) const {
  switch (Basis().risk.kind) {
    case RiskKind::kNone:
      return Factor{};
    case RiskKind::kMember:
      if (member_risk < 0) return std::nullopt;
      return Limited(member_risk, kMillion);
    case RiskKind::kMemberNormalized: {
      const PanelFactor* means = MeansOf(payee, month);
      if (means == nullptr || member_risk < 0) return std::nullopt;
      return Limited(member_risk, means->plan_mean_millionths);
    }
    case RiskKind::kPanel: {
      const PanelFactor* means = MeansOf(payee, month);
      if (means == nullptr) return std::nullopt;
      return Limited(means->panel_mean_millionths, means->plan_mean_millionths);
    }
  }
  return std::nullopt;
}

int RatePlan::AgeIn(MonthNumber month, DayNumber birth) const {
  Month reference = ToMonth(month);
  Date day = reference.FirstDay();
  if (Basis().age_day == AgeDay::kLastOfMonth) day = reference.End() - Days(1);
  if (Basis().age_day == AgeDay::kFirstOfYear) day = Month(reference.Year(), 1).FirstDay();
  return std::max(0, AgeOn(ToDate(birth), day));
}

}  // namespace sluice::performance
