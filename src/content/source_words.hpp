// Quotes the words of a source for the operator.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/text/known_secrets.hpp"

namespace okg::content {

/// The first `max_characters` of `text` that are printable ASCII;
/// what lies between them, however long, becomes one space.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_characters);

/// Gathers the head of an error's body.
class SourceWords {
 public:
  static constexpr std::size_t kMaxCharacters = 200;
  /// The words are in these bytes; nobody waits for the rest of the body.
  static constexpr std::size_t kMaxBytes = 4096;

  void add(std::span<const std::byte> bytes);
  [[nodiscard]] bool is_full() const { return raw_.size() >= kMaxBytes; }
  /// ": 'words'" without the secrets; empty when there are no words.
  [[nodiscard]] std::string quoted(const KnownSecrets& secrets) const;

 private:
  std::string raw_;
};

}  // namespace okg::content
