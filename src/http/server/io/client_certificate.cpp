#include "http/server/io/client_certificate.hpp"

#include <openssl/x509v3.h>

#include <memory>
#include <utility>

namespace okg::http {
namespace {

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

/// Nothing for kinds of names that callers are not known by.
std::string name_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS: return text_of(name.d.dNSName);
    case GEN_URI: return text_of(name.d.uniformResourceIdentifier);
    case GEN_EMAIL: return text_of(name.d.rfc822Name);
    default: return {};
  }
}

void add_common_name(X509* certificate, std::vector<std::string>& names) {
  const auto* subject = X509_get_subject_name(certificate);
  const int position = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (position < 0) return;
  const auto* entry = X509_NAME_get_entry(subject, position);
  names.push_back(text_of(X509_NAME_ENTRY_get_data(entry)));
}

void add_alternative_names(X509* certificate, std::vector<std::string>& names) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i)
    if (auto name = name_of(*sk_GENERAL_NAME_value(all.get(), i)); !name.empty())
      names.push_back(std::move(name));
}

}  // namespace

std::vector<std::string> certificate_names(SSL* connection) {
  std::vector<std::string> names;
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      SSL_get1_peer_certificate(connection), X509_free);
  if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return names;
  add_common_name(certificate.get(), names);
  add_alternative_names(certificate.get(), names);
  return names;
}

}  // namespace okg::http
