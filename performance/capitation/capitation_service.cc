#include "performance/capitation/capitation_service.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "performance/capitation/capitation_run.h"

namespace sluice::performance {
namespace {

// Contracts whose inputs and results are in memory at one time.
constexpr std::size_t kGroup = 64;
constexpr std::size_t kLongestCode = 64;
constexpr std::int64_t kLargestMean = 1'000'000'000;
constexpr std::int64_t kLargestPremiumCents = 10'000'000;

template <typename Row>
Status RequireContracts(pg::Transaction& tx, std::span<const Row> rows) {
  std::set<ContractId> wanted;
  for (const Row& row : rows) wanted.insert(row.contract);
  const std::vector<ContractId> ids(wanted.begin(), wanted.end());
  for (const Contract& contract : FindContracts(tx, ids)) wanted.erase(contract.id);
  if (wanted.empty()) return OkStatus();
  return NotFound("contract {} is not known; create it first", *wanted.begin());
}

Status CheckSpan(const NewPanelSpan& span, Date today) {
  if (span.member <= 0) return InvalidArgument("member: a member has a number above zero");
  if (span.payee == PartyId()) return InvalidArgument("payee: a span names its payee");
  if (span.valid.IsEmpty()) {
    return InvalidArgument("valid: {} ends before it begins", span.valid.ToString());
  }
  if (span.valid.from < span.birth) {
    return InvalidArgument("valid: coverage from {} begins before the birth on {}",
                           FormatDate(span.valid.from), FormatDate(span.birth));
  }
  if (span.learned_on > today) {
    return InvalidArgument("learned_on: {} is after today, {}", FormatDate(span.learned_on),
                           FormatDate(today));
  }
  if (span.risk_millionths && (*span.risk_millionths < 0 || *span.risk_millionths > kLargestMean)) {
    return InvalidArgument("risk: a score is 0 to 1000 in millionths, not {}",
                           *span.risk_millionths);
  }
  for (const std::string& code : {span.product, span.region, span.tier}) {
    if (code.size() > kLongestCode) {
      return InvalidArgument("product, region, tier: '{}' is longer than {} characters", code,
                             kLongestCode);
    }
  }
  return OkStatus();
}

Status CheckPremium(const NewPanelPremium& row, Date) {
  if (row.member <= 0) return InvalidArgument("member: a member has a number above zero");
  if (Abs(row.premium) > Money::FromCents(kLargestPremiumCents)) {
    return InvalidArgument("premium: {} is more than 100,000 for a month", row.premium);
  }
  return OkStatus();
}

Status CheckFactor(const NewPanelFactor& row, Date) {
  for (const std::int64_t mean :
       {row.factor.panel_mean_millionths, row.factor.plan_mean_millionths}) {
    if (mean <= 0 || mean > kLargestMean) {
      return InvalidArgument("mean: a risk mean is above 0 and at most 1000, in millionths, not {}",
                             mean);
    }
  }
  return OkStatus();
}

auto KeyOf(const NewPanelSpan& row) { return std::tuple(row.contract, row.member, row.span_id); }
auto KeyOf(const NewPanelPremium& row) { return std::tuple(row.contract, row.member, row.month); }
auto KeyOf(const NewPanelFactor& row) {
  return std::tuple(row.contract, row.factor.payee, row.factor.from);
}

// Each row by its rule, and none twice.
template <typename Row, typename Check>
Status CheckRows(std::span<const Row> rows, Date today, const Check& check) {
  std::set<decltype(KeyOf(std::declval<const Row&>()))> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RETURN_IF_ERROR(Annotate(check(rows[i], today), fmt::format("row {}", i + 1)));
    if (!seen.insert(KeyOf(rows[i])).second) {
      return InvalidArgument("row {}: the same fact is given twice", i + 1);
    }
  }
  return OkStatus();
}

}  // namespace

StatusOr<std::int64_t> CapitationService::RecordSpans(std::span<const NewPanelSpan> spans) {
  const Instant now = clock_.Now();
  RETURN_IF_ERROR(CheckRows(spans, now.UtcDate(), CheckSpan));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    RETURN_IF_ERROR(RequireContracts(tx, spans));
    InsertPanelSpans(tx, spans, now);
    return static_cast<std::int64_t>(spans.size());
  });
}

