#include "client/commands.hpp"

#include <functional>

#include <CLI/CLI.hpp>
#include <array>
#include <string>

#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "base/text/in_quotes.hpp"
#include "client/server.hpp"

namespace okg::client {
namespace {

constexpr const char* kGroup = "Commands that ask a sidecar";

constexpr const char* kVariables =
    "Variables:\n"
    "  OKG_SIDECAR_SERVER, OKG_SIDECAR_TOKEN_FILE, OKG_SIDECAR_CA_FILE,\n"
    "  OKG_SIDECAR_CERT_FILE, OKG_SIDECAR_KEY_FILE: as the flags of these names, which count\n"
    "  before them. HTTPS_PROXY, HTTP_PROXY and NO_PROXY count with --server.\n";

constexpr const char* kReadStatus =
    "\nExit status:\n"
    "  0   the sidecar has answered\n"
    "  1   it refused: the caller may not, or there is no such update\n"
    "  64  the command line or the configuration is wrong\n"
    "  69  no sidecar answers there\n"
    "  74  done, and standard output could not be written: its disk is full\n"
    "  75  try again later: the sidecar stops\n";

constexpr const char* kUpdateStatus =
    "\nExit status:\n"
    "  0   succeeded, or nothing had to be done; with --no-wait: queued\n"
    "  1   failed or cancelled: what was live before is live\n"
    "  2   rolled back: the game was not healthy on the new content, and has the old one again\n"
    "  64  the command line, the configuration or a field is wrong\n"
    "  69  no sidecar answers there\n"
    "  74  done, and standard output could not be written: its disk is full\n"
    "  75  try again later: the queue is full, the sidecar stops, or --timeout has passed\n"
    "  130 interrupted by Ctrl-C: the update goes on, and its id was said\n";

/// A flag that is a field of the request.
struct FieldFlag {
  const char* flag;
  const char* field;
  const char* type;  ///< "a|b": one of these
  const char* help;
};

constexpr std::array kUpdateFlags{
    FieldFlag{"--path", "path", "PATH",
              "Where under the shared directory; default: the last segment of the URL"},
    FieldFlag{"--sha256", "sha256", "HEX", "Refuse other content"},
    FieldFlag{"--format", "format", "file|archive|manifest", "What the URL has; default: file"},
    FieldFlag{"--mode", "mode", "mirror|overlay",
              "Of an archive: the folder becomes exactly this, or files it lacks stay"},
    FieldFlag{"--strip-components", "stripComponents", "N",
              "Of an archive: leave out the first N segments of its names"},
    FieldFlag{"--include", "include", "GLOBS", "Of an archive: only these, separated by commas"},
    FieldFlag{"--exclude", "exclude", "GLOBS", "Of an archive: not these, separated by commas"},
    FieldFlag{"--name-encoding", "nameEncoding", "gbk", "Of a zip: how its names are written"},
    FieldFlag{"--scope", "scope", "workload|pod",
              "For pods that come later too (default), or only for this pod: canaries"},
    FieldFlag{"--until", "until", "IMAGE", "Pods that run this image restore nothing at this path"},
};
constexpr std::array kRollbackFlags{
    FieldFlag{"--path", "path", "PATH", "Whose content; default: the path that was updated last"},
    FieldFlag{"--scope", "scope", "workload|pod", "As of update"},
};

/// Empty: it may be one. In an address "a#b" would be a, and "" the list of all.
std::string flaw_of_id(const std::string& id) {
  if (!id.empty() && has_only_alphanumeric_or("-", id)) return "";
  return concat(in_quotes(id), " is no id of an update, like 20261125-154012-9f3ac01b");
}

/// Nothing that it adds refers to it.
class Builder {
 public:
  Builder(CLI::App& app, Options& options) : app_(app), options_(options) {}

  void add_all() {
    add_update();
    add_status();
    add_wait();
    add_cancel();
    add_rollback();
    add_processes();
  }

 private:
  CLI::App& add(Command command, const char* name, const char* help, const char* examples,
                const char* status) {
    auto& added = *app_.add_subcommand(name, help);
    added.group(kGroup);
    added.footer(std::string("Examples:\n") + examples + "\n" + kVariables + status);
    added.callback([options = &options_, command] { options->command = command; });
    add_connection(added);
    return added;
  }

  void add_connection(CLI::App& to) {
    auto& connection = options_.connection;
    to.add_option("--server", connection.server,
                  "Which sidecar; default: the one of --config, on this machine")
        ->type_name("URL");
    add_file(to, "--token-file", connection.token_file,
             "Proves who calls; default: one of auth.tokenFiles of --config");
    add_file(to, "--ca-file", connection.ca_file, "PEM: who may have signed its certificate");
    add_file(to, "--cert-file", connection.cert_file, "PEM: the caller's certificate");
    add_file(to, "--key-file", connection.key_file, "PEM: the key of --cert-file");
  }

  static void add_file(CLI::App& to, const char* name, std::string& file, const char* help) {
    to.add_option(name, file, help)->type_name("FILE");
  }

