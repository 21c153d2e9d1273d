// The files of a portal: read whole from a folder at the start, answered from memory.
//
//   1. A request never touches the file system: its path is looked up among those that were read,
//      byte for byte, so nothing in a path leads anywhere else.
//   2. Every file has an etag over its bytes; who has them already is told so (304). Files under
//      /assets/, whose names change with their content, are kept by browsers; others are asked for
//      each time.
//   3. A path of a screen, which is no file, gets index.html: the portal finds its own way.
//   4. In index.html each __CSP_NONCE__ becomes a new random text, which the policy names: a page
//      with one is never kept.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/server/http_message.h"
#include "core/status.h"

namespace sluice::api {

class StaticFiles {
 public:
  // The files below the folder. FailedPrecondition names what is wrong with it: not there, no
  // index.html, a file larger than 16 MiB, more than 64 MiB in all. Links are not followed,
  // and what is hidden (".env") is left out.
  static StatusOr<std::unique_ptr<StaticFiles>> Read(const std::string& folder);

  // Unset for what is no file and no screen's path. Requires: the method is GET or HEAD.
  std::optional<HttpReply> Answer(const HttpCall& call) const;

 private:
  struct File {
    KeptBody content;
    bool is_immutable = false;  // browsers keep it without asking
  };

  static HttpReply AnswerFile(const File& file, const HttpCall& call);
  HttpReply AnswerIndex(const HttpCall& call) const;

  std::map<std::string, File, std::less<>> files_;  // by path, "/assets/app.js"
  bool index_has_nonce_ = false;
};

}  // namespace sluice::api
