// A worker on a real folder and journal, with a source that never answers.
#pragma once

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
#include <stdexcept>
#include <string>
#include <vector>

#include "base/io/unique_fd.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/work/worker.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {

inline constexpr std::chrono::seconds kWorkerPatience{20};

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

class WorkerPodTest : public testing::Test {
 protected:
  using Ended = std::future<Result<Outcome>>;

  void SetUp() override {
    settings_.file_dir = folder_.path();
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
  Ended start_endless(const std::string& version = "endless") { return start(endless(version)); }
  Ended start(api::UpdateRequest request) {
    worker_->start();
    auto ended = std::move(enqueue(std::move(request)).value());
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
  tests::TemporaryFolder folder_;
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

}  // namespace okg::hot_update
