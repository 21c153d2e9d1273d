// Resource names: "payers/pyr_1/programs/prg_2/cycles/cyc_3/runs/run_4", as every request and
// answer writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/status.h"

namespace sluice::api {

// A name taken apart. What stands in it is checked when it is asked for.
class ResourcePath {
 public:
  // InvalidArgument unless the text is pairs of a collection and an id; a last collection without
  // an id ("payers/p/parties/x/onboarding") is a part of the thing before it.
  static StatusOr<ResourcePath> Parse(std::string_view text);

  // InvalidArgument when the collection is not in the name or has no id of this kind.
  template <typename Tag>
  StatusOr<Id<Tag>> Get(std::string_view collection) const {
    ASSIGN_OR_RETURN(const std::string id, Find(collection));
    return Id<Tag>::Parse(id);
  }
  // What stands behind the collection, where that is no id: a day, a name, a number.
  StatusOr<std::string> GetText(std::string_view collection) const { return Find(collection); }
  // None for "-", which stands for all of the collection.
  template <typename Tag>
  StatusOr<std::optional<Id<Tag>>> GetOrAll(std::string_view collection) const {
    ASSIGN_OR_RETURN(const std::string id, Find(collection));
    if (id == "-") return std::optional<Id<Tag>>();
    ASSIGN_OR_RETURN(const Id<Tag> parsed, Id<Tag>::Parse(id));
    return std::optional(parsed);
  }

 private:
  StatusOr<std::string> Find(std::string_view collection) const;

  std::vector<std::pair<std::string, std::string>> parts_;
};

// "payers/pyr_1/parties/pty_2".
std::string PartyName(PayerId payer, PartyId party);
std::string PayeeName(PayerId payer, PayeeId payee);
std::string UserName(PayerId payer, UserId user);

}  // namespace sluice::api
