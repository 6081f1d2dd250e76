#include "http/server/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "base/io/unique_fd.hpp"

namespace okg::http {
namespace {

using namespace std::chrono_literals;

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

/// A caller with a plain socket, so that it can misbehave.
class Caller {
 public:
  explicit Caller(
      std::uint16_t port, bool v6 = false, const std::function<void()>& before_connect = [] {})
      : fd_(::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    before_connect();
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    six.sin6_addr = in6addr_loopback;
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        v6 ? ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&six), sizeof six) == 0
           : ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&four), sizeof four) == 0;
  }

  [[nodiscard]] bool connected() const { return connected_; }
  bool send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// The next answer, without a body after HEAD; status 0 when there is none.
  Answer read(bool head = false) {
    Answer answer;
    while (pending_.find("\r\n\r\n") == std::string::npos)
      if (!receive()) return answer;
    const auto end = pending_.find("\r\n\r\n") + 4;
    answer.head = pending_.substr(0, end);
    pending_.erase(0, end);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const auto length = answer.head.find("Content-Length: ");
    const auto size =
        length == std::string::npos || head ? 0 : std::stoul(answer.head.substr(length + 16));
    while (pending_.size() < size)
      if (!receive()) return answer;
    answer.body = pending_.substr(0, size);
    pending_.erase(0, size);
    return answer;
  }
  std::string read_bytes(std::size_t count) {
    while (pending_.size() < count && receive()) {
    }
    auto bytes = pending_.substr(0, count);
    pending_.erase(0, count);
    return bytes;
  }
  Answer ask(std::string_view text) {
    send(text);
    return read();
  }
  /// Whether the server ends the connection, having sent nothing more.
  bool ended() { return !receive() && closed_ && pending_.empty(); }
  /// Returns when the server has read all that was sent. @source proc_net_tcp(5): remote address,
  /// state, tx_queue:rx_queue
  void wait_until_read() const {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&own), &size);
    std::array<char, 64> row{};
    std::snprintf(row.data(), row.size(), "0100007F:%04X 01 00000000:00000000 ",
                  ntohs(own.sin_port));
    for (;; std::this_thread::yield())
      for (const auto* name : {"/proc/net/tcp6", "/proc/net/tcp"}) {
        std::ifstream table(name);
        for (std::string line; std::getline(table, line);)
          if (line.find(row.data()) != std::string::npos) return;
      }
  }
  /// Ends the connection with a reset.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    fd_.reset();
  }

 private:
  bool receive() {
    pollfd readable{fd_.get(), POLLIN, 0};
    if (::poll(&readable, 1, 60'000) != 1) return false;
    std::array<char, 4096> bytes;
    const auto got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    closed_ = got <= 0;
    if (got > 0) pending_.append(bytes.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  unique_fd fd_;
  bool connected_ = false;
  bool closed_ = false;
  std::string pending_;
};

/// Answers with what it was asked; keeps the answers to /hold back.
class Service {
 public:
  Choose choose() {
    return [this](const ServerRequest&, const Decide& decide) { decide(handler()); };
  }
  Handler handler() {
    return [this](ServerRequest request, Respond respond) {
      if (request.path == "/hold") {
        const std::lock_guard lock(mutex_);
        held_.push_back(std::move(respond));
        changed_.notify_all();
        return;
      }
      if (request.path == "/drop") return;
      ServerResponse response;
      response.body =
          request.method + " " + request.path + "?" + request.query + " " + request.content_type +
          " " + (request.body.size() > 100 ? std::to_string(request.body.size()) : request.body);
      response.headers.push_back({"X-Test", "yes"});
      respond(std::move(response));
    };
  }
  /// Waits until `count` answers are held back and takes them.
  std::vector<Respond> take(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 60s, [&] { return held_.size() >= count; });
    return std::exchange(held_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Respond> held_;
};

std::unique_ptr<Server> open(Service& service, ServerOptions options = {}) {
  auto server = Server::open(options, service.choose());
  EXPECT_TRUE(server) << server.error().message;
  return std::move(server).value();
}

/// A stop that waited for it would not return.
constexpr std::chrono::hours kForever{24};
constexpr auto kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr auto kHold = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n";

ServerResponse done() {
  ServerResponse response;
  response.status = 202;
  response.body = std::string("done");
  return response;
}

TEST(Server, answers_many_requests_on_one_connection) {
  Service service;
  const auto server = open(service);
  Caller caller(server->port());
  EXPECT_EQ(caller
                .ask("POST /h%C3%A9?q=%20 HTTP/1.1\r\nHost: x\r\nContent-Type: Text/Plain; "
                     "charset=utf-8\r\nContent-Length: "
                     "3\r\n\r\nabc")
                .body,
            "POST /h\xC3\xA9?q=%20 text/plain abc");
  const auto second = caller.ask(kGet);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.body, "GET /a?  ");
  EXPECT_NE(second.head.find("\r\nX-Test: yes\r\n"), std::string::npos);
  EXPECT_EQ(caller.ask("GET http://x:1/b?c HTTP/1.1\r\nHost: x\r\n\r\n").body, "GET /b?c  ");
  EXPECT_EQ(caller.ask("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status, 200);
  EXPECT_TRUE(caller.ended());
}

TEST(Server, ends_the_connection_after_an_http_1_0_request) {
  Service service;
  const auto server = open(service);
  Caller caller(server->port());
  EXPECT_EQ(caller.ask("GET /a HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(caller.ended());
}

TEST(Server, answers_head_with_the_length_and_without_the_body) {
  Service service;
  const auto server = open(service);
  Caller caller(server->port());
  caller.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(caller.read(true).head.find("Content-Length: 9\r\n"), std::string::npos);
  EXPECT_EQ(caller.ask(kGet).body, "GET /a?  ");
}

TEST(Server, answers_pipelined_requests_in_order) {
  Service service;
  const auto server = open(service);
  Caller caller(server->port());
  std::string all;
  for (int i = 0; i < 20; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  caller.send(all);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(caller.read().body, "GET /" + std::to_string(i) + "?  ");
}

TEST(Server, reads_a_body_in_chunks) {
  Service service;
  const auto server = open(service);
  Caller caller(server->port());
  caller.send(
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n4;x=y\r\n&b=");
  caller.wait_until_read();
  EXPECT_EQ(caller.ask("2\r\n0\r\n\r\n").body, "POST /a?  a=1&b=2");
}

TEST(Server, asks_for_the_body_when_the_client_waits_for_that) {
  Service service;
  const auto server = open(service);
  Caller caller(server->port());
  caller.send("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(caller.read().status, 100);
  EXPECT_EQ(caller.ask("abc").body, "POST /a?  abc");
  EXPECT_EQ(caller
                .ask("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                     "99999999\r\n\r\n")
                .status,
            413);
  EXPECT_TRUE(caller.ended());
}

TEST(Server, refuses_a_large_body_also_when_all_of_it_is_sent) {
  Service service;
  ServerOptions options;
  options.limits.max_body_bytes.key = "http.maxBodyBytes";
  const auto server = open(service, options);
  const std::string body(70'000, 'x');
  Caller sized(server->port());
  sized.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n");
  const auto refused = sized.ask(body);
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(
      refused.body.find(
          R"({"result":"Failed","stage":"request","reason":"BodyTooLarge","message":"the request's)"),
      0U);
  EXPECT_NE(refused.body.find("larger than 64 KiB (http.maxBodyBytes)"), std::string::npos);
  Caller chunked(server->port());
  EXPECT_EQ(chunked
                .ask("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n" +
                     body + "\r\n0\r\n\r\n")
                .status,
            413);
  Caller most(server->port());
  EXPECT_EQ(most.ask("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n" +
                     body.substr(0, 65'536))
                .body,
            "POST /a?  65536");
}

TEST(Server, refuses_large_headers) {
  Service service;
  const auto server = open(service);
  Caller caller(server->port());
  EXPECT_EQ(caller.ask("GET /a HTTP/1.1\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n").status,
            431);
  Caller endless(server->port());
  EXPECT_EQ(endless.ask(std::string(100'000, 'x')).status / 100, 4);
  Caller extension(server->port());
  EXPECT_EQ(extension
                    .ask("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                         std::string(20'000, 'x'))
                    .status /
                100,
            4);
}

TEST(Server, refuses_what_is_not_http) {
  Service service;
  const auto server = open(service);
  for (const auto* text :
       {"nonsense\r\n\r\n", "GET /a HTTP/9.9\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n",
        "GET /a HTTP/1.1\r\nno colon\r\n\r\n", "POST /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    Caller caller(server->port());
    const auto answer = caller.ask(text);
    EXPECT_EQ(answer.status, 400) << text;
    EXPECT_NE(answer.body.find(R"("stage":"request")"), std::string::npos);
  }
}

TEST(Server, lets_silent_connections_make_room_for_an_honest_request) {
  Service service;
  ServerOptions options;
  options.limits.max_connections.value = 4;
  const auto server = open(service, options);
  std::vector<std::unique_ptr<Caller>> silent;
  for (int i = 0; i < 12; ++i) silent.push_back(std::make_unique<Caller>(server->port()));
  silent.back()->send("GET /slow HTTP/1.1\r\n");
  Caller honest(server->port());
  EXPECT_EQ(honest.ask(kGet).status, 200);
  EXPECT_TRUE(silent.front()->ended());
  EXPECT_EQ(silent.back()->ask("Host: x\r\n\r\n").status, 200) << "the latest ones stay";
}

TEST(Server, never_displaces_a_request_in_progress) {
  Service service;
  ServerOptions options;
  options.limits.max_connections.value = 2;
  const auto server = open(service, options);
  Caller first(server->port());
  Caller second(server->port());
  first.send(kHold);
  second.send(kHold);
  auto held = service.take(2);
  if (held.size() < 2) held.push_back(service.take(1).at(0));
  Caller third(server->port());
  const auto turned_away = third.read();
  EXPECT_EQ(turned_away.status, 503);
  EXPECT_NE(turned_away.body.find("try again later"), std::string::npos);
  for (int i = 0; i < 40; ++i) Caller(server->port()).read();
  for (auto& respond : held) respond(done());
  EXPECT_EQ(first.read().body, "done");
  EXPECT_EQ(second.read().body, "done");
  EXPECT_EQ(Caller(server->port()).ask(kGet).status, 200);
}

TEST(Server, ends_slow_and_idle_connections) {
  Service service;
  ServerOptions options;
  options.limits.request_timeout.value = 150ms;
  options.limits.idle_timeout = 300ms;
  const auto server = open(service, options);
  Caller slow(server->port());
  std::jthread trickle([&](const std::stop_token& stop) {
    slow.send("GET /a HTTP/1.1\r\nX: ");
    while (!stop.stop_requested() && slow.send("x")) std::this_thread::sleep_for(20ms);
  });
  Caller silent(server->port());
  Caller idle(server->port());
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(idle.ask(kGet).status, 200);
  EXPECT_TRUE(silent.ended());
  EXPECT_EQ(slow.read().status, 408);
  trickle.request_stop();
  EXPECT_TRUE(idle.ended());
  EXPECT_GE(std::chrono::steady_clock::now() - before, options.limits.idle_timeout);
}

TEST(ServerLimits, keep_idle_connections_for_longer_than_load_balancers_do) {
  EXPECT_GT(ServerLimits().idle_timeout, 60s);
}

TEST(Server, waits_for_the_answer_however_long_it_takes) {
  Service service;
  ServerOptions options;
  options.limits.request_timeout.value = options.limits.idle_timeout =
      options.limits.response_timeout = 50ms;
  const auto server = open(service, options);
  Caller caller(server->port());
  caller.send(kHold);
  auto held = service.take(1);
  EXPECT_TRUE(Caller(server->port()).ended()) << "every time-out has passed";
  std::jthread elsewhere([&] {
    held.at(0)(done());
    held.at(0)(done());
  });
  const auto answer = caller.read();
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "done");
}

TEST(Server, survives_callers_who_hang_up) {
  Service service;
  const auto server = open(service);
  for (int i = 0; i < 20; ++i) {
    Caller caller(server->port());
    caller.send(kHold);
    auto held = service.take(1);
    if (i % 2 == 0) caller.reset();
    ServerResponse large = done();
    large.body = std::string(4'000'000, 'x');
    for (auto& respond : held) respond(large);
    Caller(server->port()).send("POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nx");
  }
  EXPECT_EQ(Caller(server->port()).ask(kGet).status, 200);
}

TEST(Server, waits_without_spinning_when_there_are_no_descriptors) {
  Service service;
  const auto server = open(service);
  Caller busy(server->port());
  busy.send(kHold);
  auto held = service.take(1);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  Caller late(server->port(), false, [&] {
    const unique_fd lowest_free(::dup(0));
    auto none_left = before;
    none_left.rlim_cur = static_cast<rlim_t>(lowest_free.get());
    setrlimit(RLIMIT_NOFILE, &none_left);
  });
  late.send(kGet);
  const auto cpu_before = std::clock();
  std::this_thread::sleep_for(400ms);
  const auto cpu = std::clock() - cpu_before;
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_LT(cpu, CLOCKS_PER_SEC / 10);
  EXPECT_EQ(late.read().status, 200);
  for (auto& respond : held) respond(done());
  EXPECT_EQ(busy.read().body, "done");
}

TEST(Server, says_so_when_a_request_is_dropped_without_an_answer) {
  Service service;
  const auto server = open(service);
  EXPECT_EQ(Caller(server->port()).ask("GET /drop HTTP/1.1\r\nHost: x\r\n\r\n").status, 500);
}

TEST(Server, stops_when_the_answer_in_progress_is_out) {
  Service service;
  const auto server = open(service);
  Caller idle(server->port());
  EXPECT_EQ(idle.ask(kGet).status, 200);
  Caller caller(server->port());
  caller.send(kHold);
  auto held = service.take(1);
  std::jthread later([&] {
    EXPECT_TRUE(idle.ended()) << "it is stopping";
    held.at(0)(done());
  });
  server->stop(kForever);
  const auto answer = caller.read();
  EXPECT_EQ(answer.body, "done");
  EXPECT_NE(answer.head.find("Connection: close"), std::string::npos);
  EXPECT_FALSE(Caller(server->port()).connected());
}

TEST(Server, gives_up_an_answer_that_does_not_come_within_the_grace) {
  Service service;
  auto server = open(service);
  Caller caller(server->port());
  caller.send(kHold);
  auto held = service.take(1);
  server->stop(50ms);
  EXPECT_TRUE(caller.ended());
  held.at(0)(done());
  server.reset();
  held.at(0)(done());
}

TEST(Server, stops_at_once_when_nobody_is_there) {
  Service service;
  open(service)->stop(kForever);
}

TEST(Server, serves_ipv6_and_ipv4_together) {
  Service service;
  const auto server = open(service);
  EXPECT_EQ(Caller(server->port()).ask(kGet).status, 200);
  Caller six(server->port(), true);
  if (!six.connected()) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_EQ(six.ask(kGet).status, 200);
}

TEST(Server, names_the_address_it_cannot_listen_on) {
  Service service;
  ServerOptions options;
  options.host = "127.0.0.1";
  const auto first = open(service, options);
  options.port = first->port();
  const auto second = Server::open(options, service.choose());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message.find("cannot listen on 127.0.0.1:" +
                                        std::to_string(options.port) + ": Address already in use"),
            0U)
      << second.error().message;
  options.host = "localhost";
  EXPECT_EQ(Server::open(options, service.choose()).error().code, ErrorCode::kInvalid);
}

TEST(Server, gives_the_handler_headers_and_peer) {
  ServerRequest got;
  const auto server = Server::open({}, [&](const ServerRequest&, const Decide& decide) {
                        decide(Handler([&](ServerRequest request, const Respond& respond) {
                          got = std::move(request);
                          respond(done());
                        }));
                      }).value();
  Caller(server->port()).ask("GET /a HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nx-one: 2\r\n\r\n");
  EXPECT_EQ(got.peer.address, "127.0.0.1");
  EXPECT_NE(got.peer.port, 0);
  ASSERT_NE(find_header(got.headers, "X-One"), nullptr);
  EXPECT_EQ(*find_header(got.headers, "X-One"), "2");
}

TEST(Server, decides_before_the_body_is_read) {
  const auto server = Server::open({}, [&](const ServerRequest& head, const Decide& decide) {
                        EXPECT_EQ(head.body, "");
                        decide(refusal(403, "not you", Reason::kForbidden));
                      }).value();
  Caller caller(server->port());
  const auto answer = caller.ask(
      "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(answer.status, 403);
  EXPECT_TRUE(caller.ended());
  Caller without_body(server->port());
  EXPECT_EQ(without_body.ask(kGet).status, 403);
  EXPECT_EQ(without_body.ask(kGet).status, 403) << "the connection goes on";
}

TEST(Server, waits_for_a_decision_that_comes_later) {
  std::promise<Decide> undecided;
  Service service;
  const auto server = Server::open({}, [&](const ServerRequest& head, const Decide& decide) {
                        if (head.path == "/late") return undecided.set_value(decide);
                        decide(service.handler());
                      }).value();
  Caller late(server->port());
  late.send("POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  const auto decide = undecided.get_future().get();
  EXPECT_EQ(Caller(server->port()).ask(kGet).status, 200) << "nobody waits for it";
  decide(service.handler());
  EXPECT_EQ(late.read().body, "POST /late?  abc");
}

/// A server whose every answer is one stream.
std::unique_ptr<Server> open_stream(const std::shared_ptr<BodyStream>& stream,
                                    ServerOptions options = {}) {
  return Server::open(options,
                      [stream](const ServerRequest&, const Decide& decide) {
                        ServerResponse response;
                        response.content_type = "text/event-stream";
                        response.stream = stream;
                        decide(std::move(response));
                      })
      .value();
}

TEST(Server, sends_a_stream_in_chunks_as_it_is_written) {
  const auto stream = std::make_shared<BodyStream>();
  const auto server = open_stream(stream);
  Caller caller(server->port());
  const auto head = caller.ask(kGet).head;
  EXPECT_NE(head.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(stream->write("data: 1\n\n"));
  EXPECT_EQ(caller.read_bytes(14), "9\r\ndata: 1\n\n\r\n");
  EXPECT_TRUE(stream->write(std::string(20, 'x')));
  stream->end();
  EXPECT_EQ(caller.read_bytes(31), "14\r\n" + std::string(20, 'x') + "\r\n0\r\n\r\n");
  EXPECT_FALSE(stream->write("too late"));
}

TEST(Server, ends_a_stream_with_the_connection_for_an_http_1_0_client) {
  const auto stream = std::make_shared<BodyStream>();
  stream->write("all of it");
  stream->end();
  const auto server = open_stream(stream);
  Caller caller(server->port());
  EXPECT_EQ(caller.ask("GET /a HTTP/1.0\r\n\r\n").head.find("chunked"), std::string::npos);
  EXPECT_EQ(caller.read_bytes(9), "all of it");
  EXPECT_TRUE(caller.ended());
}

TEST(Server, ends_streams_at_once_when_it_stops) {
  const auto stream = std::make_shared<BodyStream>();
  const auto server = open_stream(stream);
  Caller caller(server->port());
  EXPECT_EQ(caller.ask(kGet).status, 200);
  server->stop(kForever);
  EXPECT_TRUE(stream->is_closed());
  EXPECT_EQ(caller.read_bytes(5), "0\r\n\r\n");
}

TEST(Server, closes_a_stream_whose_client_hangs_up) {
  const auto stream = std::make_shared<BodyStream>();
  std::promise<void> closed;
  stream->on_close([&closed] { closed.set_value(); });
  const auto server = open_stream(stream);
  {
    Caller caller(server->port());
    EXPECT_EQ(caller.ask(kGet).status, 200);
    EXPECT_TRUE(caller.send("what nobody reads"));
    EXPECT_FALSE(stream->is_closed());
  }
  EXPECT_EQ(closed.get_future().wait_for(60s), std::future_status::ready);
}

TEST(Server, closes_a_stream_whose_client_does_not_read) {
  const auto stream = std::make_shared<BodyStream>(1024);
  ServerOptions options;
  options.limits.response_timeout = 100ms;
  const auto server = open_stream(stream, options);
  Caller caller(server->port());
  EXPECT_EQ(caller.ask(kGet).status, 200);
  for (int i = 0; i < 100'000 && stream->write(std::string(1000, 'x')); ++i) {
  }
  EXPECT_TRUE(stream->is_closed());
}

TEST(Server, lets_a_client_that_does_not_read_make_room_before_one_that_waits) {
  ServerOptions options;
  options.limits.max_connections.value = 2;
  options.limits.slow_reader = 0ms;
  const auto server = Server::open(options, [](const ServerRequest& head, const Decide& decide) {
                        ServerResponse response;
                        response.body = std::string(head.path == "/large" ? 40'000'000 : 1, 'x');
                        decide(std::move(response));
                      }).value();
  Caller waiting(server->port());
  EXPECT_EQ(waiting.ask(kGet).status, 200);
  Caller slow(server->port());
  slow.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(slow.read_bytes(15), "HTTP/1.1 200 OK");
  EXPECT_EQ(Caller(server->port()).ask(kGet).status, 200);
  EXPECT_EQ(waiting.ask(kGet).status, 200);
}

TEST(Server, keeps_the_connections_of_one_peer_to_its_share) {
  Service service;
  ServerOptions options;
  options.limits.max_connections_per_peer.value = 1;
  const auto server = open(service, options);
  Caller six(server->port(), true);
  Caller first(server->port());
  Caller second(server->port());
  EXPECT_EQ(second.ask(kGet).status, 200);
  EXPECT_TRUE(first.ended());
  if (!six.connected()) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_EQ(six.ask(kGet).status, 200);
}

TEST(Server, serves_two_hundred_connections_and_a_thousand_silent_ones) {
  Service service;
  ServerOptions options;
  options.limits.max_connections_per_peer.value = 256;
  const auto server = open(service, options);
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < 200; ++i) callers.push_back(std::make_unique<Caller>(server->port()));
  for (const auto& caller : callers) caller->send(kGet);
  for (const auto& caller : callers) EXPECT_EQ(caller->read().status, 200);
  callers.clear();
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const rlim_t silent = std::min<rlim_t>(1000, files.rlim_cur / 2);
  for (rlim_t i = 0; i < silent; ++i) callers.push_back(std::make_unique<Caller>(server->port()));
  EXPECT_EQ(Caller(server->port()).ask(kGet).status, 200);
}

}  // namespace
}  // namespace okg::http
