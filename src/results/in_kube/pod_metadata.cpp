#include "results/in_kube/pod_metadata.hpp"

#include <nlohmann/json.hpp>

#include "base/find.hpp"
#include "base/text.hpp"
#include "results/in_kube/keys.hpp"
#include "results/in_kube/original_sidecar_format.hpp"
#include "results/record_json.hpp"

namespace okg::results {
namespace {

/// One pod's long message must not fill what is everybody's.
constexpr std::size_t kMaxMessageBytes = 1'024;

/// Where our result is when the configured annotation has the original's text.
constexpr const char* kOwnAnnotation = "okg-sidecar.io/hot-update-result";

/// The value of an annotation; null removes one without text.
nlohmann::json value_of(const std::string& text) {
  return text.empty() ? nlohmann::json() : nlohmann::json(text);
}

nlohmann::json annotations_of(const LastResult& last, const InKubeSettings& settings) {
  nlohmann::json annotations = {{settings.annotation_key, format_annotation(last)}};
  if (settings.result_format == ResultFormat::kOriginal) {
    annotations[kOwnAnnotation] = annotations[settings.annotation_key];
    annotations[settings.annotation_key] = original_annotation(last);
  }
  return annotations;
}

}  // namespace

LastResult with_short_message(LastResult last) {
  last.message = shortened(last.message, kMaxMessageBytes);
  return last;
}

nlohmann::json metadata_of(const Record& record, const InKubeSettings& settings) {
  auto metadata = nlohmann::json::object();
  if (!settings.annotation_key.empty())
    metadata["annotations"] = annotations_of(with_short_message(record.last), settings);
  // The label says what the pod runs, which a failed update does not change.
  const auto* live = value_at(record.files, record.last.path);
  if (!settings.label_key.empty() && live != nullptr)
    metadata["labels"][settings.label_key] = live->version;
  if (record.observed) metadata["annotations"][kObservedAnnotation] = value_of(*record.observed);
  return metadata;
}

nlohmann::json metadata_of_observed(const std::string& observed) {
  auto metadata = nlohmann::json::object();
  metadata["annotations"][kObservedAnnotation] = value_of(observed);
  return metadata;
}

}  // namespace okg::results
