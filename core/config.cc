#include "core/config.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "core/check.h"
#include "toml++/toml.h"

namespace sluice {
namespace {

struct Place {
  unsigned line = 1;
  unsigned column = 1;

  friend auto operator<=>(const Place&, const Place&) = default;
};

Place PlaceOf(const toml::node& node) {
  const toml::source_position begin = node.source().begin;
  // A table written only through its children ([a.b] without [a]) has no place of its own.
  return begin.line == 0 ? Place{} : Place{begin.line, begin.column};
}

// The place of the key itself, where the eye looks for it.
Place PlaceOf(const toml::key& key) {
  const toml::source_position begin = key.source().begin;
  return begin.line == 0 ? Place{} : Place{begin.line, begin.column};
}

const toml::table* AsTable(const void* table) { return static_cast<const toml::table*>(table); }
const toml::node* AsNode(const void* node) { return static_cast<const toml::node*>(node); }

std::string_view KindName(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a decimal number (write it in quotes)";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time";
    case toml::node_type::date_time:
      return "a date and time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

// How many letters must be inserted, removed or replaced to turn `a` into `b`.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

struct ConfigSection::State {
  struct Message {
    Place place;
    std::string text;
  };

  std::string name;
  toml::table root;
  std::vector<Message> faults;
  std::set<const void*> read;  // tables and values that were asked for
  // Every key that was asked for, with the table it was asked of: what a typing error meant.
  std::set<std::pair<const void*, std::string>> known;

  void Add(Place place, std::string text) { faults.push_back({place, std::move(text)}); }
  void FindUnread(const toml::table& table, const std::string& path,
                  std::vector<Message>& found) const;
  void FindAbsent(const toml::table& table, const std::string& path,
                  std::vector<std::string>& found) const;
  std::string Unknown(const toml::table& table, std::string_view key,
                      const std::string& path) const;
};

std::string ConfigSection::State::Unknown(const toml::table& table, std::string_view key,
                                          const std::string& path) const {
  std::string text = fmt::format("{}: unknown key", path);
  std::string nearest;
  std::size_t least = key.size() / 2 + 1;
  for (const auto& [owner, name_of_key] : known) {
    if (owner != &table || table.contains(name_of_key)) continue;
    const std::size_t distance = EditDistance(key, name_of_key);
    if (distance < least) {
      least = distance;
      nearest = name_of_key;
    }
  }
  if (!nearest.empty()) text += fmt::format("; did you mean '{}'?", nearest);
  return text;
}

void ConfigSection::State::FindUnread(const toml::table& table, const std::string& path,
                                      std::vector<Message>& found) const {
  for (const auto& [key, node] : table) {
    const std::string key_path =
        path.empty() ? std::string(key.str()) : fmt::format("{}.{}", path, key.str());
    if (!read.contains(&node)) {
      found.push_back({PlaceOf(key), Unknown(table, key.str(), key_path)});
      continue;
    }
    if (const toml::table* const inner = node.as_table()) FindUnread(*inner, key_path, found);
    if (const toml::array* const array = node.as_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        if (const toml::table* const inner = (*array)[i].as_table()) {
          FindUnread(*inner, fmt::format("{}[{}]", key_path, i + 1), found);
        }
      }
    }
  }
}

void ConfigSection::State::FindAbsent(const toml::table& table, const std::string& path,
                                      std::vector<std::string>& found) const {
  const auto path_of = [&](std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
  };
  for (const auto& [owner, key] : known) {
    if (owner == &table && !table.contains(key)) found.push_back(path_of(key));
  }
  for (const auto& [key, node] : table) {
    if (const toml::table* const inner = node.as_table()) {
      FindAbsent(*inner, path_of(key.str()), found);
    }
  }
}

ConfigSection::ConfigSection(std::shared_ptr<State> state, const void* table, std::string path)
    : state_(std::move(state)), table_(table), path_(std::move(path)) {}

std::string ConfigSection::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const void* ConfigSection::Find(std::string_view key) const {
  if (table_ == nullptr) return nullptr;
  state_->known.emplace(table_, key);
  const toml::node* const node = AsTable(table_)->get(key);
  if (node != nullptr) state_->read.insert(node);
  return node;
}

void ConfigSection::Fault(std::string_view key, std::string_view reason) const {
  Place place;
  if (table_ != nullptr) {
    const toml::node* const node = AsTable(table_)->get(key);
    place = PlaceOf(node != nullptr ? *node : *AsTable(table_));
  }
  state_->Add(place, fmt::format("{}: {}", PathOf(key), reason));
}

void ConfigSection::Missing(std::string_view key, std::string_view expected) const {
  Fault(key, fmt::format("missing; expected {}", expected));
}

ConfigSection ConfigSection::Section(std::string_view key) const {
  const toml::node* const node = AsNode(Find(key));
  if (node != nullptr && !node->is_table()) {
    Fault(key, fmt::format("expected a table, found {}", KindName(*node)));
  }
  return ConfigSection(state_, node == nullptr ? nullptr : node->as_table(), PathOf(key));
}

ConfigSection ConfigSection::RequiredSection(std::string_view key) const {
  if (!Has(key)) Missing(key, fmt::format("a table [{}]", PathOf(key)));
  return Section(key);
}

std::vector<ConfigSection> ConfigSection::Sections(std::string_view key) const {
  const toml::node* const node = AsNode(Find(key));
  std::vector<ConfigSection> sections;
  if (node == nullptr) return sections;
  const toml::array* const array = node->as_array();
  if (array == nullptr) {
    Fault(key, fmt::format("expected tables [[{}]], found {}", PathOf(key), KindName(*node)));
    return sections;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const toml::table* const table = (*array)[i].as_table();
    if (table == nullptr) {
      Fault(key,
            fmt::format("expected tables [[{}]], found {}", PathOf(key), KindName((*array)[i])));
      continue;
    }
    sections.push_back(ConfigSection(state_, table, fmt::format("{}[{}]", PathOf(key), i + 1)));
  }
  return sections;
}

bool ConfigSection::Has(std::string_view key) const {
  return table_ != nullptr && AsTable(table_)->contains(key);
}

std::vector<std::string> ConfigSection::Keys() const {
  std::vector<std::string> keys;
  if (table_ == nullptr) return keys;
  for (const auto& [key, node] : *AsTable(table_)) keys.emplace_back(key.str());
  std::ranges::sort(keys);
  return keys;
}

std::optional<std::string> ConfigSection::OptionalText(std::string_view key) const {
  const toml::node* const node = AsNode(Find(key));
  if (node == nullptr) return std::nullopt;
  if (const auto* const text = node->as_string()) return text->get();
  Fault(key, fmt::format("expected text in quotes, found {}", KindName(*node)));
  return std::nullopt;
}

std::string ConfigSection::Text(std::string_view key, std::string_view fallback) const {
  return OptionalText(key).value_or(std::string(fallback));
}

std::string ConfigSection::RequiredText(std::string_view key) const {
  if (!Has(key)) {
    Find(key);
    Missing(key, "text in quotes");
    return {};
  }
  std::optional<std::string> text = OptionalText(key);
  if (text && text->empty()) Fault(key, "must not be empty");
  return std::move(text).value_or("");
}

std::string ConfigSection::Choice(std::string_view key, const std::vector<std::string>& choices,
                                  std::string_view fallback) const {
  const std::string text = Text(key, fallback);
  if (std::ranges::find(choices, text) != choices.end()) return text;
  Fault(key, fmt::format("is '{}'; expected one of {}", text, fmt::join(choices, ", ")));
  return std::string(fallback);
}

std::vector<std::string> ConfigSection::Texts(std::string_view key) const {
  const toml::node* const node = AsNode(Find(key));
  std::vector<std::string> texts;
  if (node == nullptr) return texts;
  const toml::array* const array = node->as_array();
  const auto not_text = [](const toml::node& element) { return !element.is_string(); };
  if (array == nullptr || std::any_of(array->begin(), array->end(), not_text)) {
    Fault(key, R"(expected an array of texts, for instance ["a", "b"])");
    return texts;
  }
  for (const toml::node& element : *array) texts.push_back(element.as_string()->get());
  return texts;
}

std::int64_t ConfigSection::Integer(std::string_view key, std::int64_t fallback,
                                    IntegerBounds bounds) const {
  const toml::node* const node = AsNode(Find(key));
  if (node == nullptr) return fallback;
  const auto* const integer = node->as_integer();
  if (integer == nullptr) {
    Fault(key, fmt::format("expected an integer, found {}", KindName(*node)));
    return fallback;
  }
  const std::int64_t value = integer->get();
  if (value < bounds.least || value > bounds.most) {
    Fault(key, bounds.most == std::numeric_limits<std::int64_t>::max()
                   ? fmt::format("is {}; expected {} or more", value, bounds.least)
                   : fmt::format("is {}; expected {} to {}", value, bounds.least, bounds.most));
    return fallback;
  }
  return value;
}

std::int64_t ConfigSection::RequiredInteger(std::string_view key, IntegerBounds bounds) const {
  if (!Has(key)) {
    Find(key);
    Missing(key, "an integer");
  }
  return Integer(key, 0, bounds);
}

bool ConfigSection::Boolean(std::string_view key, bool fallback) const {
  const toml::node* const node = AsNode(Find(key));
  if (node == nullptr) return fallback;
  if (const auto* const boolean = node->as_boolean()) return boolean->get();
  Fault(key, fmt::format("expected true or false, found {}", KindName(*node)));
  return fallback;
}

std::optional<Date> ConfigSection::OptionalDate(std::string_view key) const {
  const toml::node* const node = AsNode(Find(key));
  if (node == nullptr) return std::nullopt;
  if (const auto* const date = node->as_date()) {
    return MakeDate(date->get().year, date->get().month, date->get().day);
  }
  if (const auto* const text = node->as_string()) {
    if (const StatusOr<Date> date = ParseDate(text->get()); date.ok()) return *date;
  }
  Fault(key, "expected a date, for instance 2026-10-05");
  return std::nullopt;
}

Date ConfigSection::RequiredDate(std::string_view key) const {
  if (!Has(key)) {
    Find(key);
    Missing(key, "a date, for instance 2026-10-05");
  }
  return OptionalDate(key).value_or(Date{});
}

std::optional<Money> ConfigSection::OptionalMoney(std::string_view key) const {
  const toml::node* const node = AsNode(Find(key));
  if (node == nullptr) return std::nullopt;
  StatusOr<Money> money = InvalidArgument("{}", KindName(*node));
  if (const auto* const text = node->as_string()) money = Money::Parse(text->get());
  if (const auto* const whole = node->as_integer())
    money = Money::Parse(fmt::to_string(whole->get()));
  if (money.ok()) return *money;
  Fault(key, R"(expected dollars as text, for instance "1,250.00")");
  return std::nullopt;
}

std::optional<Ratio> ConfigSection::OptionalRatio(std::string_view key) const {
  const toml::node* const node = AsNode(Find(key));
  if (node == nullptr) return std::nullopt;
  StatusOr<Ratio> ratio = InvalidArgument("{}", KindName(*node));
  if (const auto* const text = node->as_string()) ratio = Ratio::Parse(text->get());
  if (const auto* const whole = node->as_integer()) ratio = Ratio(whole->get());
  if (ratio.ok()) return *ratio;
  Fault(key, R"(expected a number as text, for instance "0.15", "15%" or "3/20")");
  return std::nullopt;
}

StatusOr<Config> Config::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return NotFound("{}: cannot open the configuration file", path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return NotFound("{}: cannot read the configuration file", path);
  return FromText(text, path);
}

StatusOr<Config> Config::FromText(std::string_view text, const std::string& name) {
  auto state = std::make_shared<ConfigSection::State>();
  state->name = name;
  try {
    state->root = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return InvalidArgument("{}:{}:{}: not TOML: {}", name, at.line, at.column, error.description());
  }
  return Config(std::move(state));
}

ConfigSection Config::Root() const { return ConfigSection(state_, &state_->root, ""); }

Status Config::Finish() const {
  std::vector<ConfigSection::State::Message> all = state_->faults;
  state_->FindUnread(state_->root, "", all);
  if (all.empty()) return OkStatus();
  std::ranges::stable_sort(all, {}, &ConfigSection::State::Message::place);
  std::string text;
  for (const auto& message : all) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{}:{}:{}: {}", state_->name, message.place.line, message.place.column,
                        message.text);
  }
  return InvalidArgument("{}", text);
}

std::vector<std::string> Config::Absent() const {
  std::vector<std::string> found;
  state_->FindAbsent(state_->root, "", found);
  std::ranges::sort(found);
  return found;
}

}  // namespace sluice
