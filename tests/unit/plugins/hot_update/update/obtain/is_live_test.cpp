#include "plugins/hot_update/update/obtain/is_live.hpp"

#include "../pod.hpp"

namespace okg::hot_update {
namespace {

/// v1 of "a" is live.
class LiveCheck : public PodTest {
 protected:
  void SetUp() override {
    PodTest::SetUp();
    update("v1", "one");
  }
};

TEST_F(LiveCheck, compares_by_the_checksum) {
  EXPECT_TRUE(is_live(parts(), "a", entry("any version", "one")));
  EXPECT_FALSE(is_live(parts(), "a", entry("v1", "two")));
}

TEST_F(LiveCheck, looks_at_the_disk) {
  put_live("a", "somebody else's");
  EXPECT_FALSE(is_live(parts(), "a", entry("v1", "one")));
}

TEST_F(LiveCheck, finds_nothing_where_no_file_is) {
  EXPECT_FALSE(is_live(parts(), "b", entry("v1", "one")));
}

TEST_F(LiveCheck, takes_version_and_url_for_an_entry_without_a_checksum) {
  auto original = entry("v1", "one");
  original.sha256.reset();
  EXPECT_TRUE(is_live(parts(), "a", original));
  original.version = "v2";
  EXPECT_FALSE(is_live(parts(), "a", original));
}

TEST_F(LiveCheck, holds_such_an_entry_against_the_bytes_that_were_published) {
  auto original = entry("v1", "one");
  original.sha256.reset();
  put_live("a", "somebody else's");
  EXPECT_FALSE(is_live(parts(), "a", original));
}

TEST_F(LiveCheck, knows_an_order_by_version_and_checksum) {
  auto ordered = request("v1", "elsewhere");
  ordered.sha256 = sha256_of("one");
  EXPECT_TRUE(is_live_as_ordered(parts(), ordered));
  ordered.version = "v2";
  EXPECT_FALSE(is_live_as_ordered(parts(), ordered)) << "the pod would go by another name";
}

TEST_F(LiveCheck, knows_an_order_without_a_checksum_by_its_url) {
  EXPECT_TRUE(is_live_as_ordered(parts(), request("v1", "one")));
  EXPECT_FALSE(is_live_as_ordered(parts(), request("v1", "elsewhere")));
}

}  // namespace
}  // namespace okg::hot_update
