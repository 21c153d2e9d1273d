#include "api/openapi/described.h"

#include <google/protobuf/descriptor.pb.h>

#include "api/contract/published.h"
#include "core/check.h"

// What protoc wrote of all files of the contract, comments included. The build names the file.
asm(".section .rodata\n"
    ".balign 16\n"
    ".global sluice_contract_begin\n"
    ".hidden sluice_contract_begin\n"
    "sluice_contract_begin:\n"
    ".incbin \"" SLUICE_CONTRACT_IMAGE
    "\"\n"
    ".global sluice_contract_end\n"
    ".hidden sluice_contract_end\n"
    "sluice_contract_end:\n"
    ".byte 0\n"
    ".text\n");
extern "C" {
extern const char sluice_contract_begin[];
extern const char sluice_contract_end[];
}

namespace sluice::api {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptorSet;
using google::protobuf::ServiceDescriptor;

const std::vector<const ServiceDescriptor*>& DescribedServices() {
  static const std::vector<const ServiceDescriptor*> services = [] {
    static DescriptorPool pool;
    FileDescriptorSet set;
    CHECK(set.ParseFromArray(sluice_contract_begin,
                             static_cast<int>(sluice_contract_end - sluice_contract_begin)));
    for (const auto& file : set.file()) CHECK(pool.BuildFile(file) != nullptr);
    std::vector<const ServiceDescriptor*> described;
    for (const ServiceDescriptor* const service : PublishedServices()) {
      described.push_back(pool.FindServiceByName(service->full_name()));
      CHECK(described.back() != nullptr);
    }
    return described;
  }();
  return services;
}

}  // namespace sluice::api
