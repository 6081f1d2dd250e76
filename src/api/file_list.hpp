// GET /hot-update?path=PATH&files=true shows the files of what
// is live at a path. Written by the server, read by clients.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"

namespace okg::api {

enum class FileKind {
  kFile,        ///< A file of mode 0644.
  kExecutable,  ///< A file of mode 0755.
  kSymlink,     ///< Its bytes are those of the path that it points to.
  kUnknown,     ///< A single file, whose mode nobody has looked up.
};

struct ListedFile {
  std::string path{};  ///< below the path that is listed; a single file has its own
  std::uint64_t bytes = 0;
  std::optional<Sha256> sha256{};  ///< nothing: no update brought it
  FileKind kind = FileKind::kUnknown;
  bool operator==(const ListedFile&) const = default;
};

struct FileList {
  std::string path{};
  std::string version{};
  std::vector<ListedFile> files{};  ///< by path
  bool operator==(const FileList&) const = default;
};

/// {"path":"game","version":"v2","files":[
/// {"path":"a.lua","bytes":3,"sha256":"…","mode":"0644"},
/// {"path":"link","bytes":5,"sha256":"…","kind":"symlink"}
/// ]}
/// with a line for each file: a hundred thousand of them are never one JSON value.
[[nodiscard]] std::string text_of(const FileList& list);
/// Members that an older server does not send are empty. Errors: kInvalid.
[[nodiscard]] Result<FileList> files_from_json(const nlohmann::ordered_json& json);

/// Whether the query asks for files.
[[nodiscard]] bool asks_for_files(std::string_view query);
/// The path of such a query; without one the whole directory. Errors: kInvalid.
[[nodiscard]] Result<std::string> path_of_files(std::string_view query);

}  // namespace okg::api
