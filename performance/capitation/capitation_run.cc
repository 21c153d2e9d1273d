#include "performance/capitation/capitation_run.h"

#include <algorithm>
#include <set>

#include "core/check.h"
#include "performance/member_month_facts.h"
#include "performance/terms_codec.h"

namespace sluice::performance {
namespace {

constexpr std::int32_t kLinesPerBlock = 16'384;
// Contracts share a stream as long as the lines posted for them before, some ten bytes each, are no
// more than this.
constexpr std::int64_t kLinesBefore = 8'000'000;
// No contract is looked back on further than this.
constexpr int kMostMonthsBack = 120;
constexpr std::string_view kSource = "capitation run";

DateRange PeriodOf(Month month) { return DateRange::Between(month.FirstDay(), month.End()); }

// The lines of the runs before, member by member: each run is in the order of its members, and so
// is what this gives.
class PostedLines {
 public:
  static StatusOr<PostedLines> Open(std::span<const StoredBlock> blocks,
                                    std::span<const MemberMonthRun> runs) {
    PostedLines lines;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (lines.runs_.empty() || lines.runs_.back().number != blocks[i].run_number) {
        const auto run = std::ranges::find(runs, blocks[i].run_number, &MemberMonthRun::number);
        CHECK(run != runs.end());
        lines.runs_.push_back(
            {.number = run->number, .known_at = run->known_at.Micros(), .next = blocks.subspan(i)});
      }
    }
    for (Cursor& cursor : lines.runs_) RETURN_IF_ERROR(cursor.Advance());
    return lines;
  }

  // What was posted for the member. Members are asked for in growing order.
  Status Of(std::int64_t member, std::vector<PostedMonth>& posted) {
    posted.clear();
    for (Cursor& cursor : runs_) {
      while (cursor.more && cursor.line.member <= member) {
        if (cursor.line.member == member) AddTo(cursor.line, cursor.known_at, posted);
        RETURN_IF_ERROR(cursor.Advance());
      }
    }
    return OkStatus();
  }

 private:
  struct Cursor {
    std::int32_t number = 0;
    std::int64_t known_at = 0;
    std::span<const StoredBlock> next;
    std::optional<LineReader> reader = std::nullopt;
    MemberMonthLine line = {};
    bool more = true;

    Status Advance() {
      while (true) {
        if (reader) {
          ASSIGN_OR_RETURN(const bool found, reader->Next(line));
          if (found) return OkStatus();
        }
        if (next.empty() || next.front().run_number != number) {
          more = false;
          return OkStatus();
        }
        ASSIGN_OR_RETURN(reader, LineReader::Open(next.front().block.content));
        next = next.subspan(1);
      }
    }
  };

  static void AddTo(const MemberMonthLine& line, std::int64_t known_at,
                    std::vector<PostedMonth>& posted) {
    const auto known = std::ranges::find_if(posted, [&](const PostedMonth& p) {
      return p.month == line.month && p.payee == line.payee;
    });
    AddPosted(line, known_at, known == posted.end() ? posted.emplace_back() : *known);
  }

  std::vector<Cursor> runs_;
};

// The terms in force on a day, of all versions with the newest first; none when withdrawn.
const TermsRow* InForce(const std::vector<TermsRow>& versions, Date day) {
  for (const TermsRow& row : versions) {
    if (row.effective.Contains(day)) return row.state == TermsState::kInForce ? &row : nullptr;
  }
  return nullptr;
}

const Facts& FactsOf(const ContractFacts& contract, PartyId payee) {
  static const Facts none;
  const auto found = contract.participants.find(ParticipantKey{payee, PartyId()});
  return found == contract.participants.end() ? none : found->second;
}

// What each payee is due: who has lines, and who carries a deduction from the month before.
StatusOr<std::vector<PayeeResult>> SettlePayees(const Terms& terms, const PayeeTotals& totals,
                                                const ContractFacts& facts,
                                                const ContractFacts& before) {
  std::map<PartyId, PayeeMonths> payees = totals.Payees();
  for (const auto& [key, participant] : before.participants) {
    if (key.under == PartyId() && !CarriedIn(terms, participant).empty()) payees[key.party];
  }
  std::vector<PayeeResult> results;
  for (const auto& [payee, months] : payees) {
    ASSIGN_OR_RETURN(PayeeResult result, SettlePayee(terms, payee, months, FactsOf(facts, payee),
                                                     CarriedIn(terms, FactsOf(before, payee))));
    results.push_back(std::move(result));
  }
  return results;
}

// The digest of the lines of a month: of its runs' digests, in their order.
Digest DigestOf(std::span<const MemberMonthRun> runs, Month month) {
  CanonicalWriter writer("sluice.performance.member_months.v1");
  for (const MemberMonthRun& run : runs) {
    if (run.month == month) writer.Raw(run.lines_sha256);
  }
  return writer.Hash();
}

}  // namespace

