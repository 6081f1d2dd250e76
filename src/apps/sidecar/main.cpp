// Command line and wiring only: which plugins there are, and which of the commands runs.
#include <sys/prctl.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "bundle/commands.hpp"
#include "http/client/client.hpp"
#include "plugins/hot_update/plugin.hpp"
#include "reference/errors_page.hpp"
#include "reference/metrics_page.hpp"
#include "sidecar/health.hpp"
#include "sidecar/run.hpp"

namespace {

struct CommandLine {
  okg::sidecar::RunOptions options;
  std::string log_format = "text";
  std::string log_level = "info";
  std::string file_to_validate;
  std::string list_format = "table";
  bool live = false;
  std::string page;
  bool ready = false;
  okg::bundle::Options bundle;
  enum class Command { kRun, kValidate, kProcesses, kHealth, kReference } command = Command::kRun;
};

/// The exit status, when there is nothing to run.
std::optional<int> parse(int argc, char** argv, CommandLine& line) {
  CLI::App app("Updates a running game's files without restarting it.", "okg-sidecar");
  app.set_version_flag("--version", "okg-sidecar " OKG_VERSION);
  app.add_option("--config", line.options.config_file, "Configuration file")->capture_default_str();
  app.add_option("--service-account-dir", line.options.service_account_dir,
                 "Where token, ca.crt and namespace are")
      ->capture_default_str();
  app.add_option("--log-format", line.log_format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_option("--log-level", line.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.require_subcommand(0, 1);
  app.fallthrough();
  app.add_subcommand("run", "Run the sidecar (the default)");
  auto* validate = app.add_subcommand(
      "validate", "Check a configuration file and say all that is wrong with it");
  validate->add_option("FILE", line.file_to_validate, "The file to check")->required();
  validate->add_flag("--live", line.live, "And whether it fits what runs here: which game");
  auto* processes =
      app.add_subcommand("processes", "List whom an update would notify, and why; notifies nobody");
  processes->add_option("-o,--output", line.list_format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  auto* health = app.add_subcommand(
      "health", "Ask the sidecar of this configuration whether it is alive: a probe by exec");
  health->add_flag("--ready", line.ready, "Whether it is ready instead");
  okg::bundle::add_commands(app, line.bundle);
  // For scripts/reference: the pages of docs/ that come from tables in the code.
  auto* reference = app.add_subcommand("reference", "Print a page of the documentation")->group("");
  reference->add_option("PAGE", line.page)
      ->check(CLI::IsMember({"errors", "errors-zh", "metrics", "metrics-zh"}))
      ->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : okg::sidecar::kExitBadConfiguration;
  }
  if (validate->parsed()) line.command = CommandLine::Command::kValidate;
  if (processes->parsed()) line.command = CommandLine::Command::kProcesses;
  if (health->parsed()) line.command = CommandLine::Command::kHealth;
  if (reference->parsed()) line.command = CommandLine::Command::kReference;
  return std::nullopt;
}

int print_page(const std::string& name) {
  using okg::reference::Language;
  const auto language = name.ends_with("-zh") ? Language::kChinese : Language::kEnglish;
  const auto page = name.starts_with("metrics") ? okg::reference::metrics_page(language)
                                                : okg::reference::errors_page(language);
  return std::fputs(page.c_str(), stdout) < 0 ? 1 : 0;
}

int run(int argc, char** argv) {
  const std::array<okg::sidecar::PluginKind, 1> registry{okg::hot_update::plugin_kind()};
  CommandLine line;
  line.options.version = OKG_VERSION;
  if (const auto status = parse(argc, argv, line)) return *status;
  okg::log::configure(line.log_format == "json" ? okg::log::Format::kJson : okg::log::Format::kText,
                      okg::log::parse_level(line.log_level).value_or(okg::log::Level::kInfo));
  if (const auto status = okg::bundle::run(line.bundle)) return *status;
  if (line.command == CommandLine::Command::kReference) return print_page(line.page);
  if (line.command == CommandLine::Command::kValidate)
    return okg::sidecar::validate(
        line.file_to_validate, registry,
        line.live ? okg::sidecar::Validation::kLive : okg::sidecar::Validation::kFile);
  if (line.command == CommandLine::Command::kProcesses)
    return okg::hot_update::list_processes(
        line.options.config_file, line.list_format == "json" ? okg::hot_update::ListFormat::kJson
                                                             : okg::hot_update::ListFormat::kTable);
  if (line.command == CommandLine::Command::kHealth)
    return okg::sidecar::ask_health(
        line.options.config_file, registry,
        line.ready ? okg::sidecar::Probe::kReady : okg::sidecar::Probe::kAlive);
  return okg::sidecar::run(line.options, registry);
}

}  // namespace

int main(int argc, char** argv) {
  // Other processes of our user, such as the game's, read neither our memory nor our environment,
  // and reach no file through /proc/PID/root. @source PR_SET_DUMPABLE(2const), ptrace(2)
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::umask(022);  // the game has to read the folders that we make, whoever started us
  okg::http::prepare_process();
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "okg-sidecar: %s\n", error.what());
    return 1;
  }
}
