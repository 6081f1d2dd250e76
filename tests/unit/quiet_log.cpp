// What the code under test has to say is no news here: only errors are shown, so that a failure can
// be found in the output.
#include <gtest/gtest.h>

#include "base/log.hpp"

namespace okg::log {
namespace {

class QuietLog final : public testing::Environment {
  void SetUp() override { configure(Format::kText, Level::kError); }
};

[[maybe_unused]] const auto* const quiet_log = testing::AddGlobalTestEnvironment(new QuietLog);

}  // namespace
}  // namespace okg::log
