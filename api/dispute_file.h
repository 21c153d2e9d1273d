// A file of disputes: one row per member, as a provider group's analyst writes it.
//
//   operation,member_number,plan,from,through,provider_npi,practice_tin,reason_code,effect,
//   evidence_kind,evidence_reference,evidence_sha256
//
//   1. operation is add, remove or change; from and through are the first and the last day. Of a
//      removal, member, plan and first day name the entry of the list.
//   2. effect and the evidence columns may be missing or empty; evidence needs all three.
//   3. A row that breaks a rule refuses the file: every such row is named.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hierarchy/graph.h"
#include "performance/attribution/dispute_service.h"

namespace sluice::api {

struct DisputeFile {
  std::vector<performance::DisputeDraft> drafts;
  std::vector<std::string> member_numbers;  // of the drafts; their ids are the caller's to fill in
  std::vector<std::string> issues;          // "disputes.csv row 3 column 5 'through': ..."
};

// InvalidArgument for a file that is no CSV or lacks a column; NotFound when it is not there.
StatusOr<DisputeFile> ReadDisputeFile(const std::string& path,
                                      const hierarchy::HierarchySnapshot& hierarchy);

// Evidence as three texts; InvalidArgument when one is missing or the hash is no SHA-256.
StatusOr<performance::Evidence> MakeEvidence(std::string_view kind, std::string_view reference,
                                             std::string_view sha256);

}  // namespace sluice::api
