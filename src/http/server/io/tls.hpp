// The server's certificate, and whose certificates clients may show.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "base/io/file_identity.hpp"
#include "http/server/options.hpp"

namespace okg::http {

/// Files are read again when they have changed. A pair
/// that does not work is told to TlsOptions::on_read,
/// and the one before it goes on. All on one thread.
class Tls {
 public:
  /// Errors: kInvalid, naming the file and what is wrong with it.
  static Result<std::unique_ptr<Tls>> open(TlsOptions options);

  /// For a connection that begins now.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> context();

 private:
  using Identities = std::vector<std::optional<FileIdentity>>;

  explicit Tls(TlsOptions options) : options_(std::move(options)) {}
  [[nodiscard]] Identities identify() const;
  [[nodiscard]] Result<void> read();

  TlsOptions options_;
  Identities identities_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace okg::http
