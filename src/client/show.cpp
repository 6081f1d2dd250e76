#include "client/show.hpp"

#include "base/text.hpp"
#include "base/text/concat.hpp"

#include <algorithm>

#include "base/text/byte_size.hpp"
#include "base/text/visible.hpp"
#include "base/time/timestamp.hpp"
#include "client/columns.hpp"

namespace okg::client {
namespace {

std::string percent_of(std::uint64_t done, std::uint64_t total) {
  const auto share = total == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(total);
  return concat(static_cast<int>(std::min(share, 1.0) * 100), " %");
}

std::string files_of(std::uint64_t files) { return concat(files, files == 1 ? " file" : " files"); }

std::string bytes_of(const api::Progress& progress) {
  auto text = format_byte_size(progress.bytes_done);
  if (progress.bytes_total)
    text += " of " + format_byte_size(*progress.bytes_total) + " (" +
            percent_of(progress.bytes_done, *progress.bytes_total) + ")";
  if (progress.files_total)
    text += concat(", ", progress.files_done, " of ", files_of(*progress.files_total));
  else if (progress.files_done > 0)
    text += ", " + files_of(progress.files_done);
  if (progress.bytes_per_second > 0)
    text += ", " + format_byte_size(progress.bytes_per_second) + "/s";
  if (progress.eta)
    text += ", " + text_of(std::chrono::ceil<std::chrono::seconds>(*progress.eta)) + " left";
  if (progress.attempt > 1) text += ", attempt " + std::to_string(progress.attempt);
  return text;
}

/// "v2 of index.html"; an update whose version is not known yet is of its path alone.
std::string subject_of(const std::string& version, const std::string& path) {
  if (version.empty()) return path.empty() ? "what was live before" : path;
  return path.empty() ? version : version + " of " + path;
}

std::string stage_of(const std::string& stage, const api::Progress& progress) {
  const auto has_moved = progress.bytes_done > 0 || progress.attempt > 0;
  return visible(stage) + (has_moved ? ": " + bytes_of(progress) : "");
}

std::string line_of(const api::OpenUpdate& open, std::string_view state,
                    const api::Progress& progress = {}) {
  return std::string(state) + ": " + visible(subject_of(open.version, open.path)) +
         (open.rollback ? " (rollback)" : "") + ", id " + visible(open.id) +
         (open.stage.empty() ? "" : ", stage " + stage_of(open.stage, progress)) + "\n";
}

std::string seconds_of(Timestamp time) { return format_timestamp(time).substr(0, 19) + "Z"; }

std::string live_table(const api::Status& status) {
  if (status.live.empty()) return "live: nothing that an update brought\n";
  Columns table({"LIVE", "VERSION", "SIZE", "SCOPE", "SINCE", "KEPT"});
  for (const auto& [path, live] : status.live) {
    std::string kept;
    if (const auto found = status.kept.find(path); found != status.kept.end())
      for (const auto& each : found->second) append_listed(kept, ",", each);
    table.add({path, live.version, format_byte_size(live.bytes),
               std::string(results::to_string(live.scope)), seconds_of(live.requested_at),
               kept.empty() ? "-" : kept});
  }
  return table.text();
}

std::string results_table(const api::Status& status) {
  if (status.results.empty()) return "";
  Columns table({"RESULT", "VERSION", "PATH", "ENDED", "TOOK", "ID"});
  const auto skipped = status.results.size() - std::min(status.results.size(), kMaxShownResults);
  for (std::size_t i = skipped; i < status.results.size(); ++i) {
    const auto& [answer, asked, ended, stages] = status.results[i];
    table.add({std::string(to_string(answer.result)) +
                   (answer.reason.empty() ? "" : " (" + answer.reason + ")"),
               answer.version, answer.path, seconds_of(ended),
               std::to_string(answer.duration.count()) + " ms", answer.id});
  }
  return "\n" + table.text();
}

std::string troubles_of(const api::Status& status) {
  std::string text;
  for (const auto& each : status.missing)
    text += "missing: " + visible(each.path) + ": " + visible(each.reason) +
            (each.why.empty() ? "" : ": " + visible(each.why)) + "\n";
  for (const auto& each : status.to_be_reverted)
    text += "to be reverted to its old content: " + visible(each) + "\n";
  if (status.record_error)
    text += "not recorded: " + visible(status.record_reason) + ": " +
            visible(*status.record_error) + "\n";
  for (const auto& [reason, message] : status.warnings)
    text += "warning: " + visible(reason) + ": " + visible(message) + "\n";
  return text;
}

}  // namespace

std::string text_of(std::chrono::seconds duration) {
  const auto seconds = duration.count();
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds / 60 % 60) + " min";
}

std::string progress_of(const api::UpdateView& view) {
  if (view.state == api::UpdateState::kQueued)
    return "queued: number " + std::to_string(view.position) + " of those that wait";
  return stage_of(view.open.stage, view.progress);
}

std::string step_of(const api::UpdateView& view) {
  return std::string(to_string(view.state)) + view.open.stage + std::to_string(view.position);
}

std::string result_of(const api::UpdateAnswer& answer) {
  auto text = std::string(to_string(answer.result)) + ": " +
              visible(subject_of(answer.version, answer.path));
  if (answer.files) text += ", " + files_of(*answer.files);
  if (answer.bytes > 0) text += ", " + format_byte_size(answer.bytes);
  text += " in " + std::to_string(answer.duration.count()) + " ms";
  if (!answer.reason.empty()) text += ": " + visible(answer.reason);
  if (!answer.message.empty()) text += ": " + visible(answer.message);
  text += " (id " + visible(answer.id) + ")\n";
  for (const auto& [reason, message] : answer.warnings)
    text += "warning: " + visible(reason) + ": " + visible(message) + "\n";
  return text;
}

std::string text_of(const api::UpdateView& view) {
  if (view.state == api::UpdateState::kEnded) return result_of(view.ended.answer);
  return visible(subject_of(view.open.version, view.open.path)) + ": " + progress_of(view) +
         " (id " + visible(view.open.id) + ")\n";
}

std::string text_of(const api::Status& status) {
  std::string text = status.ready ? "ready\n" : "not ready\n";
  text += troubles_of(status) + "\n" + live_table(status);
  if (status.in_progress || !status.queued.empty()) text += "\n";
  if (status.in_progress) text += line_of(*status.in_progress, "in progress", status.progress);
  for (const auto& each : status.queued) text += line_of(each, "queued");
  return text + results_table(status);
}

}  // namespace okg::client
