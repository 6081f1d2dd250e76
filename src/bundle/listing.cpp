#include "bundle/listing.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include "base/io/unique_fd.hpp"
#include "bundle/output.hpp"
#include "content/archive/inventory.hpp"
#include "content/archive/name.hpp"

namespace okg::bundle {
namespace {

namespace fs = std::filesystem;

Error cannot_be_sent(const fs::path& whole, const std::string& why) {
  return fail(ErrorCode::kInvalid, whole, " ", why);
}

Result<Item> item_of(const fs::path& whole, const std::string& path, const struct stat& status) {
  Item item{path, Kind::kFile, (status.st_mode & S_IXUSR) != 0};
  if (S_ISDIR(status.st_mode)) {
    item.kind = Kind::kFolder;
  } else if (S_ISLNK(status.st_mode)) {
    item.kind = Kind::kSymlink;
    std::error_code error;
    item.link = fs::read_symlink(whole, error).string();
    if (error) return errno_error("read the symlink " + whole.string(), error.value());
    if (auto ok = content::check_link_target(path, item.link, "folder"); !ok) return ok.error();
  } else if (S_ISREG(status.st_mode)) {
    item.bytes = static_cast<std::uint64_t>(status.st_size);
  } else {
    return cannot_be_sent(whole, "is neither a file, a folder nor a symlink");
  }
  return item;
}

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

bool is_named(const fs::path& name, const struct stat& file) {
  struct stat named {};
  return ::stat(name.c_str(), &named) == 0 && is_same(named, file);
}

/// A shell has made it before the command began: `manifest build > build/manifest.json`.
bool is_standard_output(const struct stat& file) {
  struct stat output {};
  return ::fstat(STDOUT_FILENO, &output) == 0 && is_same(output, file);
}

/// A recursive iterator would not tell which of the folders could not be listed.
Result<std::vector<fs::path>> names_in(const fs::path& folder) {
  std::vector<fs::path> names;
  std::error_code error;
  fs::directory_iterator each(folder, error);
  for (; !error && each != fs::directory_iterator(); each.increment(error))
    names.push_back(each->path());
  if (error) return errno_error("list " + folder.string(), error.value());
  return names;
}

/// No path twice, and none that differs from another in case alone.
Result<void> check_collisions(const std::vector<Item>& items) {
  content::ArchiveLimits limits;
  const auto unlimited = std::numeric_limits<std::uint64_t>::max();
  limits.max_files = limits.max_bytes = {unlimited};
  limits.max_name_bytes = unlimited;
  content::Inventory inventory(limits, unlimited, "folder");
  for (const auto& item : items) {
    const auto kind =
        item.kind == Kind::kFolder ? content::EntryKind::kFolder : content::EntryKind::kFile;
    if (auto ok = inventory.add({item.path, kind, false, {}}); !ok) return ok;
  }
  return {};
}

}  // namespace

Result<std::vector<Item>> list_folder(const fs::path& folder, const fs::path& but) {
  std::vector<Item> items;
  const auto is_left_out = [but, part = part_of(but)](const struct stat& status) {
    return is_named(but, status) || is_named(part, status) || is_standard_output(status);
  };
  std::vector<fs::path> folders{folder};  // still to be listed
  while (!folders.empty()) {
    const auto names = names_in(folders.back());
    if (!names) return names.error();
    folders.pop_back();
    for (const auto& whole : *names) {
      const auto path = whole.lexically_relative(folder).string();
      struct stat status {};
      if (::lstat(whole.c_str(), &status) != 0)
        return errno_error("look at " + whole.string(), errno);
      if (is_left_out(status)) continue;
      if (const auto clean = content::clean_name(path, "folder"); !clean) return clean.error();
      auto item = item_of(whole, path, status);
      if (!item) return item.error();
      if (item->kind == Kind::kFolder) folders.push_back(whole);
      items.push_back(std::move(*item));
    }
  }
  std::ranges::sort(items, {}, &Item::path);
  if (auto ok = check_collisions(items); !ok) return ok.error();
  if (std::all_of(items.begin(), items.end(),
                  [](const Item& item) { return item.kind == Kind::kFolder; }))
    return cannot_be_sent(folder, "holds no file");
  return items;
}

Result<void> read_item(const fs::path& folder, const Item& item, const Take& take) {
  const auto whole = (folder / item.path).string();
  const unique_fd file(::open(whole.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file) return errno_error("open " + whole, errno);
  std::vector<std::byte> buffer(128 * 1024);
  std::uint64_t bytes = 0;
  for (;;) {
    const auto got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_error("read " + whole, errno);
    if (got == 0) break;
    bytes += static_cast<std::uint64_t>(got);
    if (bytes > item.bytes) break;
    if (auto ok = take(std::span(buffer).first(static_cast<std::size_t>(got))); !ok) return ok;
  }
  if (bytes == item.bytes) return {};
  return fail(ErrorCode::kInvalid, whole, " changed while it was read; try again");
}

}  // namespace okg::bundle
