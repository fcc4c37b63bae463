#include "app/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace midstream::app {

void set_up_log(const GlobalOptions& global) {
  auto logger = std::make_shared<spdlog::logger>("midstream-validate",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%n: %l: %v");
  logger->set_level(global.quiet     ? spdlog::level::err
                    : global.verbose ? spdlog::level::info
                                     : spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

// The message is data, never a format string.
void log_error(std::string_view message) { spdlog::error("{}", message); }
void log_warning(std::string_view message) { spdlog::warn("{}", message); }
void log_info(std::string_view message) { spdlog::info("{}", message); }

}  // namespace midstream::app
