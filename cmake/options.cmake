# What every target of ours is compiled with.
add_library(okg_options INTERFACE)
target_include_directories(okg_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(okg_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wconversion)
if(OKG_WERROR)
  target_compile_options(okg_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang 14 has coroutines but does not say so with the macro that libstdc++ 12 asks for.
  target_compile_definitions(okg_options INTERFACE __cpp_impl_coroutine=201902L)
  target_compile_options(okg_options INTERFACE -Wno-builtin-macro-redefined -Wreserved-identifier)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Warns of std::string's own operator+ when optimizing. @source https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105651
  target_compile_options(okg_options INTERFACE -Wno-restrict)
  if(CMAKE_UNITY_BUILD)
    # Files that are compiled together are included, and a coroutine's frame of one with a lambda in it looks like a header's.
    target_compile_options(okg_options INTERFACE -Wno-subobject-linkage)
  endif()
endif()
# What is shipped makes a mistake in it hard to use. Debug builds go without: FORTIFY needs optimization, and tests are built often.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_compile_options(okg_options INTERFACE -fcf-protection=full)
  elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    target_compile_options(okg_options INTERFACE -mbranch-protection=standard)
  endif()
  target_compile_options(okg_options INTERFACE -fPIE -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_compile_definitions(okg_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(okg_options INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(CMAKE_SYSROOT)
  # Where the folder lies is no part of the program: its headers are named as on a machine of their architecture.
  target_compile_options(okg_options INTERFACE -ffile-prefix-map=${CMAKE_SYSROOT}=)
endif()
if(OKG_SANITIZE)
  target_compile_options(okg_options INTERFACE -fsanitize=${OKG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(okg_options INTERFACE -fsanitize=${OKG_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # clang 14 cannot put this check's data before a coroutine ("Cannot represent a difference across sections").
    target_compile_options(okg_options INTERFACE -fno-sanitize=function)
  endif()
endif()
# Beast and Asio are compiled once, in src/http/server/io/boost.cpp.
target_compile_definitions(okg_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                                 BOOST_ASIO_NO_DEPRECATED)

# okg_base has the precompiled headers that all use.
function(okg_precompile target)
  if(NOT OKG_PRECOMPILE)
    return()
  endif()
  # ccache compares files by their content.
  target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  if(target STREQUAL "okg_base")
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)
  else()
    target_precompile_headers(${target} REUSE_FROM okg_base)
  endif()
endfunction()

# okg_library(NAME libraries…): the static library of the folder it stands in, made of all .cpp files in it and below it, but for
# subfolders that are libraries themselves.
function(okg_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB_RECURSE nested CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  foreach(list_file ${nested})
    get_filename_component(folder ${list_file} DIRECTORY)
    list(FILTER sources EXCLUDE REGEX "^${folder}/")
  endforeach()
  add_library(okg_${name} STATIC ${sources})
  target_link_libraries(okg_${name} PUBLIC okg_options ${ARGN})
  if(OKG_FUZZ)
    # libFuzzer sees which branches an input takes. Of the unit tests it would double the time to compile.
    target_compile_options(okg_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  okg_precompile(okg_${name})
endfunction()
