// What the independent readers report.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
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
  std::size_t column = 0;  // where in the record, from 1; 0: the whole record
  std::string code;        // tells faults of one check apart where a reader must; often empty

  // "check 26: 0001.ach line 12: ...".
  std::string ToString() const;
};

// Collects the findings of one file; a ruined file stops counting after a few hundred. Deviations
// are counted apart, so that they never crowd out a fault.
class Findings {
 public:
  static constexpr std::size_t kMost = 300;

  explicit Findings(std::string file) : file_(std::move(file)) {}

  template <typename... Args>
  void Add(int check, std::size_t place, fmt::format_string<Args...> format, Args&&... args) {
    Put({.check = check,
         .file = file_,
         .place = place,
         .message = fmt::format(format, std::forward<Args>(args)...)});
  }
  // A deviation that an inbound reader may live with.
  template <typename... Args>
  void AddTolerable(int check, std::size_t place, fmt::format_string<Args...> format,
                    Args&&... args) {
    Put({.check = check,
         .file = file_,
         .place = place,
         .message = fmt::format(format, std::forward<Args>(args)...),
         .tolerable = true});
  }

  // The column, or the code, of the next finding: findings.At(30).Add(18, line, ...).
  Findings& At(std::size_t column) {
    column_ = column;
    return *this;
  }
  Findings& Code(std::string_view code) {
    code_ = code;
    return *this;
  }

  const std::string& File() const { return file_; }
  const std::vector<Finding>& All() const { return all_; }
  std::vector<Finding> Take() { return std::move(all_); }
  // Whether faults may be missing from All(): there were more than it keeps.
  bool IsCut() const { return faults_ > kMost; }

 private:
  void Put(Finding finding) {
    finding.column = std::exchange(column_, 0);
    finding.code = std::exchange(code_, {});
    std::size_t& count = finding.tolerable ? deviations_ : faults_;
    if (count++ < kMost) all_.push_back(std::move(finding));
  }

  std::string file_;
  std::vector<Finding> all_;
  std::size_t faults_ = 0;
  std::size_t deviations_ = 0;
  std::size_t column_ = 0;
  std::string_view code_;
};

}  // namespace sluice::payments
