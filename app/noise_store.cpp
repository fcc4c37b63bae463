#include "app/noise_store.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/base/file.hpp"
#include "core/measure/comparability.hpp"

namespace midstream::app {
namespace {

constexpr std::size_t kLimit = std::size_t{1} << 20;
constexpr const char* kMeasure = "; measure it with `midstream-validate doctor --noise`";

}  // namespace

Status save_noise(const measure::NoiseRecord& record) {
  const std::filesystem::path folder = std::filesystem::path(kNoiseFile).parent_path();
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    return Error{ErrorCode::kIo, folder.string() + ": cannot be made: " + failure.message()};
  }
  return write_file_atomically(kNoiseFile, measure::noise_to_json(record));
}

std::optional<measure::NoiseRecord> load_noise(const measure::Environment& environment,
                                               std::string& why_not) {
  std::error_code ignored;
  if (!std::filesystem::exists(kNoiseFile, ignored)) {
    why_not = std::string("there is no ") + kNoiseFile + kMeasure;
    return std::nullopt;
  }
  const auto text = read_file(kNoiseFile, kLimit);
  if (!text) {
    why_not = text.error().message;
    return std::nullopt;
  }
  auto record = measure::noise_from_json(*text, kNoiseFile);
  if (!record) {
    why_not = record.error().message;
    return std::nullopt;
  }
  const auto differences = measure::compare_environments(record->environment, environment);
  const auto blocking = std::find_if(differences.begin(), differences.end(),
                                     [](const auto& difference) { return difference.blocks; });
  if (blocking != differences.end()) {
    why_not = std::string(kNoiseFile) + " was measured under another " + blocking->what + " (" +
              blocking->old_value + ", now " + blocking->new_value + ")" + kMeasure;
    return std::nullopt;
  }
  return *std::move(record);
}

}  // namespace midstream::app
