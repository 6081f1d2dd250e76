#include "plugins/hot_update/calls/processes_command.hpp"

#include <gtest/gtest.h>

#include <string>

#include "temporary_folder.hpp"

namespace okg::hot_update {
namespace {

class ProcessesCommand : public testing::Test {
 protected:
  int list(const std::string& config) {
    folder_.write("config.yaml", config);
    return list_processes(folder_.path() / "config.yaml",
                          [this](const api::ProcessList&, const std::string& nobody) {
                            ++shown_;
                            nobody_ = nobody;
                          });
  }

  tests::TemporaryFolder folder_;
  int shown_ = 0;
  std::string nobody_;
};

TEST_F(ProcessesCommand, says_why_nobody_would_be_notified) {
  EXPECT_EQ(list("plugins:\n- name: hot_update\n  config: {signal: {processName: no-such-game, "
                 "signalName: SIGHUP}}\n"),
            0);
  EXPECT_EQ(shown_, 1);
  EXPECT_NE(nobody_.find("no-such-game"), std::string::npos) << nobody_;
}

TEST_F(ProcessesCommand, ends_with_64_for_a_wrong_configuration) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(list("plugins:\n- name: hot_update\n  config: {sgnal: {}}\n"), 64);
  EXPECT_EQ(shown_, 0);
  const auto said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("sgnal"), std::string::npos) << said;
}

}  // namespace
}  // namespace okg::hot_update
