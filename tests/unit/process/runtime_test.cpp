#include "process/runtime.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okg::process {
namespace {

std::string_view name_of(const std::string& argv0, const std::string& comm = "") {
  Process process;
  process.argv0_base = argv0;
  process.comm = comm;
  return runtime_of(process, {}).name;
}

Details catching(unsigned signals) {
  Details details;
  details.caught = (std::uint64_t{1} << signals) - 1;
  return details;
}

TEST(RuntimeOf, is_told_by_how_the_program_s_name_begins) {
  EXPECT_EQ(name_of("java"), "Java");
  EXPECT_EQ(name_of("nodejs"), "Node.js");
  EXPECT_EQ(name_of("python3.11"), "Python");
  EXPECT_EQ(name_of("lua5.4"), "Lua");
  EXPECT_EQ(name_of("php-fpm8.2"), "PHP-FPM");
}

TEST(RuntimeOf, is_told_by_the_kernel_s_name_as_well) {
  EXPECT_EQ(name_of("game", "haproxy"), "HAProxy");
}

TEST(RuntimeOf, is_not_known_of_others) {
  EXPECT_EQ(name_of("game"), "");
  EXPECT_EQ(name_of("php"), "");
}

TEST(RuntimeOf, is_go_where_nearly_every_signal_is_handled) {
  EXPECT_EQ(runtime_of({}, catching(50)).name, "Go");
  EXPECT_EQ(runtime_of({}, catching(49)).name, "");
}

TEST(RuntimeOf, has_a_hint_about_signals) {
  EXPECT_THAT(std::string(runtime_of({}, catching(55)).hint), testing::HasSubstr("signal.Notify"));
}

}  // namespace
}  // namespace okg::process
