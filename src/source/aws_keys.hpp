// The keys that sign requests, from a file in AWS's form.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::source {

struct AwsKeys {
  std::string id;
  std::string secret;
  std::string session_token;  ///< of temporary keys; empty: they are none
};

/// The keys below "[profile]" of the file, which is read each time, so
/// that a new Secret counts at once. Errors: SourceUnauthorized,
/// without anything of the file's content.
/// @source https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
[[nodiscard]] Result<AwsKeys> read_aws_keys(const std::filesystem::path& file,
                                            std::string_view profile);

}  // namespace okg::source
