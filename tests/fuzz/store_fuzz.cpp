// What stands in the result ConfigMap, written by other pods, other versions and people.
#include <nlohmann/json.hpp>
#include <string>

#include "base/log.hpp"
#include "fuzz.hpp"
#include "results/in_kube/conditional_patch.hpp"
#include "results/in_kube/original_sidecar_entry.hpp"
#include "results/record_json.hpp"

namespace okg::results {
namespace {

using fuzz::require;

void check_pod_entry(std::string_view text) {
  const auto entry = parse_pod_entry(text);
  if (!entry)
    return require(entry.error().code == ErrorCode::kInvalid, "what is no entry is invalid");
  const auto again = parse_pod_entry(format_pod_entry(*entry));
  require(again && again->files == entry->files && again->workload == entry->workload,
          "an entry comes back from what it is written as");
  require(again->last.message == entry->last.message &&
              again->last.updated_at == entry->last.updated_at,
          "so does the last result");
  require(nlohmann::json::accept(format_annotation(entry->last)), "an annotation is JSON");
}

void check_latest(std::string_view held, std::string_view asked_for) {
  Ignored ignored;
  const auto wanted = parse_latest(asked_for, ignored);
  if (!wanted) return;
  const auto moved = advance_latest(held, *wanted);
  if (!moved) return;
  const auto now = parse_latest(*moved, ignored);
  require(now.has_value(), "latest stays readable");
  for (const auto& [path, entry] : *wanted) {
    const auto found = now->find(path);
    require(found != now->end() && found->second.requested_at >= entry.requested_at,
            "latest is never older than what was asked for");
  }
  require(!advance_latest(*moved, *wanted), "latest moves once");
  if (!nlohmann::json::accept(held)) return;  // the API server gives nothing but UTF-8
  require(nlohmann::json::accept(conditional_patch("_latest.a.b.c", std::string(held), *moved)),
          "the patch that moves it is JSON");
}

void check_original(std::string_view text) {
  const auto files = parse_original_entry(text);
  if (!files)
    return require(files.error().code == ErrorCode::kInvalid, "what is no entry is invalid");
  for (const auto& [path, entry] : *files) {
    require(!path.empty() && path != "." && path != "..", "a file has a name");
    require(path.find('/') == std::string::npos && path.find('\0') == std::string::npos,
            "a name is no path");
  }
}

}  // namespace
}  // namespace okg::results

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  okg::log::configure(okg::log::Format::kText, okg::log::Level::kError);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = okg::fuzz::text_of(data, size);
  okg::results::check_pod_entry(text);
  okg::results::check_original(text);
  const auto held = okg::fuzz::take_until(text, '\n');
  okg::results::check_latest(held, text);
  return 0;
}
