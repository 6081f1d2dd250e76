#include "base/log.hpp"

#include <poll.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "base/text/secret.hpp"
#include "base/text/visible.hpp"
#include "base/time/timestamp.hpp"

namespace okg::log {
namespace {

std::atomic<Format> format{Format::kText};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarn: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::kDebug: return "debug";
    case Level::kInfo: return "info";
    case Level::kWarn: return "warn";
    case Level::kError: return "error";
  }
  return "info";
}

/// True when standard error takes `PIPE_BUF` bytes without a longer wait.
/// @source pipe(7): poll reports it once a page is free, which is as much
bool has_room(std::chrono::milliseconds patience) {
  pollfd polled{STDERR_FILENO, POLLOUT, 0};
  return ::poll(&polled, 1, static_cast<int>(patience.count())) != 0;
}

/// Standard error. A collector that stopped reading it costs a second
/// once, and then lines: no update and no stop waits for it.
class Sink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (!has_room(lost_ == 0 ? kPatience : std::chrono::milliseconds(0))) {
      ++lost_;
      return;
    }
    if (lost_ > 0) put(lost_line());
    lost_ = 0;
    put(std::string(message.payload.data(), message.payload.size()) + "\n");
  }
  void flush_() override {}

 private:
  static constexpr std::chrono::milliseconds kPatience{1'000};

  [[nodiscard]] std::string lost_line() const {
    return line_of(format, format_timestamp(now()), Level::kWarn,
                   "lines of the log were lost, because nobody read them", {{"lines", lost_}}) +
           "\n";
  }

  void put(std::string_view text) {
    if (std::exchange(is_cut_, false)) text = cut_ = "\n" + std::string(text);
    while (!text.empty()) {
      const auto put = has_room(kPatience) ? ::write(STDERR_FILENO, text.data(),
                                                     std::min<std::size_t>(text.size(), PIPE_BUF))
                                           : 0;
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) {
        is_cut_ = true;
        return;
      }
      text.remove_prefix(static_cast<std::size_t>(put));
    }
  }

  std::uint64_t lost_ = 0;
  bool is_cut_ = false;  ///< the last line did not go out to its end
  std::string cut_;
};

spdlog::logger& logger() {
  static const auto instance = std::make_shared<spdlog::logger>("okg", std::make_shared<Sink>());
  return *instance;
}

using Json = nlohmann::ordered_json;

Json json_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return redact(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  return std::get<bool>(value);
}

std::string as_json(std::string_view time, Level level, std::string_view event, Fields fields) {
  Json line{{"time", time}, {"level", name_of(level)}, {"event", event}};
  for (const auto& field : fields) line[std::string(field.key.name())] = json_of(field.value);
  return visible_json(line);
}

/// A text that could be taken for something else is quoted as a JSON string.
std::string as_word(const Value& value) {
  const auto json = json_of(value);
  if (!json.is_string()) return json.dump();
  const auto text = json.get<std::string>();
  const bool is_plain = !text.empty() && text.find_first_of(" \"=") == std::string::npos;
  return is_plain && visible(text) == text ? text : visible_json(json);
}

std::string as_text(std::string_view time, Level level, std::string_view event, Fields fields) {
  std::string line(time);
  line.append(" ").append(name_of(level)).append(" ").append(visible(event));
  for (const auto& field : fields)
    line.append(" ").append(field.key.name()).append("=").append(as_word(field.value));
  return line;
}

}  // namespace

void configure(Format chosen, Level level) {
  format = chosen;
  logger().set_level(to_spdlog(level));
}

Result<Level> parse_level(std::string_view name) {
  for (const auto level : {Level::kDebug, Level::kInfo, Level::kWarn, Level::kError})
    if (name == name_of(level)) return level;
  return fail(ErrorCode::kInvalid, "'", name,
              "' is not a log level; use debug, info, warn or error");
}

std::string line_of(Format chosen, std::string_view time, Level level, std::string_view event,
                    Fields fields) {
  return chosen == Format::kJson ? as_json(time, level, event, fields)
                                 : as_text(time, level, event, fields);
}

void write(Level level, std::string_view event, Fields fields) {
  if (!logger().should_log(to_spdlog(level))) return;
  const auto line = line_of(format, format_timestamp(now()), level, event, fields);
  logger().log(to_spdlog(level), spdlog::string_view_t(line));
}

}  // namespace okg::log
