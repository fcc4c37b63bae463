#include <algorithm>
#include <map>
#include <utility>

#include "targets/loader.hpp"

namespace midstream::targets {
namespace {

// Ids and the file each came from.
using Origins = std::map<std::string, std::string>;

bool take(Origins& origins, const char* what, const std::string& id, const std::string& file,
          std::vector<Fault>& faults) {
  const auto [first, is_new] = origins.emplace(id, file);
  if (!is_new) {
    faults.push_back({FaultLevel::kError, file, 0, 0,
                      std::string(what) + " '" + id + "' is also in " + first->second +
                          "; rename one of them or leave one file out"});
  }
  return is_new;
}

Component& component_of(TargetsFile& file, const Component& like) {
  const auto found =
      std::find_if(file.components.begin(), file.components.end(),
                   [&](const Component& component) { return component.id == like.id; });
  if (found != file.components.end()) return *found;
  file.components.push_back({like.id, like.title, {}});
  return file.components.back();
}

// The first file's header holds.
void take_header(TargetsFile& merged, const TargetsFile& file) {
  merged.name = file.name;
  merged.title = file.title;
  merged.source_document = file.source_document;
  merged.source_date = file.source_date;
  merged.policy = file.policy;
  merged.weights = file.weights;
}

class Merger {
 public:
  void add(TargetsFile file) {
    TargetsFile& merged = outcome_.file;
    if (first_) {
      take_header(merged, file);
    } else {
      merged.name += " + " + file.name;
    }
    first_ = false;
    merged.files.insert(merged.files.end(), file.files.begin(), file.files.end());
    for (Component& component : file.components) {
      add_targets(component_of(merged, component), component, file.name);
    }
    for (Claim& claim : file.claims) {
      if (take(claims_, "claim", claim.id, file.name, outcome_.faults)) {
        merged.claims.push_back(std::move(claim));
      }
    }
  }
  LoadOutcome finish() { return std::move(outcome_); }

 private:
  void add_targets(Component& into, Component& from, const std::string& file) {
    for (Target& target : from.targets) {
      if (take(targets_, "target", target.id, file, outcome_.faults)) {
        into.targets.push_back(std::move(target));
      }
    }
  }

  LoadOutcome outcome_;
  Origins targets_;
  Origins claims_;
  bool first_ = true;
};

}  // namespace

LoadOutcome merge_targets(std::vector<TargetsFile> files) {
  Merger merger;
  for (TargetsFile& file : files) merger.add(std::move(file));
  return merger.finish();
}

}  // namespace midstream::targets
