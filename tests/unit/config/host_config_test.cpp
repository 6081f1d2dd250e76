#include "config/host_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "config/reader.hpp"
#include "limits/documented.hpp"
#include "temporary_folder.hpp"

namespace okg::config {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array<std::string_view, 2> kKnown{"hot_update", "echo"};

/// As it stands in the users' ConfigMap.
constexpr std::string_view kUsersConfig = R"(plugins:
    - name: hot_update
      config:
        loadPatchType: signal # 热更新方式
        signal:
            processName: 'nginx: master process nginx' # 需要发送信号量的主容器进程名称
            signalName: SIGHUP # 信号量
        storageConfig: # 结果保存配置
            inKube:
                annotationKey: sidecar.vke.volcengine.com/hot-update-result
            type: InKube # 结果保存在k8s资源中
restartpolicy: Always
resources:
    CPU: 100m
    Memory: 128Mi
sidecarstartorder: Before
)";

std::vector<std::string> lines_of(const Mistakes& mistakes) {
  std::vector<std::string> all;
  for (const auto& mistake : mistakes.list()) all.push_back(to_string(mistake));
  return all;
}

struct Read {
  HostConfig config;
  std::vector<std::string> mistakes;
};

Read read(std::string_view text) {
  Mistakes mistakes("config.yaml");
  const auto root = parse_yaml(text, mistakes);
  auto config = root ? read_host_config(*root, kKnown, mistakes) : HostConfig{};
  return {std::move(config), lines_of(mistakes)};
}

std::string with_plugin(std::string_view rest) {
  return "plugins: [{name: echo}]\n" + std::string(rest);
}

