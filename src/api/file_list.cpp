#include "api/file_list.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "api/fields/fields.hpp"
#include "api/json_reader.hpp"
#include "base/find.hpp"
#include "base/text/in_quotes.hpp"
#include "base/text/visible.hpp"
#include "base/text/words.hpp"
#include "http/form.hpp"
#include "results/tree_entry.hpp"

namespace okg::api {
namespace {

constexpr std::array<std::string_view, 2> kFields{"path", "files"};
constexpr Word<FileKind> kModes[]{{FileKind::kFile, "0644"}, {FileKind::kExecutable, "0755"}};
constexpr Word<FileKind> kKinds[]{{FileKind::kSymlink, "symlink"}};

std::string line_of(const ListedFile& file) {
  Json json{{"path", file.path}, {"bytes", file.bytes}};
  if (file.sha256) json["sha256"] = file.sha256->hex();
  if (const auto kind = word_of(file.kind, kKinds); !kind.empty()) json["kind"] = kind;
  if (const auto mode = word_of(file.kind, kModes); !mode.empty()) json["mode"] = mode;
  return visible_json(json);
}

FileKind kind_of(const Json& json) {
  if (const auto kind = value_of(text_of(json, "kind"), kKinds)) return *kind;
  return value_of(text_of(json, "mode"), kModes).value_or(FileKind::kUnknown);
}

Result<ListedFile> file_from(const Json& json) {
  ListedFile file{text_of(json, "path"), count_of(json, "bytes"), {}, kind_of(json)};
  if (member_of(json, "sha256").is_null()) return file;
  const auto sha256 = Sha256::parse(text_of(json, "sha256"));
  if (!sha256) return sha256.error().in("the file " + in_quotes(file.path));
  file.sha256 = *sha256;
  return file;
}

}  // namespace

std::string text_of(const FileList& list) {
  auto text = visible_json({{"path", list.path}, {"version", list.version}});
  text.back() = ',';
  text += "\"files\":[";
  const char* separator = "\n";
  for (const auto& file : list.files) {
    text += separator + line_of(file);
    separator = ",\n";
  }
  return text + "\n]}\n";
}

Result<FileList> files_from_json(const Json& json) {
  if (!json.is_object()) return fail(ErrorCode::kInvalid, "the files are not a JSON object");
  FileList list{text_of(json, "path"), text_of(json, "version")};
  for (const auto& each : member_of(json, "files")) {
    auto file = file_from(each);
    if (!file) return file.error();
    list.files.push_back(std::move(*file));
  }
  return list;
}

bool asks_for_files(std::string_view query) {
  const auto pairs = http::split_form(query);
  return std::ranges::any_of(pairs, [](const auto& pair) { return pair.name == "files"; });
}

Result<std::string> path_of_files(std::string_view query) {
  const auto fields = read_fields({{}, query, {}}, kFields);
  if (!fields) return fields.error().because(Reason::kInvalidField);
  const auto* files = value_at(*fields, "files");
  if (files == nullptr || *files != "true")
    return fail(ErrorCode::kInvalid, Reason::kInvalidField, "files is ",
                in_quotes(files == nullptr ? "" : *files), "; it can be true");
  const auto* path = value_at(*fields, "path");
  return path == nullptr ? std::string(results::kWholeDirectory) : *path;
}

}  // namespace okg::api
