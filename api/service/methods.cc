#include "api/service/methods.h"

#include "core/check.h"

namespace sluice::api {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;

void Methods::Add(const std::string& method, const google::protobuf::Descriptor& request,
                  const google::protobuf::Descriptor& answer, Handler handler) {
  const MethodDescriptor* const found = DescriptorPool::generated_pool()->FindMethodByName(method);
  CHECK(found != nullptr);
  CHECK(found->input_type() == &request && found->output_type() == &answer);
  CHECK(handlers_.emplace(found, std::move(handler)).second);
}

const Handler* Methods::Find(const MethodDescriptor& method) const {
  const auto found = handlers_.find(&method);
  return found == handlers_.end() ? nullptr : &found->second;
}

bool Methods::Serves(const google::protobuf::ServiceDescriptor& service) const {
  for (int i = 0; i < service.method_count(); ++i) {
    if (Find(*service.method(i)) != nullptr) return true;
  }
  return false;
}

}  // namespace sluice::api
