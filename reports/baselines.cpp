#include "reports/baselines.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/base/file.hpp"
#include "core/base/names.hpp"

namespace midstream::reports {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLargestFile = std::size_t{1} << 30;
constexpr std::string_view kExtension = ".json";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace

Status BaselineStore::check_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
                    name.front() != '-' && std::all_of(name.begin(), name.end(), is_name_character);
  if (good) return {};
  return Error{ErrorCode::kInvalidArgument,
               "'" + std::string(name) +
                   "' is no name for a baseline: 1 to 100 letters, digits, '.', '_' and '-', "
                   "beginning with a letter, a digit or '_'"};
}

std::string BaselineStore::path_of(const std::string& name) const {
  return (fs::path(folder_) / (name + std::string(kExtension))).string();
}

Status BaselineStore::save(const std::string& name, std::string_view results_json) const {
  if (Status good = check_name(name); !good) return good;
  std::error_code failure;
  fs::create_directories(folder_, failure);
  if (failure) {
    return Error{ErrorCode::kIo, folder_ + ": cannot be made: " + failure.message()};
  }
  return write_file_atomically(path_of(name), results_json);
}

Result<std::string> BaselineStore::load(const std::string& name) const {
  if (const Status good = check_name(name); !good) return good.error();
  if (!contains(name)) return missing(name);
  return read_file(path_of(name), kLargestFile);
}

std::vector<std::string> BaselineStore::list() const {
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator at(folder_, failure), end; !failure && at != end;
       at.increment(failure)) {
    const fs::path& path = at->path();
    const std::string name = path.stem().string();
    if (path.extension() == kExtension && check_name(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool BaselineStore::contains(const std::string& name) const {
  std::error_code failure;
  return check_name(name).ok() && fs::exists(path_of(name), failure);
}

Status BaselineStore::remove(const std::string& name) const {
  if (Status good = check_name(name); !good) return good;
  if (!contains(name)) return missing(name);
  std::error_code failure;
  fs::remove(path_of(name), failure);
  if (failure) return Error{ErrorCode::kIo, path_of(name) + ": " + failure.message()};
  return {};
}

Error BaselineStore::missing(const std::string& name) const {
  const std::vector<std::string> names = list();
  std::string message = "no baseline '" + name + "' in " + folder_;
  const std::string nearest = nearest_name(name, names);
  if (!nearest.empty()) {
    message += "; did you mean '" + nearest + "'?";
  } else {
    message += "; save one with `midstream-validate baseline save " + name + " RESULTS`";
  }
  return {ErrorCode::kNotFound, message};
}

}  // namespace midstream::reports
