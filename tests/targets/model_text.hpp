// A targets file's model as text, every field of it: equal text is an equal model.
#pragma once

#include <string>

#include "targets/model.hpp"

namespace midstream::targets::testing {

inline std::string limit_text(const Limit& limit) {
  return limit.text + "=" + std::to_string(static_cast<int>(limit.comparison)) +
         std::to_string(limit.quantity.base());
}

inline std::string target_text(const Target& target) {
  return target.id + "|" + target.title + "|" + target.benchmark + "|" +
         std::string(statistic_name(target.statistic)) + "|" + limit_text(target.limit) + "|" +
         std::to_string(static_cast<int>(target.severity)) + "|" + target.source + "|" +
         target.description + "|" + std::to_string(static_cast<int>(target.relation)) + "|" +
         target.reference + "|" +
         (target.max_regression ? std::to_string(*target.max_regression) : "-") + "\n";
}

inline std::string claim_text(const Claim& claim) {
  return claim.id + "|" + claim.text + "|" + claim.benchmark + "|" +
         std::string(statistic_name(claim.statistic)) + "|" +
         (claim.limit ? limit_text(*claim.limit) : "-") + "|" + claim.unverifiable + "|" +
         claim.source + "\n";
}

inline std::string model_text(const TargetsFile& file) {
  std::string text = file.title + "|" + file.source_document + "|" + file.source_date + "|" +
                     std::to_string(file.policy.confidence) + "|" +
                     std::to_string(file.policy.max_regression) + "\n";
  for (const auto& [name, weight] : file.weights) text += name + std::to_string(weight) + "\n";
  for (const Component& component : file.components) {
    text += component.id + "|" + component.title + "\n";
    for (const Target& target : component.targets) text += target_text(target);
  }
  for (const Claim& claim : file.claims) text += claim_text(claim);
  return text;
}

}  // namespace midstream::targets::testing
