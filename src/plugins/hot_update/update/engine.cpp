#include "plugins/hot_update/update/engine.hpp"

#include <utility>

#include "plugins/hot_update/game/can_write.hpp"

namespace okg::hot_update {
namespace {

/// Each lane has connections of its own, and the rules of all.
content::OpenLane lanes_to(const source::Policy& policy, Setting<int> max_redirects) {
  return [&policy, max_redirects]() -> content::Send {
    auto client = std::make_shared<http::Client>();
    return [&policy, max_redirects, client](const http::ClientRequest& request,
                                            http::ResponseSink& sink, const std::stop_token& stop) {
      const auto send = [&client](const http::ClientRequest& sent, http::ResponseSink& to,
                                  std::stop_token ends) {
        return client->send(sent, to, std::move(ends));
      };
      return source::Fetcher(send, policy, max_redirects).fetch(request, sink, stop);
    };
  };
}

}  // namespace

Engine::Engine(const Settings& settings, const source::Policy& policy, const StateDir& state,
               Ledger& ledger, Hooks hooks)
    : fetcher_(
          [this](const http::ClientRequest& request, http::ResponseSink& sink,
                 std::stop_token stop) { return client().send(request, sink, std::move(stop)); },
          policy, settings.download.max_redirects),
      publisher_(publish_settings(settings), state, files_,
                 [&settings] { return game_can_write(settings.signal, settings.file_mode); }),
      game_(settings, [this]() -> http::Client& { return client(); }),
      parts_{
          settings,
          state,
          ledger,
          publisher_,
          game_,
          [this, &settings](const content::Source& source, const content::StagedName& staged,
                            const std::stop_token& stop) {
            const auto send = [this](const http::ClientRequest& request, http::ResponseSink& sink,
                                     const std::stop_token& ends) {
              return fetcher_.fetch(request, sink, ends);
            };
            return content::download(send, source, staged, settings.download, stop,
                                     parts_.hooks.on_progress);
          },
          [this, &settings, &policy](const content::FilesToFetch& what,
                                     const content::TakeFile& take, const std::stop_token& stop) {
            return content::fetch_files(what, lanes_to(policy, settings.download.max_redirects),
                                        settings.download, take, stop, parts_.hooks.on_progress);
          },
          [&policy](const std::string& url) { return policy.check_kept(url); },
          std::move(hooks)},
      reverts_(parts_),
      pipeline_(parts_, reverts_),
      recovery_(parts_, pipeline_, reverts_) {}

http::Client& Engine::client() {
  if (!client_) client_ = std::make_unique<http::Client>();
  return *client_;
}

}  // namespace okg::hot_update
