// Pages of lists that the domain gives as a whole: what is open in one program, the versions of one
// thing. Items have a number, and come by it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/listing/filter_store.h"
#include "api/listing/page_token.h"
#include "api/service/call.h"
#include "core/status.h"

namespace sluice::api {

template <typename Item>
struct SmallPage {
  std::vector<Item> items;
  std::string next_page_token;
};

// The page of `request`, which has page_size and page_token, of these items by `number`, each of
// its own. InvalidArgument for a size or token that is none.
template <typename Item, typename Request, typename Number>
StatusOr<SmallPage<Item>> SmallPageOf(const Call& call, const Request& request, ListQuery query,
                                      std::vector<Item> items, const Number& number) {
  ASSIGN_OR_RETURN(const std::int32_t size, PageSize(request.page_size()));
  std::ranges::sort(items, {}, number);
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(const PageKey key, call.Tokens().Read(query, request.page_token()));
    ASSIGN_OR_RETURN(const FilterValue last, KeyValue(FieldType::kInteger, key.front()));
    std::erase_if(items, [&](const Item& item) {
      return static_cast<std::int64_t>(std::invoke(number, item)) <= std::get<std::int64_t>(last);
    });
  }
  SmallPage<Item> page;
  if (std::ssize(items) > size) {
    items.erase(items.begin() + size, items.end());
    const auto last = static_cast<std::int64_t>(std::invoke(number, items.back()));
    page.next_page_token = call.Tokens().Make(query, {KeyText(FilterValue(last))});
  }
  page.items = std::move(items);
  return page;
}

}  // namespace sluice::api
