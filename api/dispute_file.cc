#include "api/dispute_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/csv.h"
#include "hierarchy/identifier.h"

namespace sluice::api {
namespace {

using performance::DisputeDraft;
using performance::DisputeOperation;
using performance::Evidence;

enum Column : std::size_t {
  kOperation,
  kMember,
  kPlan,
  kFrom,
  kThrough,
  kNpi,
  kTin,
  kReason,
  kEffect,
  kEvidenceKind,
  kEvidenceReference,
  kEvidenceHash,
};
constexpr std::array<std::string_view, 12> kColumns = {
    "operation",          "member_number",  "plan",        "from",   "through",
    "provider_npi",       "practice_tin",   "reason_code", "effect", "evidence_kind",
    "evidence_reference", "evidence_sha256"};

// The fault of a row, at its column.
struct Fault {
  std::size_t column = 0;
  std::string reason;
};

class RowReader {
 public:
  static StatusOr<RowReader> Make(const CsvReader& csv,
                                  const hierarchy::HierarchySnapshot& hierarchy) {
    RowReader reader(csv, hierarchy);
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      if (i >= kEffect) {
        reader.at_[i] = csv.FindColumn(kColumns[i]);
        continue;
      }
      ASSIGN_OR_RETURN(reader.at_[i], csv.Column(kColumns[i]));
    }
    return reader;
  }

  // Nothing when a rule is broken; the fault says which.
  std::optional<DisputeDraft> Read(Fault& fault) const {
    DisputeDraft draft;
    const std::string_view operation = Text(kOperation);
    for (const auto candidate :
         {DisputeOperation::kAdd, DisputeOperation::kRemove, DisputeOperation::kChange}) {
      if (operation == DisputeOperationName(candidate)) draft.operation = candidate;
    }
    if (operation != DisputeOperationName(draft.operation)) {
      return At(fault, kOperation, "must be add, remove or change");
    }
    if (Text(kMember).empty()) return At(fault, kMember, "names no member");
    draft.entry.plan = std::string(Text(kPlan));
    if (draft.entry.plan.empty()) return At(fault, kPlan, "names no plan");
    const StatusOr<Date> from = ParseDate(Text(kFrom));
    if (!from.ok()) return At(fault, kFrom, StatusMessage(from.status()));
    const StatusOr<Date> through = ParseDate(Text(kThrough));
    if (!through.ok()) return At(fault, kThrough, StatusMessage(through.status()));
    if (*through < *from) return At(fault, kThrough, "is before the first day");
    draft.entry.attributed = DateRange::Between(*from, *through + Days(1));
    draft.reason_code = std::string(Text(kReason));
    if (draft.reason_code.empty()) return At(fault, kReason, "says not why; give a reason code");
    if (!ReadParties(draft, fault) || !ReadRest(draft, fault)) return std::nullopt;
    return draft;
  }

  std::string_view Text(Column column) const {
    return at_[column] ? csv_[*at_[column]] : std::string_view();
  }
  // The column of the file, for a message.
  std::size_t PlaceOf(std::size_t column) const { return at_[column].value_or(0); }

 private:
  RowReader(const CsvReader& csv, const hierarchy::HierarchySnapshot& hierarchy)
      : csv_(csv), hierarchy_(hierarchy) {}

  static std::nullopt_t At(Fault& fault, Column column, std::string reason) {
    fault = {column, std::move(reason)};
    return std::nullopt;
  }

  bool FindByNumber(Column column, hierarchy::IdentifierType type, std::optional<PartyId>& party,
                    Fault& fault) const {
    const std::string_view text = Text(column);
    if (text.empty()) return true;
    const auto identifier = hierarchy::MakeIdentifier(type, "", text);
    if (!identifier.ok()) {
      fault = {column, StatusMessage(identifier.status())};
      return false;
    }
    party = hierarchy_.FindByIdentifier(*identifier);
    if (party) return true;
    fault = {column, fmt::format("nobody in the hierarchy has it on {}",
                                 FormatDate(hierarchy_.Header().as_of))};
    return false;
  }

  bool ReadParties(DisputeDraft& draft, Fault& fault) const {
    return FindByNumber(kNpi, hierarchy::IdentifierType::kNpi, draft.entry.provider, fault) &&
           FindByNumber(kTin, hierarchy::IdentifierType::kTin, draft.entry.practice, fault);
  }

  bool ReadRest(DisputeDraft& draft, Fault& fault) const {
    if (!Text(kEffect).empty()) {
      const StatusOr<Money> effect = Money::Parse(Text(kEffect));
      if (!effect.ok()) {
        fault = {kEffect, StatusMessage(effect.status())};
        return false;
      }
      draft.provisional_effect = *effect;
    }
    const bool none = Text(kEvidenceKind).empty() && Text(kEvidenceReference).empty() &&
                      Text(kEvidenceHash).empty();
    if (none) return true;
    const auto evidence =
        MakeEvidence(Text(kEvidenceKind), Text(kEvidenceReference), Text(kEvidenceHash));
    if (!evidence.ok()) {
      fault = {kEvidenceHash, StatusMessage(evidence.status())};
      return false;
    }
    draft.evidence.push_back(*evidence);
    return true;
  }

  const CsvReader& csv_;
  const hierarchy::HierarchySnapshot& hierarchy_;
  std::array<std::optional<std::size_t>, kColumns.size()> at_{};
};

}  // namespace

StatusOr<Evidence> MakeEvidence(std::string_view kind, std::string_view reference,
                                std::string_view sha256) {
  const StatusOr<Bytes> bytes = FromHex(sha256);
  Evidence evidence{.kind = std::string(kind), .reference = std::string(reference)};
  if (kind.empty() || reference.empty() || !bytes.ok() || bytes->size() != evidence.sha256.size()) {
    return InvalidArgument(
        "evidence needs its kind, where it is kept, and its SHA-256 in 64 hex digits");
  }
  std::ranges::copy(*bytes, evidence.sha256.begin());
  return evidence;
}

StatusOr<DisputeFile> ReadDisputeFile(const std::string& path,
                                      const hierarchy::HierarchySnapshot& hierarchy) {
  ASSIGN_OR_RETURN(CsvReader csv, CsvReader::Open(path));
  ASSIGN_OR_RETURN(const RowReader reader, RowReader::Make(csv, hierarchy));
  DisputeFile file;
  while (csv.Next()) {
    if (csv.IsBad()) {
      file.issues.push_back(csv.Error().ToString());
      continue;
    }
    Fault fault;
    std::optional<DisputeDraft> draft = reader.Read(fault);
    if (!draft) {
      file.issues.push_back(csv.BadValue(reader.PlaceOf(fault.column), fault.reason).ToString());
      continue;
    }
    file.member_numbers.emplace_back(reader.Text(kMember));
    file.drafts.push_back(*std::move(draft));
  }
  RETURN_IF_ERROR(csv.Outcome());
  if (file.drafts.empty() && file.issues.empty()) {
    return InvalidArgument("{} holds no dispute; write one row for each member", path);
  }
  return file;
}

}  // namespace sluice::api
