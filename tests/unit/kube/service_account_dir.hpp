// What the kubelet gives a container of the cluster: variables, and a service account's folder, of
// files that are links through `..data`, which a rotation swaps.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "temporary_folder.hpp"

namespace okg::kube {

/// While it lives, this process is in a cluster; behind it, in none.
class InCluster {
 public:
  InCluster() {
    ::setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1", 1);
    ::setenv("KUBERNETES_SERVICE_PORT", "443", 1);
  }
  InCluster(const InCluster&) = delete;
  InCluster& operator=(const InCluster&) = delete;
  ~InCluster() { leave(); }
  static void leave() {
    ::unsetenv("KUBERNETES_SERVICE_HOST");
    ::unsetenv("KUBERNETES_SERVICE_PORT");
  }
};

class ServiceAccountDir {
 public:
  explicit ServiceAccountDir(const std::string& token) {
    rotate(token);
    for (const char* name : {"token", "ca.crt", "namespace"})
      std::filesystem::create_symlink(std::filesystem::path("..data") / name,
                                      folder_.path() / name);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

  void rotate(const std::string& token) {
    const std::string generation = "..generation-" + std::to_string(++generations_);
    folder_.write(generation + "/token", token + "\n");
    folder_.write(generation + "/ca.crt", "a certificate\n");
    folder_.write(generation + "/namespace", "games");
    std::filesystem::create_symlink(generation, folder_.path() / "..data_tmp");
    std::filesystem::rename(folder_.path() / "..data_tmp", folder_.path() / "..data");
  }

 private:
  tests::TemporaryFolder folder_;
  int generations_ = 0;
};

}  // namespace okg::kube
