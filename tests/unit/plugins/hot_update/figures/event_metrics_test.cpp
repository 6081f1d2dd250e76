#include "plugins/hot_update/figures/event_metrics.hpp"

#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <string>

namespace okg::hot_update {
namespace {

class MetricsTest : public testing::Test {
 protected:
  void end(OutcomeKind kind, std::uint64_t bytes = 0) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.bytes = bytes;
    outcome.duration = std::chrono::milliseconds(1'500);
    outcome.finished_at = Timestamp(std::chrono::seconds(77));
    metrics_.hear(UpdateEnded{outcome});
  }
  /// The value of one series, as a scraper reads it; empty when there is none.
  [[nodiscard]] std::string value(const std::string& series) const {
    const auto text = "\n" + prometheus::TextSerializer().Serialize(registry_.Collect());
    const auto at = text.find("\n" + series + " ");
    if (at == std::string::npos) return {};
    const auto from = at + series.size() + 2;
    return text.substr(from, text.find('\n', from) - from);
  }
  [[nodiscard]] std::string updates(const std::string& result) const {
    return value("okg_hot_update_updates_total{result=\"" + result + "\"}");
  }

  prometheus::Registry registry_;
  EventMetrics metrics_{registry_};
};

TEST_F(MetricsTest, have_each_result_from_the_start) {
  for (const auto* result : {"Succeeded", "Unchanged", "Failed", "RolledBack", "Cancelled"})
    EXPECT_EQ(updates(result), "0") << result;
}

TEST_F(MetricsTest, count_each_update_once_by_its_result) {
  end(OutcomeKind::kSucceeded);
  end(OutcomeKind::kFailed);
  end(OutcomeKind::kFailed);
  EXPECT_EQ(updates("Succeeded"), "1");
  EXPECT_EQ(updates("Failed"), "2");
}

TEST_F(MetricsTest, add_up_the_bytes) {
  end(OutcomeKind::kSucceeded, 3);
  end(OutcomeKind::kFailed, 4);
  EXPECT_EQ(value("okg_hot_update_bytes_total"), "7");
}

TEST_F(MetricsTest, show_how_long_the_last_update_took) {
  end(OutcomeKind::kFailed);
  EXPECT_EQ(value("okg_hot_update_last_duration_seconds"), "1.5");
}

TEST_F(MetricsTest, show_when_the_last_update_succeeded) {
  end(OutcomeKind::kFailed);
  EXPECT_EQ(value("okg_hot_update_last_success_timestamp_seconds"), "");
  end(OutcomeKind::kSucceeded);
  EXPECT_EQ(value("okg_hot_update_last_success_timestamp_seconds"), "77");
}

TEST_F(MetricsTest, show_the_last_success_of_the_journal_after_a_start) {
  LedgerState state;
  for (const auto seconds : {40, 50}) {
    Outcome outcome;
    outcome.kind = seconds == 40 ? OutcomeKind::kSucceeded : OutcomeKind::kFailed;
    outcome.finished_at = Timestamp(std::chrono::seconds(seconds));
    state.history.push_back(outcome);
  }
  metrics_.show_state(state);
  EXPECT_EQ(value("okg_hot_update_last_success_timestamp_seconds"), "40");
}

TEST_F(MetricsTest, count_failures_by_stage_and_reason_and_no_cancelled_ones) {
  Outcome outcome;
  outcome.stage = Stage::kFetch;
  outcome.reason = Reason::kSourceNotFound;
  outcome.kind = OutcomeKind::kFailed;
  metrics_.hear(UpdateEnded{outcome});
  outcome.kind = OutcomeKind::kCancelled;
  metrics_.hear(UpdateEnded{outcome});
  const std::string series =
      "okg_hot_update_failures_total{reason=\"SourceNotFound\",stage=\"fetch\"}";
  EXPECT_EQ(value(series), "1");
}

TEST_F(MetricsTest, have_a_reason_for_an_outcome_without_one) {
  end(OutcomeKind::kFailed);
  EXPECT_EQ(value("okg_hot_update_failures_total{reason=\"InternalError\",stage=\"request\"}"),
            "1");
}

TEST_F(MetricsTest, observe_the_seconds_of_each_stage) {
  Outcome outcome;
  outcome.stages = {{Stage::kFetch, std::chrono::milliseconds(3'000)},
                    {Stage::kPublish, std::chrono::milliseconds(1)}};
  metrics_.hear(UpdateEnded{outcome});
  EXPECT_EQ(value("okg_hot_update_stage_seconds_sum{stage=\"fetch\"}"), "3");
  EXPECT_EQ(value("okg_hot_update_stage_seconds_bucket{stage=\"fetch\",le=\"2.5\"}"), "0");
  EXPECT_EQ(value("okg_hot_update_stage_seconds_bucket{stage=\"publish\",le=\"0.005\"}"), "1");
}

TEST_F(MetricsTest, count_bytes_as_they_come_also_when_an_attempt_starts_over) {
  const auto downloaded = [&] { return value("okg_hot_update_downloaded_bytes_total"); };
  metrics_.note({0, 100, 1});
  metrics_.note({60, 100, 1});
  EXPECT_EQ(downloaded(), "60");
  metrics_.note({60, 100, 2});  // goes on where it was
  metrics_.note({100, 100, 2});
  EXPECT_EQ(downloaded(), "100");
  metrics_.note({0, {}, 1});  // the next download
  metrics_.note({30, {}, 1});
  metrics_.note({30, {}, 2});
  metrics_.note({10, {}, 2});  // from its begin
  EXPECT_EQ(downloaded(), "140");
}

TEST_F(MetricsTest, count_updates_of_callers_nobody_asked_who_they_are) {
  metrics_.note_unauthenticated();
  EXPECT_EQ(value("okg_hot_update_unauthenticated_updates_total"), "1");
}

TEST_F(MetricsTest, show_whether_a_result_waits_for_the_store) {
  metrics_.hear(RecordTried{true});
  EXPECT_EQ(value("okg_hot_update_unrecorded"), "1");
  metrics_.hear(RecordTried{false});
  EXPECT_EQ(value("okg_hot_update_unrecorded"), "0");
}

TEST_F(MetricsTest, show_the_first_expiry_of_all_live_content) {
  LedgerState state;
  state.live["a"].entry.url = "https://h/a?Expires=2000000000&Signature=s";
  state.live["b"].entry.url = "https://h/b?Expires=1900000000&Signature=s";
  state.live["c"].entry.url = "https://h/c";
  metrics_.show_source_expiry(state);
  EXPECT_EQ(value("okg_hot_update_source_expiry_timestamp_seconds"), "1900000000");
}

TEST_F(MetricsTest, show_no_expiry_when_no_url_expires) {
  metrics_.show_source_expiry({});
  EXPECT_EQ(value("okg_hot_update_source_expiry_timestamp_seconds"), "0");
}

}  // namespace
}  // namespace okg::hot_update
