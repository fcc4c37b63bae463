// Baselines: results files kept under a name, to compare later runs with.
//
// A baseline is an ordinary results file, FOLDER/NAME.json, written atomically. The store never
// looks inside: who saves has read the results, who loads reads them as any others.
//
// Threads: safe for different names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace midstream::reports {

inline constexpr const char* kBaselineFolder = ".midstream/baselines";

class BaselineStore {
 public:
  explicit BaselineStore(std::string folder) : folder_(std::move(folder)) {}

  // 1 to 100 letters, digits, '.', '_', '-', not beginning with '.' or '-': a name can neither
  // leave the folder nor hide in it nor be taken for an option. kInvalidArgument otherwise.
  static Status check_name(std::string_view name);

  // Makes the folder when it is missing, replaces what was there. kIo when that fails.
  [[nodiscard]] Status save(const std::string& name, std::string_view results_json) const;

  // The text of the file. kNotFound with the names there are; kIo when it cannot be read.
  [[nodiscard]] Result<std::string> load(const std::string& name) const;

  // Sorted; empty when there is no such folder.
  [[nodiscard]] std::vector<std::string> list() const;

  [[nodiscard]] bool contains(const std::string& name) const;
  // kNotFound, kIo.
  [[nodiscard]] Status remove(const std::string& name) const;

  // For messages, and for reading: requires a good name.
  [[nodiscard]] std::string path_of(const std::string& name) const;

 private:
  [[nodiscard]] Error missing(const std::string& name) const;

  std::string folder_;
};

}  // namespace midstream::reports
