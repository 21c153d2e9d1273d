#include "payments/withhold_settlement.h"

#include <algorithm>
#include <map>
#include <optional>

#include "payments/ledger/events.h"
#include "payments/payee_store.h"
#include "payments/withhold_statement.h"
#include "performance/package.h"
#include "performance/program_run/detail_source.h"
#include "performance/program_service.h"
#include "performance/program_store.h"
#include "performance/terms_codec.h"

namespace sluice::payments {
namespace {

using performance::Contract;
using performance::ContractFacts;
using performance::StoredAward;
using performance::Terms;
using performance::Withhold;
using performance::WithholdAccountKey;

// What the terms withhold, of each payment or of the award itself.
std::optional<Withhold> WithholdOf(const Terms& terms) {
  if (terms.payment_withhold) return terms.payment_withhold;
  for (const performance::Component& component : terms.components) {
    if (const auto* withhold = std::get_if<Withhold>(&component.rule)) return *withhold;
  }
  return std::nullopt;
}

bool HasDates(const Withhold& withhold) {
  return withhold.release_on.has_value() || withhold.expiry.has_value();
}

// The payee of the party that holds a reserve of the year. Nothing: none does.
StatusOr<std::optional<PayeeId>> ReserveHolder(pg::Transaction& tx, BookId book, PartyId party,
                                               int year) {
  std::optional<PayeeId> holder;
  for (const PayeeId payee : FindPayeesOfParties(tx, {&party, 1}).All()) {
    const StatusOr<AccountLine> account =
        FindBalance(tx, book, WithholdReserveAccount(payee, year));
    if (account.status().code() == absl::StatusCode::kNotFound) continue;
    RETURN_IF_ERROR(account.status());
    if (holder) {
      return FailedPrecondition(
          "payees {} and {} of {} both hold withholds of {}: what one award forfeits is taken from "
          "one reserve",
          *holder, payee, party, year);
    }
    holder = payee;
  }
  return holder;
}

// A contract of a performance year, with what it withholds.
struct WithholdingContract {
  Contract contract;
  Withhold withhold;
};

// The contracts of a year whose withholds are settled by date.
StatusOr<std::vector<WithholdingContract>> DatedContracts(pg::Transaction& tx, ProgramId program,
                                                          int year, Instant now) {
  const DateRange period = DateRange::Year(year);
  std::vector<WithholdingContract> dated;
  for (const Contract& contract :
       performance::ContractsInPeriod(tx, program, period, std::nullopt)) {
    const Date last = std::min(contract.effective.to.value_or(*period.to), *period.to) - Days(1);
    for (const performance::TermsRow& row :
         performance::TermsOn(tx, {&contract.id, 1}, last, now)) {
      if (row.state != performance::TermsState::kInForce) continue;
      ASSIGN_OR_RETURN(const Terms terms, performance::DecodeTerms(row.content));
      const std::optional<Withhold> withhold = WithholdOf(terms);
      if (withhold && HasDates(*withhold)) dated.push_back({contract, *withhold});
    }
  }
  return dated;
}

// The terms and facts by which each reserve of the book is settled.
class Reserves {
 public:
  Reserves(pg::Transaction& tx, const ProgramPayments& program, Instant now)
      : tx_(tx), program_(program), now_(now) {}

  Status Load(Date on) {
    // The balance is the same whatever the terms say about interest.
    ASSIGN_OR_RETURN(const std::vector<performance::WithholdStatement> statements,
                     StateReserves(tx_, program_.book, Withhold{}, program_.program, on));
    std::vector<PayeeId> payees;
    for (const auto& statement : statements) payees.push_back(statement.key.payee);
    std::map<PayeeId, PartyId> parties;
    for (const Payee& payee : LoadPayees(tx_, payees)) parties[payee.id] = payee.party;
    for (const performance::WithholdStatement& statement : statements) {
      if (statement.balance.IsZero()) continue;
      RETURN_IF_ERROR(Place(statement.key, parties[statement.key.payee]));
    }
    return OkStatus();
  }

  const Withhold* TermsOf(const WithholdAccountKey& key) const {
    const auto found = placed_.find(key);
    return found == placed_.end() ? nullptr : &found->second.withhold;
  }
  performance::Facts FactsOf(const WithholdAccountKey& key) const {
    const auto found = placed_.find(key);
    return found == placed_.end() ? performance::Facts() : found->second.facts;
  }

 private:
  struct Placed {
    Withhold withhold;
    performance::Facts facts;
  };

