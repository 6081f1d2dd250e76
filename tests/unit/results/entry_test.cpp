#include "results/entry.hpp"

#include <gtest/gtest.h>

namespace okg::results {
namespace {

using std::chrono::microseconds;
using std::chrono::minutes;

TEST(parse_scope, reads_what_to_string_writes_and_nothing_else) {
  EXPECT_EQ(*parse_scope(to_string(Scope::kWorkload)), Scope::kWorkload);
  EXPECT_EQ(*parse_scope(to_string(Scope::kPod)), Scope::kPod);
  EXPECT_EQ(parse_scope("Pod").error().code, ErrorCode::kInvalid);
  EXPECT_FALSE(parse_scope(""));
}

TEST(parse_scope, says_which_words_there_are) {
  EXPECT_EQ(parse_scope("all").error().message, "scope is \"all\" but has to be workload or pod");
}

TEST(to_string, of_a_scope_is_the_word_of_the_documentation) {
  EXPECT_EQ(to_string(Scope::kWorkload), "workload");
  EXPECT_EQ(to_string(Scope::kPod), "pod");
}

TEST(is_in_tree, holds_for_what_is_below_the_folder) {
  EXPECT_TRUE(is_in_tree("maps/1.json", "maps"));
  EXPECT_TRUE(is_in_tree("maps/eu/1.json", "maps"));
  EXPECT_TRUE(is_in_tree("maps/eu/1.json", "maps/eu"));
}

TEST(is_in_tree, does_not_hold_for_the_folder_itself) {
  EXPECT_FALSE(is_in_tree("maps", "maps"));
  EXPECT_FALSE(is_in_tree(".", "."));
}

TEST(is_in_tree, does_not_hold_for_a_name_that_only_begins_alike) {
  EXPECT_FALSE(is_in_tree("maps2/1.json", "maps"));
  EXPECT_FALSE(is_in_tree("maps.json", "maps"));
}

TEST(is_in_tree, does_not_hold_for_a_folder_above) {
  EXPECT_FALSE(is_in_tree("maps", "maps/eu"));
  EXPECT_FALSE(is_in_tree(".", "maps"));
}

TEST(is_in_tree, holds_for_everything_in_the_whole_directory) {
  EXPECT_TRUE(is_in_tree("index.html", "."));
  EXPECT_TRUE(is_in_tree("maps/1.json", "."));
}

TEST(is_too_far_ahead, leaves_clocks_five_minutes) {
  constexpr auto kNow = Timestamp(minutes(60));
  EXPECT_FALSE(is_too_far_ahead(kNow + minutes(5), kNow));
  EXPECT_TRUE(is_too_far_ahead(kNow + minutes(5) + microseconds(1), kNow));
  EXPECT_FALSE(is_too_far_ahead(kNow - minutes(60), kNow));
}

}  // namespace
}  // namespace okg::results
