// Reads one map of config.yaml key by key. Whatever is wrong
// goes to Mistakes, and the caller goes on with the default.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text/words.hpp"
#include "config/mistakes.hpp"
#include "config/node.hpp"

namespace okg::config {

/// Keys are found without regard to case; an explicit null counts as absent.
/// An absent key gives the default, a value of the wrong type a mistake and
/// the default. Refers to the Node and the Mistakes: both outlive it.
class MapReader {
 public:
  /// `node` is a map, or null, which reads as a map without keys;
  /// anything else is one mistake. `key_path` is how mistakes call
  /// it: "plugins[0].config", or empty for the top of the file.
  MapReader(const Node& node, std::string key_path, Mistakes& mistakes);

  [[nodiscard]] bool has(std::string_view name);
  /// True when the key stands there, be it without a value.
  [[nodiscard]] bool stands(std::string_view name);
  /// The line of the key, or of the map when the key is absent.
  [[nodiscard]] int line(std::string_view name) const;
  /// Adds a mistake at this key.
  void mistake(std::string_view name, std::string_view message);

  [[nodiscard]] std::string text(std::string_view name, std::string fallback);
  /// Absent and empty are mistakes; the result is then empty.
  [[nodiscard]] std::string required_text(std::string_view name);
  /// true, yes, on, false, no, off.
  [[nodiscard]] bool flag(std::string_view name, bool fallback);
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t fallback, std::int64_t min,
                                     std::int64_t max);
  /// 30 or 0.5; rounded up to milliseconds, not negative, at most a year.
  [[nodiscard]] std::chrono::milliseconds seconds(std::string_view name,
                                                  std::chrono::milliseconds fallback);
  /// A Kubernetes quantity, see base/text/byte_size.hpp.
  [[nodiscard]] std::uint64_t byte_size(std::string_view name, std::uint64_t fallback);
  [[nodiscard]] std::uint64_t cpu_millis(std::string_view name, std::uint64_t fallback);
  /// The value of the word that stands there, case ignored.
  template <class Value, std::size_t kRows>
  [[nodiscard]] Value choice(std::string_view name, std::type_identity_t<Value> fallback,
                             const Word<Value> (&table)[kRows]) {
    std::array<std::string_view, kRows> words;
    for (std::size_t i = 0; i < kRows; ++i) words[i] = table[i].word;
    const auto index = index_of_word(name, words);
    return index ? table[*index].value : fallback;
  }

  /// The map below this key. When it is absent, a reader
  /// without keys that reports at the line of this map.
  [[nodiscard]] MapReader map(std::string_view name);
  /// The items of the list below this key; none when it is absent.
  [[nodiscard]] std::vector<const Node*> sequence(std::string_view name);
  /// Names and texts as they stand in the file (HTTP headers);
  /// a name that stands twice, case ignored, is a mistake.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> text_map(std::string_view name);

  /// The maps below the names of the map below this key (URLs); the
  /// caller finishes each. A name that stands twice is a mistake.
  [[nodiscard]] std::vector<std::pair<std::string, MapReader>> named_maps(std::string_view name);

  /// A copy of the value below this key, whatever it is, for
  /// someone who reads it later; its line is that of the key.
  [[nodiscard]] Node subtree(std::string_view name);

  /// Call last: every key that nobody asked for,
  /// and every key that stands twice, is a mistake.
  void finish();

 private:
  std::uint64_t quantity(std::string_view name, std::uint64_t fallback,
                         Result<std::uint64_t> (*parse)(std::string_view));
  MapReader(const Node* map, int line, std::string key_path, bool muted, Mistakes& mistakes)
      : map_(map),
        line_(line),
        key_path_(std::move(key_path)),
        muted_(muted),
        mistakes_(&mistakes) {}

  [[nodiscard]] const Entry* entry(std::string_view name) const;
  /// The value below this key, unless absent or null; notes that the key is known.
  [[nodiscard]] const Node* find(std::string_view name);
  [[nodiscard]] const Node* find(std::string_view name, Node::Kind kind, std::string_view expected);
  /// Nothing when the key is absent, or has another value: that is a mistake.
  [[nodiscard]] std::optional<std::size_t> index_of_word(std::string_view name,
                                                         std::span<const std::string_view> words);
  [[nodiscard]] std::string path_of(std::string_view name) const;
  void report(int line, std::string_view key, std::string_view message);

  const Node* map_;  // null: no keys
  int line_;
  std::string key_path_;
  bool muted_;  // stands for a value of the wrong type, which is reported already
  Mistakes* mistakes_;
  std::vector<std::string> asked_;
};

/// An error of `check` is a mistake at that key.
template <class Check>
void check_value(MapReader& map, std::string_view key, const std::string& value, Check check) {
  if (auto ok = check(value); !ok) map.mistake(key, ok.error().message);
}

}  // namespace okg::config
