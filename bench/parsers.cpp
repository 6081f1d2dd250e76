// Google Benchmark of the parsers that every request, every start and every answer of the API
// server goes through.
#include <benchmark/benchmark.h>

#include <string>

#include "api/update_request.hpp"
#include "config/mistakes.hpp"
#include "config/node.hpp"
#include "kube/objects.hpp"
#include "process/process_table.hpp"
#include "results/record_json.hpp"

namespace okg {
namespace {

void form_request(benchmark::State& state) {
  const std::string body =
      "version=v1.2.3&url=https%3A%2F%2Fcdn.example.com%2Fgame%2Fv2%2Findex.html&path=maps%2F1."
      "json&wait=false";
  for (auto _ : state) benchmark::DoNotOptimize(api::parse_update({"", "", body}));
}
BENCHMARK(form_request);

void json_request(benchmark::State& state) {
  const std::string body =
      R"({"version": "v1.2.3", "url": "https://cdn.example.com/game/v2/index.html", "wait": false})";
  for (auto _ : state) benchmark::DoNotOptimize(api::parse_update({"application/json", "", body}));
}
BENCHMARK(json_request);

void yaml_configuration(benchmark::State& state) {
  const std::string text =
      "plugins:\n  - name: hot_update\n    config:\n      loadPatchType: signal\n      signal: "
      "{processName: 'nginx: master', "
      "signalName: SIGHUP}\n      storageConfig: {type: InKube, inKube: {annotationKey: "
      "a/b}}\nrestartpolicy: Always\n";
  for (auto _ : state) benchmark::DoNotOptimize(config::parse_yaml(text));
}
BENCHMARK(yaml_configuration);

/// The result ConfigMap as a pod of a large workload gets it.
void config_map_of_pods(benchmark::State& state) {
  std::string json =
      R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"1"},"data":{)";
  for (std::int64_t i = 0; i < state.range(0); ++i)
    json += (i > 0 ? "," : "") + std::string("\"default.game-") + std::to_string(i) + "\":\"" +
            std::string(400, 'x') + "\"";
  json += "}}";
  for (auto _ : state) benchmark::DoNotOptimize(kube::parse_config_map(json));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * json.size()));
}
BENCHMARK(config_map_of_pods)->Arg(10)->Arg(1000);

void latest_moved_forward(benchmark::State& state) {
  const results::Files older{
      {"index.html", {"v1", "https://h/a", Sha256{}, results::Scope::kWorkload, Timestamp{}}}};
  const results::Files newer{
      {"index.html", {"v2", "https://h/b", Sha256{}, results::Scope::kWorkload, now()}}};
  const auto current = results::advance_latest("", older).value_or("");
  for (auto _ : state) benchmark::DoNotOptimize(results::advance_latest(current, newer));
}
BENCHMARK(latest_moved_forward);

void process_table(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(process::read_process_table());
}
BENCHMARK(process_table);

}  // namespace
}  // namespace okg

BENCHMARK_MAIN();
