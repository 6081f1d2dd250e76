// Collects the mistakes of a configuration
// file, so that one run names all of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace okg::config {

struct Mistake {
  std::string file;
  int line = 1;
  std::string key;  ///< dotted, "plugins[0].config.signal.signalName"; empty when it concerns the
                    ///< whole file
  std::string message;
};

/// One line: "config.yaml:7: plugins[0].config.signal.signalNmae:
/// unknown key; did you mean signalName?"
[[nodiscard]] std::string to_string(const Mistake& mistake);

class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}

  /// Stays one readable line, whatever key and message quote from the file:
  /// control characters become spaces, and each is cut after 400 bytes.
  void add(int line, std::string_view key, std::string_view message);
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }
  /// By line; those of one line in the order in which they were found.
  [[nodiscard]] std::vector<Mistake> list() const;

 private:
  std::string file_;
  std::vector<Mistake> list_;
};

}  // namespace okg::config
