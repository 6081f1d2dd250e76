#include "plugins/hot_update/disk/tree_index.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <span>

#include "base/text.hpp"

namespace okg::hot_update {
namespace {

constexpr std::string_view kHeader = "okg-sidecar index 1\n";
/// Of 100,000 files with long names.
constexpr std::size_t kMaxIndexBytes = std::size_t{256} << 20U;

char letter_of(TreeKind kind) {
  switch (kind) {
    case TreeKind::kFile: return 'f';
    case TreeKind::kFolder: return 'd';
    case TreeKind::kSymlink: return 'l';
  }
  return 'f';
}

std::optional<TreeKind> kind_of(std::string_view word) {
  if (word == "f") return TreeKind::kFile;
  if (word == "d") return TreeKind::kFolder;
  if (word == "l") return TreeKind::kSymlink;
  return std::nullopt;
}

std::string_view take(std::string_view& line, char separator) {
  const auto end = std::min(line.find(separator), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

std::optional<IndexEntry> entry_of(std::string_view line) {
  const auto kind = kind_of(take(line, ' '));
  const auto executable = take(line, ' ');
  const auto bytes = parse_whole<std::uint64_t>(take(line, ' '));
  const auto inode = parse_whole<std::uint64_t>(take(line, ' '));
  const auto modified = parse_whole<std::int64_t>(take(line, ' '));
  const auto sha256 = Sha256::parse(take(line, ' '));
  if (!kind || !bytes || !inode || !modified || !sha256 || line.empty()) return std::nullopt;
  return IndexEntry{std::string(line), *kind,  executable == "x", *bytes,
                    *sha256,           *inode, *modified};
}

}  // namespace

void IndexEntry::note(const struct stat& status) {
  inode = status.st_ino;
  modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

bool IndexEntry::is_untouched(const struct stat& status) const {
  IndexEntry there;
  there.note(status);
  return S_ISREG(status.st_mode) && there.inode == inode && there.modified_ns == modified_ns &&
         static_cast<std::uint64_t>(status.st_size) == bytes;
}

TreeIndex::TreeIndex(std::vector<IndexEntry> entries) : entries_(std::move(entries)) {
  std::sort(entries_.begin(), entries_.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
}

const IndexEntry* TreeIndex::find(std::string_view path) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), path,
                       [](const IndexEntry& entry, std::string_view p) { return entry.path < p; });
  return found != entries_.end() && found->path == path ? &*found : nullptr;
}

std::uint64_t TreeIndex::files() const {
  return static_cast<std::uint64_t>(
      std::count_if(entries_.begin(), entries_.end(),
                    [](const auto& entry) { return entry.kind != TreeKind::kFolder; }));
}

std::uint64_t TreeIndex::bytes() const {
  return std::accumulate(entries_.begin(), entries_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.bytes; });
}

Sha256 TreeIndex::digest() const {
  Sha256Stream stream;
  for (const auto& entry : entries_) {
    std::string line{letter_of(entry.kind), entry.is_executable ? 'x' : '-', ' '};
    line += entry.sha256.hex() + " " + entry.path + "\n";
    stream.update(std::as_bytes(std::span(line)));
  }
  return stream.finish();
}

std::vector<IndexEntry> TreeIndex::below(std::string_view folder) const {
  std::vector<IndexEntry> found;
  for (const auto& entry : entries_) {
    const std::string_view path = entry.path;
    if (!path.starts_with(folder)) continue;
    if (path.size() != folder.size() && path[folder.size()] != '/') continue;
    found.push_back(entry);
    found.back().path = path.substr(std::min(path.size(), folder.size() + 1));
  }
  return found;
}

std::string TreeIndex::to_text() const {
  std::string text(kHeader);
  for (const auto& entry : entries_) {
    text += letter_of(entry.kind);
    text += entry.is_executable ? " x " : " - ";
    text += std::to_string(entry.bytes) + " " + std::to_string(entry.inode) + " " +
            std::to_string(entry.modified_ns) + " " + entry.sha256.hex() + " " + entry.path + "\n";
  }
  return text;
}

Result<TreeIndex> TreeIndex::parse(std::string_view text) {
  if (!text.starts_with(kHeader) || !text.ends_with('\n'))
    return fail(ErrorCode::kRefused, "it is no index of a tree, or cut short");
  text.remove_prefix(kHeader.size());
  std::vector<IndexEntry> entries;
  while (!text.empty()) {
    auto entry = entry_of(take(text, '\n'));
    if (!entry) return fail(ErrorCode::kRefused, "a line of the tree's index is damaged");
    entries.push_back(std::move(*entry));
  }
  return TreeIndex(std::move(entries));
}

Result<TreeIndex> TreeIndex::read(const files::Folder& folder, const std::string& name) {
  const auto text = folder.read(name, kMaxIndexBytes);
  if (!text) return text.error();
  auto index = parse(*text);
  if (!index) return index.error().in(folder.path_of(name));
  return index;
}

}  // namespace okg::hot_update
