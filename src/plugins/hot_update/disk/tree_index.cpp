#include "plugins/hot_update/disk/tree_index.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numeric>
#include <optional>

#include "base/text.hpp"
#include "base/text/byte_size.hpp"

namespace okg::hot_update {
namespace {

constexpr std::string_view kHeader = "okg-sidecar index 1\n";
/// Bytes of a line without its path, as most of them are.
constexpr std::size_t kLineBytes = 110;

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

template <class Number>
void append(std::string& text, Number number) {
  std::array<char, std::numeric_limits<Number>::digits10 + 3> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text.append(digits.data(), end.ptr);
  text += ' ';
}

void append_line(std::string& text, const IndexEntry& entry) {
  text += letter_of(entry.kind);
  text += entry.is_executable ? " x " : " - ";
  append(text, entry.bytes);
  append(text, entry.inode);
  append(text, entry.modified_ns);
  text += entry.sha256.hex();
  text += ' ';
  text += entry.path;
  text += '\n';
}

Error too_long(std::size_t max_bytes) {
  return fail(ErrorCode::kRefused, Reason::kTooLarge,
              "the index of the folder's files is longer than ", format_byte_size(max_bytes),
              "; send fewer files, or give them shorter paths");
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
  const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
  // Where little changed, only the
  // last ones are out of order.
  const auto others = std::is_sorted_until(entries_.begin(), entries_.end(), by_path);
  std::sort(others, entries_.end(), by_path);
  std::inplace_merge(entries_.begin(), others, entries_.end(), by_path);
}

const IndexEntry* TreeIndex::find(std::string_view path) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), path,
                       [](const IndexEntry& entry, std::string_view p) { return entry.path < p; });
  return found != entries_.end() && found->path == path ? &*found : nullptr;
}

const IndexEntry* TreeIndex::find(std::string_view path, Cursor& cursor) const {
  // A folder's entry may be between two files.
  for (auto at = cursor.next; at < std::min(cursor.next + 2, entries_.size()); ++at) {
    if (entries_[at].path != path) continue;
    cursor.next = at + 1;
    return &entries_[at];
  }
  const auto* found = find(path);
  if (found != nullptr) cursor.next = static_cast<std::size_t>(found - entries_.data()) + 1;
  return found;
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
  std::string line;
  for (const auto& entry : entries_) {
    line = {letter_of(entry.kind), entry.is_executable ? 'x' : '-', ' '};
    line += entry.sha256.hex();
    line += ' ';
    line += entry.path;
    line += '\n';
    stream.update(line);
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

Result<std::string> TreeIndex::to_text(std::size_t max_bytes) const {
  std::string text(kHeader);
  const auto likely_bytes = std::accumulate(
      entries_.begin(), entries_.end(), text.size(),
      [](std::size_t sum, const auto& entry) { return sum + kLineBytes + entry.path.size(); });
  text.reserve(std::min(likely_bytes, max_bytes));
  for (const auto& entry : entries_) {
    append_line(text, entry);
    if (text.size() > max_bytes) return too_long(max_bytes);
  }
  return text;
}

Result<TreeIndex> TreeIndex::parse(std::string_view text) {
  if (!text.starts_with(kHeader) || !text.ends_with('\n'))
    return fail(ErrorCode::kRefused, "it is no index of a tree, or cut short");
  text.remove_prefix(kHeader.size());
  std::vector<IndexEntry> entries;
  entries.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
  while (!text.empty()) {
    auto entry = entry_of(take(text, '\n'));
    if (!entry) return fail(ErrorCode::kRefused, "a line of the tree's index is damaged");
    entries.push_back(std::move(*entry));
  }
  return TreeIndex(std::move(entries));
}

Result<TreeIndex> TreeIndex::read(const files::Folder& folder, const std::string& name) {
  const auto text = folder.read(name, kMaxBytes);
  if (!text) return text.error();
  auto index = parse(*text);
  if (!index) return index.error().in(folder.path_of(name));
  return index;
}

}  // namespace okg::hot_update
