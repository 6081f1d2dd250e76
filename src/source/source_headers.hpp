// HTTP headers with the credentials for a source, from files.
#pragma once

#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "base/setting.hpp"
#include "http/client/url.hpp"
#include "http/message.hpp"
#include "source/url_prefix.hpp"

namespace okg::source {

/// `file` has lines "Name: value", which URLs of `urls` are asked with.
struct HeaderFile {
  UrlPrefix urls;
  std::filesystem::path file;
};

/// The headers in the first of `files` that holds the URL; none where there is none.
/// The file is read each time, so that a new Secret counts at once.
/// Signed requests get none: Credentials::add_to().
/// Errors: SourceUnauthorized, without anything of the file's content.
[[nodiscard]] Result<http::Headers> headers_for(const Setting<std::vector<HeaderFile>>& files,
                                                const http::Url& url);

}  // namespace okg::source
