// How well a benchmark was made and measured (DESIGN §7, benchmark quality audit): a list of checks
// of what the harness recorded. Four of them cap a verdict at INCONCLUSIVE, and this is the one
// place that says which; the others warn. Nothing is dropped because of any.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/measure/launch_summary.hpp"
#include "core/measure/measurement.hpp"

namespace midstream::targets {

enum class AuditOutcome { kHolds, kNotApplicable, kWarns, kCaps };
std::string_view audit_outcome_name(AuditOutcome outcome);  // "holds", "not_applicable", …

struct AuditCheck {
  std::string_view id;     // "release_build"
  std::string_view title;  // "release build"
  AuditOutcome outcome = AuditOutcome::kHolds;
  std::string detail;  // what was found; of one that caps, the reason for the verdict
};

// Every check of one benchmark, always the same ones in the same order. `run` gives what concerns
// all benchmarks: the build and the machine.
std::vector<AuditCheck> audit(const measure::Measurement& about,
                              const measure::LaunchSummary& launches, const measure::Results& run);

// Why no verdict on this benchmark can be better than INCONCLUSIVE; empty: it can. The number of
// launches is not asked for here: the sign test does not decide before its first look.
std::string cap_of(const measure::Measurement& about, const measure::Results& run);

}  // namespace midstream::targets
