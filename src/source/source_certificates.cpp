#include "source/source_certificates.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "source/secret_file.hpp"

namespace okg::source {
namespace {

constexpr std::size_t kMaxCertificateFileBytes = std::size_t{64} << 10U;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* it) const {
    Free(it);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

/// Nobody is there who could be asked for a password.
int no_password(char*, int, int, void*) { return -1; }

Bio over(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// Looked at here, since libcurl would not say which file it is.
Result<void> check_pair(const SecretFile& certificate_file, const std::string& certificate_pem,
                        const SecretFile& key_file, const std::string& key_pem) {
  const Certificate certificate(
      PEM_read_bio_X509(over(certificate_pem).get(), nullptr, no_password, nullptr));
  const Key key(PEM_read_bio_PrivateKey(over(key_pem).get(), nullptr, no_password, nullptr));
  const bool fits = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!certificate) return certificate_file.unusable("is no certificate in PEM form");
  if (!key) return key_file.unusable("is no private key in PEM form without a password");
  if (!fits)
    return key_file.unusable("is not the key of " + certificate_file.file.string() +
                             "; mount both of one Secret");
  return {};
}

Result<void> add_pair(const CertificateFiles& files, http::ClientRequest& request) {
  const SecretFile certificate_file{request.certificate_setting, files.certificate};
  const SecretFile key_file{request.certificate_setting, files.key};
  auto certificate = certificate_file.read(kMaxCertificateFileBytes);
  if (!certificate) return certificate.error();
  auto key = key_file.read(kMaxCertificateFileBytes);
  if (!key) return key.error();
  if (auto ok = check_pair(certificate_file, *certificate, key_file, *key); !ok) return ok;
  request.certificate_pem = std::move(*certificate);
  request.key_pem = std::move(*key);
  return {};
}

/// libcurl would open a FIFO, and wait for ever.
Result<void> check_authority(std::string_view key, const std::filesystem::path& file) {
  std::error_code ignored;  // libcurl says it of a file that is not there
  if (!std::filesystem::is_other(file, ignored)) return {};
  return fail(ErrorCode::kUpstream, Reason::kSourceTls, key, ": ", file,
              " is not a regular file; mount the authority's certificate there, in PEM form");
}

}  // namespace

Result<void> add_certificate(const Setting<std::vector<CertificateFiles>>& files,
                             const http::Url& url, http::ClientRequest& request) {
  request.certificate_setting = files.key;
  const auto found = std::ranges::find_if(
      files.value, [&](const CertificateFiles& each) { return each.urls.holds(url); });
  if (found == files.value.end()) return check_authority(request.ca_setting, request.ca_file);
  if (!found->authority.empty()) {
    request.ca_file = found->authority;
    request.ca_setting = files.key;
  }
  if (auto ok = check_authority(request.ca_setting, request.ca_file); !ok) return ok;
  return found->certificate.empty() ? Result<void>() : add_pair(*found, request);
}

}  // namespace okg::source
