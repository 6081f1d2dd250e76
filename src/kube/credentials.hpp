// The pod's identity to the API server, and that server's address: from
// the service account that Kubernetes mounts into every pod.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/io/file_identity.hpp"

namespace okg::kube {

/// Thread-compatible.
/// @source https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
class Credentials {
 public:
  static constexpr const char* kServiceAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount";

  /// For the cluster of this process: reads KUBERNETES_SERVICE_HOST and
  /// _PORT, and the files `token`, `ca.crt` and `namespace` in `dir`.
  /// Errors: kInvalid, saying what is missing and what to do about it.
  [[nodiscard]] static Result<Credentials> in_cluster(
      const std::filesystem::path& dir = kServiceAccountDir);
  /// The same for a server given by its URL ("https://10.96.0.1:443").
  [[nodiscard]] static Result<Credentials> for_server(std::string base_url,
                                                      const std::filesystem::path& dir);

  [[nodiscard]] const std::string& base_url() const { return base_url_; }
  [[nodiscard]] const std::string& ca_file() const { return ca_file_; }
  /// The namespace of the service account, which is the pod's.
  [[nodiscard]] const std::string& own_namespace() const { return namespace_; }
  /// The bearer token, read again when its file has changed.
  /// When that fails the last one read: it may still be
  /// valid, and the API server's 401 tells when it is not.
  [[nodiscard]] const std::string& token();
  /// Reads the token now, changed or not. Errors: as
  /// errno_error; kInvalid when the file is empty.
  Result<void> reload();

 private:
  std::string base_url_;
  std::string ca_file_;
  std::string namespace_;
  std::string token_file_;
  std::string token_;
  FileIdentity token_identity_;
};

}  // namespace okg::kube
