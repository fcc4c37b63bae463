// Walks a JSON tree that may not have the expected shape, without a check at every step.
//
// A cursor that did not find what was asked for is empty, gives defaults, and has noted the first
// fault, with the path to it; the caller looks at the fault once, at the end.
//
// Threads: one thread per walk.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace midstream::reports {

class JsonCursor {
 public:
  // `fault` outlives every cursor made from this one; empty as long as all was well.
  JsonCursor(const nlohmann::ordered_json& node, std::string& fault)
      : node_(&node), fault_(&fault) {}

  [[nodiscard]] JsonCursor at(std::string_view key) const;                        // of an object
  [[nodiscard]] std::vector<JsonCursor> items() const;                            // of an array
  [[nodiscard]] std::vector<std::pair<std::string, JsonCursor>> members() const;  // of an object

  [[nodiscard]] bool is_null() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] double number_or_nan() const;   // null is how JSON says not-a-number
  [[nodiscard]] std::uint64_t count() const;    // an integer from 0
  [[nodiscard]] std::uint64_t decimal() const;  // the same written as a string
  [[nodiscard]] bool flag() const;
  // The place of a string in a table of words.
  [[nodiscard]] std::size_t word(std::span<const std::string_view> words) const;

  // Notes that this value is wrong in a way only the caller can see.
  void reject(const std::string& why) const;

 private:
  JsonCursor(const nlohmann::ordered_json* node, std::string path, std::string* fault)
      : node_(node), path_(std::move(path)), fault_(fault) {}
  [[nodiscard]] bool expect(bool right, std::string_view what) const;

  const nlohmann::ordered_json* node_;
  std::string path_;
  std::string* fault_;
};

}  // namespace midstream::reports
