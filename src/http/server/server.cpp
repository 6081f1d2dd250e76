#include "http/server/server.hpp"

#include <utility>

#include "http/server/io/loop.hpp"

namespace okg::http {

Server::Server(std::shared_ptr<Loop> loop) : loop_(std::move(loop)) {}

Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options, Choose choose) {
  auto loop = std::make_shared<Loop>(options, std::move(choose));
  if (auto ok = loop->open(); !ok) return ok.error();
  loop->start();
  return std::unique_ptr<Server>(new Server(std::move(loop)));
}

// NOLINTNEXTLINE(bugprone-exception-escape)
Server::~Server() { stop(std::chrono::milliseconds(0)); }

std::uint16_t Server::port() const { return loop_->port(); }

void Server::stop(std::chrono::milliseconds grace) { loop_->stop(grace); }

}  // namespace okg::http
