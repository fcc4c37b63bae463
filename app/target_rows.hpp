// The rows of a targets file as JSON: what `list targets` and `targets show` print.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "targets/model.hpp"

namespace midstream::app {

nlohmann::ordered_json target_rows(const targets::TargetsFile& file);

}  // namespace midstream::app
