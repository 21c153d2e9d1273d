// Recalibration of a risk model within a contract year: a new version of the model, the scores it
// restates, and a statement of what that does to the award. It counts when both parties have
// acknowledged the statement; before, and for every earlier version, the old scores stand.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/calculate.h"
#include "performance/facts.h"
#include "performance/terms.h"

namespace sluice::performance {

// A version of a model: its name for people, and the digest of its tables and parameters
// (RiskModel::Hash()).
struct ModelVersion {
  std::string name;
  Digest sha256{};
  friend bool operator==(const ModelVersion&, const ModelVersion&) = default;
};

struct EffectStatement {
  Award before;
  Award after;
  Money change;  // of what is payable; zero when either is blocked
  std::string text;
  Digest Hash() const { return Sha256(AsBytes(text)); }
};

// What the restated facts (a part of `facts`, by name) change. InvalidArgument when they restate
// nothing: a fact that is not there, or no fact with another value. Requires: the terms are valid.
StatusOr<EffectStatement> DescribeRecalibration(const ModelVersion& before,
                                                const ModelVersion& after, const Terms& terms,
                                                const Facts& facts, const Facts& restated,
                                                const CalculationDates& dates);

struct Recalibration {
  std::int64_t id = 0;
  ContractId contract;
  DateRange period;  // closed
  ModelVersion before;
  ModelVersion after;
  Facts restated;
  std::string statement;
  Digest statement_sha256{};
  Instant known_at;  // what the statement was made from
};

enum class AcknowledgingSide : std::uint8_t { kPayer = 0, kProvider = 1 };

class RecalibrationService {
 public:
  // `database` acts for one payer. All outlive the service.
  RecalibrationService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  struct Proposal {
    ContractId contract;
    CalculationDates dates;
    ModelVersion before;
    ModelVersion after;
    Facts restated;
  };
  // Makes the statement from the terms and facts as known now, and stores it.
  StatusOr<Recalibration> Propose(const Proposal& proposal);

  // Records that somebody of a party acknowledges exactly this statement. Repeating it is ok;
  // InvalidArgument when the digest is of another statement.
  Status Acknowledge(ContractId contract, std::int64_t recalibration, AcknowledgingSide side,
                     const std::string& actor, const Digest& statement_sha256);

  // Records the restated scores as facts of the period; the next calculation makes a new version
  // of the award. Repeating it is ok. FailedPrecondition while an acknowledgment is missing (names
  // the party), or when facts or terms of the period changed after the statement was made.
  Status Apply(ContractId contract, std::int64_t recalibration);

  // The statement, who acknowledged it when, and whether it counts.
  StatusOr<std::string> Statement(ContractId contract, std::int64_t recalibration);

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
