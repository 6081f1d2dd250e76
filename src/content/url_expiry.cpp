#include "content/url_expiry.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/text.hpp"
#include "http/form.hpp"

namespace okg::content {
namespace {

using Fields = std::map<std::string, std::string>;

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

const std::string* find(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &found->second;
}

std::optional<Timestamp> at_seconds(const std::string* text) {
  const auto seconds = text == nullptr ? std::nullopt : parse_whole<std::int64_t>(*text);
  if (!seconds || *seconds < kMinSeconds || *seconds > kMaxSeconds) return std::nullopt;
  return Timestamp(std::chrono::seconds(*seconds));
}

/// "20260131T120000Z".
std::optional<Timestamp> basic_time(const std::string& text) {
  if (text.size() != 16 || text[8] != 'T') return std::nullopt;
  const auto extended = text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 5) +
                        ":" + text.substr(11, 2) + ":" + text.substr(13);
  const auto time = parse_timestamp(extended);
  return time ? std::optional(*time) : std::nullopt;
}

/// A date and for how many seconds from it on, both with this prefix.
std::optional<Timestamp> date_and_seconds(const Fields& fields, const std::string& prefix) {
  const auto* date = find(fields, prefix + "date");
  const auto* text = find(fields, prefix + "expires");
  const auto seconds = text == nullptr ? std::nullopt : parse_whole<std::int64_t>(*text);
  const auto begin = date == nullptr ? std::nullopt : basic_time(*date);
  if (!begin || !seconds || *seconds < 0 || *seconds > kMaxSeconds) return std::nullopt;
  return *begin + std::chrono::seconds(*seconds);
}

/// "BEGIN;END".
std::optional<Timestamp> end_of_span(const std::string* text) {
  if (text == nullptr || text->find(';') == std::string::npos) return std::nullopt;
  const auto end = text->substr(text->find(';') + 1);
  return at_seconds(&end);
}

std::optional<Timestamp> azure_time(const Fields& fields) {
  const auto* text = find(fields, "se");
  if (text == nullptr || find(fields, "sig") == nullptr) return std::nullopt;
  // The seconds, and the whole time of day, may be left out.
  static constexpr std::string_view kRest = "T00:00:00Z";
  const auto short_of = [&](std::size_t size, std::size_t from) {
    return text->size() == size ? text->substr(0, 10 + from) + std::string(kRest.substr(from))
                                : *text;
  };
  const auto time = parse_timestamp(text->size() == 10 ? short_of(10, 0) : short_of(17, 6));
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

std::optional<Timestamp> url_expiry(std::string_view url) {
  const auto fields = query_of(url);
  std::optional<Timestamp> earliest;
  const auto consider = [&](std::optional<Timestamp> time) {
    if (time) earliest = earliest ? std::min(*earliest, *time) : *time;
  };
  for (const auto* prefix : {"x-amz-", "x-tos-", "x-goog-", "x-oss-", "x-obs-"})
    consider(date_and_seconds(fields, prefix));
  consider(at_seconds(find(fields, "expires")));
  consider(end_of_span(find(fields, "q-sign-time")));
  consider(end_of_span(find(fields, "q-key-time")));
  if (find(fields, "token") != nullptr) consider(at_seconds(find(fields, "e")));
  consider(azure_time(fields));
  return earliest;
}

}  // namespace okg::content
