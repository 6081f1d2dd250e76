# What scripts/source-library builds from Debian's source packages, where it is not there yet.
function(source_library name target file)
  if(CMAKE_TOOLCHAIN_FILE)
    set(toolchain --toolchain ${CMAKE_TOOLCHAIN_FILE})
  endif()
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/scripts/source-library ${name} ${toolchain}
                  OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${folder}/lib/${file}
                                             INTERFACE_INCLUDE_DIRECTORIES ${folder}/include)
endfunction()
source_library(curl CURL::libcurl libcurl.a)
find_library(NGHTTP2_LIBRARY libnghttp2.a REQUIRED)
set_target_properties(CURL::libcurl PROPERTIES
  INTERFACE_COMPILE_DEFINITIONS CURL_STATICLIB
  INTERFACE_LINK_LIBRARIES "OpenSSL::SSL;OpenSSL::Crypto;${NGHTTP2_LIBRARY};Threads::Threads")
source_library(prometheus-cpp prometheus-cpp::core libprometheus-cpp-core.a)
set_target_properties(prometheus-cpp::core PROPERTIES INTERFACE_LINK_LIBRARIES Threads::Threads)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scripts/source-library)