StatusOr<const CapitationTerms::Entry*> CapitationTerms::Find(const TermsRow& row) {
  if (const auto known = entries_.find(row.sha256); known != entries_.end()) return &known->second;
  StatusOr<Terms> terms = DecodeTerms(row.content);
  if (!terms.ok() || HashTerms(*terms) != row.sha256) {
    return DataLoss("terms {} of contract {} do not match their hash", row.version, row.contract);
  }
  Entry entry{.terms = *std::move(terms), .index = nullptr};
  if (const MemberMonthSum* basis = FindMemberMonthSum(entry.terms)) {
    ASSIGN_OR_RETURN(entry.index, RateIndex::Make(*basis, book_));
  }
  return &entries_.emplace(row.sha256, std::move(entry)).first->second;
}

// What a group of contracts is calculated from.
struct CapitationRun::Inputs {
  std::map<ContractId, std::vector<TermsRow>> terms;  // all versions, the newest first
  std::map<ContractId, ContractFacts> facts;
  std::map<ContractId, ContractFacts> facts_before;  // of the month before
  std::map<ContractId, std::vector<PanelFactor>> factors;
  std::map<ContractId, std::vector<MemberMonthRun>> runs;
};

// A contract that is run.
struct CapitationRun::Task {
  const Contract* contract = nullptr;
  const Terms* terms = nullptr;
  std::vector<RatePlan> plans;
  std::span<const MemberMonthRun> runs;  // the contract's before this one
  MemberMonthRun run;                    // this one, without its results
  bool with_premiums = false;

  // The runs whose lines are needed: a line about a month stands in a run of that month or a later
  // one.
  std::span<const MemberMonthRun> RunsToRead() const {
    const auto first = std::ranges::find_if(runs, [&](const MemberMonthRun& before) {
      return ToMonthNumber(before.month) >= plans.front().FirstListed();
    });
    return {first, runs.end()};
  }
  std::int64_t LinesBefore() const {
    std::int64_t lines = 0;
    for (const MemberMonthRun& before : RunsToRead()) lines += before.lines;
    return lines;
  }
};

// What a contract's run came to.
struct CapitationRun::Calculated {
  explicit Calculated(const MemberMonthRun& begun)
      : totals(ToMonthNumber(begun.month)), writer(ToMonthNumber(begun.month)), run(begun) {}
  PayeeTotals totals;  // of all runs of the month
  LineWriter writer;
  std::vector<LineBlock> blocks;
  std::map<ReasonCode, std::int64_t> reasons;
  MemberMonthRun run;
  BlockedMonths blocked;
};

CapitationRun::CapitationRun(pg::Transaction& tx, const CapitationRequest& request,
                             Instant known_at, Instant now, std::int64_t batch,
                             CapitationTerms& terms, CapitationSummary& summary)
    : tx_(tx),
      request_(request),
      known_at_(known_at),
      now_(now),
      batch_(batch),
      terms_(terms),
      summary_(summary),
      period_(PeriodOf(request.month)) {}

StatusOr<CapitationRun::Inputs> CapitationRun::Load(std::span<const Contract> contracts) {
  std::vector<ContractId> ids;
  for (const Contract& contract : contracts) ids.push_back(contract.id);
  Inputs inputs;
  inputs.terms = LoadAllTerms(tx_, ids, known_at_);
  ASSIGN_OR_RETURN(inputs.facts, LoadFacts(tx_, ids, period_, known_at_));
  ASSIGN_OR_RETURN(inputs.facts_before,
                   LoadFacts(tx_, ids, PeriodOf(request_.month + -1), known_at_));
  inputs.factors = LoadPanelFactors(tx_, ids, known_at_);
  inputs.runs = LoadRuns(tx_, ids);
  return inputs;
}

