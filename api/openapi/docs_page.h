// The published contract as a page for people: how to call, every method with its route and the
// right it needs, every message and value with its meaning.
//
// One page of plain HTML without scripts and with its style in a file of its own, so that the
// strictest policy of a browser shows it.
#pragma once

#include <google/protobuf/descriptor.h>

#include <span>
#include <string>
#include <string_view>

#include "core/status.h"

namespace sluice::api {

// Their descriptors have comments (api/openapi/described.h). FailedPrecondition names a method
// whose route cannot be said.
StatusOr<std::string> DocsPageOf(
    std::span<const google::protobuf::ServiceDescriptor* const> services);

// The style, where the page looks for it.
inline constexpr std::string_view kDocsStylePath = "/docs/style.css";
std::string_view DocsStyle();

// A text between tags or in quotes.
std::string EscapedForHtml(std::string_view text);

}  // namespace sluice::api
