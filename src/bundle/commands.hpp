// The commands that make what an update sends: `pack` and `manifest`.
#pragma once

#include <optional>
#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace okg::bundle {

struct Options {
  enum class Command { kNone, kPack, kManifest } command = Command::kNone;
  std::string folder;
  std::string output;
  std::string base_url;
};

/// `options` outlives `app`, which writes into it when it parses.
void add_commands(CLI::App& app, Options& options);
/// The exit status; nothing when the command is none of these.
std::optional<int> run(const Options& options);

}  // namespace okg::bundle
