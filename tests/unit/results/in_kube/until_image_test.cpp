#include "results/in_kube/until_image.hpp"

#include <gtest/gtest.h>

#include <string>

namespace okg::results {
namespace {

using namespace std::chrono_literals;

const std::string kDigest = "sha256:" + std::string(64, 'a');

/// A pod whose game waits for a native sidecar, and whose digests are not known yet.
kube::Pod starting_pod() {
  kube::Pod pod;
  pod.images = {"registry.example.com/game:v3"};
  pod.has_unknown_digest = true;
  pod.waits_for_sidecars = true;
  return pod;
}

Entries files_until(const std::string& image) {
  Entry entry;
  entry.version = "v2";
  entry.until = image;
  return {{"map", entry}};
}

class UntilImageTest : public ::testing::Test {
 protected:
  UntilImages::Clock::time_point time_{};
  UntilImages images_{[this] { return time_; }};
};

TEST_F(UntilImageTest, passes_where_an_image_is_named_by_its_tag) {
  EXPECT_TRUE(images_.check_known(files_until("registry.example.com/game:v4"), starting_pod()));
}

TEST_F(UntilImageTest, waits_for_a_digest) {
  const auto known = images_.check_known(files_until(kDigest), starting_pod());
  ASSERT_FALSE(known);
  EXPECT_EQ(known.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(known.error().reason, Reason::kRestoring);
}

TEST_F(UntilImageTest, passes_once_the_digest_is_known) {
  EXPECT_FALSE(images_.check_known(files_until(kDigest), starting_pod()));
  auto pod = starting_pod();
  pod.has_unknown_digest = false;
  EXPECT_TRUE(images_.check_known(files_until(kDigest), pod));
}

TEST_F(UntilImageTest, passes_after_ten_seconds_where_the_game_waits_for_this_sidecar) {
  EXPECT_FALSE(images_.check_known(files_until(kDigest), starting_pod()));
  time_ += 10s;
  EXPECT_FALSE(images_.check_known(files_until(kDigest), starting_pod()));
  time_ += 1ms;
  EXPECT_TRUE(images_.check_known(files_until(kDigest), starting_pod()));
}

TEST_F(UntilImageTest, waits_for_ever_where_the_game_starts_by_itself) {
  auto pod = starting_pod();
  pod.waits_for_sidecars = false;
  EXPECT_FALSE(images_.check_known(files_until(kDigest), pod));
  time_ += 24h;
  EXPECT_FALSE(images_.check_known(files_until(kDigest), pod));
}

TEST(OfThisImageTest, drops_what_counts_until_an_image_of_the_pod) {
  auto files = files_until("registry.example.com/game:v3");
  files["other"] = files_until("registry.example.com/game:v4")["map"];
  const auto left = of_this_image(files, starting_pod());
  EXPECT_EQ(left.count("map"), 0U);
  EXPECT_EQ(left.count("other"), 1U);
}

}  // namespace
}  // namespace okg::results
