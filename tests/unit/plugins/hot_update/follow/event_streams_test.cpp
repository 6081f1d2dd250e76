#include "plugins/hot_update/follow/event_streams.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "limits/documented.hpp"

namespace okg::hot_update {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr auto kPatience = 20s;

api::UpdateView in_progress(const std::string& id, const std::string& stage) {
  api::UpdateView view;
  view.state = api::UpdateState::kInProgress;
  view.open.id = id;
  view.open.stage = stage;
  return view;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

class EventStreamsTest : public testing::Test {
 protected:
  void show(std::vector<api::UpdateView> views) {
    const std::lock_guard lock(mutex_);
    views_ = std::move(views);
  }
  std::shared_ptr<EventStreams> open(EventStreams::Pace pace = {}) {
    return std::make_shared<EventStreams>(
        [this] {
          const std::lock_guard lock(mutex_);
          return views_;
        },
        pace);
  }
  /// What comes until it has `what`, which it has to.
  static std::string read_until(http::BodyStream& stream, const std::string& what) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    std::string text;
    while (text.find(what) == std::string::npos) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("there came only: " + text);
      const auto taken = stream.take();
      text += taken.bytes;
      if (taken.is_last) break;
      std::this_thread::sleep_for(1ms);
    }
    return text;
  }
  static std::string id_in(const std::string& text) {
    const auto at = text.rfind("id: ") + 4;
    return text.substr(at, text.find('\n', at) - at);
  }

  std::mutex mutex_;
  std::vector<api::UpdateView> views_;
};

TEST_F(EventStreamsTest, begin_with_a_snapshot_and_go_on_with_changes) {
  show({in_progress("a", "fetch")});
  const auto streams = open();
  const auto stream = *streams->open("");
  const auto snapshot = stream->take().bytes;
  EXPECT_EQ(count(snapshot, "event: "), 1U);
  EXPECT_EQ(count(snapshot, "event: snapshot\ndata: {\"updates\":[{\"id\":\"a\","), 1U) << snapshot;
  streams->note_change();
  EXPECT_EQ(stream->take().bytes, "");
  show({in_progress("a", "verify"), in_progress("b", "request")});
  streams->note_change();
  const auto changes = stream->take().bytes;
  EXPECT_EQ(count(changes, "event: update\n"), 2U) << changes;
  EXPECT_LT(changes.find("\"id\":\"a\""), changes.find("\"id\":\"b\""));
}

TEST_F(EventStreamsTest, give_a_client_that_comes_back_what_it_missed) {
  const auto streams = open();
  auto stream = *streams->open("");
  const auto id = id_in(stream->take().bytes);
  stream.reset();
  EXPECT_EQ(streams->count(), 0U);
  show({in_progress("a", "fetch")});
  streams->note_change();
  show({in_progress("a", "verify")});
  const auto missed = (*streams->open(id))->take().bytes;
  EXPECT_EQ(count(missed, "event: update\n"), 2U) << missed;
  EXPECT_EQ(count(missed, "event: "), 2U);
  EXPECT_EQ(count((*streams->open(id_in(missed)))->take().bytes, "event: "), 0U);
  EXPECT_EQ(count((*streams->open("20261125-154012-9f3ac01b-1"))->take().bytes, "snapshot"), 1U);
}

TEST_F(EventStreamsTest, give_a_place_back_when_the_stream_is_gone) {
  const auto streams = open();
  std::vector<std::shared_ptr<http::BodyStream>> taken;
  for (std::size_t i = 0; i < limits::documented("streams of GET /hot-update/events"); ++i)
    taken.push_back(*streams->open(""));
  const auto refused = streams->open("");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().reason, Reason::kTooManyStreams);
  taken.pop_back();
  EXPECT_TRUE(streams->open(""));
}

TEST_F(EventStreamsTest, say_progress_no_faster_than_they_may) {
  show({in_progress("a", "fetch")});
  const auto streams = open({15s, 50ms});
  const auto stream = *streams->open("");
  std::string text;
  const auto began = std::chrono::steady_clock::now();
  while (count(text, "event: progress\n") < 4) {
    ASSERT_LT(std::chrono::steady_clock::now() - began, kPatience) << text;
    streams->note_progress();
    text += stream->take().bytes;
  }
  EXPECT_GE(std::chrono::steady_clock::now() - began, 150ms);
}

TEST_F(EventStreamsTest, say_the_last_progress_also_when_it_came_too_soon) {
  auto view = in_progress("a", "fetch");
  show({view});
  const auto streams = open({15s, 50ms});
  const auto stream = *streams->open("");
  streams->note_progress();
  read_until(*stream, "event: progress\n");
  view.progress.bytes_done = 4711;
  show({view});
  streams->note_progress();
  EXPECT_EQ(count(read_until(*stream, "event: progress\n"), "\"bytesDone\":4711"), 1U);
}

TEST_F(EventStreamsTest, comment_while_nothing_happens) {
  const auto streams = open({10ms, 250ms});
  const auto stream = *streams->open("");
  static_cast<void>(stream->take());
  EXPECT_EQ(count(read_until(*stream, ":\n\n:\n\n"), "event"), 0U);
}

TEST_F(EventStreamsTest, close_one_that_reads_too_slowly_and_go_on_with_the_others) {
  const auto streams = open();
  const auto slow = *streams->open("");
  const auto quick = *streams->open("");
  for (int i = 0; i < 1000; ++i) {
    show({in_progress("a", std::string(1000, 'x') + std::to_string(i))});
    streams->note_change();
    ASSERT_FALSE(quick->take().is_last);
  }
  EXPECT_TRUE(slow->take().is_last);
}

TEST_F(EventStreamsTest, hold_for_a_client_what_is_documented_beside_what_its_stream_began_with) {
  const auto goes_on_with = [this](std::size_t bytes) {
    show({});
    const auto streams = open();
    auto measure = *streams->open("");
    (void)measure->take();
    show({in_progress("a", "")});
    streams->note_change();
    const auto frame = measure->take().bytes.size();
    measure.reset();
    const auto slow = *streams->open("");
    const auto beginning = slow->take().bytes.size();
    show({in_progress("a", std::string(beginning + bytes - frame, 'x'))});
    streams->note_change();
    const auto taken = slow->take();
    return !taken.is_last && taken.bytes.size() == beginning + bytes;
  };
  const auto most = limits::documented("bytes that wait for a client of a stream");
  EXPECT_TRUE(goes_on_with(most));
  EXPECT_FALSE(goes_on_with(most + 1));
}

TEST_F(EventStreamsTest, end_when_they_stop) {
  const auto streams = open();
  const auto stream = *streams->open("");
  streams->stop();
  EXPECT_TRUE(stream->take().is_last);
  EXPECT_EQ(streams->open("").error().code, ErrorCode::kStopping);
}

TEST_F(EventStreamsTest, may_go_before_a_stream_does) {
  auto streams = open();
  auto stream = *streams->open("");
  streams.reset();
  stream->close();
  EXPECT_TRUE(stream->is_closed());
}

}  // namespace
}  // namespace okg::hot_update
