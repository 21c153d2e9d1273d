#include "performance/members/import_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include "core/check.h"
#include "performance/members/member_store.h"
#include "performance/members/party_lookup.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kRowsAtOnce = 5'000;
constexpr std::size_t kMaxIssues = 1'000;

// A line of a row, or why it is refused.
struct Refusal {
  IssueCode code{};
  std::string_view field;  // empty when the whole row is meant
  std::string reason;
};
template <typename Line>
using Made = std::variant<Line, Refusal>;

// One import within its transaction. Rows gather in `rows_` and go in by the thousand.
class Importer {
 public:
  Importer(pg::Transaction& tx, const MemberImportRequest& request, const Recording& recording,
           IdGenerator& ids, MemberImportSummary& summary)
      : tx_(tx), request_(request), recording_(recording), ids_(ids), summary_(summary),
        parties_(tx, request.payer) {}

  Status Run(MemberFile& file) {
    switch (file.Mapping().kind) {
      case MemberFileKind::kEligibility:
        RETURN_IF_ERROR(RunOf<EligibilityRow>(file, ReadEligibility));
        Refresh();
        return OkStatus();
      case MemberFileKind::kMedicalClaim:
        return RunOf<MedicalClaimRow>(file, ReadMedicalClaimFile);
      case MemberFileKind::kPharmacyClaim:
        return RunOf<PharmacyClaimRow>(file, ReadPharmacyClaimFile);
      case MemberFileKind::kProviderChoice:
        return RunOf<ChoiceRow>(file, ReadChoiceFile);
    }
    CHECK(false);
    return OkStatus();
  }

 private:
  template <typename Row, typename Read>
  Status RunOf(MemberFile& file, const Read& read) {
    file_name_ = file.Name();
    std::vector<Row> rows;
    ASSIGN_OR_RETURN(
        const FileCounts counts,
        read(
            file,
            [&](const Row& row) -> Status {
              if (request_.not_after) RETURN_IF_ERROR(CheckNotAfter(row));
              rows.push_back(row);
              if (rows.size() < kRowsAtOnce) return OkStatus();
              RETURN_IF_ERROR(Store(rows));
              rows.clear();
              return OkStatus();
            },
            [&](const FileIssue& issue) { return Note(issue); }));
    RETURN_IF_ERROR(Store(rows));
    summary_.counts.rows = counts.rows;
    summary_.counts.rejected += counts.rejected;
    summary_.counts.warnings += counts.warnings;
    summary_.counts.read += counts.read;
    return OkStatus();
  }

  // The first of the row's days that is after the allowed one refuses the file.
  Status CheckDays(
      const RowPlace& place,
      std::initializer_list<std::pair<std::string_view, std::optional<Date>>> days) {
    for (const auto& [field, day] : days) {
      if (!day || *day <= *request_.not_after) continue;
      return absl::OutOfRangeError(fmt::format(
          "{} row {}: {} {} is after {}, the day the file came; nothing of it was recorded",
          file_name_, place.row, field, FormatDate(*day), FormatDate(*request_.not_after)));
    }
    return OkStatus();
  }
  Status CheckNotAfter(const EligibilityRow& row) {
    return CheckDays(row.place, {{"birth_date", row.detail.birth_date},
                                 {"death_date", row.detail.death_date}});
  }
  Status CheckNotAfter(const MedicalClaimRow& row) {
    return CheckDays(row.place, {{"service_from", row.line.service_from},
                                 {"service_to", row.line.service_to},
                                 {"paid_on", row.line.paid_on}});
  }
  Status CheckNotAfter(const PharmacyClaimRow& row) {
    return CheckDays(row.place, {{"dispensed_on", row.line.dispensed_on},
                                 {"paid_on", row.line.paid_on}});
  }
  Status CheckNotAfter(const ChoiceRow&) { return OkStatus(); }

  // Ends what the feed said before and the file leaves out.
  void Refresh() {
    if (!request_.refresh) return;
    if (unclear_row_ != 0) {
      summary_.note = fmt::format(
          "no coverage that the file leaves out was ended: row {} was rejected before it told "
          "whose it is; correct it and send the file again",
          unclear_row_);
      return;
    }
    if (!kept_.empty()) {
      summary_.note = "the coverage of members with a rejected row was not ended";
    }
    summary_.withdrawn = WithdrawUnstated(tx_, recording_, *request_.refresh, stated_, kept_);
    summary_.rows_added += summary_.withdrawn;
  }

