// Values that must not be seen: account numbers, tax ids, keys, passwords.
//
// A Secret<T> holds a T and does not format, stream, compare or log: the compiler refuses. Its
// bytes are wiped when it is destroyed, moved from or assigned. Reveal() is the one way to the
// value, easy to find in a review; what it returns must not be stored outside a Secret.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace sluice {

// Overwrites `size` bytes with zeros in a way that the optimizer may not remove.
void Wipe(void* bytes, std::size_t size);

// `T` is a trivially copyable type, or a contiguous container of one (std::string, Bytes).
template <typename T>
class Secret {
 public:
  Secret() = default;
  explicit Secret(T value) : value_(std::move(value)) { WipeValue(value); }
  Secret(const Secret& other) = default;
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.WipeValue(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      WipeValue();
      value_ = other.value_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      WipeValue();
      value_ = std::move(other.value_);
      other.WipeValue();
    }
    return *this;
  }
  ~Secret() { WipeValue(); }

  const T& Reveal() const { return value_; }

 private:
  static void WipeValue(T& value) {
    if constexpr (requires {
                    value.data();
                    value.capacity();
                    value.clear();
                  }) {
      // The whole allocation: an earlier, longer value may lie behind the end.
      value.resize(value.capacity());
      Wipe(value.data(), value.size() * sizeof(*value.data()));
      value.clear();
    } else {
      static_assert(std::is_trivially_copyable_v<T>);
      Wipe(std::addressof(value), sizeof(value));
    }
  }
  void WipeValue() { WipeValue(value_); }

  T value_{};
};

using SecretString = Secret<std::string>;
using SecretBytes = Secret<std::vector<std::uint8_t>>;

template <typename T>
std::ostream& operator<<(std::ostream& out, const Secret<T>& secret) = delete;
template <typename T>
bool operator==(const Secret<T>& a, const Secret<T>& b) = delete;  // see ConstantTimeEqual

// GoogleTest prints the bytes of a type that it does not know; it finds this instead.
template <typename T>
void PrintTo(const Secret<T>&, std::ostream* out) {
  *out << "(secret)";
}

}  // namespace sluice

template <typename T, typename Char>
struct fmt::formatter<sluice::Secret<T>, Char> {
  formatter() = delete;
  formatter(const formatter&) = delete;
};
