#include "source/credentials.hpp"

#include "base/time/timestamp.hpp"

namespace okg::source {

Result<Secrecy> Credentials::add_to(http::ClientRequest& request, const http::Url& url) const {
  if (auto ok = add_certificate(certificates_, url, request); !ok) return ok.error();
  const auto is_signed = sign(object_store_, url, now(), request);
  if (!is_signed) return is_signed.error();
  if (*is_signed) return Secrecy::kSigned;
  const auto headers = headers_for(header_files_, url);
  if (!headers) return headers.error();
  request.headers.insert(request.headers.end(), headers->begin(), headers->end());
  return headers->empty() ? Secrecy::kNone : Secrecy::kSecretHeaders;
}

}  // namespace okg::source
