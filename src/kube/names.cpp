#include "kube/names.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace okg::kube {
namespace {

constexpr std::size_t kMaxLabelBytes = 63;
constexpr std::size_t kMaxSubdomainBytes = 253;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// Lower-case letters and digits, "-" in between.
bool is_dns_word(std::string_view word) {
  const auto is_end = [](char c) { return is_lower(c) || is_digit(c); };
  return !word.empty() && is_end(word.front()) && is_end(word.back()) &&
         std::ranges::all_of(word, [&](char c) { return is_end(c) || c == '-'; });
}

bool is_dns_subdomain(std::string_view name) {
  if (name.size() > kMaxSubdomainBytes) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('.', begin), name.size());
    if (!is_dns_word(name.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxLabelBytes && is_alphanumeric(name.front()) &&
         is_alphanumeric(name.back()) && has_only_alphanumeric_or("-_.", name);
}

bool is_key(std::string_view key) {
  const auto slash = key.find('/');
  if (slash == std::string_view::npos) return is_key_name(key);
  return is_dns_subdomain(key.substr(0, slash)) && is_key_name(key.substr(slash + 1));
}

Result<void> refuse(std::string_view text, const std::string& what) {
  return fail(ErrorCode::kInvalid, "'", text, "' is not ", what);
}

Result<void> refuse_key(std::string_view key, const std::string& what) {
  return refuse(key, what +
                         "; it has at most 63 letters, digits, '-', '_' and '.', begins and ends "
                         "with a letter or digit, and may "
                         "follow a domain and a slash, like example.com/hot-update");
}

}  // namespace

Result<void> check_namespace(std::string_view name) {
  if (is_dns_word(name) && name.size() <= kMaxLabelBytes) return {};
  return refuse(name,
                "the name of a namespace; it has at most 63 lower-case letters, digits and '-', "
                "like kube-system");
}

Result<void> check_object_name(std::string_view name) {
  if (is_dns_subdomain(name)) return {};
  return refuse(name,
                "the name of a Kubernetes object; it has at most 253 lower-case letters, digits, "
                "'-' and '.', and begins and ends "
                "with a letter or digit, like sidecar-result");
}

Result<void> check_label_key(std::string_view key) {
  return is_key(key) ? Result<void>() : refuse_key(key, "the key of a label");
}

Result<void> check_annotation_key(std::string_view key) {
  return is_key(to_lower(key)) ? Result<void>() : refuse_key(key, "the key of an annotation");
}

}  // namespace okg::kube
