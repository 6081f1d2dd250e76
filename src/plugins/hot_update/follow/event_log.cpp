#include "plugins/hot_update/follow/event_log.hpp"

#include <utility>

#include "base/text.hpp"
#include "base/text/concat.hpp"

namespace okg::hot_update {

std::string EventLog::text_of(std::string_view kind, std::string_view json) const {
  return concat("id: ", name_, "-", last_, "\nevent: ", kind, "\ndata: ", json, "\n\n");
}

std::string EventLog::add_change(std::string_view json) {
  ++last_;
  auto text = text_of("update", json);
  kept_bytes_ += text.size();
  kept_.push_back({last_, text});
  while (kept_.size() > kMaxKept || kept_bytes_ > kMaxKeptBytes) drop_oldest();
  return text;
}

void EventLog::drop_oldest() {
  dropped_ = kept_.front().number;
  kept_bytes_ -= kept_.front().text.size();
  kept_.pop_front();
}

std::string EventLog::add_progress(std::string_view json) {
  ++last_;
  return text_of("progress", json);
}

std::string EventLog::snapshot(std::string_view json) const { return text_of("snapshot", json); }

std::optional<std::string> EventLog::since(std::string_view last_id) const {
  const auto prefix = name_ + "-";
  if (!last_id.starts_with(prefix)) return std::nullopt;
  const auto number = parse_whole<std::uint64_t>(last_id.substr(prefix.size()));
  if (!number || *number > last_ || *number < dropped_) return std::nullopt;
  std::string texts;
  for (const auto& each : kept_)
    if (each.number > *number) texts += each.text;
  return texts;
}

}  // namespace okg::hot_update
