#include "performance/program_run/capitation_source.h"

#include <algorithm>
#include <set>

#include "performance/attribution_facts.h"
#include "performance/capitation/capitation_service.h"
#include "performance/members/member_store.h"
#include "performance/program_run/panel_projection.h"
#include "performance/program_run/published_lists.h"
#include "performance/program_run/risk_scores.h"
#include "performance/program_run/run_facts.h"

namespace sluice::performance {
namespace {

// Members whose details are in memory at one time.
constexpr std::size_t kMembers = 1'000;

// Whether the period is exactly one calendar month.
bool IsMonth(const DateRange& period) {
  const Month month = Month::Of(period.from);
  return period.from == month.FirstDay() && period.to == month.End();
}

StatusOr<PartyId> PayeeOf(const DetailScope& scope, PartyId party, const ListEntry& entry) {
  const std::optional<PartyId> place = entry.practice ? entry.practice : entry.provider;
  if (!place || *place == party) return party;
  const Date last = std::min(*entry.attributed.to, *scope.dates.period.to) - Days(1);
  std::vector<PartyId> branches;
  // A practice that left before the list's period ended was there when the entry began.
  for (const Date day : {std::max(last, entry.attributed.from), entry.attributed.from}) {
    branches = scope.affiliations.BranchesTo(*place, party, day);
    if (branches.size() == 1) return branches.front();
    if (branches.size() > 1) {
      return FailedPrecondition(
          "AMBIGUOUS_AFFILIATION: {} belongs to {} through {} and {} on {}; end one affiliation",
          *place, party, branches[0], branches[1], FormatDate(day));
    }
  }
  return FailedPrecondition(
      "REFERENCE_MISSING: the payee of member {}: {} is not below {} on {}", entry.member_id,
      *place, party, FormatDate(entry.attributed.from));
}

// The projection of one contract's panel, in one transaction.
class Projection {
 public:
  Projection(const DetailScope& scope, const DetailContract& contract, pg::Transaction& tx)
      : scope_(scope), contract_(contract), tx_(tx), now_(scope.clock.Now()) {}

  // How many versions of spans were recorded. FailedPrecondition says what lacks.
  StatusOr<std::int64_t> Run() {
    const ContractId id = contract_.contract.id;
    const std::vector<StoredList> lists = PublishedLists(tx_, id, scope_.known_at);
    const std::string wanted = fmt::format("the attribution list of {} (publish it)",
                                           Month::Of(scope_.dates.period.from).ToString());
    if (lists.empty()) {
      if (PanelMembers(tx_, id, 0).empty()) return FailedPrecondition("{}", wanted);
      return 0;
    }
    const StoredList* list = ListOf(lists, scope_.dates.period);
    if (list == nullptr) return FailedPrecondition("{}", wanted);
    ASSIGN_OR_RETURN(const auto method,
                     FindMethod(tx_, id, list->list.period.from, scope_.known_at));
    if (!method) {
      return FailedPrecondition("the attribution method of {}",
                                FormatDate(list->list.period.from));
    }
    method_ = &method->method;
    entries_ = ActiveEntries(lists);
    const std::vector<ContractId> ids = {id};
    ASSIGN_OR_RETURN(auto facts, LoadFacts(tx_, ids, scope_.dates.period, now_));
    facts_ = std::move(facts[id].own);

    std::set<std::int64_t> members;
    for (const std::int64_t member : PanelMembers(tx_, id, kFirstProjectedSpan)) {
      members.insert(member);
    }
    for (const auto& [member, of_member] : entries_) members.insert(member);
    const std::vector<std::int64_t> all(members.begin(), members.end());
    FactChange attributed{.set = {.contract = id, .period = scope_.dates.period}, .gone = {}};
    attributed.set.facts.SetCount(kAttributedMembersFact,
                                  AttributedMembers(entries_, scope_.dates.period));
    ASSIGN_OR_RETURN(std::int64_t recorded,
                     RecordChanges(tx_, {&attributed, 1}, now_, scope_.ids, "attribution list"));
    for (std::size_t at = 0; at < all.size(); at += kMembers) {
      ASSIGN_OR_RETURN(const std::int64_t rows,
                       Chunk(std::span<const std::int64_t>(all).subspan(
                           at, std::min(kMembers, all.size() - at))));
      recorded += rows;
    }
    return recorded;
  }

