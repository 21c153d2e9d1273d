// A list as FHIR: in the shape of the published example, complete in itself, and nobody's name in
// it.
#include "performance/attribution/list_group.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/shared_data.h"

namespace sluice::performance {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using ::testing::HasSubstr;
using ::testing::IsSubsetOf;
using ::testing::Not;
using ::testing::SizeIs;

constexpr PartyId kNetwork{10}, kPractice{21}, kDoctor{31};

// 1 is at the practice with the doctor, twice; 2 at the practice; 3 with the contract's party.
AttributionList SampleList() {
  const auto entry = [](std::int64_t member, DateRange days, std::optional<PartyId> provider,
                        std::optional<PartyId> practice, ChangeType change) {
    return ListEntry{.member_id = member,
                     .plan = member == 1 && days.from != MakeDate(2026, 1, 1) ? "silver" : "gold",
                     .attributed = days,
                     .provider = provider,
                     .practice = practice,
                     .location = std::nullopt,
                     .change = change,
                     .inactive = change == ChangeType::kDropped,
                     .basis = "plurality_of_dollars",
                     .dispute = std::nullopt};
  };
  const DateRange spring = DateRange::Between(MakeDate(2026, 1, 1), MakeDate(2026, 7, 1));
  const DateRange autumn = DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2027, 1, 1));
  return {.contract = ContractId(7),
          .period = DateRange::Year(2026),
          .version = 2,
          .status = ListStatus::kFinal,
          .entries = {entry(1, spring, kDoctor, kPractice, ChangeType::kNoChange),
                      entry(1, autumn, kDoctor, kPractice, ChangeType::kNew),
                      entry(2, spring, {}, kPractice, ChangeType::kDropped),
                      entry(3, spring, {}, {}, ChangeType::kNew)}};
}

ListNames SampleNames() {
  return {.member_number = [](std::int64_t member) { return fmt::format("M\"{}\"", member); },
          .npi = [](PartyId party) { return party == kDoctor ? "1003000126" : ""; },
          .tin = [](PartyId) -> std::string {
            ADD_FAILURE() << "a tax number is not asked for";
            return "";
          }};
}

Struct Parse(const std::string& json) {
  Struct parsed;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
  return parsed;
}

std::vector<Struct> Lines(const std::string& text) {
  std::vector<Struct> resources;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) resources.push_back(Parse(line));
  return resources;
}

std::string TextOf(const Struct& resource, const std::string& field) {
  const auto found = resource.fields().find(field);
  return found == resource.fields().end() ? "" : found->second.string_value();
}

// Every "reference" anywhere in the value.
void Collect(const Value& value, std::set<std::string>& references) {
  for (const auto& item : value.list_value().values()) Collect(item, references);
  for (const auto& [name, field] : value.struct_value().fields()) {
    if (name == "reference") references.insert(field.string_value());
    Collect(field, references);
  }
}

std::set<std::string> FieldsOf(const Struct& resource) {
  std::set<std::string> names;
  for (const auto& [name, value] : resource.fields()) names.insert(name);
  return names;
}

std::set<std::string> UrlsOf(const Struct& resource) {
  std::set<std::string> urls;
  for (const auto& extension : resource.fields().at("extension").list_value().values()) {
    urls.insert(TextOf(extension.struct_value(), "url"));
  }
  return urls;
}

Struct FirstMember(const Struct& group) {
  return group.fields().at("member").list_value().values(0).struct_value();
}

// feature:A08
TEST(ListGroup, EveryReferenceResolvesInTheFile) {
  const std::vector<Struct> resources =
      Lines(WriteListNdjson(SampleList(), kNetwork, SampleNames()));
  std::set<std::string> references, there;
  for (const Struct& resource : resources) {
    const std::string name = TextOf(resource, "resourceType") + "/" + TextOf(resource, "id");
    EXPECT_TRUE(there.insert(name).second) << name;
    EXPECT_THAT(name, Not(HasSubstr("_")));  // an id of FHIR has none
    Value value;
    *value.mutable_struct_value() = resource;
    Collect(value, references);
  }
  EXPECT_THAT(references, IsSubsetOf(there));
  // Group, two organizations, a doctor and their place, three patients, four coverages.
  EXPECT_THAT(resources, SizeIs(12));
  EXPECT_THAT(resources.front().fields().at("member").list_value().values(), SizeIs(4));
}

TEST(ListGroup, DaysAreInsideAndTextIsEscaped) {
  const std::string text = WriteListNdjson(SampleList(), kNetwork, SampleNames());
  EXPECT_THAT(text,
              HasSubstr(R"("period":{"start":"2026-01-01","end":"2026-06-30"},"inactive":false)"));
  EXPECT_THAT(text, HasSubstr(R"("value":"M\"1\"")"));
  AttributionList nobody = SampleList();
  nobody.entries.clear();
  EXPECT_THAT(WriteListNdjson(nobody, kNetwork, SampleNames()), Not(HasSubstr("member")));
}

// feature:A08
TEST(ListGroup, ItHasTheShapeOfThePublishedExample) {
  const std::string path = "corpora/fhir/atr/group-fullexample.json";
  if (!sluice::testing::HasShared(path)) GTEST_SKIP() << "skipped: no " << path;
  std::stringstream text;
  text << std::ifstream(sluice::testing::SharedPath(path)).rdbuf();
  const Struct example = Parse(text.str());
  const Struct group = Lines(WriteListNdjson(SampleList(), kNetwork, SampleNames())).front();
  // The example has a narrative and a version of the resource, which we have not.
  std::set<std::string> wanted = FieldsOf(example);
  wanted.erase("text");
  wanted.erase("meta");
  EXPECT_EQ(FieldsOf(group), wanted);
  EXPECT_EQ(UrlsOf(group), UrlsOf(example));
  EXPECT_EQ(FieldsOf(FirstMember(group)), FieldsOf(FirstMember(example)));
  EXPECT_EQ(UrlsOf(FirstMember(group)), UrlsOf(FirstMember(example)));
}

}  // namespace
}  // namespace sluice::performance