StatusOr<std::int64_t> CapitationService::RecordPremiums(
    std::span<const NewPanelPremium> premiums) {
  const Instant now = clock_.Now();
  RETURN_IF_ERROR(CheckRows(premiums, now.UtcDate(), CheckPremium));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    RETURN_IF_ERROR(RequireContracts(tx, premiums));
    InsertPanelPremiums(tx, premiums, now);
    return static_cast<std::int64_t>(premiums.size());
  });
}

StatusOr<std::int64_t> CapitationService::RecordFactors(std::span<const NewPanelFactor> factors) {
  const Instant now = clock_.Now();
  RETURN_IF_ERROR(CheckRows(factors, now.UtcDate(), CheckFactor));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    RETURN_IF_ERROR(RequireContracts(tx, factors));
    InsertPanelFactors(tx, factors, now);
    return static_cast<std::int64_t>(factors.size());
  });
}

StatusOr<CapitationSummary> CapitationService::Run(const CapitationRequest& request) {
  const Instant now = clock_.Now();
  const Instant known_at = request.known_at.value_or(now);
  if (known_at > now) {
    return InvalidArgument("known_at {} is in the future", known_at.ToString());
  }
  const DateRange period = DateRange::Between(request.month.FirstDay(), request.month.End());
  ASSIGN_OR_RETURN(const std::vector<Contract> contracts,
                   database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Contract>> {
                     if (!FindProgram(tx, request.program)) {
                       return NotFound("program {} is not known", request.program);
                     }
                     return ContractsInPeriod(tx, request.program, period, request.contracts);
                   }));

  CapitationSummary summary;
  CapitationTerms terms;
  // A contract may have millions of members: its COPY is bounded by nothing but its rows.
  const pg::TransactOptions options{.statement_timeout = std::chrono::milliseconds(0),
                                    .idle_timeout = std::chrono::minutes(5)};
  for (std::size_t at = 0; at < contracts.size(); at += kGroup) {
    const std::span group =
        std::span<const Contract>(contracts).subspan(at, std::min(kGroup, contracts.size() - at));
    const std::int64_t batch = ids_.NextValue();
    CapitationSummary of_group;
    const Status status = database_.Transact(options, [&](pg::Transaction& tx) -> Status {
      of_group = summary;
      return CapitationRun(tx, request, known_at, now, batch, terms, of_group).Run(group);
    });
    if (status.code() == absl::StatusCode::kAlreadyExists) {
      // Two runs took the same run number of a contract: the first stands.
      return Aborted("another run of a contract of {} came between; run the month again",
                     request.program);
    }
    RETURN_IF_ERROR(status);
    summary = std::move(of_group);
    if (request.progress) {
      request.progress(static_cast<std::int64_t>(at + group.size()),
                       static_cast<std::int64_t>(contracts.size()));
    }
  }
  return summary;
}

StatusOr<std::vector<MemberMonthLine>> CapitationService::Lines(ContractId contract, Month month) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<MemberMonthLine>> {
    std::set<std::int32_t> numbers;
    const auto runs = LoadRuns(tx, std::span(&contract, 1));
    const auto found_runs = runs.find(contract);
    if (found_runs == runs.end()) return std::vector<MemberMonthLine>();
    for (const MemberMonthRun& run : found_runs->second) {
      if (run.month == month) numbers.insert(run.number);
    }
    std::vector<MemberMonthLine> lines;
    if (numbers.empty()) return lines;
    ASSIGN_OR_RETURN(auto blocks, LoadBlocks(tx, {{contract, *numbers.begin()}}));
    for (const StoredBlock& stored : blocks[contract]) {
      if (!numbers.contains(stored.run_number)) continue;
      ASSIGN_OR_RETURN(LineReader reader, LineReader::Open(stored.block.content));
      MemberMonthLine line;
      while (true) {
        ASSIGN_OR_RETURN(const bool found, reader.Next(line));
        if (!found) break;
        lines.push_back(line);
      }
    }
    return lines;
  });
}

StatusOr<std::vector<MemberMonthRun>> CapitationService::Runs(ContractId contract) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<MemberMonthRun>> {
    return LoadRuns(tx, std::span(&contract, 1))[contract];
  });
}

}  // namespace sluice::performance
