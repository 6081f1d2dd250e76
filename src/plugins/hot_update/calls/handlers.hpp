// Answers the calls below /hot-update, as docs/api.md says.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/fields/fields.hpp"
#include "api/update_request.hpp"
#include "base/error.hpp"
#include "http/server/router.hpp"
#include "plugins/hot_update/calls/answer.hpp"
#include "plugins/hot_update/calls/file_lister.hpp"
#include "plugins/hot_update/calls/process_lister.hpp"
#include "plugins/hot_update/running.hpp"

namespace okg::hot_update {

/// Its handlers run on the server's one thread.
class Handlers {
 public:
  /// Nothing while the plugin does not run.
  using Current = std::function<std::shared_ptr<Running>()>;

  Handlers(const Surroundings& around, Current current)
      : around_(around), current_(std::move(current)) {}

  /// It outlives them.
  [[nodiscard]] std::vector<http::Route> routes();
  /// Gives up lists of files that are being made.
  void stop() { file_lister_.stop(); }

 private:
  using Call = void (Handlers::*)(const http::ServerRequest&, const http::Respond&);
  using FollowCall = void (Follow::*)(const http::ServerRequest&, const http::Respond&);
  using Parse = Result<api::UpdateRequest> (*)(const api::FieldSource& source);

  http::Handler handler(Call call);
  http::Handler handler(Parse parse);
  http::Handler handler(FollowCall call);
  Result<api::UpdateRequest> read_update(const http::ServerRequest& request, Parse parse);
  void update(const http::ServerRequest& request, Parse parse, const http::Respond& respond);
  void enqueue(Running& running, api::UpdateRequest update, const http::Respond& respond);
  void forget(const http::ServerRequest& request, const http::Respond& respond);
  void show(const http::ServerRequest& request, const http::Respond& respond);
  void show_status(const http::ServerRequest& request, const http::Respond& respond);
  void list_files(const http::ServerRequest& request, const http::Respond& respond);
  void list_processes(const http::ServerRequest& request, const http::Respond& respond);

  const Surroundings around_;
  const Current current_;
  StatusPage status_page_;
  ProcessLister process_lister_{around_.settings.signal};
  FileLister file_lister_;
};

}  // namespace okg::hot_update
