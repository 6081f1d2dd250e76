#include "config/reader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "base/text/byte_size.hpp"
#include "base/text/closest.hpp"
#include "base/text/in_quotes.hpp"

namespace okg::config {
namespace {

constexpr double kMaxSeconds = 365.0 * 24 * 3600;

/// Long values (a whole file under the wrong key) are cut.
constexpr std::size_t kMaxShownBytes = 60;

std::string in_quotes(std::string_view text) { return "'" + shortened(text, kMaxShownBytes) + "'"; }

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull: return "nothing";
    case Node::Kind::kScalar: return in_quotes(node.scalar);
    case Node::Kind::kSequence: return "a list";
    case Node::Kind::kMap: return "a map";
  }
  return "something else";
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

const Entry* find_key(std::span<const Entry> entries, std::string_view name) {
  const auto found = std::ranges::find_if(
      entries, [&](const auto& entry) { return equals_ignoring_case(entry.key, name); });
  return found == entries.end() ? nullptr : &*found;
}

std::string stands_twice(const Entry& first) {
  return "stands twice; the first one is on line " + std::to_string(first.line);
}

}  // namespace

MapReader::MapReader(const Node& node, std::string key_path, Mistakes& mistakes)
    : MapReader(node.kind == Node::Kind::kMap ? &node : nullptr, node.line, std::move(key_path),
                false, mistakes) {
  if (node.kind == Node::Kind::kMap || node.kind == Node::Kind::kNull) return;
  mistakes_->add(line_, key_path_, "expected a map, got " + describe(node));
  muted_ = true;
}

std::string MapReader::path_of(std::string_view name) const {
  return key_path_.empty() ? std::string(name) : key_path_ + "." + std::string(name);
}

void MapReader::report(int line, std::string_view key, std::string_view message) {
  if (!muted_) mistakes_->add(line, key, message);
}

const Entry* MapReader::entry(std::string_view name) const {
  return map_ == nullptr ? nullptr : find_key(map_->entries, name);
}

const Node* MapReader::find(std::string_view name) {
  if (std::ranges::find(asked_, name) == asked_.end()) asked_.emplace_back(name);
  const auto* found = entry(name);
  return found == nullptr || found->value.kind == Node::Kind::kNull ? nullptr : &found->value;
}

const Node* MapReader::find(std::string_view name, Node::Kind kind, std::string_view expected) {
  const auto* value = find(name);
  if (value == nullptr || value->kind == kind) return value;
  mistake(name, "expected " + std::string(expected) + ", got " + describe(*value));
  return nullptr;
}

bool MapReader::has(std::string_view name) { return find(name) != nullptr; }

bool MapReader::stands(std::string_view name) {
  (void)find(name);
  return entry(name) != nullptr;
}

int MapReader::line(std::string_view name) const {
  const auto* found = entry(name);
  return found == nullptr ? line_ : found->line;
}

void MapReader::mistake(std::string_view name, std::string_view message) {
  report(line(name), path_of(name), message);
}

std::string MapReader::text(std::string_view name, std::string fallback) {
  const auto* value = find(name, Node::Kind::kScalar, "text");
  if (value == nullptr) return fallback;
  return value->scalar;
}

std::string MapReader::required_text(std::string_view name) {
  if (!has(name)) {
    mistake(name, "is missing");
    return "";
  }
  const auto* value = find(name, Node::Kind::kScalar, "text");
  if (value == nullptr) return "";
  if (value->scalar.empty()) mistake(name, "must not be empty");
  return value->scalar;
}

bool MapReader::flag(std::string_view name, bool fallback) {
  const auto* value = find(name, Node::Kind::kScalar, "true or false");
  if (value == nullptr) return fallback;
  for (const auto word : {"true", "yes", "on"})
    if (equals_ignoring_case(value->scalar, word)) return true;
  for (const auto word : {"false", "no", "off"})
    if (equals_ignoring_case(value->scalar, word)) return false;
  mistake(name, "expected true or false, got " + describe(*value));
  return fallback;
}

std::int64_t MapReader::integer(std::string_view name, std::int64_t fallback, std::int64_t min,
                                std::int64_t max) {
  const auto* value = find(name, Node::Kind::kScalar, "a number");
  if (value == nullptr) return fallback;
  const auto number = parse_whole<std::int64_t>(value->scalar);
  if (number && *number >= min && *number <= max) return *number;
  mistake(name, "expected a whole number from " + std::to_string(min) + " to " +
                    std::to_string(max) + ", got " + describe(*value));
  return fallback;
}

