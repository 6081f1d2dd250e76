#include "results/open.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "kube/service_account_dir.hpp"
#include "results/in_kube/in_kube_store.hpp"
#include "results/local_store.hpp"
#include "temporary_folder.hpp"

namespace okg::results {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A pod in a cluster.
class OpenTest : public testing::Test {
 protected:
  void write_in_kube() { settings_.type = StorageType::kInKube; }
  void take_service_account() { pod_.service_account_dir = "/none"; }
  [[nodiscard]] Result<void> check_it() const { return check(settings_, pod_); }
  [[nodiscard]] Result<std::unique_ptr<ResultStore>> open_it() {
    return open(settings_, pod_, files::Folder::open(state_.path()).value(), api_);
  }

  tests::TemporaryFolder state_;
  kube::InCluster cluster_;
  kube::ServiceAccountDir account_{"token"};
  kube::ApiFigures api_;
  StorageSettings settings_;
  PodIdentity pod_{"games", "lobby", account_.path(), ""};
};

TEST_F(OpenTest, keeps_results_in_the_state_folder_where_they_are_local) {
  const auto store = open_it();
  ASSERT_TRUE(store);
  EXPECT_NE(dynamic_cast<const LocalStore*>(store->get()), nullptr);
  Record record;
  record.last.version = "v2";
  ASSERT_TRUE((*store)->write(record, {}));
  EXPECT_THAT(state_.read("result.json"), HasSubstr("\"v2\""));
}

TEST_F(OpenTest, needs_no_service_account_where_results_are_local) {
  take_service_account();
  EXPECT_TRUE(check_it());
  EXPECT_TRUE(open_it());
}

TEST_F(OpenTest, writes_to_kubernetes_with_the_service_account) {
  write_in_kube();
  EXPECT_TRUE(check_it());
  const auto store = open_it();
  ASSERT_TRUE(store);
  EXPECT_NE(dynamic_cast<const InKubeStore*>(store->get()), nullptr);
}

TEST_F(OpenTest, refuses_kubernetes_without_a_service_account) {
  write_in_kube();
  take_service_account();
  ASSERT_FALSE(check_it());
  EXPECT_EQ(check_it().error().code, ErrorCode::kInvalid);
  EXPECT_THAT(check_it().error().message, StartsWith("storageConfig.type is InKube: "));
  EXPECT_FALSE(open_it());
}

TEST_F(OpenTest, advises_a_local_store_where_there_is_no_cluster) {
  write_in_kube();
  kube::InCluster::leave();
  const auto advice = HasSubstr("use storageConfig.type: Local outside a cluster");
  EXPECT_THAT(check_it().error().message, advice);
  EXPECT_THAT(open_it().error().message, advice);
}

}  // namespace
}  // namespace okg::results
