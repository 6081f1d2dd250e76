// Shows how far an update is: a bar that moves on a terminal, lines elsewhere.
#pragma once

#include <string>

#include "api/update_view.hpp"

namespace okg::client {

enum class ProgressStyle {
  kNone,   ///< Nothing is shown.
  kLines,  ///< A line whenever something has changed.
  kBar,    ///< One line that is drawn again and again.
};

/// kBar where standard error is a terminal.
[[nodiscard]] ProgressStyle style_of_terminal();

/// "[=========>          ]", 22 columns; without a total, empty.
[[nodiscard]] std::string bar_of(const api::Progress& progress);

/// Writes to standard error.
class ProgressLine {
 public:
  explicit ProgressLine(ProgressStyle style) : style_(style) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const api::UpdateView& view);
  /// Said besides; the bar comes again below it.
  void say(const std::string& text);
  /// Takes the bar away.
  void clear();
  [[nodiscard]] ProgressStyle style() const { return style_; }

 private:
  ProgressStyle style_;
  std::string shown_;  ///< the step, bytes and files of the last line
  bool has_bar_ = false;
};

}  // namespace okg::client
