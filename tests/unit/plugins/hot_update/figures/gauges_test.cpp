#include "plugins/hot_update/figures/gauges.hpp"

#include <gtest/gtest.h>

#include <string>

#include "limits/documented.hpp"

namespace okg::hot_update {
namespace {

class GaugesTest : public testing::Test {
 protected:
  /// The value of one series, as a scraper reads it; empty when there is none.
  [[nodiscard]] std::string value(const std::string& series) {
    const auto text = "\n" + page_.text();
    const auto at = text.find("\n" + series + " ");
    if (at == std::string::npos) return {};
    const auto from = at + series.size() + 2;
    return text.substr(from, text.find('\n', from) - from);
  }
  static LedgerState live(int paths, const std::string& version) {
    LedgerState state;
    for (int i = 0; i < paths; ++i) state.live["maps/" + std::to_string(i)].entry.version = version;
    return state;
  }

  metrics::Page page_;
  Gauges figures_{page_.registry(), 16};
};

TEST_F(GaugesTest, show_the_ratio_only_while_a_download_of_known_length_is_in_progress) {
  WorkStatus work;
  api::Progress progress;
  progress.bytes_done = 25;
  progress.bytes_total = 100;
  figures_.show(work, progress);
  EXPECT_EQ(value("okg_hot_update_progress_ratio"), "");
  work.stage = Stage::kFetch;
  figures_.show(work, progress);
  EXPECT_EQ(value("okg_hot_update_progress_ratio"), "0.25");
  progress.bytes_total.reset();
  figures_.show(work, progress);
  EXPECT_EQ(value("okg_hot_update_progress_ratio"), "");
}

TEST_F(GaugesTest, show_bytes_and_files_of_the_update_in_progress) {
  WorkStatus work;
  work.stage = Stage::kVerify;
  api::Progress progress{.bytes_done = 25, .bytes_total = 100, .files_done = 3, .files_total = {}};
  figures_.show(work, progress);
  EXPECT_EQ(value("okg_hot_update_progress_bytes{count=\"done\"}"), "");
  work.in_progress.emplace().tree.emplace();
  figures_.show(work, progress);
  EXPECT_EQ(value("okg_hot_update_progress_bytes{count=\"done\"}"), "25");
  EXPECT_EQ(value("okg_hot_update_progress_bytes{count=\"total\"}"), "100");
  EXPECT_EQ(value("okg_hot_update_progress_files{count=\"done\"}"), "3");
  EXPECT_EQ(value("okg_hot_update_progress_files{count=\"total\"}"), "") << "of a tar at its end";
  work.stage = Stage::kPublish;
  figures_.show(work, progress);
  EXPECT_EQ(value("okg_hot_update_progress_files{count=\"total\"}"), "3");
  figures_.show_stopped();
  EXPECT_EQ(value("okg_hot_update_progress_files{count=\"done\"}"), "");
}

TEST_F(GaugesTest, show_what_is_in_progress_queued_and_missing) {
  WorkStatus work;
  work.in_progress.emplace();
  work.queued.resize(3);
  work.missing["a"] = std::nullopt;
  figures_.show(work, {});
  EXPECT_EQ(value("okg_hot_update_in_progress"), "1");
  EXPECT_EQ(value("okg_hot_update_queue_length"), "3");
  EXPECT_EQ(value("okg_hot_update_queue_limit"), "16");
  EXPECT_EQ(value("okg_hot_update_missing_files"), "1");
  figures_.show_stopped();
  EXPECT_EQ(value("okg_hot_update_in_progress"), "0");
  EXPECT_EQ(value("okg_hot_update_missing_files"), "0");
}

TEST_F(GaugesTest, show_the_version_of_each_path_and_no_former_one) {
  figures_.show(live(1, "v1"));
  EXPECT_EQ(value("okg_hot_update_live_info{path=\"maps/0\",version=\"v1\"}"), "1");
  figures_.show(live(1, "v2"));
  EXPECT_EQ(value("okg_hot_update_live_info{path=\"maps/0\",version=\"v1\"}"), "");
  EXPECT_EQ(value("okg_hot_update_live_info{path=\"maps/0\",version=\"v2\"}"), "1");
}

TEST_F(GaugesTest, show_no_more_versions_than_prometheus_has_room_for) {
  figures_.show(live(100, "v1"));
  EXPECT_EQ(value("okg_hot_update_live_paths"), "100");
  const auto text = page_.text();
  std::size_t series = 0;
  for (auto at = text.find("live_info{"); at != std::string::npos;
       at = text.find("live_info{", at + 1))
    ++series;
  EXPECT_EQ(series, limits::documented("paths in the metric okg_hot_update_live_info"));
}

TEST_F(GaugesTest, show_how_many_results_wait_for_the_store) {
  LedgerState state;
  state.recorded_seq = 1;
  for (const auto seq : {1U, 2U, 3U}) state.history.emplace_back().seq = seq;
  figures_.show(state);
  EXPECT_EQ(value("okg_hot_update_records_pending"), "2");
}

TEST_F(GaugesTest, show_how_full_the_config_maps_are) {
  kube::ApiFigures api;
  api.note_config_map("kube-system/sidecar-result", 7);
  figures_.show(api);
  EXPECT_EQ(value("okg_hot_update_config_map_bytes{config_map=\"kube-system/sidecar-result\"}"),
            "7");
}

}  // namespace
}  // namespace okg::hot_update
