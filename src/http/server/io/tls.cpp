#include "http/server/io/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace okg::http {
namespace {

namespace ssl = boost::asio::ssl;

/// Takes the last complaint of OpenSSL; its queue is empty then.
std::string last_complaint() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "it is not readable" : reason;
}

Error cannot_use(const std::filesystem::path& file, std::string_view what) {
  return fail(ErrorCode::kInvalid, "cannot use ", file, " as ", what, ": ", last_complaint());
}

/// OpenSSL would open a FIFO, and wait for ever.
Result<void> check_files(const TlsOptions& options) {
  for (const auto& file : {options.certificate_file, options.key_file, options.client_ca_file}) {
    std::error_code ignored;  // OpenSSL says it of a file that is not there
    if (std::filesystem::is_other(file, ignored))
      return fail(ErrorCode::kInvalid, "cannot use ", file, ": it is not a regular file");
  }
  return {};
}

Result<void> use_pair(SSL_CTX* context, const TlsOptions& options) {
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1)
    return cannot_use(options.certificate_file, "certificate");
  if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    return cannot_use(options.key_file, "key of " + options.certificate_file.string());
  return {};
}

/// Each call decides whether its client needs a certificate: probes have none.
Result<void> use_client_authority(SSL_CTX* context, const std::filesystem::path& file) {
  if (file.empty()) return {};
  if (SSL_CTX_load_verify_file(context, file.c_str()) != 1)
    return cannot_use(file, "authority of clients");
  SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(file.c_str()));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return {};
}

/// No sessions are resumed: each connection is checked against the files of today.
void harden(SSL_CTX* context, TlsVersion min_version) {
  SSL_CTX_set_min_proto_version(context,
                                min_version == TlsVersion::k13 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
}

}  // namespace

Result<std::unique_ptr<Tls>> Tls::open(TlsOptions options) {
  std::unique_ptr<Tls> tls(new Tls(std::move(options)));
  tls->identities_ = tls->identify();
  if (auto ok = tls->read(); !ok) return ok.error();
  return tls;
}

Tls::Identities Tls::identify() const {
  Identities identities;
  for (const auto* file :
       {&options_.certificate_file, &options_.key_file, &options_.client_ca_file}) {
    const auto identity = identify_file(*file);
    identities.push_back(identity ? std::optional(*identity) : std::nullopt);
  }
  return identities;
}

Result<void> Tls::read() {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* native = context->native_handle();
  ERR_clear_error();
  harden(native, options_.min_version);
  if (auto ok = check_files(options_); !ok) return ok;
  if (auto ok = use_pair(native, options_); !ok) return ok;
  if (auto ok = use_client_authority(native, options_.client_ca_file); !ok) return ok;
  context_ = std::move(context);
  return {};
}

std::shared_ptr<ssl::context> Tls::context() {
  // Identified before they are read: a swap in
  // between then looks like a change the next time.
  if (auto now = identify(); now != identities_) {
    identities_ = std::move(now);
    const auto ok = read();
    if (options_.on_read) options_.on_read(ok);
  }
  return context_;
}

}  // namespace okg::http