Status CapitationRun::Run(std::span<const Contract> contracts) {
  ASSIGN_OR_RETURN(Inputs inputs, Load(contracts));
  std::vector<Task> tasks;
  for (const Contract& contract : contracts) {
    ASSIGN_OR_RETURN(std::optional<Task> task, Prepare(contract, inputs));
    if (task) tasks.push_back(*std::move(task));
  }
  // One COPY for many contracts. Premiums make the server sort: then each contract has its own.
  for (std::span<Task> rest = tasks; !rest.empty();) {
    std::size_t count = 1;
    std::int64_t lines = rest.front().LinesBefore();
    while (count < rest.size() && !rest.front().with_premiums && !rest[count].with_premiums) {
      lines += rest[count].LinesBefore();
      if (lines > kLinesBefore) break;
      ++count;
    }
    RETURN_IF_ERROR(RunTasks(rest.first(count), inputs));
    rest = rest.subspan(count);
  }
  Store();
  return OkStatus();
}

StatusOr<std::vector<RatePlan>> CapitationRun::Plans(const Contract& contract, Inputs& inputs) {
  const std::vector<MemberMonthRun>& runs = inputs.runs[contract.id];
  RunScope scope{.month = request_.month,
                 .business_date = request_.business_date,
                 .contract = contract.effective,
                 .factors = std::move(inputs.factors[contract.id])};
  if (!runs.empty()) scope.previous_known_at = runs.back().known_at;
  std::vector<RatePlan> plans;
  Month month = request_.month;
  const Month first = Month::Of(contract.effective.from);
  for (int back = 0; back < kMostMonthsBack && month >= first; ++back) {
    const TermsRow* row = InForce(inputs.terms[contract.id], month.FirstDay());
    // The terms hold from the first of the months before with the same terms.
    Month from = month;
    while (from > first) {
      const TermsRow* before = InForce(inputs.terms[contract.id], (from + -1).FirstDay());
      if ((before == nullptr) != (row == nullptr)) break;
      if (row != nullptr && before->sha256 != row->sha256) break;
      from = from + -1;
    }
    if (row != nullptr) {
      ASSIGN_OR_RETURN(const CapitationTerms::Entry* terms, terms_.Find(*row));
      if (terms->index != nullptr) {
        scope.first_month = from;
        scope.end_month = month + 1;
        RatePlan plan(terms->index, scope);
        // The stretch of the run's own month counts even when nothing in it is paid.
        if (plans.empty() || plan.LastMonth() >= plan.FirstListed()) {
          plans.insert(plans.begin(), std::move(plan));
        }
      }
    }
    month = from + -1;
  }
  return plans;
}

StatusOr<std::optional<CapitationRun::Task>> CapitationRun::Prepare(const Contract& contract,
                                                                    Inputs& inputs) {
  const TermsRow* row = InForce(inputs.terms[contract.id], period_.from);
  if (row == nullptr) return std::nullopt;  // the award is blocked for want of terms
  ASSIGN_OR_RETURN(const CapitationTerms::Entry* terms, terms_.Find(*row));
  if (terms->index == nullptr) return std::nullopt;
  ++summary_.contracts;
  const std::vector<MemberMonthRun>& runs = inputs.runs[contract.id];
  if (!runs.empty() && runs.back().month > request_.month) {
    return FailedPrecondition(
        "contract {}: {} was already run; what changed in {} is posted by a run of {} or later",
        contract.id, runs.back().month.ToString(), request_.month.ToString(),
        runs.back().month.ToString());
  }
  Task task{.contract = &contract, .terms = &terms->terms, .runs = runs};
  ASSIGN_OR_RETURN(task.plans, Plans(contract, inputs));
  CHECK(!task.plans.empty());
  task.run = {.contract = contract.id,
              .number = runs.empty() ? 1 : runs.back().number + 1,
              .month = request_.month,
              .business_date = request_.business_date,
              .known_at = known_at_,
              .terms_sha256 = row->sha256};
  task.with_premiums = std::ranges::any_of(task.plans, [](const RatePlan& plan) {
    return std::holds_alternative<PercentOfPremium>(plan.Basis().base);
  });
  return task;
}

