// AWS's Signature Version 4, of requests without a body.
#pragma once

#include <string>
#include <string_view>

#include "base/time/timestamp.hpp"
#include "http/message.hpp"
#include "source/aws_keys.hpp"

namespace okg::source {

/// The scope in which a signature counts.
struct AwsScope {
  std::string region;
  std::string service;
};

/// The signed parts of a request. Other headers may be sent beside.
struct AwsRequest {
  std::string method;
  std::string path;   ///< as sent, see canonical_path()
  std::string query;  ///< as sent, see canonical_query()
  http::Headers headers;
};

/// Each byte but letters, digits and "-._~/" as %XX: "/a%2bb c" -> "/a%2Bb%20c".
/// Such a path is the same to servers that sign the received bytes and to
/// those that decode them first. Errors: kInvalid, a broken %-escape.
[[nodiscard]] Result<std::string> canonical_path(std::string_view path);
/// The same of names and values, ordered: "b=2&a" -> "a=&b=2".
[[nodiscard]] Result<std::string> canonical_query(std::string_view query);

/// The value of Authorization. `request.headers` has x-amz-date with this time.
/// @source https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
[[nodiscard]] std::string aws_authorization(const AwsRequest& request, const AwsKeys& keys,
                                            const AwsScope& scope, Timestamp time);
/// "20130524T000000Z".
[[nodiscard]] std::string aws_time(Timestamp time);
/// The digest of the empty body, hex.
[[nodiscard]] std::string empty_body_sha256();

}  // namespace okg::source
