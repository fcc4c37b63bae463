// The inner loops of one instruction set, and the lookup of the table in force. Internal.
#pragma once

#include <string_view>

#include "core/temporal/kernels/content_kernel.hpp"
#include "core/temporal/kernels/dtw_kernel.hpp"
#include "core/temporal/kernels/edit_kernel.hpp"
#include "core/temporal/kernels/euclidean_kernel.hpp"
#include "core/temporal/kernels/search_kernel.hpp"

namespace midstream::temporal {

struct KernelTable {
  std::string_view name;
  const kernels::DtwKernel* dtw;
  const kernels::EditKernel* edit;
  const kernels::SearchKernel* search;
  const kernels::ContentKernel* content;
  const kernels::EuclideanKernel* euclidean;
};

// The table of the calling thread: its ScopedKernel, else the process's choice.
const KernelTable& active_kernel_table();

}  // namespace midstream::temporal
