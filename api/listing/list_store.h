// A page of a list: what the caller asked for, as one statement, and where the next page begins.
//
//   ASSIGN_OR_RETURN(ListPage page, ListPage::Of(call's tokens, query, arguments, fields));
//   const pg::Result rows = page.Run(tx, "SELECT r.run_id FROM payments.run AS r WHERE TRUE", {});
//   ... page.Shown(rows.Size()) of them, and page.NextToken(...) behind the last one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/listing/filter.h"
#include "api/listing/page_token.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

struct ListArguments {
  std::int32_t page_size = 0;
  std::string page_token;
};

class ListPage {
 public:
  // The last field is the id, which makes every order total. `default_order` stands for an empty
  // one. InvalidArgument names the place in filter, order or token. The fields outlive the page.
  static StatusOr<ListPage> Of(const PageTokens& tokens, ListQuery query,
                               const ListArguments& arguments, std::span<const ListField> fields,
                               std::string_view default_order);

  // Runs `base`, a SELECT that ends in its WHERE clause, with what the caller asked for; `values`
  // are the parameters of the base. One row more than the page has tells whether there is another.
  pg::Result Run(pg::Transaction& tx, const std::string& base,
                 std::vector<pg::EncodedValue> values) const;

  // How many of the rows belong to the page.
  int Shown(const pg::Result& rows) const;
  // Empty when the page is the last one. `value` is a field's value in the last row shown.
  std::string NextToken(const pg::Result& rows,
                        const std::function<FilterValue(std::string_view field)>& value) const;

 private:
  ListPage(const PageTokens& tokens, ListQuery query)
      : tokens_(&tokens), query_(std::move(query)) {}

  const PageTokens* tokens_;
  ListQuery query_;
  std::int32_t size_ = 0;
  Filter filter_;
  std::vector<OrderItem> order_;
  std::optional<PageKey> behind_;
};

}  // namespace sluice::api
