#include "api/openapi/docs_page.h"

#include <map>
#include <utility>

#include "api/contract/method_access.h"
#include "api/gateway/transcode.h"
#include "api/openapi/described.h"
#include "sluice/core/v1/annotations.pb.h"

namespace sluice::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr std::string_view kHead = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sluice API</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><h1>Sluice API</h1></header>
<main>
<section>
<h2>How to call</h2>
<p>The same calls are served over gRPC and over HTTPS with JSON. Machines read the contract from
<a href="/openapi.json">/openapi.json</a> or by gRPC reflection.</p>
<ul>
<li><strong>Who calls.</strong> People sign in at <code>/auth/sign-in</code>, or at
<code>/auth/login</code> where the payer has an issuer; a browser keeps a cookie and sends
<code>X-CSRF-Token</code> with what changes something (<code>/auth/session</code> gives it), other
callers send <code>Authorization: Bearer</code>. Services send a token of their issuer, or a client
certificate.</li>
<li><strong>Once.</strong> What changes something carries a request id, in <code>requestId</code> or
the header <code>Idempotency-Key</code>. The same id with the same request is answered as it was the
first time.</li>
<li><strong>What was seen.</strong> An <code>etag</code> goes along in the message or in
<code>If-Match</code>; when somebody else was faster, the call is refused with 409 or 412.</li>
<li><strong>Money</strong> is whole cents, as text: <code>{"cents": "150000"}</code>.
<strong>Dates</strong> are <code>{"year": 2026, "month": 9, "day": 15}</code>; a period holds its
first day and not its last.</li>
<li><strong>Failures</strong> are problems (RFC 9457, <code>application/problem+json</code>). Branch
on <code>reason</code>: the same reason always means the same thing.</li>
</ul>
</section>
<section id="errors">
<h2>What a failure means</h2>
<table>
<tr><th>Status</th><th>Code</th><th>What to do</th></tr>
<tr><td>400</td><td>INVALID_ARGUMENT</td>
<td>mend the request; <code>errors</code> names each field</td></tr>
<tr><td>400</td><td>FAILED_PRECONDITION</td>
<td>change something else first; the detail says what</td></tr>
<tr><td>401</td><td>UNAUTHENTICATED</td><td>sign in; for STEP_UP_REQUIRED, sign in again</td></tr>
<tr><td>403</td><td>PERMISSION_DENIED</td><td>somebody else must do it, or it is not there</td></tr>
<tr><td>404</td><td>NOT_FOUND</td><td>it is not there</td></tr>
<tr><td>409, 412</td><td>ABORTED</td><td>read again, and send what you then want</td></tr>
<tr><td>409</td><td>ALREADY_EXISTS</td>
<td>there is one; 422 where a request id was used for another request</td></tr>
<tr><td>429</td><td>RESOURCE_EXHAUSTED</td>
<td>wait as long as <code>Retry-After</code> says</td></tr>
<tr><td>500</td><td>INTERNAL</td><td>our fault; tell us the <code>instance</code></td></tr>
<tr><td>501</td><td>UNIMPLEMENTED</td><td>not served by this version</td></tr>
<tr><td>503</td><td>UNAVAILABLE</td><td>send it again with the same request id</td></tr>
<tr><td>504</td><td>DEADLINE_EXCEEDED</td>
<td>what became of it is not known; send it again with the same request id</td></tr>
</table>
</section>
)html";

constexpr std::string_view kStyle =
    R"css(:root{color-scheme:light dark;--line:#c8d0d9;--soft:#566273;--link:#1f4e79}
@media (prefers-color-scheme:dark){:root{--line:#3a4653;--soft:#a3b0bf;--link:#a3c0dd}}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:64rem;padding:0 1rem 4rem}
a{color:var(--link)}
code{font-size:.9em}
section,article{border-top:1px solid var(--line);margin-top:2rem}
article h3{margin-bottom:0}
.route{color:var(--soft);margin:.2rem 0}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem .3rem 0}
th,td{text-align:left;vertical-align:top}
th{font-weight:600}
nav ul{columns:3 14rem;list-style:none;padding:0}
)css";

// "payments.Run" of sluice.payments.v1.Run.
std::string ShortName(std::string name) {
  if (name.starts_with("sluice.")) name.erase(0, 7);
  if (const std::size_t version = name.find(".v1."); version != std::string::npos) {
    name.erase(version, 3);
  }
  return name;
}

std::string LinkTo(const std::string& full_name) {
  const std::string name = ShortName(full_name);
  return fmt::format("<a href=\"#{0}\">{0}</a>", name);
}