  Status Note(const FileIssue& issue) {
    if (request_.refresh && issue.rejected) {
      if (!issue.member_number.empty()) {
        kept_.insert(issue.member_number);
      } else if (unclear_row_ == 0) {
        unclear_row_ = issue.row;
      }
    }
    return Report(issue);
  }

  Status Report(const FileIssue& issue) {
    if (request_.on_issue) RETURN_IF_ERROR(request_.on_issue(issue));
    if (issue.rejected && request_.refuse_on_reject) {
      return InvalidArgument("{}; nothing of the file was recorded", issue.ToString());
    }
    ++summary_.issues_by_code[issue.code];
    if (summary_.issues.size() < kMaxIssues) summary_.issues.push_back(issue);
    return OkStatus();
  }

  // A row that was read well but is refused here.
  Status Refuse(const RowPlace& place, Refusal refusal) {
    if (refused_.insert(place.row).second) {
      ++summary_.counts.rejected;
      --summary_.counts.read;
    }
    const auto source = request_.mapping.fields.find(refusal.field);
    std::string column = source == request_.mapping.fields.end() ? "" : source->second.column;
    // Of an eligibility file these rows are stated all the same.
    return Report({refusal.code, true, file_name_, place.row, place.line, std::move(column),
                   std::move(refusal.reason)});
  }

  template <typename Row>
  std::unordered_map<std::string, std::int64_t> KnownMembers(const std::vector<Row>& rows) {
    std::set<std::string> numbers;
    for (const Row& row : rows) numbers.insert(row.member_number);
    const std::vector<std::string> sorted(numbers.begin(), numbers.end());
    std::unordered_map<std::string, std::int64_t> known;
    for (Member& member : FindMembers(tx_, request_.payer, sorted)) {
      known.emplace(std::move(member.number), member.id);
    }
    return known;
  }

  // Stores the lines of rows whose member is known; refuses the others.
  template <typename Row, typename Line, typename Make, typename Add>
  Status StoreKnown(std::vector<Row>& rows, const Make& make, const Add& add) {
    const auto known = KnownMembers(rows);
    std::vector<Line> lines;
    std::vector<RowPlace> places;
    for (Row& row : rows) {
      const auto member = known.find(row.member_number);
      if (member == known.end()) {
        RETURN_IF_ERROR(Refuse(row.place, {IssueCode::kUnknownMember, "member_number",
                                           fmt::format("nobody has the member number '{}'; import "
                                                       "the eligibility first",
                                                       row.member_number)}));
        continue;
      }
      Made<Line> line = make(row, member->second);
      if (Refusal* const refusal = std::get_if<Refusal>(&line)) {
        RETURN_IF_ERROR(Refuse(row.place, std::move(*refusal)));
        continue;
      }
      lines.push_back(std::get<Line>(std::move(line)));
      places.push_back(row.place);
    }
    const Added added = add(tx_, recording_, lines);
    return Settle(added, places, "an earlier row of the file says otherwise of the same key");
  }

  Status Settle(const Added& added, const std::vector<RowPlace>& places, const char* reason) {
    summary_.rows_added += added.rows;
    for (const std::size_t position : added.contradictions) {
      RETURN_IF_ERROR(
          Refuse(places[position], {IssueCode::kContradictsEarlierRow, "", reason}));
    }
    return OkStatus();
  }

  Status Store(std::vector<EligibilityRow>& rows) {
    auto known = KnownMembers(rows);
    std::vector<Member> fresh;
    for (const EligibilityRow& row : rows) {
      if (known.contains(row.member_number)) continue;
      fresh.push_back({ids_.NextValue(), row.member_number});
      known.emplace(row.member_number, fresh.back().id);
    }
    const std::int64_t added = AddMembers(tx_, recording_, fresh);
    // Somebody else recorded one of them since: their id counts.
    if (added != static_cast<std::int64_t>(fresh.size())) known = KnownMembers(rows);
    summary_.members_added += added;
    std::vector<CoverageSpan> spans;
    std::vector<MemberDetail> details;
    std::vector<RowPlace> places;
    for (EligibilityRow& row : rows) {
      row.coverage.member_id = row.detail.member_id = known.at(row.member_number);
      if (request_.refresh) stated_.Add(row.coverage);
      spans.push_back(row.coverage);
      if (!row.coverage.withdrawn) details.push_back(row.detail);
      places.push_back(row.place);
    }
    RETURN_IF_ERROR(Settle(AddCoverage(tx_, recording_, spans), places,
                           "an earlier row of the file says otherwise of the same span"));
    places.clear();
    for (const EligibilityRow& row : rows) {
      if (!row.coverage.withdrawn) places.push_back(row.place);
    }
    return Settle(AddMemberDetails(tx_, recording_, details), places,
                  "an earlier row of the file describes the member otherwise from the same day; "
                  "the span was recorded, the description was not");
  }

