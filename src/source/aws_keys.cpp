#include "source/aws_keys.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "source/secret_file.hpp"

namespace okg::source {
namespace {

constexpr std::size_t kMaxCredentialsFileBytes = std::size_t{64} << 10U;

constexpr std::string_view kBlanks = " \t\r";

/// Such text cannot end a header or a part of one.
bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

/// Where the value of this name belongs; nullptr: nowhere.
std::string* place_of(std::string_view name, AwsKeys& keys) {
  if (equals_ignoring_case(name, "aws_access_key_id")) return &keys.id;
  if (equals_ignoring_case(name, "aws_secret_access_key")) return &keys.secret;
  if (equals_ignoring_case(name, "aws_session_token")) return &keys.session_token;
  return nullptr;
}

void read_line(std::string_view line, AwsKeys& keys) {
  auto* place = place_of(trimmed(take_until(line, "="), kBlanks), keys);
  if (place != nullptr) *place = trimmed(line, kBlanks);
}

AwsKeys keys_below(std::string_view text, std::string_view profile) {
  const auto heading = "[" + std::string(profile) + "]";
  AwsKeys keys;
  bool is_below = false;
  while (!text.empty()) {
    const auto line = trimmed(take_until(text, "\n"), kBlanks);
    if (line.starts_with('['))
      is_below = line == heading;
    else if (is_below && !line.starts_with('#') && !line.starts_with(';'))
      read_line(line, keys);
  }
  return keys;
}

}  // namespace

Result<AwsKeys> read_aws_keys(const std::filesystem::path& path, std::string_view profile) {
  const SecretFile file{"s3", path};
  const auto text = file.read(kMaxCredentialsFileBytes);
  if (!text) return text.error();
  auto keys = keys_below(*text, profile);
  if (!is_word(keys.id) || keys.id.find('/') != std::string::npos || !is_word(keys.secret))
    return file.unusable("has no aws_access_key_id and aws_secret_access_key below [" +
                         std::string(profile) + "]");
  if (!keys.session_token.empty() && !is_word(keys.session_token))
    return file.unusable("has an aws_session_token that is no single word");
  return keys;
}

}  // namespace okg::source
