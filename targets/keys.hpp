// The keys of a targets file: the one list that the loader checks against and that
// targets/schema.json must agree with (a test walks both).
//
// Threads: constant data.
#pragma once

#include <span>
#include <string_view>

namespace midstream::targets {

struct Key {
  std::string_view name;
  bool required = false;
};

// The keys of one kind of mapping. `name` is also that of the definition in the JSON Schema.
struct KeyTable {
  std::string_view name;
  std::string_view what;  // for messages: "a target"
  std::span<const Key> keys;
};

extern const KeyTable kFileKeys;
extern const KeyTable kSourceKeys;
extern const KeyTable kPolicyKeys;
extern const KeyTable kComponentKeys;
extern const KeyTable kTargetKeys;
extern const KeyTable kClaimKeys;
extern const KeyTable kScorecardKeys;
extern const KeyTable kWeightKeys;

std::span<const KeyTable* const> key_tables();

}  // namespace midstream::targets
