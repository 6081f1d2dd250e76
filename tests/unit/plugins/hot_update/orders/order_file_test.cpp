#include "plugins/hot_update/orders/order_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The folder that the kubelet keeps up to date, and what its orders queue.
class OrderFileTest : public testing::Test {
 protected:
  OrderFileTest() {
    settings_.file = folder_.path() / "pod" / "desired";
    std::filesystem::create_directory(settings_.file.parent_path());
  }
  static std::string order_of(const std::string& version) {
    return R"({"a":{"version":")" + version + R"(","url":"http://h/a"}})";
  }
  void order(const std::string& text) const { folder_.write("pod/desired", text); }
  void begin() {
    Orders::Links links;
    links.enqueue = [this](const Job& job) {
      const std::lock_guard lock(mutex_);
      queued_.push_back(job.request.version);
      changed_.notify_all();
      return Result<void>();
    };
    links.admit = [](const api::UpdateRequest&) { return Result<void>(); };
    links.on_seen = [] {};
    file_.emplace(settings_, *ledger_, std::move(links));
    file_->begin();
  }
  void TearDown() override {
    if (file_) file_->stop();
  }
  [[nodiscard]] std::vector<std::string> queued() {
    const std::lock_guard lock(mutex_);
    return queued_;
  }
  [[nodiscard]] bool is_queued(const std::string& version) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20),
                             [&] { return !queued_.empty() && queued_.back() == version; });
  }

  tests::TemporaryFolder folder_;
  OrderSettings settings_;
  std::unique_ptr<Ledger> ledger_ =
      std::move(Ledger::open(files::Folder::open(folder_.path()).value()).value());
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> queued_;
  std::optional<OrderFile> file_;
};

TEST_F(OrderFileTest, counts_where_its_folder_is_there) {
  EXPECT_TRUE(are_taken(settings_));
  std::filesystem::remove(settings_.file.parent_path());
  EXPECT_FALSE(are_taken(settings_));
}

TEST_F(OrderFileTest, counts_where_it_is_configured_also_without_its_folder) {
  std::filesystem::remove(settings_.file.parent_path());
  settings_.is_given = true;
  EXPECT_TRUE(are_taken(settings_));
}

TEST_F(OrderFileTest, is_obeyed_as_it_is_at_the_start) {
  order(order_of("v1"));
  begin();
  EXPECT_THAT(queued(), ElementsAre("v1"));
}

TEST_F(OrderFileTest, is_obeyed_again_when_it_changes) {
  begin();
  order(order_of("v1"));
  EXPECT_TRUE(is_queued("v1"));
  order(order_of("v2"));
  EXPECT_TRUE(is_queued("v2"));
}

TEST_F(OrderFileTest, orders_nothing_while_it_is_not_there) {
  begin();
  EXPECT_THAT(queued(), IsEmpty());
  EXPECT_EQ(file_->problems(), "");
}

TEST_F(OrderFileTest, waits_while_a_label_of_the_pod_says_so) {
  settings_.hold_while = HoldWhile{"state", {"Allocated"}, folder_.path() / "info" / "labels"};
  folder_.write("info/labels", "state=\"Allocated\"\n");
  order(order_of("v1"));
  begin();
  EXPECT_THAT(queued(), IsEmpty());
  folder_.write("info/labels", "state=\"None\"\n");
  EXPECT_TRUE(is_queued("v1")) << "the folder of the labels is another one, and is watched too";
}

TEST_F(OrderFileTest, says_that_it_cannot_be_watched_and_what_to_do) {
  std::filesystem::remove(settings_.file.parent_path());
  begin();
  EXPECT_THAT(file_->problems(), AllOf(HasSubstr(settings_.file.parent_path().string()),
                                       HasSubstr("project the pod's annotation there")));
}

TEST_F(OrderFileTest, says_what_is_wrong_with_the_whole_order) {
  order("[]");
  begin();
  EXPECT_TRUE(file_->problems().starts_with("the order is malformed: ")) << file_->problems();
}

TEST_F(OrderFileTest, says_what_is_wrong_with_the_order_of_each_path) {
  order(R"({"a":[],"b":{"version":"v2"}})");
  begin();
  EXPECT_THAT(file_->problems(), AllOf(HasSubstr("the order of a is malformed: "),
                                       HasSubstr("; the order of b is malformed: ")));
}

TEST_F(OrderFileTest, shows_no_control_character_of_a_path) {
  order("{\"a\\u001b[31m\":[]}");
  begin();
  EXPECT_EQ(file_->problems().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace okg::hot_update
