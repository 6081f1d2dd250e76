// What a source says of the checksum of its
// content, in headers, and whether that is so.
//
//   header                                 | value
//   ---------------------------------------+------------------------------------------
//   Repr-Digest, Content-Digest *          | `sha-256=:BASE64:, md5=:BASE64:`
//   Digest                                 | `SHA-256=BASE64,MD5=BASE64`
//   Content-MD5 *, x-ms-blob-content-md5   | `BASE64`
//   x-amz-checksum-sha256 *                | `BASE64`; `BASE64-N` is of N parts: passed over
//   x-goog-hash                            | `crc32c=BASE64,md5=BASE64`; of what is stored,
//                                          | which is not what came where GCS unpacked it
//   x-oss-, x-cos-, x-tos-hash-crc64ecma   | `DECIMAL`: CRC-64/XZ
//
// * An answer with a part has that of the part there, or may have: passed over.
// The others are of the whole content in every answer.
// The algorithms sha-256, sha-512, md5 and CRC-64 count; others are passed over.
// @source RFC 9530; RFC 3230; RFC 1864
// @source https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
// @source https://cloud.google.com/storage/docs/transcoding, /xml-api/reference-headers
// @source https://learn.microsoft.com/en-us/rest/api/storageservices/get-blob
// @source https://www.alibabacloud.com/help/en/oss/user-guide/check-data-integrity
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest/digest.hpp"
#include "base/digest/sha256.hpp"
#include "base/error.hpp"
#include "http/message.hpp"

namespace okg::content {

enum class ChecksumKind : std::uint8_t { kSha256, kSha512, kMd5, kCrc64 };

struct AnnouncedChecksum {
  ChecksumKind kind{};
  std::string header;  ///< as sent
  std::string value;   ///< in base64, a CRC in decimal digits
};

struct AnnouncedChecksums {
  std::vector<AnnouncedChecksum> readable;
  std::vector<http::Header>
      unreadable;  ///< one of each name that should have been one of the above
};

enum class AnswerHas : std::uint8_t { kWhole, kPart };

/// Reads the checksums of the whole content, also from an answer with a part of it.
[[nodiscard]] AnnouncedChecksums checksums_of(const http::Headers& headers, AnswerHas has);

/// A checksum of the content that differs from the announced one.
struct ChecksumDifference {
  AnnouncedChecksum announced;
  std::string got;  ///< written as `announced.value` is
};

/// Computes what was announced while bytes stream by, and nothing else. Not safe for threads.
class SourceChecksums {
 public:
  /// Another content begins.
  void restart(std::vector<AnnouncedChecksum> announced);
  /// Of the same content, by the answer that brings the rest of it.
  void add(std::vector<AnnouncedChecksum> announced);
  void update(std::span<const std::byte> bytes);
  /// Once all of it came. Reads the content again where a
  /// later answer was the first to announce a checksum of
  /// some kind. Errors: as errno says.
  Result<void> catch_up(int fd, std::string_view what);
  /// Once all of it came. `sha256`: its SHA-256, which is computed anyway.
  [[nodiscard]] std::optional<ChecksumDifference> difference(const Sha256& sha256);

 private:
  [[nodiscard]] bool is_announced(ChecksumKind kind) const;
  [[nodiscard]] bool is_computed(const AnnouncedChecksum& announced) const;
  [[nodiscard]] bool is_new(const AnnouncedChecksum& announced) const;

  std::vector<AnnouncedChecksum> announced_;
  std::optional<DigestStream> sha512_;
  std::optional<DigestStream> md5_;
  std::optional<std::uint64_t> crc64_;
};

}  // namespace okg::content
