#include "client/progress_line.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/print_error.hpp"
#include "client/columns.hpp"
#include "client/show.hpp"

namespace okg::client {
namespace {

constexpr std::size_t kBarColumns = 20;
/// Back to the first column, and the rest of the line empty.
constexpr const char* kEmptyLine = "\r\x1b[K";

std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

}  // namespace

ProgressStyle style_of_terminal() {
  return ::isatty(STDERR_FILENO) == 1 ? ProgressStyle::kBar : ProgressStyle::kLines;
}

std::string bar_of(const api::Progress& progress) {
  if (!progress.bytes_total || *progress.bytes_total == 0) return "";
  const auto share =
      static_cast<double>(progress.bytes_done) / static_cast<double>(*progress.bytes_total);
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBarColumns);
  auto bar = std::string(full, '=');
  if (full < kBarColumns) bar += '>' + std::string(kBarColumns - full - 1, ' ');
  return "[" + bar + "] ";
}

void ProgressLine::show(const api::UpdateView& view) {
  if (style_ == ProgressStyle::kNone || view.state == api::UpdateState::kEnded) return;
  if (style_ == ProgressStyle::kBar) {
    const auto line = bar_of(view.progress) + progress_of(view);
    std::cerr << kEmptyLine << fit(line, terminal_columns() - 1) << std::flush;
    has_bar_ = true;
    return;
  }
  const auto shown =
      concat(step_of(view), " ", view.progress.bytes_done, " ", view.progress.files_done);
  if (shown == shown_) return;
  shown_ = shown;
  print_error(progress_of(view));
}

void ProgressLine::say(const std::string& text) {
  clear();
  print_error(text);
}

void ProgressLine::clear() {
  if (has_bar_) std::cerr << kEmptyLine << std::flush;
  has_bar_ = false;
}

}  // namespace okg::client
