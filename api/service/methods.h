// The handlers of the service, by method.
//
//   StatusOr<Run> GetRun(Call& call, const GetRunRequest& request);
//   methods.Serve<GetRunRequest, Run>("sluice.payments.v1.RunService.GetRun", GetRun);
//
// A method of the contract without a handler is UNIMPLEMENTED.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/service/call.h"
#include "core/status.h"

namespace sluice::api {

// How far a handler goes for somebody whose right is narrower than the whole payer.
enum class Narrowing {
  kNone,       // such a caller is denied before the handler is asked
  kByHandler,  // the handler asks Require() or WhichParties()
};

// What a stream has to say now. The next part begins behind it.
struct StreamPart {
  struct Item {
    std::string id;  // where to go on behind it
    std::unique_ptr<google::protobuf::Message> message;
  };
  std::vector<Item> items;
  bool ended = false;  // nothing follows
};
template <typename Item>
struct PartOf {
  std::vector<std::pair<std::string, Item>> items;  // each behind its id
  bool ended = false;
};

struct Handler {
  // Of a method with one answer.
  std::function<Status(Call&, const google::protobuf::Message&, google::protobuf::Message&)> answer;
  // Of a method that streams: says what there is since the request's place, and moves that on.
  std::function<Status(Call&, google::protobuf::Message&, StreamPart&)> part = {};
  Narrowing narrowing = Narrowing::kNone;
};

class Methods {
 public:
  // Requires: the contract has the method, with these messages, and it has no handler yet.
  template <typename Request, typename Answer>
  void Serve(const std::string& method, StatusOr<Answer> (*handler)(Call&, const Request&),
             Narrowing narrowing = Narrowing::kNone) {
    Add(method, *Request::descriptor(), *Answer::descriptor(),
        {[handler](Call& call, const google::protobuf::Message& request,
                   google::protobuf::Message& answer) -> Status {
           ASSIGN_OR_RETURN(Answer answered, handler(call, static_cast<const Request&>(request)));
           static_cast<Answer&>(answer) = std::move(answered);
           return OkStatus();
         },
         {},
         narrowing});
  }
  // A stream is asked again and again, each time as a call of its own: a session or a right that
  // ends, ends it.
  template <typename Request, typename Item>
  void ServeStream(const std::string& method, StatusOr<PartOf<Item>> (*handler)(Call&, Request&),
                   Narrowing narrowing = Narrowing::kNone) {
    Add(method, *Request::descriptor(), *Item::descriptor(),
        {{},
         [handler](Call& call, google::protobuf::Message& request, StreamPart& part) -> Status {
           ASSIGN_OR_RETURN(PartOf<Item> said, handler(call, static_cast<Request&>(request)));
           for (auto& [id, item] : said.items) {
             part.items.push_back({id, std::make_unique<Item>(std::move(item))});
           }
           part.ended = said.ended;
           return OkStatus();
         },
         narrowing});
  }

  // Null for a method without one.
  const Handler* Find(const google::protobuf::MethodDescriptor& method) const;
  // Whether any method of the service has one.
  bool Serves(const google::protobuf::ServiceDescriptor& service) const;

 private:
  void Add(const std::string& method, const google::protobuf::Descriptor& request,
           const google::protobuf::Descriptor& answer, Handler handler);

  std::map<const google::protobuf::MethodDescriptor*, Handler> handlers_;
};

}  // namespace sluice::api
