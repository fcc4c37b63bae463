#include <string>

#include "targets/embedded.hpp"
#include "targets/loader.hpp"

namespace midstream::targets {

std::string_view builtin_targets(std::string_view name) {
  return embedded_text(std::string(name) + ".yaml");
}

std::string_view targets_schema() { return embedded_text("schema.json"); }

}  // namespace midstream::targets