  Status Place(const WithholdAccountKey& key, PartyId party) {
    const int year = key.performance_year;
    if (!dated_.contains(year)) {
      ASSIGN_OR_RETURN(dated_[year], DatedContracts(tx_, program_.program, year, now_));
    }
    const std::vector<WithholdingContract>& dated = dated_.at(year);
    if (dated.empty()) return OkStatus();
    auto own = std::ranges::find(dated, party, [](const WithholdingContract& candidate) {
      return candidate.contract.party;
    });
    const bool is_own = own != dated.end();
    if (!is_own) {
      for (const WithholdingContract& other : dated) {
        if (other.withhold == dated.front().withhold) continue;
        return FailedPrecondition(
            "the withhold of payee {} for {} could be settled as contract {} says or as contract "
            "{}: its party holds neither; give both the same dates",
            key.payee, year, dated.front().contract.id, other.contract.id);
      }
      own = dated.begin();
    }
    Placed placed{.withhold = own->withhold, .facts = {}};
    const bool reads_flag =
        placed.withhold.release_on.has_value() && !placed.withhold.release_on->flag_fact.empty();
    if (reads_flag) {
      ASSIGN_OR_RETURN(placed.facts,
                       FlagsOf(dated, is_own ? own->contract.id : ContractId(), party, year));
    }
    placed_.emplace(key, std::move(placed));
    return OkStatus();
  }

  // The facts of the contract that the party holds; of another party, what a contract knows of it.
  StatusOr<performance::Facts> FlagsOf(const std::vector<WithholdingContract>& dated,
                                       ContractId own, PartyId party, int year) {
    for (const WithholdingContract& candidate : dated) {
      const ContractId id = candidate.contract.id;
      if (own != ContractId() && id != own) continue;
      ASSIGN_OR_RETURN(auto facts,
                       performance::LoadFacts(tx_, {&id, 1}, DateRange::Year(year), now_));
      if (own != ContractId()) return facts[id].own;
      for (const auto& [participant, of_party] : facts[id].participants) {
        if (participant.party == party) return of_party;
      }
    }
    return performance::Facts();
  }

  pg::Transaction& tx_;
  const ProgramPayments& program_;
  Instant now_;
  std::map<int, std::vector<WithholdingContract>> dated_;
  std::map<WithholdAccountKey, Placed> placed_;
};

}  // namespace

StatusOr<UnearnedWithholds> WithholdSettlement::Unearned(const DateRange& period) {
  performance::ProgramService programs(database_, clock_, ids_);
  ASSIGN_OR_RETURN(const std::vector<StoredAward> awards,
                   programs.Awards(program_.program, period));
  UnearnedWithholds result;
  for (const StoredAward& award : awards) {
    if (award.status == performance::AwardStatus::kBlocked) {
      result.blocked += 1;
      continue;
    }
    ASSIGN_OR_RETURN(const std::string package,
                     programs.Package({award.contract, award.award, award.version}));
    ASSIGN_OR_RETURN(const performance::ReplayReport replay, performance::ReplayPackage(package));
    const bool decides =
        replay.terms && performance::FindBasis<performance::WithheldBalance>(*replay.terms);
    if (!decides) continue;
    const int year = YearOf(award.period.from);
    ASSIGN_OR_RETURN(
        const std::optional<PayeeId> payee,
        database_.Transact(pg::TransactOptions{.read_only = true},
                           [&](pg::Transaction& tx) -> StatusOr<std::optional<PayeeId>> {
                             return ReserveHolder(tx, program_.book, award.party, year);
                           }));
    if (!payee) {
      if (award.forfeited.IsZero()) continue;
      result.elsewhere += 1;
      result.elsewhere_total += award.forfeited;
      continue;
    }
    const performance::ForfeitTo to =
        replay.terms->payment_withhold.value_or(performance::Withhold{}).forfeit_to;
    result.forfeits.push_back({.award = award.award,
                               .version = award.version,
                               .payee = *payee,
                               .performance_year = year,
                               .amount = award.forfeited,
                               .to = to});
    result.total += award.forfeited;
  }
  return result;
}

StatusOr<PostedForfeits> WithholdSettlement::PostUnearnedIn(pg::Transaction& tx,
                                                            const UnearnedWithholds& unearned,
                                                            Date on, UserId actor) {
  return PostForfeitsIn(tx, Ledger(clock_), program_, unearned.forfeits, on, actor);
}

StatusOr<UnearnedWithholds> WithholdSettlement::ForfeitUnearned(const DateRange& period, Date on,
                                                                UserId actor) {
  ASSIGN_OR_RETURN(UnearnedWithholds unearned, Unearned(period));
  RETURN_IF_ERROR(PostForfeits(Ledger(clock_), database_, program_, unearned.forfeits, on, actor));
  return unearned;
}

StatusOr<ReservesOnDay> WithholdSettlement::SettleByDate(Date on, UserId actor) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ReservesOnDay> {
    return SettleByDateIn(tx, on, actor);
  });
}

StatusOr<ReservesOnDay> WithholdSettlement::SettleByDateIn(pg::Transaction& tx, Date on,
                                                           UserId actor) {
  Reserves reserves(tx, program_, clock_.Now());
  RETURN_IF_ERROR(reserves.Load(on));
  return SettleReservesIn(
      tx, Ledger(clock_), program_,
      [&](const WithholdAccountKey& key) { return reserves.TermsOf(key); },
      [&](const WithholdAccountKey& key) { return reserves.FactsOf(key); }, on, actor);
}

}  // namespace sluice::payments