std::chrono::milliseconds MapReader::seconds(std::string_view name,
                                             std::chrono::milliseconds fallback) {
  const auto* value = find(name, Node::Kind::kScalar, "a number");
  if (value == nullptr) return fallback;
  std::string_view rest = value->scalar;
  const auto number = take_decimal(rest);
  if (number && rest.empty() && *number >= 0 && *number <= kMaxSeconds)
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(*number));
  mistake(name,
          "expected a number of seconds like 30 or 0.5, at most a year, got " + describe(*value));
  return fallback;
}

std::uint64_t MapReader::quantity(std::string_view name, std::uint64_t fallback,
                                  Result<std::uint64_t> (*parse)(std::string_view)) {
  const auto* value = find(name, Node::Kind::kScalar, "a quantity");
  if (value == nullptr) return fallback;
  const auto parsed = parse(value->scalar);
  if (!parsed) mistake(name, parsed.error().message);
  return parsed.value_or(fallback);
}

std::uint64_t MapReader::byte_size(std::string_view name, std::uint64_t fallback) {
  return quantity(name, fallback, parse_byte_size);
}

std::uint64_t MapReader::cpu_millis(std::string_view name, std::uint64_t fallback) {
  return quantity(name, fallback, parse_cpu_millis);
}

std::optional<std::size_t> MapReader::index_of_word(std::string_view name,
                                                    std::span<const std::string_view> words) {
  const auto* value = find(name, Node::Kind::kScalar, "one word of " + joined(words));
  if (value == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (equals_ignoring_case(value->scalar, words[i])) return i;
  mistake(name, "expected " + joined(words) + ", got " + describe(*value) +
                    did_you_mean(value->scalar, words));
  return std::nullopt;
}

MapReader MapReader::map(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return MapReader(nullptr, line(name), path_of(name), muted_, *mistakes_);
  if (value->kind == Node::Kind::kMap)
    return MapReader(value, line(name), path_of(name), muted_, *mistakes_);
  mistake(name, "expected a map, got " + describe(*value));
  return MapReader(nullptr, line(name), path_of(name), true, *mistakes_);
}

std::vector<const Node*> MapReader::sequence(std::string_view name) {
  std::vector<const Node*> items;
  if (const auto* value = find(name, Node::Kind::kSequence, "a list"); value != nullptr)
    for (const auto& item : value->items) items.push_back(&item);
  return items;
}

std::vector<std::pair<std::string, std::string>> MapReader::text_map(std::string_view name) {
  std::vector<std::pair<std::string, std::string>> texts;
  const auto* value = find(name, Node::Kind::kMap, "a map of names and texts");
  if (value == nullptr) return texts;
  for (const auto& item : value->entries) {
    const auto key = path_of(name) + "." + item.key;
    if (const auto* first = find_key(value->entries, item.key); first != &item)
      report(item.line, key, stands_twice(*first));
    else if (item.value.kind == Node::Kind::kScalar)
      texts.emplace_back(item.key, item.value.scalar);
    else if (item.value.kind != Node::Kind::kNull)
      report(item.line, key, "expected text, got " + describe(item.value));
  }
  return texts;
}

std::vector<std::pair<std::string, MapReader>> MapReader::named_maps(std::string_view name) {
  std::vector<std::pair<std::string, MapReader>> maps;
  const auto* value = find(name, Node::Kind::kMap, "a map of names and maps");
  if (value == nullptr) return maps;
  for (const auto& item : value->entries) {
    const auto key = path_of(name) + "." + item.key;
    if (const auto* first = find_key(value->entries, item.key); first != &item)
      report(item.line, key, stands_twice(*first));
    else if (item.value.kind == Node::Kind::kMap)
      maps.emplace_back(item.key, MapReader(item.value, key, *mistakes_));
    else
      report(item.line, key, "expected a map, got " + describe(item.value));
  }
  return maps;
}

Node MapReader::subtree(std::string_view name) {
  const auto* value = find(name);
  auto copy = value == nullptr ? Node{} : *value;
  copy.line = line(name);
  return copy;
}

void MapReader::finish() {
  if (map_ == nullptr) return;
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  for (const auto& item : map_->entries) {
    const bool asked =
        std::ranges::any_of(known, [&](auto name) { return equals_ignoring_case(name, item.key); });
    if (!asked)
      report(item.line, path_of(item.key), "unknown key" + did_you_mean(item.key, known));
    else if (const auto* first = find_key(map_->entries, item.key); first != &item)
      report(item.line, path_of(item.key), stands_twice(*first));
  }
}

}  // namespace okg::config
