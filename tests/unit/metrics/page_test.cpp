#include "metrics/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>

namespace okg::metrics {
namespace {

using testing::HasSubstr;

/// Any of the table will do.
constexpr auto kMetric = static_cast<Metric>(0);

TEST(MetricsPage, has_the_name_and_the_help_of_the_table) {
  Page page;
  counter(page.registry(), kMetric).Increment(3);
  const auto& entry = entry_of(kMetric);
  EXPECT_THAT(page.text(), HasSubstr("# HELP " + std::string(entry.name)));
  EXPECT_THAT(page.text(), HasSubstr(std::string(entry.name) + " 3\n"));
}

TEST(MetricsPage, is_brought_up_to_date_each_time_it_is_read) {
  Page page;
  int reads = 0;
  page.before_each([&] { gauge(page.registry(), kMetric).Set(++reads); });
  (void)page.text();
  EXPECT_THAT(page.text(), HasSubstr(std::string(entry_of(kMetric).name) + " 2\n"));
}

TEST(Advance, goes_on_and_never_back) {
  Page page;
  auto& figure = counter(page.registry(), kMetric);
  advance(figure, 5);
  EXPECT_EQ(figure.Value(), 5);
  advance(figure, 3);
  EXPECT_EQ(figure.Value(), 5);
}

}  // namespace
}  // namespace okg::metrics
