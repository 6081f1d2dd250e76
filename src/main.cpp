// Command line and wiring only: which plugins there are, and which of the commands runs.
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <array>
#include <string>

#include "base/log.hpp"
#include "plugins/hot_update/plugin.hpp"
#include "sidecar/run.hpp"

int main(int argc, char** argv) {
  ::umask(022);  // the game has to read the folders that we make, whoever started us
  const std::array<okg::sidecar::PluginKind, 1> registry{okg::hot_update::plugin_kind()};
  okg::sidecar::RunOptions options;
  options.version = OKG_VERSION;
  std::string log_format = "text";
  std::string log_level = "info";
  std::string file_to_validate;

  CLI::App app("Updates a running game's files without restarting it.", "okg-sidecar");
  app.set_version_flag("--version", "okg-sidecar " OKG_VERSION);
  app.add_option("--config", options.config_file, "Configuration file")->capture_default_str();
  app.add_option("--service-account-dir", options.service_account_dir, "Where token, ca.crt and namespace are")
      ->capture_default_str();
  app.add_option("--log-format", log_format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  app.add_option("--log-level", log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.require_subcommand(0, 1);
  app.fallthrough();
  app.add_subcommand("run", "Run the sidecar (the default)");
  auto* validate = app.add_subcommand("validate", "Check a configuration file and say all that is wrong with it");
  validate->add_option("FILE", file_to_validate, "The file to check")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : okg::sidecar::kExitBadConfiguration;
  }
  okg::log::configure(log_format == "json" ? okg::log::Format::kJson : okg::log::Format::kText,
                      okg::log::parse_level(log_level).value_or(okg::log::Level::kInfo));
  if (*validate) return okg::sidecar::validate(file_to_validate, registry);
  return okg::sidecar::run(options, registry);
}
