// The episode and referral table: what people see of episodes, and the order of their statuses.
//
//   1. The columns are exactly Date, Episode (ID), Patient, Patient ID, Payer, Member ID, Episode
//      Status and Details, in this order.
//   2. The statuses are Accepted, Services Rendered, Disposal, Payment and Completed, in this order
//      only: one step forward at a time. Each change has its instant and its actor.
//   3. Whoever asks sees the rows of their payer's contracts and no others.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/episodes/budget.h"
#include "performance/episodes/episodes.h"

namespace sluice::performance {

struct EpisodeTag { static constexpr std::string_view kPrefix = "epi"; };
using EpisodeId = Id<EpisodeTag>;

// The numbers are stored.
enum class EpisodeStatus : std::int16_t {
  kAccepted = 1,
  kServicesRendered = 2,
  kDisposal = 3,
  kPayment = 4,
  kCompleted = 5,
};
inline constexpr std::array kEpisodeStatuses = {
    EpisodeStatus::kAccepted, EpisodeStatus::kServicesRendered, EpisodeStatus::kDisposal,
    EpisodeStatus::kPayment, EpisodeStatus::kCompleted};
// "Accepted", "Services Rendered", "Disposal", "Payment", "Completed".
std::string_view EpisodeStatusName(EpisodeStatus status);

// The columns of the table, as people read them.
inline constexpr std::array<std::string_view, 8> kEpisodeColumns = {
    "Date",  "Episode (ID)", "Patient",        "Patient ID",
    "Payer", "Member ID",    "Episode Status", "Details"};

struct EpisodeType {
  std::string code;  // "KNS"
  std::string name;  // "Knee"
  bool active = true;
  friend bool operator==(const EpisodeType&, const EpisodeType&) = default;
};
// Knee KNS, Shoulder SST, Hip HPS, Maternity M44: what a payer starts with.
std::vector<EpisodeType> DefaultEpisodeTypes();

// What a referral says.
struct EpisodeRecord {
  ContractId contract;
  EpisodeId id;
  std::string type;
  Date opened_on{};
  std::string patient_name;
  std::string patient_number;  // the provider's own
  std::int64_t member_id = 0;
  std::string member_number;  // the payer's own
  std::string anchor_claim;   // ties it to the engine's line; empty until it is known
  friend bool operator==(const EpisodeRecord&, const EpisodeRecord&) = default;
};
// InvalidArgument names the field and what it must be.
Status CheckEpisode(const EpisodeRecord& episode);

struct EpisodeRow {
  EpisodeRecord episode;
  std::string payer;
  EpisodeStatus status = EpisodeStatus::kAccepted;
  friend bool operator==(const EpisodeRow&, const EpisodeRow&) = default;
};
// The row as the table shows it; the last column is the name of the details, "KNS details".
std::array<std::string, 8> TableCells(const EpisodeRow& row);

// What to show. Lists that are empty and fields that are unset leave nothing out.
struct EpisodeFilter {
  std::vector<ContractId> contracts;
  std::vector<EpisodeStatus> statuses;
  std::vector<std::string> types;
  std::optional<Date> from;   // of the date, both days inside
  std::optional<Date> until;
  // Part of the patient's name, or of the patient's or member's number; upper or lower case.
  std::string text;
};
// The numbers are those of the columns, from 1; Details cannot be sorted by.
enum class EpisodeSort : std::int16_t {
  kDate = 1,
  kEpisode = 2,
  kPatient = 3,
  kPatientNumber = 4,
  kPayer = 5,
  kMemberNumber = 6,
  kStatus = 7,
};
struct EpisodePage {
  EpisodeSort sort = EpisodeSort::kDate;
  bool descending = true;
  std::int64_t offset = 0;
  std::int64_t limit = 50;  // 1 to 500
};

struct EpisodeCount {
  std::string type;
  EpisodeStatus status = EpisodeStatus::kAccepted;
  std::int64_t count = 0;
  friend bool operator==(const EpisodeCount&, const EpisodeCount&) = default;
};
struct EpisodeList {
  std::vector<EpisodeRow> rows;  // of the page
  std::int64_t total = 0;        // of the filter
};
// Counts by type and status. Every configured type and every status is there, with 0 too.
struct EpisodeOverview {
  std::vector<EpisodeType> types;
  std::vector<EpisodeCount> counts;  // by type, then status
  std::int64_t total = 0;
};

struct EpisodeStatusChange {
  EpisodeStatus status = EpisodeStatus::kAccepted;
  Instant at;
  UserId by;
  friend bool operator==(const EpisodeStatusChange&, const EpisodeStatusChange&) = default;
};
// A round of the budget: each participant's due and the difference posted. What is due of a budget
// is not what was paid: payments are made of the contract's award.
struct EpisodePosting {
  std::int32_t round = 0;
  PartyId party;
  Money due;
  Money difference;
  Instant at;
  UserId by;
  friend bool operator==(const EpisodePosting&, const EpisodePosting&) = default;
};
// A document by reference and hash; the file is kept elsewhere.
struct EpisodeDocument {
  std::string name;       // for people: "discharge summary"
  std::string reference;  // where it is kept
  Digest sha256{};
  Instant at;
  UserId by;
  friend bool operator==(const EpisodeDocument&, const EpisodeDocument&) = default;
};
struct EpisodeEvent {
  Date day{};
  std::string what;  // "Accepted", "service 97110 $120.00", "budget share of $40.00 of pty_..."
  friend bool operator==(const EpisodeEvent&, const EpisodeEvent&) = default;
};
// Everything about one episode.
struct EpisodeDetails {
  EpisodeRow row;
  std::vector<EpisodeStatusChange> statuses;
  // Budget (target) versus actual and the services, of the newest run that has the episode.
  std::optional<EpisodeLine> line;
  std::vector<EpisodePosting> postings;
  std::vector<EpisodeDocument> documents;  // in the order they were added
  std::vector<EpisodeEvent> time_line;  // by day
};
// The time line of the other fields.
std::vector<EpisodeEvent> TimeLineOf(const EpisodeDetails& details);

}  // namespace sluice::performance
