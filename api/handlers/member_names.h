// Members as the contract names them: "payers/pyr_1/members/M-1001", by the payer's own number.
// What a resource name cannot hold is written as %2F (RFC 3986).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

std::string MemberName(PayerId payer, std::string_view number);

// The names of some members. One whose number no file ever said is "mbr_...".
class MemberNames {
 public:
  static MemberNames Load(pg::Transaction& tx, PayerId payer, std::vector<std::int64_t> members);

  std::string Of(std::int64_t member) const;
  // Empty for one without.
  std::string NumberOf(std::int64_t member) const;

 private:
  explicit MemberNames(PayerId payer) : payer_(payer) {}

  PayerId payer_;
  std::map<std::int64_t, std::string> numbers_;
};

struct NamedMember {
  std::int64_t id = 0;
  std::string number;
};
// The members that fields of a request name, in their order. InvalidArgument names each field that
// names nobody whom the payer knows.
StatusOr<std::vector<NamedMember>> ReadMembers(
    pg::Transaction& tx, PayerId payer,
    const std::vector<std::pair<std::string, std::string>>& names_by_field);

}  // namespace sluice::api
