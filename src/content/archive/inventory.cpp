#include "content/archive/inventory.hpp"

#include "base/text/byte_size.hpp"
#include "content/archive/name.hpp"
#include "content/archive/unsafe.hpp"

namespace okg::content {
namespace {

/// A tar may take so much for an entry beside its content, uncounted:
/// a header, one with a long name, and padding of blocks.
constexpr std::uint64_t kHeaderBytes = 2048;

std::string quoted(const std::string& path) { return "'" + path + "'"; }

}  // namespace

Error Inventory::collision(const std::string& one, const std::string& other) const {
  return unsafe(what_ + "'s entries " + quoted(one) + " and " + quoted(other) +
                " differ only in case or Unicode form");
}

Error Inventory::file_and_folder(const std::string& path) const {
  return unsafe(what_ + " has " + quoted(path) + " both as a folder and as something else");
}

Error Inventory::has_symlink(const std::string& path) const {
  const auto key = limits_.allow_symlinks.key;
  return unsafe(concat(what_, " has the symlink ", quoted(path), "; pack what it leads to",
                       key.empty() ? "" : ", or set ", key));
}

Result<void> Inventory::count_entry() {
  if (++entries_ <= limits_.max_files.value) return {};
  return too_many_entries(what_, limits_.max_files);
}

bool Inventory::has_room_for(std::uint64_t bytes) const {
  return bytes <= limits_.max_bytes.value && bytes_ <= limits_.max_bytes.value - bytes;
}

Result<void> Inventory::check_announced(std::uint64_t bytes) const {
  if (has_room_for(bytes)) return {};
  return fail(ErrorCode::kRefused, Reason::kTooLarge, what_, " announces more than ",
              name_of(limits_.max_bytes, format_byte_size(limits_.max_bytes.value)), " unpacked");
}

Error Inventory::unpacks_to_too_much() const {
  return fail(ErrorCode::kRefused, Reason::kTooLarge, what_, " unpacks to more than ",
              name_of(limits_.max_bytes, format_byte_size(limits_.max_bytes.value)));
}

Result<void> Inventory::check_ratio(std::uint64_t bytes) const {
  if (bytes <= kRatioFromBytes || bytes / limits_.max_ratio.value <= packed_bytes_) return {};
  return unsafe(what_ + " unpacks to more than " +
                name_of(limits_.max_ratio, std::to_string(limits_.max_ratio.value)) +
                " times its size: it looks like a zip bomb");
}

Result<void> Inventory::count_decoded(std::uint64_t bytes) {
  decoded_ += bytes;
  const auto headers = (entries_ + 1) * kHeaderBytes;
  if (decoded_ <= headers) return {};
  const auto counted = decoded_ - headers;
  if (auto ok = check_ratio(counted); !ok) return ok;
  if (counted > kRatioFromBytes && counted - kRatioFromBytes > limits_.max_bytes.value)
    return unpacks_to_too_much();
  return {};
}

Result<void> Inventory::count_bytes(std::uint64_t bytes) {
  if (!has_room_for(bytes)) return unpacks_to_too_much();
  bytes_ += bytes;
  return check_ratio(bytes_);
}

Result<void> Inventory::count_name(const std::string& path) {
  name_bytes_ += path.size();
  if (name_bytes_ <= limits_.max_name_bytes) return {};
  return fail(ErrorCode::kRefused, Reason::kTooLarge, what_, " has names of more than ",
              format_byte_size(limits_.max_name_bytes), " together, with those of the folders");
}

/// A path of 1024 bytes may tell of 511 folders.
Result<void> Inventory::count_folder(const std::string& path, bool is_implied) {
  if (is_implied && ++implied_folders_ > limits_.max_files.value)
    return fail(ErrorCode::kRefused, Reason::kTooLarge, what_, " has more folders than ",
                name_of(limits_.max_files, std::to_string(limits_.max_files.value)), " allows");
  return count_name(path);
}

Result<void> Inventory::add(const Entry& entry) {
  if (auto ok = add_folders_above(entry.path); !ok) return ok;
  if (entry.kind == EntryKind::kFolder) return add_folder(entry.path, false);
  if (auto ok = check_link(entry); !ok) return ok;
  const auto [known, is_new] =
      known_.try_emplace(collision_key(entry.path), Known{entry.path, entry.kind});
  if (is_new) {
    ++files_;
    return count_name(entry.path);
  }
  if (known->second.path != entry.path) return collision(known->second.path, entry.path);
  if (known->second.kind == EntryKind::kFolder) return file_and_folder(entry.path);
  return unsafe(what_ + " has " + quoted(entry.path) + " twice (duplicate entry)");
}

Result<void> Inventory::add_folders_above(const std::string& path) {
  const auto last = path.rfind('/');
  if (last == std::string::npos || path.compare(0, last, last_parent_) == 0) return {};
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    if (auto ok = add_folder(path.substr(0, slash), true); !ok) return ok;
  last_parent_.assign(path, 0, last);
  return {};
}

Result<void> Inventory::add_folder(const std::string& path, bool is_implied) {
  const auto [found, is_new] =
      known_.try_emplace(collision_key(path), Known{path, EntryKind::kFolder, is_implied});
  if (is_new) return count_folder(path, is_implied);
  auto& known = found->second;
  if (known.path != path) return collision(known.path, path);
  if (known.kind != EntryKind::kFolder && !is_implied) return file_and_folder(path);
  if (known.kind != EntryKind::kFolder)
    return unsafe(what_ + " has entries below " + quoted(path) + ", which is no folder in it");
  if (!is_implied && !known.is_implied)
    return unsafe(what_ + " has the folder " + quoted(path) + " twice (duplicate entry)");
  known.is_implied = known.is_implied && is_implied;
  return {};
}

Result<void> Inventory::check_link(const Entry& entry) const {
  if (entry.kind == EntryKind::kSymlink) {
    if (!limits_.allow_symlinks.value) return has_symlink(entry.path);
    return check_link_target(entry.path, entry.link);
  }
  if (entry.kind == EntryKind::kHardLink) {
    const auto found = known_.find(collision_key(entry.link));
    const bool is_file =
        found != known_.end() && found->second.path == entry.link &&
        (found->second.kind == EntryKind::kFile || found->second.kind == EntryKind::kHardLink);
    if (!is_file)
      return unsafe(what_ + "'s hard link " + quoted(entry.path) +
                    " leads to something that is no file of the archive before it");
  }
  return {};
}

}  // namespace okg::content
