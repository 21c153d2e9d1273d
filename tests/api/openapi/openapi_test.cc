// The OpenAPI document is what the published contract says. UPDATE_GOLDEN=1 rewrites it.
#include "api/openapi/openapi.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "api/contract/published.h"

namespace sluice::api {
namespace {

namespace fs = std::filesystem;

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptorSet;
using google::protobuf::ServiceDescriptor;
using google::protobuf::Struct;
using ::testing::HasSubstr;

constexpr char kPath[] = "proto/openapi.json";
constexpr char kVersion[] = "1";

std::string ReadText(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// The contract with its comments, which linked descriptors do not have.
class OpenApi : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path image =
        fs::temp_directory_path() / fmt::format("sluice_openapi_{}.binpb", getpid());
    std::string files;
    for (const auto& entry : fs::recursive_directory_iterator("proto/sluice")) {
      if (entry.path().extension() == ".proto") files += " " + entry.path().string();
    }
    const std::string command =
        fmt::format("{} -I proto -I {} --include_imports --include_source_info -o {}{}",
                    SLUICE_PROTOC, SLUICE_GOOGLEAPIS, image.string(), files);
    ASSERT_EQ(std::system(command.c_str()), 0);
    FileDescriptorSet set;
    ASSERT_TRUE(set.ParseFromString(ReadText(image)));
    fs::remove(image);
    for (const auto& file : set.file()) ASSERT_NE(pool_.BuildFile(file), nullptr) << file.name();
    for (const ServiceDescriptor* const service : PublishedServices()) {
      services_.push_back(pool_.FindServiceByName(service->full_name()));
      ASSERT_NE(services_.back(), nullptr);
    }
  }

  DescriptorPool pool_;
  std::vector<const ServiceDescriptor*> services_;
};

TEST_F(OpenApi, IsWhatTheContractSays) {
  const auto now = OpenApiOf(services_, kVersion);
  ASSERT_TRUE(now.ok()) << StatusMessage(now.status());
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(kPath, std::ios::binary) << *now;
  // Not EXPECT_EQ: it would print a megabyte.
  EXPECT_TRUE(*now == ReadText(kPath))
      << kPath << " is not what the contract says: run with UPDATE_GOLDEN=1 and review";
}

TEST_F(OpenApi, IsJsonThatSaysHowACallIsMade) {
  Struct document;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(OpenApiOf(services_, "1").value(), &document)
          .ok());
  const auto& paths = document.fields().at("paths").struct_value().fields();
  const std::string run = "/v1/payers/{payer}/programs/{program}/cycles/{cycle}/runs/{run}";
  const auto& approve =
      paths.at(run + ":approve").struct_value().fields().at("post").struct_value().fields();
  EXPECT_EQ(approve.at("operationId").string_value(), "RunService_ApproveRun");
  EXPECT_EQ(approve.at("parameters").list_value().values_size(), 4);
  EXPECT_THAT(approve.at("description").string_value(), HasSubstr("One vote over the digest"));
  EXPECT_THAT(approve.at("description").string_value(),
              HasSubstr("Needs A on \"Cycle, run, approval\""));
  const auto& body = approve.at("requestBody")
                         .struct_value()
                         .fields()
                         .at("content")
                         .struct_value()
                         .fields()
                         .at("application/json")
                         .struct_value()
                         .fields()
                         .at("schema")
                         .struct_value()
                         .fields()
                         .at("properties")
                         .struct_value()
                         .fields();
  EXPECT_FALSE(body.contains("name"));  // the path says it
  EXPECT_TRUE(body.contains("seenDigest"));
  // Cents never pass through a number.
  const auto& schemas =
      document.fields().at("components").struct_value().fields().at("schemas").struct_value();
  EXPECT_EQ(schemas.fields()
                .at("core.Money")
                .struct_value()
                .fields()
                .at("properties")
                .struct_value()
                .fields()
                .at("cents")
                .struct_value()
                .fields()
                .at("type")
                .string_value(),
            "string");
}

TEST(OpenApiNames, OneOfACollection) {
  EXPECT_EQ(SingularOf("parties"), "party");
  EXPECT_EQ(SingularOf("runs"), "run");
  EXPECT_EQ(SingularOf("addresses"), "address");
  EXPECT_EQ(SingularOf("branches"), "branch");
}

}  // namespace
}  // namespace sluice::api
