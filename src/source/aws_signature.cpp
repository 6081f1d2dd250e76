#include "source/aws_signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/digest/sha256.hpp"
#include "base/text.hpp"
#include "http/form.hpp"

namespace okg::source {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::array<std::uint8_t, 32> hmac(std::string_view key, std::string_view text) {
  std::array<std::uint8_t, 32> mac{};
  if (::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(),
             nullptr) == nullptr)
    std::abort();
  return mac;
}

std::string_view as_text(const std::array<std::uint8_t, 32>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// In the form that a server signs: small names, in their order.
http::Headers canonical_headers(http::Headers headers) {
  for (auto& header : headers) header.name = to_lower(header.name);
  std::ranges::sort(headers, {}, &http::Header::name);
  return headers;
}

std::string names_of(const http::Headers& headers) {
  std::string names;
  for (const auto& header : headers) append_listed(names, ";", header.name);
  return names;
}

std::string canonical_request(const AwsRequest& request, const http::Headers& headers) {
  auto text = request.method + "\n" + request.path + "\n" + request.query + "\n";
  for (const auto& header : headers) text += header.name + ":" + header.value + "\n";
  return text + "\n" + names_of(headers) + "\n" + empty_body_sha256();
}

/// A dot segment stays one that nobody resolves.
std::string encoded_segment(const std::string& segment) {
  if (segment == ".") return "%2E";
  if (segment == "..") return "%2E%2E";
  return http::percent_encode(segment);
}

}  // namespace

Result<std::string> canonical_path(std::string_view path) {
  std::string canonical;
  for (;;) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto segment = http::percent_decode(path.substr(0, slash));
    if (!segment) return segment.error();
    canonical += encoded_segment(*segment);
    if (slash == path.size()) return canonical;
    canonical += '/';
    path.remove_prefix(slash + 1);
  }
}

Result<std::string> canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& pair : http::split_form(query)) {
    const auto name = http::percent_decode(pair.name);
    if (!name) return name.error();
    const auto value = http::percent_decode(pair.value);
    if (!value) return value.error();
    pairs.emplace_back(http::percent_encode(*name), http::percent_encode(*value));
  }
  std::ranges::sort(pairs);
  std::string text;
  for (const auto& [name, value] : pairs)
    text.append(text.empty() ? "" : "&").append(name).append("=").append(value);
  return text;
}

std::string aws_time(Timestamp time) {
  auto text = format_timestamp(time).substr(0, 19);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text + "Z";
}

std::string empty_body_sha256() { return sha256_of("").hex(); }

std::string aws_authorization(const AwsRequest& request, const AwsKeys& keys, const AwsScope& scope,
                              Timestamp time) {
  const auto headers = canonical_headers(request.headers);
  const auto date = aws_time(time).substr(0, 8);
  const auto scope_text = date + "/" + scope.region + "/" + scope.service + "/aws4_request";
  const auto to_sign = std::string(kAlgorithm) + "\n" + aws_time(time) + "\n" + scope_text + "\n" +
                       sha256_of(canonical_request(request, headers)).hex();
  auto key = hmac("AWS4" + keys.secret, date);
  for (const auto& part : {scope.region, scope.service, std::string("aws4_request")})
    key = hmac(as_text(key), part);
  return std::string(kAlgorithm) + " Credential=" + keys.id + "/" + scope_text +
         ",SignedHeaders=" + names_of(headers) +
         ",Signature=" + Sha256(hmac(as_text(key), to_sign)).hex();
}

}  // namespace okg::source
