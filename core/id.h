// Time-ordered 64-bit ids with a text form.
//
// An id is made in C++, never by a database sequence: 41 bits of milliseconds since 2020, 10 bits
// of node, 12 bits of sequence. The value is always positive. Its text form is a prefix of its
// type and 13 characters of Crockford base 32: "pay_0C4QZ8N2R40G0". Id<A> and Id<B> do not mix.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/status.h"

namespace sluice {

// 13 characters of Crockford base 32, most significant first.
std::string FormatId(std::string_view prefix, std::int64_t value);
// The reverse. InvalidArgument when the prefix differs, a character is not of the alphabet, or the
// value does not fit. Lower case is read as upper case.
StatusOr<std::int64_t> ParseId(std::string_view prefix, std::string_view text);

// The id of a `Tag`. A tag is an empty struct with a static constexpr prefix:
//   struct Contract { static constexpr std::string_view kPrefix = "ctr"; };
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  explicit constexpr Id(std::int64_t value) : value_(value) {}
  static StatusOr<Id> Parse(std::string_view text) {
    ASSIGN_OR_RETURN(const std::int64_t value, ParseId(Tag::kPrefix, text));
    return Id(value);
  }

  constexpr std::int64_t Value() const { return value_; }
  std::string ToString() const { return FormatId(Tag::kPrefix, value_); }

  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  std::int64_t value_ = 0;
};

// Tags used across folders. A folder's own tags live beside its types.
struct PayerTag { static constexpr std::string_view kPrefix = "pyr"; };
struct PartyTag { static constexpr std::string_view kPrefix = "pty"; };
struct ProgramTag { static constexpr std::string_view kPrefix = "prg"; };
struct ContractTag { static constexpr std::string_view kPrefix = "ctr"; };
struct AwardTag { static constexpr std::string_view kPrefix = "awd"; };
struct BookTag { static constexpr std::string_view kPrefix = "bok"; };
struct PayeeTag { static constexpr std::string_view kPrefix = "pye"; };
struct UserTag { static constexpr std::string_view kPrefix = "usr"; };

using PayerId = Id<PayerTag>;
using PartyId = Id<PartyTag>;
using ProgramId = Id<ProgramTag>;
using ContractId = Id<ContractTag>;
using AwardId = Id<AwardTag>;
using BookId = Id<BookTag>;
using PayeeId = Id<PayeeTag>;
using UserId = Id<UserTag>;

// Makes ids that grow strictly within one generator, also when the clock stands still or steps
// back: when the sequence of a millisecond is used up, the next millisecond is borrowed.
// Safe to call from several threads.
class IdGenerator {
 public:
  // Requires: 0 <= node < 1024; two processes that run at once have different nodes.
  IdGenerator(Clock& clock, int node);

  std::int64_t NextValue();
  template <typename Tag>
  Id<Tag> Next() {
    return Id<Tag>(NextValue());
  }

 private:
  Clock& clock_;
  std::int64_t node_;
  std::mutex mutex_;
  std::int64_t last_ = 0;
};

}  // namespace sluice

template <typename Tag>
struct std::hash<sluice::Id<Tag>> {
  std::size_t operator()(sluice::Id<Tag> id) const noexcept {
    return std::hash<std::int64_t>{}(id.Value());
  }
};

template <typename Tag>
struct fmt::formatter<sluice::Id<Tag>> : fmt::formatter<std::string> {
  template <typename Context>
  auto format(sluice::Id<Tag> id, Context& context) const {
    return fmt::formatter<std::string>::format(id.ToString(), context);
  }
};
