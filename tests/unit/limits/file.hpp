// A file of a test, and whatever it holds.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace okg::limits {

/// Removed with its owner.
class File {
 public:
  explicit File(const std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "okg-limits-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    std::ofstream(path()) << text;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path path() const { return folder_ / "file"; }

 private:
  std::filesystem::path folder_;
};

/// `text`, and `fill` as often as it takes to make `bytes` of it.
inline std::string filled(std::string text, std::size_t bytes, char fill = '\n') {
  text.resize(bytes, fill);
  return text;
}

}  // namespace okg::limits
