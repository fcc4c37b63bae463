#include "core/temporal/edit_script.hpp"

#include <algorithm>
#include <limits>

#include "core/temporal/byte_view.hpp"
#include "core/temporal/common_ends.hpp"
#include "core/temporal/edit_strips.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct MatrixTag {};
struct ForwardTag {};
struct ReversedATag {};
struct ReversedBTag {};

// Up to this many cells the whole matrix is cheaper than splitting on.
constexpr std::size_t kMostCells = 4096;

// Distances and lengths inside a matrix of at most kMostCells cells, so far below 2^16: whatever
// has more cells is split on, or has at most one symbol on a side and needs no matrix.
using Cell = std::uint16_t;
static_assert(kMostCells <= std::numeric_limits<Cell>::max());

template <class Symbol>
struct Problem {
  std::span<const Symbol> a;
  std::span<const Symbol> b;
  std::uint32_t a_first;  // where they lie in the whole sequences
  std::uint32_t b_first;
};

// What to do with an aligned stretch; one for each measure.
struct ScriptWriter {
  static constexpr EditMeasure kMeasure = EditMeasure::kLevenshtein;
  std::vector<Edit>& out;

  void common(std::uint32_t, std::uint32_t) const {}
  void substitute(std::uint32_t i, std::uint32_t j) const {
    out.push_back({EditKind::kSubstitute, i, j});
  }
  void remove(std::uint32_t i, std::uint32_t j) const { out.push_back({EditKind::kDelete, i, j}); }
  void insert(std::uint32_t i, std::uint32_t j) const { out.push_back({EditKind::kInsert, i, j}); }

  static Cell border(std::size_t index) { return static_cast<Cell>(index); }
  static Cell cell(bool equal, Cell diagonal, Cell above, Cell left) {
    if (equal) return diagonal;
    return static_cast<Cell>(1 + std::min({diagonal, above, left}));
  }
  static bool is_diagonal(bool equal, Cell value, Cell diagonal) {
    return equal ? value == diagonal : value == diagonal + 1;
  }
  static bool is_removal(Cell value, Cell above) { return value == above + 1; }
};

struct SubsequenceWriter {
  static constexpr EditMeasure kMeasure = EditMeasure::kLcs;
  std::vector<CommonSymbol>& out;

  void common(std::uint32_t i, std::uint32_t j) const { out.push_back({i, j}); }
  void substitute(std::uint32_t, std::uint32_t) const {}
  void remove(std::uint32_t, std::uint32_t) const {}
  void insert(std::uint32_t, std::uint32_t) const {}

  static Cell border(std::size_t) { return 0; }
  static Cell cell(bool equal, Cell diagonal, Cell above, Cell left) {
    return equal ? static_cast<Cell>(diagonal + 1) : std::max(above, left);
  }
  static bool is_diagonal(bool equal, Cell, Cell) { return equal; }
  static bool is_removal(Cell value, Cell above) { return value == above; }
};

// The whole matrix of a small problem.
template <class Symbol, class Writer>
class SmallMatrix {
 public:
  explicit SmallMatrix(const Problem<Symbol>& problem)
      : problem_(problem),
        width_(problem.b.size() + 1),
        cells_(thread_buffer<MatrixTag, Cell>((problem.a.size() + 1) * width_)) {
    for (std::size_t i = 0; i <= problem.a.size(); ++i) at(i, 0) = Writer::border(i);
    for (std::size_t j = 0; j < width_; ++j) at(0, j) = Writer::border(j);
    for (std::size_t i = 1; i <= problem.a.size(); ++i) {
      for (std::size_t j = 1; j < width_; ++j) {
        at(i, j) = Writer::cell(equal(i, j), at(i - 1, j - 1), at(i - 1, j), at(i, j - 1));
      }
    }
  }

  // Steps are found from the end, and put in order at last.
  void trace_back(const Writer& writer) {
    const auto first_written = static_cast<std::ptrdiff_t>(writer.out.size());
    std::size_t i = problem_.a.size();
    std::size_t j = width_ - 1;
    while (i > 0 || j > 0) step_back(i, j, writer);
    std::reverse(writer.out.begin() + first_written, writer.out.end());
  }

 private:
  Cell& at(std::size_t i, std::size_t j) { return cells_[i * width_ + j]; }
  [[nodiscard]] bool equal(std::size_t i, std::size_t j) const {
    return problem_.a[i - 1] == problem_.b[j - 1];
  }

  void step_back(std::size_t& i, std::size_t& j, const Writer& writer) {
    const bool both = i > 0 && j > 0;
    const bool same = both && equal(i, j);
    const bool diagonal = both && Writer::is_diagonal(same, at(i, j), at(i - 1, j - 1));
    const bool removal =
        !diagonal && (j == 0 || (i > 0 && Writer::is_removal(at(i, j), at(i - 1, j))));
    if (diagonal || removal) --i;
    if (!removal) --j;
    const auto x = static_cast<std::uint32_t>(problem_.a_first + i);
    const auto y = static_cast<std::uint32_t>(problem_.b_first + j);
    if (removal) {
      writer.remove(x, y);
    } else if (!diagonal) {
      writer.insert(x, y);
    } else if (same) {
      writer.common(x, y);
    } else {
      writer.substitute(x, y);
    }
  }

  const Problem<Symbol>& problem_;
  std::size_t width_;
  std::span<Cell> cells_;
};

