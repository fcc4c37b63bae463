#include "suites/harness/registry.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <set>

namespace midstream::suites {
namespace {

// A deque keeps references valid while families are added.
std::deque<Registration>& registrations() {
  static std::deque<Registration> all;
  return all;
}

[[noreturn]] void defect(const std::string& message) {
  std::fprintf(stderr, "fatal: %s\n", message.c_str());
  std::abort();
}

bool is_id_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

// Lower-case names of [a-z0-9._-] between slashes, at least suite/case.
bool is_well_formed(const std::string& id) {
  if (std::count(id.begin(), id.end(), '/') < 1 || id.front() == '/' || id.back() == '/') {
    return false;
  }
  return id.find("//") == std::string::npos &&
         std::all_of(id.begin(), id.end(), [](char c) { return is_id_char(c) || c == '/'; });
}

void expand(const Registration::Family& family, Benchmark benchmark, std::size_t axis,
            std::vector<Benchmark>& out) {
  if (axis == family.axes.size()) {
    out.push_back(std::move(benchmark));
    return;
  }
  const auto& [name, values] = family.axes[axis];
  for (const std::int64_t value : values) {
    Benchmark next = benchmark;
    next.id += "/" + name + "=" + std::to_string(value);
    next.parameters.emplace_back(name, value);
    expand(family, std::move(next), axis + 1, out);
  }
}

// "n=10" before "n=100" before "n=1000", and before "n=20" no surprise either.
bool natural_less(const Benchmark& a, const Benchmark& b) {
  if (a.family->id != b.family->id) return a.family->id < b.family->id;
  return a.parameters < b.parameters;
}

std::vector<Benchmark> collect() {
  std::vector<Benchmark> all;
  for (const Registration& registration : registrations()) {
    const auto& family = registration.family();
    if (!is_well_formed(family.id)) defect("malformed benchmark id '" + family.id + "'");
    expand(family, {.id = family.id, .parameters = {}, .family = &family}, 0, all);
  }
  std::sort(all.begin(), all.end(), natural_less);
  std::set<std::string> seen;
  for (const Benchmark& benchmark : all) {
    if (!seen.insert(benchmark.id).second) defect("benchmark registered twice: " + benchmark.id);
  }
  return all;
}

}  // namespace

Registration::Registration(std::string id, BenchFunction function) {
  family_.id = std::move(id);
  family_.function = std::move(function);
  family_.metric.unit = {.symbol = "ns", .dimension = Dimension::kTime, .scale = 1};
}

Registration& Registration::params(std::string name, std::vector<std::int64_t> values) {
  family_.axes.emplace_back(std::move(name), std::move(values));
  return *this;
}

Registration& Registration::title(std::string text) {
  family_.title = std::move(text);
  return *this;
}

Registration& Registration::generator(std::string text) {
  family_.generator = std::move(text);
  return *this;
}

Registration& Registration::oracle(std::string text) {
  family_.oracle = std::move(text);
  return *this;
}

Registration& Registration::per_operation() {
  family_.sampling = Sampling::kOperation;
  family_.metric.kind = measure::SampleKind::kOperation;
  return *this;
}

Registration& Registration::records(std::string_view unit, measure::Direction direction,
                                    measure::SampleKind kind) {
  auto parsed = parse_unit(unit);
  if (!parsed) defect(family_.id + ": " + parsed.error().message);
  family_.sampling = Sampling::kOwn;
  family_.metric = {.unit = *std::move(parsed), .direction = direction, .kind = kind};
  return *this;
}

Registration& Registration::launch_budget_ms(double milliseconds) {
  family_.budget_ms = milliseconds;
  return *this;
}

Registration& Registration::launch_timeout_s(double seconds) {
  family_.timeout_s = seconds;
  return *this;
}

Registration& Registration::is_no_filler() {
  family_.may_fill = false;
  return *this;
}

Registration& Registration::declares_rate() {
  family_.has_rate = true;
  return *this;
}

Registration& register_bench(std::string id, BenchFunction function) {
  return registrations().emplace_back(std::move(id), std::move(function));
}

const std::vector<Benchmark>& all_benchmarks() {
  static const std::vector<Benchmark> all = collect();
  return all;
}

const Benchmark* find_benchmark(std::string_view id) {
  const auto& all = all_benchmarks();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& b) { return b.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> all_suites() {
  std::set<std::string> names;
  for (const Benchmark& benchmark : all_benchmarks()) {
    names.insert(benchmark.id.substr(0, benchmark.id.find('/')));
  }
  return {names.begin(), names.end()};
}

}  // namespace midstream::suites
