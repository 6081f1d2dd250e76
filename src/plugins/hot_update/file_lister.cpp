#include "plugins/hot_update/file_lister.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/fields.hpp"
#include "base/text/visible.hpp"
#include "http/form.hpp"
#include "plugins/hot_update/answer.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"

namespace okg::hot_update {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 2> kFields{"path", "files"};

Json json_of(const std::string& path, std::uint64_t bytes, const std::string& sha256) {
  return {{"path", path}, {"bytes", bytes}, {"sha256", sha256}};
}

std::string line_of(const IndexEntry& entry) {
  auto json = json_of(entry.path, entry.bytes, entry.sha256.hex());
  if (entry.kind == TreeKind::kSymlink)
    json["kind"] = "symlink";
  else
    json["mode"] = entry.is_executable ? "0755" : "0644";
  return visible_json(json);
}

std::string line_of(const std::string& path, const LiveFile& file) {
  const auto& sha256 = file.entry.sha256;
  return visible_json(json_of(path, file.bytes, sha256 ? sha256->hex() : ""));
}

std::string name_below(const std::string& path, const std::string& tree) {
  return tree == results::kWholeDirectory ? path : path.substr(tree.size() + 1);
}

/// Path below the tree -> its line. What came later than the tree counts.
Result<std::map<std::string, std::string>> lines_of(const FilesAsked& asked, const LiveFile& live) {
  std::map<std::string, std::string> lines;
  if (!live.entry.tree) {
    lines[asked.path] = line_of(asked.path, live);
    return lines;
  }
  const auto index = TreeIndex::read(asked.trees, live.index);
  if (!index) return index.error();
  for (const auto& entry : index->entries())
    if (entry.kind != TreeKind::kFolder) lines[entry.path] = line_of(entry);
  for (const auto& [path, file] : asked.state->live) {
    if (path == asked.path || file.entry.tree || !results::is_in_tree(path, asked.path)) continue;
    const auto name = name_below(path, asked.path);
    lines[name] = line_of(name, file);
  }
  return lines;
}

http::ServerResponse answer_to(const FilesAsked& asked) {
  auto text = list_files(asked);
  if (!text && text.error().code == ErrorCode::kNotFound) return refused(404, text.error());
  if (!text) return refused(text.error());
  http::ServerResponse response;
  response.body = std::move(*text);
  return response;
}

}  // namespace

Result<std::string> list_files(const FilesAsked& asked) {
  const auto live = asked.state->live_at(asked.path);
  if (!live)
    return fail(ErrorCode::kNotFound, Reason::kInvalidField,
                "nothing that was updated is live at path ", api::in_quotes(asked.path),
                "; GET /hot-update has the paths under \"live\"");
  const auto lines = lines_of(asked, *live);
  if (!lines) return lines.error();
  auto text = visible_json({{"path", asked.path}, {"version", live->entry.version}});
  text.back() = ',';
  text += "\"files\":[";
  const char* separator = "\n";
  for (const auto& [path, line] : *lines) {
    text += separator + line;
    separator = ",\n";
  }
  return text + "\n]}\n";
}

bool asks_for_files(const std::string& query) {
  const auto pairs = http::split_form(query);
  return std::ranges::any_of(pairs, [](const auto& pair) { return pair.name == "files"; });
}

Result<std::string> path_of_files(const std::string& query) {
  const auto fields = api::read_fields({{}, query, {}}, kFields);
  if (!fields) return fields.error().because(Reason::kInvalidField);
  if (fields->at("files") != "true")
    return fail(ErrorCode::kInvalid, Reason::kInvalidField, "files is ",
                api::in_quotes(fields->at("files")), "; it can be true");
  const auto path = fields->find("path");
  if (path == fields->end()) return std::string(results::kWholeDirectory);
  return path->second;
}

void FileLister::list(FilesAsked asked, const http::Respond& respond) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(asked), respond});
  if (std::exchange(runs_, true)) return;
  thread_ = std::jthread([this] { run(); });  // joins the last one, which has nothing left to do
}

void FileLister::run() {
  for (;;) {
    std::vector<Waiting> asked;
    {
      const std::lock_guard lock(mutex_);
      asked.swap(waiting_);
      if (asked.empty()) {
        runs_ = false;
        return;
      }
    }
    for (const auto& each : asked) each.respond(answer_to(each.asked));
  }
}

}  // namespace okg::hot_update
