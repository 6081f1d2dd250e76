#include "process/title.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "base/text/secret.hpp"
#include "base/text/secret_parts.hpp"

namespace okg::process {
namespace {

/// Part of an option's name, in small letters and without - and _.
constexpr std::array<std::string_view, 11> kSecretWords{
    "pass", "pwd",       "secret", "token",   "credential", "cookie",
    "jwt",  "accesskey", "apikey", "private", "licen"};

bool is_secret(std::string_view name) {
  auto plain = to_lower(name);
  std::erase_if(plain, [](char c) { return c == '-' || c == '_' || c == '.' || c == '+'; });
  return plain == "auth" || plain.ends_with("key") ||
         std::ranges::any_of(kSecretWords, [&](std::string_view word) {
           return plain.find(word) != std::string::npos;
         });
}

bool is_option(std::string_view argument) {
  return argument.starts_with('-') || argument.starts_with('+');
}

/// "NAME=VALUE" and "NAME: VALUE" of a header, with the value masked where it is a secret.
std::string shown_argument(std::string_view argument) {
  const auto end = argument.find_first_of("=:/ ");
  if (end != std::string_view::npos && end + 1 < argument.size() && argument[end] != '/' &&
      argument[end] != ' ' && argument.substr(end, 3) != "://" &&
      (is_secret(argument.substr(0, end)) ||
       equals_ignoring_case(argument.substr(0, end), "authorization")))
    return std::string(argument.substr(0, end + 1)).append(kMask);
  return redact(argument);
}

}  // namespace

std::string shown_title(const Process& process) {
  if (process.arguments.empty())
    return redact(process.command_line.empty() ? process.comm : process.command_line);
  std::string title;
  bool is_value_of_secret = false;
  for (std::size_t i = 0; i < process.arguments.size(); ++i) {
    const std::string_view argument = process.arguments[i];
    const bool is_masked = is_value_of_secret && !is_option(argument) && !argument.empty();
    if (i > 0) title += ' ';
    title += is_masked ? std::string(kMask) : shown_argument(argument);
    is_value_of_secret = i > 0 && is_option(argument) &&
                         argument.find('=') == std::string_view::npos && is_secret(argument);
  }
  title.erase(title.find_last_not_of(' ') + 1);
  return title;
}

}  // namespace okg::process
