#include "api/demo/synthetic_payer.h"

#include <fmt/format.h>

#include "core/check.h"
#include "hierarchy/affiliation.h"

namespace sluice::demo {
namespace {

// The performance year of the demo and the affiliations' first day.
const DateRange kAffiliation = DateRange::From(MakeDate(2023, 1, 1));

class Builder {
 public:
  explicit Builder(const SyntheticOptions& options) : options_(options), random_(options.seed) {}

  SyntheticPayer Build() {
    payer_.name = "Example Health Plan";
    AddOrganizations();
    AddPeople();
    AddContracts();
    AddMembers();
    return std::move(payer_);
  }

 private:
  std::size_t AddParty(SyntheticKind kind, std::string name, bool has_npi) {
    const auto index = static_cast<std::int64_t>(payer_.parties.size());
    // A handful of people have not given an account yet: the cycle holds their lines and goes on.
    const bool has_account = kind != SyntheticKind::kProvider || index % 397 != 0;
    payer_.parties.push_back(SyntheticParty{
        .kind = kind,
        .name = std::move(name),
        .npi = has_npi ? InventedNpi(10'000 + index) : "",
        .tin = InventedTin(10'000 + index),
        .address = InventedAddress(options_.seed, index),
        .routing_number = InventedRoutingNumber(options_.seed, index),
        .account_number = has_account ? InventedAccountNumber(options_.seed, index) : ""});
    return payer_.parties.size() - 1;
  }

  void Connect(std::size_t parent, std::size_t child) {
    payer_.edges.push_back(SyntheticEdge{parent, child, kAffiliation});
  }

  void AddOrganizations() {
    for (std::int64_t i = 0; i < options_.acos; ++i) {
      acos_.push_back(AddParty(SyntheticKind::kAco, InventedAcoName(i), /*has_npi=*/true));
    }
    for (std::int64_t i = 0; i < options_.practices; ++i) {
      practices_.push_back(AddParty(SyntheticKind::kPractice,
                                    InventedPracticeName(options_.seed, i), /*has_npi=*/true));
      Connect(acos_[At(i, acos_)], practices_.back());
      if (i % 12 == 5 && acos_.size() > 1) Connect(acos_[At(i + 1, acos_)], practices_.back());
    }
    for (std::int64_t i = 0; i < options_.acos; ++i) {
      const std::size_t organization = AddParty(SyntheticKind::kCommunityOrganization,
                                                InventedCommunityOrganizationName(i), false);
      Connect(acos_[At(i, acos_)], organization);
    }
  }

  void AddPeople() {
    for (std::int64_t i = 0; i < options_.providers; ++i) {
      const std::size_t provider = AddParty(SyntheticKind::kProvider,
                                            InventedPersonName(options_.seed, i), /*has_npi=*/true);
      Connect(practices_[At(i, practices_)], provider);
      if (i % 10 == 3 && practices_.size() > 1) {
        Connect(practices_[At(i + 1, practices_)], provider);
      }
    }
    for (std::size_t i = 0; i < practices_.size(); i += 4) {
      const std::size_t employee = AddParty(
          SyntheticKind::kOfficeEmployee,
          InventedPersonName(options_.seed, options_.providers + static_cast<std::int64_t>(i)),
          false);
      Connect(practices_[i], employee);
    }
  }

  void AddContracts() {
    const auto add = [&](SyntheticProgram program, const std::vector<std::size_t>& parties) {
      for (std::size_t i = 0; i < parties.size(); ++i) {
        payer_.contracts.push_back(SyntheticContract{.program = program,
                                                     .party = parties[i],
                                                     .number = static_cast<std::int64_t>(i),
                                                     .quarterly_base = {},
                                                     .results = {}});
      }
    };
    add(SyntheticProgram::kMedicareAco, acos_);
    add(SyntheticProgram::kQualityIncentive, practices_);
    add(SyntheticProgram::kCommercial, acos_);
    for (SyntheticContract& contract : payer_.contracts) {
      if (contract.program == SyntheticProgram::kQualityIncentive) {
        contract.quarterly_base = Money::FromCents(random_.Between(1'800'000, 9'500'000));
      }
    }
  }

  // Members choose a practice; their line of business decides which contract answers for them.
  void AddMembers() {
    payer_.members.reserve(static_cast<std::size_t>(options_.members));
    const std::size_t commercial = acos_.size() + practices_.size();
    for (std::int64_t number = 1; number <= options_.members; ++number) {
      const auto practice = static_cast<std::size_t>(
          random_.Between(0, static_cast<std::int64_t>(practices_.size()) - 1));
      const std::size_t aco = practice % acos_.size();
      const std::int64_t line = random_.Between(1, 10);
      const std::size_t contract = line <= 4   ? aco
                                   : line <= 7 ? acos_.size() + practice
                                               : commercial + aco;
      AddMember(number, practice, contract);
    }
  }

  void AddMember(std::int64_t number, std::size_t practice, std::size_t contract_index) {
    SyntheticContract& contract = payer_.contracts[contract_index];
    const bool commercial = contract.program == SyntheticProgram::kCommercial;
    SyntheticMember member{
        .number = number, .contract = contract_index, .practice = practices_[practice]};
    member.member_months =
        random_.Percent(88) ? 12 : static_cast<std::int32_t>(random_.Between(1, 11));
    const std::int64_t monthly_cents =
        commercial ? random_.Between(28'000, 52'000) : random_.Between(70'000, 150'000);
    member.benchmark = Money::FromCents(monthly_cents * member.member_months);
    // Contracts differ in how well they manage cost: from 12 % below the target to 6 % above it.
    const std::int64_t level = 88 + (contract.number * 7 + 3) % 19;
    // Spending is skewed: most members cost less than expected and a few a great deal more.
    const std::int64_t skew =
        random_.Percent(90) ? random_.Between(30, 105) : random_.Between(200, 415);
    member.expenditure = Money::FromCents(member.benchmark.Cents() * level * skew / 9'200);
    for (std::size_t m = 0; m < kSyntheticMeasures; ++m) {
      if (!random_.Percent(65)) continue;
      const auto bit = static_cast<std::uint8_t>(1U << m);
      member.eligible = static_cast<std::uint8_t>(member.eligible | bit);
      const std::int64_t chance =
          52 + (contract.number * 5 + static_cast<std::int64_t>(m) * 3) % 34;
      if (random_.Percent(chance)) member.met = static_cast<std::uint8_t>(member.met | bit);
    }
    Sum(member, contract.results);
    payer_.members.push_back(member);
  }

  static void Sum(const SyntheticMember& member, SyntheticResults& results) {
    results.members += 1;
    results.member_months += member.member_months;
    results.benchmark += member.benchmark;
    results.expenditure += member.expenditure;
    for (std::size_t m = 0; m < kSyntheticMeasures; ++m) {
      results.denominators[m] += (member.eligible >> m) & 1;
      results.numerators[m] += (member.met >> m) & 1;
    }
  }

  static std::size_t At(std::int64_t index, const std::vector<std::size_t>& list) {
    return static_cast<std::size_t>(index) % list.size();
  }

  const SyntheticOptions& options_;
  Random random_;
  SyntheticPayer payer_;
  std::vector<std::size_t> acos_;
  std::vector<std::size_t> practices_;
};

}  // namespace

SyntheticPayer MakeSyntheticPayer(const SyntheticOptions& options) {
  CHECK(options.acos >= 1 && options.practices >= 1 && options.providers >= 1);
  CHECK(options.members >= 0);
  return Builder(options).Build();
}

hierarchy::PartyKind KindOf(SyntheticKind kind) {
  switch (kind) {
    case SyntheticKind::kAco:
      return hierarchy::PartyKind::kAco;
    case SyntheticKind::kPractice:
      return hierarchy::PartyKind::kPractice;
    case SyntheticKind::kProvider:
      return hierarchy::PartyKind::kProvider;
    case SyntheticKind::kOfficeEmployee:
      return hierarchy::PartyKind::kOfficeEmployee;
    case SyntheticKind::kCommunityOrganization:
      return hierarchy::PartyKind::kCommunityOrganization;
  }
  CHECK(false);
}

std::string_view RoleOf(SyntheticKind child) {
  switch (child) {
    case SyntheticKind::kProvider:
      return hierarchy::role::kPhysician;
    case SyntheticKind::kOfficeEmployee:
      return hierarchy::role::kEmployee;
    case SyntheticKind::kCommunityOrganization:
      return hierarchy::role::kPartner;
    default:
      return hierarchy::role::kParticipant;
  }
}

}  // namespace sluice::demo
