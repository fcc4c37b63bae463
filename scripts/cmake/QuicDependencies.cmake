# OpenSSL >= 3.5 and ngtcp2 >= 1.22 with its OpenSSL helper, both of one build.
#
#   midstream_openssl   libssl and libcrypto
#   midstream_ngtcp2    libngtcp2_crypto_ossl and libngtcp2, on top of midstream_openssl
#
# The system's, when pkg-config finds all of them new enough; else the static ones that
# scripts/bootstrap.sh built. Never some of each: an older libssl in the same link would bind to
# symbols of the newer one.

add_library(midstream_openssl INTERFACE)
add_library(midstream_ngtcp2 INTERFACE)

pkg_check_modules(SYSTEM_QUIC QUIET
  openssl>=3.5 libngtcp2>=1.22 libngtcp2_crypto_ossl>=1.22)
if(SYSTEM_QUIC_FOUND)
  message(STATUS "QUIC: OpenSSL ${SYSTEM_QUIC_openssl_VERSION} and "
    "ngtcp2 ${SYSTEM_QUIC_libngtcp2_VERSION} of the system")
  pkg_check_modules(SYSTEM_OPENSSL REQUIRED QUIET IMPORTED_TARGET openssl)
  pkg_check_modules(SYSTEM_NGTCP2 REQUIRED QUIET IMPORTED_TARGET libngtcp2_crypto_ossl libngtcp2)
  target_link_libraries(midstream_openssl INTERFACE PkgConfig::SYSTEM_OPENSSL)
  target_link_libraries(midstream_ngtcp2 INTERFACE PkgConfig::SYSTEM_NGTCP2 midstream_openssl)
  return()
endif()

if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(deps "$ENV{XDG_CACHE_HOME}")
else()
  set(deps "$ENV{HOME}/.cache")
endif()
# Resolved, so that a build tree keeps the build it was configured with when `current` moves on.
file(REAL_PATH "${deps}/midstream-validate/deps/current" prefix)
if(NOT EXISTS "${prefix}/manifest")
  message(FATAL_ERROR
    "OpenSSL >= 3.5 with ngtcp2 >= 1.22 was found neither on the system nor in "
    "${deps}/midstream-validate/deps/current. Run scripts/bootstrap.sh: it installs or builds both.")
endif()
message(STATUS "QUIC: OpenSSL and ngtcp2 of ${prefix}")

target_include_directories(midstream_openssl SYSTEM INTERFACE "${prefix}/include")
target_link_libraries(midstream_openssl INTERFACE
  "${prefix}/lib/libssl.a" "${prefix}/lib/libcrypto.a" Threads::Threads ${CMAKE_DL_LIBS})
target_compile_definitions(midstream_ngtcp2 INTERFACE NGTCP2_STATICLIB)
# ngtcp2's archives need symbols of OpenSSL's, so they come first.
target_link_libraries(midstream_ngtcp2 INTERFACE
  "${prefix}/lib/libngtcp2_crypto_ossl.a" "${prefix}/lib/libngtcp2.a" midstream_openssl)
