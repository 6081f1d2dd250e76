# libcurl with http, https and HTTP/2 alone: scripts/libcurl builds it where it is not there yet.
execute_process(COMMAND ${PROJECT_SOURCE_DIR}/scripts/libcurl OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE
                COMMAND_ERROR_IS_FATAL ANY)
find_library(NGHTTP2_LIBRARY libnghttp2.a REQUIRED)
add_library(CURL::libcurl STATIC IMPORTED)
set_target_properties(CURL::libcurl PROPERTIES
  IMPORTED_LOCATION ${folder}/lib/libcurl.a
  INTERFACE_INCLUDE_DIRECTORIES ${folder}/include
  INTERFACE_COMPILE_DEFINITIONS CURL_STATICLIB
  INTERFACE_LINK_LIBRARIES "OpenSSL::SSL;OpenSSL::Crypto;${NGHTTP2_LIBRARY};Threads::Threads")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scripts/libcurl)
