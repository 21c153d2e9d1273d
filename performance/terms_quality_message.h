// The quality part of terms to and from its protobuf messages. Internal to the terms codec.
#pragma once

#include "core/status.h"
#include "performance/terms_message.h"

namespace sluice::performance {

StatusOr<Rule> ReadScore(const proto::Score& message);
StatusOr<GateTest> ReadScoreAtLeast(const proto::ScoreAtLeast& message);
StatusOr<RateRule> ReadRateByScore(const proto::RateByScore& message);
StatusOr<Rule> ReadRedistribute(const proto::Redistribute& message);

void WriteScore(const Score& score, proto::Score& out);
void WriteScoreAtLeast(const ScoreAtLeast& test, proto::ScoreAtLeast& out);
void WriteRateByScore(const RateByScore& rate, proto::RateByScore& out);
void WriteRedistribute(const Redistribute& rule, proto::Redistribute& out);

}  // namespace sluice::performance
