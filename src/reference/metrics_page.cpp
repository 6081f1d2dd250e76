#include "reference/metrics_page.hpp"

#include "base/text.hpp"
#include "base/text/concat.hpp"

#include "metrics/metric_table.hpp"

namespace okg::reference {
namespace {

constexpr const char* kMetricsEnglish =
    "# Metrics\n"
    "\n"
    "`GET /metrics` on port 5000, in Prometheus' text format. What costs something to know is "
    "looked at\n"
    "only when somebody asks. [operations.md](operations.md#monitoring) has alert rules and a "
    "dashboard.\n"
    "\n"
    "In Chinese: [zh/metrics.md](zh/metrics.md). This page is written by `./scripts/reference` "
    "from\n"
    "`src/metrics/metric_table.cpp`.\n"
    "\n"
    "| metric | type | labels | |\n"
    "|---|---|---|---|\n";
constexpr const char* kMetricsChinese =
    "# 指标\n"
    "\n"
    "5000 端口的 `GET /metrics`，采用 Prometheus "
    "的文本格式。获取有代价的数值只在有人查询时才去看。\n"
    "告警规则和 Grafana 仪表盘见 [operations.md](operations.md#监控)。\n"
    "\n"
    "英文版：[../metrics.md](../metrics.md)。本页由 `./scripts/reference` 根据\n"
    "`src/metrics/metric_table.cpp` 生成。\n"
    "\n"
    "| 指标 | 类型 | 标签 | |\n"
    "|---|---|---|---|\n";

std::string labels_of(const metrics::MetricEntry& entry) {
  std::string labels;
  for (const auto label : entry.labels)
    if (!label.empty()) append_listed(labels, ", ", concat("`", label, "`"));
  return labels;
}

}  // namespace

std::string metrics_page(Language language) {
  const bool is_chinese = language == Language::kChinese;
  std::string page = is_chinese ? kMetricsChinese : kMetricsEnglish;
  for (const auto& each : metrics::metric_table())
    page += "| `" + std::string(each.name) + "` | " + std::string(to_string(each.type)) + " | " +
            labels_of(each) + " | " + std::string(is_chinese ? each.chinese : each.help) + " |\n";
  return page;
}

}  // namespace okg::reference
