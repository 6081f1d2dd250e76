// When a signed URL stops working, as far as the URL says so itself.
#pragma once

#include <optional>
#include <string_view>

#include "base/timestamp.hpp"

namespace okg::content {

/// The earliest expiry that `url` names, in one of these forms, names without regard to case:
///   X-Amz-Date=20260131T120000Z & X-Amz-Expires=SECONDS   (S3; also X-Tos-, X-Goog-, X-Oss-,
///   X-Obs-) Expires=SECONDS_SINCE_1970                            (S3 V2, OSS, OBS, CloudFront,
///   BunnyCDN) q-sign-time=BEGIN;END, q-key-time=BEGIN;END           (COS) se=2026-01-31T12:00:00Z
///   beside sig=                   (Azure) e=SECONDS_SINCE_1970 beside token= (Qiniu)
/// Nothing when there is none.
/// @source https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
/// @source https://cloud.tencent.com/document/product/436/7778
/// @source https://www.volcengine.com/docs/6349/74832
/// @source https://learn.microsoft.com/rest/api/storageservices/create-service-sas
[[nodiscard]] std::optional<Timestamp> url_expiry(std::string_view url);

}  // namespace okg::content
