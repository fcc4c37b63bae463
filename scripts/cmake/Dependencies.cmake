# Every third-party library, and the only place that looks for them. scripts/bootstrap.sh
# obtains what is missing here.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(benchmark REQUIRED)
find_package(spdlog REQUIRED)
find_package(Eigen3 REQUIRED)
if(MIDSTREAM_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

include(QuicDependencies)  # midstream_ngtcp2: ngtcp2 with its OpenSSL helper
