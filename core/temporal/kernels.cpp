#include "core/temporal/kernels.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/base/cpu_features.hpp"
#include "core/temporal/kernels/kernel_table.hpp"

namespace midstream::temporal {
namespace {

// Narrowest first.
constexpr std::array kTables {
  KernelTable{"scalar",
              &kernels::kDtwScalar,
              &kernels::kEditScalar,
              &kernels::kSearchScalar,
              &kernels::kContentScalar,
              &kernels::kEuclideanScalar},
#if defined(__x86_64__)
      KernelTable{"avx2",
                  &kernels::kDtwAvx2,
                  &kernels::kEditAvx2,
                  &kernels::kSearchAvx2,
                  &kernels::kContentAvx2,
                  &kernels::kEuclideanAvx2},
      KernelTable{"avx512",
                  &kernels::kDtwAvx512,
                  &kernels::kEditAvx512,
                  &kernels::kSearchAvx512,
                  &kernels::kContentAvx512,
                  &kernels::kEuclideanAvx512},
#endif
};

struct Names {
  std::array<std::string_view, kTables.size()> names;
  std::size_t usable;
};

constexpr Names all_names() {
  Names names{};
  for (std::size_t i = 0; i < kTables.size(); ++i) names.names[i] = kTables[i].name;
  return names;
}

const Names& usable_names() {
  static const Names names = [] {
    Names found = all_names();
    const CpuFeatures& cpu = cpu_features();
    found.usable = std::min<std::size_t>(kTables.size(), cpu.avx512 ? 3 : cpu.avx2 ? 2 : 1);
    return found;
  }();
  return names;
}

const KernelTable* find_usable(std::string_view name) {
  const std::span<const std::string_view> names = kernel_names();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? nullptr : &kTables[static_cast<std::size_t>(found - names.begin())];
}

// Null until the first use, so that reading it needs no guard.
constinit std::atomic<const KernelTable*> process_choice{nullptr};

constinit thread_local const KernelTable* thread_choice = nullptr;

}  // namespace

const KernelTable& active_kernel_table() {
  if (thread_choice != nullptr) return *thread_choice;
  if (const KernelTable* table = process_choice.load(std::memory_order_relaxed)) return *table;
  const KernelTable* widest = &kTables[usable_names().usable - 1];
  const KernelTable* none = nullptr;
  process_choice.compare_exchange_strong(none, widest, std::memory_order_relaxed);
  return none == nullptr ? *widest : *none;
}

std::span<const std::string_view> kernel_names() {
  return std::span(usable_names().names).first(usable_names().usable);
}

std::string_view active_kernel() { return active_kernel_table().name; }

Status select_kernel(std::string_view name) {
  if (const KernelTable* table = find_usable(name)) {
    process_choice.store(table, std::memory_order_relaxed);
    return {};
  }
  const Names all = all_names();
  if (std::find(all.names.begin(), all.names.end(), name) != all.names.end()) {
    return Error{ErrorCode::kUnavailable, "this processor cannot run kernel " + std::string(name)};
  }
  std::string known;
  for (const std::string_view each : kernel_names()) known += " " + std::string(each);
  return Error{ErrorCode::kNotFound,
               "no kernel is called " + std::string(name) + "; this machine has" + known};
}

ScopedKernel::ScopedKernel(std::string_view name) : outer_(thread_choice) {
  const KernelTable* table = find_usable(name);
  if (table == nullptr) {  // whoever forces a kernel must not be measuring another one
    std::fprintf(stderr, "ScopedKernel: this machine has no kernel %.*s\n",
                 static_cast<int>(name.size()), name.data());
    std::abort();
  }
  thread_choice = table;
}

ScopedKernel::~ScopedKernel() { thread_choice = outer_; }

}  // namespace midstream::temporal
