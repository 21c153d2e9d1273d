#include "performance/excluded_products.h"

#include <set>

namespace sluice::performance {

Status CheckExcludedProducts(const std::vector<std::string>& products) {
  std::set<std::string> known;
  for (const std::string& product : products) {
    if (product.empty()) return InvalidArgument("an excluded product needs its name");
    if (!known.insert(product).second) {
      return InvalidArgument("the product {} is excluded twice", product);
    }
  }
  return OkStatus();
}

}  // namespace sluice::performance
