#include "http/server/io/crowd.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace okg::http {
namespace {

/// A connection that is turned away takes no place that it could free.
bool is_of(const Connection& connection, const Peer* peer) {
  return !connection.is_turned_away && connection.transport.is_open() &&
         (peer == nullptr || connection.transport.peer().address == peer->address);
}

std::string too_many(const std::string& of_whom, const Setting<std::size_t>& limit) {
  return concat("too many requests", of_whom, " are in progress", in_brackets(limit.key),
                "; try again later");
}

}  // namespace

std::size_t Crowd::count(const Peer* peer) const {
  const auto counts = [&](const auto& each) { return is_of(*each, peer); };
  return static_cast<std::size_t>(std::count_if(begin(), end(), counts));
}

bool Crowd::make_room_of(const Peer* peer) {
  const auto slow_since = Clock::now() - limits_.slow_reader;
  // The first that is missed by nobody, or by the fewest.
  const std::array<std::function<bool(const Connection&)>, 5> kinds{
      [&](const Connection& each) { return each.is_writing_since(slow_since); },
      [](const Connection& each) { return each.at == At::kLeaving; },
      [](const Connection& each) { return each.at == At::kRequest; },
      [](const Connection& each) { return each.at == At::kStream; },
      [](const Connection& each) { return each.at == At::kWriting; }};
  for (const auto& kind : kinds) {
    const auto found = std::find_if(
        begin(), end(), [&](const auto& each) { return is_of(*each, peer) && kind(*each); });
    if (found == end()) continue;
    // Its coroutine may end, and take it out of the list.
    const auto evicted = *found;  // NOLINT(performance-unnecessary-copy-initialization)
    evicted->close();
    if (evicted->at == At::kStream) evicted->resume();
    return true;
  }
  return false;
}

std::optional<std::string> Crowd::make_room_for(const Peer& peer) {
  const auto is_full = [this](const Peer* of, std::size_t limit) {
    return count(of) >= limit && !make_room_of(of);
  };
  std::optional<std::string> reason;
  if (is_full(&peer, limits_.max_connections_per_peer.value))
    reason = too_many(" of " + peer.address, limits_.max_connections_per_peer);
  else if (is_full(nullptr, limits_.max_connections.value))
    reason = too_many("", limits_.max_connections);
  if (!reason) return reason;
  const auto is_turned_away = [](const auto& each) {
    return each->is_turned_away && each->transport.is_open();
  };
  const auto turned_away = std::count_if(begin(), end(), is_turned_away);
  if (static_cast<std::size_t>(turned_away) >= limits_.max_turned_away)
    (*std::find_if(begin(), end(), is_turned_away))->close();
  return reason;
}

}  // namespace okg::http
