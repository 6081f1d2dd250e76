#include "plugins/hot_update/ledger/stage.hpp"

#include <gtest/gtest.h>

namespace okg::hot_update {
namespace {

TEST(StageWord, is_read_back_as_it_was_written) {
  for (const auto stage : {Stage::kRequest, Stage::kFetch, Stage::kVerify, Stage::kPublish,
                           Stage::kTrigger, Stage::kConfirm, Stage::kRecord})
    EXPECT_EQ(parse_stage(to_string(stage)), stage) << to_string(stage);
}

TEST(StageWord, is_none_of_another_release) {
  for (const auto* word : {"", "Fetch", "unpack"}) EXPECT_FALSE(parse_stage(word)) << word;
}

}  // namespace
}  // namespace okg::hot_update
