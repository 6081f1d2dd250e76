// What the kubelet gives a container of the cluster: variables, and a service account's folder, of
// files that are links through `..data`, which a rotation swaps.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

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
    std::string pattern = ::testing::TempDir() + "service-account-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
    rotate(token);
    for (const char* name : {"token", "ca.crt", "namespace"})
      std::filesystem::create_symlink(std::filesystem::path("..data") / name, path_ / name);
  }
  ServiceAccountDir(const ServiceAccountDir&) = delete;
  ServiceAccountDir& operator=(const ServiceAccountDir&) = delete;
  ~ServiceAccountDir() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  void rotate(const std::string& token) {
    const std::string generation = "..generation-" + std::to_string(++generations_);
    std::filesystem::create_directory(path_ / generation);
    std::ofstream(path_ / generation / "token") << token << "\n";
    std::ofstream(path_ / generation / "ca.crt") << "a certificate\n";
    std::ofstream(path_ / generation / "namespace") << "games";
    std::filesystem::create_symlink(generation, path_ / "..data_tmp");
    std::filesystem::rename(path_ / "..data_tmp", path_ / "..data");
  }

 private:
  std::filesystem::path path_;
  int generations_ = 0;
};

}  // namespace okg::kube
