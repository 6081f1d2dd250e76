# Every library comes from Debian 12 (scripts/setup installs them); two from its source packages.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
# Linked statically: half of the shared library is never used, and its relocations are private memory of each sidecar.
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(OpenSSL 3 REQUIRED)
include(cmake/source_libraries.cmake)
find_package(nlohmann_json REQUIRED)
# Its CMake package knows the shared library alone. No library in C++ is shared, so that what is released has of libstdc++
# only what it uses.
find_library(YAML_CPP_STATIC libyaml-cpp.a REQUIRED)
find_path(SPDLOG_HEADERS spdlog/spdlog.h REQUIRED)
add_library(spdlog_headers INTERFACE)
target_compile_definitions(spdlog_headers INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY
  # Logs are text: what formats floating-point numbers would need libm, of which 0.3 MiB would stay in memory.
  FMT_USE_FLOAT=0 FMT_USE_DOUBLE=0 FMT_USE_LONG_DOUBLE=0)
find_package(CLI11 REQUIRED)
find_package(GTest REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)

# libarchive's own static library: of it, the readers of tar and zip alone. The shared one needs libxml2 and with that ICU, which
# would be the larger part of the image, for formats that no update has.
find_library(LIBARCHIVE_STATIC libarchive.a REQUIRED)
find_library(NETTLE_STATIC libnettle.a REQUIRED)
find_library(BZ2_STATIC libbz2.a REQUIRED)
find_library(LZMA_STATIC liblzma.a REQUIRED)
find_library(ZSTD_STATIC libzstd.a REQUIRED)
find_library(Z_STATIC libz.a REQUIRED)
add_library(libarchive_readers INTERFACE)
target_link_libraries(libarchive_readers INTERFACE ${LIBARCHIVE_STATIC} ${NETTLE_STATIC} ${BZ2_STATIC} ${LZMA_STATIC}
                                               ${ZSTD_STATIC} ${Z_STATIC} Threads::Threads)
