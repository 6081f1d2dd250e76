// kRows has the name that each signer gives its expiry, one row a form.
#include "content/url_expiry.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/text/base64.hpp"
#include "http/form.hpp"

namespace okg::content {
namespace {

using Fields = std::map<std::string, std::string>;
using Time = std::optional<Timestamp>;
constexpr auto npos = std::string::npos;

/// A smaller number is no time since 1970 but a
/// duration, a larger one counts milliseconds.
constexpr std::int64_t kMinSeconds = 1'000'000'000;    // the year 2001
constexpr std::int64_t kMaxSeconds = 253'402'300'799;  // the end of the year 9999

/// The query of `url`, its names in small letters;
/// without values that are not properly encoded.
Fields query_of(std::string_view url) {
  Fields fields;
  url = url.substr(0, url.find('#'));
  const auto query = url.find('?');
  if (query == std::string_view::npos) return fields;
  for (const auto& pair : http::split_form(url.substr(query + 1)))
    if (const auto value = http::decode_form_text(pair.value)) fields[to_lower(pair.name)] = *value;
  return fields;
}

const std::string* find(const Fields& fields, std::string_view name) {
  const auto found = fields.find(std::string(name));
  return found == fields.end() ? nullptr : &found->second;
}

Time at_seconds(std::optional<std::int64_t> seconds) {
  if (!seconds || *seconds < kMinSeconds || *seconds > kMaxSeconds) return std::nullopt;
  return Timestamp(std::chrono::seconds(*seconds));
}

/// "1769860800".
Time seconds_of(const std::string& text) { return at_seconds(parse_whole<std::int64_t>(text)); }

/// "697df0c0": eight digits, since ten are decimal.
Time hex_seconds_of(const std::string& text) {
  return text.size() == 8 ? at_seconds(parse_whole<std::int64_t>(text, 16)) : std::nullopt;
}

Time decimal_or_hex(const std::string& text) {
  const auto time = seconds_of(text);
  return time ? time : hex_seconds_of(text);
}

/// "2026-01-31T12:00:00Z"; the seconds, and the whole time of day, may be left out.
Time date_of(const std::string& text) {
  static constexpr std::string_view kRest = "T00:00:00Z";
  const auto missing = text.size() == 10 ? std::size_t{0} : std::size_t{6};
  const bool is_short = text.size() == 10 || text.size() == 17;
  const auto time = parse_timestamp(
      is_short ? text.substr(0, 10 + missing) + std::string(kRest.substr(missing)) : text);
  return time ? Time(*time) : std::nullopt;
}

Time seconds_or_date(const std::string& text) {
  const auto time = seconds_of(text);
  return time ? time : date_of(text);
}

/// "20260131T120000Z", or with its dashes and colons.
Time basic_time(const std::string& text) {
  if (text.size() != 16 || text[8] != 'T') return date_of(text);
  return date_of(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 5) + ":" +
                 text.substr(11, 2) + ":" + text.substr(13));
}

Time later(Time begin, const std::string& duration) {
  const auto seconds = parse_whole<std::int64_t>(duration);
  if (!begin || !seconds || *seconds < 0 || *seconds > kMaxSeconds) return std::nullopt;
  return *begin + std::chrono::seconds(*seconds);
}

/// "BEGIN;END".
Time end_of_span(const std::string& text) {
  const auto end = text.find(';');
  return end == npos ? std::nullopt : seconds_of(text.substr(end + 1));
}

/// "1769860800-RAND-UID-MD5".
Time before_dash(const std::string& text) {
  const auto dash = text.find('-');
  return dash == npos ? std::nullopt : seconds_of(text.substr(0, dash));
}

/// "bce-auth-v1/KEY/2026-01-31T11:00:00Z/3600/HEADERS/SIGNATURE".
Time bce_time(const std::string& text) {
  std::array<std::string, 4> parts;
  std::string_view rest = text;
  for (auto& part : parts) {
    const auto end = std::min(rest.find('/'), rest.size());
    part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return parts[0] == "bce-auth-v1" ? later(date_of(parts[2]), parts[3]) : std::nullopt;
}

/// "exp=1769860800~acl=/*~hmac=…".
Time akamai_time(const std::string& text) {
  if (text.find("~hmac=") == npos) return std::nullopt;
  const auto begin = text.starts_with("exp=") ? std::size_t{0} : text.find("~exp=");
  if (begin == npos) return std::nullopt;
  const auto value = begin == 0 ? std::size_t{4} : begin + 5;
  return seconds_of(text.substr(value, text.find('~', value) - value));
}

/// Base64 without padding, whose last two characters may be those of URLs.
std::string decoded(std::string_view text) {
  std::string padded(text);
  std::ranges::replace(padded, '-', '+');
  std::ranges::replace_if(
      padded, [](char c) { return c == '_' || c == '~'; }, '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  return decode_base64(padded).value_or("");
}

Time number_at(const std::string& text, const char* pointer) {
  const auto json = parse_json(text);
  if (!json) return std::nullopt;
  const nlohmann::json::json_pointer place(pointer);
  if (!json->contains(place) || !(*json)[place].is_number()) return std::nullopt;
  const auto seconds = (*json)[place].get<double>();
  if (!(seconds >= kMinSeconds && seconds <= kMaxSeconds)) return std::nullopt;
  return at_seconds(static_cast<std::int64_t>(seconds));
}

/// Base64 of {"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":…}}}]}, with "_"
/// for "=" at its end.
Time policy_time(const std::string& text) {
  const auto last = text.find_last_not_of("_=");
  return number_at(decoded(std::string_view(text).substr(0, last == npos ? 0 : last + 1)),
                   "/Statement/0/Condition/DateLessThan/AWS:EpochTime");
}

/// "HEADER.CLAIMS.SIGNATURE", the claims being base64 of {"exp":…}. @source RFC 7519, 4.1.4
Time jwt_time(const std::string& text) {
  const auto first = text.find('.');
  const auto second = first == npos ? npos : text.find('.', first + 1);
  if (second == npos || !text.starts_with("eyJ")) return std::nullopt;
  return number_at(decoded(std::string_view(text).substr(first + 1, second - first - 1)), "/exp");
}

/// One form of an expiry: the parameter that has it.
struct Row {
  std::string_view name;    ///< empty: any
  std::string_view beside;  ///< a parameter without which it means something else; empty: none
  Time (*read)(const std::string& text);
};

constexpr std::array<Row, 24> kRows{{
    // S3 V2, OSS, OBS, GCS V2, CloudFront, BunnyCDN, and many a signer of one's own.
    {"expires", "", seconds_or_date},
    {"expires_at", "", seconds_or_date},
    {"expire", "", seconds_or_date},
    {"expiry", "", seconds_or_date},
    {"expiration", "", seconds_or_date},
    {"exp", "", seconds_of},
    // COS. @source https://cloud.tencent.com/document/product/436/7778
    {"q-sign-time", "", end_of_span},
    {"q-key-time", "", end_of_span},
    // Azure. @source https://learn.microsoft.com/rest/api/storageservices/create-service-sas
    {"se", "sig", date_of},
    // Qiniu. @source https://developer.qiniu.com/kodo/1202/download-token
    {"e", "token", seconds_of},
    // nginx's secure_link, as it is often set up.
    // @source https://nginx.org/en/docs/http/ngx_http_secure_link_module.html
    {"e", "st", seconds_of},
    // CloudFront with a custom policy. @source
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-custom-policy.html
    {"policy", "key-pair-id", policy_time},
    // BOS. @source https://cloud.baidu.com/doc/BOS/s/Tjwvysf1p
    {"authorization", "", bce_time},
    // Alibaba Cloud CDN, Volcengine CDN, type A.
    // @source https://help.aliyun.com/zh/cdn/user-guide/type-a-signing
    {"auth_key", "", before_dash},
    // Tencent Cloud CDN, type D. @source https://cloud.tencent.com/document/product/228/41625
    {"t", "sign", decimal_or_hex},
    {"sign", "", before_dash},  // type A
    // Tencent Cloud CSS. @source https://cloud.tencent.com/document/product/267/32735
    {"txtime", "txsecret", decimal_or_hex},
    // Wangsu.
    {"wstime", "wssecret", decimal_or_hex},
    // Discord's attachments.
    {"ex", "hm", hex_seconds_of},
    // Akamai's tokens. @source https://github.com/akamai/EdgeAuth-Token-Python
    {"hdnts", "", akamai_time},
    {"hdnea", "", akamai_time},
    {"__token__", "", akamai_time},
    {"__gda__", "", akamai_time},
    // A JSON Web Token, whatever it is called.
    {"", "", jwt_time},
}};

/// A date and for how many seconds from it on: PREFIX-Date and PREFIX-Expires.
/// @source https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
/// @source https://www.volcengine.com/docs/6349/74832
constexpr std::array<std::string_view, 6> kDated{"x-amz-", "x-tos-", "x-goog-",
                                                 "x-oss-", "x-obs-", "x-bce-"};

Time dated_time(const Fields& fields, const std::string& prefix) {
  const auto* date = find(fields, prefix + "date");
  const auto* seconds = find(fields, prefix + "expires");
  return date == nullptr || seconds == nullptr ? std::nullopt : later(basic_time(*date), *seconds);
}

class Earliest {
 public:
  void consider(Time time) {
    if (time) time_ = time_ ? std::min(*time_, *time) : *time;
  }
  [[nodiscard]] Time time() const { return time_; }

 private:
  Time time_;
};

}  // namespace

std::optional<Timestamp> url_expiry(std::string_view url) {
  const auto fields = query_of(url);
  Earliest earliest;
  for (const auto prefix : kDated) earliest.consider(dated_time(fields, std::string(prefix)));
  for (const auto& row : kRows) {
    if (!row.beside.empty() && find(fields, row.beside) == nullptr) continue;
    for (const auto& [name, value] : fields)
      if (row.name.empty() || name == row.name) earliest.consider(row.read(value));
  }
  return earliest.time();
}

}  // namespace okg::content
