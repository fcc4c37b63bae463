#include "reports/json_cursor.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

namespace midstream::reports {

bool JsonCursor::expect(bool right, std::string_view what) const {
  if (node_ == nullptr) return false;  // the fault that emptied this cursor is noted already
  if (!right) reject("expected " + std::string(what));
  return right;
}

void JsonCursor::reject(const std::string& why) const {
  if (node_ != nullptr && fault_->empty()) *fault_ = (path_.empty() ? "it" : path_) + ": " + why;
}

JsonCursor JsonCursor::at(std::string_view key) const {
  const std::string path = (path_.empty() ? "" : path_ + ".") + std::string(key);
  if (!expect(node_ != nullptr && node_->is_object(), "an object")) return {nullptr, path, fault_};
  const auto found = node_->find(std::string(key));
  if (found == node_->end()) {
    reject("the member \"" + std::string(key) + "\" is missing");
    return {nullptr, path, fault_};
  }
  return {&*found, path, fault_};
}

std::vector<JsonCursor> JsonCursor::items() const {
  std::vector<JsonCursor> out;
  if (!expect(node_ != nullptr && node_->is_array(), "an array")) return out;
  for (std::size_t i = 0; i < node_->size(); ++i) {
    out.push_back(JsonCursor(&(*node_)[i], path_ + "[" + std::to_string(i) + "]", fault_));
  }
  return out;
}

std::vector<std::pair<std::string, JsonCursor>> JsonCursor::members() const {
  std::vector<std::pair<std::string, JsonCursor>> out;
  if (!expect(node_ != nullptr && node_->is_object(), "an object")) return out;
  for (const auto& [key, child] : node_->items()) {
    out.emplace_back(key, JsonCursor(&child, path_ + "." + key, fault_));
  }
  return out;
}

bool JsonCursor::is_null() const { return node_ != nullptr && node_->is_null(); }

std::string JsonCursor::text() const {
  if (!expect(node_ != nullptr && node_->is_string(), "a string")) return {};
  return node_->get<std::string>();
}

std::vector<std::string> JsonCursor::texts() const {
  std::vector<std::string> out;
  for (const JsonCursor& item : items()) out.push_back(item.text());
  return out;
}

double JsonCursor::number() const {
  if (!expect(node_ != nullptr && node_->is_number(), "a number")) return 0;
  return node_->get<double>();
}

double JsonCursor::number_or_nan() const {
  return is_null() ? std::numeric_limits<double>::quiet_NaN() : number();
}

std::uint64_t JsonCursor::count() const {
  if (!expect(node_ != nullptr && node_->is_number_unsigned(), "a whole number from 0")) return 0;
  return node_->get<std::uint64_t>();
}

std::uint64_t JsonCursor::decimal() const {
  const std::string digits = text();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  return expect(whole, "a whole number as a string") ? value : 0;
}

bool JsonCursor::flag() const {
  return expect(node_ != nullptr && node_->is_boolean(), "true or false") && node_->get<bool>();
}

std::size_t JsonCursor::word(std::span<const std::string_view> words) const {
  const auto found = std::find(words.begin(), words.end(), text());
  std::string known;
  for (const std::string_view word : words) {
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  if (!expect(found != words.end(), "one of " + known)) return 0;
  return static_cast<std::size_t>(found - words.begin());
}

}  // namespace midstream::reports
