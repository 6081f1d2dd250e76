#include "http/server/io/client_certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "made_certificate.hpp"

namespace okg::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::certificate_of;
using tests::Free;
using tests::Shown;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX, SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Free<SSL, SSL_free>>;

void show(SSL_CTX* context, const Shown& shown) {
  SSL_CTX_use_certificate(context, shown.certificate.get());
  SSL_CTX_use_PrivateKey(context, shown.key.get());
}

/// A server and a client in one process, with a pipe in memory between them.
class ClientCertificateTest : public testing::Test {
 protected:
  void show_client(const std::string& common, const std::string& alternative = "") {
    shown_ = certificate_of(common, alternative);
    show(client_.get(), *shown_);
  }
  /// Those that the server knows the client by.
  std::vector<std::string> names() {
    const auto own = certificate_of("server", "");
    show(server_.get(), own);
    SSL_CTX_set_verify(server_.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    if (shown_ && is_trusted_)
      X509_STORE_add_cert(SSL_CTX_get_cert_store(server_.get()), shown_->certificate.get());
    const Connection server(SSL_new(server_.get()));
    const Connection client(SSL_new(client_.get()));
    BIO* of_server = nullptr;
    BIO* of_client = nullptr;
    BIO_new_bio_pair(&of_server, 0, &of_client, 0);
    SSL_set_bio(server.get(), of_server, of_server);
    SSL_set_bio(client.get(), of_client, of_client);
    SSL_set_accept_state(server.get());
    SSL_set_connect_state(client.get());
    for (int i = 0; i < 10 && SSL_is_init_finished(server.get()) == 0; ++i) {
      SSL_do_handshake(client.get());
      SSL_do_handshake(server.get());
    }
    EXPECT_EQ(SSL_is_init_finished(server.get()), 1);
    return certificate_names(server.get());
  }
  void trust_nobody() { is_trusted_ = false; }

 private:
  Context server_{SSL_CTX_new(TLS_server_method())};
  Context client_{SSL_CTX_new(TLS_client_method())};
  std::optional<Shown> shown_;
  bool is_trusted_ = true;
};

TEST_F(ClientCertificateTest, gives_no_name_to_who_shows_none) { EXPECT_THAT(names(), IsEmpty()); }

TEST_F(ClientCertificateTest, gives_the_common_name) {
  show_client("deployer");
  EXPECT_THAT(names(), ElementsAre("deployer"));
}

TEST_F(ClientCertificateTest, gives_dns_names_uris_and_mail_addresses_behind_it) {
  show_client("deployer", "URI:spiffe://games/deployer, DNS:ci.example.com, email:ci@example.com");
  EXPECT_THAT(names(), ElementsAre("deployer", "spiffe://games/deployer", "ci.example.com",
                                   "ci@example.com"));
}

TEST_F(ClientCertificateTest, gives_alternative_names_where_there_is_no_common_name) {
  show_client("", "DNS:ci.example.com");
  EXPECT_THAT(names(), ElementsAre("ci.example.com"));
}

TEST_F(ClientCertificateTest, gives_no_address) {
  show_client("deployer", "IP:10.0.0.1");
  EXPECT_THAT(names(), ElementsAre("deployer"));
}

TEST_F(ClientCertificateTest, gives_a_name_whole_whatever_it_holds) {
  const std::string name("deployer\0.evil", 14);
  show_client(name);
  EXPECT_THAT(names(), ElementsAre(name));
}

TEST_F(ClientCertificateTest, gives_no_name_of_a_certificate_that_was_not_verified) {
  show_client("deployer", "DNS:ci.example.com");
  trust_nobody();
  EXPECT_THAT(names(), IsEmpty());
}

}  // namespace
}  // namespace okg::http
