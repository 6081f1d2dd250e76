// Command line and wiring only: which plugins there are, and which of the commands runs.
#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>

#include "base/environment.hpp"
#include "base/log.hpp"
#include "base/text/print_error.hpp"
#include "base/text/words.hpp"
#include "bundle/commands.hpp"
#include "cli/completion.hpp"
#include "cli/man_page.hpp"
#include "cli/usage.hpp"
#include "client/commands.hpp"
#include "client/exit_status.hpp"
#include "client/processes.hpp"
#include "client/run.hpp"
#include "client/server.hpp"
#include "http/client/client.hpp"
#include "plugins/hot_update/calls/processes_command.hpp"
#include "plugins/hot_update/plugin.hpp"
#include "reference/errors_page.hpp"
#include "reference/metrics_page.hpp"
#include "sidecar/health.hpp"
#include "sidecar/run.hpp"

namespace {

constexpr okg::Word<okg::log::Format> kLogFormats[]{{okg::log::Format::kText, "text"},
                                                    {okg::log::Format::kJson, "json"}};

struct CommandLine {
  okg::sidecar::RunOptions options;
  std::string log_format{okg::word_of(options.log_format, kLogFormats)};
  std::string log_level = "info";
  std::string file_to_validate;
  bool live = false;
  std::string page;
  bool ready = false;
  std::string shell;
  okg::client::Options client;
  okg::bundle::Options bundle;
  enum class Command { kRun, kValidate, kHealth, kReference, kCompletion };
  Command command = Command::kRun;
};

void add_globals(CLI::App& app, CommandLine& line) {
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
}

/// For scripts/reference: the pages of docs/ that come from tables in the code.
void add_reference(CLI::App& app, CommandLine& line) {
  auto& reference = *app.add_subcommand("reference", "Print a page of the documentation");
  reference.group("");
  reference.add_option("PAGE", line.page)
      ->check(CLI::IsMember({"errors", "errors-zh", "metrics", "metrics-zh", "man"}))
      ->required();
  reference.callback([&line] { line.command = CommandLine::Command::kReference; });
}

void add_completion(CLI::App& app, CommandLine& line) {
  auto& completion = *app.add_subcommand("completion", "Print what a shell completes by");
  completion.add_option("SHELL", line.shell, "bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required();
  completion.footer(
      "Examples:\n"
      "  source <(okg-sidecar completion bash)\n"
      "  okg-sidecar completion fish >~/.config/fish/completions/okg-sidecar.fish\n");
  completion.callback([&line] { line.command = CommandLine::Command::kCompletion; });
}

void add_own_commands(CLI::App& app, CommandLine& line) {
  app.add_subcommand("run", "Run the sidecar (the default)");
  auto& validate = *app.add_subcommand(
      "validate", "Check a configuration file and say all that is wrong with it");
  validate.add_option("FILE", line.file_to_validate, "The file to check")->required();
  validate.add_flag("--live", line.live, "And whether it fits what runs here: which game");
  validate.callback([&line] { line.command = CommandLine::Command::kValidate; });
  auto& health = *app.add_subcommand(
      "health", "Ask the sidecar of this configuration whether it is alive: a probe by exec");
  health.add_flag("--ready", line.ready, "Whether it is ready instead");
  health.callback([&line] { line.command = CommandLine::Command::kHealth; });
  add_completion(app, line);
  add_reference(app, line);
}

/// The text that the command line itself gives; nothing when another command was given.
std::optional<std::string> text_of_commands(const CLI::App& app, const CommandLine& line) {
  using okg::cli::Shell;
  if (line.page == "man") return okg::cli::man_page(okg::cli::table_of(app));
  if (line.command != CommandLine::Command::kCompletion) return std::nullopt;
  const auto shell = line.shell == "zsh"    ? Shell::kZsh
                     : line.shell == "fish" ? Shell::kFish
                                            : Shell::kBash;
  return okg::cli::completion_script(okg::cli::table_of(app), shell);
}

/// The exit status, when there is nothing to run.
std::optional<int> parse(int argc, char** argv, CommandLine& line) {
  CLI::App app("Updates a running game's files without restarting it.", "okg-sidecar");
  add_globals(app, line);
  add_own_commands(app, line);
  okg::client::add_commands(app, line.client);
  okg::bundle::add_commands(app, line.bundle);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError&) {
    okg::print_error(okg::cli::words_of_unknown(app));
    return okg::sidecar::kExitBadConfiguration;
  } catch (const CLI::ParseError& error) {
    std::ostringstream said;  // it quotes the command line, which may hold anything
    const bool is_wrong = app.exit(error, std::cout, said) != 0;
    okg::print_error(said.str());
    return is_wrong ? okg::sidecar::kExitBadConfiguration : 0;
  }
  line.client.connection.config_file = line.options.config_file;
  const auto text = text_of_commands(app, line);
  if (!text) return std::nullopt;
  std::cout << *text;
  return 0;
}

int print_page(const std::string& name) {
  using okg::reference::Language;
  const auto language = name.ends_with("-zh") ? Language::kChinese : Language::kEnglish;
  const auto page = name.starts_with("metrics") ? okg::reference::metrics_page(language)
                                                : okg::reference::errors_page(language);
  std::cout << page;
  return 0;
}

/// `processes` asks nobody unless it is told whom: it works where no sidecar runs.
int ask(const CommandLine& line, okg::sidecar::Registry registry) {
  const auto& client = line.client;
  const bool looks_itself = client.command == okg::client::Command::kProcesses &&
                            client.connection.server.empty() &&
                            !okg::environment(okg::client::kServerVariable);
  if (!looks_itself) return okg::client::run(client, registry);
  return okg::hot_update::list_processes(line.options.config_file,
                                         [&client](const auto& list, const std::string& nobody) {
                                           std::cout << okg::client::text_of(list, client.output);
                                           if (client.output == okg::client::Output::kText)
                                             okg::print_error(nobody);
                                         });
}

int run(int argc, char** argv) {
  const std::array<okg::sidecar::PluginKind, 1> registry{okg::hot_update::plugin_kind()};
  CommandLine line;
  line.options.version = OKG_VERSION;
  if (const auto status = parse(argc, argv, line)) return *status;
  const bool is_client = line.client.command != okg::client::Command::kNone;
  // parse() has let through only words that both tables have.
  line.options.log_format = okg::value_of(line.log_format, kLogFormats).value();
  okg::log::configure(line.options.log_format,
                      is_client ? okg::log::Level::kError : *okg::log::parse_level(line.log_level));
  if (is_client) return ask(line, registry);
  if (const auto status = okg::bundle::run(line.bundle)) return *status;
  if (line.command == CommandLine::Command::kReference) return print_page(line.page);
  if (line.command == CommandLine::Command::kValidate)
    return okg::sidecar::validate(
        line.file_to_validate, registry,
        line.live ? okg::sidecar::Validation::kLive : okg::sidecar::Validation::kFile);
  if (line.command == CommandLine::Command::kHealth)
    return okg::sidecar::ask_health(
        line.options.config_file, registry,
        line.ready ? okg::sidecar::Probe::kReady : okg::sidecar::Probe::kAlive);
  return okg::sidecar::run(line.options, registry);
}

/// Where one of them is closed, a file or an eventfd that
/// is opened later would become what the log is written to.
void keep_standard_descriptors() {
  for (;;) {
    const int fd = ::open("/dev/null", O_RDWR);
    if (fd > STDERR_FILENO) ::close(fd);
    if (fd < 0 || fd > STDERR_FILENO) return;
  }
}

/// A full disk takes what is left in the buffer away without a word:
/// `manifest build > manifest.json` would be cut, and a success.
int with_output_written(int status) {
  std::cout.flush();
  const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (is_written) return status;
  okg::print_error("okg-sidecar: standard output could not be written; is its disk full?");
  return status == 0 ? okg::client::kExitOutputLost : status;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_descriptors();
  // Other processes of our user, such as the game's, read neither our memory nor our environment,
  // and reach no file through /proc/PID/root. @source PR_SET_DUMPABLE(2const), ptrace(2)
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  // An arena for each thread would keep what eight downloads at a time have let go.
  ::mallopt(M_ARENA_MAX, 1);
  ::umask(022);  // the game has to read the folders that we make, whoever started us
  okg::http::prepare_process();
  try {
    return with_output_written(run(argc, argv));
  } catch (const std::exception& error) {
    okg::print_error("okg-sidecar: " + std::string(error.what()));
    return 1;
  }
}
