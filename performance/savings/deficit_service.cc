#include "performance/savings/deficit_service.h"

#include "core/check.h"
#include "performance/package.h"
#include "performance/program_store.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

const CarryForward* FindCarryForward(const Terms& terms) {
  for (const Component& component : terms.components) {
    if (const auto* carry = std::get_if<CarryForward>(&component.rule)) return carry;
  }
  return nullptr;
}

// The terms that a stored award was calculated with.
StatusOr<Terms> TermsOf(pg::Transaction& tx, const StoredAward& award) {
  const std::vector<ContractId> ids = {award.contract};
  for (const TermsRow& row : TermsOn(tx, ids, award.period.from, award.known_at)) {
    if (row.sha256 == award.terms_sha256) return DecodeTerms(row.content);
  }
  return FailedPrecondition("award {} version {}: no terms were in force", award.award,
                            award.version);
}

Status CheckNewest(pg::Transaction& tx, const StoredAward& award) {
  const std::vector<ContractId> ids = {award.contract};
  const LatestAwards latest = FindLatestAwards(tx, ids, award.period);
  const auto newest = latest.newest.find(award.contract);
  if (newest == latest.newest.end() || newest->second.version != award.version) {
    return FailedPrecondition("award {} version {} is not the newest; book that one", award.award,
                              award.version);
  }
  if (award.status == AwardStatus::kBlocked) {
    return FailedPrecondition("award {} version {} is blocked: {}", award.award, award.version,
                              award.missing);
  }
  return OkStatus();
}

StatusOr<Award> ReplayedAward(pg::Transaction& tx, const AwardKey& key) {
  const std::optional<std::string> package = FindPackage(tx, key);
  CHECK(package.has_value());  // an award is never stored without its package
  ASSIGN_OR_RETURN(ReplayReport report, ReplayPackage(*package));
  if (!report.Matches()) {
    return DataLoss("award {} version {}: its package does not replay: {}", key.award, key.version,
                    report.differences.front());
  }
  return std::move(report.settlement.award);
}

}  // namespace

Status DeficitService::Accrue(const DeficitAccount& account, const CarryForward& terms,
                              Date through) {
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const std::vector<DeficitEntry> entries = LoadDeficits(tx, account);
    InsertDeficits(tx, account, entries.size(), PlanAccrual(entries, terms, through), now);
    return OkStatus();
  });
}

StatusOr<Money> DeficitService::BalanceFor(const DeficitAccount& account, AwardId award,
                                           std::optional<Date> through) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<Money> {
    return BalanceWithout(LoadDeficits(tx, account), award, through);
  });
}

StatusOr<Money> DeficitService::Balance(const DeficitAccount& account) {
  return BalanceFor(account, AwardId());
}

Status DeficitService::Post(const AwardKey& key) {
  const Instant now = clock_.Now();
  const std::int64_t new_lot = ids_.NextValue();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const std::optional<StoredAward> award = FindAward(tx, key);
    if (!award) return NotFound("award {} has no version {}", key.award, key.version);
    RETURN_IF_ERROR(CheckNewest(tx, *award));
    ASSIGN_OR_RETURN(const Terms terms, TermsOf(tx, *award));
    const CarryForward* carry = FindCarryForward(terms);
    if (carry == nullptr) {
      return FailedPrecondition("award {}: its terms carry no deficit forward", key.award);
    }
    ASSIGN_OR_RETURN(const Award result, ReplayedAward(tx, key));
    const std::optional<Program> program = FindProgram(tx, award->program);
    CHECK(program.has_value());
    const DeficitAccount account{
        .payer = program->payer, .program = award->program, .party = award->party};
    const std::vector<DeficitEntry> entries = LoadDeficits(tx, account);
    ASSIGN_OR_RETURN(const std::vector<DeficitEntry> plan,
                     PlanPosting(entries, *carry,
                                 {.award = key,
                                  .effective_on = award->pay_date,
                                  .recovered = result.deficit_recovered,
                                  .carried = result.loss_carried},
                                 new_lot));
    InsertDeficits(tx, account, entries.size(), plan, now);
    return OkStatus();
  });
}

Status DeficitService::Link(DeficitLink link) {
  if (link.evidence.empty() || link.recorded_by.empty()) {
    return InvalidArgument("a successor link needs its evidence and who recorded it");
  }
  if (link.from == link.to || link.from == PartyId() || link.to == PartyId()) {
    return InvalidArgument("a successor link joins two different entities");
  }
  const Instant now = clock_.Now();
  link.id = ids_.NextValue();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto known = FindDeficitLink(tx, link.payer, link.program, link.from);
    if (known && (known->to != link.to || known->effective_on != link.effective_on)) {
      return AlreadyExists("{} has the successor {} from {}", link.from, known->to,
                           FormatDate(known->effective_on));
    }
    if (known) link.id = known->id;
    PartyId next = link.to;
    for (auto step = FindDeficitLink(tx, link.payer, link.program, next); step;
         step = FindDeficitLink(tx, link.payer, link.program, next)) {
      next = step->to;
      if (next == link.from) {
        return InvalidArgument("{} already descends from {}", link.from, link.to);
      }
    }
    if (!known) InsertDeficitLink(tx, link, now);
    const DeficitAccount from{link.payer, link.program, link.from};
    const DeficitAccount to{link.payer, link.program, link.to};
    const std::vector<DeficitEntry> old_entries = LoadDeficits(tx, from);
    const std::vector<DeficitEntry> new_entries = LoadDeficits(tx, to);
    std::vector<DeficitEntry> out;
    std::vector<DeficitEntry> in;
    for (const DeficitLot& lot : OpenLots(old_entries)) {
      DeficitEntry entry{.lot = lot.lot,
                         .kind = DeficitKind::kMovedOut,
                         .amount = -lot.outstanding,
                         .effective_on = link.effective_on,
                         .opened_on = lot.opened_on,
                         .expires_on = lot.expires_on,
                         .link = link.id,
                         .memo = fmt::format("to {}: {}", link.to, link.evidence)};
      out.push_back(entry);
      entry.kind = DeficitKind::kMovedIn;
      entry.amount = lot.outstanding;
      entry.memo = fmt::format("from {}: {}", link.from, link.evidence);
      in.push_back(std::move(entry));
    }
    InsertDeficits(tx, from, old_entries.size(), out, now);
    InsertDeficits(tx, to, new_entries.size(), in, now);
    return OkStatus();
  });
}

StatusOr<std::string> DeficitService::Statement(const DeficitAccount& account,
                                                const std::string& title) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::string> {
    return StatementOf(title, LoadDeficits(tx, account));
  });
}

}  // namespace sluice::performance
