#include "plugins/hot_update/work/agenda.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

using std::chrono::seconds;

class AgendaTest : public testing::Test {
 protected:
  static Job job(const std::string& path, Timestamp requested_at = {}) {
    Job made;
    made.request.path = path;
    made.request.requested_at = requested_at;
    return made;
  }
  static results::Entries files(const std::string& path) { return {{path, {}}}; }
  static Restored still_missing(const std::string& path) {
    Restored restored;
    restored.missing = files(path);
    restored.reason[path].message = "404";
    return restored;
  }
  template <class T>
  bool next_is() {
    const auto task = agenda_.next(now_);
    return task && std::holds_alternative<T>(*task);
  }
  [[nodiscard]] seconds until_due() const {
    return std::chrono::ceil<seconds>(*agenda_.due() - now_);
  }

  Agenda agenda_{2, 1};
  Agenda::Time now_{seconds(100)};
};

TEST_F(AgendaTest, has_nothing_to_do_at_first_and_no_time_to_look_again) {
  EXPECT_FALSE(agenda_.next(now_));
  EXPECT_FALSE(agenda_.due());
}

TEST_F(AgendaTest, gives_jobs_in_the_order_in_which_they_came) {
  ASSERT_TRUE(agenda_.add(job("a")));
  ASSERT_TRUE(agenda_.add(job("b")));
  EXPECT_EQ(std::get<Job>(*agenda_.next(now_)).request.path, "a");
  EXPECT_EQ(std::get<Job>(*agenda_.next(now_)).request.path, "b");
  EXPECT_FALSE(agenda_.next(now_));
}

TEST_F(AgendaTest, makes_spares_once_after_an_update_when_nothing_else_is_to_be_done) {
  agenda_.note_ended();
  ASSERT_TRUE(agenda_.add(job("a")));
  agenda_.note_reverts(true, now_);
  ASSERT_TRUE(agenda_.due());
  EXPECT_GT(*agenda_.due(), now_);
  EXPECT_TRUE(next_is<Job>());
  EXPECT_TRUE(next_is<MakeSpares>());
  EXPECT_FALSE(agenda_.next(now_));
}

TEST_F(AgendaTest, says_whether_there_is_a_task_of_each_kind) {
  EXPECT_FALSE(agenda_.has_task(now_));
  agenda_.note_ended();
  EXPECT_TRUE(agenda_.has_task(now_)) << "spares";
  EXPECT_TRUE(next_is<MakeSpares>());
  ASSERT_TRUE(agenda_.add(job("a")));
  EXPECT_TRUE(agenda_.has_task(now_)) << "a job";
  EXPECT_TRUE(next_is<Job>());
  agenda_.want(files("b"), now_);
  EXPECT_TRUE(agenda_.has_task(now_)) << "a restore";
  EXPECT_TRUE(next_is<Restore>());
  agenda_.note_reverts(true, now_);
  EXPECT_EQ(agenda_.has_task(now_), *agenda_.due() <= now_) << "reverts";
  EXPECT_TRUE(agenda_.has_task(*agenda_.due()));
}

