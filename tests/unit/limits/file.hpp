// A file of a test, and whatever it holds.
#pragma once

#include <filesystem>
#include <string>

#include "temporary_folder.hpp"

namespace okg::limits {

/// Removed with its owner.
class File {
 public:
  explicit File(const std::string& text) { folder_.write("file", text); }

  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "file"; }

 private:
  tests::TemporaryFolder folder_;
};

/// `text`, and `fill` as often as it takes to make `bytes` of it.
inline std::string filled(std::string text, std::size_t bytes, char fill = '\n') {
  text.resize(bytes, fill);
  return text;
}

}  // namespace okg::limits
