#include "plugins/hot_update/file_lister.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "api/fields.hpp"
#include "base/find.hpp"
#include "base/text/in_quotes.hpp"
#include "base/text/visible.hpp"
#include "files/beneath.hpp"
#include "http/form.hpp"
#include "plugins/hot_update/answer.hpp"
#include "plugins/hot_update/disk/off_limits.hpp"
#include "plugins/hot_update/disk/tree_index.hpp"
#include "plugins/hot_update/disk/tree_walk.hpp"

namespace okg::hot_update {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::array<std::string_view, 2> kFields{"path", "files"};

using Known = std::map<std::string, IndexEntry>;

std::string line_of(const std::string& path, const LiveFile& file) {
  const auto& sha256 = file.entry.sha256;
  return visible_json(
      {{"path", path}, {"bytes", file.bytes}, {"sha256", sha256 ? sha256->hex() : ""}});
}

std::string name_below(const std::string& path, const std::string& tree) {
  return tree == results::kWholeDirectory ? path : path.substr(tree.size() + 1);
}

/// What updates brought: path below what is asked for -> how they left it.
Result<Known> known_files(const FilesAsked& asked) {
  Known known;
  const auto add = [&](const std::string& path, const LiveFile& file) -> Result<void> {
    const auto below = path == asked.path ? std::string() : name_below(path, asked.path);
    if (file.index.empty()) {
      if (!below.empty()) known[below] = IndexEntry{below, TreeKind::kFile, false, file.bytes};
      return {};
    }
    const auto index = TreeIndex::read(asked.trees, file.index);
    if (!index) return index.error();
    for (const auto& entry : index->entries())
      known[below.empty() ? entry.path : below + "/" + entry.path] = entry;
    return {};
  };
  for (const auto& [path, file] : asked.state->live)
    if (path == asked.path || results::is_in_tree(path, asked.path))
      if (auto ok = add(path, file); !ok) return ok.error();
  return known;
}

/// Whether it may still be what an update left: of another length it is not.
bool has_length_of(const IndexEntry& entry, const struct stat& status) {
  return static_cast<std::uint64_t>(status.st_size) == entry.bytes;
}

/// Nothing for what is neither a file nor a symlink.
Result<std::optional<std::string>> line_of(const Found& found, const Known& known,
                                           const std::stop_token& stop) {
  const auto& status = found.status;
  const bool is_link = S_ISLNK(status.st_mode);
  if (!is_link && !S_ISREG(status.st_mode)) return std::optional<std::string>();
  OrderedJson json{{"path", found.path}, {"bytes", status.st_size}};
  const auto* entry = value_at(known, found.path);
  if (entry != nullptr && has_length_of(*entry, status)) {
    const auto sha256 = entry->is_untouched(status)
                            ? Result<Sha256>(entry->sha256)
                            : content_digest(found.folder, found.name, status, stop);
    if (!sha256) return sha256.error();
    json["sha256"] = sha256->hex();
  }
  if (is_link)
    json["kind"] = "symlink";
  else
    json["mode"] = (status.st_mode & S_IXUSR) != 0 ? "0755" : "0644";
  return std::optional(visible_json(json));
}

/// Only at the top of the shared directory.
bool is_left_out(const FilesAsked& asked, const Found& found) {
  return asked.path == results::kWholeDirectory && found.name == found.path &&
         is_off_limits(found.folder, found.name, asked.state_dir);
}

/// The folder; empty when it is none.
Result<unique_fd> open_live(const FilesAsked& asked) {
  auto shared = files::Folder::open(asked.shared);
  if (!shared) return shared.error();
  return files::open_beneath(shared->fd(), asked.path, O_RDONLY | O_DIRECTORY);
}

/// Path -> its line.
Result<std::map<std::string, std::string>> lines_of(const FilesAsked& asked, const LiveFile& live,
                                                    const std::stop_token& stop) {
  std::map<std::string, std::string> lines;
  const auto folder = open_live(asked);
  if (!folder) return folder.error();
  if (!*folder) {
    if (!live.entry.tree) lines[asked.path] = line_of(asked.path, live);
    return lines;
  }
  const auto known = known_files(asked);
  if (!known) return known.error();
  const auto ok = walk_tree(folder->get(), [&](const Found& found) -> Result<bool> {
    if (is_left_out(asked, found)) return false;
    if (stop.stop_requested()) return fail(ErrorCode::kStopping, "the sidecar is stopping");
    auto line = line_of(found, *known, stop);
    if (!line) return line.error();
    if (*line) lines[found.path] = std::move(**line);
    // The game can make as many as it likes.
    if (lines.size() <= asked.max_files) return true;
    return fail(ErrorCode::kRefused, Reason::kTooLarge, "more files are at ", in_quotes(asked.path),
                " than archive.maxFiles (", asked.max_files, ")");
  });
  if (!ok) return ok.error();
  return lines;
}

http::ServerResponse answer_to(const FilesAsked& asked, const std::stop_token& stop) {
  auto text = list_files(asked, stop);
  if (!text && text.error().code == ErrorCode::kNotFound) return refused(404, text.error());
  if (!text && text.error().code == ErrorCode::kRefused) return refused(422, text.error());
  if (!text) return refused(text.error());
  http::ServerResponse response;
  response.body = std::move(*text);
  return response;
}

}  // namespace

Result<std::string> list_files(const FilesAsked& asked, const std::stop_token& stop) {
  const auto live = asked.state->live_at(asked.path);
  if (!live)
    return fail(ErrorCode::kNotFound, Reason::kInvalidField,
                "nothing that was updated is live at path ", in_quotes(asked.path),
                "; GET /hot-update has the paths under \"live\"");
  const auto lines = lines_of(asked, *live, stop);
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
                in_quotes(fields->at("files")), "; it can be true");
  const auto path = fields->find("path");
  if (path == fields->end()) return std::string(results::kWholeDirectory);
  return path->second;
}

void FileLister::list(FilesAsked asked, const http::Respond& respond) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(asked), respond});
  if (std::exchange(runs_, true)) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    run(stop);
  });  // joins the last one, which has nothing left to do
}

void FileLister::stop() {
  const std::lock_guard lock(mutex_);
  thread_.request_stop();
}

void FileLister::run(const std::stop_token& stop) {
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
    for (const auto& each : asked) each.respond(answer_to(each.asked, stop));
  }
}

}  // namespace okg::hot_update
