// The game that the configuration describes: signal, request, confirm.
#pragma once

#include <functional>

#include "http/client/client.hpp"
#include "plugins/hot_update/game/game.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

class ConfiguredGame final : public Game {
 public:
  /// `client` is asked for at the first use: a
  /// sidecar that never updates pays nothing for it.
  ConfiguredGame(const Settings& settings, std::function<http::Client&()> client);

  Result<void> check_mounts(const std::string& path) override;
  Result<NotifyOutcome> notify(const Audience& audience, const std::stop_token& stop) override;
  [[nodiscard]] bool is_checked(const NotifyOutcome& notified) const override;
  Result<void> check_health(const NotifyOutcome& notified, const std::stop_token& stop) override;

 private:
  const Settings& settings_;
  std::function<http::Client&()> client_;
};

}  // namespace okg::hot_update