TEST(HostConfig, reads_the_config_that_users_have) {
  const auto [config, mistakes] = read(kUsersConfig);
  EXPECT_THAT(mistakes, IsEmpty());
  ASSERT_EQ(config.plugins.size(), 1U);
  EXPECT_EQ(config.plugins[0].name, "hot_update");
  EXPECT_EQ(config.plugins[0].boot_order, 0);
  EXPECT_EQ(config.plugins[0].key_path, "plugins[0].config");
  EXPECT_EQ(config.plugins[0].line, 2);
  EXPECT_EQ(config.restart_policy, RestartPolicy::kAlways);
  EXPECT_EQ(config.start_order, StartOrder::kBefore);
  EXPECT_EQ(config.cpu_millis, 100U);
  EXPECT_EQ(config.memory_bytes, 134217728U);
  EXPECT_EQ(config.listen.host, "");
  EXPECT_EQ(config.listen.port, 5000);
  EXPECT_EQ(config.shutdown_grace, milliseconds(20'000));

  Mistakes found("config.yaml");
  MapReader plugin(config.plugins[0].config, config.plugins[0].key_path, found);
  auto signal = plugin.map("signal");
  EXPECT_EQ(signal.required_text("processName"), "nginx: master process nginx");
  EXPECT_EQ(signal.required_text("signalName"), "SIGHUP");
  EXPECT_EQ(signal.line("signalName"), 7);
  auto storage = plugin.map("storageConfig");
  EXPECT_EQ(storage.map("inKube").text("annotationKey", ""),
            "sidecar.vke.volcengine.com/hot-update-result");
  EXPECT_TRUE(found.empty());
}

TEST(HostConfig, names_a_plugins_mistake_by_file_line_and_key) {
  auto text = std::string(kUsersConfig);
  text.replace(text.find("signalName"), 10, "signalNmae");
  const auto config = read(text).config;
  Mistakes found("config.yaml");
  auto signal =
      MapReader(config.plugins.at(0).config, config.plugins[0].key_path, found).map("signal");
  (void)signal.text("processName", "");
  (void)signal.text("signalName", "");
  signal.finish();
  EXPECT_THAT(lines_of(found), ElementsAre("config.yaml:7: plugins[0].config.signal.signalNmae: "
                                           "unknown key; did you mean signalName?"));
}

TEST(HostConfig, reads_every_key) {
  const auto [config, mistakes] = read(
      "plugins:\n- {name: hot_update, bootorder: 2}\n- {name: echo, bootOrder: 1, config: {a: 1}}\n"
      "restartPolicy: OnFailure\nsidecarStartOrder: after\nlisten: "
      "'[::1]:0'\nshutdownGraceSeconds: 1.5\nresources: {cpu: "
      "2}\n");
  EXPECT_THAT(mistakes, IsEmpty());
  ASSERT_EQ(config.plugins.size(), 2U);
  EXPECT_EQ(config.plugins[0].name, "echo");
  EXPECT_EQ(config.plugins[0].key_path, "plugins[1].config");
  EXPECT_EQ(config.plugins[1].config.kind, Node::Kind::kNull);
  EXPECT_EQ(config.restart_policy, RestartPolicy::kOnFailure);
  EXPECT_EQ(config.start_order, StartOrder::kAfter);
  EXPECT_EQ(config.listen.host, "::1");
  EXPECT_EQ(config.listen.port, 0);
  EXPECT_EQ(config.shutdown_grace, milliseconds(1500));
  EXPECT_EQ(config.cpu_millis, 2000U);
  EXPECT_EQ(config.memory_bytes, std::nullopt);
}

TEST(HostConfig, keeps_the_order_of_the_file_for_equal_boot_orders) {
  const auto config = read("plugins: [{name: hot_update}, {name: echo}]\n").config;
  ASSERT_EQ(config.plugins.size(), 2U);
  EXPECT_EQ(config.plugins[0].name, "hot_update");
}

TEST(HostConfig, names_an_unknown_plugin_and_the_one_that_was_meant) {
  EXPECT_THAT(
      read("plugins:\n  - name: hot_updtae\n").mistakes,
      ElementsAre(
          "config.yaml:2: plugins[0].name: unknown plugin 'hot_updtae'; did you mean hot_update?"));
  EXPECT_THAT(read("plugins:\n  - name: entirely_else\n").mistakes,
              ElementsAre("config.yaml:2: plugins[0].name: unknown plugin 'entirely_else'"));
}

TEST(HostConfig, names_a_plugin_that_stands_twice) {
  EXPECT_THAT(read("plugins:\n  - name: echo\n  - name: hot_update\n  - name: echo\n").mistakes,
              ElementsAre("config.yaml:4: plugins[2].name: plugin 'echo' stands twice; the first "
                          "one is on line 2"));
}

TEST(HostConfig, takes_the_map_of_plugins_that_the_original_has) {
  Mistakes mistakes("config.yaml");
  const auto root = parse_yaml(
      "plugins: {hot_update: {config: {a: 1}, bootOrder: 2}, echo: {name: echo, bootOrder: 1}}");
  const auto config = read_host_config(*root, kKnown, mistakes);
  EXPECT_TRUE(mistakes.empty());
  EXPECT_THAT(config.hints, ElementsAre("plugins is a map, as the original sidecar has it; "
                                        "write a list: - name: NAME"));
  ASSERT_EQ(config.plugins.size(), 2U);
  EXPECT_EQ(config.plugins[0].name, "echo");
  EXPECT_EQ(config.plugins[1].name, "hot_update");
  EXPECT_EQ(config.plugins[1].key_path, "plugins.hot_update.config");
}

/// As the original's manager writes its kidecar-config, from a SidecarConfig that says no more
/// than it has to and has bootOrder where the original's examples have it.
constexpr std::string_view kManagersConfig = R"(plugins:
    - name: hot_update
      binary: null
      config:
        bootOrder: 1
        fileDir: /app/downloads
        loadPatchType: signal
      bootorder: 0
restartpolicy: ""
resources:
    CPU: ""
sidecarstartorder: ""
)";

TEST(HostConfig, takes_what_the_originals_manager_writes) {
  const auto [config, mistakes] = read(kManagersConfig);
  EXPECT_THAT(mistakes, IsEmpty());
  ASSERT_EQ(config.plugins.size(), 1U);
  EXPECT_EQ(config.plugins[0].config.entries.size(), 2U);
  EXPECT_EQ(config.restart_policy, RestartPolicy::kAlways);
  EXPECT_EQ(config.start_order, StartOrder::kBefore);
  EXPECT_EQ(config.cpu_millis, std::nullopt);
  EXPECT_THAT(config.hints,
              ElementsAre("plugins[0].config.bootOrder is passed over, as the original sidecar "
                          "does; write it beside name",
                          "restartPolicy is empty, and taken as Always",
                          "sidecarStartOrder is empty, and taken as Before",
                          "resources.CPU is empty: no limit"));
}

TEST(HostConfig, takes_what_the_originals_manager_writes_of_nothing) {
  const auto [config, mistakes] = read(
      "plugins: [{name: echo, binary: ~, config: {}, bootorder: 0}]\nrestartpolicy: ~\n"
      "resources: {}\nsidecarstartorder:\n");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(config.hints, IsEmpty());
}

TEST(HostConfig, refuses_a_plugin_in_an_executable_of_its_own) {
  EXPECT_THAT(read("plugins:\n  - name: echo\n    binary: {path: /opt/echo}\n").mistakes,
              ElementsAre("config.yaml:3: plugins[0].binary: is a plugin in an executable of its "
                          "own, which only the original sidecar starts; run it as a container of "
                          "the pod"));
}

TEST(DefaultConfigFile, is_the_originals_where_only_that_is_there) {
  const tests::TemporaryFolder folder;
  const auto& root = folder.path();
  EXPECT_EQ(default_config_file(root), root / "opt/sidecar/config.yaml");
  const auto originals = folder.write("opt/kidecar/config.yaml", "plugins: []");
  EXPECT_EQ(default_config_file(root), originals);
  const auto ours = folder.write("opt/sidecar/config.yaml", "plugins: []");
  EXPECT_EQ(default_config_file(root), ours);
}

TEST(HostConfig, wants_at_least_one_plugin) {
  const std::string expected = "config.yaml:1: plugins: there must be at least one plugin";
  EXPECT_THAT(read("plugins: []\n").mistakes, ElementsAre(expected));
  EXPECT_THAT(read("plugins:\n").mistakes, ElementsAre(expected));
  EXPECT_THAT(read("listen: 5000\n").mistakes, ElementsAre(expected));
}

TEST(HostConfig, names_plugins_that_are_no_plugins) {
  EXPECT_THAT(read("plugins: hot_update\n").mistakes,
              ElementsAre("config.yaml:1: plugins: expected a list, got 'hot_update'"));
  EXPECT_THAT(read("plugins:\n  - hot_update\n").mistakes,
              ElementsAre("config.yaml:2: plugins[0]: expected a map, got 'hot_update'"));
  EXPECT_THAT(read("plugins:\n  - {bootOrder: 1}\n").mistakes,
              ElementsAre("config.yaml:2: plugins[0].name: is missing"));
  EXPECT_THAT(read("plugins:\n  - ~\n").mistakes,
              ElementsAre("config.yaml:2: plugins[0]: is empty; a plugin is a map with name, "
                          "bootOrder and config"));
}

TEST(HostConfig, names_a_key_that_stands_twice_in_different_case) {
  EXPECT_THAT(
      read(with_plugin("restartPolicy: Always\nrestartpolicy: Never\n")).mistakes,
      ElementsAre("config.yaml:3: restartpolicy: stands twice; the first one is on line 2"));
}

TEST(HostConfig, names_every_mistake_of_a_file_on_one_line_each) {
  const auto mistakes = read(
                            "plugins:\n"
                            "  - name: hot_updat\n"
                            "    bootOrder: first\n"
                            "    confg: {}\n"
                            "restartPolicy: Alwys\n"
                            "resources:\n"
                            "  CPU: 100q\n"
                            "  Memory: {}\n"
                            "  Disk: 1\n"
                            "sidecarStartOrder: Before\n"
                            "listen: localhost:5000\n"
                            "shutdownGraceSeconds: -1\n"
                            "lisen: 1\n")
                            .mistakes;
  EXPECT_THAT(
      mistakes,
      ElementsAre(
          "config.yaml:2: plugins[0].name: unknown plugin 'hot_updat'; did you mean hot_update?",
          "config.yaml:3: plugins[0].bootOrder: expected a whole number from -1000000 to 1000000, "
          "got 'first'",
          "config.yaml:4: plugins[0].confg: unknown key; did you mean config?",
          "config.yaml:5: restartPolicy: expected Always, OnFailure or Never, got 'Alwys'; did you "
          "mean Always?",
          "config.yaml:7: resources.CPU: '100q' is not a quantity: unknown suffix 'q'; use Ki, Mi, "
          "Gi, k, M, G or m",
          "config.yaml:8: resources.Memory: expected a quantity, got a map",
          "config.yaml:9: resources.Disk: unknown key",
          "config.yaml:11: listen: 'localhost:5000' is not an address to listen on: the host must "
          "be an IP address; "
          "write it like 5000, 127.0.0.1:5000 or [::]:5000",
          "config.yaml:12: shutdownGraceSeconds: expected a number of seconds like 30 or 0.5, at "
          "most a year, got '-1'",
          "config.yaml:13: lisen: unknown key; did you mean listen?"));
}

TEST(ListenAddress, takes_a_port_with_or_without_an_address) {
  const auto expect = [](std::string_view text, std::string_view host, int port) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->host, host) << text;
    EXPECT_EQ(address->port, port) << text;
  };
  expect("5000", "", 5000);
  expect(":5000", "", 5000);
  expect("0", "", 0);
  expect("127.0.0.1:65535", "127.0.0.1", 65535);
  expect("[::]:5000", "::", 5000);
  expect("[::1]:0", "::1", 0);
}

