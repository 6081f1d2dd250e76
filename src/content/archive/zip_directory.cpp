#include "content/archive/zip_directory.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>

#include "base/io/file.hpp"
#include "base/text/byte_size.hpp"
#include "base/text/visible.hpp"
#include "content/archive/unsafe.hpp"

namespace okg::content {
namespace {

constexpr std::string_view kLocal("PK\x03\x04", 4);
constexpr std::string_view kCentral("PK\x01\x02", 4);
constexpr std::string_view kEnd("PK\x05\x06", 4);
constexpr std::string_view kEnd64("PK\x06\x06", 4);
constexpr std::string_view kLocator64("PK\x06\x07", 4);
constexpr std::uint64_t kEndBytes = 22;
constexpr std::uint64_t kLocator64Bytes = 20;
constexpr std::uint64_t kEnd64Bytes = 56;
constexpr std::uint64_t kCentralBytes = 46;
constexpr std::uint64_t kLocalBytes = 30;
constexpr std::uint64_t kMaxCommentBytes = 0xffff;
constexpr std::uint64_t kMaxDescriptorBytes = 24;
constexpr std::uint64_t kStored = 0;
constexpr std::uint64_t kDeflated = 8;
constexpr unsigned kHasDescriptor = 0x8U;
constexpr std::uint64_t kMadeOnUnix = 3;

Error cut_short() { return unsafe("the zip is cut short, or its directory is damaged"); }

Error in_parts() {
  return unsafe("the zip is one part of several (split, multi-volume); send it in one piece");
}

/// `bytes` of the file from `at` on.
Result<std::string> read_whole(int fd, std::uint64_t at, std::uint64_t bytes) {
  auto text = read_range(fd, at, bytes, "the archive");
  if (text && text->size() < bytes) return cut_short();
  return text;
}

/// Little-endian; the caller has seen that it is there.
std::uint64_t number(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i > 0; --i)
    value = (value << 8U) | static_cast<unsigned char>(text[at + i - 1]);
  return value;
}

/// Where the directory is.
struct Directory {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t at = 0;
  std::uint64_t end = 0;      ///< where what describes it begins
  std::uint64_t zip_end = 0;  ///< where the end record ends, without its comment
};

/// The record of the ZIP64 that lies before `end`; nothing where there is none.
Result<std::optional<Directory>> read_end64(int fd, std::uint64_t end) {
  if (end < kLocator64Bytes) return std::optional<Directory>();
  auto locator = read_whole(fd, end - kLocator64Bytes, kLocator64Bytes);
  if (!locator) return locator.error();
  if (!locator->starts_with(kLocator64)) return std::optional<Directory>();
  const auto at = number(*locator, 8, 8);
  if (at > end - kLocator64Bytes || end - kLocator64Bytes - at < kEnd64Bytes) return cut_short();
  auto record = read_whole(fd, at, kEnd64Bytes);
  if (!record) return record.error();
  if (!record->starts_with(kEnd64)) return cut_short();
  return std::optional(
      Directory{number(*record, 32, 8), number(*record, 40, 8), number(*record, 48, 8), at});
}

/// A disk other than the first; where the field is full, the ZIP64 says which.
bool is_other_disk(std::uint64_t disk) { return disk != 0 && disk != 0xffff; }

/// A field that is full stands in the record of the ZIP64; another one says the same as there.
bool agree(std::uint64_t plain, std::uint64_t full, std::uint64_t large) {
  return plain == full || plain == large;
}

/// The record whose comment is the rest of `tail`. A comment may hold what looks like another one.
Result<std::size_t> find_end(std::string_view tail) {
  bool is_followed = false;
  for (auto at = tail.rfind(kEnd); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : tail.rfind(kEnd, at - 1)) {
    if (tail.size() - at < kEndBytes) continue;
    const auto end = at + kEndBytes + number(tail, at + 20, 2);
    if (end == tail.size()) return at;
    is_followed = is_followed || end < tail.size();
  }
  if (is_followed) return unsafe("the zip is followed by something else (trailing garbage)");
  return cut_short();
}

Result<Directory> find_directory(int fd, std::uint64_t size) {
  const auto tail_bytes = std::min(size, kEndBytes + kMaxCommentBytes);
  auto tail = read_whole(fd, size - tail_bytes, tail_bytes);
  if (!tail) return tail.error();
  const auto found = find_end(*tail);
  if (!found) return found.error();
  if (is_other_disk(number(*tail, *found + 4, 2)) || is_other_disk(number(*tail, *found + 6, 2)))
    return in_parts();
  const auto end = size - tail_bytes + *found;
  Directory directory{number(*tail, *found + 10, 2), number(*tail, *found + 12, 4),
                      number(*tail, *found + 16, 4), end, end + kEndBytes};
  auto large = read_end64(fd, end);
  if (!large) return large.error();
  if (!*large) return directory;
  (*large)->zip_end = directory.zip_end;
  if (agree(directory.entries, 0xffff, (*large)->entries) &&
      agree(directory.bytes, 0xffffffff, (*large)->bytes) &&
      agree(directory.at, 0xffffffff, (*large)->at))
    return **large;
  return cut_short();
}

/// Fields that say 0xffffffff stand in the extra field instead, in this order.
void take_zip64(std::string_view extra, std::uint64_t& unpacked, std::uint64_t& packed,
                std::uint64_t& at) {
  while (extra.size() >= 4) {
    const auto bytes = number(extra, 2, 2);
    auto field = extra.substr(4, bytes);
    if (number(extra, 0, 2) == 1)
      for (auto* value : {&unpacked, &packed, &at})
        if (*value == 0xffffffff && field.size() >= 8) {
          *value = number(field, 0, 8);
          field.remove_prefix(8);
        }
    extra.remove_prefix(std::min<std::size_t>(extra.size(), 4 + bytes));
  }
}

struct CentralEntry {
  ZipName name;
  std::uint64_t packed = 0;
  std::uint64_t method = 0;
  std::uint64_t bytes = 0;  ///< of the record itself
};

Result<CentralEntry> read_entry(std::string_view rest) {
  if (rest.size() < kCentralBytes || !rest.starts_with(kCentral)) return cut_short();
  const auto name_bytes = number(rest, 28, 2);
  const auto extra_bytes = number(rest, 30, 2);
  CentralEntry entry;
  entry.bytes = kCentralBytes + name_bytes + extra_bytes + number(rest, 32, 2);
  if (entry.bytes > rest.size()) return cut_short();
  if (is_other_disk(number(rest, 34, 2))) return in_parts();
  const auto flags = number(rest, 8, 2);
  entry.method = number(rest, 10, 2);
  entry.name.raw = rest.substr(kCentralBytes, name_bytes);
  entry.name.is_utf8 = (flags & 0x800U) != 0;
  entry.name.is_fifo = number(rest, 5, 1) == kMadeOnUnix && S_ISFIFO(number(rest, 40, 2));
  entry.packed = number(rest, 20, 4);
  entry.name.at = number(rest, 42, 4);
  auto unpacked = number(rest, 24, 4);
  take_zip64(rest.substr(kCentralBytes + name_bytes, extra_bytes), unpacked, entry.packed,
             entry.name.at);
  constexpr unsigned kEncrypted = 0x1U | 0x40U | 0x2000U;
  if ((flags & kEncrypted) != 0) return unsafe("the zip is encrypted; pack it without a password");
  return entry;
}

Result<std::vector<CentralEntry>> read_entries(int fd, const Directory& directory) {
  auto text = read_whole(fd, directory.at, directory.bytes);
  if (!text) return text.error();
  std::string_view rest = *text;
  std::vector<CentralEntry> entries;
  while (!rest.empty()) {
    auto entry = read_entry(rest);
    if (!entry) return entry.error();
    rest.remove_prefix(entry->bytes);
    entries.push_back(std::move(*entry));
  }
  if (entries.size() != directory.entries) return cut_short();
  return entries;
}

/// Entries that share bytes make small files unpack to huge ones.
/// @source https://www.bamsoftware.com/hacks/zipbomb/
Result<void> check_overlap(const std::vector<CentralEntry>& entries, std::uint64_t end) {
  std::uint64_t free_from = 0;
  for (const auto& entry : entries) {
    const auto& name = entry.name;
    if (name.at < free_from) return unsafe("entries of the zip overlap");
    free_from = name.at + kLocalBytes + name.raw.size() + entry.packed;
    if (entry.packed > end || name.at > end || free_from > end)
      return unsafe("an entry of the zip reaches into its directory (overlap)");
  }
  return {};
}

/// Other methods unpack in memory that only the entry bounds.
Result<void> check_method(const CentralEntry& entry, std::uint64_t method) {
  const auto name = "'" + visible(entry.name.raw.substr(0, kMaxShownNameBytes)) + "'";
  if (method != entry.method)
    return unsafe("the zip's entry " + name + " is packed by one method as its directory says (" +
                  std::to_string(entry.method) + "), and by another where it lies (" +
                  std::to_string(method) + ")");
  if (method == kStored || method == kDeflated) return {};
  return unsafe("the zip packs " + name + " by a method that is not read (" +
                std::to_string(method) + "); pack it with deflate, or as .tar.zst");
}

/// Where the next entry may begin: at the earliest, and at the latest.
struct Behind {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

/// `entry` as its local header has it. @source APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.9
Result<Behind> behind(int fd, const CentralEntry& entry) {
  const auto at = entry.name.at;
  auto header = read_whole(fd, at, kLocalBytes);
  if (!header) return header.error();
  if (!header->starts_with(kLocal))
    return unsafe("the zip has no entry where its directory says that one is");
  if (auto ok = check_method(entry, number(*header, 8, 2)); !ok) return ok.error();
  const auto end =
      at + kLocalBytes + number(*header, 26, 2) + number(*header, 28, 2) + entry.packed;
  const bool may_have_more = (number(*header, 6, 2) & kHasDescriptor) != 0;
  return Behind{end, may_have_more ? end + kMaxDescriptorBytes : end};
}

/// A program that reads a zip from its beginning would take
/// bytes in between for entries that the directory lacks.
Result<void> check_gaps(int fd, const std::vector<CentralEntry>& entries, std::uint64_t end) {
  Behind last;
  for (std::size_t i = 0; i <= entries.size(); ++i) {
    const auto at = i < entries.size() ? entries[i].name.at : end;
    if (at < last.least) return unsafe("entries of the zip overlap");
    if (at > last.most)
      return unsafe(i == 0 ? "something stands before the first entry of the zip"
                           : "something stands between the entries of the zip, or behind the "
                             "last one, that is no part of any");
    if (i == entries.size()) break;
    auto next = behind(fd, entries[i]);
    if (!next) return next.error();
    last = *next;
  }
  return {};
}

}  // namespace

bool is_zip(int fd) {
  const auto head = read_range(fd, 0, 4, "the archive");
  return head && (*head == kLocal || *head == kEnd);
}

bool ends_as_zip(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return false;
  const auto bytes =
      std::min(static_cast<std::uint64_t>(status.st_size), kEndBytes + kMaxCommentBytes);
  const auto tail = read_whole(fd, static_cast<std::uint64_t>(status.st_size) - bytes, bytes);
  return tail && find_end(*tail);
}

Result<ZipDirectory> read_zip_directory(int fd, const ArchiveLimits& limits) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return errno_error("stat the archive", errno);
  auto directory = find_directory(fd, static_cast<std::uint64_t>(status.st_size));
  if (!directory) return directory.error();
  if (directory->entries > limits.max_files.value)
    return too_many_entries("the archive", limits.max_files);
  // Names, and as much for what else stands beside them.
  if (directory->bytes > 2 * limits.max_name_bytes)
    return unsafe("the zip's directory is larger than " +
                  format_byte_size(2 * limits.max_name_bytes));
  if (directory->at > directory->end || directory->end - directory->at != directory->bytes)
    return unsafe("the zip's directory is not where it says, or something stands before the zip");
  auto entries = read_entries(fd, *directory);
  if (!entries) return entries.error();
  std::ranges::sort(*entries, [](const auto& a, const auto& b) { return a.name.at < b.name.at; });
  if (auto ok = check_overlap(*entries, directory->at); !ok) return ok.error();
  if (auto ok = check_gaps(fd, *entries, directory->at); !ok) return ok.error();
  ZipDirectory zip{{}, directory->zip_end};
  zip.names.reserve(entries->size());
  for (auto& entry : *entries) zip.names.push_back(std::move(entry.name));
  return zip;
}

}  // namespace okg::content
