// `doctor`: is this machine fit to measure, and if not, what would mend it?
#include <spdlog/fmt/fmt.h>

#include <iterator>

#include "app/commands.hpp"
#include "app/doctor/checks.hpp"
#include "app/doctor/noise.hpp"
#include "app/exit_code.hpp"
#include "app/noise_store.hpp"
#include "app/output.hpp"
#include "core/measure/environment.hpp"

namespace midstream::app {
namespace {

Finding check_noise(const measure::Environment& environment) {
  Finding finding{.id = "noise",
                  .health = Health::kGood,
                  .value = {},
                  .effect = "no comparison of two runs can say UNCHANGED",
                  .mend = "midstream-validate doctor --noise"};
  const auto record = load_noise(environment, finding.value);
  if (!record) {
    finding.health = Health::kLook;
    return finding;
  }
  for (const measure::NoiseFloor& floor : record->floors) {
    finding.value += fmt::format("{}{} {:.1f} %", finding.value.empty() ? "" : ", ",
                                 floor.row_class, floor.floor * 100);
  }
  return finding;
}

std::vector<Finding> examine() {
  const measure::Environment environment = measure::record_environment();
  std::vector<Finding> findings = check_build(environment);
  const auto add = [&](std::vector<Finding> more) {
    findings.insert(findings.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
  };
  add(check_processor(environment, ""));
  add(check_limits(environment, ""));
  add(check_network(probe_udp_offload(), ""));
  add({check_perf_counters(suites::PerfCounters().stop(), ""), check_noise(environment)});
  return findings;
}

}  // namespace

int doctor_command(const DoctorOptions& options, const GlobalOptions& global) {
  if (options.noise) return measure_noise(options, global);
  const std::vector<Finding> findings = examine();
  print_stdout(options.json ? findings_to_json(findings)
                            : findings_to_text(findings, use_color(global)));
  return kExitOk;
}

}  // namespace midstream::app
