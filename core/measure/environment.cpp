#include "core/measure/environment.hpp"

#include "core/measure/tsc_clock.hpp"

namespace midstream::measure {

Environment timer_facts() {
  const TscClock& clock = TscClock::instance();
  return {{"timer", clock.uses_tsc() ? "invariant TSC" : "steady_clock"},
          {"timer_resolution", format_quantity(clock.resolution_ns(), Dimension::kTime)},
          {"timer_cost", format_quantity(clock.cost_ns(), Dimension::kTime)}};
}

Environment record_environment() {
  Environment environment = machine_facts("");
  for (const Environment& part : {build_facts(), timer_facts()}) {
    environment.insert(environment.end(), part.begin(), part.end());
  }
  return environment;
}

std::string_view fact(const Environment& environment, std::string_view name) {
  for (const EnvironmentFact& entry : environment) {
    if (entry.name == name) return entry.value;
  }
  return "unknown";
}

bool contradicts_build(const Environment& environment, bool release_build) {
  const std::string_view build = fact(environment, "build_type");
  return build != "unknown" && (build == "release") != release_build;
}

}  // namespace midstream::measure
