// One thing the doctor looked at: what stands, what it does to a measurement, how to mend it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midstream::app {

enum class Health {
  kGood,
  kLook,     // it costs steadiness, or a row
  kUnknown,  // the machine does not tell; nothing can be said, or mended
};
std::string_view health_name(Health health);  // "good", "look", "unknown"

struct Finding {
  std::string id;
  Health health = Health::kGood;
  std::string value;
  std::string effect;
  std::string mend;  // a command where there is one
};

std::string findings_to_json(const std::vector<Finding>& findings);
// A line a finding; effect and mend under those that are not good.
std::string findings_to_text(const std::vector<Finding>& findings, bool color);

}  // namespace midstream::app
