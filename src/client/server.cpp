#include "client/server.hpp"

#include <algorithm>
#include <optional>

#include "api/routes.hpp"
#include "base/environment.hpp"
#include "base/io/file.hpp"
#include "base/text.hpp"
#include "config/mistakes.hpp"
#include "http/client/url.hpp"
#include "sidecar/load.hpp"
#include "sidecar/own_address.hpp"

namespace okg::client {
namespace {

constexpr std::size_t kMaxTokenBytes = std::size_t{64} << 10U;

std::string given_or(const std::string& flag, const char* variable) {
  return flag.empty() ? environment(variable).value_or("") : flag;
}

Result<std::string> read_token(const std::filesystem::path& file) {
  auto token = read_file_or_pipe(file, kMaxTokenBytes);
  if (!token) return token.error().in("the token");
  const auto last = token->find_last_not_of(" \t\r\n");
  token->erase(last == std::string::npos ? 0 : last + 1);
  const auto is_wrong = [](unsigned char each) { return each <= ' ' || each >= 0x7f; };
  if (token->empty() || std::ranges::any_of(*token, is_wrong))
    return fail(ErrorCode::kInvalid, "the token ", file, " is empty or has white space");
  return token;
}

/// "http://h:5000/hot-update", as pages have it for curl, is the server as well.
Result<std::string> url_of(std::string text) {
  static constexpr std::string_view kCall = api::kUpdateRoute;
  const auto port = std::string_view(text).substr(text.starts_with(':') ? 1 : 0);
  if (!port.empty() && is_all_digits(port))
    return fail(ErrorCode::kInvalid, "--server ", text,
                " is a port alone; give it with its address, like 127.0.0.1:", port);
  if (text.find("://") == std::string::npos) text.insert(0, "http://");
  while (text.ends_with('/')) text.pop_back();
  if (text.ends_with(kCall)) text.resize(text.size() - kCall.size());
  const auto parsed = http::Url::parse(text);
  if (!parsed) return parsed.error().in("--server");
  if (!parsed->query().empty())
    return fail(ErrorCode::kInvalid, "--server has a query; give it like http://10.0.0.7:5000");
  return text;
}

/// A token that may update comes before one that may only read.
std::filesystem::path token_file_of(const auth::Settings& auth) {
  const auto may_update = [&](const std::filesystem::path& file) {
    return !auth.readers.contains("token:" + file.filename().string());
  };
  const auto& files = auth.token_files;
  const auto found = std::ranges::find_if(files, may_update);
  if (found != files.end()) return *found;
  return files.empty() ? std::filesystem::path() : files.front();
}

/// The sidecar of config.yaml, which runs on this machine.
Result<Server> own_server(Connection& connection, sidecar::Registry registry) {
  config::Mistakes mistakes(connection.config_file.string());
  const auto loaded = sidecar::load(connection.config_file, registry, mistakes);
  if (!loaded) {
    std::string all;
    for (const auto& mistake : mistakes.list()) all += to_string(mistake) + "\n";
    return fail(ErrorCode::kInvalid, all,
                "no --server is given, and the configuration does not "
                "say where the sidecar is");
  }
  Server server;
  server.url = sidecar::own_url(*loaded);
  server.request.use_proxy = false;
  server.request.verify_name = false;
  if (connection.ca_file.empty() && loaded->tls)
    connection.ca_file = loaded->tls->certificate_file.string();
  if (connection.token_file.empty()) connection.token_file = token_file_of(loaded->auth).string();
  return server;
}

Result<Server> other_server(const std::string& text) {
  auto url = url_of(text);
  if (!url) return url.error();
  Server server;
  server.url = std::move(*url);
  return server;
}

}  // namespace

Result<Server> find_server(const Connection& given, sidecar::Registry registry) {
  auto connection = given;
  connection.server = given_or(given.server, kServerVariable);
  connection.token_file = given_or(given.token_file, kTokenFileVariable);
  connection.ca_file = given_or(given.ca_file, kCaFileVariable);
  auto server = connection.server.empty() ? own_server(connection, registry)
                                          : other_server(connection.server);
  if (!server) return server.error();
  auto& request = server->request;
  request.ca_file = connection.ca_file;
  request.ca_setting = "--ca-file";
  request.certificate_setting = "--cert-file";
  request.certificate_file = given_or(given.cert_file, kCertFileVariable);
  request.key_file = given_or(given.key_file, kKeyFileVariable);
  if (connection.token_file.empty()) return server;
  const auto token = read_token(connection.token_file);
  if (!token) return token.error();
  request.headers.push_back({"Authorization", "Bearer " + *token});
  return server;
}

}  // namespace okg::client
