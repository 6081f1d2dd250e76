// config.yaml: any text is a configuration that can be used, or mistakes with a line each.
#include <array>
#include <string>

#include "config/host_config.hpp"
#include "fuzz.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg {
namespace {

using fuzz::require;

void check_mistakes(const config::Mistakes& mistakes, std::string_view text) {
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  for (const auto& mistake : mistakes.list()) {
    require(mistake.line >= 1 && mistake.line <= lines, "a mistake stands on a line of the file");
    require(!mistake.message.empty() && fuzz::is_printable(to_string(mistake)),
            "a mistake is one line of text");
  }
}

void check_usable(const config::HostConfig& config, const std::vector<hot_update::Settings>& all) {
  require(!config.plugins.empty() && config.plugins.size() == all.size(),
          "a usable configuration has a plugin");
  require(config.shutdown_grace.count() >= 0, "a time is not negative");
  for (const auto& settings : all) {
    require(settings.file_dir.is_absolute() && settings.state_dir.is_absolute(),
            "folders are absolute");
    require(settings.file_mode <= 0777, "a file mode is three octal digits");
    require(settings.download.retries >= 0 && settings.download.timeout.count() >= 0,
            "limits are not negative");
    if (settings.load_patch_type != hot_update::LoadPatchType::kSignal) continue;
    require(settings.signal.signal >= 1 && settings.signal.signal <= 64 &&
                !settings.signal.process_name.empty(),
            "loadPatchType signal has a process and a signal");
  }
}

void check(std::string_view text) {
  static constexpr std::array<std::string_view, 1> kKnown{"hot_update"};
  config::Mistakes mistakes("config.yaml");
  const auto root = config::parse_yaml(text, mistakes);
  require(root.has_value() == mistakes.empty(), "a text is read, or a mistake is named");
  require(root.has_value() == config::parse_yaml(text).has_value(), "both ways to read YAML agree");
  if (root) {
    const auto config = config::read_host_config(*root, kKnown, mistakes);
    std::vector<hot_update::Settings> all;
    for (const auto& entry : config.plugins)
      all.push_back(hot_update::read_settings(entry, mistakes));
    if (mistakes.empty()) check_usable(config, all);
  }
  check_mistakes(mistakes, text);
}

}  // namespace
}  // namespace okg

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  okg::check(okg::fuzz::text_of(data, size));
  return 0;
}
