# cmake -DOUTPUT=… -DDIRECTORY=… -DFILES=a;b -P EmbedText.cmake
# Writes a C++ file that defines midstream::targets::embedded_text(name) over the given files.
set(cases "")
foreach(name IN LISTS FILES)
  file(READ ${DIRECTORY}/${name} text)
  string(FIND "${text}" ")embedded\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${name} holds the delimiter of the literal it is embedded in")
  endif()
  string(APPEND cases "  if (name == \"${name}\") return R\"embedded(${text})embedded\";\n")
endforeach()
file(WRITE ${OUTPUT} "// Written by scripts/cmake/EmbedText.cmake.
#include \"targets/embedded.hpp\"

namespace midstream::targets {
std::string_view embedded_text(std::string_view name) {
${cases}  return {};
}
}  // namespace midstream::targets
")
