#include "sidecar/load.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "temporary_folder.hpp"

namespace okg::sidecar {
namespace {

/// A plugin that does nothing but to have a name.
class Named final : public Plugin {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  std::string_view version() const override { return "7"; }
  Result<void> init(Host&) override { return {}; }
  Result<void> start(std::function<void(Result<void>)>) override { return {}; }
  void stop(std::chrono::milliseconds) override {}
  PluginStatus status() const override { return {true, ""}; }

 private:
  std::string name_;
};

TEST(Load, makes_each_plugin_by_its_registry_entry_in_boot_order) {
  const tests::TemporaryFolder folder;
  const auto file = folder.write(
      "config.yaml", "plugins:\n  - {name: late, bootOrder: 2}\n  - {name: early, bootorder: 1}\n");
  const auto kind = [](std::string_view name) {
    return PluginKind{name, [](const config::PluginEntry& entry, config::Mistakes&) {
                        return std::make_unique<Named>(entry.name);
                      }};
  };
  const std::array<PluginKind, 2> registry{kind("late"), kind("early")};
  config::Mistakes mistakes(file);
  const auto loaded = load(file, registry, mistakes);
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->plugins.size(), 2U);
  EXPECT_EQ(loaded->plugins[0]->name(), "early");
  EXPECT_EQ(loaded->plugins[1]->name(), "late");
}

}  // namespace
}  // namespace okg::sidecar
