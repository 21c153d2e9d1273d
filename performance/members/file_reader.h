// A payer's member file as rows and issues. Pure: no database, and one row in memory at a time.
//
//   1. Each row of the file becomes one row or one rejecting issue, never both, in file order.
//   2. An issue names file, row, line, column, a stable code and the reason. A row has at most one
//      rejecting issue, the first of its fields in the order of FieldsOf(); warnings come besides.
//   3. A fault of the file itself (unreadable, cut, a column missing, a quote never closed) ends
//      reading with a Status: nobody knows what else is wrong. What was read before it must not be
//      kept.
//   4. Member and provider numbers are the payer's; whoever stores the rows finds the parties.
//
//   ASSIGN_OR_RETURN(MemberFile file, MemberFile::Open(path, mapping));
//   ASSIGN_OR_RETURN(const FileCounts counts, ReadEligibility(file, use_row, use_issue));
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/csv.h"
#include "core/status.h"
#include "performance/members/claim.h"
#include "performance/members/file_mapping.h"
#include "performance/members/member.h"

namespace sluice::performance {

// What is wrong with a row. The names that IssueCodeName() gives never change.
enum class IssueCode : std::uint8_t {
  kMalformedRow,          // not CSV, or not in the mapping's encoding; the reason has the CSV code
  kMissingValue,          // a field that a row must have is empty
  kBadValue,              // a date, amount, number or text of the wrong form
  kBadIdentifier,         // an NPI or TIN of the wrong form
  kUnknownWord,           // a word the mapping does not explain
  kEndsBeforeStart,       // a span without a day
  kUnknownMember,         // nobody has the member number (import)
  kUnknownProvider,       // no party has the NPI or TIN (import)
  kUnknownContract,       // no contract has the id (import)
  kNotAffiliated,         // the party was not below the other one on that day (import)
  kContradictsEarlierRow, // an earlier row of the file says otherwise of the same thing (import)
  kAmountRounded,         // warning: more than two decimals
  kIdentifierDropped,     // warning: read as empty
};

// "missing_value".
std::string_view IssueCodeName(IssueCode code);

struct FileIssue {
  IssueCode code{};
  bool rejected = true;  // false for a warning: the row was read
  std::string file;
  std::int64_t row = 0;  // as a spreadsheet counts: the header is row 1
  std::int64_t line = 0;
  std::string column;  // of the file; empty when the whole row is meant
  std::string reason;
  std::string member_number = {};  // of a rejected row, where it tells; never shown

  // "claims.csv row 17 (line 19) column 'paid': bad_value: ..."
  std::string ToString() const;
};

// Where a row stood, for issues that are found after reading.
struct RowPlace {
  std::int64_t row = 0;
  std::int64_t line = 0;
};

// Member ids in these are 0.
struct EligibilityRow {
  RowPlace place;
  std::string member_number;
  MemberDetail detail;  // holds from the day the span begins
  CoverageSpan coverage;
};

struct MedicalClaimRow {
  RowPlace place;
  std::string member_number;
  MedicalClaimLine line;
};

struct PharmacyClaimRow {
  RowPlace place;
  std::string member_number;
  PharmacyClaimLine line;
};

struct ChoiceRow {
  RowPlace place;
  std::string member_number;
  ChoiceKind kind = ChoiceKind::kMemberSelected;
  std::string provider_npi;
  std::string practice_tin;  // empty for none
  DateRange valid;
  bool withdrawn = false;
};

struct FileCounts {
  std::int64_t rows = 0;
  std::int64_t read = 0;
  std::int64_t rejected = 0;
  std::int64_t warnings = 0;
};

// An open file with its mapping; read once.
class MemberFile {
 public:
  // InvalidArgument or NotFound when the file cannot be read at all, was cut, or lacks a column.
  static StatusOr<MemberFile> Open(const std::string& path, FileMapping mapping);
  static StatusOr<MemberFile> FromText(std::string text, std::string name, FileMapping mapping);
  MemberFile(MemberFile&&) noexcept;
  MemberFile& operator=(MemberFile&&) noexcept;
  ~MemberFile();

  const FileMapping& Mapping() const;
  const std::string& Name() const;

  struct State;
  State& Internal() { return *state_; }

 private:
  explicit MemberFile(std::unique_ptr<State> state);
  static StatusOr<MemberFile> Make(CsvReader reader, std::string name, FileMapping mapping);

  std::unique_ptr<State> state_;
};

using IssueSink = std::function<Status(const FileIssue&)>;

// Read the whole file. A failure of a sink stops reading and is returned. FailedPrecondition when
// the file's mapping is of another kind.
StatusOr<FileCounts> ReadEligibility(MemberFile& file,
                                     const std::function<Status(const EligibilityRow&)>& row,
                                     const IssueSink& issue);
StatusOr<FileCounts> ReadMedicalClaimFile(
    MemberFile& file, const std::function<Status(const MedicalClaimRow&)>& row,
    const IssueSink& issue);
StatusOr<FileCounts> ReadPharmacyClaimFile(
    MemberFile& file, const std::function<Status(const PharmacyClaimRow&)>& row,
    const IssueSink& issue);
StatusOr<FileCounts> ReadChoiceFile(MemberFile& file,
                                    const std::function<Status(const ChoiceRow&)>& row,
                                    const IssueSink& issue);

}  // namespace sluice::performance
