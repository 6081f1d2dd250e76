#include "files/headroom.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/statvfs.h>

#include "base/io/unique_fd.hpp"

namespace okg::files {
namespace {

constexpr unsigned kAll = 100;  // more than any volume has free
constexpr unsigned kNone = 0;

class HeadroomTest : public testing::Test {
 protected:
  [[nodiscard]] int volume() const { return volume_.get(); }
  [[nodiscard]] std::uint64_t free_bytes() const {
    struct statvfs volume {};
    EXPECT_EQ(::fstatvfs(volume_.get(), &volume), 0);
    return std::uint64_t{volume.f_bavail} * volume.f_frsize;
  }

 private:
  unique_fd volume_{::open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

using CheckStaysFree = HeadroomTest;

TEST_F(CheckStaysFree, takes_little_on_a_volume_that_is_nearly_full) {
  EXPECT_TRUE(check_stays_free(volume(), kSmallBytes, {kAll}));
}

TEST_F(CheckStaysFree, refuses_more_where_too_little_would_stay_free) {
  const auto error = check_stays_free(volume(), kSmallBytes + 1, {kAll}).error();
  EXPECT_EQ(error.code, ErrorCode::kNoSpace);
  EXPECT_EQ(error.reason, Reason::kNoSpace);
  EXPECT_THAT(error.message, testing::HasSubstr("would stay free; make room on that file system"));
}

TEST_F(CheckStaysFree, names_the_setting) {
  const auto error = check_stays_free(volume(), kSmallBytes + 1, {kAll, "minFreePercent"}).error();
  EXPECT_THAT(error.message, testing::HasSubstr("minFreePercent"));
}

TEST_F(CheckStaysFree, leaves_what_cannot_fit_at_all_to_the_file_system) {
  EXPECT_TRUE(check_stays_free(volume(), free_bytes() * 2, {kAll}));
}

TEST_F(CheckStaysFree, takes_all_where_nothing_has_to_stay_free) {
  EXPECT_TRUE(check_stays_free(volume(), kSmallBytes + 1, {kNone}));
}

TEST_F(CheckStaysFree, takes_all_of_a_volume_that_says_nothing) {
  EXPECT_TRUE(check_stays_free(-1, kSmallBytes + 1, {kAll}));
}

TEST_F(HeadroomTest, looks_when_so_much_has_been_taken) {
  Headroom headroom({kAll});
  EXPECT_TRUE(headroom.take(volume(), kSmallBytes - 1));
  EXPECT_EQ(headroom.take(volume(), 1).error().code, ErrorCode::kNoSpace);
}

TEST_F(HeadroomTest, takes_all_where_nothing_has_to_stay_free) {
  Headroom headroom({kNone});
  EXPECT_TRUE(headroom.take(volume(), 4 * kSmallBytes));
}

}  // namespace
}  // namespace okg::files
