// Finds the word that an object store has for an error.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace okg::source {

/// Finds "NoSuchKey" in "<Error><Code>NoSuchKey</Code><Message>…", whose
/// rest repeats what was signed.
/// @source https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
class S3ErrorCode {
 public:
  /// More of the body. The code, once, when it is there: letters, at most 64.
  std::optional<std::string> read(std::span<const std::byte> bytes);

 private:
  std::string head_;  ///< of the body
  bool is_done_ = false;
};

}  // namespace okg::source
