// Which benchmarks there are. Registration happens before main; duplicates are fatal.
//
// Threads: registration is single-threaded (static initialisers); read-only afterwards.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/measure/measurement.hpp"

namespace midstream::suites {

class Bench;
using BenchFunction = std::function<void(Bench&)>;

// How time is taken: the mean of batches through Google Benchmark, or every single operation.
enum class Sampling { kBatch, kOperation, kOwn };

// One family: a function and the parameters it runs with.
class Registration {
 public:
  Registration(std::string id, BenchFunction function);

  // Another axis: ids get "/name=value", the function runs once for each combination.
  Registration& params(std::string name, std::vector<std::int64_t> values);
  Registration& title(std::string text);
  Registration& generator(std::string text);  // of the inputs
  Registration& oracle(std::string text);     // what proves the answers
  Registration& per_operation();              // time single operations: tail percentiles
  // The benchmark records its own samples (Bench::record) in this unit.
  Registration& records(std::string_view unit, measure::Direction direction,
                        measure::SampleKind kind);
  Registration& launch_budget_ms(double milliseconds);  // instead of the profile's
  Registration& launch_timeout_s(double seconds);       // instead of the default
  // Sockets or threads of its own: never launched merely to keep others apart.
  Registration& is_no_filler();
  Registration& declares_rate();  // calls Bench::throughput: rate limits are allowed

  struct Family {
    std::string id;
    BenchFunction function;
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> axes;
    std::string title;
    std::string generator;
    std::string oracle;
    Sampling sampling = Sampling::kBatch;
    measure::Metric metric;  // default: ns, lower is better, batch means
    double budget_ms = 0;    // 0: the profile's
    double timeout_s = 0;    // 0: the default
    bool has_rate = false;
    bool may_fill = true;
  };
  [[nodiscard]] const Family& family() const { return family_; }

 private:
  Family family_;
};

// One benchmark: a family at one combination of parameters.
struct Benchmark {
  std::string id;
  std::vector<std::pair<std::string, std::int64_t>> parameters;
  const Registration::Family* family = nullptr;
};

// Adds a family; the reference stays valid. For static initialisers.
Registration& register_bench(std::string id, BenchFunction function);

// Every benchmark, sorted by id (numbers by value). Checks for duplicates and malformed ids the
// first time, and ends the program when there are any: that is a defect of ours.
const std::vector<Benchmark>& all_benchmarks();
const Benchmark* find_benchmark(std::string_view id);
// Suites that have a benchmark, sorted.
std::vector<std::string> all_suites();

#define MIDSTREAM_BENCH_NAME2(line) midstream_bench_##line
#define MIDSTREAM_BENCH_NAME(line) MIDSTREAM_BENCH_NAME2(line)
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot be parenthesised
#define MIDSTREAM_BENCH(id, function)                                                         \
  [[maybe_unused]] static ::midstream::suites::Registration& MIDSTREAM_BENCH_NAME(__LINE__) = \
      ::midstream::suites::register_bench(id, function)
// NOLINTEND(bugprone-macro-parentheses)

}  // namespace midstream::suites
