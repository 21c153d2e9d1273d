#include "api/listing/list_store.h"

#include <algorithm>

#include "api/listing/filter_store.h"
#include "core/check.h"

namespace sluice::api {
namespace {

void Append(std::vector<pg::EncodedValue>& values, const std::vector<FilterValue>& more) {
  for (const FilterValue& value : more) {
    values.push_back(std::visit([](const auto& held) { return pg::Encode(held); }, value));
  }
}

}  // namespace

StatusOr<ListPage> ListPage::Of(const PageTokens& tokens, ListQuery query,
                                const ListArguments& arguments, std::span<const ListField> fields,
                                std::string_view default_order) {
  CHECK(!fields.empty());
  ListPage page(tokens, std::move(query));
  ASSIGN_OR_RETURN(page.size_, PageSize(arguments.page_size));
  ASSIGN_OR_RETURN(page.filter_, ParseFilter(page.query_.filter, fields));
  const std::string& order = page.query_.order_by;
  ASSIGN_OR_RETURN(std::vector<OrderItem> asked,
                   ParseOrder(order.empty() ? default_order : std::string_view(order), fields));
  page.order_ = TotalOrder(std::move(asked), fields.back());
  if (!arguments.page_token.empty()) {
    ASSIGN_OR_RETURN(page.behind_, tokens.Read(page.query_, arguments.page_token));
    RETURN_IF_ERROR(BehindOf(page.order_, *page.behind_, 1).status());
  }
  return page;
}

pg::Result ListPage::Run(pg::Transaction& tx, const std::string& base,
                         std::vector<pg::EncodedValue> values) const {
  std::string sql = base;
  const auto next = [&] { return static_cast<int>(values.size()) + 1; };
  const FilterSql condition = ConditionOf(filter_, next());
  Append(values, condition.values);
  sql += " AND " + condition.text;
  if (behind_) {
    const FilterSql behind = BehindOf(order_, *behind_, next()).value();  // Of() saw to it
    Append(values, behind.values);
    sql += " AND " + behind.text;
  }
  sql += fmt::format(" ORDER BY {} LIMIT {}", OrderOf(order_), size_ + 1);
  return tx.QueryOnce(sql, values);
}

int ListPage::Shown(const pg::Result& rows) const { return std::min(rows.Size(), size_); }

std::string ListPage::NextToken(
    const pg::Result& rows, const std::function<FilterValue(std::string_view field)>& value) const {
  if (rows.Size() <= size_) return "";
  PageKey key;
  for (const OrderItem& item : order_) key.push_back(KeyText(value(item.field->name)));
  return tokens_->Make(query_, key);
}

}  // namespace sluice::api
