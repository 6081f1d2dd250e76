#include "plugins/hot_update/record/wanted_reader.hpp"

#include <gtest/gtest.h>

#include "scripted_store.hpp"
#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

class WantedReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    ledger_ = std::move(Ledger::open(files::Folder::open(folder_.path()).value()).value());
    store_.wanted.latest["a"] = {"v2", "", {}};
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<Ledger> ledger_;
  ScriptedStore store_;
  std::vector<results::Wanted> heard_;
};

TEST_F(WantedReaderTest, asks_until_the_store_answers_and_then_no_more) {
  store_.read_errors = {fail(ErrorCode::kUnavailable, "away")};
  WantedReader reader(store_, *ledger_, [&](const auto& wanted) { heard_.push_back(wanted); });
  EXPECT_EQ(reader.read({}).error().message, "reading what this pod should run: away");
  EXPECT_FALSE(reader.is_done());
  EXPECT_TRUE(reader.read({}));
  EXPECT_TRUE(reader.read({}));
  EXPECT_TRUE(reader.is_done());
  EXPECT_EQ(store_.reads, 2);
  ASSERT_EQ(heard_.size(), 1U);
  EXPECT_TRUE(heard_.front().latest.contains("a"));
}

TEST_F(WantedReaderTest, adds_what_is_live_where_the_store_may_have_lost_it) {
  UpdateEnd end;
  end.outcome.seq = 1;
  end.paths.push_back({"b", LiveContent{{"v1", "", {}}, 3, "", ""}});
  ASSERT_TRUE(ledger_->note_ended(end, 2));
  for (const bool durable : {true, false}) {
    store_.durable = durable;
    WantedReader reader(store_, *ledger_, [&](const auto& wanted) { heard_.push_back(wanted); });
    ASSERT_TRUE(reader.read({}));
    EXPECT_EQ(heard_.back().own.contains("b"), !durable);
  }
}

}  // namespace
}  // namespace okg::hot_update
