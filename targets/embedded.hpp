// The files compiled into the binary, by file name; empty for any other. Defined by a file that
// scripts/cmake/EmbedText.cmake writes.
#pragma once

#include <string_view>

namespace midstream::targets {

std::string_view embedded_text(std::string_view name);

}  // namespace midstream::targets