class PageWriter {
 public:
  Status Add(const ServiceDescriptor& service) {
    index_ += fmt::format("<li><a href=\"#{0}\">{0}</a></li>\n", service.name());
    methods_ += fmt::format("<section id=\"{0}\">\n<h2>{0}</h2>\n<p>{1}</p>\n", service.name(),
                            EscapedForHtml(CommentOf(service)));
    const ServiceDescriptor* const one = &service;
    ASSIGN_OR_RETURN(const std::vector<MethodRoute> routes, RoutesOfServices(std::span(&one, 1)));
    for (const MethodRoute& route : routes) AddMethod(route);
    methods_ += "</section>\n";
    return OkStatus();
  }

  std::string Finish() const {
    std::string types;
    for (const auto& [name, text] : types_) types += text;
    return fmt::format(
        "{}<nav aria-label=\"Services\">\n<h2>Services</h2>\n<ul>\n{}</ul>\n</nav>\n{}"
        "<section>\n<h2>Messages and values</h2>\n{}</section>\n</main>\n</body>\n</html>\n",
        kHead, index_, methods_, types);
  }

 private:
  void AddMethod(const MethodRoute& route) {
    const MethodDescriptor& method = *route.method;
    methods_ += fmt::format(
        "<article>\n<h3>{}</h3>\n<p class=\"route\"><code>{} {}</code></p>\n<p>{}</p>\n"
        "<p>Takes {}{}, answers {}{}.{}</p>\n</article>\n",
        method.name(), route.http_method, EscapedForHtml(route.path),
        EscapedForHtml(CommentOf(method)), LinkTo(method.input_type()->full_name()),
        route.body.empty() ? " in the query" : "", method.server_streaming() ? "a stream of " : "",
        LinkTo(method.output_type()->full_name()), RightText(method));
    Need(*method.input_type());
    Need(*method.output_type());
  }

  static std::string RightText(const MethodDescriptor& method) {
    const StatusOr<MethodAccess> access = AccessOf(method);
    if (!access.ok() || !access->resource) return "";
    return fmt::format(" Needs {} on &ldquo;{}&rdquo;{}.", VerbLetter(*access->verb),
                       EscapedForHtml(ResourceName(*access->resource)),
                       access->step_up ? ", and a sign-in less than five minutes old" : "");
  }

  static std::string TypeText(const FieldDescriptor& field) {
    if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
      return LinkTo(field.message_type()->full_name());
    }
    if (field.type() == FieldDescriptor::TYPE_ENUM) return LinkTo(field.enum_type()->full_name());
    return field.type_name();
  }

  void Need(const Descriptor& message) {
    const std::string name = ShortName(message.full_name());
    // Marked first: a message may hold its own kind.
    if (!types_.emplace(name, "").second) return;
    std::string rows;
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      rows += fmt::format("<tr><td><code>{}</code></td><td>{}{}</td><td>{}</td></tr>\n",
                          field.json_name(), field.is_repeated() ? "list of " : "", TypeText(field),
                          EscapedForHtml(CommentOf(field)));
      if (field.message_type() != nullptr) Need(*field.message_type());
      if (field.enum_type() != nullptr) Need(*field.enum_type());
    }
    types_[name] = Article(name, CommentOf(message), rows, "<th>Field</th><th>Type</th>");
  }

  void Need(const EnumDescriptor& values) {
    const std::string name = ShortName(values.full_name());
    std::string rows;
    for (int i = 0; i < values.value_count(); ++i) {
      rows += fmt::format("<tr><td><code>{}</code></td><td>{}</td></tr>\n", values.value(i)->name(),
                          EscapedForHtml(CommentOf(*values.value(i))));
    }
    types_[name] = Article(name, CommentOf(values), rows, "<th>Value</th>");
  }

  static std::string Article(const std::string& name, const std::string& comment,
                             const std::string& rows, std::string_view columns) {
    const std::string table =
        rows.empty()
            ? ""
            : fmt::format("<table>\n<tr>{}<th>Meaning</th></tr>\n{}</table>\n", columns, rows);
    return fmt::format("<article id=\"{0}\">\n<h3>{0}</h3>\n<p>{1}</p>\n{2}</article>\n", name,
                       EscapedForHtml(comment), table);
  }

  std::string index_;
  std::string methods_;
  std::map<std::string, std::string> types_;
};

}  // namespace

StatusOr<std::string> DocsPageOf(std::span<const ServiceDescriptor* const> services) {
  PageWriter writer;
  for (const ServiceDescriptor* const service : services) RETURN_IF_ERROR(writer.Add(*service));
  return writer.Finish();
}

std::string_view DocsStyle() { return kStyle; }

std::string EscapedForHtml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace sluice::api