TEST_F(AgendaTest, refuses_more_jobs_than_may_wait) {
  ASSERT_TRUE(agenda_.add(job("a")));
  ASSERT_TRUE(agenda_.add(job("b")));
  const auto refused = agenda_.add(job("c"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
}

TEST_F(AgendaTest, restores_at_once_what_the_store_names) {
  agenda_.want(files("a"), now_);
  EXPECT_EQ(agenda_.due(), now_);
  EXPECT_TRUE(next_is<Restore>());
  EXPECT_FALSE(agenda_.next(now_)) << "it is under way";
}

TEST_F(AgendaTest, has_nothing_to_restore_when_the_store_names_nothing) {
  agenda_.want({}, now_);
  EXPECT_FALSE(agenda_.next(now_));
  EXPECT_FALSE(agenda_.due());
}

TEST_F(AgendaTest, does_jobs_before_reverts_and_reverts_before_restores) {
  agenda_.want(files("a"), now_);
  agenda_.note_reverts(true, now_);
  now_ += seconds(1);
  ASSERT_TRUE(agenda_.add(job("b")));
  EXPECT_TRUE(next_is<Job>());
  EXPECT_TRUE(next_is<RetryReverts>());
  EXPECT_TRUE(next_is<Restore>());
}

TEST_F(AgendaTest, tries_what_is_missing_again_after_growing_pauses) {
  agenda_.want(files("a"), now_);
  for (const auto most : {1, 2, 4, 8, 16, 30, 30}) {
    ASSERT_TRUE(next_is<Restore>());
    agenda_.note_restored(still_missing("a"), false, now_);
    EXPECT_LE(until_due(), seconds(most));
    EXPECT_GE(until_due(), seconds(most / 2));
    EXPECT_FALSE(agenda_.next(now_));
    now_ = *agenda_.due();
  }
}

TEST_F(AgendaTest, says_why_a_path_is_missing) {
  agenda_.want(files("a"), now_);
  ASSERT_TRUE(next_is<Restore>());
  agenda_.note_restored(still_missing("a"), false, now_);
  EXPECT_EQ(agenda_.reasons().at("a").message, "404");
}

TEST_F(AgendaTest, goes_on_at_once_with_a_restore_that_a_live_update_interrupted) {
  agenda_.want(files("a"), now_);
  ASSERT_TRUE(next_is<Restore>());
  ASSERT_TRUE(agenda_.add(job("b")));
  agenda_.note_restored(still_missing("a"), true, now_);
  EXPECT_TRUE(next_is<Job>());
  EXPECT_TRUE(next_is<Restore>());
}

TEST_F(AgendaTest, leaves_a_game_alone_that_was_not_healthy_on_what_it_should_run) {
  agenda_.want(files("a"), now_);
  ASSERT_TRUE(next_is<Restore>());
  auto restored = still_missing("a");
  restored.given_up = {"a"};
  agenda_.note_restored(restored, false, now_);
  EXPECT_FALSE(agenda_.due());
  EXPECT_EQ(agenda_.wanted()->size(), 1U);
}

TEST_F(AgendaTest, tries_the_others_again_when_the_game_was_not_healthy_on_one) {
  agenda_.want({{"a", {}}, {"b", {}}}, now_);
  ASSERT_TRUE(next_is<Restore>());
  auto restored = still_missing("a");
  restored.missing["b"] = {};
  restored.reason["b"].message = "not healthy";
  restored.given_up = {"b"};
  agenda_.note_restored(restored, false, now_);
  ASSERT_TRUE(agenda_.due());
  now_ = *agenda_.due();
  const auto task = agenda_.next(now_);
  ASSERT_TRUE(task);
  ASSERT_TRUE(std::holds_alternative<Restore>(*task));
  EXPECT_EQ(std::get<Restore>(*task).wanted, files("a"));
  agenda_.note_restored({}, false, now_);
  EXPECT_EQ(*agenda_.wanted(), files("b")) << "it is still missing";
  EXPECT_EQ(agenda_.reasons().at("b").message, "not healthy");
  EXPECT_FALSE(agenda_.due());
}

TEST_F(AgendaTest, says_why_it_gave_a_path_up_also_when_it_was_interrupted) {
  agenda_.want({{"a", {}}, {"b", {}}}, now_);
  ASSERT_TRUE(next_is<Restore>());
  auto restored = still_missing("a");
  restored.missing["b"] = {};
  restored.reason["b"].message = "not healthy";
  restored.given_up = {"b"};
  agenda_.note_restored(restored, true, now_);
  EXPECT_EQ(agenda_.reasons().at("b").message, "not healthy");
  ASSERT_TRUE(next_is<Restore>());
  agenda_.note_restored({}, false, now_);
  EXPECT_EQ(agenda_.reasons().at("b").message, "not healthy");
}

TEST_F(AgendaTest, leaves_it_alone_no_longer_once_it_is_wanted_again) {
  agenda_.want(files("a"), now_);
  ASSERT_TRUE(next_is<Restore>());
  auto restored = still_missing("a");
  restored.given_up = {"a"};
  agenda_.note_restored(restored, false, now_);
  ASSERT_FALSE(agenda_.due());
  agenda_.want(files("a"), now_);
  EXPECT_TRUE(next_is<Restore>());
}

TEST_F(AgendaTest, wants_no_longer_what_a_live_update_replaced) {
  agenda_.want(files("a"), now_);
  agenda_.note_live("a");
  EXPECT_TRUE(agenda_.wanted()->empty());
  EXPECT_FALSE(agenda_.due());
}

TEST_F(AgendaTest, tries_reverts_again_until_none_is_left) {
  agenda_.note_reverts(true, now_);
  ASSERT_TRUE(agenda_.due());
  now_ = *agenda_.due();
  EXPECT_TRUE(next_is<RetryReverts>());
  agenda_.note_reverts(true, now_);
  EXPECT_LE(until_due(), seconds(2));
  agenda_.note_reverts(false, now_);
  EXPECT_FALSE(agenda_.due());
}

TEST_F(AgendaTest, makes_a_job_newer_than_what_the_store_wants_of_its_path) {
  const Timestamp future{std::chrono::hours(24)};
  agenda_.want({{"a", {"v9", "http://h/a", {}, results::Scope::kWorkload, future}}}, now_);
  ASSERT_TRUE(agenda_.add(job("a")));
  EXPECT_GT(std::get<Job>(*agenda_.next(now_)).request.requested_at, future);
}

TEST_F(AgendaTest, gives_all_waiting_jobs_back_at_a_stop) {
  ASSERT_TRUE(agenda_.add(job("a")));
  EXPECT_EQ(agenda_.take_jobs().size(), 1U);
  EXPECT_TRUE(agenda_.jobs().empty());
}

}  // namespace
}  // namespace okg::hot_update