TEST(ListenAddress, refuses_everything_else) {
  for (const auto* text : {"", ":", "abc", "65536", "-1", "+1", "5000 ", "127.0.0.1",
                           "127.0.0.1:", "localhost:5000", "::1:5000", "[::1]", "[127.0.0.1]:1",
                           "[]:1", "[::1:5000", "::1]:5000", "1.2.3:5000", "1.2.3.4.5:1"})
    EXPECT_FALSE(parse_listen_address(text)) << text;
}

class LoadFile : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file_with(std::string_view text) const {
    std::ofstream(path()) << text;
    return path();
  }
  [[nodiscard]] std::filesystem::path path() const { return directory_.path() / "config.yaml"; }
  /// The only mistake of loading it.
  [[nodiscard]] static std::string mistake_of(const std::filesystem::path& path) {
    Mistakes mistakes("config.yaml");
    EXPECT_FALSE(load_file(path, mistakes));
    EXPECT_EQ(mistakes.size(), 1U);
    return mistakes.empty() ? "" : to_string(mistakes.list()[0]);
  }

  tests::TemporaryFolder directory_;
};

TEST_F(LoadFile, reads_a_file) {
  Mistakes mistakes("config.yaml");
  const auto root = load_file(file_with(kUsersConfig), mistakes);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->entries.size(), 4U);
  EXPECT_TRUE(mistakes.empty());
}

