// Versions of this program and of every library it is linked with.
#pragma once

#include <string>

namespace midstream::app {

std::string tool_version();   // "0.1.0"
std::string tool_revision();  // git's description of the source, or "unknown"
std::string version_text();   // what --version prints

}  // namespace midstream::app
