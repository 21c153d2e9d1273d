// The published contract with its comments, which linked descriptors do not have: compiled into the
// program, for what people read.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace sluice::api {

// The services of PublishedServices() with their comments. Made when first asked for; they live as
// long as the program.
const std::vector<const google::protobuf::ServiceDescriptor*>& DescribedServices();

// The comment in front of a thing, its lines joined; empty without one.
template <typename Thing>
std::string CommentOf(const Thing& thing) {
  google::protobuf::SourceLocation location;
  if (!thing.GetSourceLocation(&location)) return "";
  std::string text;
  for (const char c : location.leading_comments) {
    if (c != '\n' && c != ' ') {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

}  // namespace sluice::api
