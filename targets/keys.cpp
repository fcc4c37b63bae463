#include "targets/keys.hpp"

namespace midstream::targets {
namespace {

constexpr Key kFile[] = {{"schema", true}, {"title"},  {"source"},   {"policy"},
                         {"components"},   {"claims"}, {"scorecard"}};
constexpr Key kSource[] = {{"document"}, {"date"}};
constexpr Key kPolicy[] = {{"confidence"}, {"max_regression"}, {"regression_of_target"}};
constexpr Key kComponent[] = {{"id", true}, {"title"}, {"targets", true}};
constexpr Key kTarget[] = {{"id", true},     {"title"},          {"benchmark", true},
                           {"statistic"},    {"limit", true},    {"severity"},
                           {"source"},       {"description"},    {"relative_to"},
                           {"speedup_over"}, {"max_regression"}, {"regression_of_target"}};
constexpr Key kClaim[] = {{"id", true}, {"text", true},   {"benchmark"}, {"statistic"},
                          {"limit"},    {"unverifiable"}, {"source"}};
constexpr Key kScorecard[] = {{"weights"}};
constexpr Key kWeights[] = {
    {"coverage"},     {"targets"},       {"correctness"},    {"benchmark_quality"},
    {"code_quality"}, {"documentation"}, {"ci_integration"}, {"regression_detection"}};

}  // namespace

const KeyTable kFileKeys = {"file", "a targets file", kFile};
const KeyTable kSourceKeys = {"source", "a source", kSource};
const KeyTable kPolicyKeys = {"policy", "a policy", kPolicy};
const KeyTable kComponentKeys = {"component", "a component", kComponent};
const KeyTable kTargetKeys = {"target", "a target", kTarget};
const KeyTable kClaimKeys = {"claim", "a claim", kClaim};
const KeyTable kScorecardKeys = {"scorecard", "a scorecard", kScorecard};
const KeyTable kWeightKeys = {"weights", "the weights", kWeights};

std::span<const KeyTable* const> key_tables() {
  static const KeyTable* const tables[] = {&kFileKeys,      &kSourceKeys, &kPolicyKeys,
                                           &kComponentKeys, &kTargetKeys, &kClaimKeys,
                                           &kScorecardKeys, &kWeightKeys};
  return tables;
}

}  // namespace midstream::targets