Status CapitationRun::RunTasks(std::span<Task> tasks, Inputs& inputs) {
  std::vector<ContractId> contracts;
  std::map<ContractId, std::int32_t> first_runs;
  for (const Task& task : tasks) {
    contracts.push_back(task.contract->id);
    const std::span<const MemberMonthRun> runs = task.RunsToRead();
    if (!runs.empty()) first_runs.emplace(task.contract->id, runs.front().number);
  }
  ASSIGN_OR_RETURN(auto before, LoadBlocks(tx_, first_runs));
  PanelStream panel(tx_, contracts, known_at_, terms_.Book(), tasks.front().with_premiums);
  bool more = panel.Next();
  Status status;
  for (Task& task : tasks) {
    Calculated calculated(task.run);
    const auto blocks = before.extract(task.contract->id);
    status = Stream(task, blocks.empty() ? std::span<const StoredBlock>() : blocks.mapped(), panel,
                    more, calculated);
    if (status.ok()) status = Finish(task, calculated, inputs);
    if (!status.ok()) break;
  }
  // The stream is read to its end even when something in it failed: it is no failure of its own.
  while (more) more = panel.Next();
  return status;
}

Status CapitationRun::Stream(const Task& task, std::span<const StoredBlock> before,
                             PanelStream& panel, bool& more, Calculated& calculated) const {
  // What the earlier runs of this month posted belongs to its totals.
  std::set<std::int32_t> of_month;
  for (const MemberMonthRun& run : task.runs) {
    if (run.month == request_.month) of_month.insert(run.number);
  }
  for (const StoredBlock& stored : before) {
    if (!of_month.contains(stored.run_number)) continue;
    ASSIGN_OR_RETURN(LineReader reader, LineReader::Open(stored.block.content));
    MemberMonthLine line;
    while (true) {
      ASSIGN_OR_RETURN(const bool found, reader.Next(line));
      if (!found) break;
      calculated.totals.Add(line);
    }
  }
  ASSIGN_OR_RETURN(PostedLines posted_lines, PostedLines::Open(before, task.runs));
  std::vector<MemberMonths> months(task.plans.begin(), task.plans.end());
  std::vector<PostedMonth> posted;
  std::vector<MemberMonthLine> lines;
  MemberMonthRun& run = calculated.run;
  for (; more && panel.Contract() == task.contract->id; more = panel.Next()) {
    ++run.members;
    RETURN_IF_ERROR(posted_lines.Of(panel.Member(), posted));
    lines.clear();
    bool blocked = false;
    for (MemberMonths& stretch : months) {
      stretch.Add(panel.Member(), panel.Spans(), panel.Premiums(), posted, lines);
      blocked = blocked || stretch.Blocked().count > 0;
    }
    if (blocked) continue;
    for (const MemberMonthLine& line : lines) {
      calculated.totals.Add(line);
      calculated.writer.Add(line);
      run.total += Money::FromCents(line.delta_cents);
      if (line.reason) ++calculated.reasons[*line.reason];
    }
    run.lines += static_cast<std::int64_t>(lines.size());
    if (calculated.writer.Lines() >= kLinesPerBlock) {
      calculated.blocks.push_back(calculated.writer.Take());
    }
  }
  if (calculated.writer.Lines() > 0) calculated.blocks.push_back(calculated.writer.Take());
  for (const MemberMonths& stretch : months) {
    BlockedMonths& all = calculated.blocked;
    const std::int64_t before_it = all.count;
    if (all.count == 0) all = stretch.Blocked();
    all.count = before_it + stretch.Blocked().count;
  }
  return OkStatus();
}

