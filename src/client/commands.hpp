// The client's part of the command line: its commands, their flags and what --help says of them.
#pragma once

#include "client/options.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace okg::client {

/// Help, man page and completion come from what is added here. `options`
/// outlives `app`, which writes into it when it parses.
void add_commands(CLI::App& app, Options& options);

}  // namespace okg::client
