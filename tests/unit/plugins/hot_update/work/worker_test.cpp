#include "plugins/hot_update/work/worker.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/io/unique_fd.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"

namespace okg::hot_update {
namespace {

constexpr std::chrono::seconds kWorkerPatience{20};

/// A source that takes connections and never answers, until it is closed.
class SilentSource {
 public:
  SilentSource() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0)
      std::abort();
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/a";
  }
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  unique_fd listener_;
  std::string url_;
};

class WorkerTest : public testing::Test {
 protected:
  using Ended = std::future<Result<Outcome>>;

  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "okg-worker-XXXXXX").string();
    settings_.file_dir = ::mkdtemp(name.data());
    settings_.state_dir = settings_.file_dir / ".okg-sidecar";
    settings_.load_patch_type = LoadPatchType::kNone;
    settings_.download.retries = 0;
    state_.emplace(StateDir::open(settings_.state_dir).value());
    ledger_ = std::move(Ledger::open(state_->root()).value());
    feed_.listen([this](const Event& event) {
      const std::lock_guard lock(mutex_);
      if (const auto* ended = std::get_if<UpdateEnded>(&event))
        heard_.push_back(ended->outcome.version);
      if (const auto* entered = std::get_if<StageEntered>(&event)) {
        worker_->set_stage(entered->stage);
        stage_ = entered->stage;
        changed_.notify_all();
      }
    });
    Hooks hooks;
    hooks.on_stage = [this](auto stage) { feed_.send(StageEntered{stage}); };
    hooks.reason_to_end = [this] { return worker_->reason_to_end(); };
    engine_.emplace(settings_, policy_, *state_, *ledger_, std::move(hooks));
    worker_.emplace(*engine_, 2, std::chrono::hours(1), feed_);
  }
  void TearDown() override {
    worker_->stop();
    worker_.reset();
    std::filesystem::remove_all(settings_.file_dir);
  }

  /// Of a path that nothing is at: it fails without a source.
  static api::UpdateRequest rollback(const std::string& version) {
    api::UpdateRequest request;
    request.rollback = true;
    request.version = version;
    request.path = "a";
    return request;
  }
  /// Of a source that never answers.
  [[nodiscard]] api::UpdateRequest endless(const std::string& version) const {
    api::UpdateRequest request;
    request.version = version;
    request.path = "a";
    request.url = source_.url();
    return request;
  }
  Result<Ended> enqueue(api::UpdateRequest request) {
    auto promise = std::make_shared<std::promise<Result<Outcome>>>();
    auto ok = worker_->enqueue(
        std::move(request), [promise](const Result<Outcome>& ended) { promise->set_value(ended); });
    if (!ok) return ok.error();
    return promise->get_future();
  }
  static Result<Outcome> end_of(Ended& ended) {
    if (ended.wait_for(kWorkerPatience) != std::future_status::ready)
      throw std::runtime_error("the update did not end");
    return ended.get();
  }
  /// Starts an update that is fetched until something ends it.
  Ended start_endless(const std::string& version = "endless") {
    worker_->start();
    auto ended = std::move(enqueue(endless(version)).value());
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kWorkerPatience, [this] { return stage_ == Stage::kFetch; }))
      throw std::runtime_error("the update did not begin");
    return ended;
  }
  std::vector<std::string> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

  SilentSource source_;
  Settings settings_;
  std::optional<StateDir> state_;
  std::unique_ptr<Ledger> ledger_;
  Feed feed_;
  source::Policy policy_{settings_.source};
  std::optional<Engine> engine_;
  std::optional<Worker> worker_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
  std::optional<Stage> stage_;
};

TEST_F(WorkerTest, ends_updates_in_the_order_in_which_they_came) {
  auto first = std::move(enqueue(rollback("v1")).value());
  auto second = std::move(enqueue(rollback("v2")).value());
  worker_->start();
  EXPECT_TRUE(end_of(first));
  EXPECT_TRUE(end_of(second));
  EXPECT_EQ(heard(), (std::vector<std::string>{"v1", "v2"}));
}

TEST_F(WorkerTest, has_an_update_in_the_ledger_before_its_caller_hears_of_the_end) {
  worker_->start();
  auto ended = std::move(enqueue(rollback("v1")).value());
  const auto outcome = end_of(ended);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(ledger_->state()->last()->seq, outcome->seq);
}

TEST_F(WorkerTest, publishes_each_end_once) {
  worker_->start();
  auto ended = std::move(enqueue(rollback("v1")).value());
  (void)end_of(ended);
  EXPECT_EQ(heard(), std::vector<std::string>{"v1"});
}

TEST_F(WorkerTest, shows_what_is_in_progress_and_what_waits) {
  auto ended = start_endless("v1");
  ASSERT_TRUE(enqueue(rollback("v2")));
  const auto status = worker_->status();
  ASSERT_TRUE(status.in_progress);
  EXPECT_EQ(status.in_progress->version, "v1");
  EXPECT_EQ(status.stage, Stage::kFetch);
  ASSERT_EQ(status.queued.size(), 1U);
  EXPECT_EQ(status.queued[0].version, "v2");
}

TEST_F(WorkerTest, refuses_an_update_when_the_queue_is_full) {
  auto ended = start_endless();
  ASSERT_TRUE(enqueue(rollback("v1")));
  ASSERT_TRUE(enqueue(rollback("v2")));
  const auto refused = enqueue(rollback("v3"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
}

TEST_F(WorkerTest, ends_the_update_in_progress_at_a_stop) {
  auto ended = start_endless();
  worker_->stop();
  const auto outcome = end_of(ended);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, OutcomeKind::kFailed);
  EXPECT_EQ(outcome->error, ErrorCode::kStopping);
}

TEST_F(WorkerTest, says_of_waiting_updates_at_a_stop_that_they_did_not_begin) {
  auto in_progress = start_endless("v1");
  auto waiting = std::move(enqueue(rollback("v2")).value());
  worker_->stop();
  const auto ended = end_of(waiting);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::kStopping);
  EXPECT_EQ(heard(), std::vector<std::string>{"v1"}) << "only what began has ended";
}

TEST_F(WorkerTest, takes_no_update_after_a_stop) {
  worker_->start();
  worker_->stop();
  const auto refused = enqueue(rollback("v1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kStopping);
}

TEST_F(WorkerTest, is_restored_once_the_store_names_nothing_that_is_missing) {
  worker_->start();
  EXPECT_FALSE(worker_->status().knows_wanted);
  worker_->restore({});
  EXPECT_TRUE(worker_->status().knows_wanted);
  auto ended = std::move(enqueue(rollback("v1")).value());
  (void)end_of(ended);
  EXPECT_TRUE(worker_->status().restored);
}

TEST_F(WorkerTest, does_an_update_before_a_restore_whose_source_is_silent) {
  worker_->start();
  results::Entries wanted;
  wanted["b"] = {"v1", source_.url(), std::nullopt, results::Scope::kWorkload, now()};
  worker_->restore(wanted);
  {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(
        changed_.wait_for(lock, kWorkerPatience, [this] { return stage_ == Stage::kFetch; }));
  }
  auto ended = std::move(enqueue(rollback("v2")).value());
  EXPECT_TRUE(end_of(ended));
  EXPECT_TRUE(worker_->status().missing.contains("b")) << "it goes on later";
}

}  // namespace
}  // namespace okg::hot_update
