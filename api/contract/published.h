// The services of the published contract: what both transports serve.
#pragma once

#include <google/protobuf/descriptor.h>

#include <vector>

namespace sluice::api {

// Every service of proto/, by file and in the order of its definition.
std::vector<const google::protobuf::ServiceDescriptor*> PublishedServices();

}  // namespace sluice::api