  Status Store(std::vector<MedicalClaimRow>& rows) {
    return StoreKnown<MedicalClaimRow, MedicalClaimLine>(
        rows,
        [](MedicalClaimRow& row, std::int64_t member) -> Made<MedicalClaimLine> {
          row.line.member_id = member;
          return row.line;
        },
        AddMedicalClaims);
  }

  Status Store(std::vector<PharmacyClaimRow>& rows) {
    return StoreKnown<PharmacyClaimRow, PharmacyClaimLine>(
        rows,
        [](PharmacyClaimRow& row, std::int64_t member) -> Made<PharmacyClaimLine> {
          row.line.member_id = member;
          return row.line;
        },
        AddPharmacyClaims);
  }

  Status Store(std::vector<ChoiceRow>& rows) {
    return StoreKnown<ChoiceRow, ProviderChoice>(
        rows,
        [this](const ChoiceRow& row, std::int64_t member) { return ToChoice(row, member); },
        AddChoices);
  }

  Made<ProviderChoice> ToChoice(const ChoiceRow& row, std::int64_t member) {
    const Date today = request_.not_after.value_or(recording_.recorded_at.UtcDate());
    const Date last = row.valid.to ? *row.valid.to - Days(1) : today;
    const Date on = std::max(row.valid.from, std::min(last, today));
    const auto unknown = [&](std::string_view field, std::string_view number) {
      return Refusal{IssueCode::kUnknownProvider, field,
                     fmt::format("no party has the {} on {}; add it to the roster", number,
                                 FormatDate(on))};
    };
    const auto provider =
        parties_.Find({hierarchy::IdentifierType::kNpi, "", row.provider_npi}, on);
    if (!provider) return unknown("provider_npi", "NPI " + row.provider_npi);
    std::optional<PartyId> practice;
    if (!row.practice_tin.empty()) {
      practice = parties_.Find({hierarchy::IdentifierType::kTin, "", row.practice_tin}, on);
      if (!practice) return unknown("practice_tin", "TIN " + row.practice_tin);
      // A choice that is taken back may name whomever it named.
      if (!row.withdrawn && !parties_.WorksAt(*provider, *practice, on)) {
        return Refusal{IssueCode::kNotAffiliated, "practice_tin",
                       fmt::format("the NPI {} is not affiliated with the TIN {} on {}: the "
                                   "affiliation has ended or not begun; end the choice on its last "
                                   "day, or correct the roster",
                                   row.provider_npi, row.practice_tin, FormatDate(on))};
      }
    }
    return ProviderChoice{.member_id = member,
                          .kind = row.kind,
                          .provider = *provider,
                          .practice = practice,
                          .valid = row.valid,
                          .withdrawn = row.withdrawn};
  }

  pg::Transaction& tx_;
  const MemberImportRequest& request_;
  const Recording recording_;
  IdGenerator& ids_;
  MemberImportSummary& summary_;
  PartyLookup parties_;
  std::string file_name_;
  std::set<std::int64_t> refused_;
  // Of a full file.
  StatedCoverage stated_;
  std::unordered_set<std::string> kept_;  // members with a rejected row, by number
  std::int64_t unclear_row_ = 0;          // the first rejected one that does not tell its member
};

}  // namespace

StatusOr<MemberImportSummary> ImportMembers(pg::Transaction& tx, const MemberImportRequest& request,
                                            const Recording& recording, IdGenerator& ids) {
  MemberImportSummary summary;
  summary.batch_id = recording.batch_id;
  summary.recorded_at = recording.recorded_at;
  ASSIGN_OR_RETURN(MemberFile file, MemberFile::Open(request.path, request.mapping));
  RETURN_IF_ERROR(Importer(tx, request, recording, ids, summary).Run(file));
  return summary;
}

StatusOr<MemberImportSummary> MemberImportService::Import(const MemberImportRequest& request) {
  const Recording recording{request.payer, clock_.Now(), ids_.NextValue()};
  return database_.Transact([&](pg::Transaction& tx) {
    return ImportMembers(tx, request, recording, ids_);
  });
}

}  // namespace sluice::performance