Status CapitationRun::Finish(const Task& task, Calculated& calculated, Inputs& inputs) {
  const Contract& contract = *task.contract;
  const Terms& terms = *task.terms;
  summary_.members += calculated.run.members;
  if (calculated.blocked.count > 0) {
    std::string text =
        fmt::format("{}: {}", ReasonName(calculated.blocked.reason), calculated.blocked.text);
    if (calculated.blocked.count > 1) {
      text += fmt::format(", and {} more", calculated.blocked.count - 1);
    }
    RecordBlocked(contract, text, inputs);
    return OkStatus();
  }
  const ContractFacts& facts = inputs.facts[contract.id];
  const StatusOr<std::vector<PayeeResult>> results =
      SettlePayees(terms, calculated.totals, facts, inputs.facts_before[contract.id]);
  if (!results.ok()) {
    RecordBlocked(contract,
                  fmt::format("{}: {}", ReasonName(ReasonCode::kMissingInput),
                              StatusMessage(results.status())),
                  inputs);
    return OkStatus();
  }
  MemberMonthRun& run = calculated.run;
  CanonicalWriter digest("sluice.performance.member_month_lines.v1");
  std::int32_t number = 0;
  for (LineBlock& block : calculated.blocks) {
    NewBlock stored{.contract = contract.id, .run_number = run.number, .number = number++};
    stored.sha256 = Sha256(block.content);
    stored.block = std::move(block);
    digest.Raw(stored.sha256);
    new_blocks_.push_back(std::move(stored));
  }
  run.lines_sha256 = digest.Hash();
  std::vector<MemberMonthRun> all(task.runs.begin(), task.runs.end());
  const bool first_of_month = all.empty() || all.back().month != run.month;
  if (run.lines > 0 || first_of_month) {
    all.push_back(run);
    new_runs_.push_back(run);
  } else {
    ++summary_.unchanged;
  }
  summary_.lines += run.lines;
  summary_.posted += run.total;
  for (const auto& [reason, count] : calculated.reasons) summary_.reasons[reason] += count;

  Facts totals = ContractFactsOf(*results, DigestOf(all, run.month));
  const auto blocked = facts.own.Text(kMonthsBlockedFact);
  if (blocked.ok() && *blocked && !(*blocked)->empty()) totals.SetText(kMonthsBlockedFact, "");
  for (const Component& component : terms.components) {
    // A deduction that nobody gave is zero, and said so.
    const auto* adjustment = std::get_if<Adjustment>(&component.rule);
    const bool named = adjustment != nullptr || std::holds_alternative<Withhold>(component.rule) ||
                       std::holds_alternative<Recoupment>(component.rule);
    if (!named || !results->empty()) continue;
    const std::string name =
        adjustment != nullptr ? adjustment->name : std::string(ComponentName(component.rule));
    totals.SetAmount(DeductedFact(name), Money()).SetAmount(CarriedFact(name), Money());
  }
  RecordChanged(contract, PartyId(), facts.own, std::move(totals));
  for (const PayeeResult& result : *results) {
    RecordChanged(contract, result.payee, FactsOf(facts, result.payee), PayeeFactsOf(result));
  }
  return OkStatus();
}

void CapitationRun::RecordBlocked(const Contract& contract, const std::string& text,
                                  Inputs& inputs) {
  summary_.blocked.emplace_back(contract.id, text);
  Facts facts;
  facts.SetText(kMonthsBlockedFact, text);
  RecordChanged(contract, PartyId(), inputs.facts[contract.id].own, std::move(facts));
}

// Facts that say what is already known are not recorded again.
void CapitationRun::RecordChanged(const Contract& contract, PartyId party, const Facts& known,
                                  Facts facts) {
  Facts changed;
  for (const auto& [name, value] : facts.Values()) {
    const auto before = known.Values().find(name);
    if (before == known.Values().end() || before->second != value) changed.Set(name, value);
  }
  if (changed.Values().empty()) return;
  new_facts_.push_back(
      {.contract = contract.id, .period = period_, .party = party, .facts = std::move(changed)});
}

void CapitationRun::Store() {
  if (!new_runs_.empty()) InsertRuns(tx_, new_runs_);
  InsertBlocks(tx_, new_blocks_);
  if (!new_facts_.empty()) InsertFacts(tx_, new_facts_, now_, batch_, std::string(kSource));
  new_runs_.clear();
  new_blocks_.clear();
  new_facts_.clear();
}

}  // namespace sluice::performance
