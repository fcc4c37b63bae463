#include "app/version.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/version.h>

#include <CLI/Version.hpp>

#include "app/build_info.hpp"
#include "core/base/cpu_features.hpp"
#include "core/measure/environment.hpp"
#include "core/quic/version.hpp"

namespace midstream::app {

std::string tool_version() { return MIDSTREAM_VERSION; }

std::string tool_revision() { return MIDSTREAM_REVISION; }

std::string version_text() {
  std::string text = fmt::format("midstream-validate {} ({})\n", tool_version(), tool_revision());
  const auto line = [&](std::string_view name, std::string_view value) {
    text += fmt::format("  {:<17} {}\n", name, value);
  };
  line("compiler", MIDSTREAM_COMPILER);
  line("build type", std::string(MIDSTREAM_BUILD_TYPE) +
                         (measure::is_release_build() ? "" : " (not for verdicts)"));
  line("vector kernels", cpu_features_name());
  line("CLI11", CLI11_VERSION);
  line("nlohmann/json", MIDSTREAM_NLOHMANN_JSON_VERSION);
  line("yaml-cpp", MIDSTREAM_YAML_CPP_VERSION);
  line("Google Benchmark", MIDSTREAM_BENCHMARK_VERSION);
  line("spdlog", fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH));
  line("fmt",
       fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100));
  line("OpenSSL", quic::openssl_version());
  line("ngtcp2", quic::ngtcp2_version());
  return text;
}

}  // namespace midstream::app
