// A request as a handler gets it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "http/authority.hpp"
#include "http/message.hpp"

namespace okg::http {

/// The sender's IP address; IPv4 also where it came in over an IPv6 socket.
struct Peer {
  std::string address;
  std::uint16_t port = 0;
  /// Common and alternative names of its verified certificate. None: it showed none.
  std::vector<std::string> certificate_names{};
};

/// The sender of a request, as far as the server knows.
struct Caller {
  std::string name;       ///< "token:deploy"; empty: nobody had to say
  bool may_read = false;  ///< what the pod runs, and why something is not well
};

struct ServerRequest {
  std::string method;        ///< HEAD comes as GET
  std::string path;          ///< percent-decoded, without the query
  std::string query;         ///< as sent, without the question mark
  std::string content_type;  ///< lower case, without parameters; empty when there was none
  Authority authority;       ///< of the target where it has one, else of Host
  Headers headers;
  std::string body;  ///< empty while only the head has been read
  Peer peer;
  Caller caller{};  ///< known once the call may go on
};

}  // namespace okg::http
