// Everything that carries out updates, put together once.
#pragma once

#include <memory>

#include "http/client/client.hpp"
#include "plugins/hot_update/disk/file_system.hpp"
#include "plugins/hot_update/game/configured_game.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/publish/publisher.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "plugins/hot_update/update/make_spares.hpp"
#include "plugins/hot_update/update/pipeline.hpp"
#include "plugins/hot_update/update/recovery.hpp"
#include "plugins/hot_update/update/reverts.hpp"
#include "plugins/hot_update/update/run/parts.hpp"
#include "source/fetcher.hpp"
#include "source/policy.hpp"

namespace okg::hot_update {

/// Thread-compatible: all calls from the worker's thread.
class Engine {
 public:
  /// All references outlive it.
  Engine(const Settings& settings, const source::Policy& policy, const StateDir& state,
         Ledger& ledger, Hooks hooks = {});

  [[nodiscard]] Pipeline& pipeline() { return pipeline_; }
  [[nodiscard]] Reverts& reverts() { return reverts_; }
  [[nodiscard]] Recovery& recovery() { return recovery_; }
  /// See spares.hpp.
  void make_spares(const std::stop_token& stop) const {
    okg::hot_update::make_spares(parts_, stop);
  }

 private:
  http::Client& client();

  /// Made at the first use: a sidecar that never updates pays nothing for it.
  std::unique_ptr<http::Client> client_;
  source::Fetcher fetcher_;
  FileSystem files_;
  Publisher publisher_;
  ConfiguredGame game_;
  Parts parts_;
  Reverts reverts_;
  Pipeline pipeline_;
  Recovery recovery_;
};

}  // namespace okg::hot_update
