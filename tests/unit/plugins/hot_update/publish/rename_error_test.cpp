#include "plugins/hot_update/publish/rename_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace okg::hot_update {
namespace {

using testing::HasSubstr;

Error error_of(int cause) {
  const Place place{{}, "a", "/data/a"};
  errno = cause;
  return rename_error(place, "the new content");
}

TEST(RenameError, names_what_was_renamed_and_where_to) {
  EXPECT_THAT(error_of(EIO).message, HasSubstr("rename the new content to /data/a: "));
}

TEST(RenameError, tells_of_immutable_files_where_nobody_may) {
  EXPECT_THAT(error_of(EPERM).message, HasSubstr("chattr -i -a"));
}

TEST(RenameError, tells_of_the_pods_user_where_that_may_not) {
  EXPECT_THAT(error_of(EACCES).message, HasSubstr("set fsGroup, or runAsUser, of the pod"));
}

TEST(RenameError, has_a_reason_for_each_kind_of_place) {
  EXPECT_EQ(error_of(EXDEV).reason, Reason::kStateDirElsewhere);
  EXPECT_EQ(error_of(EISDIR).reason, Reason::kTargetIsDirectory);
  EXPECT_EQ(error_of(EBUSY).reason, Reason::kTargetIsMountPoint);
}

TEST(RenameError, adds_no_cure_to_another_error) {
  const auto error = errno_error("write /data/a", EIO);
  EXPECT_EQ(with_cure_of_access(error, EIO).message, error.message);
}

}  // namespace
}  // namespace okg::hot_update
