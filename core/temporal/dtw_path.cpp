#include "core/temporal/dtw_path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/temporal/dtw_input.hpp"
#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct DirectionTag {};

constexpr std::uint64_t kMostDirectionBytes =
    std::min(std::uint64_t{1} << 34, std::uint64_t{std::numeric_limits<std::size_t>::max() / 2});

// From the last cell back to the first. The next cell follows by arithmetic on the two bits: the
// directions of real data are close to random, and a branch on them would often be mispredicted.
void trace_back(const kernels::DtwDirections& directions,
                const kernels::DtwProblem<double>& problem, std::vector<AlignedPair>& path) {
  const unsigned strip = directions.strip_shift;
  const unsigned group = directions.group_shift;
  const std::size_t rows = std::size_t{1} << strip;
  const std::size_t strip_bytes =
      kernels::direction_records(rows, problem.m, problem.band) * (rows / 4);
  path.resize(problem.n + problem.m - 1);
  std::size_t begin = path.size();
  std::size_t i = problem.n - 1;
  std::size_t j = problem.m - 1;
  while (true) {
    path[--begin] = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)};
    if ((i | j) == 0) break;
    const std::size_t row = i & (rows - 1);
    const std::size_t step = j - kernels::first_direction_column(i - row, problem.band) + row;
    const std::uint8_t* record =
        directions.bits + (i >> strip) * strip_bytes + (step << (strip - 2));
    const std::size_t bit = row + (row >> group << group);
    const std::size_t other = bit + (std::size_t{1} << group);
    const std::size_t diagonal = record[bit / 8] >> (bit % 8) & 1U;
    const std::size_t above = record[other / 8] >> (other % 8) & 1U;
    i -= diagonal | above;
    j -= diagonal | (above ^ 1U);
  }
  path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(begin));
}

}  // namespace

Status dtw_path(std::span<const double> x, std::span<const double> y, int band, DtwAlignment& out) {
  out.path.clear();
  const auto problem = prepare_dtw(x, y, band);
  if (!problem) return problem.error();
  if (std::max(x.size(), y.size()) > std::numeric_limits<std::uint32_t>::max()) {
    return Error{ErrorCode::kLimit, "a path holds 32-bit indices; the series is longer"};
  }
  const std::uint64_t bytes = kernels::dtw_direction_bytes(x.size(), y.size(), problem->band);
  if (bytes > kMostDirectionBytes) {
    return Error{ErrorCode::kLimit, "a path through so many cells needs more than 16 GiB"};
  }
  const auto bits = thread_buffer<DirectionTag, std::uint8_t>(static_cast<std::size_t>(bytes));
  kernels::DtwDirections directions{bits.data(), 0, 0};
  out.distance = std::sqrt(active_kernel_table().dtw->path(*problem, directions));
  if (std::isfinite(out.distance)) trace_back(directions, *problem, out.path);
  return {};
}

Result<DtwAlignment> dtw_path(std::span<const double> x, std::span<const double> y, int band) {
  DtwAlignment alignment;
  if (Status status = dtw_path(x, y, band, alignment); !status) return status.error();
  return alignment;
}

}  // namespace midstream::temporal
