#include "app/scope.hpp"

#include <algorithm>

#include "core/base/names.hpp"
#include "targets/scope.hpp"

namespace midstream::app {
namespace {

std::string hint(const std::string& wrong, const std::vector<std::string>& names) {
  const std::string nearest = nearest_name(wrong, names);
  return nearest.empty() ? "" : "; did you mean '" + nearest + "'?";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

bool matches_something(const std::string& filter, const Choice& choice) {
  const auto matches = [&](const std::string& name) { return glob_match(filter, name); };
  return std::any_of(choice.ids.begin(), choice.ids.end(), matches) ||
         std::any_of(choice.patterns.begin(), choice.patterns.end(),
                     [&](const auto& pattern) { return pattern == filter || matches(pattern); });
}

}  // namespace

bool Scope::chooses(const std::string& id) const {
  return targets::suite_chosen(suite_of(id), suites) && targets::is_chosen(id, filters);
}

measure::Results Scope::as_results() const {
  measure::Results scope;
  scope.suites = suites;
  scope.filters = filters;
  return scope;
}

std::string suite_of(const std::string& id) { return id.substr(0, id.find('/')); }

Status check_scope(const Scope& scope, const Choice& choice) {
  std::vector<std::string> suites = choice.suites;
  std::sort(suites.begin(), suites.end());
  suites.erase(std::unique(suites.begin(), suites.end()), suites.end());
  for (const std::string& suite : scope.suites) {
    if (std::binary_search(suites.begin(), suites.end(), suite)) continue;
    return Error{ErrorCode::kInvalidArgument, "--suite: no suite '" + suite + "'" +
                                                  hint(suite, suites) + " (there are " +
                                                  joined(suites) + ")"};
  }
  for (const std::string& filter : scope.filters) {
    if (matches_something(filter, choice)) continue;
    return Error{ErrorCode::kInvalidArgument,
                 "--filter: '" + filter + "' matches no benchmark" + hint(filter, choice.ids) +
                     " (`midstream-validate list benchmarks` shows all)"};
  }
  return {};
}

}  // namespace midstream::app
