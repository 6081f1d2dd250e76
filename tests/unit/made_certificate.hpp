// Certificates that a test makes for itself, in a millisecond.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace okg::tests {

template <class T, void (*free)(T*)>
struct Free {
  void operator()(T* object) const { free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;

/// A certificate that signs itself.
struct Shown {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate{X509_new()};
};

inline void add_extension(X509* certificate, int id, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION, X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str()));
  if (!extension) throw std::runtime_error("no extension: " + value);
  X509_add_ext(certificate, extension.get(), -1);
}

/// Either may be empty; `alternative` as openssl.cnf has it: "DNS:a, URI:b".
inline Shown certificate_of(const std::string& common, const std::string& alternative) {
  Shown shown;
  auto* certificate = shown.certificate.get();
  X509_set_version(certificate, 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, shown.key.get());
  auto* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("games"), -1, -1, 0);
  if (!common.empty())
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common.data()),
                               static_cast<int>(common.size()), -1, 0);
  X509_set_issuer_name(certificate, subject);
  if (!alternative.empty()) add_extension(certificate, NID_subject_alt_name, alternative);
  X509_sign(certificate, shown.key.get(), EVP_sha256());
  return shown;
}

/// What was written, in PEM form.
template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, Free<BIO, BIO_free_all>> bio(BIO_new(BIO_s_mem()));
  write(bio.get());
  const char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}
inline std::string pem_of(X509* certificate) {
  return pem_of([&](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
}
/// Without a password when that is empty.
inline std::string pem_of(EVP_PKEY* key, std::string password = "") {
  return pem_of([&](BIO* bio) {
    PEM_write_bio_PKCS8PrivateKey(bio, key, password.empty() ? nullptr : EVP_aes_128_cbc(),
                                  password.empty() ? nullptr : password.data(),
                                  static_cast<int>(password.size()), nullptr, nullptr);
  });
}

}  // namespace okg::tests