template <class Tag, class Symbol>
std::span<const Symbol> reversed(std::span<const Symbol> symbols) {
  const auto copy = thread_buffer<Tag, Symbol>(symbols.size());
  std::reverse_copy(symbols.begin(), symbols.end(), copy.begin());
  return copy;
}

// Where the second half of `a` begins in `b`, in a best alignment: the best sum of the row that
// the first half reaches and the row that the second half reaches from behind.
template <class Symbol>
std::size_t split_column(EditMeasure measure, std::span<const Symbol> upper,
                         std::span<const Symbol> lower, std::span<const Symbol> b) {
  const std::size_t m = b.size();
  const auto forward = thread_buffer<ForwardTag, std::ptrdiff_t>(m + 1);
  const LastRow above = last_row(measure, upper, b);
  forward[0] = 0;  // the rows' first values are the same for every column, so they do not matter
  for (std::size_t j = 0; j < m; ++j) forward[j + 1] = forward[j] + above.at(j);
  const LastRow below = last_row(measure, reversed<ReversedATag>(lower), reversed<ReversedBTag>(b));
  const std::ptrdiff_t sign = measure == EditMeasure::kLcs ? -1 : 1;
  std::ptrdiff_t backward = 0;
  std::ptrdiff_t best = sign * forward[m];
  std::size_t column = m;
  for (std::size_t j = m; j-- > 0;) {
    backward += below.at(m - 1 - j);
    if (const std::ptrdiff_t sum = sign * (forward[j] + backward); sum < best) {
      best = sum;
      column = j;
    }
  }
  return column;
}

// Problems with an empty side.
template <class Symbol, class Writer>
void align_with_nothing(const Problem<Symbol>& problem, const Writer& writer) {
  for (std::uint32_t i = 0; i < problem.a.size(); ++i) {
    writer.remove(problem.a_first + i, problem.b_first);
  }
  for (std::uint32_t j = 0; j < problem.b.size(); ++j) {
    writer.insert(problem.a_first, problem.b_first + j);
  }
}

// One symbol against at least one: it meets its first equal, or takes the place of the first.
template <class Symbol, class Writer>
void align_one_symbol(const Problem<Symbol>& problem, const Writer& writer) {
  const auto equal = std::find(problem.b.begin(), problem.b.end(), problem.a.front());
  const bool common = equal != problem.b.end();
  const auto place = static_cast<std::uint32_t>(common ? equal - problem.b.begin() : 0);
  for (std::uint32_t j = 0; j < problem.b.size(); ++j) {
    const std::uint32_t at = problem.b_first + j;
    if (j != place) {
      writer.insert(problem.a_first + (j > place ? 1 : 0), at);
    } else if (common) {
      writer.common(problem.a_first, at);
    } else {
      writer.substitute(problem.a_first, at);
    }
  }
}

template <class Symbol, class Writer>
void align(Problem<Symbol> problem, const Writer& writer) {
  const CommonEnds ends = remove_common_ends(problem.a, problem.b);
  for (std::uint32_t k = 0; k < ends.prefix; ++k) {
    writer.common(problem.a_first + k, problem.b_first + k);
  }
  problem.a_first += static_cast<std::uint32_t>(ends.prefix);
  problem.b_first += static_cast<std::uint32_t>(ends.prefix);
  const std::size_t n = problem.a.size();
  const std::size_t m = problem.b.size();
  if (n == 0 || m == 0) {
    align_with_nothing(problem, writer);
  } else if (n == 1) {
    align_one_symbol(problem, writer);
  } else if (n < kMostCells && m < kMostCells && (n + 1) * (m + 1) <= kMostCells) {
    SmallMatrix<Symbol, Writer>(problem).trace_back(writer);
  } else {
    const std::size_t half = n / 2;
    const std::size_t column =
        split_column(Writer::kMeasure, problem.a.first(half), problem.a.subspan(half), problem.b);
    align(Problem<Symbol>{problem.a.first(half), problem.b.first(column), problem.a_first,
                          problem.b_first},
          writer);
    align(Problem<Symbol>{problem.a.subspan(half), problem.b.subspan(column),
                          problem.a_first + static_cast<std::uint32_t>(half),
                          problem.b_first + static_cast<std::uint32_t>(column)},
          writer);
  }
  for (std::uint32_t k = 0; k < ends.suffix; ++k) {
    writer.common(problem.a_first + static_cast<std::uint32_t>(n) + k,
                  problem.b_first + static_cast<std::uint32_t>(m) + k);
  }
}

template <class Symbol, class Writer>
void align_all(std::span<const Symbol> a, std::span<const Symbol> b, const Writer& writer) {
  writer.out.clear();
  align(Problem<Symbol>{a, b, 0, 0}, writer);
  const bool huge = std::max(a.size(), b.size()) > kKeptBytes / sizeof(std::ptrdiff_t);
  if (huge) trim_thread_buffers();
}

}  // namespace

void edit_script(std::string_view a, std::string_view b, std::vector<Edit>& out) {
  align_all(bytes_of(a), bytes_of(b), ScriptWriter{out});
}

void edit_script(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                 std::vector<Edit>& out) {
  align_all(a, b, ScriptWriter{out});
}

void common_subsequence(std::string_view a, std::string_view b, std::vector<CommonSymbol>& out) {
  align_all(bytes_of(a), bytes_of(b), SubsequenceWriter{out});
}

void common_subsequence(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                        std::vector<CommonSymbol>& out) {
  align_all(a, b, SubsequenceWriter{out});
}

}  // namespace midstream::temporal
