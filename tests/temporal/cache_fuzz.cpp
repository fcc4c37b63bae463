// A small cache against a map that forgets nothing: a hit must be the last value inserted for that
// very key, limits must hold, and the counters must add up. Input: limits, then operations: a byte
// that chooses it, a byte each for the two contents (letter and length).
#include <map>
#include <tuple>

#include "core/temporal/kernels.hpp"
#include "core/temporal/result_cache.hpp"
#include "tests/temporal/fuzz_input.hpp"

namespace {

using namespace midstream;
using temporal::CachedOperation;

std::string content(std::uint8_t byte) {
  constexpr std::size_t kLengths[] = {0, 1, 7, 8, 31, 64, 100, 600};
  return std::string(kLengths[byte & 7], static_cast<char>('a' + (byte >> 3) % 4));
}

struct Model {
  using Key = std::tuple<CachedOperation, std::int64_t, std::string, std::string>;
  std::map<Key, double> values;
  std::uint64_t finds = 0;
};

void step(temporal::ResultCache& cache, Model& model, test::FuzzInput& input, double value) {
  const std::uint8_t what = input.byte();
  if (what == 255) {
    cache.clear();
    model.values.clear();
    return;
  }
  const auto operation = (what & 4) != 0 ? CachedOperation::kLcs : CachedOperation::kLevenshtein;
  const std::int64_t parameter = what >> 3 & 3;
  const std::string first = content(input.byte());
  const std::string second = content(input.byte());
  const auto key =
      temporal::cache_key(operation, std::string_view(first), std::string_view(second), parameter);
  const Model::Key known{operation, parameter, first, second};
  if ((what & 1) != 0) {
    cache.insert(key, value);
    model.values[known] = value;
    return;
  }
  ++model.finds;
  if (const auto found = cache.find(key)) {
    const auto expected = model.values.find(known);
    test::fuzz_require(expected != model.values.end(), "a hit for what was never inserted");
    test::fuzz_require(*found == expected->second, "a hit with another value");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3 || size > 4096) return 0;
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    test::FuzzInput input(data, size);
    const temporal::CacheLimits limits{.entries = input.byte(),
                                       .bytes = std::size_t{128} * input.byte()};
    temporal::ResultCache cache(limits);
    const std::size_t tables = cache.statistics().bytes;
    Model model;
    for (double value = 1; !input.empty(); ++value) {
      step(cache, model, input, value);
      const temporal::CacheStatistics now = cache.statistics();
      test::fuzz_require(now.entries <= limits.entries, "too many entries");
      test::fuzz_require(now.bytes <= std::max(limits.bytes, tables), "too many bytes");
      test::fuzz_require(now.hits + now.misses == model.finds, "the counters");
    }
    cache.clear();
    test::fuzz_require(cache.statistics().bytes == tables, "bytes after clear()");
  }
  return 0;
}