TEST_F(LoadFile, names_a_file_that_is_not_there) {
  EXPECT_EQ(mistake_of(path()), "config.yaml:1: cannot be read: open " + path().string() +
                                    ": No such file or directory");
}

TEST_F(LoadFile, names_a_file_that_it_may_not_read) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  std::filesystem::permissions(file_with("a: 1\n"), std::filesystem::perms::none);
  EXPECT_EQ(mistake_of(path()),
            "config.yaml:1: cannot be read: open " + path().string() + ": Permission denied");
}

TEST_F(LoadFile, names_a_directory) {
  EXPECT_EQ(mistake_of(directory_.path()), "config.yaml:1: is a directory, not a file");
}

TEST_F(LoadFile, names_an_empty_file) {
  const std::string expected =
      "config.yaml:1: the file is empty; it must hold at least the key plugins";
  EXPECT_EQ(mistake_of(file_with("")), expected);
  EXPECT_EQ(mistake_of(file_with("\n# nothing\n")), expected);
}

TEST_F(LoadFile, names_the_line_of_broken_yaml) {
  EXPECT_EQ(mistake_of(file_with("plugins:\n  - name: a\n  b: c: d\n"))
                .find("config.yaml:3: broken YAML: "),
            0U);
}

TEST_F(LoadFile, wants_a_map_at_the_top) {
  const std::string expected = "expected a map with the key plugins at the top of the file";
  EXPECT_EQ(mistake_of(file_with("# c\n- a\n")), "config.yaml:2: " + expected);
  EXPECT_EQ(mistake_of(file_with("some text")), "config.yaml:1: " + expected);
}

TEST_F(LoadFile, takes_a_file_at_its_limit_and_refuses_a_longer_one) {
  const auto most = "a: 1\n" + std::string(limits::documented("config.yaml") - 5, '#');
  Mistakes mistakes("config.yaml");
  EXPECT_TRUE(load_file(file_with(most), mistakes));
  EXPECT_EQ(mistake_of(file_with(most + '#')), "config.yaml:1: the file is larger than 1 MiB");
}

}  // namespace
}  // namespace okg::config
