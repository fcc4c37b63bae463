// Recurring patterns and repeated runs, whole and as streams; similarity search as a stream.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "core/reference/recurrence_oracles.hpp"
#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/recurring_patterns.hpp"
#include "core/temporal/repeated_symbols.hpp"
#include "core/temporal/similarity_search.hpp"
#include "suites/harness/bench.hpp"
#include "suites/temporal/inputs.hpp"
#include "suites/temporal/register.hpp"

namespace midstream::suites::temporal {
namespace {

namespace fast = midstream::temporal;

std::size_t length(const Bench& bench) { return static_cast<std::size_t>(bench.param("n")); }

constexpr std::size_t kPattern = 64;
constexpr std::size_t kBest = 5;
constexpr std::size_t kHistory = 1000;
constexpr std::size_t kPiece = 50;  // samples a push

// Answers of either kind, as plain numbers.
using Triples = std::vector<std::pair<std::uint64_t, std::pair<std::uint64_t, double>>>;

fast::RecurrenceOptions recurrence_options() {
  return {.length = kPattern,
          .best = kBest,
          .separation = kPattern,
          .exclusion = kPattern,
          .history = kHistory};
}

Triples as_triples(const std::vector<fast::Recurrence>& found) {
  Triples triples;
  for (const auto& each : found) triples.push_back({each.position, {each.earlier, each.distance}});
  return triples;
}

Triples expected_recurrences(std::span<const double> series) {
  const fast::RecurrenceOptions options = recurrence_options();
  Triples triples;
  for (const auto& each : reference::recurring_patterns(
           series, {options.length, options.best, options.separation, options.exclusion,
                    options.history, options.threshold})) {
    triples.push_back({each.position, {each.earlier, each.distance}});
  }
  return triples;
}

Triples as_triples(const std::vector<fast::Repeat>& found) {
  Triples triples;
  for (const auto& each : found) {
    triples.push_back({each.position, {each.earlier, static_cast<double>(each.length)}});
  }
  return triples;
}

fast::RepeatOptions repeat_options() {
  return {.best = kBest, .separation = kPattern, .history = kHistory};
}

Triples expected_repeats(const std::vector<std::uint32_t>& symbols) {
  const fast::RepeatOptions options = repeat_options();
  Triples triples;
  for (const auto& each : reference::repeated_symbols(
           symbols, {options.shortest, options.best, options.separation, options.history})) {
    triples.push_back({each.position, {each.earlier, static_cast<double>(each.length)}});
  }
  return triples;
}

std::vector<std::uint32_t> symbols_of(std::size_t n, Random& random) {
  std::vector<std::uint32_t> symbols;
  for (const char c : random_text(n, kSmallAlphabet, random)) {
    symbols.push_back(static_cast<std::uint8_t>(c));
  }
  return symbols;
}

void recurrences(Bench& bench) {
  const auto series =
      bench.variants([&](Random& random) { return walk_pair(length(bench), random).x; });
  bench.throughput(static_cast<double>(length(bench)), "samples");
  bench.measure(
      series,
      [](const std::vector<double>& each) {
        return as_triples(fast::recurring_patterns(each, recurrence_options()).value());
      },
      [](const std::vector<double>& each) { return expected_recurrences(each); });
}

void repeats(Bench& bench) {
  const auto texts =
      bench.variants([&](Random& random) { return symbols_of(length(bench), random); });
  bench.throughput(static_cast<double>(length(bench)), "symbols");
  bench.measure(
      texts,
      [](const std::vector<std::uint32_t>& each) {
        return as_triples(fast::repeated_symbols(each, repeat_options()).value());
      },
      [](const std::vector<std::uint32_t>& each) { return expected_repeats(each); });
}

// The second half of `all` pushed piece by piece into a stream that holds the first: its buffers
// are full, as those of a stream that has run for long are. What it says at the end must be
// `expected`.
template <class Value, class Make, class Answer>
void stream(Bench& bench, const std::vector<Value>& all, Make make, const Answer& expected,
            Answer (*answer)(const std::decay_t<decltype(*make())>&)) {
  const std::span<const Value> first = std::span(all).first(all.size() / 2);
  const std::span<const Value> second = std::span(all).subspan(first.size());
  bench.throughput(kPiece, "samples");
  bench.measure_state(
      static_cast<std::int64_t>(second.size() / kPiece),
      [&] {
        auto state = make();
        (void)state->push(first);
        return state;
      },
      [&](auto& state, std::int64_t i) {
        (void)state->push(second.subspan(static_cast<std::size_t>(i) * kPiece, kPiece));
      },
      [&](auto& state) {
        return answer(*state) == expected ? std::string()
                                          : "the stream's answer is not brute force's";
      });
}

template <class Stream>
std::unique_ptr<Stream> boxed(Result<Stream> made) {
  return std::make_unique<Stream>(std::move(made).value());
}

void recurrence_stream(Bench& bench) {
  Random random(bench.seed());
  const auto series = walk_pair(length(bench), random).x;
  stream(
      bench, series, [] { return boxed(fast::RecurrenceStream::create(recurrence_options())); },
      expected_recurrences(series),
      +[](const fast::RecurrenceStream& state) { return as_triples(state.best()); });
}

void repeat_stream(Bench& bench) {
  Random random(bench.seed());
  const auto symbols = symbols_of(length(bench), random);
  stream(
      bench, symbols, [] { return boxed(fast::RepeatStream::create(repeat_options())); },
      expected_repeats(symbols),
      +[](const fast::RepeatStream& state) { return as_triples(state.best()); });
}

void similarity_stream(Bench& bench) {
  constexpr int kBand = 6;
  Random random(bench.seed());
  const auto series = walk_pair(length(bench), random).x;
  const auto query = walk_pair(128, random).x;
  using Found = std::vector<std::pair<std::size_t, double>>;
  stream(
      bench, series, [&] { return boxed(fast::SimilarityStream::create(query, {.band = kBand})); },
      Found(reference::best_windows(series, {query}, kBand)),
      +[](const fast::SimilarityStream& state) {
        Found found;
        for (const auto& match : state.best()) found.emplace_back(match.position, match.distance);
        return found;
      });
}

void add(const char* id, void (*function)(Bench&), const char* title, const char* generator,
         std::int64_t n) {
  register_temporal(id, function)
      .params("n", {n})
      .title(title)
      .generator(generator)
      .oracle("brute force")
      .declares_rate();
}

[[maybe_unused]] const bool kRegistered = [] {
  constexpr const char* kWalk = "random walk";
  constexpr const char* kText = "random text, 4 symbols";
  add("temporal/recurring-patterns/random", recurrences, "five recurring patterns of 64 samples",
      kWalk, 2000);
  add("temporal/repeated-symbols/random", repeats, "five repeated runs", kText, 5000);
  add("temporal/stream/recurring-patterns", recurrence_stream, "50 samples into a stream", kWalk,
      4000);
  add("temporal/stream/repeated-symbols", repeat_stream, "50 symbols into a stream", kText, 5000);
  add("temporal/stream/search", similarity_stream, "50 samples into a stream", kWalk, 10000);
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
