#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/timestamp.hpp"

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

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made =
        std::make_shared<spdlog::logger>("okg", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

std::string as_json(Level level, std::string_view message, std::initializer_list<Field> fields) {
  nlohmann::ordered_json line{
      {"time", format_timestamp(now())}, {"level", name_of(level)}, {"message", message}};
  for (const auto& field : fields) line[std::string(field.key)] = field.value;
  return to_text(line);
}

/// Values with spaces, quotes or control characters are quoted as JSON strings, so that one event
/// stays one line.
std::string quoted(const std::string& value) {
  const auto needs_quotes = [](char c) {
    return c == ' ' || c == '"' || c == '=' || static_cast<unsigned char>(c) < 0x20;
  };
  if (!value.empty() && std::none_of(value.begin(), value.end(), needs_quotes)) return value;
  return to_text(nlohmann::json(value));
}

std::string as_text(Level level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line = format_timestamp(now());
  line.append(" ").append(name_of(level)).append(" ").append(message);
  for (const auto& field : fields)
    line.append(" ").append(field.key).append("=").append(quoted(field.value));
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
  return fail(ErrorCode::kInvalid,
              "'" + std::string(name) + "' is not a log level; use debug, info, warn or error");
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  if (!logger().should_log(to_spdlog(level))) return;
  logger().log(
      to_spdlog(level), "{}",
      format == Format::kJson ? as_json(level, message, fields) : as_text(level, message, fields));
}

}  // namespace okg::log
