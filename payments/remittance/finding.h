// What the independent readers report.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace sluice::payments {

// One broken rule, numbered as in FORMATS section 11.
struct Finding {
  int check = 0;  // 0 for a file that cannot be read at all
  std::string file;
  std::size_t place = 0;  // line of an ACH or CSV file, segment of an 835, page of a PDF; 0: all
  std::string message;    // what is wrong and what is expected
  // An inbound reader may go on after it (it logs the deviation). An outbound file may never have
  // one.
  bool tolerable = false;

  // "check 26: 0001.ach line 12: ...".
  std::string ToString() const;
};

// Collects the findings of one file; a ruined file stops counting after a few hundred.
class Findings {
 public:
  static constexpr std::size_t kMost = 300;

  explicit Findings(std::string file) : file_(std::move(file)) {}

  template <typename... Args>
  void Add(int check, std::size_t place, fmt::format_string<Args...> format, Args&&... args) {
    Put({check, file_, place, fmt::format(format, std::forward<Args>(args)...), false});
  }
  // A deviation that an inbound reader may live with.
  template <typename... Args>
  void AddTolerable(int check, std::size_t place, fmt::format_string<Args...> format,
                    Args&&... args) {
    Put({check, file_, place, fmt::format(format, std::forward<Args>(args)...), true});
  }

  const std::string& File() const { return file_; }
  const std::vector<Finding>& All() const { return all_; }
  std::vector<Finding> Take() { return std::move(all_); }

 private:
  void Put(Finding finding) {
    if (all_.size() < kMost) all_.push_back(std::move(finding));
  }

  std::string file_;
  std::vector<Finding> all_;
};

}  // namespace sluice::payments
