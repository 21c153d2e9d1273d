// The quality and withhold parts of terms as a person reads them, for DescribeTerms().
#pragma once

#include <string>

#include "performance/terms_quality.h"
#include "performance/terms_withhold.h"

namespace sluice::performance {

// "CBP from 0.6 to 0.72, weight 3, at least 30".
std::string DescribeMeasure(const MeasureTerm& term);
std::string DescribeScore(const Score& score);
// "by score: up to 18.75 -9 % to -9 %; ...".
std::string DescribeCurve(const RateByScore& rate);
std::string DescribeRedistribution(const Redistribute& rule);
std::string DescribeWithhold(const Withhold& withhold);

}  // namespace sluice::performance
