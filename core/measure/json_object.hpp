// Reading a JSON object strictly: every member is asked for by name and type, what is missing,
// of the wrong type or out of range is a fault, and so is a member nobody asked for.
//
// Faults do not throw and need no checks in between: the first one is kept, everything read after
// it is a harmless default, and the caller looks at the fault once, at the end.
//
//   JsonFault fault;
//   JsonObject root(document, {}, fault);
//   const std::string title = root.text("title");
//   root.finish();
//   if (fault.found()) return Error{ErrorCode::kParse, name + ": " + fault.message()};
//
// Threads: one reader per thread; objects refer to the document, which must outlive them.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace midstream::measure {

// Where a value stands, as a chain of stack objects; made into text only when there is a fault.
struct JsonPath {
  const JsonPath* parent = nullptr;
  std::string_view key;                    // of an object's member; empty for an array's element
  std::size_t index = 0;                   // of an array's element
  [[nodiscard]] std::string text() const;  // "benchmarks[3].launches[0].samples"
};

class JsonFault {
 public:
  // Keeps the first. The message reads "benchmarks[3].id: must be …".
  void report(const JsonPath& path, const std::string& what);
  [[nodiscard]] bool found() const { return !message_.empty(); }
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  std::string message_;
};

class JsonObject {
 public:
  // A value that is no object is a fault.
  JsonObject(const nlohmann::ordered_json& value, const JsonPath& path, JsonFault& fault);

  [[nodiscard]] bool has(std::string_view key);
  std::string text(std::string_view key);
  bool flag(std::string_view key);
  double number(std::string_view key, double low = 0,
                double high = std::numeric_limits<double>::max());
  std::uint64_t whole(std::string_view key,
                      std::uint64_t high = std::numeric_limits<std::uint64_t>::max());
  // A 64-bit number written as a string of digits: JavaScript and jq would round it.
  std::uint64_t digits(std::string_view key);
  // Index into `names`.
  std::size_t choice(std::string_view key, std::span<const std::string_view> names);
  std::vector<std::string> texts(std::string_view key);
  std::vector<double> numbers(std::string_view key, double low, double high);
  // Members of an object, in order.
  std::vector<std::pair<std::string, std::string>> text_members(std::string_view key);
  std::vector<std::pair<std::string, double>> number_members(std::string_view key);

  // Calls each(element, path) for the elements of an array until there is a fault.
  template <class Each>
  void each(std::string_view key, Each each) {
    const std::size_t n = array_size(key);
    const JsonPath list = path_of(key);
    for (std::size_t i = 0; i < n && !fault_.found(); ++i) {
      each(element(key, i), JsonPath{&list, {}, i});
    }
  }
  // The member as it is; a fault, and null, when it is missing.
  const nlohmann::ordered_json& member(std::string_view key);

  [[nodiscard]] JsonPath path_of(std::string_view key) const { return {&path_, key, 0}; }
  JsonFault& fault() { return fault_; }
  // Every member must have been asked for.
  void finish();

 private:
  std::size_t array_size(std::string_view key);
  const nlohmann::ordered_json& element(std::string_view key, std::size_t index);
  const nlohmann::ordered_json* find(std::string_view key);
  const nlohmann::ordered_json* object_member(std::string_view key);
  double checked_number(const nlohmann::ordered_json& value, const JsonPath& path, double low,
                        double high);

  const nlohmann::ordered_json* object_ = nullptr;
  JsonPath path_;
  JsonFault& fault_;
  std::vector<std::string_view> asked_;
};

}  // namespace midstream::measure
