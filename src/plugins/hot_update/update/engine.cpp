#include "plugins/hot_update/update/engine.hpp"

#include <utility>

namespace okg::hot_update {

Engine::Engine(const Settings& settings, const StateDir& state, Ledger& ledger, OnStage on_stage,
               ReasonToEnd reason_to_end)
    : publisher_(settings, state, files_),
      game_(settings, [this]() -> http::Client& { return client(); }),
      parts_{settings,
             state,
             ledger,
             publisher_,
             game_,
             [this, &settings](const content::Source& source, const content::StagedName& staged,
                               const std::stop_token& stop) {
               const auto send = [this](const http::ClientRequest& request,
                                        http::ResponseSink& sink, std::stop_token ends) {
                 return client().send(request, sink, std::move(ends));
               };
               return content::download(send, source, staged, settings.download, stop);
             },
             std::move(on_stage),
             std::move(reason_to_end)},
      reverts_(parts_),
      pipeline_(parts_, reverts_),
      recovery_(parts_, pipeline_, reverts_) {}

http::Client& Engine::client() {
  if (!client_) client_ = std::make_unique<http::Client>();
  return *client_;
}

}  // namespace okg::hot_update
