// An object store that speaks S3: its URLs, and how they are signed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time/timestamp.hpp"
#include "http/client/request.hpp"
#include "http/client/url.hpp"

namespace okg::source {

/// Where "s3://bucket/key" is.
enum class BucketStyle {
  /// https://bucket.endpoint/key
  kHost,
  /// https://endpoint/bucket/key
  kPath,
};

struct ObjectStore {
  http::Url endpoint;  ///< without path and query
  std::string region;
  std::filesystem::path credentials_file;
  std::string profile = "default";  ///< of credentials_file
  BucketStyle style = BucketStyle::kHost;

  /// The endpoint itself; by host also one label below it, which is a bucket.
  [[nodiscard]] bool holds(const http::Url& url) const;
};

/// True for "s3://…".
[[nodiscard]] bool names_object(std::string_view url);

/// "s3://bucket/key" -> "https://bucket.endpoint/key"; any other URL as it is. Errors:
/// kInvalid, without a store, or it names no bucket and key.
[[nodiscard]] Result<std::string> url_of_object(const std::optional<ObjectStore>& store,
                                                std::string_view url);

/// Has `request`, of this URL, signed at `time`. False, and nothing
/// is changed: the URL is not the store's, or it is signed itself, or
/// has a user. Errors: those of source/aws_keys.hpp.
[[nodiscard]] Result<bool> sign(const std::optional<ObjectStore>& store, const http::Url& url,
                                Timestamp time, http::ClientRequest& request);

}  // namespace okg::source
