#include "core/measure/json_object.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/names.hpp"

namespace midstream::measure {
namespace {

using nlohmann::ordered_json;

const ordered_json kNull;

std::string digits_of(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::string range_text(double low, double high) {
  const bool bounded = high < std::numeric_limits<double>::max();
  if (low <= std::numeric_limits<double>::lowest()) return "a number";
  return "a number " + (bounded ? "from " + digits_of(low) + " to " + digits_of(high)
                                : "not below " + digits_of(low));
}

}  // namespace

std::string JsonPath::text() const {
  if (parent == nullptr && key.empty()) return {};
  std::string text = parent == nullptr ? std::string() : parent->text();
  if (key.empty()) return text + "[" + std::to_string(index) + "]";
  return text.empty() ? std::string(key) : text + "." + std::string(key);
}

void JsonFault::report(const JsonPath& path, const std::string& what) {
  if (found()) return;
  const std::string place = path.text();
  message_ = (place.empty() ? "the document" : place) + " " + what;
  // Keys come out of the file; the message is one line whatever they hold.
  for (char& c : message_) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
}

JsonObject::JsonObject(const ordered_json& value, const JsonPath& path, JsonFault& fault)
    : path_(path), fault_(fault) {
  if (value.is_object()) {
    object_ = &value;
  } else {
    fault_.report(path_, "must be an object");
  }
}

const ordered_json* JsonObject::find(std::string_view key) {
  asked_.push_back(key);
  if (object_ == nullptr) return nullptr;
  const auto it = object_->find(std::string(key));
  return it == object_->end() ? nullptr : &*it;
}

bool JsonObject::has(std::string_view key) { return find(key) != nullptr; }

const ordered_json& JsonObject::member(std::string_view key) {
  const ordered_json* value = find(key);
  if (value != nullptr) return *value;
  if (object_ != nullptr) fault_.report(path_of(key), "is missing");
  return kNull;
}

std::string JsonObject::text(std::string_view key) {
  const ordered_json& value = member(key);
  if (value.is_string()) return value.get<std::string>();
  fault_.report(path_of(key), "must be a string");
  return {};
}

bool JsonObject::flag(std::string_view key) {
  const ordered_json& value = member(key);
  if (value.is_boolean()) return value.get<bool>();
  fault_.report(path_of(key), "must be true or false");
  return false;
}

double JsonObject::checked_number(const ordered_json& value, const JsonPath& path, double low,
                                  double high) {
  if (value.is_number()) {
    const auto number = value.get<double>();
    if (std::isfinite(number) && number >= low && number <= high) return number;
  }
  fault_.report(path, "must be " + range_text(low, high));
  return low > 0 ? low : 0;
}

double JsonObject::number(std::string_view key, double low, double high) {
  return checked_number(member(key), path_of(key), low, high);
}

std::uint64_t JsonObject::whole(std::string_view key, std::uint64_t high) {
  const ordered_json& value = member(key);
  // A whole number below zero is "integer" and not "unsigned"; 1.0 is neither.
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= high) {
    return value.get<std::uint64_t>();
  }
  fault_.report(path_of(key), "must be a whole number from 0 to " + std::to_string(high));
  return 0;
}

std::uint64_t JsonObject::digits(std::string_view key) {
  const std::string value = text(key);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) {
    fault_.report(path_of(key), "must be a string of digits, below 2^64");
    return 0;
  }
  return number;
}

std::size_t JsonObject::choice(std::string_view key, std::span<const std::string_view> names) {
  const std::string value = text(key);
  const auto it = std::find(names.begin(), names.end(), value);
  if (it != names.end()) return static_cast<std::size_t>(it - names.begin());
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  fault_.report(path_of(key), "must be one of " + list);
  return 0;
}

std::size_t JsonObject::array_size(std::string_view key) {
  const ordered_json& value = member(key);
  if (value.is_array()) return value.size();
  fault_.report(path_of(key), "must be an array");
  return 0;
}

const ordered_json& JsonObject::element(std::string_view key, std::size_t index) {
  return object_->find(std::string(key))->at(index);
}

std::vector<std::string> JsonObject::texts(std::string_view key) {
  std::vector<std::string> texts;
  each(key, [&](const ordered_json& value, const JsonPath& path) {
    if (value.is_string()) {
      texts.push_back(value.get<std::string>());
    } else {
      fault_.report(path, "must be a string");
    }
  });
  return texts;
}

std::vector<double> JsonObject::numbers(std::string_view key, double low, double high) {
  std::vector<double> numbers;
  const ordered_json& list = member(key);
  if (!list.is_array()) fault_.report(path_of(key), "must be an array");
  if (fault_.found()) return numbers;
  numbers.reserve(list.size());
  const JsonPath list_path = path_of(key);
  for (std::size_t i = 0; i < list.size(); ++i) {
    numbers.push_back(checked_number(list[i], {&list_path, {}, i}, low, high));
  }
  return numbers;
}

const ordered_json* JsonObject::object_member(std::string_view key) {
  const ordered_json& value = member(key);
  if (value.is_object()) return &value;
  fault_.report(path_of(key), "must be an object");
  return nullptr;
}

std::vector<std::pair<std::string, std::string>> JsonObject::text_members(std::string_view key) {
  std::vector<std::pair<std::string, std::string>> members;
  const ordered_json* object = object_member(key);
  if (object == nullptr) return members;
  const JsonPath path = path_of(key);
  for (auto it = object->begin(); it != object->end(); ++it) {
    if (it->is_string()) {
      members.emplace_back(it.key(), it->get<std::string>());
    } else {
      fault_.report({&path, it.key(), 0}, "must be a string");
    }
  }
  return members;
}

std::vector<std::pair<std::string, double>> JsonObject::number_members(std::string_view key) {
  std::vector<std::pair<std::string, double>> members;
  const ordered_json* object = object_member(key);
  if (object == nullptr) return members;
  const JsonPath path = path_of(key);
  for (auto it = object->begin(); it != object->end(); ++it) {
    const double number =
        checked_number(*it, {&path, it.key(), 0}, std::numeric_limits<double>::lowest(),
                       std::numeric_limits<double>::max());
    members.emplace_back(it.key(), number);
  }
  return members;
}

void JsonObject::finish() {
  if (object_ == nullptr || fault_.found()) return;
  for (auto it = object_->begin(); it != object_->end(); ++it) {
    if (std::find(asked_.begin(), asked_.end(), it.key()) != asked_.end()) continue;
    const std::vector<std::string> known(asked_.begin(), asked_.end());
    const std::string near = nearest_name(it.key(), known);
    fault_.report(
        {&path_, it.key(), 0},
        "is no member known here" + (near.empty() ? "" : "; did you mean '" + near + "'?"));
    return;
  }
}

}  // namespace midstream::measure
