#include "plugins/hot_update/metrics.hpp"

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
  Metrics metrics_{registry_};
};

TEST_F(MetricsTest, have_each_result_from_the_start) {
  for (const auto* result : {"Succeeded", "Unchanged", "Failed", "RolledBack"})
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
  EXPECT_EQ(value("okg_hot_update_last_success_timestamp_seconds"), "0");
  end(OutcomeKind::kSucceeded);
  EXPECT_EQ(value("okg_hot_update_last_success_timestamp_seconds"), "77");
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
