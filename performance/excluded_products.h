// Products and lines of business that terms leave out, for instance self-funded groups: a list that
// several models have.
#pragma once

#include <string>
#include <vector>

#include "core/status.h"

namespace sluice::performance {

// InvalidArgument when one has no name or is there twice.
Status CheckExcludedProducts(const std::vector<std::string>& products);

}  // namespace sluice::performance
