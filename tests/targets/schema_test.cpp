// The JSON Schema and the loader must know the same keys.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "targets/keys.hpp"
#include "targets/loader.hpp"

namespace midstream::targets {
namespace {

using Json = nlohmann::json;

TEST(Schema, is_draft_2020_12_json) {
  const Json schema = Json::parse(targets_schema());
  EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["$defs"]["file"]["properties"]["schema"]["const"], kTargetsSchema);
}

TEST(Schema, has_the_keys_of_the_loader) {
  const Json definitions = Json::parse(targets_schema()).at("$defs");
  std::set<std::string> objects;
  for (const auto& [name, definition] : definitions.items()) {
    if (definition.value("type", "") == "object") objects.insert(name);
  }
  for (const KeyTable* table : key_tables()) {
    SCOPED_TRACE(table->name);
    const std::string name(table->name);
    ASSERT_EQ(objects.erase(name), 1U);
    const Json& definition = definitions[name];
    EXPECT_EQ(definition.at("additionalProperties"), false);
    std::set<std::string> keys;
    std::set<std::string> required;
    for (const Key& key : table->keys) {
      keys.emplace(key.name);
      if (key.required) required.emplace(key.name);
    }
    std::set<std::string> properties;
    for (const auto& [key, value] : definition.at("properties").items()) properties.insert(key);
    EXPECT_EQ(properties, keys);
    EXPECT_EQ(definition.value("required", std::set<std::string>{}), required);
  }
  EXPECT_TRUE(objects.empty()) << "an object of the schema the loader does not know";
}

TEST(Schema, has_the_statistics_and_severities) {
  const Json definitions = Json::parse(targets_schema()).at("$defs");
  std::set<std::string> names;
  for (const auto statistic : measure::kAllStatistics) {
    names.emplace(measure::statistic_name(statistic));
  }
  EXPECT_EQ(definitions["statistic"]["enum"].get<std::set<std::string>>(), names);
  EXPECT_EQ(definitions["target"]["properties"]["severity"]["enum"],
            Json({"required", "advisory"}));
}

TEST(Schema, refers_only_to_what_it_defines) {
  const Json schema = Json::parse(targets_schema());
  const Json flat = schema.flatten();
  std::size_t references = 0;
  for (const auto& [path, value] : flat.items()) {
    if (!path.ends_with("/$ref")) continue;
    ++references;
    EXPECT_TRUE(schema.contains(Json::json_pointer(value.get<std::string>().substr(1)))) << value;
  }
  EXPECT_GT(references, 20U);
}

}  // namespace
}  // namespace midstream::targets
