// All connections of a server, and who of them makes room for one more.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>

#include "http/server/io/connection.hpp"

namespace okg::http {

/// In the order in which they began to wait for a request. All on the loop's thread.
class Crowd {
 public:
  using Connections = std::list<std::shared_ptr<Connection>>;
  using Position = Connections::iterator;

  explicit Crowd(const ServerLimits& limits) : limits_(limits) {}

  /// Closes what has to make room for one more connection of `peer`.
  /// Returns why there is no room where all the others are being handled.
  std::optional<std::string> make_room_for(const Peer& peer);
  /// Closes the connection that is missed the least; false when all are being handled.
  bool make_room() { return make_room_of(nullptr); }

  Position add(std::shared_ptr<Connection> connection) {
    return connections_.insert(connections_.end(), std::move(connection));
  }
  void remove(Position position) { connections_.erase(position); }
  /// It begins to wait for a request now.
  void waits_again(Position position) {
    connections_.splice(connections_.end(), connections_, position);
  }
  [[nodiscard]] bool empty() const { return connections_.empty(); }
  [[nodiscard]] auto begin() const { return connections_.begin(); }
  [[nodiscard]] auto end() const { return connections_.end(); }

 private:
  /// `peer`: only one of this peer's; nullptr: any.
  bool make_room_of(const Peer* peer);
  [[nodiscard]] std::size_t count(const Peer* peer) const;

  const ServerLimits& limits_;
  Connections connections_;
};

}  // namespace okg::http
