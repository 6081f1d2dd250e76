#include "process/similar.hpp"

#include <gtest/gtest.h>

namespace okg::process {
namespace {

TEST(Similarity, is_one_of_the_same_text_in_any_case) {
  EXPECT_DOUBLE_EQ(similarity("nginx", "NGINX"), 1);
}

TEST(Similarity, is_the_share_of_pairs_in_common) {
  // "ni ig gh ht" and "na ac ch ht" have one of four in common.
  EXPECT_DOUBLE_EQ(similarity("night", "nacht"), 0.25);
}

TEST(Similarity, counts_each_pair_once) { EXPECT_DOUBLE_EQ(similarity("aaaa", "aa"), 0.5); }

TEST(Similarity, is_high_for_titles_that_differ_by_a_path) {
  EXPECT_GT(similarity("nginx: master process nginx", "nginx: master process /usr/sbin/nginx"),
            kSimilar);
}

TEST(Similarity, is_low_for_others) {
  EXPECT_LT(similarity("nginx: master process nginx", "redis-server *:6379"), kSimilar);
}

TEST(Similarity, looks_at_twice_the_name_s_length_of_a_title) {
  EXPECT_EQ(similarity("game", "game" + std::string(4, '-') + std::string(1000, 'x')),
            similarity("game", "game" + std::string(4, '-')));
}

TEST(Similarity, is_none_where_there_is_no_pair) {
  for (const auto* title : {"", "x"}) {
    EXPECT_EQ(similarity(title, "nginx"), 0);
    EXPECT_EQ(similarity("nginx", title), 0);
  }
}

}  // namespace
}  // namespace okg::process