 private:
  StatusOr<std::int64_t> Chunk(std::span<const std::int64_t> members) {
    const ContractId id = contract_.contract.id;
    std::map<std::int64_t, std::vector<NewPanelSpan>> known;
    for (NewPanelSpan& span : LoadPanelSpans(tx_, id, members, kFirstProjectedSpan)) {
      known[span.member].push_back(std::move(span));
    }
    const bool with_risk = FindMemberMonthSum(contract_.terms)->risk.kind != RiskKind::kNone;
    std::map<std::int64_t, std::vector<RiskScore>> scores;
    if (with_risk) {
      ASSIGN_OR_RETURN(
          std::vector<RiskScore> all,
          ScoresOfModel(ReadRiskScores(tx_, {scope_.payer, members, scope_.known_at}), facts_));
      for (RiskScore& score : all) scores[score.member_id].push_back(std::move(score));
    }
    const PanelRules rules{.contract = id,
                           .method = *method_,
                           .with_risk = with_risk,
                           .learned_on = now_.UtcDate()};
    const PayeeOfEntry payee_of = [&](const ListEntry& entry) {
      return PayeeOf(scope_, contract_.contract.party, entry);
    };
    std::vector<NewPanelSpan> changes;
    for (const MemberRecord& record : ReadMemberRecords(
             tx_, {.payer = scope_.payer, .known_at = scope_.known_at}, members)) {
      const std::int64_t member = record.member.id;
      ASSIGN_OR_RETURN(
          const std::vector<NewPanelSpan> projected,
          ProjectSpans(rules, record, entries_[member], scores[member], payee_of));
      for (NewPanelSpan& span :
           SpansToRecord(projected, known[member], record, rules.learned_on)) {
        changes.push_back(std::move(span));
      }
    }
    InsertPanelSpans(tx_, changes, now_);
    return static_cast<std::int64_t>(changes.size());
  }

  const DetailScope& scope_;
  const DetailContract& contract_;
  pg::Transaction& tx_;
  Instant now_;
  const AttributionMethod* method_ = nullptr;
  std::map<std::int64_t, std::vector<ListEntry>> entries_;
  Facts facts_;
};

}  // namespace

StatusOr<DetailOutcome> CapitationSource::Refresh(const DetailScope& scope,
                                                  std::span<const DetailContract> contracts) {
  DetailOutcome outcome;
  CapitationService service(scope.database, scope.clock, scope.ids);
  const Month month = Month::Of(scope.dates.period.from);
  std::vector<ContractId> ready;
  for (const DetailContract& contract : contracts) {
    const ContractId id = contract.contract.id;
    if (!IsMonth(scope.dates.period)) {
      outcome.missing.emplace_back(id, fmt::format("a calendar month (capitation is run by month; "
                                                   "{} is not one)",
                                                   scope.dates.period.ToString()));
      continue;
    }
    ASSIGN_OR_RETURN(const std::vector<MemberMonthRun> runs, service.Runs(id));
    if (!runs.empty() && runs.back().month > month) {
      outcome.left.emplace_back(id, fmt::format("{} was run; what changed in {} is posted by it",
                                                runs.back().month.ToString(), month.ToString()));
      continue;
    }
    const pg::TransactOptions options{.statement_timeout = std::chrono::milliseconds(0),
                                      .idle_timeout = std::chrono::minutes(5)};
    const StatusOr<std::int64_t> rows =
        scope.database.Transact(options, [&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
          return Projection(scope, contract, tx).Run();
        });
    if (rows.status().code() == absl::StatusCode::kFailedPrecondition) {
      outcome.missing.emplace_back(id, StatusMessage(rows.status()));
      continue;
    }
    RETURN_IF_ERROR(rows.status());
    outcome.rows += *rows;
    ready.push_back(id);
  }
  if (ready.empty()) return outcome;
  ASSIGN_OR_RETURN(const CapitationSummary summary,
                   service.Run({.program = scope.program,
                                .month = month,
                                .business_date = scope.dates.pay_date,
                                .contracts = ready,
                                .progress = scope.progress}));
  outcome.rows += summary.lines;
  outcome.blocked = summary.blocked;
  return outcome;
}

}  // namespace sluice::performance
