#include "core/temporal/repeated_symbols.hpp"

#include <utility>

#include "core/temporal/best_matches.hpp"
#include "core/temporal/suffix_automaton.hpp"

namespace midstream::temporal {
namespace {

// BestMatches prefers small distances; a longer run is a smaller one.
struct Candidate {
  std::uint64_t position;  // of its last symbol
  double distance;
  std::uint64_t earlier_end;
};

constexpr std::size_t kLongestHistory = std::size_t{1} << 29;  // states are numbered in 32 bits

}  // namespace

struct RepeatStream::State {
  explicit State(const RepeatOptions& given)
      : options(given),
        matches(given.best, given.separation, -static_cast<double>(given.shortest)) {}

  void take(std::uint32_t symbol);

  RepeatOptions options;
  BestMatches<Candidate> matches;
  SuffixAutomaton automaton;
  std::vector<std::uint32_t> held;
  std::uint64_t first = 0;  // position of held[0]
};

void RepeatStream::State::take(std::uint32_t symbol) {
  if (held.size() == 2 * options.history) {
    held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(options.history));
    first += options.history;
    automaton.clear();
    for (const std::uint32_t kept : held) automaton.append(kept);
  }
  held.push_back(symbol);
  const SuffixAutomaton::Occurrence found = automaton.append(symbol);
  if (found.length < options.shortest) return;
  matches.offer(
      {first + held.size() - 1, -static_cast<double>(found.length), first + found.first_end});
}

RepeatStream::RepeatStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
RepeatStream::RepeatStream(RepeatStream&&) noexcept = default;
RepeatStream& RepeatStream::operator=(RepeatStream&&) noexcept = default;
RepeatStream::~RepeatStream() = default;

Result<RepeatStream> RepeatStream::create(const RepeatOptions& options) {
  if (options.shortest == 0 || options.best == 0 || options.separation == 0 ||
      options.history == 0 || options.history >= kLongestHistory) {
    return Error{ErrorCode::kInvalidArgument,
                 "shortest, best, separation and history must be at least 1, history below 2^29"};
  }
  return RepeatStream(std::make_unique<State>(options));
}

void RepeatStream::push(std::span<const std::uint32_t> symbols) {
  for (const std::uint32_t symbol : symbols) state_->take(symbol);
}

std::vector<Repeat> RepeatStream::best() const {
  std::vector<Repeat> repeats;
  for (const Candidate& candidate : state_->matches.result()) {
    const auto length = static_cast<std::size_t>(-candidate.distance);
    repeats.push_back(
        {candidate.position + 1 - length, candidate.earlier_end + 1 - length, length});
  }
  return repeats;
}

Result<std::vector<Repeat>> repeated_symbols(std::span<const std::uint32_t> symbols,
                                             const RepeatOptions& options) {
  Result<RepeatStream> stream = RepeatStream::create(options);
  if (!stream) return stream.error();
  stream->push(symbols);
  return stream->best();
}

}  // namespace midstream::temporal
