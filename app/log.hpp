// Messages for people, on standard error.
#pragma once

#include <string_view>

#include "app/options.hpp"

namespace midstream::app {

// error: always. warning: unless --quiet. info: with --verbose.
void set_up_log(const GlobalOptions& global);

void log_error(std::string_view message);
void log_warning(std::string_view message);
void log_info(std::string_view message);

}  // namespace midstream::app
