#include "api/progress.hpp"

#include <nlohmann/json.hpp>

#include "api/json_reader.hpp"

namespace okg::api {

void add(const Progress& progress, Json& json) {
  json["bytesDone"] = progress.bytes_done;
  if (progress.bytes_total) json["bytesTotal"] = *progress.bytes_total;
  json["filesDone"] = progress.files_done;
  if (progress.files_total) json["filesTotal"] = *progress.files_total;
  json["bytesPerSecond"] = progress.bytes_per_second;
  if (progress.eta) json["etaMs"] = progress.eta->count();
  json["attempt"] = progress.attempt;
}

Progress progress_from(const Json& json) {
  Progress progress;
  progress.bytes_done = count_of(json, "bytesDone");
  if (json.contains("bytesTotal")) progress.bytes_total = count_of(json, "bytesTotal");
  progress.files_done = count_of(json, "filesDone");
  progress.files_total.reset();
  if (json.contains("filesTotal")) progress.files_total = count_of(json, "filesTotal");
  progress.bytes_per_second = count_of(json, "bytesPerSecond");
  if (json.contains("etaMs")) progress.eta = std::chrono::milliseconds(count_of(json, "etaMs"));
  progress.attempt = static_cast<int>(count_of(json, "attempt"));
  return progress;
}

}  // namespace okg::api
