#include "core/measure/json_text.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>
#include <vector>

namespace midstream::measure {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxKeys = 1000;

// Thrown out of nlohmann's parser, which offers no other way to stop it.
struct Refused : std::exception {
  explicit Refused(std::string why) : message(std::move(why)) {}
  std::string message;
};

// Sees every event of the parser; keeps the keys of the objects that are open.
class Guard {
 public:
  bool operator()(int, ordered_json::parse_event_t event, const ordered_json& parsed) {
    using Event = ordered_json::parse_event_t;
    switch (event) {
      case Event::object_start:
      case Event::array_start:
        if (open_.size() == kMaxDepth) throw Refused("nested deeper than 32 levels");
        open_.emplace_back();
        break;
      case Event::object_end:
      case Event::array_end:
        open_.pop_back();
        break;
      case Event::key: {
        const auto& key = parsed.get_ref<const std::string&>();
        if (!open_.back().insert(key).second) throw Refused("the key '" + key + "' stands twice");
        if (open_.back().size() > kMaxKeys) throw Refused("an object has more than 1,000 keys");
        break;
      }
      case Event::value:
        break;
    }
    return true;
  }

 private:
  std::vector<std::unordered_set<std::string>> open_;
};

std::string place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t newline = before.rfind('\n');
  const std::size_t column =
      newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  return "line " + std::to_string(line) + ", column " +
         std::to_string(std::max<std::size_t>(1, column));
}

// A key or value out of the file goes into one line of message.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

bool is_flat(const ordered_json& value) {
  return std::none_of(value.begin(), value.end(), [](const ordered_json& element) {
    return element.is_object() || (element.is_array() && !is_flat(element));
  });
}

std::string scalar(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void print(const ordered_json& value, std::size_t indent, std::string& out) {
  const bool object = value.is_object();
  if (value.empty() || !value.is_structured() || (value.is_array() && is_flat(value))) {
    out += scalar(value);
    return;
  }
  const std::string margin(indent + 2, ' ');
  out += object ? '{' : '[';
  const char* separator = "\n";
  for (auto it = value.begin(); it != value.end(); ++it) {
    out += separator + margin;
    if (object) out += scalar(it.key()) + ": ";
    print(*it, indent + 2, out);
    separator = ",\n";
  }
  out += '\n' + std::string(indent, ' ');
  out += object ? '}' : ']';
}

}  // namespace

Result<ordered_json> parse_json(std::string_view text, std::string_view name) {
  const auto error = [&](const std::string& what) {
    return Error{ErrorCode::kParse, std::string(name) + ": " + what};
  };
  if (text.empty()) return error("the file is empty; measure again, or name another file");
  try {
    Guard guard;
    return ordered_json::parse(
        text.begin(), text.end(),
        [&guard](int depth, ordered_json::parse_event_t event, ordered_json& parsed) {
          return guard(depth, event, parsed);
        });
  } catch (const ordered_json::parse_error& failure) {
    if (failure.byte > text.size()) {
      return error("ends in the middle of the JSON (after " + std::to_string(text.size()) +
                   " bytes): it is truncated; measure again, or restore the whole file");
    }
    return error("no valid JSON at " + place(text, failure.byte) +
                 "; measure again, or undo the edit");
  } catch (const Refused& refused) {
    return error(one_line(refused.message) + "; measure again, or undo the edit");
  } catch (const ordered_json::exception&) {
    return error("holds a number that is too large; measure again, or undo the edit");
  }
}

std::string print_json(const ordered_json& value) {
  std::string out;
  print(value, 0, out);
  out += '\n';
  return out;
}

}  // namespace midstream::measure