  void add_output(CLI::App& to, const char* text) {
    to.add_option_function<std::string>(
          "-o,--output",
          [options = &options_](const std::string& word) {
            options->output = word == "json" ? Output::kJson : Output::kText;
          },
          std::string("json: what the sidecar answers, and nothing else; default: ") + text)
        ->type_name(std::string(text) + "|json")
        ->check([text](const std::string& word) {
          return word == text || word == "json" ? std::string()
                                                : "'" + word + "' is neither " + text + " nor json";
        });
  }

  /// Keeps what is given for a field of the call.
  std::function<void(const std::string&)> into(std::string_view field) {
    return [options = &options_, field = std::string(field)](const std::string& value) {
      options->fields[field] = value;
    };
  }

  void add_field(CLI::App& to, const FieldFlag& row) {
    to.add_option_function<std::string>(row.flag, into(row.field), row.help)->type_name(row.type);
  }

  void add_waiting(CLI::App& to) {
    to.add_option_function<unsigned>(
          "--timeout",
          [options = &options_](const unsigned& seconds) {
            options->timeout = std::chrono::seconds(seconds);
          },
          "Wait for so long at most; the update goes on")
        ->type_name("SECONDS");
  }

  void add_order(CLI::App& to) {
    to.add_option("--idempotency-key", options_.idempotency_key,
                  "The same key is the same update, however often it is sent; default: a new one")
        ->type_name("KEY");
    to.add_flag_callback(
        "--no-wait", [options = &options_] { options->wait = false; },
        "Print the id as soon as it is queued");
    add_waiting(to);
    add_output(to, "text");
  }

  void add_update() {
    auto& to = add(Command::kUpdate, "update", "Send an update and follow it to its end",
                   "  okg-sidecar update v2 https://cdn.example.com/game/v2/index.html\n"
                   "  okg-sidecar update v2 'https://cdn.example.com/地图 1.json?sign=a%2Bb&t=1' "
                   "--path maps/1.json\n"
                   "  okg-sidecar update v2 https://cdn.example.com/web.tar.zst --format archive "
                   "--path web\n"
                   "  kubectl exec POD -c sidecar -- okg-sidecar update v2 URL --timeout 600\n",
                   kUpdateStatus);
    add_positional(to, "VERSION", "version", "Its name, such as v2")->required();
    add_positional(to, "URL", "url", "http or https; in quotes where it has a & or a space")
        ->required();
    for (const auto& row : kUpdateFlags) add_field(to, row);
    add_file(to, "--signature", options_.signature_file,
             "Of minisign; default: URL.minisig, where signatures are verified");
    to.add_flag_callback(
        "--force", [options = &options_] { options->fields["force"] = "true"; },
        "Notify the game also when nothing changed");
    add_order(to);
  }

  CLI::Option* add_positional(CLI::App& to, const char* name, const char* field, const char* help) {
    return to.add_option_function<std::string>(name, into(field), help)->type_name("");
  }

  CLI::Option* add_id(CLI::App& to, const char* help) {
    return to.add_option("ID", options_.id, help)->type_name("")->check(flaw_of_id);
  }

  void add_status() {
    auto& to = add(Command::kStatus, "status",
                   "Show what is live, in progress and queued, and the last results",
                   "  kubectl exec POD -c sidecar -- okg-sidecar status\n"
                   "  okg-sidecar status --server http://10.0.0.7:5000 -o json\n"
                   "  okg-sidecar status 20261125-154012-9f3ac01b\n",
                   kReadStatus);
    add_id(to, "Show this update alone");
    add_output(to, "text");
  }

  void add_wait() {
    auto& to = add(Command::kWait, "wait", "Follow an update to its end",
                   "  okg-sidecar wait 20261125-154012-9f3ac01b --timeout 600\n"
                   "  okg-sidecar wait\n",
                   kUpdateStatus);
    add_id(to, "Of the update; default: the one in progress, or the next one");
    add_waiting(to);
    add_output(to, "text");
  }

  void add_cancel() {
    auto& to = add(Command::kCancel, "cancel", "Cancel an update whose content is not live yet",
                   "  okg-sidecar cancel 20261125-154012-9f3ac01b\n", kReadStatus);
    add_id(to, "Of the update")->required();
    add_output(to, "text");
  }

  void add_rollback() {
    auto& to = add(Command::kRollback, "rollback", "Put kept content back, without its source",
                   "  okg-sidecar rollback\n"
                   "  okg-sidecar rollback v7 --path maps/1.json\n",
                   kUpdateStatus);
    add_positional(to, "VERSION", "version", "Which one; default: what was live before");
    for (const auto& row : kRollbackFlags) add_field(to, row);
    add_order(to);
  }

  void add_processes() {
    auto& to = add(Command::kProcesses, "processes",
                   "List whom an update would notify, and why; notifies nobody",
                   "  kubectl exec POD -c sidecar -- okg-sidecar processes\n"
                   "  okg-sidecar processes --server http://10.0.0.7:5000\n"
                   "Without --server it looks for itself, by --config, also where no sidecar "
                   "runs.\n",
                   kReadStatus);
    add_output(to, "table");
  }

  CLI::App& app_;
  Options& options_;
};

}  // namespace

void add_commands(CLI::App& app, Options& options) { Builder(app, options).add_all(); }

}  // namespace okg::client
