// Programs of the synthetic plan that pay month by month and event by event, over its first ACO:
//
//   1. Primary-care capitation by rate cells, with a fee and a withhold of each practice, for
//      September and October 2026. In September a termination, a joiner and a move come late.
//   2. A care-coordination fee by tier for the same panel and months.
//   3. An incentive for wellness visits and closed care gaps, by quarter: one practice's events are
//      capped, one's are all refused, and one event is withdrawn after it was paid.
//   4. A bundle of hip and knee replacements of 2025, reconciled twice.
//
// Everything comes in as a payer's own data would: member files by the importers, attribution lists
// prepared and published, events recorded. All of it is invented.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/demo/demo_source.h"
#include "api/demo/synthetic_payer.h"

namespace sluice::demo {

class SyntheticModels {
 public:
  // The plan outlives it.
  explicit SyntheticModels(const SyntheticPayer& plan);

  // The ids of the plan's parties, by position; before anything else.
  void SetParties(std::vector<PartyId> parties) { parties_ = std::move(parties); }

  std::vector<DemoProgram> Programs(const DemoContext& context);
  bool Has(std::string_view program_code) const;
  // What the payer's systems sent by the day. OK and nothing on other days.
  StatusOr<std::string> Learn(const DemoContext& context, Date business_date);
  StatusOr<std::vector<performance::FactSet>> Facts(const DemoProgram& program,
                                                    const DemoCycle& cycle) const;

 private:
  // A practice of the ACO with one of its providers, by position.
  struct Place {
    std::size_t practice = 0;
    std::size_t provider = 0;
  };

  ContractId AddContract(const DemoContext& context, DemoProgram& program, std::size_t party,
                         performance::Terms terms, Date from) const;
  const Place& PlaceOf(std::size_t number) const { return places_[number % places_.size()]; }
  Status Import(const DemoContext& context, const std::string& name, std::string_view mapping,
                const std::string& text) const;
  Status LearnFirst(const DemoContext& context);
  Status LearnLater(const DemoContext& context);
  Status SetMethods(const DemoContext& context) const;
  Status PublishLists(const DemoContext& context) const;
  Status RecordEvents(const DemoContext& context, bool later) const;
  std::string ChoiceRow(std::size_t member, const Place& place, std::string_view from,
                        std::string_view to) const;

  const SyntheticPayer& plan_;
  std::size_t aco_ = 0;
  std::vector<Place> places_;
  std::vector<PartyId> parties_;
  std::vector<ContractId> panels_;      // capitation and care coordination
  std::vector<ContractId> activities_;  // by place
  ContractId bundle_;
};

}  // namespace sluice::demo
