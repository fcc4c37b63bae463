# Compiler settings for all of our code, and the two functions every folder uses.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(midstream_settings INTERFACE)
target_include_directories(midstream_settings INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_options(midstream_settings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wno-psabi
  # False alarms on std::string::operator+ (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # A kernel must give the same bits whichever instruction set it is compiled for.
  -ffp-contract=off
  $<$<BOOL:${MIDSTREAM_WERROR}>:-Werror>
  $<$<BOOL:${MIDSTREAM_COVERAGE}>:--coverage>)
target_link_options(midstream_settings INTERFACE $<$<BOOL:${MIDSTREAM_COVERAGE}>:--coverage>)
if(MIDSTREAM_SANITIZE)
  add_compile_options(-fsanitize=${MIDSTREAM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MIDSTREAM_SANITIZE})
endif()
if(MIDSTREAM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# midstream_component(NAME [OBJECT] SOURCES file… [USES target…] [PRIVATE target…])
# A library midstream_NAME. OBJECT where registrars must survive the linker.
function(midstream_component name)
  cmake_parse_arguments(ARG "OBJECT" "" "SOURCES;USES;PRIVATE" ${ARGN})
  set(kind STATIC)
  if(ARG_OBJECT)
    set(kind OBJECT)
  endif()
  add_library(midstream_${name} ${kind} ${ARG_SOURCES})
  target_link_libraries(midstream_${name} PUBLIC midstream_settings ${ARG_USES} PRIVATE ${ARG_PRIVATE})
endfunction()

# midstream_kernel(FILE avx2|avx512): instruction-set flags on that translation unit only.
function(midstream_kernel file isa)
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    return()
  endif()
  if(isa STREQUAL "avx2")
    set(flags -mavx2 -mbmi -mbmi2 -mpopcnt -mlzcnt -mfma)
  elseif(isa STREQUAL "avx512")
    set(flags -mavx2 -mbmi -mbmi2 -mpopcnt -mlzcnt -mavx512f -mavx512bw -mavx512dq -mavx512vl -mprefer-vector-width=512)
  endif()
  # Where a loop falls in the link must not decide its speed: two builds that differ elsewhere would
  # differ here, by 14 % once.
  list(APPEND flags -falign-functions=64 -falign-loops=32)
  set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "${flags}")
endfunction()

# midstream_test(NAME SOURCES file… [USES target…] [LABELS label…]): a GoogleTest binary.
function(midstream_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LABELS" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE midstream_settings ${ARG_USES} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name}_test PRIVATE
    MIDSTREAM_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}"
    MIDSTREAM_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT 300 LABELS "${ARG_LABELS}")
endfunction()

# midstream_fuzz(NAME SOURCES file [USES target…]): with MIDSTREAM_FUZZ a libFuzzer binary; always
# a plain program that replays tests/…/corpus/NAME, registered as a test.
function(midstream_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name}_fuzz ${ARG_SOURCES})
  target_link_libraries(${name}_fuzz PRIVATE midstream_settings ${ARG_USES})
  if(MIDSTREAM_FUZZ)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz_replay_main.cpp)
    add_test(NAME fuzz_corpus.${name}
      COMMAND ${name}_fuzz ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
  endif()
endfunction()
